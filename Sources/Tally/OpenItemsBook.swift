import CallModel

/// What awaited an event at the end of each of some days, told from the events of the archives up to each.
package struct OpenItemsBook: Sendable {
  /// A day at whose end items are counted, and the first business day that still counts then.
  package struct Cut: Sendable {
    package let day: Int32
    package let first: Int32

    package init(day: Int32, first: Int32) {
      self.day = day
      self.first = first
    }
  }

  private struct Campaign {
    /// By cut: the first business day from the cut's first one on of what names the campaign in the archives up to it.
    var firstDays: [Int32]
    /// By cut: its calls that await their `call.completed`, and their `call.processed`.
    var awaiting: [(completed: Int, processed: Int)]
    /// By cut: whether a `campaign.ended` of the cut's first day or a later one is in the archives up to it.
    var hasEnded: [Bool]
  }

  private let cuts: [Cut]
  private var calls: [[OpenItem]]
  private var campaigns: [Campaign] = []
  /// Campaigns by the bytes of their ids.
  private var places: [[UInt8]: Int] = [:]

  /// Settled calls of a campaign that are not in the books: theirs is nothing but that they name it.
  package struct SettledCalls: Sendable {
    package let campaignID: String
    package let day: Int32
    /// The day of the archives that hold all of their events.
    package let seen: Int32

    package init(campaignID: String, day: Int32, seen: Int32) {
      self.campaignID = campaignID
      self.day = day
      self.seen = seen
    }
  }

  /// `days` are the calls' days by number, `archiveDays` those of the archives; `cuts` ascend.
  package init(
    _ ledger: EventLedger, settled: [SettledCalls] = [], days: [Int32], archiveDays: [Int32], cuts: [Cut],
    rule: StatusRule, clock: BusinessClock
  ) {
    self.cuts = cuts
    calls = Array(repeating: [], count: cuts.count)
    addCalls(ledger.calls, days, archiveDays, rule, clock)
    for calls in settled { note(place(of: Array(calls.campaignID.utf8)), day: calls.day, seen: calls.seen) }
    for id in ledger.campaigns.sortedIDs {
      let place = place(of: Array(id.utf8))
      for (event, origin) in ledger.campaigns[id]?.events ?? [] {
        let seen = archiveDays[Int(origin.archive)]
        let day = event.time.flatMap(clock.day)?.number ?? seen
        note(place, day: day, seen: seen)
        guard event.kind == .campaignEnded else { continue }
        for index in cuts.indices where seen <= cuts[index].day && day >= cuts[index].first {
          campaigns[place].hasEnded[index] = true
        }
      }
    }
  }

  private mutating func place(of id: [UInt8]) -> Int {
    if let known = places[id] { return known }
    places[id] = campaigns.count
    campaigns.append(
      Campaign(
        firstDays: Array(repeating: Int32.max, count: cuts.count),
        awaiting: Array(repeating: (0, 0), count: cuts.count),
        hasEnded: Array(repeating: false, count: cuts.count)))
    return campaigns.count - 1
  }

  /// Something of a business day names a campaign in an archive of the day `seen`.
  private mutating func note(_ campaign: Int, day: Int32, seen: Int32) {
    for index in cuts.indices where seen <= cuts[index].day && day >= cuts[index].first {
      campaigns[campaign].firstDays[index] = min(campaigns[campaign].firstDays[index], day)
    }
  }

  private mutating func addCalls(
    _ book: borrowing CallBook, _ days: [Int32], _ archiveDays: [Int32], _ rule: StatusRule, _ clock: BusinessClock
  ) {
    var superseded: [UInt32: [UInt32]] = [:]
    for (call, event) in book.superseded { superseded[call, default: []].append(event) }
    // The campaigns of calls with the same agent blocks; -1 for none.
    var known = BlockCache(repeating: -1)
    for number in 0..<book.count {
      let call = Call(number, in: book, rule: rule)
      let others = superseded[UInt32(number)] ?? []
      var (first, last) = (Int32.max, Int32.min)
      for event in (0..<4).lazy.map({ call.winners[$0] }).filter({ $0 >= 0 }) + others.map({ Int32($0) }) {
        let day = archiveDays[Int(book.events[Int(event)].origin.archive)]
        (first, last) = (min(first, day), max(last, day))
      }
      let (index, isKnown) = known.place(of: book.agentBlocks(of: call))
      if !isKnown {
        let id = book.withText(.agent(.campaignID), of: call) { bytes in
          var copy: [UInt8] = []
          copy.append(copying: bytes)
          return copy
        }
        known.values[index] = id.map { $0.isEmpty ? -1 : place(of: $0) } ?? -1
      }
      let campaign = known.values[index]
      if campaign >= 0 { note(campaign, day: days[number], seen: first) }
      // Of a call that was settled before the first cut, no cut has anything to say.
      if call.settlement == .settled, last <= cuts[0].day { continue }
      addCall(call, others, campaign, first...last, book, archiveDays, rule, clock)
    }
  }

  private mutating func addCall(
    _ call: Call, _ superseded: [UInt32], _ campaign: Int, _ seen: ClosedRange<Int32>, _ book: borrowing CallBook,
    _ archiveDays: [Int32], _ rule: StatusRule, _ clock: BusinessClock
  ) {
    for (index, cut) in cuts.enumerated() where seen.lowerBound <= cut.day {
      let known =
        seen.upperBound <= cut.day
        ? call
        : Call(call.number, in: book, rule: rule, superseded: superseded) { archiveDays[Int($0)] <= cut.day }
      guard known.settlement != .settled else { continue }
      let firstDay = known.day(clock)?.number ?? seen.lowerBound
      guard firstDay >= cut.first else { continue }
      let isCompleted = known.settlement == .awaitingProcessed
      calls[index].append(
        OpenItem(
          identity: OpenItem.Identity(
            kind: .call, id: book.conversationID(of: call), awaits: isCompleted ? .callProcessed : .callCompleted,
            seconds: known.duration, expectedCredits: known.expectedCredits),
          campaignID: book.string(.agent(.campaignID), of: known), firstDay: Day(number: firstDay)))
      guard campaign >= 0 else { continue }
      if isCompleted {
        campaigns[campaign].awaiting[index].processed += 1
      } else {
        campaigns[campaign].awaiting[index].completed += 1
      }
    }
  }

  /// The items at the end of the day of the cut at `index`.
  private func items(at index: Int) -> [OpenItem] {
    calls[index]
      + places.compactMap { bytes, place in
        let campaign = campaigns[place]
        guard campaign.firstDays[index] < Int32.max else { return nil }
        let awaiting = campaign.awaiting[index]
        let awaits: EventKind
        if !campaign.hasEnded[index] {
          awaits = .campaignEnded
        } else if awaiting.completed > 0 {
          awaits = .callCompleted
        } else if awaiting.processed > 0 {
          awaits = .callProcessed
        } else {
          return nil
        }
        let id = String(decoding: bytes, as: UTF8.self)
        return OpenItem(
          identity: OpenItem.Identity(kind: .campaign, id: id, awaits: awaits, seconds: nil, expectedCredits: nil),
          campaignID: id, firstDay: Day(number: campaign.firstDays[index]))
      }
  }

  /// What became of the items between two cuts.
  package func ledger(from opening: Int, to ending: Int) -> OpenItemsLedger {
    OpenItemsLedger(opening: items(at: opening), ending: items(at: ending))
  }
}
