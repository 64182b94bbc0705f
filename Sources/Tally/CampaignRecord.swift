package import CallModel

/// A campaign as one set of tables tells it: its events and the sums of its calls, as far as they count there.
package struct CampaignRecord: Sendable {
  package let id: String
  /// Nil where no event of it counts.
  package let entry: CampaignBook.Entry?
  package let sums: CampaignSums
  /// Where no event of its own counts, the first record that names it.
  package let firstRecord: RecordOrigin?

  package init(_ id: String, entry: CampaignBook.Entry?, sums: CampaignSums, firstRecord: RecordOrigin?) {
    self.id = id
    self.entry = entry
    self.sums = sums
    self.firstRecord = firstRecord
  }

  /// Every campaign of the books, by id, byte by byte; `sums` are those of the campaigns that calls name.
  package static func all(_ ledger: EventLedger, _ sums: [[UInt8]: CampaignSums]) -> [CampaignRecord] {
    let ids = Set(sums.keys).union(ledger.campaigns.sortedIDs.map { Array($0.utf8) })
      .sorted { $0.lexicographicallyPrecedes($1) }
    let unannounced = ids.filter { ledger.campaigns[String(decoding: $0, as: UTF8.self)] == nil }
    let firstRecords = ledger.calls.firstRecords(naming: Set(unannounced))
    return ids.map { bytes in
      let id = String(decoding: bytes, as: UTF8.self)
      return CampaignRecord(
        id, entry: ledger.campaigns[id], sums: sums[bytes] ?? CampaignSums(), firstRecord: firstRecords[bytes])
    }
  }
}
