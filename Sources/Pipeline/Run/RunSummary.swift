import CallModel
import Intake
import Tally
import TextTables

/// What a run has to say when it is over: for a person in a few lines, for a program as JSON.
package struct RunSummary: Encodable, Sendable {
  package struct CheckResult: Encodable, Sendable {
    package enum Outcome: String, Encodable, Sendable { case passed, warning, failed }

    package let check: String
    package let outcome: Outcome
    /// What was measured, as a clause.
    package let finding: String
    /// What the one line of trouble says of it; nil where another check of the same outcome says it there.
    let clause: String?

    enum CodingKeys: String, CodingKey { case check, outcome, finding }

    init(check: String, outcome: Outcome, finding: String) {
      self.init(check: check, outcome: outcome, finding: finding, clause: finding)
    }

    init(check: String, outcome: Outcome, finding: String, clause: String?) {
      (self.check, self.outcome, self.finding, self.clause) = (check, outcome, finding, clause)
    }
  }

  package let pipeline: String
  package let output: String
  package let published: Bool
  package let exitStatus: Int32
  package let archives: Int
  package let damagedArchives: Int
  package let lines: Int
  package let accepted: Int
  package let duplicates: Int
  package let conflicts: Int
  package let rejected: Int
  package let ignored: Int
  package let blank: Int
  package let calls: Int64
  package let durationSeconds: Int64
  package let billableSeconds: Int64
  package let credits: String
  package let expectedCredits: String
  package let campaigns: Int
  /// Campaigns by verdict; verdicts without a campaign are left out.
  package let verdicts: [String: Int]
  package let findings: Int
  /// Those of a severity that has none are left out.
  package let findingsBySeverity: [String: Int]
  /// What mismatched campaigns differ by from their calls.
  package let campaignCreditsDifference: String
  /// What calls differ by from the billing rule.
  package let callCreditsDifference: String
  /// What is said where another billing rule explains the calls better than the configured one; else nil.
  package let billingRule: String?
  package let checks: [CheckResult]
  /// Days before the run's own that were published again because their tables changed; nil where none can be.
  package internal(set) var restatedDays: [String]?

  init(_ file: PipelineFile, directory: String, isPublished: Bool, control: ControlTotals, tables: SmallTables) {
    pipeline = file.name
    output = directory
    published = isPublished
    archives = control.archives.count
    damagedArchives = control.archives.count { $0.summary.isDamaged }
    lines = control.lines.lines
    accepted = control.lines.accepted
    duplicates = control.lines.duplicates
    conflicts = control.lines.conflicts
    rejected = control.lines.rejected
    ignored = control.lines.ignored
    blank = control.lines.blank
    calls = tables.totals.all.calls
    durationSeconds = tables.totals.all.duration
    billableSeconds = tables.totals.all.billableSeconds
    credits = tables.totals.all.credits.description
    expectedCredits = tables.totals.all.expectedCredits.description
    campaigns = tables.reconciliation.campaigns.count
    verdicts = Dictionary(grouping: tables.reconciliation.campaigns, by: \.verdict.rawValue).mapValues(\.count)
    findings = tables.findings.count
    findingsBySeverity = Dictionary(grouping: tables.findings, by: \.severity.rawValue).mapValues(\.count)
    campaignCreditsDifference = tables.reconciliation.creditsDifference.description
    callCreditsDifference = tables.totals.creditsOffRule.description
    billingRule = tables.findings.first { $0.code == .billingRuleDiffers }?.message
    checks = file.checks.results(control, tables)
    let failed = checks.filter { $0.outcome == .failed }.map(\.check)
    exitStatus =
      if failed.contains("rejected_lines") || failed.contains("damaged_archives") {
        ExitStatus.damagedInput.rawValue
      } else if !failed.isEmpty {
        ExitStatus.checkFailed.rawValue
      } else {
        ExitStatus.success.rawValue
      }
  }

  /// The one line for standard error when something is wrong; nil when nothing is.
  package var trouble: String? {
    let clauses = checks.filter { $0.outcome != .passed }
      .compactMap { check in check.clause.map { "\(check.outcome.rawValue): \($0)" } }
    return clauses.isEmpty ? nil : "\(pipeline): \(clauses.joined(separator: "; "))"
  }

  private var restatedText: String {
    guard let days = restatedDays, !days.isEmpty else { return "" }
    return "\nPublished again, for their tables changed: \(days.joined(separator: ", "))."
  }

  /// A few lines for a person, without a final line break.
  package var text: String {
    let verdictTexts = Verdict.allCases.compactMap { verdict in
      verdicts[verdict.rawValue].map { "\($0) \(verdict.rawValue)" }
    }
    func count(_ number: Int, _ thing: String) -> String { Credits(Int64(number)).counting(thing) }
    let lineTexts = [
      "\(accepted) accepted", count(duplicates, "duplicate"), count(conflicts, "conflict"), "\(rejected) rejected",
      "\(ignored) ignored", "\(blank) blank",
    ]
    return """
      \(count(lines, "line")) of \(count(archives, "archive")): \(lineTexts.joined(separator: ", ")). The books balance.
      \(count(Int(calls), "call")), \(count(Int(billableSeconds), "billable second")), \
      \(credits) \(credits == "1" ? "credit" : "credits") charged, \(expectedCredits) expected.
      \(count(campaigns, "campaign")): \(verdictTexts.isEmpty ? "none" : verdictTexts.joined(separator: ", ")). \
      \(count(findings, "finding")).\(billingRule.map { "\n\($0)" } ?? "")
      \(published ? "The tables are in \(output.visible)." : "Dry run: nothing was written.")\(restatedText)
      """
  }
}

extension PipelineFile.Checks {
  func results(_ control: ControlTotals, _ tables: SmallTables) -> [RunSummary.CheckResult] {
    let campaigns = mismatches(tables)
    return [
      rejects(control.lines), credits(tables, besides: campaigns.outcome), campaigns, damage(control.archives),
    ]
  }

  private func rejects(_ lines: LineTotals) -> RunSummary.CheckResult {
    let (rejected, all) = (Int64(lines.rejected), Int64(lines.lines))
    return RunSummary.CheckResult(
      check: "rejected_lines",
      outcome: outcome(
        fails: rejectedLines.fail?.isExceeded(by: rejected, of: all) ?? false,
        warns: rejectedLines.warn?.isExceeded(by: rejected, of: all) ?? false),
      finding: "\(rejected) of \(all) lines were rejected")
  }

  /// Held against whichever is larger: what mismatched campaigns differ by, or what calls off the billing rule differ by.
  private func credits(
    _ tables: SmallTables, besides mismatches: RunSummary.CheckResult.Outcome
  ) -> RunSummary.CheckResult {
    let campaigns = tables.reconciliation.creditsDifference
    let calls = tables.totals.creditsOffRule
    let difference = max(campaigns, calls)
    let credits = max(tables.reconciliation.claimedCredits, tables.totals.all.credits)
    let outcome = outcome(
      fails: creditsDifference.fail?.isExceeded(by: difference, of: credits) ?? false,
      warns: creditsDifference.warn?.isExceeded(by: difference, of: credits) ?? false)
    let finding =
      "campaigns differ by \(campaigns.counting("credit")) from their calls, calls by \(calls) from the billing rule"
    // The check of campaigns says what they differ by.
    let clause: String? =
      outcome != mismatches
      ? finding : calls == .zero ? nil : "calls differ by \(calls.counting("credit")) from the billing rule"
    return RunSummary.CheckResult(check: "credits_difference", outcome: outcome, finding: finding, clause: clause)
  }

  private func mismatches(_ tables: SmallTables) -> RunSummary.CheckResult {
    let mismatched = tables.reconciliation.mismatched
    let count = mismatched.count
    var finding = count == 1 ? "1 campaign differs from its calls" : "\(count) campaigns differ from their calls"
    finding += " beyond tolerance"
    let credits = tables.reconciliation.creditsDifference
    if credits != .zero { finding += ", by \(credits.counting("credit"))" }
    if let first = mismatched.first, let clause = tables.reconciliation.firstMismatch(of: first)?.clause {
      let id = tables.privacy.masking(of: "campaign_id").masked(first.campaignID).map { " \($0.visible)" } ?? ""
      finding += "\(count == 1 ? ":" : ", first")\(id)\(count == 1 ? "" : ":") \(clause)"
    }
    return RunSummary.CheckResult(
      check: "mismatched_campaigns", outcome: outcome(of: mismatchedCampaigns, isFound: count > 0),
      finding: count == 0 ? "no campaign differs from its calls beyond tolerance" : finding)
  }

  private func damage(_ archives: [ArchiveTotals]) -> RunSummary.CheckResult {
    let damaged = archives.filter(\.summary.isDamaged)
    var texts = damaged.prefix(3).map { "\($0.path.visible) \($0.summary.fault ?? "is damaged")" }
    if damaged.count > texts.count { texts.append("and \(damaged.count - texts.count) more") }
    return RunSummary.CheckResult(
      check: "damaged_archives", outcome: outcome(of: damagedArchives, isFound: !damaged.isEmpty),
      finding: damaged.isEmpty ? "no archive is damaged" : texts.joined(separator: ", "))
  }

  private func outcome(of policy: PipelineFile.CheckPolicy, isFound: Bool) -> RunSummary.CheckResult.Outcome {
    outcome(fails: policy == .fail && isFound, warns: policy == .warn && isFound)
  }

  private func outcome(fails: Bool, warns: Bool) -> RunSummary.CheckResult.Outcome {
    fails ? .failed : warns ? .warning : .passed
  }
}
