import CallModel
import Tally
import TextTables

/// The books after reading, as every later stage reads them at once.
struct JoinedBooks: Sendable {
  let ledger: EventLedger
  let archiveNames: [String]
  let rule: StatusRule
  let clock: BusinessClock
  let campaignNames: CampaignNames

  /// Campaigns have the names that those of their events give them that are `known`.
  init(
    ledger: EventLedger, archiveNames: [String], billing: BillingRule, clock: BusinessClock,
    naming known: (CampaignEvent, RecordOrigin) -> Bool = { _, _ in true }
  ) {
    self.ledger = ledger
    self.archiveNames = archiveNames
    rule = StatusRule(billing, of: ledger.calls)
    self.clock = clock
    campaignNames = CampaignNames(ledger, known)
  }

  /// What the column `events` says of a set of kinds, given as `Call.kindsSeen`: `started+completed+processed`.
  static func kindText(_ seen: Int) -> [UInt8] {
    let kinds = Call.kinds.filter { seen >> $0.authority & 1 == 1 }
    return Array(kinds.map(\.shortName).joined(separator: "+").utf8)
  }
}

/// Names of campaigns, found by the bytes of their ids.
struct CampaignNames: Sendable {
  private var ids = IdentifierTable()
  private var names: [[UInt8]?] = []

  init(_ ledger: EventLedger, _ isKnown: (CampaignEvent, RecordOrigin) -> Bool) {
    for id in ledger.campaigns.sortedIDs {
      let bytes = Array(id.utf8)
      _ = ids.number(of: bytes.span, hash: hash64(bytes.span))
      names.append(ledger.campaigns[id]?.knowing(isKnown)?.value(\.campaignName).map { Array($0.utf8) })
    }
  }

  /// The name of the campaign whose id these bytes are.
  func name(of id: Span<UInt8>) -> [UInt8]? { ids.find(id, hash: hash64(id)).flatMap { names[$0] } }
}

extension Reconciliation {
  /// Campaigns held against their calls as a pipeline file has it.
  init(_ campaigns: [CampaignRecord], _ file: PipelineFile) {
    self.init(
      campaigns, tolerance: file.tolerance, billing: file.billing,
      shown: file.privacy.masking(of: "conversation_id").masked)
  }
}
