import Foundation
import Testing

@Suite("The dispute pack")
struct RunDisputesTests {
  private struct Line {
    let text: String
    let code, subject, archive, eventID: String?
    let number: Int
    let hasEvent: Bool
  }

  private func lines(_ workspace: RunWorkspace, in folder: String = "output") throws -> [Line] {
    let text = String(decoding: try #require(workspace.published(folder)["disputes.jsonl"]), as: UTF8.self)
    return try text.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      #expect(
        Set(object.keys) == ["code", "subject_type", "subject_id", "archive", "line", "event_id", "event"])
      return Line(
        text: String(line), code: object["code"] as? String, subject: object["subject_id"] as? String,
        archive: object["archive"] as? String, eventID: object["event_id"] as? String,
        number: object["line"] as? Int ?? 0, hasEvent: object["event"] is [String: Any])
    }
  }

  @Test("every raw event is the line that stands in the archive, and every dispute has as many as it says")
  func eventsAreTheArchivesLines() async throws {
    let workspace = try RunWorkspace()
    let all = try await RunSamples.lines(calls: 600, seed: 31)
    try workspace.writeArchives(RunSamples.archives(of: all, cuts: [300, 900, 1400]))
    try workspace.writePipeline(lenientChecks)
    var sets: [[String: Data]] = []
    for threads in ["1", "4"] {
      let outcome = try await workspace.calltally(["run", "pipeline.yaml", "--threads", threads])
      #expect(outcome.status == 0, "\(outcome.text)")
      sets.append(try readTree(workspace.path + "/output"))
    }
    #expect(sets[0] == sets[1])

    let found = try lines(workspace)
    try #require(found.count > 10)
    let places = found.map { "\($0.archive ?? "") \(String(format: "%09d", $0.number))" }
    #expect(places == places.sorted(), "in archive order")
    var texts: [String: [Data]] = [:]
    for line in found {
      let archive = try #require(line.archive)
      if texts[archive] == nil {
        let bytes =
          archive.hasSuffix(".gz")
          ? Data(try run("gzip", "-dc", "\(workspace.path)/\(archive)").output.utf8) : try workspace.read(archive)
        texts[archive] = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
      }
      var raw = try #require(texts[archive])[line.number - 1]
      if raw.starts(with: [0xef, 0xbb, 0xbf]) { raw = raw.dropFirst(3) }
      #expect(line.text.hasSuffix("\"event\":\(String(decoding: raw, as: UTF8.self))}"))
      #expect(line.eventID.map { String(decoding: raw, as: UTF8.self).contains($0) } ?? false)
    }
    let table = try workspace.table("disputes")
    for row in table.rows {
      let own = found.filter { $0.code == row.text("code") && $0.subject == row.text("subject_id") }
      let rows = table.rows.filter {
        $0.text("code") == row.text("code") && $0.text("subject_id") == row.text("subject_id")
      }
      #expect(own.count == rows.reduce(0) { $0 + $1.integer("events") })
    }
    let stakes = table.rows.map { $0.decimal("credits_at_stake") }
    #expect(stakes == stakes.sorted(by: >))
    // What is not asked for is not there.
    #expect(sets[0]["disputes.jsonl.gz"] != nil)
    try workspace.write(
      "version: 1\nname: test\ninput: {archives: archives/*}\noutput: {directory: output, tables: [csv: {table: calls}]}\n"
        + lenientChecks, to: "pipeline.yaml")
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(try workspace.names(in: "output").filter { $0.hasPrefix("disputes") }.isEmpty)
  }

  @Test("events that came long before anything was odd about their call are there too")
  func longBefore() async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks)
    func event(_ name: String, _ id: String, _ call: String, _ members: String) -> String {
      #"{"event":"\#(name)","event_id":"\#(id)","conversation_id":"\#(call)","status":"completed",\#(members)}"#
    }
    // Events of other calls, between the two deliveries of one: more text than anybody would hold.
    let note = String(repeating: "x", count: 12 << 20)
    let between = (0..<6).map { event("call.started", "evt_a\($0)", "other-\($0)", #""note":"\#(note)""#) }
    let (done, again) = (#""call_duration":60"#, #""call_duration":61"#)
    let early = [
      event("call.completed", "evt_1", "a", done), event("call.processed", "evt_2", "a", #""duration":60,"credits":1"#),
      event("call.processed", "evt_3", "b", #""duration":60,"credits":2"#),
    ]
    let archives = [
      "0.jsonl": early, "1.jsonl": between,
      "2.jsonl": [event("call.completed", "evt_4", "b", done), event("call.completed", "evt_1", "a", again)],
    ]
    for (name, lines) in archives { try workspace.write(lines.map { $0 + "\n" }.joined(), to: "archives/\(name)") }
    for threads in ["1", "3"] {
      let outcome = try await workspace.calltally(["run", "pipeline.yaml", "--threads", threads])
      #expect(outcome.status == 0, "\(outcome.text)")
      let found = try lines(workspace)
      #expect(
        found.map { "\($0.code ?? "") \($0.archive ?? "") \($0.number)" } == [
          "conflict archives/0.jsonl 1", "conflict archives/0.jsonl 2", "credits-differ archives/0.jsonl 3",
          "credits-differ archives/2.jsonl 1", "conflict archives/2.jsonl 2",
        ])
      for line in found {
        let raw = archives[line.archive?.replacing("archives/", with: "") ?? ""]?[line.number - 1]
        #expect(line.text.hasSuffix("\"event\":\(raw ?? "")}"))
      }
    }
  }

  private static let calls = """
    {"event":"call.completed","event_id":"over-secret-1-done","conversation_id":"secret-1","status":"completed",\
    "call_duration":60,"username":"Jane Doe"}
    {"event":"call.processed","event_id":"evt_2","conversation_id":"secret-1","status":"completed","duration":60,\
    "credits":2,"username":"Jane Doe"}

    """

  @Test(
    "with any privacy rule raw events are left out unless the file keeps them, and ids are masked",
    arguments: [
      ("", "secret-1", true, ["over-secret-1-done", "evt_2"]),
      ("username: drop", "secret-1", false, ["over-secret-1-done", "evt_2"]),
      ("username: drop, raw: keep", "secret-1", true, ["over-secret-1-done", "evt_2"]),
      ("conversation_id: last4", "…et-1", false, [nil, "evt_2"]),
      ("conversation_id: drop", nil, false, [nil, "evt_2"]),
    ] as [(String, String?, Bool, [String?])])
  func privacyHolds(privacy: String, subject: String?, hasEvent: Bool, ids: [String?]) async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks + (privacy.isEmpty ? "" : "privacy: {\(privacy)}\n"))
    try workspace.write(Self.calls, to: "archives/a.jsonl")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    let found = try lines(workspace)
    #expect(found.map(\.eventID) == ids, "\(outcome.text)")
    #expect(found.allSatisfy { $0.subject == subject && $0.hasEvent == hasEvent })
    #expect(try workspace.table("disputes").column("subject_id") == [subject])
    if !hasEvent { #expect(!found.contains { $0.text.contains("Jane") }) }
  }

  @Test("what came by standard input cannot be read again: places, and no events")
  func standardInput() async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks)
    let call = Self.calls.split(separator: "\n").map { "\($0)\n" }
    try workspace.write(call[0], to: "archives/a.jsonl")
    let outcome = try await workspace.calltally(
      ["run", "pipeline.yaml", "--archives", "archives/a.jsonl", "-"], input: Data(call[1].utf8))
    #expect(outcome.status == 0, "\(outcome.text)")
    let found = try lines(workspace)
    #expect(found.map(\.archive) == ["-", "archives/a.jsonl"])
    #expect(found.map(\.hasEvent) == [false, true] && found.map(\.eventID) == [nil, "over-secret-1-done"])
  }

  @Test("a day's pack holds the events of its calls, whichever archive they came in")
  func nights() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    try workspace.writeArchive("2026-04-07", [NightEvents.completed("a", "2026-04-07T23:58:00")])
    #expect(try await workspace.night("2026-04-07").status == 0)
    #expect(try lines(workspace, in: "output/2026-04-07").isEmpty)
    try workspace.writeArchive(
      "2026-04-08",
      [
        NightEvents.processed("a", "2026-04-08T00:03:00", credits: 3),
        NightEvents.completed("b", "2026-04-08T01:00:00"),
      ])
    #expect(try await workspace.night("2026-04-08").status == 0)
    // The day before is published again, with the dispute that its late event makes.
    let found = try lines(workspace, in: "output/2026-04-07")
    #expect(found.map(\.archive) == ["archives/2026-04-07/00.jsonl", "archives/2026-04-08/00.jsonl"])
    #expect(try workspace.nightTable("disputes", "2026-04-07").column("credits_at_stake") == ["2"])
    #expect(try workspace.nightTable("disputes", "2026-04-08").rows.isEmpty)
    let manifest = String(decoding: try workspace.read("output/2026-04-07/manifest.json"), as: UTF8.self)
    #expect(manifest.contains("disputes.jsonl.gz"))
  }
}
