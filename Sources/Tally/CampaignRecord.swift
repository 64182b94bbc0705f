package import CallModel

/// A campaign as one set of tables tells it: its events and the sums of its calls, as far as they count there.
package struct CampaignRecord: Sendable {
  /// Calls of the campaign that its claims may count otherwise than its sums do.
  struct Elsewhere: Sendable {
    let cause: DifferenceCause
    /// Of claimed − counted if so.
    let sums: CallSums
    let examples: [String]
  }

  package let id: String
  /// Nil where no event of it counts.
  package let entry: CampaignBook.Entry?
  package let sums: CampaignSums
  let elsewhere: [Elsewhere]
  /// Where no event of its own counts, the first record that names it.
  package var firstRecord: RecordOrigin?

  /// A campaign whose calls count that are of the days `counting`; `end` is the business day on which it ended, nil
  /// where it did not or that is unknown. `Int32.max` among the days stands for calls that are of none. `strays` are
  /// deliveries that no call has (`CallBook.strayChanges`).
  package init(
    _ id: String, entry: CampaignBook.Entry?, days: [Int32: CampaignSums], counting: ClosedRange<Int32>, end: Int32?,
    strays: CampaignSums?, firstRecord: RecordOrigin?
  ) {
    var (counted, earlier, later, before) = (CampaignSums(), CampaignSums(), CampaignSums(), CampaignSums())
    for (day, sums) in days {
      if counting.contains(day) {
        counted.add(sums)
        guard let end, day != Int32.max else { continue }
        if day < end { earlier.add(sums) } else if day > end { later.add(sums) }
      } else if day == counting.lowerBound &- 1 {
        before.add(sums)
      }
    }
    var elsewhere: [Elsewhere] = []
    for (cause, sign, calls) in [
      // A claim cannot know of later calls, so they are the surer cause.
      (DifferenceCause.otherDay, Int64(-1), later), (.otherDay, -1, earlier), (.otherWindow, 1, before),
    ] where end != nil && calls.sums.calls > 0 {
      elsewhere.append(
        Elsewhere(
          cause: cause, sums: sign * calls.sums, examples: calls.earliest.examples.map(\.id)))
    }
    if let strays { counted.add(strays) }
    self.id = id
    self.entry = entry
    sums = counted
    self.elsewhere = elsewhere
    self.firstRecord = firstRecord
  }

  /// Every campaign of the books, by id, byte by byte, over all of its calls; `days` are the sums of the campaigns that
  /// calls name by day.
  package static func all(
    _ ledger: EventLedger, _ days: [[UInt8]: [Int32: CampaignSums]], rule: StatusRule, clock: BusinessClock
  ) -> [CampaignRecord] {
    let strays = ledger.calls.strayChanges(rule)
    let ids = Set(days.keys).union(ledger.campaigns.sortedIDs.map { Array($0.utf8) })
      .sorted { $0.lexicographicallyPrecedes($1) }
    let unannounced = ids.filter { ledger.campaigns[String(decoding: $0, as: UTF8.self)] == nil }
    let firstRecords = ledger.calls.firstRecords(naming: Set(unannounced))
    return ids.map { bytes in
      let id = String(decoding: bytes, as: UTF8.self)
      let entry = ledger.campaigns[id]
      return CampaignRecord(
        id, entry: entry, days: days[bytes] ?? [:], counting: Int32.min...Int32.max,
        end: entry?.latest(.campaignEnded)?.event.time.flatMap(clock.day)?.number, strays: strays[bytes],
        firstRecord: firstRecords[bytes])
    }
  }
}
