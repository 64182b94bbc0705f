import Foundation
import Testing

@Suite("calltally explain")
struct ExplainTests {
  private struct Explanation: Decodable {
    struct Figure: Decodable {
      let name: String
      let value: String?
      let how: String?
      let origin: String?
    }

    struct Event: Decodable {
      let event, archive, delivery: String
      let line: Int
      let eventId: String?
      let says: [Figure]
    }

    struct Call: Decodable { let conversationId: String? }

    struct Finding: Decodable {
      let code, meaning, action: String
      let count: Int
    }

    let kind: String
    let id: String?
    let figures: [Figure]
    let events: [Event]
    let calls: [Call]
    let furtherCalls: Int
    let findings: [Finding]

    subscript(name: String) -> Figure? { figures.first { $0.name == name } }
  }

  private func explain(
    _ workspace: RunWorkspace, _ arguments: [String], environment: [String: String] = [:]
  ) async throws -> [Explanation] {
    let outcome = try await workspace.calltally(["explain"] + arguments + ["--json"], environment: environment)
    try #require(outcome.status == 0, "\(outcome.text)")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode([Explanation].self, from: Data(outcome.output.utf8))
  }

  /// A call that started and was completed (twice delivered) for 115 s, and was processed with 130 s and 4 credits.
  private static let first = """
    {"event":"campaign.started","event_id":"evt_k1","timestamp":"2026-04-08T09:00:00","campaign_id":"k","campaign_name":"Spring"}
    {"event":"call.started","event_id":"evt_1","timestamp":"2026-04-08T10:00:00","conversation_id":"c","campaign_id":"k","agent_id":"g","connected_at":"2026-04-08T10:00:00"}
    {"event":"call.started","event_id":"evt_9","timestamp":"2026-04-08T10:00:30","conversation_id":"other","campaign_id":"k","agent_id":"g"}
    {"event":"call.completed","event_id":"evt_2","timestamp":"2026-04-08T10:02:00","conversation_id":"c","campaign_id":"k","agent_id":"g","status":"completed","call_duration":115,"ended_at":"2026-04-08T10:01:55"}

    """
  private static let second = """
    {"event":"call.completed","event_id":"evt_2","timestamp":"2026-04-08T10:02:00","conversation_id":"c","campaign_id":"k","agent_id":"g","status":"completed","call_duration":115,"ended_at":"2026-04-08T10:01:55"}
    {"event":"call.completed","event_id":"evt_2","timestamp":"2026-04-08T10:02:00","conversation_id":"\\u0063","campaign_id":"k","agent_id":"g","status":"completed","call_duration":999}
    {"event":"call.processed","event_id":"evt_3","timestamp":"2026-04-08T10:03:00","conversation_id":"c","campaign_id":"k","agent_id":"g","status":"completed","duration":130,"credits":4}
    {"event":"campaign.ended","event_id":"evt_k2","timestamp":"2026-04-08T12:00:00","campaign_id":"k","campaign_name":"Spring","ended_at":"2026-04-08T12:00:00","total_calls":2,"total_credits":5}

    """

  private func workspace(_ rest: String = "") throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks + rest)
    try workspace.write(Self.first, to: "archives/a.jsonl")
    try workspace.write(Self.second, to: "archives/b.jsonl")
    return workspace
  }

  @Test func aCallIsToldWithItsInputs() async throws {
    let workspace = try workspace()
    let found = try await explain(workspace, ["c", "pipeline.yaml"])
    #expect(found.map(\.kind) == ["call"])
    let call = try #require(found.first)
    #expect(call.id == "c")
    // 130 s are 3 pulses, so 3 credits; 4 were charged.
    let figures = [
      "status": "completed", "duration_seconds": "130", "other_duration": "115", "pulses": "3",
      "billable_seconds": "180", "expected_credits": "3", "credits": "4", "credits_difference": "1",
      "settlement": "settled", "day": "2026-04-08", "deliveries": "4",
    ]
    for (name, value) in figures { #expect(call[name]?.value == value, "\(name)") }
    #expect(call["duration_seconds"]?.origin == "archives/b.jsonl:3")
    #expect(call["other_duration"]?.origin == "archives/a.jsonl:4")
    #expect(call["ended_at"]?.origin == "archives/a.jsonl:4")
    #expect(call["pulses"]?.how == "130 s / 60 s, rounded up")
    #expect(call["day"]?.how?.hasPrefix("ended_at 2026-04-08T10:01:55") ?? false)
    #expect(
      call.events.map { "\($0.event) \($0.archive):\($0.line) \($0.eventId ?? "") \($0.delivery)" } == [
        "call.started archives/a.jsonl:2 evt_1 counted", "call.completed archives/a.jsonl:4 evt_2 counted",
        "call.completed archives/b.jsonl:1 evt_2 duplicate", "call.completed archives/b.jsonl:2 evt_2 conflict",
        "call.processed archives/b.jsonl:3 evt_3 counted",
      ])
    #expect(call.events[3].says.contains { $0.name == "call_duration" && $0.value == "999" })
    #expect(
      call.findings.map(\.code).filter { $0 != "duration-off-clock" } == [
        "conflict", "credits-differ", "duration-conflict",
      ])
    #expect(call.findings.allSatisfy { $0.meaning.hasSuffix(".") && $0.action.count > 5 })
    #expect(try workspace.names() == ["archives", "pipeline.yaml"], "nothing is written")
  }

  @Test func theFiguresAreThoseOfTheTables() async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks)
    try await workspace.writeSample(calls: 150, seed: 9)
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    let (calls, reconciliation) = (try workspace.table("calls"), try workspace.table("reconciliation"))
    let odd = calls.rows.filter { $0.decimal("credits_difference") != 0 || $0.text("settlement") != "settled" }
    for row in odd.prefix(4) + calls.rows.prefix(2) {
      let call = try #require(try await explain(workspace, [row.text("conversation_id") ?? "", "pipeline.yaml"]).first)
      for name in [
        "status", "connected_at", "ended_at", "duration_seconds", "billable_seconds", "credits", "expected_credits",
        "credits_difference", "settlement", "day", "deliveries",
      ] {
        #expect(call[name]?.value == row.text(name), "\(name) of \(row)")
      }
      #expect(call.events.count >= row.integer("deliveries"))
    }
    for row in reconciliation.rows.prefix(3) {
      let id = try #require(row.text("campaign_id"))
      let campaign = try #require(try await explain(workspace, [id, "pipeline.yaml"]).first)
      #expect(campaign.kind == "campaign" && campaign["verdict"]?.value == row.text("verdict"))
      #expect(campaign["calls_awaiting"]?.value == row.text("calls_awaiting"))
      if row.text("difference_total_credits") != nil {
        #expect(campaign["difference_total_credits"]?.value == row.text("difference_total_credits"))
      }
    }
    let day = try #require(try await explain(workspace, ["2026-04-08", "pipeline.yaml"]).first)
    let own = calls.rows.filter { $0.text("day") == "2026-04-08" }
    #expect(day.kind == "day" && day["calls"]?.value == "\(own.count)")
    #expect(day["credits"]?.value.flatMap { Decimal(string: $0) } == own.reduce(0) { $0 + $1.decimal("credits") })
    #expect(day.calls.count <= 20 && day.furtherCalls >= 0)
  }

  @Test func campaignsAndAgents() async throws {
    let workspace = try workspace()
    let campaign = try #require(try await explain(workspace, ["k", "pipeline.yaml"]).first)
    #expect(campaign.kind == "campaign" && campaign["campaign_name"]?.value == "Spring")
    // Two calls are claimed and there; of 5 credits the calls have 4.
    #expect(campaign["difference_total_calls"]?.how == "2 claimed − 2 counted")
    #expect(campaign["difference_total_credits"]?.value == "1")
    #expect(campaign.events.map(\.event) == ["campaign.started", "campaign.ended"])
    #expect(campaign.calls.map(\.conversationId) == ["c", "other"])
    let agent = try #require(try await explain(workspace, ["g", "pipeline.yaml"]).first)
    #expect(agent.kind == "agent" && agent["calls"]?.value == "2" && agent["credits"]?.value == "4")
    #expect(agent.events.isEmpty && agent.findings.contains { $0.code == "credits-differ" && $0.count == 1 })
  }

  @Test("an id that is several things shows each")
  func severalKinds() async throws {
    let workspace = try workspace()
    try workspace.write(
      #"{"event":"call.started","event_id":"evt_x","conversation_id":"k","campaign_id":"z","agent_id":"k"}"# + "\n",
      to: "archives/c.jsonl")
    #expect(try await explain(workspace, ["k", "pipeline.yaml"]).map(\.kind) == ["call", "campaign", "agent"])
  }

  @Test func textIsReadableInEightyColumns() async throws {
    let outcome = try await workspace().calltally(["explain", "k", "pipeline.yaml"])
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("campaign k\n"))
    for line in outcome.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  /// `thief` has one event, under an id that an event of `c` has used before.
  @Test func anEventIdOfAnotherCallIsNoticed() async throws {
    let workspace = try workspace()
    try workspace.write(
      #"{"event":"call.processed","event_id":"evt_3","timestamp":"2026-04-08T11:00:00","conversation_id":"thief","status":"completed","duration":60,"credits":1}"#
        + "\n", to: "archives/c.jsonl")
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(try workspace.table("calls").row("conversation_id", "thief") == nil)
    let thief = try #require(try await explain(workspace, ["thief", "pipeline.yaml"]).first)
    #expect(thief.kind == "call" && thief["events_counted"]?.value == "0")
    #expect(thief.events.map(\.delivery) == ["conflict"])
    #expect(thief.findings.map(\.code) == ["conflict"])
    let first = try #require(try await explain(workspace, ["c", "pipeline.yaml"]).first)
    #expect(first["credits"]?.value == "4" && first.events.count == 5)
  }

  @Test("an agent's and a day's findings are those of their calls, whatever shows them")
  func findingsOfSums() async throws {
    let workspace = try workspace()
    try workspace.write(
      #"{"event":"call.started","event_id":"evt_30","timestamp":"2026-02-30T10:00:00","connected_at":"2026-04-08T12:00:00","conversation_id":"odd","agent_id":"g"}"#
        + "\n", to: "archives/c.jsonl")
    for id in ["g", "2026-04-08"] {
      let sum = try #require(try await explain(workspace, [id, "pipeline.yaml"]).first)
      let codes = sum.findings.map(\.code)
      #expect(codes.contains("bad-timestamp") && codes.contains("conflict"), "\(id): \(codes)")
    }
  }

  @Test("statuses and campaigns that differ are told, under their masks")
  func whatDiffersIsNamed() async throws {
    let workspace = try RunWorkspace()
    try workspace.write(
      #"{"event":"call.completed","event_id":"evt_1","conversation_id":"c","campaign_id":"camp-a","status":"failed-softly","call_duration":60}"#
        + "\n"
        + #"{"event":"call.processed","event_id":"evt_2","conversation_id":"c","campaign_id":"camp-b","status":"completed","duration":60,"credits":1}"#
        + "\n", to: "archives/a.jsonl")
    for (privacy, statuses, campaigns) in [
      ("", ["completed", "failed-softly"], ["camp-b", "camp-a"]),
      ("privacy: {status: last4, campaign_id: drop}\n", ["…eted", "…ftly"], [nil, nil]),
    ] {
      try workspace.writePipeline(lenientChecks + privacy)
      #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
      for table in ["findings", "disputes"] {
        let rows = try workspace.table(table)
        let (status, campaign) = (rows.row("code", "status-differs"), rows.row("code", "two-campaigns"))
        #expect([status?.text("claimed"), status?.text("counted")] == statuses)
        #expect([campaign?.text("claimed"), campaign?.text("counted")] == campaigns)
      }
      let told = try await workspace.calltally(["explain", "c", "pipeline.yaml"])
      #expect(told.output.contains("claimed \(statuses[0]), counted \(statuses[1])"), "\(told.output)")
      #expect(privacy.isEmpty == told.output.contains("camp-a"), "\(told.output)")
    }
  }

  @Test func whatNobodyKnowsIs66() async throws {
    let workspace = try workspace()
    for id in ["nobody", "2031-01-01"] {
      let outcome = try await workspace.calltally(["explain", id, "pipeline.yaml"])
      #expect(outcome.status == 66)
      #expect(
        outcome.errors == "calltally: no call, campaign, agent or day in the archives of test goes by \(id)\n",
        "\(outcome.text)")
    }
    #expect(try await workspace.calltally(["explain", "c"]).status == 64)
    #expect(try await workspace.calltally(["explain", "c", "pipeline.yaml", "--archives", "-"]).status == 64)
    #expect(try await workspace.calltally(["explain", "c", "pipeline.yaml", "--day", "today"]).status == 64)
    #expect(try await workspace.calltally(["explain", "c", "gone.yaml"]).status == 78)
  }

  @Test("masks hold, and a hashed id is found")
  func privacyHolds() async throws {
    let workspace = try workspace("privacy: {conversation_id: hash, agent_id: drop, campaign_name: last4}\n")
    let key = ["CALLTALLY_HASH_KEY": "k"]
    let clear = try #require(try await explain(workspace, ["c", "pipeline.yaml"], environment: key).first)
    let hashed = try #require(clear.id)
    #expect(hashed.utf8.count == 64)
    #expect(clear.events.allSatisfy { !$0.says.contains { $0.name == "agent_id" } })
    let again = try #require(try await explain(workspace, [hashed, "pipeline.yaml"], environment: key).first)
    #expect(again.id == hashed && again.events.count == clear.events.count)
    let campaign = try #require(try await explain(workspace, ["k", "pipeline.yaml"], environment: key).first)
    #expect(campaign["campaign_name"]?.value == "…ring")
    #expect(campaign.calls.first?.conversationId == hashed)
  }

  @Test("of a pipeline of days the day published last is looked into, or the one named")
  func days() async throws {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    try workspace.writeArchive("2026-04-07", [NightEvents.completed("a", "2026-04-07T23:58:00")])
    let none = try await workspace.calltally(["explain", "a", "nightly.yaml"])
    #expect(none.status == 64 && none.errors.contains("no day has been published yet"), "\(none.text)")
    _ = try await workspace.night("2026-04-07")
    try workspace.writeArchive("2026-04-08", [NightEvents.processed("a", "2026-04-08T00:03:00", credits: 3)])
    let before = try #require(try await explain(workspace, ["a", "nightly.yaml"]).first)
    #expect(before["settlement"]?.value == "awaiting_processed")
    let after = try #require(try await explain(workspace, ["a", "nightly.yaml", "--day", "2026-04-08"]).first)
    #expect(after["credits"]?.value == "3" && after["day"]?.value == "2026-04-07")
    // Told on its own day, whose archives do not have the late event.
    let day = try #require(try await explain(workspace, ["2026-04-07", "nightly.yaml"]).first)
    #expect(day["calls"]?.value == "1" && day["credits"]?.value == "0")
    let range = try await explain(workspace, ["a", "nightly.yaml", "--from", "2026-04-07", "--to", "2026-04-08"])
    #expect(range.first?["credits"]?.value == "3")
  }
}
