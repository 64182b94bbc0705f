package import CallModel

extension EventLedger {
  /// Days without an event after which few events are not believed to be the end of the books.
  package static let longestSilence: Int32 = 30

  /// The time of the last event that the others bear out.
  ///
  /// A clock gone wrong writes a time far ahead, and by that one event every call that waits would be overdue. So events are
  /// passed over that come after more than `longestSilence` days without any, and are fewer than a tenth of all.
  package var end: Timestamp? {
    var days: [Int32: (events: Int, latest: Timestamp)] = [:]
    func add(_ time: Timestamp) {
      let known = days[time.day.number] ?? (0, time)
      days[time.day.number] = (known.events + 1, max(known.latest, time))
    }
    for number in 0..<calls.events.count where calls.events[number].kind.isCall {
      let microseconds = calls.eventNumbers(number).timestamp
      if microseconds != EventRecord.null { add(Timestamp(microseconds: microseconds)) }
    }
    for id in campaigns.sortedIDs {
      for event in campaigns[id]?.events ?? [] { if let time = event.event.timestamp { add(time) } }
    }
    let all = days.values.reduce(0) { $0 + $1.events }
    let latestFirst = days.sorted { $0.key > $1.key }
    var end = latestFirst.first?.value.latest
    var passed = 0
    for (day, before) in zip(latestFirst, latestFirst.dropFirst()) {
      passed += day.value.events
      guard day.key - before.key > EventLedger.longestSilence else { continue }
      guard passed * 10 < all else { break }
      end = before.value.latest
    }
    return end
  }
}
