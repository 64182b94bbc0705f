import Foundation
import Testing

@Suite("Nights: what is kept of archives that were read before changes nothing")
struct NightCacheTests {
  private typealias Events = NightEvents
  private static let dates = ["2026-04-05", "2026-04-06", "2026-04-07", "2026-04-08", "2026-04-09"]
  private static let folder = "output/.calltally-cache"

  // MARK: Days on which everything goes wrong that days can have in common

  private static func hexadecimal(_ event: String, _ number: Int, _ conversation: String, _ rest: String) -> String {
    "{\"event\":\"\(event)\",\"event_id\":\"evt_000000000000000000000000000000\(number)\","
      + "\"conversation_id\":\"\(conversation)\",\(rest)}\n"
  }

  /// Plain settled calls, so that there is something to sum up.
  private static func plain(_ date: String, _ count: Int, campaign: String = "long") -> [String] {
    (0..<count).flatMap { number in
      [
        Events.completed(
          "p\(date)-\(number)", "\(date)T1\(number % 10):00:00", seconds: 30 + number, campaign: campaign),
        Events.processed("p\(date)-\(number)", "\(date)T1\(number % 10):01:00"),
      ]
    }
  }

  private static let days: [[String]] = {
    let settled = { (id: String) in
      [Events.completed(id, "2026-04-05T10:00:00", campaign: "long"), Events.processed(id, "2026-04-05T10:01:00")]
    }
    let first =
      plain("2026-04-05", 12) + settled("again") + settled("other") + settled("late") + settled("beaten")
      + settled("recorded") + [
        Events.campaignStarted("long", "2026-04-05T09:00:00"),
        hexadecimal(
          "call.processed", 11, "hex",
          "\"timestamp\":\"2026-04-05T12:00:00\",\"status\":\"completed\",\"duration\":61,\"credits\":2"),
        hexadecimal(
          "call.processed", 12, "stolen",
          "\"timestamp\":\"2026-04-05T12:01:00\",\"status\":\"completed\",\"duration\":60,\"credits\":1"),
        hexadecimal("call.processed", 13, "timeless", "\"status\":\"completed\",\"duration\":60,\"credits\":1"),
        hexadecimal(
          "call.processed", 14, "bad",
          "\"timestamp\":\"2026-02-31T12:00:00\",\"status\":\"completed\",\"duration\":60,\"credits\":1"),
        Events.completed("night", "2026-04-05T23:58:00", campaign: "long"),
        "no event\n", "\n", "{\"event\":\"call.waved\",\"event_id\":\"w1\"}\n",
      ]
    let second =
      plain("2026-04-06", 15) + [
        Events.processed("night", "2026-04-06T00:01:00"),
        // The same delivery, the same id with other content, and a later one that counts.
        Events.processed("again", "2026-04-05T10:01:00"), Events.processed("again", "2026-04-05T10:01:00"),
        Events.processed("other", "2026-04-05T10:01:00", credits: 7),
        Events.processed("late", "2026-04-06T11:00:00", credits: 3),
        hexadecimal(
          "call.recording", 15, "recorded",
          "\"timestamp\":\"2026-04-06T11:00:00\",\"recording_url\":\"https://r/recorded\""),
      ]
    let third =
      plain("2026-04-07", 9) + [
        // One that came later and is older, and one id for two calls.
        Events.processed("beaten", "2026-04-05T09:00:00", credits: 9),
        hexadecimal(
          "call.processed", 12, "thief",
          "\"timestamp\":\"2026-04-07T12:01:00\",\"status\":\"completed\",\"duration\":60,\"credits\":1"),
        hexadecimal("call.processed", 13, "timeless", "\"status\":\"completed\",\"duration\":60,\"credits\":1"),
        Events.completed("lost", "2026-04-07T15:00:00", campaign: "long"),
        Events.completed("early", "2026-04-05T16:00:00", campaign: "long"),
        Events.processed("early", "2026-04-05T16:01:00"),
      ]
    let fourth =
      plain("2026-04-08", 4) + [
        Events.campaignEnded("long", "2026-04-08T18:00:00", calls: 50, credits: 51),
        Events.completed("alone", "2026-04-08T19:00:00", campaign: "unheard"),
        Events.processed("alone", "2026-04-08T19:01:00"),
      ]
    return [first, second, third, fourth, plain("2026-04-09", 3, campaign: "unheard")]
  }()

  /// The archives of these days: plain, gzipped, and torn ones.
  private func workspace(_ rest: String = "") throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(rest)
    for (number, lines) in Self.days.enumerated() {
      let half = lines.count / 2
      let folder = "archives/\(Self.dates[number])"
      try workspace.write(lines[..<half].joined(), to: "\(folder)/10.jsonl")
      let packed = storedGzip(Data(lines[half...].joined().utf8))
      try workspace.write(number == 2 ? packed.dropLast(90) : packed, to: "\(folder)/11.jsonl.gz")
    }
    return workspace
  }

  /// Plays all nights; `before` does something to the cache before each but the first one.
  private func play(
    _ workspace: RunWorkspace, _ before: (RunWorkspace, String) throws -> Void = { _, _ in }
  ) async throws -> [String: Data] {
    let manager = FileManager.default
    try manager.moveItem(atPath: workspace.path + "/archives", toPath: workspace.path + "/all")
    try manager.createDirectory(atPath: workspace.path + "/archives", withIntermediateDirectories: false)
    for (number, date) in Self.dates.enumerated() {
      try manager.moveItem(
        atPath: "\(workspace.path)/all/\(date)", toPath: "\(workspace.path)/archives/\(date)")
      if number > 0 { try before(workspace, date) }
      let outcome = try await workspace.night(date)
      #expect(outcome.status == 0, "\(date): \(outcome.text)")
    }
    return try readTree(workspace.path + "/output").filter { !$0.key.hasPrefix(".calltally-cache") }
  }

  private static func entries(_ workspace: RunWorkspace) throws -> [String] {
    try workspace.names(in: "\(folder)/nightly").map { "\(folder)/nightly/\($0)" }
  }

  private static let damages: [(String, @Sendable (RunWorkspace, String) throws -> Void)] = [
    ("deleted", { workspace, _ in try FileManager.default.removeItem(atPath: "\(workspace.path)/\(folder)") }),
    (
      "truncated",
      { workspace, _ in
        for (number, name) in try entries(workspace).enumerated() {
          let bytes = try workspace.read(name)
          try workspace.write(bytes.prefix(bytes.count * (number % 5 + 1) / 6), to: name)
        }
      }
    ),
    (
      "flipped",
      { workspace, _ in
        for (number, name) in try entries(workspace).enumerated() {
          var bytes = try workspace.read(name)
          bytes[bytes.count * ((2 * number + 1) % 11) / 11] ^= 1 << UInt8(number % 8)
          try workspace.write(bytes, to: name)
        }
      }
    ),
    ("emptied", { workspace, _ in for name in try entries(workspace) { try workspace.write("", to: name) } }),
    (
      "without hashes",
      { workspace, _ in
        for name in try entries(workspace) where name.hasSuffix(".hashes") {
          try FileManager.default.removeItem(atPath: "\(workspace.path)/\(name)")
        }
      }
    ),
    (
      "with comparisons alone",
      { workspace, _ in
        for name in try entries(workspace) where !name.hasSuffix("compared") {
          try FileManager.default.removeItem(atPath: "\(workspace.path)/\(name)")
        }
      }
    ),
    (
      "of another day",
      { workspace, _ in
        let names = try entries(workspace)
        let bytes = try workspace.read(names[0])
        for name in names { try workspace.write(bytes, to: name) }
      }
    ),
    (
      "a file instead of the folder",
      { workspace, _ in
        try FileManager.default.removeItem(atPath: "\(workspace.path)/\(folder)")
        try workspace.write("in the way", to: folder)
      }
    ),
    (
      "folders instead of the files",
      { workspace, _ in
        for name in try entries(workspace) {
          try FileManager.default.removeItem(atPath: "\(workspace.path)/\(name)")
          try workspace.write("x", to: "\(name)/x")
        }
      }
    ),
    (
      "torn by a dead run",
      { workspace, date in try workspace.write("torn", to: "\(folder)/nightly/.\(date).digest.tmp") }
    ),
  ]

  @Test func aDamagedCacheChangesNoByte() async throws {
    let expected = try await play(try workspace())
    #expect(expected.count > 50)
    for (name, damage) in Self.damages {
      let output = try await play(try workspace(), damage)
      #expect(Set(output.keys) == Set(expected.keys), "\(name)")
      for (file, bytes) in expected { #expect(output[file] == bytes, "\(name): \(file)") }
    }
  }

  @Test(arguments: ["UTC", "Asia/Kolkata", "America/Los_Angeles"])
  func daysHoldWhatOneRunOverAllArchivesHolds(zone: String) async throws {
    let workspace = try workspace("business: {timezone: \(zone)}\n")
    _ = try await play(workspace)
    try workspace.write(
      "version: 1\nname: plain\ninput: {archives: \"archives/*/*\"}\noutput: {directory: plain}\n"
        + "business: {timezone: \(zone)}\n" + lenientChecks, to: "plain.yaml")
    #expect(try await workspace.calltally(["run", "plain.yaml"]).status == 0)
    // Only the calls of the days that are published; in another zone there are days before and behind them.
    let published = { (row: MachineTable.Row) in row.text("day").map(Self.dates.contains) ?? true }
    for name in ["calls", "totals", "archives", "rejects"] {
      let daily = try Self.dates.flatMap { try workspace.nightTable(name, $0).rows }
      let plain = try workspace.table(name, in: "plain").rows.filter(published)
      #expect(daily.count == plain.count && Set(daily) == Set(plain), "\(name)")
    }
    let calls = Set(try Self.dates.flatMap { try workspace.nightTable("calls", $0).column("conversation_id") })
    for name in ["transcripts", "insights", "context"] {
      let daily = try Self.dates.flatMap { try workspace.nightTable(name, $0).rows }
      let plain = try workspace.table(name, in: "plain").rows.filter { calls.contains($0.text("conversation_id")) }
      #expect(Set(daily) == Set(plain), "\(name)")
    }
    let campaign = try #require(try workspace.nightTable("reconciliation", "2026-04-08").row("campaign_id", "long"))
    #expect(try campaign == workspace.table("reconciliation", in: "plain").row("campaign_id", "long"))
    let conflicts = try Self.dates.flatMap { try workspace.nightTable("findings", $0).rows }
      .filter { $0.text("code") == "conflict" }.compactMap { $0.text("subject_id") }
    #expect(conflicts.sorted() == ["other", "thief"])
  }

  // MARK: Explanations

  /// Each thing of these days is told alike by the cache's help and without it, and as the tables have it.
  @Test(arguments: ["2026-04-06", "2026-04-08"])
  func explanationsAreTheSameWithoutTheCache(day: String) async throws {
    let workspace = try workspace()
    _ = try await play(workspace)
    let ids = [
      "again", "other", "late", "beaten", "recorded", "night", "hex", "stolen", "thief", "timeless", "bad", "lost",
      "early",
      "alone", "p2026-04-05-3", "p2026-04-06-0", "long", "unheard", "2026-04-05", "2026-04-06", "nobody",
    ]
    func explain(_ id: String) async throws -> RunWorkspace.Outcome {
      try await workspace.calltally(["explain", id, "nightly.yaml", "--day", day, "--json"])
    }
    var warm: [RunWorkspace.Outcome] = []
    for id in ids { warm.append(try await explain(id)) }
    try FileManager.default.removeItem(atPath: "\(workspace.path)/\(Self.folder)")
    for (id, warm) in zip(ids, warm) {
      let cold = try await explain(id)
      #expect(warm.text == cold.text, "\(id)")
      #expect(cold.status == (id == "nobody" ? 66 : 0) || day == "2026-04-06", "\(id): \(cold.text)")
    }
    #expect(try !workspace.names(in: "output").contains(".calltally-cache"), "nothing is written")
    guard day == "2026-04-08" else { return }
    // The one event of this call has the id of another call's event, which came first.
    let thief = try await explain("thief").output
    #expect(
      thief.contains("\"conflict\"") && !thief.contains("\"counted\"") && !thief.contains("\"name\" : \"credits\", "))
    #expect(try workspace.nightTable("calls", "2026-04-07").row("conversation_id", "thief") == nil)
    let campaign = try #require(try workspace.nightTable("reconciliation", day).row("campaign_id", "long"))
    let told = try await workspace.calltally(["explain", "long", "nightly.yaml", "--day", day])
    #expect(told.output.contains("claimed − \(campaign.text("counted_total_calls") ?? "") counted"), "\(told.output)")
  }

  /// Of the other days not a byte is read but the last ones: their text is replaced by nonsense of the same size and time.
  @Test func onlyTheArchivesOfACallsDayAreRead() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    let days = ["2026-04-05", "2026-04-06", "2026-04-07"]
    for day in days {
      try workspace.writeArchive(
        day,
        [
          Events.completed("a\(day)", "\(day)T10:00:00", campaign: "k\(day)"),
          Events.processed("a\(day)", "\(day)T10:01:00"),
        ])
      #expect(try await workspace.night(day).status == 0)
    }
    func explain(_ id: String) async throws -> RunWorkspace.Outcome {
      try await workspace.calltally(["explain", id, "nightly.yaml", "--json"])
    }
    var before: [RunWorkspace.Outcome] = []
    let ids = ["a2026-04-06", "k2026-04-06", "2026-04-06", "nobody"]
    for id in ids { before.append(try await explain(id)) }
    for day in [days[0], days[2]] {
      let path = "archives/\(day)/00.jsonl"
      var bytes = try workspace.read(path)
      for place in 0..<bytes.count - 20 { bytes[place] = UInt8(ascii: "x") }
      try await replace(path, in: workspace, with: bytes)
    }
    for (id, before) in zip(ids, before) {
      let after = try await explain(id)
      #expect(after.text == before.text && after.status == (id == "nobody" ? 66 : 0), "\(id): \(after.text)")
    }
    // What came since is not overlooked.
    try workspace.writeArchive(
      days[2], [Events.processed("a2026-04-06", "2026-04-07T11:00:00", credits: 9)], name: "01.jsonl")
    #expect(try await explain("a2026-04-06").output.contains("\"9\""))
  }

  // MARK: When it is believed

  /// A call on the 5th in a campaign that ends on the 6th, whose credits tell which bytes were read.
  private func campaignOfTwoDays(_ archive: (RunWorkspace, Int) throws -> Void) async throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    try archive(workspace, 1)
    #expect(try await workspace.night("2026-04-05").status == 0)
    try workspace.writeArchive(
      "2026-04-06", [Events.campaignEnded("c", "2026-04-06T10:00:00", calls: 1, credits: 1)])
    return workspace
  }

  private static func lines(credits: Int) -> String {
    Events.completed("a", "2026-04-05T10:00:00", campaign: "c")
      + Events.processed("a", "2026-04-05T10:01:00", credits: credits)
      + Events.campaignStarted("c", "2026-04-05T09:00:00")
  }

  private func countedCredits(_ workspace: RunWorkspace) async throws -> String? {
    #expect(try await workspace.night("2026-04-06").status == 0)
    return try workspace.nightTable("reconciliation", "2026-04-06").row("campaign_id", "c")?
      .text("counted_total_credits")
  }

  @Test func anArchiveIsKnownByItsEnds() async throws {
    let path = "archives/2026-04-05/00.jsonl"
    let workspace = try await campaignOfTwoDays { try $0.write(Self.lines(credits: $1), to: path) }
    try await replace(path, in: workspace, with: Data(Self.lines(credits: 5).utf8))
    // Size, time and last bytes are the same: the 5th is not read again for the 6th.
    #expect(try await countedCredits(workspace) == "1")
    try FileManager.default.removeItem(atPath: "\(workspace.path)/\(Self.folder)")
    #expect(try await countedCredits(workspace) == "5")
  }

  @Test func anArchiveOfTheSameSizeAndTimeIsToldByItsTrailer() async throws {
    let path = "archives/2026-04-05/00.jsonl.gz"
    let workspace = try await campaignOfTwoDays {
      try $0.write(storedGzip(Data(Self.lines(credits: $1).utf8)), to: path)
    }
    try await replace(path, in: workspace, with: storedGzip(Data(Self.lines(credits: 5).utf8)))
    #expect(try await countedCredits(workspace) == "5")
  }

  /// Replaces a file by one of the same size and time.
  private func replace(_ path: String, in workspace: RunWorkspace, with bytes: Data) async throws {
    #expect(try workspace.read(path).count == bytes.count)
    #expect(try await workspace.shell("touch -r \(path) before").status == 0)
    try workspace.write(bytes, to: path)
    #expect(try await workspace.shell("touch -r before \(path) && rm before").status == 0)
  }

  @Test(
    arguments: [
      ("business: {timezone: Asia/Tokyo}\n", "{lookback: 35d, restate: 7d}"),
      ("input: {archives: \"archives/${day}/*\", timezone: America/New_York}\n", "{lookback: 35d, restate: 7d}"),
      ("billing: {pulse: 30s}\n", "{lookback: 35d, restate: 7d}"),
      ("limits: {line: 200B}\n", "{lookback: 35d, restate: 7d}"), ("", "{lookback: 2d}"),
    ])
  func aChangedPipelineTellsTheDaysAnew(change: String, window: String) async throws {
    let workspace = try workspace()
    _ = try await play(workspace)
    var text = "version: 1\nname: nightly\noutput: {directory: \"output/${day}\"}\nwindow: \(window)\n" + lenientChecks
    if !change.hasPrefix("input:") { text += "input: {archives: \"archives/${day}/*\"}\n" }
    try workspace.write(text + change, to: "nightly.yaml")
    #expect(try await workspace.night("2026-04-08", ["--output", "output/again-${day}"]).status == 0)
    #expect(try await workspace.night("2026-04-08", ["--output", "fresh/again-${day}"]).status == 0)
    let (warm, cold) = (
      try readTree(workspace.path + "/output/again-2026-04-08"),
      try readTree(workspace.path + "/fresh/again-2026-04-08")
    )
    for (name, bytes) in cold where name != "manifest.json" { #expect(warm[name] == bytes, "\(name)") }
    #expect(warm.count == cold.count)
  }

  // MARK: What it leaves

  @Test func entriesOutOfEveryWindowGo() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(window: "{lookback: 2d, restate: 1d}")
    let names = { try workspace.names(in: "\(Self.folder)/nightly") }
    for day in 1...9 {
      try workspace.writeArchive("2026-04-0\(day)", [Events.completed("c\(day)", "2026-04-0\(day)T10:00:00")])
      #expect(try await workspace.night("2026-04-0\(day)").status == 0)
    }
    // The night of the 9th reads the archives from the 4th on.
    func files(from first: Int) -> [String] {
      (first...9).flatMap { ["2026-04-0\($0).digest", "2026-04-0\($0).hashes", "2026-04-0\($0).index"] } + ["compared"]
    }
    let known = files(from: 4)
    #expect(try names() == known)
    try workspace.write("what is that", to: "\(Self.folder)/nightly/2026-04-09.digest.old")
    // A day told again needs older ones, and takes nothing from the nights to come.
    #expect(try await workspace.night("2026-04-06").status == 0)
    #expect(try names() == files(from: 1))
    #expect(try await workspace.night("2026-04-09").status == 0)
    #expect(try names() == known)
    let modes = try await workspace.shell(
      "stat -c %a \(Self.folder) \(Self.folder)/nightly \(Self.folder)/nightly/2026-04-09.digest")
    #expect(modes.output == "700\n700\n600\n")
  }

  @Test func onlyNightsLeaveOne() async throws {
    let workspace = try workspace()
    #expect(try await workspace.night("2026-04-08", ["--dry-run"]).status == 0)
    #expect(
      try await workspace.calltally(["run", "nightly.yaml", "--from", "2026-04-07", "--to", "2026-04-08"]).status == 0)
    #expect(try await workspace.night("2026-04-08", ["--output", "elsewhere"]).status == 0)
    try workspace.writeNightly(window: nil)
    #expect(try await workspace.night("2026-04-08").status == 0)
    #expect(try await workspace.shell("find . -name '*cache*' -o -name '*.digest' -o -name '*.index'").output.isEmpty)
  }

  @Test func archivesAreReadAgainForWhatTheyShare() async throws {
    // A settled call of the first day, whose processed event is delivered again days later.
    let workspace = try workspace()
    _ = try await play(workspace)
    let again = try #require(try workspace.nightTable("calls", "2026-04-05").row("conversation_id", "again"))
    #expect(again.integer("deliveries") == 4)
    let late = try #require(try workspace.nightTable("calls", "2026-04-05").row("conversation_id", "late"))
    #expect(late.text("credits") == "3")
    let restated = try workspace.nightTable("restatements", "2026-04-06").rows.filter { $0.text("table") == "calls" }
    #expect(
      Set(restated.compactMap { $0.text("key") })
        == ["again", "late", "night", "other", "recorded"]
        .filter { $0 != "other" }.reduce(into: Set<String>()) { $0.insert($1) })
  }
}
