import Foundation
import Testing

@Suite("explain: what nights have left says which archives to read")
struct ExplainIndexTests {
  private typealias Events = NightEvents
  private static let folder = "output/.calltally-cache/nightly"

  /// An event whose id is given, so that several calls can have it.
  private static func processed(_ id: String, _ eventID: String, _ time: String, credits: Int = 1) -> String {
    "{\"event\":\"call.processed\",\"event_id\":\"\(eventID)\",\"timestamp\":\"\(time)\",\"conversation_id\":\"\(id)\","
      + "\"status\":\"completed\",\"duration\":60,\"credits\":\(credits),\"agent_id\":\"agent\"}\n"
  }

  private static func recording(_ id: String, of recorded: String, _ time: String) -> String {
    "{\"event\":\"call.recording\",\"event_id\":\"recording-\(id)\",\"timestamp\":\"\(time)\",\"conversation_id\":\"\(id)\","
      + "\"recording_url\":\"https://r/\(recorded)\"}\n"
  }

  private static let archives: [(path: String, lines: [String])] = [
    (
      "2026-04-06/00",
      [
        Events.completed("one", "2026-04-06T10:00:00", campaign: "k"), Events.processed("one", "2026-04-06T10:01:00"),
        Events.completed("two", "2026-04-06T10:02:00"), Events.completed("again", "2026-04-06T10:03:00"),
        Events.completed("conflict", "2026-04-06T10:04:00"), Events.completed("late", "2026-04-06T10:05:00"),
        processed("robbed", "evt_1", "2026-04-06T10:06:00"), processed("victim", "evt_2", "2026-04-06T10:07:00"),
        recording("one", of: "one", "2026-04-06T10:08:00"), Events.completed("taped", "2026-04-06T10:00:10"),
        Events.campaignStarted("k", "2026-04-06T09:00:00"),
      ]
    ),
    (
      "2026-04-06/01",
      [
        Events.processed("two", "2026-04-06T11:02:00"), Events.completed("again", "2026-04-06T10:03:00"),
        Events.processed("again", "2026-04-06T11:03:00"), Events.processed("late", "2026-04-06T11:05:00"),
        Events.completed("other", "2026-04-06T11:06:00"), Events.processed("other", "2026-04-06T11:07:00"),
        Events.processed("taped", "2026-04-06T11:08:00"),
      ]
    ),
    (
      "2026-04-06/02",
      [
        Events.completed("conflict", "2026-04-06T10:04:00", seconds: 999),
        processed("thief", "evt_1", "2026-04-06T12:00:00"), recording("taped", of: "one", "2026-04-06T12:01:00"),
        Events.campaignEnded("k", "2026-04-06T13:00:00", calls: 2, credits: 2),
      ]
    ),
    (
      "2026-04-07/00",
      [
        Events.completed("today", "2026-04-07T10:00:00"), Events.processed("today", "2026-04-07T10:01:00"),
        processed("fence", "evt_2", "2026-04-07T10:02:00"),
      ]
    ),
    ("2026-04-07/01", [Events.processed("late", "2026-04-07T11:00:00", credits: 9)]),
  ]

  /// Ids, and what of the archives may be read for each.
  private static let calls: [(id: String, archives: Set<String>)] = [
    ("one", ["2026-04-06/00"]), ("two", ["2026-04-06/00", "2026-04-06/01"]),
    ("again", ["2026-04-06/00", "2026-04-06/01"]), ("conflict", ["2026-04-06/00", "2026-04-06/02"]),
    ("late", ["2026-04-06/00", "2026-04-06/01", "2026-04-07/01"]), ("other", ["2026-04-06/01"]),
    ("today", ["2026-04-07/00"]), ("nobody", []),
    // Another line has the id of an event: then its day is searched.
    ("robbed", ["2026-04-06/00", "2026-04-06/01", "2026-04-06/02"]),
    ("thief", ["2026-04-06/00", "2026-04-06/01", "2026-04-06/02"]),
    ("victim", ["2026-04-06/00", "2026-04-07/00", "2026-04-07/01"]),
    // With the recording of another call it is told from whole books.
    ("taped", ["2026-04-06/00", "2026-04-06/01", "2026-04-06/02"]),
    ("fence", ["2026-04-06/00", "2026-04-06/01", "2026-04-06/02", "2026-04-07/00"]),
  ]

  /// Nights over archives that blank lines make large enough for what is put in their place.
  private func workspace() async throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    try workspace.writeNightly("limits: {archive: 1MiB}\n")
    for (path, lines) in Self.archives {
      let text = lines.joined() + String(repeating: "\n", count: 4_000)
      try workspace.write(storedGzip(Data(text.utf8)), to: "archives/\(path).jsonl.gz")
    }
    for day in ["2026-04-06", "2026-04-07"] { #expect(try await workspace.night(day).status == 0) }
    return workspace
  }

  private func explain(_ id: String, _ workspace: RunWorkspace) async throws -> RunWorkspace.Outcome {
    try await workspace.calltally(["explain", id, "nightly.yaml", "--json"])
  }

  /// A gzip file of 2 MB of zeros in as many bytes as another one, and with its last ones.
  private func tooMuch(insteadOf archive: Data, in workspace: RunWorkspace) async throws -> Data {
    #expect(try await workspace.shell("head -c 2000000 /dev/zero | gzip -n > zeros.gz").status == 0)
    var bytes = try workspace.read("zeros.gz").dropLast(8)
    bytes[3] = 8
    let name = Data(repeating: UInt8(ascii: "n"), count: archive.count - bytes.count - 9) + [0]
    bytes.insert(contentsOf: name, at: 10)
    return bytes + archive.suffix(8)
  }

  /// All other archives are replaced, under the same size, time and last bytes, by what ends every run that reads it.
  @Test func noOtherArchiveIsRead() async throws {
    let workspace = try await workspace()
    for (id, held) in Self.calls {
      let before = try await explain(id, workspace)
      #expect(before.status == (id == "nobody" ? 66 : 0), "\(id): \(before.text)")
      #expect(try await workspace.shell("cp -a archives kept").status == 0)
      for (path, _) in Self.archives where !held.contains(path) {
        let name = "archives/\(path).jsonl.gz"
        let bytes = try await tooMuch(insteadOf: try workspace.read(name), in: workspace)
        try workspace.write(bytes, to: name)
        #expect(try await workspace.shell("touch -r kept/\(path).jsonl.gz \(name)").status == 0)
      }
      let after = try await explain(id, workspace)
      #expect(after.text == before.text && after.status == before.status, "\(id): \(after.text)")
      if id == "one" {
        #expect(try await workspace.shell("mv output kept-output").status == 0)
        #expect(try await workspace.calltally(["explain", id, "nightly.yaml", "--day", "2026-04-07"]).status == 65)
        #expect(try await workspace.shell("mv kept-output output").status == 0)
      }
      #expect(try await workspace.shell("rm -r archives && mv kept archives").status == 0)
    }
  }

  private static let damages: [(String, @Sendable (RunWorkspace, String) throws -> Void)] = [
    ("deleted", { try FileManager.default.removeItem(atPath: "\($0.path)/\($1)") }),
    ("emptied", { try $0.write("", to: $1) }),
    ("torn", { try $0.write($0.read($1).dropLast(20), to: $1) }),
    (
      "flipped",
      { workspace, name in
        var bytes = try workspace.read(name)
        bytes[bytes.count * 2 / 3] ^= 4
        try workspace.write(bytes, to: name)
      }
    ),
    ("the digest", { try $0.write($0.read($1.replacingOccurrences(of: ".index", with: ".digest")), to: $1) }),
    ("of another day", { try $0.write($0.read("\(folder)/2026-04-07.index"), to: $1) }),
  ]

  @Test func aDamagedIndexChangesNoExplanation() async throws {
    let workspace = try await workspace()
    let ids = Self.calls.map(\.id) + ["k", "agent", "2026-04-06"]
    var intact: [RunWorkspace.Outcome] = []
    for id in ids { intact.append(try await explain(id, workspace)) }
    let name = "\(Self.folder)/2026-04-06.index"
    let index = try workspace.read(name)
    for (damage, apply) in Self.damages {
      try apply(workspace, name)
      for (id, intact) in zip(ids, intact) {
        let told = try await explain(id, workspace)
        #expect(told.text == intact.text && told.status == intact.status, "\(damage), \(id): \(told.text)")
      }
      try workspace.write(index, to: name)
    }
    #expect(try await workspace.shell("rm -r \(Self.folder)").status == 0)
    for (id, intact) in zip(ids, intact) {
      let told = try await explain(id, workspace)
      #expect(told.text == intact.text && told.status == intact.status, "without a cache, \(id): \(told.text)")
    }
  }

  /// What came since a night is not overlooked.
  @Test func anArchiveMoreMakesTheIndexStale() async throws {
    let workspace = try await workspace()
    #expect(try await explain("one", workspace).output.contains("\"7\"") == false)
    try workspace.writeArchive(
      "2026-04-06", [Events.processed("one", "2026-04-06T14:00:00", credits: 7)], name: "03.jsonl")
    #expect(try await explain("one", workspace).output.contains("\"7\""))
  }

  @Test("each odd call of sample days is told alike with what nights have left and without it")
  func sampleDays() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    let made = try await workspace.calltally([
      "sample", "archives", "--calls", "120", "--days", "3", "--seed", "7", "--mess",
    ])
    try #require(made.status == 0, "\(made.text)")
    let days = try workspace.names(in: "archives")
    for day in days { #expect(try await workspace.night(day).status <= 2) }
    var ids: Set<String> = []
    for day in days {
      let findings = try workspace.nightTable("findings", day).rows.compactMap { $0.text("subject_id") }
      let calls = try workspace.nightTable("calls", day).rows
      ids.formUnion(findings.filter { $0.hasPrefix("conv_") }.prefix(12))
      ids.formUnion(calls.filter { ($0.integer("deliveries")) > 4 }.prefix(4).compactMap { $0.text("conversation_id") })
      ids.formUnion(
        calls.prefix(2).flatMap { row in
          ["conversation_id", "campaign_id", "agent_id"].compactMap { row.text($0) }
        })
    }
    try #require(ids.count > 20)
    var told: [String: String] = [:]
    for id in ids { told[id] = try await explain(id, workspace).text }
    #expect(try await workspace.shell("rm -r output/.calltally-cache").status == 0)
    for id in ids { #expect(try await explain(id, workspace).text == told[id], "\(id)") }
  }

  @Test func anAgentWithoutCallsOnTheDayIsKnownWithTheCacheAndWithoutIt() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly(window: "{lookback: 3d, restate: 1d}")
    let call = Self.processed("one", "evt_1", "2026-04-06T10:00:00")
    try workspace.writeArchive("2026-04-06", [call])
    try workspace.writeArchive("2026-04-07", [Events.completed("two", "2026-04-07T10:00:00")])
    // Delivered again two days later, so that what is kept of the first day is more than that day's night needs.
    try workspace.writeArchive("2026-04-08", [call])
    for day in ["2026-04-06", "2026-04-07", "2026-04-08"] { _ = try await workspace.night(day) }
    let explain = ["explain", "agent", "nightly.yaml", "--day", "2026-04-07"]
    let cached = try await workspace.calltally(explain)
    #expect(cached.status == 0 && cached.text.contains("agent agent"))
    #expect(try await workspace.shell("rm -r output/.calltally-cache").status == 0)
    let bare = try await workspace.calltally(explain)
    #expect(bare.status == 0 && bare.text == cached.text)
  }
}
