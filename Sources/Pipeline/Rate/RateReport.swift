import CallModel
import Intake
import Tally
import TextTables

/// What `calltally rate` tells: the billing rule that explains best what archives' calls were charged.
package struct RateReport: Encodable, Sendable {
  package struct Rule: Encodable, Sendable {
    package let pulseSeconds: Int64
    package let creditsPerPulse: String
    package let minimumPulses: Int64

    init(_ rule: BillingRuleInference.Rule) {
      (pulseSeconds, creditsPerPulse) = (rule.pulse, rule.creditsPerPulse.description)
      minimumPulses = rule.minimumPulses
    }

    fileprivate var text: String {
      "\(pulseSeconds) s a pulse, \(RateReport.amount(creditsPerPulse)) each, "
        + "at least \(minimumPulses) \(minimumPulses == 1 ? "pulse" : "pulses")"
    }
  }

  /// A call that the rule does not explain.
  package struct CounterExample: Encodable, Sendable {
    /// As the privacy of the pipeline file lets it be shown; nil where it is dropped.
    package let conversationId: String?
    package let durationSeconds: Int64
    package let credits: String
    package let expectedCredits: String?
    /// Calls of the same duration and credits.
    package let calls: Int64
    package let origin: String
  }

  /// A rule for some of the calls.
  package struct Group: Encodable, Sendable {
    /// Nil for calls that name none, or where privacy drops it.
    package let id: String?
    package let rule: Rule
    package let calls: Int64
    package let explained: Int64
    /// Percent with one decimal, rounded down, so that 100.0 is all of them.
    package let share: String
  }

  package let archives: Int
  package let damagedArchives: Int
  /// Calls whose `call.processed` has a billable status, a duration and credits.
  package let calls: Int64
  /// Those that lack a duration or credits.
  package let incompleteCalls: Int64
  /// Nil where there is no call to tell by.
  package let rule: Rule?
  package let explained: Int64
  package let share: String
  /// The shortest and the longest pulse that explain as many calls, all else being equal.
  package let pulseFromSeconds: Int64?
  package let pulseToSeconds: Int64?
  /// Other rules that explain as many calls, at most three.
  package let equalRules: [Rule]
  package let configuredRule: Rule
  package let explainedByConfigured: Int64
  /// The first calls in archive order that the rule does not explain, one for each duration and amount, at most ten.
  package let counterExamples: [CounterExample]
  package let byAgent: [Group]
  package let byWorkspace: [Group]
  package let byDay: [Group]

  /// Whether an archive is damaged, so that calls may be missing.
  package var isDamaged: Bool { damagedArchives > 0 }

  /// Infers the rule from the archives that match; `file` says what is billable, what the rule is compared with, the
  /// clocks, the limits and what may be shown.
  package init(_ file: PipelineFile, threads: Int) async throws(RunError) {
    let paths: [String]
    do throws(IntakeError) {
      paths = try ArchiveList(patterns: file.input.archives).paths
    } catch {
      throw .intake(error)
    }
    let taker = RateTaker(paths, file)
    let reading = ArchiveReading(
      paths, file, details: DetailOutputs(), threads: threads, progress: ReadingProgress())
    try await reading.run(into: taker)
    self.init(taker.result, paths, file)
  }

  private init(_ reading: RateTaker.Reading, _ paths: [String], _ file: PipelineFile) {
    let counts = reading.calls.counts(BusinessClock(file))
    archives = paths.count
    damagedArchives = reading.archives.count { $0.summary.isDamaged }
    incompleteCalls = counts.incomplete
    configuredRule = Rule(BillingRuleInference.Rule(file.billing))
    let found = BillingRuleInference(counts.all.counts, reference: file.billing)
    calls = found?.calls ?? 0
    rule = found.map { Rule($0.best) }
    explained = found?.explained ?? 0
    share = RateReport.share(found)
    pulseFromSeconds = found?.pulses.lowerBound
    pulseToSeconds = found?.pulses.upperBound
    equalRules = (found?.equals ?? []).prefix(3).map(Rule.init)
    explainedByConfigured = found?.explainedByReference ?? 0
    let best = found?.best ?? BillingRuleInference.Rule(file.billing)
    let ids = file.privacy.masking(of: "conversation_id")
    counterExamples = counts.all.counterExamples(to: best).prefix(10).map { pair, sighting in
      CounterExample(
        conversationId: ids.masked(reading.calls.conversationID(ofCall: sighting.call)), durationSeconds: pair.duration,
        credits: pair.credits.description, expectedCredits: best.credits(duration: pair.duration)?.description,
        calls: sighting.calls, origin: "\(paths[Int(sighting.first.archive)]):\(sighting.first.line)")
    }
    func groups(_ grouping: ProcessedCalls.Grouping, _ masking: Masking) -> [Group] {
      // A group that the rule of all calls explains as well as any is not to be told another one.
      var reference = file.billing
      (reference.pulse, reference.creditsPerPulse) = (best.pulse, best.creditsPerPulse)
      reference.minimumPulses = best.minimumPulses
      let sorted = (counts.groups[grouping] ?? [:]).sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      return sorted.compactMap { id, pairs in
        guard let found = BillingRuleInference(ofGroup: pairs, reference: reference) else { return nil }
        return Group(
          id: id.isEmpty ? nil : masking.masked(id), rule: Rule(found.best), calls: found.calls,
          explained: found.explained, share: RateReport.share(found))
      }
    }
    byAgent = groups(.agent, file.privacy.masking(of: "agent_id"))
    byWorkspace = groups(.workspace, file.privacy.masking(of: "workspace_id"))
    byDay = groups(.day, .keep)
  }

  private static func amount(_ credits: String) -> String { "\(credits) \(credits == "1" ? "credit" : "credits")" }

  private static func share(_ found: BillingRuleInference?) -> String {
    guard let found else { return "0.0" }
    let thousandths = Int128(found.explained) * 1_000 / Int128(found.calls)
    return "\(thousandths / 10).\(thousandths % 10)"
  }
}

extension RateReport {
  /// Several lines for a person.
  package var text: String {
    let of = "\(archives) \(archives == 1 ? "archive" : "archives")"
    guard let rule, let pulseFromSeconds, let pulseToSeconds else {
      return "No billable call.processed of \(of) has a duration and credits, so there is nothing to tell by."
    }
    var lines = [
      "\(calls) billable \(calls == 1 ? "call" : "calls") of \(of); \(incompleteCalls) more "
        + "\(incompleteCalls == 1 ? "lacks" : "lack") a duration or credits.",
      "Best rule: \(rule.text). It explains \(explained) of \(calls), \(share) %.",
    ]
    if pulseFromSeconds != pulseToSeconds {
      lines.append("Pulses from \(pulseFromSeconds) s to \(pulseToSeconds) s explain as many.")
    }
    for other in equalRules { lines.append("As good: \(other.text).") }
    lines.append("The configured rule: \(configuredRule.text). It explains \(explainedByConfigured).")
    if !counterExamples.isEmpty { lines.append("Not explained, the first of each kind:") }
    for example in counterExamples {
      let id = example.conversationId.map { "\($0.visible): " } ?? ""
      let expected = example.expectedCredits.map { ", \($0) by the rule" } ?? ""
      lines.append(
        "  \(id)\(example.durationSeconds) s, \(RateReport.amount(example.credits))\(expected); "
          + "\(example.calls) \(example.calls == 1 ? "call" : "calls") (\(example.origin.visible))")
    }
    for (title, groups) in [("agent", byAgent), ("workspace", byWorkspace), ("day", byDay)] {
      lines.append("By \(title):")
      for group in groups {
        lines.append(
          "  \(group.id?.visible ?? "(none or not shown)"): \(group.rule.text): \(group.explained) of \(group.calls), "
            + "\(group.share) %")
      }
    }
    return lines.joined(separator: "\n")
  }
}

extension PipelineFile {
  /// What holds where no pipeline file is given: the provider's documented rule, UTC, everything shown.
  package static func defaults(reading archives: [String]) -> PipelineFile {
    PipelineFile(
      name: "rate", input: Input(archives: archives), output: Output(directory: "."), digest: "")
  }
}
