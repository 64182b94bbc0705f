import CallModel
import Intake
import Tally

/// What a run has to say when it is over: for a person in a few lines, for a program as JSON.
package struct RunSummary: Encodable, Sendable {
  package struct CheckResult: Encodable, Sendable {
    package enum Outcome: String, Encodable, Sendable { case passed, warning, failed }

    package let check: String
    package let outcome: Outcome
    /// What was measured, as a clause.
    package let finding: String
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
  package let checks: [CheckResult]

  init(_ file: PipelineFile, directory: String, isPublished: Bool, control: ControlTotals, tables: SmallTables) {
    pipeline = file.name
    output = directory
    published = isPublished
    archives = control.archives.count
    damagedArchives = control.archives.count { $0.summary.condition.isDamaged }
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
    checks = file.checks.results(control, tables)
    let failed = checks.filter { $0.outcome == .failed }.map(\.check)
    exitStatus =
      if failed.contains(where: { $0 != "credits_difference" }) {
        ExitStatus.damagedInput.rawValue
      } else if !failed.isEmpty {
        ExitStatus.checkFailed.rawValue
      } else {
        ExitStatus.success.rawValue
      }
  }

  /// The one line for standard error when something is wrong; nil when nothing is.
  package var trouble: String? {
    let notable = checks.filter { $0.outcome != .passed }
    guard !notable.isEmpty else { return nil }
    return "\(pipeline): " + notable.map { "\($0.outcome.rawValue): \($0.finding)" }.joined(separator: "; ")
  }

  /// A few lines for a person, without a final line break.
  package var text: String {
    let verdictTexts = Verdict.allCases.compactMap { verdict in
      verdicts[verdict.rawValue].map { "\($0) \(verdict.rawValue)" }
    }
    let lineTexts = [
      "\(accepted) accepted", "\(duplicates) duplicates", "\(conflicts) conflicts", "\(rejected) rejected",
      "\(ignored) ignored", "\(blank) blank",
    ]
    return """
      \(lines) lines of \(archives) archives: \(lineTexts.joined(separator: ", ")). The books balance.
      \(calls) calls, \(billableSeconds) billable seconds, \(credits) credits charged, \(expectedCredits) expected.
      \(campaigns) campaigns: \(verdictTexts.isEmpty ? "none" : verdictTexts.joined(separator: ", ")). \
      \(findings) findings.
      \(published ? "The tables are in \(output)." : "Dry run: nothing was written.")
      """
  }
}

extension PipelineFile.Checks {
  func results(_ control: ControlTotals, _ tables: SmallTables) -> [RunSummary.CheckResult] {
    let rejected = Int64(control.lines.rejected)
    let lines = Int64(control.lines.lines)
    // Whichever is larger: what mismatched campaigns differ by, or what calls off the billing rule differ by.
    let campaigns = tables.reconciliation.creditsDifference
    let calls = tables.totals.creditsOffRule
    let difference = max(campaigns, calls)
    let credits = max(tables.reconciliation.claimedCredits, tables.totals.all.credits)
    let damaged = control.archives.filter { $0.summary.condition.isDamaged }
    return [
      RunSummary.CheckResult(
        check: "rejected_lines",
        outcome: outcome(
          fails: rejectedLines.fail?.isExceeded(by: rejected, of: lines) ?? false,
          warns: rejectedLines.warn?.isExceeded(by: rejected, of: lines) ?? false),
        finding: "\(rejected) of \(lines) lines were rejected"),
      RunSummary.CheckResult(
        check: "credits_difference",
        outcome: outcome(
          fails: creditsDifference.fail?.isExceeded(by: difference, of: credits) ?? false,
          warns: creditsDifference.warn?.isExceeded(by: difference, of: credits) ?? false),
        finding: "campaigns differ by \(campaigns) credits from their calls, calls by \(calls) from the billing rule"),
      RunSummary.CheckResult(
        check: "damaged_archives",
        outcome: outcome(
          fails: damagedArchives == .fail && !damaged.isEmpty, warns: damagedArchives == .warn && !damaged.isEmpty),
        finding: damaged.isEmpty
          ? "no archive is damaged"
          : damaged.map { "\($0.path) \($0.summary.fault ?? "is damaged")" }.joined(separator: ", ")),
    ]
  }

  private func outcome(fails: Bool, warns: Bool) -> RunSummary.CheckResult.Outcome {
    fails ? .failed : warns ? .warning : .passed
  }
}
