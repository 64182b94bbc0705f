import CallModel
import Tally

/// The accepted events of an hour.
struct HourEvents: Equatable, Sendable {
  /// When the hour begins, on the provider's clock.
  let start: Timestamp
  /// The same, on the business's clock.
  let shown: Timestamp
  /// In the order of `EventKind`.
  var events: [Int]

  var count: Int { events.reduce(0, +) }
}

/// The hours of business days, with what happened in them.
struct DayHours: Sendable {
  private let times: EventTimes
  private let provider: ZoneRules
  private let business: ZoneRules
  private let clock: BusinessClock

  init(_ times: EventTimes, _ file: PipelineFile) {
    self.times = times
    provider = ZoneRules(named: file.input.timezone)
    business = ZoneRules(named: file.business.timezone)
    clock = BusinessClock(file)
  }

  /// The hours of the last day that has an event; none where no event has a time.
  var ofLastDay: [HourEvents] { times.last.flatMap(clock.day).map(hours) ?? [] }

  /// The midnight that ends a day, on the provider's clock.
  func end(of day: Day) -> Timestamp {
    provider.wallClock(atInstant: instant(ofMidnight: day.advanced(by: 1)))
  }

  private func instant(ofMidnight day: Day) -> Int64 {
    business.instant(ofWallClock: Timestamp(microseconds: Int64(day.number) * 86_400_000_000))
  }

  /// The hours of a business day, from its midnight to the next: 23 or 25 where clocks are changed.
  ///
  /// An hour that the provider's clock shows twice, since it was put back, is told once, with the events of both.
  func hours(of day: Day) -> [HourEvents] {
    let end = instant(ofMidnight: day.advanced(by: 1))
    var hours: [HourEvents] = []
    var told: Set<Timestamp> = []
    for hour in stride(from: instant(ofMidnight: day), to: end, by: 4 * Int(EventTimes.quarter)) {
      let start = provider.wallClock(atInstant: hour)
      if hours.last?.start != start {
        hours.append(
          HourEvents(
            start: start, shown: business.wallClock(atInstant: hour),
            events: Array(repeating: 0, count: EventKind.allCases.count)))
      }
      for quarter in stride(from: hour, to: min(hour + 4 * EventTimes.quarter, end), by: Int(EventTimes.quarter)) {
        let quarter = provider.wallClock(atInstant: quarter)
        guard told.insert(quarter).inserted, let events = times.events(ofQuarterAt: quarter) else { continue }
        for (kind, count) in events.enumerated() { hours[hours.count - 1].events[kind] += count }
      }
    }
    return hours
  }

  /// The hours of a business day without any event, between the first and the last that has some.
  func emptyHours(of day: Day) -> [HourEvents] {
    let hours = hours(of: day)
    guard let first = hours.firstIndex(where: { $0.count > 0 }), let last = hours.lastIndex(where: { $0.count > 0 })
    else { return [] }
    return hours[first...last].filter { $0.count == 0 }
  }
}
