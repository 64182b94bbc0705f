import Foundation
import Testing

@Suite("The table hours")
struct RunHoursTests {
  private typealias Events = NightEvents

  private func hours(_ lines: [String], _ settings: String = "") async throws -> [String] {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks + settings)
    try workspace.write(lines.joined(), to: "archives/a.jsonl")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 0, "\(outcome.text)")
    return shown(try workspace.table("hours"))
  }

  /// The hours, each with its events: all of them, then completed and processed ones.
  private func shown(_ table: MachineTable) -> [String] {
    table.rows.map { row in
      let counts = ["events", "call_completed", "call_processed"].map { row.text($0) ?? "" }
      return "\((row.text("hour") ?? "").prefix(16)) \(counts.joined(separator: " "))"
    }
  }

  private func used(_ rows: [String]) -> [String] { rows.filter { !$0.hasSuffix(" 0 0 0") } }

  @Test func eachHourOfTheLastDayCountsItsAcceptedEventsByTheirTimestamp() async throws {
    let completed = Events.completed("a", "2026-04-08T10:59:59.999999")
    let rows = try await hours([
      Events.completed("old", "2026-04-07T10:00:00"), completed, completed,
      completed.replacing("\"call_duration\":60", with: "\"call_duration\":61"), "no event\n",
      Events.processed("a", "2026-04-08T11:00:00"), Events.completed("b", "2026-04-08T11:59:00"),
    ])
    #expect(rows.count == 24)
    #expect(rows.first == "2026-04-08T00:00 0 0 0" && rows.last == "2026-04-08T23:00 0 0 0")
    #expect(used(rows) == ["2026-04-08T10:00 1 1 0", "2026-04-08T11:00 2 1 1"])
  }

  @Test func withoutATimeThereIsNoHour() async throws {
    let line = Events.completed("a", "2026-04-08T10:00:00").replacing(/"timestamp":"[^"]*",/, with: "")
    #expect(try await hours([line]) == [])
  }

  @Test func theHoursAreTheBusinessDaysOnTheProvidersClock() async throws {
    // Kolkata is five and a half hours ahead: its midnight is half past six in the evening in UTC.
    let rows = try await hours(
      [Events.completed("a", "2026-04-07T18:29:00"), Events.completed("b", "2026-04-07T18:30:00")],
      "business: {timezone: Asia/Kolkata}\n")
    #expect(rows.count == 24)
    #expect(rows.first == "2026-04-07T18:30 1 1 0" && rows.last == "2026-04-08T17:30 0 0 0")
  }

  @Test func anHourThatTheClockShowsTwiceIsToldOnce() async throws {
    let zone = "Europe/Berlin"
    let workspace = try RunWorkspace()
    try workspace.write(
      """
      version: 1
      name: test
      input: {archives: archives/*, timezone: \(zone)}
      business: {timezone: \(zone)}
      output: {directory: output}
      \(lenientChecks)
      """, to: "pipeline.yaml")
    for (day, count, used) in [
      ("2026-10-25", 24, "2026-10-25T02:00 2 2 0"), ("2026-03-29", 23, "2026-03-29T03:00 2 2 0"),
    ] {
      let hour = used.prefix(13)
      try workspace.write(
        Events.completed("a", "\(hour):10:00") + Events.completed("b", "\(hour):50:00"), to: "archives/a.jsonl")
      #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
      let rows = shown(try workspace.table("hours"))
      #expect(rows.count == count, "\(day): \(rows)")
      #expect(self.used(rows) == [used])
    }
  }

  @Test func aNightHasTheHoursOfItsDayWhateverElseIsRead() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    try workspace.writeArchive("2026-04-07", [Events.completed("a", "2026-04-07T10:00:00")])
    try workspace.writeArchive(
      "2026-04-08", [Events.completed("b", "2026-04-08T09:00:00"), Events.processed("a", "2026-04-07T23:00:00")])
    #expect(try await workspace.night("2026-04-08").status == 0)
    #expect(used(shown(try workspace.nightTable("hours", "2026-04-08"))) == ["2026-04-08T09:00 1 1 0"])
    #expect(try await workspace.night("2026-04-07").status == 0)
    #expect(try used(shown(workspace.nightTable("hours", "2026-04-07"))) == ["2026-04-07T10:00 1 1 0"])
  }
}
