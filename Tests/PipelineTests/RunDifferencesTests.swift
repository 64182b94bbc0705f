import Foundation
import Testing

@Suite("Differences and overdue events, night by night")
struct RunDifferencesTests {
  private typealias Events = NightEvents

  /// The campaign's calls, all of 60 s and a credit each; the campaign ends on 2026-04-10 with a lookback of three days.
  private func workspace(claiming calls: Int, days: [Int]) async throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(window: "{lookback: 3d, restate: 2d}")
    for day in 4...12 {
      let date = String(format: "2026-04-%02d", day)
      var lines = [
        Events.completed("other\(day)", "\(date)T08:00:00"), Events.processed("other\(day)", "\(date)T08:01:00"),
      ]
      if days.contains(day) {
        lines += [
          Events.completed("c\(day)", "\(date)T09:00:00", campaign: "k"),
          Events.processed("c\(day)", "\(date)T09:01:00"),
        ]
      }
      if day == 10 { lines.append(Events.campaignEnded("k", "\(date)T12:00:00", calls: calls, credits: calls)) }
      try workspace.writeArchive(date, lines)
    }
    return workspace
  }

  private func credits(_ workspace: RunWorkspace) throws -> [String] {
    try workspace.nightTable("differences", "2026-04-10").rows.filter { $0.text("measure") == "total_credits" }
      .map {
        "\($0.text("cause") ?? "") \($0.text("calls") ?? "") \($0.text("difference") ?? "") \($0.text("examples") ?? "")"
      }
  }

  /// c6 is of the day before the three days of the lookback: not counted, and claimed.
  @Test func aCallOfTheDayBeforeTheWindowIsTold() async throws {
    let workspace = try await workspace(claiming: 3, days: [5, 6, 7, 10])
    #expect(try await workspace.night("2026-04-10").status == 0)
    #expect(try credits(workspace) == ["other_window 1 1 c6"])
    // The run of two days later reads from 2026-04-05 on where the first read from 2026-04-03; the day is the same.
    let before = try workspace.read("output/2026-04-10/differences.csv")
    #expect(try await workspace.night("2026-04-12").status == 0)
    #expect(try workspace.read("output/2026-04-10/differences.csv") == before)
  }

  /// c11 belongs to the campaign and came after its claim was made; the run for the day after tells it.
  @Test func aCallOfTheDayAfterTheEndIsTold() async throws {
    let workspace = try await workspace(claiming: 2, days: [9, 10, 11])
    #expect(try await workspace.night("2026-04-10").status == 0)
    #expect(try credits(workspace).isEmpty)
    #expect(try await workspace.night("2026-04-11").status == 0)
    #expect(try credits(workspace) == ["other_day 1 -1 c11"])
  }

  @Test func aCallIsOverdueByTheEndOfTheDayPublished() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly("tolerance: {awaiting: 1d}\nbusiness: {timezone: Asia/Tokyo}\n")
    // The day 2026-04-08 of Tokyo ends at 15:00 of the provider's clock, so what ended after 15:00 the day before is young.
    try workspace.writeArchive("2026-04-07", [Events.completed("old", "2026-04-07T14:59:59")])
    try workspace.writeArchive("2026-04-08", [Events.completed("young", "2026-04-08T14:00:00")])
    #expect(try await workspace.night("2026-04-07").status == 0)
    #expect(try workspace.nightTable("findings", "2026-04-07").column("code").contains("awaiting-processed"))
    #expect(try await workspace.night("2026-04-08").status == 0)
    #expect(
      try workspace.nightTable("findings", "2026-04-08").row("code", "awaiting-processed")?.text("subject_id")
        == "young")
    let outcome = try await workspace.calltally(
      ["run", "nightly.yaml", "--from", "2026-04-07", "--to", "2026-04-08", "--output", "range/${day}"])
    #expect(outcome.status == 0, "\(outcome.text)")
    let findings = try workspace.table("findings", in: "range/2026-04-07_2026-04-08")
    #expect(findings.row("code", "overdue-processed")?.text("subject_id") == "old")
    #expect(findings.row("code", "awaiting-processed")?.text("subject_id") == "young")
  }
}
