import Foundation
import Testing

/// The calls of agent `a-first` cost half a credit a 30 s begun, those of `a-other` a credit a minute begun.
@Suite("calltally rate") struct RateCommandTests {
  private func workspace() throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    let calls: [(agent: String, seconds: Int, credits: String)] = [
      ("a-first", 10, "0.5"), ("a-first", 31, "1"), ("a-first", 61, "1.5"), ("a-first", 95, "2"),
      ("a-first", 130, "2.5"), ("a-other", 10, "1"), ("a-other", 70, "2"),
    ]
    var lines = calls.enumerated().map { number, call in
      "{\"event\":\"call.processed\",\"event_id\":\"evt_\(number)\",\"conversation_id\":\"conv-\(number)\","
        + "\"timestamp\":\"2026-04-0\(8 + number / 6)T23:30:00\",\"workspace_id\":\"w\",\"agent_id\":\"\(call.agent)\","
        + "\"status\":\"completed\",\"duration\":\(call.seconds),\"credits\":\(call.credits)}\n"
    }
    lines.append(
      #"{"event":"call.processed","event_id":"evt_x","conversation_id":"x","status":"busy","duration":0,"credits":9}"#
        + "\n")
    lines.append(
      #"{"event":"call.processed","event_id":"evt_y","conversation_id":"y","status":"completed","duration":5}"# + "\n")
    try workspace.write(lines.joined(), to: "archives/a.jsonl")
    return workspace
  }

  /// By hand: half a credit a pulse, 31 s at 1 are two pulses of 16 s to 30 s and 130 s at 2.5 five of 26 s to 32 s, so
  /// 26 s to 30 s explain five of seven; a credit a minute explains 31 s, 95 s and the two of the other agent.
  @Test func theBestRuleIsToldWithWhatSpeaksAgainstIt() async throws {
    let outcome = try await workspace().calltally(["rate", "archives/*"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(
      outcome.output == """
        7 billable calls of 1 archive; 1 more lacks a duration or credits.
        Best rule: 30 s a pulse, 0.5 credits each, at least 1 pulse. It explains 5 of 7, 71.4 %.
        Pulses from 26 s to 30 s explain as many.
        The configured rule: 60 s a pulse, 1 credit each, at least 1 pulse. It explains 4.
        Not explained, the first of each kind:
          conv-5: 10 s, 1 credit, 0.5 by the rule; 1 call (archives/a.jsonl:6)
          conv-6: 70 s, 2 credits, 1.5 by the rule; 1 call (archives/a.jsonl:7)
        By agent:
          a-first: 30 s a pulse, 0.5 credits each, at least 1 pulse: 5 of 5, 100.0 %
          a-other: 60 s a pulse, 1 credit each, at least 1 pulse: 2 of 2, 100.0 %
        By workspace:
          w: 30 s a pulse, 0.5 credits each, at least 1 pulse: 5 of 7, 71.4 %
        By day:
          2026-04-08: 30 s a pulse, 0.5 credits each, at least 1 pulse: 5 of 6, 83.3 %
          2026-04-09: 30 s a pulse, 0.5 credits each, at least 1 pulse: 0 of 1, 0.0 %

        """)
  }

  @Test func aPipelineFileSaysWhatIsBillableAndWhatMayBeShown() async throws {
    let workspace = try workspace()
    try workspace.writePipeline(
      """
      business: {timezone: Asia/Tokyo}
      billing: {pulse: 30s, credits_per_pulse: 0.5, billable: [completed, busy]}
      privacy: {agent_id: last4, workspace_id: drop, conversation_id: drop}

      """)
    let outcome = try await workspace.calltally(["rate", "archives/*", "--pipeline", "pipeline.yaml", "--json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for hidden in ["conv-", "a-first", "\"w\""] { #expect(!outcome.output.contains(hidden)) }
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(report["calls"] as? Int == 8 && report["explained"] as? Int == 5)
    #expect(report["explained_by_configured"] as? Int == 5)
    let examples = try #require(report["counter_examples"] as? [[String: Any]])
    #expect(examples.map { $0["origin"] as? String } == [6, 7, 8].map { "archives/a.jsonl:\($0)" })
    let agents = try #require(report["by_agent"] as? [[String: Any]])
    #expect(agents.map { $0["id"] as? String } == [nil, "…irst", "…ther"])
    let days = try #require(report["by_day"] as? [[String: Any]])
    #expect(days.map { $0["id"] as? String } == [nil, "2026-04-09", "2026-04-10"], "half past eight in Tokyo")
  }

  /// `conv-0` is delivered again, charged anew later and once more by an event of before, and `conv-1` turns out busy.
  @Test func aCallCountsOnceAsItsLatestEventSays() async throws {
    let workspace = try workspace()
    func processed(_ id: String, _ call: String, _ time: String, _ seconds: Int, _ credits: Int, _ status: String)
      -> String
    {
      #"{"event":"call.processed","event_id":"\#(id)","conversation_id":"\#(call)","timestamp":"\#(time)","#
        + #""status":"\#(status)","duration":\#(seconds),"credits":\#(credits)}"# + "\n"
    }
    let first = try #require(
      String(decoding: try workspace.read("archives/a.jsonl"), as: UTF8.self).split(separator: "\n").first)
    try workspace.write(
      first + "\n" + processed("evt_20", "conv-0", "2026-04-10T10:00:00", 40, 7, "completed") + first + "\n"
        + processed("evt_20", "conv-0", "2026-04-10T10:00:00", 40, 8, "completed")
        + processed("evt_21", "conv-0", "2026-04-09T10:00:00", 40, 9, "completed")
        + processed("evt_22", "conv-1", "2026-04-10T10:00:00", 0, 0, "busy"), to: "archives/b.jsonl")
    let outcome = try await workspace.calltally(["rate", "archives/*"])
    #expect(outcome.status == 0, "\(outcome.text)")
    #expect(outcome.output.hasPrefix("6 billable calls of 2 archives; 1 more lacks a duration or credits.\n"))
    #expect(outcome.output.contains("  conv-0: 40 s, 7 credits, "), "\(outcome.output)")
    #expect(outcome.output.contains("; 1 call (archives/b.jsonl:2)\n"))
    for gone in ["8 credits", "9 credits", "conv-1"] { #expect(!outcome.output.contains(gone), "\(gone)") }
  }

  @Test func whatIsDamagedOrMissingIsSaid() async throws {
    let workspace = try workspace()
    let whole = storedGzip(try workspace.read("archives/a.jsonl"))
    try workspace.write(whole.dropLast(10), to: "archives/b.jsonl.gz")
    let damaged = try await workspace.calltally(["rate", "archives/b.jsonl.gz"])
    #expect(damaged.status == 2 && damaged.output.hasPrefix("7 billable calls"), "\(damaged.text)")
    let missing = try await workspace.calltally(["rate", "none/*"])
    #expect(missing.status == 66 && missing.output.isEmpty, "\(missing.text)")
    try workspace.write(#"{"event":"call.started","event_id":"evt_1","conversation_id":"c"}"# + "\n", to: "quiet.jsonl")
    let quiet = try await workspace.calltally(["rate", "quiet.jsonl"])
    #expect(quiet.status == 0 && quiet.output.contains("nothing to tell by"), "\(quiet.text)")
  }

  /// A run says that the calls follow another rule than the configured one, and only where that is plain.
  @Test func aRunSaysThatAnotherRuleExplainsMore() async throws {
    let workspace = try workspace()
    try workspace.writePipeline("checks: {credits_difference: {fail: 99}}\n")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml", "--summary"])
    #expect(outcome.status == 0 && outcome.output.contains("\n30 s and 0.5 credits a pulse explain 5 of 7"))
    let finding = try #require(try workspace.table("findings").row("code", "billing-rule-differs"))
    #expect(
      finding.text("message")
        == "30 s and 0.5 credits a pulse explain 5 of 7 billable calls; the configured 60 s and 1 credit a pulse explain 4."
    )
    #expect(finding.text("claimed") == "5" && finding.text("counted") == "4" && finding.text("difference") == "1")
    try workspace.writePipeline(
      "billing: {pulse: 30s, credits_per_pulse: 0.5}\nchecks: {credits_difference: {fail: 99}}\n")
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
    #expect(try workspace.table("findings").row("code", "billing-rule-differs") == nil)
  }
}
