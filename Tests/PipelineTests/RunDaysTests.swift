import CallModel
import Foundation
import Pipeline
import Testing

@Suite("Days as a command line names them")
struct RunDaysTests {
  @Test(
    arguments: [
      ("today", "2026-03-01"), ("yesterday", "2026-02-28"), ("-0", "2026-03-01"), ("-1", "2026-02-28"),
      ("-60", "2025-12-31"), ("2024-02-29", "2024-02-29"),
    ])
  func aDayIsFound(text: String, day: String) throws {
    let today = try #require(Day("2026-03-01"))
    #expect(DayChoice(text)?.day(today: today).description == day)
  }

  @Test(
    arguments: [
      "", "tomorrow", "-", "-1d", "--1", "-36601", "2026-02-29", "2026-4-8", "20260408", "2026-04-08 ", "+026-04-08",
    ])
  func anythingElseIsNone(text: String) { #expect(DayChoice(text) == nil) }

  /// Moments around a business midnight: the zone decides, with the rules that hold on that day.
  @Test(
    arguments: [
      ("UTC", "2026-03-29T23:59:59Z", "2026-03-29"), ("Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-28"),
      ("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29"), ("Europe/Berlin", "2026-03-29T21:59:59Z", "2026-03-29"),
      ("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30"),
      ("America/New_York", "2026-11-01T04:00:00Z", "2026-11-01"),
      ("America/New_York", "2026-11-02T04:59:59Z", "2026-11-01"),
      ("Asia/Kathmandu", "2026-01-01T18:14:59Z", "2026-01-01"),
      ("Asia/Kathmandu", "2026-01-01T18:15:00Z", "2026-01-02"),
    ])
  func theBusinessZoneSaysWhatTodayIs(zone: String, moment: String, day: String) throws {
    let file = try PipelineFile(
      text: "version: 1\nname: n\ninput: {archives: a}\nbusiness: {timezone: \(zone)}\noutput: {directory: o/n}\n",
      path: "n", environment: [:])
    #expect(file.businessDay(at: try Date(moment, strategy: .iso8601)).description == day)
  }
}
