import CallModel
import Foundation
import Testing

@Suite struct ZoneRulesTests {
  private static func time(_ month: Int, _ day: Int, _ hour: Int, _ minute: Int = 0, _ second: Int = 0) -> Int64 {
    Timestamp(year: 2026, month: month, day: day, hour: hour, minute: minute, second: second, microsecond: 0)?
      .microseconds ?? 0
  }

  /// New York in 2026: forward on 8 March at 07:00 UTC, back on 1 November at 06:00 UTC.
  private let newYork = ZoneRules(
    initialOffset: -18_000,
    transitions: [.init(instant: time(3, 8, 7), offset: -14_400), .init(instant: time(11, 1, 6), offset: -18_000)])

  @Test func `the clock follows the offset that holds at an instant`() {
    #expect(newYork.wallClock(atInstant: Self.time(3, 8, 6, 59, 59)).microseconds == Self.time(3, 8, 1, 59, 59))
    #expect(newYork.wallClock(atInstant: Self.time(3, 8, 7)).microseconds == Self.time(3, 8, 3))
    #expect(newYork.wallClock(atInstant: Self.time(11, 1, 5, 59, 59)).microseconds == Self.time(11, 1, 1, 59, 59))
    #expect(newYork.wallClock(atInstant: Self.time(11, 1, 6)).microseconds == Self.time(11, 1, 1))
  }

  @Test func `a skipped hour is read as if the clock had not been put forward`() {
    func instant(_ hour: Int, _ minute: Int = 0) -> Int64 {
      newYork.instant(ofWallClock: Timestamp(microseconds: Self.time(3, 8, hour, minute)))
    }
    #expect(instant(1, 59) == Self.time(3, 8, 6, 59))
    #expect(instant(2) == Self.time(3, 8, 7))
    #expect(instant(2, 30) == Self.time(3, 8, 7, 30))
    #expect(instant(3) == Self.time(3, 8, 7))
  }

  @Test func `a repeated hour is read as its first`() {
    func instant(_ hour: Int, _ minute: Int = 0) -> Int64 {
      newYork.instant(ofWallClock: Timestamp(microseconds: Self.time(11, 1, hour, minute)))
    }
    #expect(instant(0, 59) == Self.time(11, 1, 4, 59))
    #expect(instant(1) == Self.time(11, 1, 5))
    #expect(instant(1, 59) == Self.time(11, 1, 5, 59))
    #expect(instant(2) == Self.time(11, 1, 7))
  }

  @Test(arguments: ["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo"])
  func `the table agrees with Foundation at every half hour of ten years`(name: String) throws {
    let zone = try #require(TimeZone(identifier: name))
    let start = Date(timeIntervalSince1970: 1_704_067_200)
    let end = start.addingTimeInterval(10 * 365 * 86_400)
    var rules = ZoneRules(initialOffset: Int32(zone.secondsFromGMT(for: start)), transitions: [])
    var next = zone.nextDaylightSavingTimeTransition(after: start)
    while let change = next, change < end {
      let instant = Int64(change.timeIntervalSince1970) * 1_000_000
      rules.transitions.append(.init(instant: instant, offset: Int32(zone.secondsFromGMT(for: change))))
      next = zone.nextDaylightSavingTimeTransition(after: change)
    }
    for second in stride(from: 1_704_067_200, to: Int64(end.timeIntervalSince1970), by: 1_800) {
      let offset = Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second))))
      let clock = rules.wallClock(atInstant: second * 1_000_000)
      #expect(clock.microseconds == (second + offset) * 1_000_000)
      let back = rules.instant(ofWallClock: clock)
      #expect(rules.wallClock(atInstant: back) == clock && back <= second * 1_000_000)
    }
  }

  @Test func `UTC is UTC`() {
    #expect(ZoneRules.utc.wallClock(atInstant: 42) == Timestamp(microseconds: 42))
    #expect(ZoneRules.utc.instant(ofWallClock: Timestamp(microseconds: -42)) == -42)
  }
}
