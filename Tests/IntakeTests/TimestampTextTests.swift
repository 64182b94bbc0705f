import CallModel
import Intake
import Testing

@Suite struct TimestampTextTests {
  /// What `connected_at` is read as, and whether it was reported as a bad timestamp.
  private func read(_ json: String, zone: ZoneRules = .utc) throws -> (time: String?, isBad: Bool) {
    let line = started(1, #""connected_at":\#(json)"#)
    let event = try #require(reading(lines: [line], zone: zone).events.first)
    return (event.times[1], event.badTimes == ["connected_at"])
  }

  @Test(arguments: [
    ("2026-04-08T10:30:00.000000", "2026-04-08T10:30:00.000000"),
    ("2026-04-08T10:30:00.123456", "2026-04-08T10:30:00.123456"),
    ("2026-04-08T10:30:00", "2026-04-08T10:30:00.000000"), ("2026-04-08 10:30:00.5", "2026-04-08T10:30:00.500000"),
    ("2026-04-08t10:30:00.000001", "2026-04-08T10:30:00.000001"),
    ("2026-04-01T09:00:00:000000", "2026-04-01T09:00:00.000000"),
    ("2026-04-01T09:00:00:123", "2026-04-01T09:00:00.123000"),
    ("2026-04-08T10:30:00.123456999", "2026-04-08T10:30:00.123456"),
    ("2026-04-08T10:30:00.99999999999999999999999", "2026-04-08T10:30:00.999999"),
    ("2026-04-08T10:30:00Z", "2026-04-08T10:30:00.000000"), ("2026-04-08T10:30:00.25z", "2026-04-08T10:30:00.250000"),
    ("2026-04-08T10:30:00+05:30", "2026-04-08T05:00:00.000000"),
    ("2026-04-08T10:30:00.000000+0530", "2026-04-08T05:00:00.000000"),
    ("2026-04-08T02:30:00+05", "2026-04-07T21:30:00.000000"),
    ("2026-12-31T23:30:00-00:45", "2027-01-01T00:15:00.000000"),
    (#"2026-04-08T10:30:00\u002b05:30"#, "2026-04-08T05:00:00.000000"),
    ("2024-02-29T00:00:00", "2024-02-29T00:00:00.000000"), ("2000-02-29T00:00:00", "2000-02-29T00:00:00.000000"),
    ("0001-01-01T00:00:00", "0001-01-01T00:00:00.000000"),
    ("9999-12-31T23:59:59.999999", "9999-12-31T23:59:59.999999"),
    ("1969-12-31T23:59:59.999999", "1969-12-31T23:59:59.999999"),
  ])
  func `times are read and normalised`(text: String, expected: String) throws {
    let read = try read("\"\(text)\"")
    #expect(read.time == expected && !read.isBad)
  }

  @Test(arguments: [
    "", " ", "yesterday", "2026-04-08", "2026-04-08T10:30", "2026-02-30T00:00:00", "2026-02-29T00:00:00",
    "2100-02-29T00:00:00", "2026-04-31T00:00:00", "2026-13-01T00:00:00", "2026-00-10T00:00:00",
    "2026-04-00T00:00:00", "0000-01-01T00:00:00", "2026-04-08T24:00:00", "2026-04-08T10:60:00",
    "2026-04-08T10:30:60", "2026-04-08T10:30:00.", "2026-04-08T10:30:00:", "2026-04-08T10:30:00,5",
    "2026-04-08T10:30:00 Z", "2026-04-08T10:30:00Zx", "2026-04-08T10:30:00+24:00", "2026-04-08T10:30:00+05:60",
    "2026-04-08T10:30:00+5", "2026-04-08T10:30:00+", "2026-04-08T10:30:00+053", "2026-04-08T10:30:00+05-30",
    "2026/04/08T10:30:00", "2026-04-08X10:30:00", "26-04-08T10:30:00.000", "-026-04-08T10:30:00",
    "2026-04-08T10-30-00", " 2026-04-08T10:30:00", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+01:00",
    "２０２６-04-08T10:30:00",
  ])
  func `times that no calendar or clock has are null, and reported`(text: String) throws {
    let read = try read("\"\(text)\"")
    #expect(read.time == nil && read.isBad)
  }

  @Test func `null and missing times are no fault, other types are`() throws {
    #expect(try read("null") == (nil, false))
    #expect(try #require(reading(lines: [started(1)]).events.first).badTimes == [])
    #expect(try read("1775644200") == (nil, true))
    #expect(try read("{}") == (nil, true))
  }

  @Test func `each time of each event is reported by its name`() throws {
    let bad = ["timestamp", "connected_at", "ended_at"].map { #""\#($0)":"2026-02-30T00:00:00""# }
    let campaign = ["created_at", "scheduled_at", "started_at", "ended_at"].map { #""\#($0)":"x""# }
    let reading = try reading(lines: [
      started(1), call("call.recording", 2, bad.joined(separator: ",")), campaignEnded(campaign.joined(separator: ",")),
    ])
    #expect(
      reading.events.map(\.badTimes)
        == [[], ["timestamp", "connected_at", "ended_at"], ["created_at", "scheduled_at", "started_at", "ended_at"]])
  }

  @Test func `a time with an offset is turned into the provider's clock, one without is that clock`() throws {
    let india = ZoneRules(initialOffset: 19_800, transitions: [])
    #expect(try read(#""2026-04-08T10:30:00Z""#, zone: india).time == "2026-04-08T16:00:00.000000")
    #expect(try read(#""2026-04-08T10:30:00+05:30""#, zone: india).time == "2026-04-08T10:30:00.000000")
    #expect(try read(#""2026-04-08T10:30:00""#, zone: india).time == "2026-04-08T10:30:00.000000")
    // New York put its clocks forward on 2026-03-08 at 07:00 UTC.
    let instant = try #require(Timestamp(year: 2026, month: 3, day: 8, hour: 7, minute: 0, second: 0, microsecond: 0))
    let newYork = ZoneRules(
      initialOffset: -18_000, transitions: [.init(instant: instant.microseconds, offset: -14_400)])
    #expect(try read(#""2026-03-08T06:59:59Z""#, zone: newYork).time == "2026-03-08T01:59:59.000000")
    #expect(try read(#""2026-03-08T07:00:00Z""#, zone: newYork).time == "2026-03-08T03:00:00.000000")
  }
}
