package import CallModel
import Intake
package import Tally
import TextTables

/// Where every line of an archive, or of a run, went.
struct LineTotals: Equatable, Sendable {
  var lines = 0
  var accepted = 0
  var duplicates = 0
  var conflicts = 0
  var rejected = 0
  var ignored = 0
  var blank = 0
  /// Accepted events by kind, in the order of `EventKind`.
  var acceptedByKind = [Int](repeating: 0, count: EventKind.allCases.count)

  mutating func add(_ batch: borrowing EventBatch, _ outcome: EventLedger.Outcome) {
    lines += batch.lines
    accepted += outcome.accepted
    duplicates += outcome.duplicates
    conflicts += outcome.conflicts
    rejected += batch.rejects.count
    ignored += batch.ignoredLines
    blank += batch.blankLines
    for kind in acceptedByKind.indices { acceptedByKind[kind] += outcome.acceptedByKind[kind] }
  }

  mutating func add(_ other: LineTotals) {
    lines += other.lines
    accepted += other.accepted
    duplicates += other.duplicates
    conflicts += other.conflicts
    rejected += other.rejected
    ignored += other.ignored
    blank += other.blank
    for kind in acceptedByKind.indices { acceptedByKind[kind] += other.acceptedByKind[kind] }
  }

  /// What does not balance, as a clause; nil when every line is in exactly one place.
  func imbalance(of name: String) -> String? {
    let placed = accepted + duplicates + conflicts + rejected + ignored + blank
    if placed != lines { return "\(name) has \(lines) lines, and \(placed) are accounted for" }
    let events = acceptedByKind.reduce(0, +)
    return events == accepted ? nil : "\(name) has \(accepted) accepted lines, and \(events) events of the six kinds"
  }
}

/// An archive's row of the control totals.
struct ArchiveTotals: Sendable {
  var path: String
  var summary: ArchiveSummary
  var lines = LineTotals()
}

extension ArchiveTotals {
  /// What is to be said of an archive that is not simply whole.
  var finding: Finding? {
    let code: FindingCode
    switch summary.condition {
    case .whole: return nil
    case .truncated: code = .archiveTruncated
    case .corrupt: code = .archiveCorrupt
    case .trailingGarbage: code = .archiveTrailingGarbage
    case .empty: code = .archiveEmpty
    case .notGzip: code = .archiveNotGzip
    }
    return Finding(
      code, .archive(path), severity: code == .archiveNotGzip && summary.isDamaged ? .error : nil,
      message: "The archive \(summary.fault ?? "is empty").")
  }
}

/// The control totals of a run: they must balance before anything is published.
struct ControlTotals {
  let archives: [ArchiveTotals]
  let lines: LineTotals

  init(_ archives: [ArchiveTotals]) {
    self.archives = archives
    var lines = LineTotals()
    for archive in archives { lines.add(archive.lines) }
    self.lines = lines
  }

  /// Throws `RunError.unbalanced` unless lines, events and calls add up; `counted` are the calls in the totals, `settled`
  /// what is accounted for beside the books.
  func check(
    _ ledger: EventLedger, callsInTotals counted: Int64, settled: (events: Int, calls: Int) = (0, 0)
  ) throws(RunError) {
    for archive in archives {
      if let clause = archive.lines.imbalance(of: archive.path) { throw .unbalanced(clause) }
    }
    if let clause = lines.imbalance(of: "the run") { throw .unbalanced(clause) }
    try require(ledger.events + settled.events, equals: lines.accepted, "events in the books", "accepted lines")
    try require(
      Int(counted), equals: ledger.calls.count + settled.calls, "calls in the totals", "calls in the books")
  }

  /// Throws `RunError.unbalanced` unless the rows of a set of tables are those that its sums are of.
  func check(_ tables: TableSet, _ small: SmallTables) throws(RunError) {
    let totals = small.totals
    if let open = small.openItems { try open.ledger.check(at: open.day) }
    guard totals.sumOfRows == totals.all else { throw .unbalanced("the rows of totals do not add up to the calls") }
    try ControlTotals.check(small.reconciliation)
    for output in tables.outputs {
      let published = output.summary?.rows ?? 0
      switch output.table {
      case .calls: try require(published, equals: Int(totals.all.calls), "rows in \(output.file)", "calls")
      case .rejects: try require(published, equals: lines.rejected, "rows in \(output.file)", "rejected lines")
      case .transcripts: try require(published, equals: output.rowsLeft, "rows in \(output.file)", "turns")
      case .insights, .context: break
      case .campaigns, .reconciliation, .differences, .findings, .totals, .finance, .archives, .hours, .drift,
        .disputes, .restatements, .openItems:
        try require(published, equals: small.rowCount(of: output.table), "rows in \(output.file)", "made")
      }
    }
  }

  /// Throws `RunError.unbalanced` unless the causes of every difference add up to it, and those of credits to what the
  /// reconciliation says is explained.
  private static func check(_ reconciliation: Reconciliation) throws(RunError) {
    for campaign in reconciliation.campaigns {
      for comparison in campaign.comparisons {
        let parts = campaign.differences.filter { $0.claim == comparison.claim }
        let sum = parts.reduce(Credits.zero) { $0 + $1.amount }
        let rest = parts.reduce(Credits.zero) { $1.cause == .unexplained ? $0 + $1.amount : $0 }
        let explained = comparison.claim == .totalCredits ? campaign.explainedCredits ?? .zero : sum - rest
        guard sum == comparison.difference ?? .zero, explained + rest == sum else {
          throw .unbalanced(
            "the causes of a campaign's difference in \(comparison.claim.rawValue) add up to \(sum), "
              + "and the difference is \(comparison.difference ?? .zero)")
        }
      }
    }
  }

  private func require(_ found: Int, equals wanted: Int, _ what: String, _ of: String) throws(RunError) {
    if found != wanted { throw .unbalanced("\(found) \(what), \(wanted) \(of)") }
  }
}

extension OpenItemsLedger {
  /// Throws `RunError.unbalanced` unless the ledger of a day's end adds up.
  package func check(at day: Day) throws(RunError) {
    guard isBalanced else { throw .unbalanced("open items of \(day): opening + new − closed is not ending") }
  }
}
