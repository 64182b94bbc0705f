import Foundation
import Testing

@Suite("Nights: a day's tables, and days told anew")
struct RunNightTests {
  private typealias Events = NightEvents

  @Test(
    arguments: [
      ([], "give --day"), (["--from", "2026-04-08"], "give both"),
      (["--from", "2026-04-08", "--to", "2026-04-07"], "is after --to"),
      (["--day", "2026-04-08", "--from", "2026-04-08", "--to", "2026-04-09"], "give one of them"),
      (["--day", "soon"], "is no day"), (["--day", "today", "--archives", "-"], "twice"),
    ] as [([String], String)])
  func aRunWithoutADayIsWrongUse(arguments: [String], naming text: String) async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    let outcome = try await workspace.calltally(["run", "nightly.yaml"] + arguments)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(text), "\(outcome.errors)")
    #expect(try workspace.names() == ["nightly.yaml"])
  }

  @Test func aRangeMayBeNamedByDaysAgo() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    let outcome = try await workspace.calltally(["run", "nightly.yaml", "--from", "-7", "--to", "-1"])
    #expect(outcome.status == 66, "\(outcome.text)")
  }

  @Test func aDayForAPipelineWithoutDaysIsWrongUse() async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline()
    let outcome = try await workspace.calltally(["run", "pipeline.yaml", "--day", "-1"])
    #expect(outcome.status == 64 && outcome.errors.contains("no path of test holds ${day}"), "\(outcome.text)")
  }

  @Test func aDayWithoutAnArchiveIs66() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    try workspace.writeArchive("2026-04-07", [Events.completed("a", "2026-04-07T10:00:00")])
    let outcome = try await workspace.night("2026-04-08")
    #expect(outcome.status == 66 && outcome.errors.contains("archives/2026-04-08/*"), "\(outcome.text)")
    #expect(try !workspace.names().contains("output"))
  }

  @Test func aCallProcessedAfterMidnightIsToldOnItsDay() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    try workspace.writeArchive(
      "2026-04-07",
      [
        Events.completed("a", "2026-04-07T23:58:00"), Events.completed("b", "2026-04-07T22:00:00"),
        Events.processed("b", "2026-04-07T22:01:00"),
      ])
    #expect(try await workspace.night("2026-04-07").status == 0)
    #expect(try workspace.nightTable("calls", "2026-04-07").row("conversation_id", "a")?.text("credits") == nil)
    #expect(try workspace.openItemLines("2026-04-07")["ending"] == "1 60 1")
    try workspace.writeArchive(
      "2026-04-08", [Events.processed("a", "2026-04-08T00:03:00"), Events.completed("c", "2026-04-08T01:00:00")])
    #expect(try await workspace.night("2026-04-08").status == 0)

    #expect(try workspace.nightTable("calls", "2026-04-08").column("conversation_id") == ["c"])
    let before = try workspace.nightTable("calls", "2026-04-07")
    #expect(before.row("conversation_id", "a")?.text("credits") == "1")
    #expect(try workspace.nightTable("transcripts", "2026-04-07").column("content") == ["hi b", "hi a"])
    #expect(try workspace.nightTable("transcripts", "2026-04-08").rows.isEmpty)
    let restated = try workspace.nightTable("restatements", "2026-04-08")
    #expect(Set(restated.column("day")) == ["2026-04-07"])
    let credits = restated.rows.first { $0.text("table") == "calls" && $0.text("column") == "credits" }
    #expect(credits?.text("key") == "a" && credits?.text("old") == nil && credits?.text("new") == "1")
    let total = restated.rows.first { $0.text("table") == "totals" && $0.text("column") == "credits" }
    #expect(total?.text("old") == "1" && total?.text("new") == "2")
    // What was open at the end of a day stays so in its ledger, and the next one begins with it.
    #expect(try workspace.openItemLines("2026-04-07")["ending"] == "1 60 1")
    #expect(
      try workspace.openItemLines("2026-04-08") == [
        "opening": "1 60 1", "new": "1 60 1", "closed": "1 60 1", "ending": "1 60 1",
      ])
    let open = try workspace.nightTable("open_items", "2026-04-08")
    #expect(open.column("id") == ["c"] && open.column("awaits") == ["call.processed"])
  }

  @Test func aRerunKeepsWhatItRestatedAndChangesNothing() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    try workspace.writeArchive("2026-04-07", [Events.completed("a", "2026-04-07T23:58:00")])
    _ = try await workspace.night("2026-04-07")
    try workspace.writeArchive("2026-04-08", [Events.processed("a", "2026-04-08T00:03:00")])
    _ = try await workspace.night("2026-04-08")
    let first = try readTree(workspace.path + "/output")
    #expect(try !workspace.nightTable("restatements", "2026-04-08").rows.isEmpty)
    #expect(try await workspace.night("2026-04-08").status == 0)
    #expect(try readTree(workspace.path + "/output") == first)
    // An older day published again tells nothing of days that a later run has told from more archives.
    #expect(try await workspace.night("2026-04-07").status == 0)
    #expect(try workspace.nightTable("restatements", "2026-04-07").rows.isEmpty)
  }

  @Test func aCampaignIsReconciledOnTheDayItEnded() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    for day in 1...21 {
      let date = "2026-04-\(day < 10 ? "0" : "")\(day)"
      var lines = [
        Events.completed("c\(day)", "\(date)T10:00:00", campaign: "camp"),
        Events.processed("c\(day)", "\(date)T10:01:00"),
      ]
      if day == 1 { lines.append(Events.campaignStarted("camp", "\(date)T09:00:00")) }
      if day == 21 { lines.append(Events.campaignEnded("camp", "\(date)T11:00:00", calls: 21, credits: 21)) }
      try workspace.writeArchive(date, lines)
      #expect(try await workspace.night(date).status == 0)
      let row = try #require(try workspace.nightTable("reconciliation", date).row("campaign_id", "camp"))
      #expect(row.text("verdict") == (day == 21 ? "matched" : "open"))
      #expect(row.integer("counted_total_calls") == day)
      // It stands open on its days for good: that it ended later changes nothing that was true then.
      #expect(try workspace.nightTable("restatements", date).rows.isEmpty)
      #expect(try workspace.nightTable("open_items", date).column("id") == (day == 21 ? [] : ["camp"]))
    }
    #expect(
      try workspace.openItemLines("2026-04-21") == [
        "opening": "1 0 0", "new": "0 0 0", "closed": "1 0 0", "ending": "0 0 0",
      ])
    let age = try workspace.nightTable("open_items", "2026-04-20").row("id", "camp")
    #expect(
      age?.text("awaits") == "campaign.ended" && age?.text("first_day") == "2026-04-01" && age?.text("age_days") == "19"
    )
  }

  @Test func missingDaysAndHoursAreFindings() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(window: "{lookback: 6d}")
    for (day, hours) in [("2026-04-05", [1]), ("2026-04-08", [8, 9, 12])] {
      try workspace.writeArchive(
        day, hours.map { Events.completed("\(day)-\($0)", "\(day)T\($0 < 10 ? "0" : "")\($0):30:00") })
    }
    #expect(try await workspace.night("2026-04-08").status == 0)
    let findings = try workspace.nightTable("findings", "2026-04-08").rows.filter { $0.text("subject_type") == "day" }
    #expect(
      findings.map { "\($0.text("code") ?? "") \($0.text("severity") ?? "") \($0.text("subject_id") ?? "")" } == [
        "missing-day info 2026-04-02", "missing-day warning 2026-04-06", "missing-day warning 2026-04-07",
        "missing-hour warning 2026-04-08T10:00", "missing-hour warning 2026-04-08T11:00",
      ])
  }

  @Test func whatComesTooLateToBeToldIsAFinding() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(window: "{lookback: 35d, restate: 1d}")
    try workspace.writeArchive("2026-04-05", [Events.completed("a", "2026-04-05T10:00:00")])
    try workspace.writeArchive("2026-04-08", [Events.processed("a", "2026-04-08T00:03:00")])
    #expect(try await workspace.night("2026-04-08").status == 0)
    let finding = try workspace.nightTable("findings", "2026-04-08").row("code", "late-beyond-restate")
    #expect(finding?.text("subject_id") == "2026-04-05" && finding?.text("message")?.contains("1 call ") == true)
  }

  @Test func aConflictThatComesTooLateToBeToldIsAFinding() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(window: "{lookback: 35d, restate: 1d}")
    try workspace.writeArchive(
      "2026-04-05", [Events.completed("a", "2026-04-05T10:00:00"), Events.processed("a", "2026-04-05T10:01:00")])
    try workspace.writeArchive(
      "2026-04-08",
      [Events.completed("b", "2026-04-08T10:00:00"), Events.processed("a", "2026-04-05T10:01:00", credits: 7)])
    #expect(try await workspace.night("2026-04-08").status == 0)
    #expect(try workspace.nightTable("archives", "2026-04-08").sum("conflicts") == 1)
    let finding = try workspace.nightTable("findings", "2026-04-08").row("code", "late-beyond-restate")
    #expect(finding?.text("subject_id") == "2026-04-05" && finding?.text("message")?.contains("1 call ") == true)
  }

  @Test(arguments: [
    ("2026-03-29", 23, "2026-03-28T23"), ("2026-10-25", 25, "2026-10-24T22"), ("2026-06-01", 24, "2026-05-31T22"),
  ])
  func daysOf23And25Hours(day: String, hours: Int, firstHour: String) async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly("business: {timezone: Europe/Berlin}\n")
    let start = try Date("\(firstHour):00:00Z", strategy: .iso8601)
    // One call an hour from an hour before the day to an hour after it, on the provider's clock, which keeps UTC.
    let lines = (-1...hours).map { hour in
      let time = start.addingTimeInterval(Double(hour) * 3_600).formatted(.iso8601).dropLast()
      return Events.completed("h\(hour)", String(time))
    }
    try workspace.writeArchive(day, lines)
    #expect(try await workspace.night(day).status == 0)
    let ids = try workspace.nightTable("calls", day).column("conversation_id").compactMap(\.self)
    #expect(Set(ids) == Set((0..<hours).map { "h\($0)" }))
    #expect(try !workspace.nightTable("findings", day).column("code").contains("missing-hour"))
    try workspace.writeArchive(day, lines.enumerated().filter { $0.offset != 4 }.map(\.element))
    #expect(try await workspace.night(day).status == 0)
    #expect(try workspace.nightTable("findings", day).column("code").filter { $0 == "missing-hour" }.count == 1)
  }

  @Test func aRangeIsOneSetOfTables() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    for day in ["2026-03-31", "2026-04-01", "2026-04-02"] {
      try workspace.writeArchive(
        day, [Events.completed(day, "\(day)T10:00:00"), Events.processed(day, "\(day)T10:01:00")])
    }
    try workspace.writeArchive(
      "2026-04-03", [Events.completed("late", "2026-04-02T23:59:00"), Events.completed("x", "2026-04-03T09:00:00")])
    let outcome = try await workspace.calltally(["run", "nightly.yaml", "--from", "2026-04-01", "--to", "2026-04-02"])
    #expect(outcome.status == 0, "\(outcome.text)")
    #expect(try workspace.names(in: "output") == [".calltally.lock", "2026-04-01_2026-04-02"])
    let calls = try workspace.table("calls", in: "output/2026-04-01_2026-04-02")
    #expect(calls.column("day") == ["2026-04-01", "2026-04-02", "2026-04-02"])
    #expect(try workspace.table("archives", in: "output/2026-04-01_2026-04-02").rows.count == 2)
    #expect(try !workspace.names(in: "output/2026-04-01_2026-04-02").contains("restatements.csv"))
  }

  @Test func anAdHocRunReadsTheArchivesNamed() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    try workspace.writeArchive("2026-04-01", [Events.completed("a", "2026-04-01T10:00:00")])
    try workspace.writeArchive("2026-04-02", [Events.completed("b", "2026-04-02T10:00:00")])
    let all = ["run", "nightly.yaml", "--archives", "archives/*/*", "--output", "all"]
    #expect(try await workspace.calltally(all).status == 0)
    #expect(try workspace.table("calls", in: "all").column("conversation_id") == ["a", "b"])
    #expect(try !workspace.names(in: "all").contains("open_items.csv"))
    #expect(try await workspace.calltally(all + ["--day", "2026-04-02"]).status == 0)
    #expect(try workspace.table("calls", in: "all").column("conversation_id") == ["b"])
  }

  @Test(
    arguments: [
      ("nightly", ["--day", "2026-04-08"], "2026-04-08"),
      ("month-end", ["--from", "2026-04-01", "--to", "2026-04-30"], "2026-04-01_2026-04-30"),
    ])
  func thePipelinesOfTheRepositoryRun(name: String, arguments: [String], label: String) async throws {
    let workspace = try RunWorkspace()
    let pipelines = PublishedPayloads.checkout.appendingPathComponent("pipelines").path
    let outcome = try await workspace.calltally(
      ["run", "\(pipelines)/\(name).yaml"] + arguments,
      environment: ["CALLTALLY_ARCHIVES": "\(pipelines)/sample/archives"])
    #expect(outcome.status == 2 && outcome.errors.contains("14.jsonl.gz is cut off"), "\(outcome.text)")
    #expect(try workspace.table("calls", in: "output/\(name)/\(label)").rows.count == 241)
    #expect(try !workspace.table("open_items", in: "output/\(name)/\(label)").rows.isEmpty)
  }

  @Test func figuresAreRestatedAsTheyArePublished() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(
      """
      privacy: {conversation_id: last4}

      """)
    try workspace.writeArchive("2026-04-07", [Events.completed("secret-0001", "2026-04-07T23:58:00")])
    _ = try await workspace.night("2026-04-07")
    try workspace.writeArchive("2026-04-08", [Events.processed("secret-0001", "2026-04-08T00:03:00")])
    _ = try await workspace.night("2026-04-08")
    let keys = try workspace.nightTable("restatements", "2026-04-08").rows.filter { $0.text("table") == "calls" }
    #expect(!keys.isEmpty && keys.allSatisfy { $0.text("key")?.hasSuffix("0001") == true })
    for (name, bytes) in try workspace.published("output/2026-04-08") {
      #expect(!String(decoding: bytes, as: UTF8.self).contains("secret"), "\(name)")
    }
  }
}
