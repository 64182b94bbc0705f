import CallModel
import Intake
import Tally
import TextTables

/// A value of a table that is small enough to be made of values.
enum Cell {
  case null
  case text(String)
  case integer(Int64)
  case decimal(Credits)
  case timestamp(Timestamp)
  case date(Day)

  static func text(_ value: String?) -> Cell { value.map { .text($0) } ?? .null }
  static func integer(_ value: Int64?) -> Cell { value.map { .integer($0) } ?? .null }
  static func integer(_ value: Int) -> Cell { .integer(Int64(value)) }
  static func decimal(_ value: Credits?) -> Cell { value.map { .decimal($0) } ?? .null }
  static func timestamp(_ value: Timestamp?) -> Cell { value.map { .timestamp($0) } ?? .null }
  /// A whole number that was kept as a decimal.
  static func whole(_ value: Credits?) -> Cell { value.map { .integer(Int64($0.millionths / 1_000_000)) } ?? .null }
}

extension RowEncoder {
  /// Renders one row given as its cells in the table's own order.
  mutating func append(_ row: [Cell]) {
    for column in columns {
      switch row[column] {
      case .null: null()
      case .text(let value): text(value)
      case .integer(let value): integer(value)
      case .decimal(let value): decimal(value)
      case .timestamp(let value): timestamp(value)
      case .date(let value): date(value)
      }
    }
    endRow()
  }
}

/// The rows of the tables that have one row a campaign, archive, finding or sum.
struct SmallTables {
  let books: JoinedBooks
  let campaigns: [CampaignRecord]
  let totals: CallTotals
  let reconciliation: Reconciliation
  let archives: [ArchiveTotals]
  let drift: DriftTotals
  let privacy: PipelineFile.Privacy
  var findings: [Finding] = []
  /// Found where the run writes them.
  var disputes: [Dispute] = []
  var openItems: (ledger: OpenItemsLedger, day: Day)?
  var restatements: [Restatement] = []
  var hours: [HourEvents] = []

  /// The rows of a table; nil for the tables that are streamed.
  func rows(of table: TableName) -> [[Cell]]? {
    switch table {
    case .calls, .transcripts, .insights, .context, .rejects: nil
    case .campaigns: campaignRows
    case .reconciliation: reconciliation.campaigns.map(row)
    case .differences: reconciliation.campaigns.flatMap(differenceRows)
    case .findings: findings.map(row)
    case .totals: totals.rows.map(row)
    case .finance: FinanceRow.all(totals, reconciliation).map(row)
    case .archives: archives.map(row)
    case .hours: hours.map(row)
    case .drift: drift.sorted.map(row)
    case .disputes: disputes.map(row)
    case .restatements: restatements.map(row)
    case .openItems: openItems.map { open in open.ledger.items.map { row($0, at: open.day) } } ?? []
    }
  }

  /// How many rows `rows(of:)` makes; those of larger tables are counted without being made.
  func rowCount(of table: TableName) -> Int {
    switch table {
    case .campaigns: campaigns.count { $0.entry != nil }
    case .reconciliation: reconciliation.campaigns.count
    case .totals: totals.rowCount
    default: rows(of: table)?.count ?? 0
    }
  }

  private var campaignRows: [[Cell]] {
    campaigns.compactMap { record -> [Cell]? in
      guard let entry = record.entry else { return nil }
      return [
        .text(record.id), .text(entry.value(\.campaignUID)), .text(entry.value(\.campaignName)),
        .text(entry.value(\.workspaceID)), .text(entry.value(\.userID)), .text(entry.value(\.agentID)),
        .text(entry.value(\.status)), .integer(entry.value(\.totalContacts)), .timestamp(entry.value(\.createdAt)),
        .timestamp(entry.value(\.scheduledAt)), .timestamp(entry.value(\.startedAt)),
        .timestamp(entry.value(\.endedAt)), .integer(record.sums.sums.calls),
      ]
    }
  }

  private func row(_ campaign: CampaignReconciliation) -> [Cell] {
    var cells: [Cell] = [
      .text(campaign.campaignID), .text(campaign.campaignName), .text(campaign.workspaceID),
      .timestamp(campaign.endedAt), .text(campaign.verdict.rawValue),
    ]
    for comparison in campaign.comparisons {
      let values = [comparison.claimed, comparison.counted, comparison.difference]
      cells += values.map { comparison.claim == .totalCredits ? .decimal($0) : .whole($0) }
    }
    return cells + [
      .integer(campaign.callsAwaiting), .decimal(campaign.explainedCredits), .text(campaign.explanation),
    ]
  }

  private func differenceRows(_ campaign: CampaignReconciliation) -> [[Cell]] {
    let masking = privacy.masking(of: "conversation_id")
    return campaign.differences.map { part in
      let examples = part.examples.compactMap { masking.masked($0) }
      return [
        .text(campaign.campaignID), .text(campaign.campaignName), .text(part.claim.rawValue),
        .text(part.cause.rawValue),
        .integer(part.calls), .decimal(part.amount), .text(examples.isEmpty ? nil : examples.joined(separator: " ")),
      ]
    }
  }

  private func row(_ finding: Finding) -> [Cell] {
    head(of: finding) + [.text(finding.message), .text(origin(of: finding))]
  }

  private func row(_ dispute: Dispute) -> [Cell] {
    head(of: dispute.finding) + [
      .decimal(dispute.creditsAtStake), .text(dispute.finding.message), .integer(dispute.records.count),
      .text(origin(of: dispute.finding)),
    ]
  }

  /// The cells from `code` to `difference`.
  private func head(of finding: Finding) -> [Cell] {
    let (claimed, counted) = privacy.values(of: finding)
    return [
      .text(finding.code.rawValue), .text(finding.severity.rawValue), .text(finding.subject.type),
      .text(maskedID(of: finding.subject)), .text(finding.campaignID), .text(finding.measure), .text(claimed),
      .text(counted), .text(finding.difference),
    ]
  }

  private func origin(of finding: Finding) -> String? {
    let origin = finding.origin.map { "\(books.archiveNames[Int($0.archive)]):\($0.line)" }
    guard let first = finding.firstOrigin, let origin else { return origin }
    return "\(origin) (first: \(books.archiveNames[Int(first.archive)]):\(first.line))"
  }

  /// Takes the disputes out of the findings, if the run writes them.
  mutating func findDisputes(for file: PipelineFile) {
    guard file.output.hasDisputes else { return }
    disputes = Dispute.all(of: findings, campaigns: campaigns, in: books.ledger.calls, rule: books.rule)
  }

  /// The subject's id under the mask of the column that it comes from.
  func maskedID(of subject: Finding.Subject) -> String? {
    switch subject {
    case .call(let id): privacy.masking(of: "conversation_id").masked(id)
    case .campaign(let id): privacy.masking(of: "campaign_id").masked(id)
    case .archive(let id), .table(let id), .day(let id): id
    }
  }

  private func row(_ total: TotalsRow) -> [Cell] {
    let sums = total.sums
    return [
      total.day.map { .date($0) } ?? .null, .text(total.workspaceID), .text(total.campaignID), .text(total.agentID),
      .integer(sums.calls), .integer(sums.successfulCalls), .integer(sums.failedCalls), .integer(sums.duration),
      .integer(sums.billableSeconds), .decimal(sums.credits), .decimal(sums.expectedCredits),
    ]
  }

  private func row(_ finance: FinanceRow) -> [Cell] {
    let sums = finance.sums
    let (key, name): (String?, String?) =
      switch finance.group {
      case .total: (nil, nil)
      case .day: (finance.key, nil)
      case .workspace: (masked(finance.key, as: "workspace_id"), nil)
      case .campaign: (masked(finance.key, as: "campaign_id"), masked(finance.name, as: "campaign_name"))
      case .agent: (masked(finance.key, as: "agent_id"), masked(finance.name, as: "agent_name"))
      }
    return [
      .text(finance.group.rawValue), .text(key), .text(name), .integer(sums.calls), .integer(sums.successfulCalls),
      .integer(sums.failedCalls), .integer(sums.duration), .integer(sums.billableSeconds),
      .decimal(sums.billableMinutes), .decimal(sums.credits), .decimal(sums.expectedCredits),
      .decimal(sums.credits - sums.expectedCredits), .decimal(finance.claimedCredits),
      .decimal(finance.countedCredits), .decimal(finance.claimedDifference), .decimal(finance.unexplainedCredits),
      .text(finance.verdict?.rawValue),
    ]
  }

  private func row(_ hour: HourEvents) -> [Cell] {
    [.timestamp(hour.start), .integer(hour.count)] + hour.events.map { .integer($0) }
  }

  /// An id or a name in a column of several kinds, under the mask of the column that it comes from.
  private func masked(_ value: String?, as column: String) -> String? {
    value.flatMap { privacy.masking(of: column).masked($0) }
  }

  private func row(_ archive: ArchiveTotals) -> [Cell] {
    let lines = archive.lines
    let counts = [
      lines.lines, lines.accepted, lines.duplicates, lines.conflicts, lines.rejected, lines.ignored, lines.blank,
    ]
    return [
      .text(archive.path), .integer(archive.summary.bytes), .integer(archive.summary.members),
      .text(archive.summary.condition.rawValue),
    ] + (counts + lines.acceptedByKind).map { .integer($0) }
  }

  private func row(_ drift: (key: DriftTotals.Key, total: DriftTotals.Total)) -> [Cell] {
    let first = drift.total.first
    return [
      .text(drift.key.event), .text(drift.key.field), .text(drift.key.kind.rawValue), .text(drift.key.type),
      .integer(drift.total.count), .text("\(books.archiveNames[Int(first.archive)]):\(first.line)"),
    ]
  }

  private func row(_ restatement: Restatement) -> [Cell] {
    [
      .date(restatement.day), .text(restatement.table.rawValue), .text(restatement.key), .text(restatement.column),
      .text(restatement.old), .text(restatement.new),
    ]
  }

  private func row(_ item: OpenItem, at day: Day) -> [Cell] {
    let identity = item.identity
    let subject: Finding.Subject = identity.kind == .call ? .call(identity.id) : .campaign(identity.id)
    return [
      .text(identity.kind.rawValue), .text(maskedID(of: subject)), .text(item.campaignID), .text(identity.awaits.name),
      .date(item.firstDay), .integer(Int64(max(0, day.number - item.firstDay.number))), .integer(identity.seconds),
      .decimal(identity.expectedCredits),
    ]
  }
}
