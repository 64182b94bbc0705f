import CallModel
import Foundation
import Pipeline
import Testing

@Suite("Zones of the time zone database as the books use them")
struct RunTimeZoneTests {
  /// Zones with daylight saving, without it, with changes for good that were none, and with odd offsets.
  private static let zones = [
    "UTC", "America/New_York", "America/Phoenix", "America/St_Johns", "America/Sao_Paulo", "America/Caracas",
    "Europe/Berlin", "Europe/Moscow", "Europe/Istanbul", "Africa/Casablanca", "Asia/Kolkata", "Asia/Kathmandu",
    "Asia/Pyongyang", "Asia/Tehran", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham",
  ]

  /// Every tenth day and odd hour from 1985 to 2024, long enough ago that every database agrees on it.
  private static let instants = stride(from: 473_385_600, to: 1_735_689_600, by: 870_013)

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/share/zoneinfo/UTC"), "no database"), arguments: zones)
  func clocksShowWhatDateShows(zone: String) async throws {
    let workspace = try RunWorkspace()
    try workspace.write(Self.instants.map { "@\($0)\n" }.joined(), to: "instants")
    let outcome = try await workspace.shell(
      "date --file=instants +%Y-%m-%dT%H:%M:%S.000000", environment: ["TZ": zone])
    let shown = outcome.output.split(separator: "\n").map(String.init)
    let rules = ZoneRules(named: zone)
    let read = Self.instants.map { rules.wallClock(atInstant: Int64($0) * 1_000_000).description }
    #expect(shown.count == read.count)
    let wrong = zip(shown, read).first { $0 != $1 }
    #expect(wrong == nil, "\(zone): date shows \(wrong?.0 ?? ""), the books \(wrong?.1 ?? "")")
  }

  @Test(arguments: zones)
  func aTimeGoesThereAndBack(zone: String) {
    let rules = ZoneRules(named: zone)
    for second in Self.instants {
      let instant = Int64(second) * 1_000_000
      let shown = rules.wallClock(atInstant: instant)
      let back = rules.instant(ofWallClock: shown)
      // A repeated hour is read as its first pass.
      #expect(back == instant || rules.wallClock(atInstant: back) == shown, "\(zone), \(shown)")
    }
  }
}
