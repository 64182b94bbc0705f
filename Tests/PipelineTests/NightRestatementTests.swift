import Foundation
import Testing

@Suite("Nights: what was published before, and what of it changed")
struct NightRestatementTests {
  private typealias Events = NightEvents
  private static let inner =
    "{directory: \"output/${day}/calls\", tables: [{csv: {table: calls, columns: [conversation_id, credits]}}]}"

  /// Nights over archives/DAY/* with an output section of its own.
  private func workspace(_ output: String, window: String = "{lookback: 35d, restate: 7d}") throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    try workspace.write(
      "version: 1\nname: nightly\ninput: {archives: \"archives/${day}/*\"}\noutput: \(output)\nwindow: \(window)\n"
        + lenientChecks, to: "nightly.yaml")
    return workspace
  }

  /// A call of the first day whose `call.processed` comes on the second; both nights have been.
  private func playLateCall(_ workspace: RunWorkspace) async throws {
    try workspace.writeArchive(
      "2026-04-07", [Events.completed("a", "2026-04-07T23:58:00"), Events.completed("b", "2026-04-07T23:59:00")])
    #expect(try await workspace.night("2026-04-07").status == 0)
    try workspace.writeArchive("2026-04-08", [Events.processed("a", "2026-04-08T00:03:00")])
    let outcome = try await workspace.night("2026-04-08")
    #expect(outcome.status == 0, "\(outcome.text)")
  }

  /// `table key column: old → new` of the second night.
  private func restated(_ workspace: RunWorkspace, in folder: String = "output/2026-04-08") throws -> [String] {
    try workspace.table("restatements", in: folder).rows.map { row in
      "\(row.text("table") ?? "") \(row.text("key") ?? "") \(row.text("column") ?? ""): "
        + "\(row.text("old") ?? "null") → \(row.text("new") ?? "null")"
    }
  }

  @Test func everyColumnIsComparedWhicheverFileHasIt() async throws {
    // The first file of the table lacks most columns, the second one shows what it has as spreadsheets do.
    let workspace = try workspace(
      """
      {directory: "output/${day}", tables: [
        {csv: {table: calls, file: few.csv, columns: [conversation_id, credits, billable_seconds]}},
        {csv: {table: calls, file: sheet.csv, dialect: spreadsheet, columns: [conversation_id, settlement, credits]}},
        {csv: {table: calls, file: events.csv, columns: [events, conversation_id]}}]}
      """)
    try await playLateCall(workspace)
    #expect(
      try restated(workspace) == [
        "calls a credits: null → 1", "calls a settlement: awaiting_processed → settled",
        "calls a events: completed → completed+processed",
      ])
  }

  @Test(arguments: ["none", "gzip"])
  func columnarTextIsComparedToo(compress: String) async throws {
    let workspace = try workspace(
      """
      {directory: "output/${day}", tables: [
        {columnar: {table: calls, compress: \(compress), columns: [credits, conversation_id, settlement, events]}},
        {csv: {table: calls, dialect: spreadsheet}}, {columnar: {table: totals, compress: \(compress)}}]}
      """)
    try await playLateCall(workspace)
    let told = try restated(workspace)
    #expect(told.contains("calls a credits: null → 1"))
    #expect(told.contains("calls a settlement: awaiting_processed → settled"))
    #expect(told.contains("calls a transcript_turns: null → 1"), "the spreadsheet has what the columns have not")
    #expect(told.filter { $0.hasPrefix("totals ") } == ["totals || credits: 0 → 1"])
  }

  /// A campaign's start is in the next day's archives, in an hour that has events; nothing else of it is of the day before.
  @Test(arguments: [false, true])
  func aDayIsPublishedAgainOnlyForWhatItsTablesShow(showsHours: Bool) async throws {
    let tables = showsHours ? "calls}}, {csv: {table: hours" : "calls"
    let workspace = try workspace("{directory: \"output/${day}\", tables: [{csv: {table: \(tables)}}]}")
    try workspace.writeArchive("2026-04-07", [Events.completed("a", "2026-04-07T10:00:00")])
    #expect(try await workspace.night("2026-04-07").status == 0)
    try workspace.writeArchive(
      "2026-04-08",
      [
        Events.campaignStarted("c", "2026-04-07T10:30:00"),
        Events.completed("b", "2026-04-08T00:01:00", campaign: "c"),
      ])
    let outcome = try await workspace.night("2026-04-08", ["--summary"])
    #expect(outcome.status == 0 && outcome.output.contains("Published again") == showsHours, "\(outcome.text)")
  }

  /// By the archives of the day before, the call had ended then; a later event says that it ended on the new day.
  @Test func aCallThatMovesToTheNewDayHasItsRowsThere() async throws {
    let workspace = try workspace("{directory: \"output/${day}\"}")
    try workspace.writeArchive("2026-04-07", [Events.completed("a", "2026-04-07T23:58:00")])
    #expect(try await workspace.night("2026-04-07").status == 0)
    try workspace.writeArchive(
      "2026-04-08",
      [
        Events.processed("b", "2026-04-08T00:01:00"), Events.completed("b", "2026-04-08T00:01:00"),
        Events.processed("a", "2026-04-08T00:11:00"), Events.completed("a", "2026-04-08T00:10:00"),
      ])
    #expect(try await workspace.night("2026-04-08").status == 0)
    #expect(try workspace.nightTable("transcripts", "2026-04-08").column("conversation_id") == ["b", "a"])
    #expect(try workspace.nightTable("calls", "2026-04-07").rows.isEmpty)
  }

  @Test func aPublishedTableThatSomebodyHasTornKeepsNoNightFromRunning() async throws {
    for table in ["calls", "restatements"] {
      let workspace = try workspace("{directory: \"output/${day}\"}")
      try await playLateCall(workspace)
      let path = "output/\(table == "calls" ? "2026-04-07" : "2026-04-08")/\(table).csv"
      try workspace.write(workspace.read(path).dropLast(9), to: path)
      try workspace.writeArchive("2026-04-08", [Events.processed("b", "2026-04-08T00:04:00")], name: "01.jsonl")
      let outcome = try await workspace.night("2026-04-08")
      #expect(outcome.status == 0, "\(outcome.text)")
      let whole = try workspace.nightTable("calls", "2026-04-07")
      #expect(whole.column("credits") == ["1", "1"])
    }
  }

  @Test func severalPipelinesMayShareTheDirectoryOfADay() async throws {
    let workspace = try workspace(Self.inner)
    try await playLateCall(workspace)
    #expect(try restated(workspace, in: "output/2026-04-08/calls") == ["calls a credits: null → 1"])
    #expect(
      try workspace.table("calls", in: "output/2026-04-07/calls").row("conversation_id", "a")?.text("credits") == "1")
    #expect(try workspace.names(in: "output/2026-04-08") == ["calls"])
  }

  @Test func aDayThatADeadRunHadMovedAsideIsTold() async throws {
    // As a run leaves it that dies between two renames, on a file system that cannot exchange two names.
    let workspace = try workspace(Self.inner)
    try workspace.writeArchive("2026-04-07", [Events.completed("a", "2026-04-07T23:58:00")])
    #expect(try await workspace.night("2026-04-07").status == 0)
    let death = "cd output/2026-04-07 && mv calls .calls.old && mkdir .calls.staging"
    #expect(try await workspace.shell(death).status == 0)
    try workspace.writeArchive("2026-04-08", [Events.processed("a", "2026-04-08T00:03:00")])
    #expect(try await workspace.night("2026-04-08").status == 0)
    #expect(try restated(workspace, in: "output/2026-04-08/calls") == ["calls a credits: null → 1"])
    #expect(try workspace.names(in: "output/2026-04-07") == ["calls"])
  }

  @Test func aMissedNightTellsTheDaysThatLaterOnesDoNotReach() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(window: "{lookback: 35d, restate: 2d}")
    for day in 5...9 {
      var lines = [Events.completed("c\(day)", "2026-04-0\(day)T12:00:00")]
      // The night of the 8th is missed, and events for the days before came on it.
      if day == 8 { lines += [6, 7].map { Events.processed("c\($0)", "2026-04-08T00:0\($0):00") } }
      try workspace.writeArchive("2026-04-0\(day)", lines)
      if day != 8 { #expect(try await workspace.night("2026-04-0\(day)").status == 0) }
    }
    let credits = { (day: String) in try workspace.nightTable("calls", day).column("credits") }
    #expect(try credits("2026-04-07") == ["1"])
    #expect(try credits("2026-04-06") == [nil], "the night of the 9th reaches the 7th")
    #expect(try await workspace.night("2026-04-08").status == 0)
    #expect(try credits("2026-04-06") == ["1"])
    let restated = try workspace.nightTable("restatements", "2026-04-08").rows
    #expect(Set(restated.compactMap { $0.text("day") }) == ["2026-04-06"])
    // What the night of the 9th has told from more archives stays.
    #expect(try credits("2026-04-07") == ["1"])
  }

  @Test func whatCannotBeComparedIsSaidWhenThePipelineIsChecked() async throws {
    let workspace = try workspace(
      """
      {directory: "output/${day}", tables: [
        {columnar: {table: calls, columns: [credits]}}, {csv: {table: totals, columns: [day, credits]}},
        {columnar: {table: campaigns}}]}
      """)
    let outcome = try await workspace.calltally(["check", "nightly.yaml"])
    #expect(outcome.status == 0 && outcome.output.isEmpty)
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(lines.count == 2)
    #expect(lines.first?.hasPrefix("nightly.yaml:7:25: warning: ") == true, "\(outcome.errors)")
    #expect(lines.first?.contains("csv: {table: calls}") == true && lines.first?.contains("conversation_id") == true)
    #expect(lines.last?.contains("csv: {table: totals}") == true)
    // A night says nothing of it, for there would be mail every night.
    try workspace.writeArchive("2026-04-07", [Events.completed("a", "2026-04-07T12:00:00")])
    #expect(try await workspace.night("2026-04-07").text == "exit status 0\n--- standard output\n--- standard error\n")
  }

  @Test func theLogNamesTheDaysPublishedAgain() async throws {
    let workspace = try workspace("{directory: \"output/${day}\"}")
    try workspace.writeArchive("2026-04-07", [Events.completed("a", "2026-04-07T23:58:00")])
    let first = try await workspace.night("2026-04-07", ["--log", "logfmt"])
    #expect(first.status == 0 && !first.errors.contains("restated"), "\(first.errors)")
    try workspace.writeArchive("2026-04-08", [Events.processed("a", "2026-04-08T00:03:00")])
    let second = try await workspace.night("2026-04-08", ["--log", "logfmt"])
    #expect(second.status == 0 && second.errors.contains(" restated=2026-04-07\n"), "\(second.errors)")
  }

  @Test(
    arguments: [
      ("csv: {table: restatements, columns: [day, key]}", "restatements.csv"),
      ("csv: {table: open_items, dialect: spreadsheet}", "open_items.csv"),
    ])
  func whatLaterRunsReadIsWrittenWhole(output: String, file: String) {
    let head = "version: 1\nname: n\ninput: {archives: \"a/${day}/*\"}\n"
    let found = problems(inPipelineFile: head + "output: {directory: \"o/${day}\", tables: [\(output)]}\n")
    #expect(isOne(found, "4:55: output.tables.csv.table is written to \(file), which every run"), "\(found)")
    let named = output.replacing("}", with: ", file: other.csv}")
    #expect(problems(inPipelineFile: head + "output: {directory: \"o/${day}\", tables: [\(named)]}\n").isEmpty)
  }

  @Test func figuresForWhoeverPaysAreRestated() async throws {
    let workspace = try workspace(
      "{directory: \"output/${day}\", tables: [{csv: {table: finance, file: bill.csv, dialect: spreadsheet, "
        + "columns: [group, key, calls, charged_credits]}}, {csv: {table: hours, columns: [hour, events]}}]}")
    try workspace.writeArchive("2026-04-07", [Events.completed("a", "2026-04-07T22:00:00")])
    #expect(try await workspace.night("2026-04-07").status == 0)
    try workspace.writeArchive(
      "2026-04-08", [Events.processed("a", "2026-04-07T22:01:00"), Events.completed("b", "2026-04-08T10:00:00")])
    #expect(try await workspace.night("2026-04-08").status == 0)
    let restated = try restated(workspace)
    #expect(restated.filter { $0.hasPrefix("finance total| ") } == ["finance total| charged_credits: 0 → 1"])
    #expect(
      restated.filter { $0.hasPrefix("hours ") } == ["hours 2026-04-07T22:00:00.000000 events: 1 → 2"], "\(restated)")
  }

  /// A campaign that goes on for longer than the window: the first night that tells a day reads archives that later ones
  /// do not read any more.
  @Test func aDayIsToldAlikeByEveryNight() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(window: "{lookback: 3d, restate: 2d}")
    try workspace.writeArchive("2026-03-31", [Events.campaignStarted("long", "2026-03-31T10:00:00")])
    try workspace.writeArchive(
      "2026-04-01", [Events.campaignEnded("ended", "2026-04-01T10:00:00", calls: 1, credits: 1)])
    for day in 2...9 {
      let date = "2026-04-0\(day)"
      try workspace.writeArchive(
        date,
        ["long", "ended"].map { (campaign: String) in
          Events.completed("\(campaign)\(day)", "\(date)T1\(day):00:00", campaign: campaign)
        })
      #expect(try await workspace.night(date).status == 0)
      let restated = try workspace.nightTable("restatements", date).rows
      #expect(restated.isEmpty, "\(date): \(restated)")
    }
    let verdicts = { (day: String) in try workspace.nightTable("reconciliation", day).column("verdict") }
    // The 3rd begins its window on the 31st, and the 4th on the 1st: a day behind either nothing is known of them.
    #expect(try verdicts("2026-04-03") == ["open"])
    let known = try workspace.nightTable("calls", "2026-04-03").row("campaign_id", "long")
    #expect(known?.text("campaign_name") == "name of long")
    #expect(try verdicts("2026-04-05") == ["unannounced", "unannounced"])
    let open = try workspace.nightTable("open_items", "2026-04-09").rows.filter { $0.text("kind") == "campaign" }
    #expect(open.compactMap { $0.text("awaits") } == ["campaign.ended", "campaign.ended"])
  }

  @Test func theLedgerOfADayBeginsAnewWhereTheDayBeforeEndsOtherwise() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(window: "{lookback: 3d, restate: 2d}")
    for day in ["2026-04-06", "2026-04-07", "2026-04-08"] {
      try workspace.writeArchive(day, [Events.completed("of \(day)", "\(day)T10:00:00")])
    }
    try workspace.writeArchive("2026-04-07", [Events.processed("x", "2026-04-06T11:05:00")], name: "01.jsonl")
    for day in ["2026-04-06", "2026-04-07"] { #expect(try await workspace.night(day).status == 0) }
    let before = try workspace.openItemLines("2026-04-07")
    // Only now the first day has something of the call, so it was open until the second one: its opening alone changes.
    try workspace.writeArchive("2026-04-06", [Events.completed("x", "2026-04-06T11:00:00")], name: "late.jsonl")
    #expect(try await workspace.night("2026-04-08").status == 0)
    let after = try workspace.openItemLines("2026-04-07")
    #expect(after["opening"] == (try workspace.openItemLines("2026-04-06"))["ending"])
    #expect(before["opening"] == "1 60 1" && after["opening"] == "2 120 2")
    #expect(after["ending"] == before["ending"])
  }
}
