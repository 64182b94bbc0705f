import CallModel
import Intake
import Testing

/// Drift is counted once a line, with the first line that shows it; rejected lines show none.
@Suite struct DriftLedgerTests {
  @Test func `unknown events are ignored and counted by name`() throws {
    let reading = try reading(lines: [
      started(1), #"{"event":"call.transferred"}"#, #"{"event":"call.transferred","event_id":"evt_2"}"#,
      #"{"event":"call\u002eheld"}"#,
    ])
    #expect(reading.ignored == 3 && reading.events.count == 1 && reading.balances)
    #expect(reading.drift == ["call.held  unknown_event string ×1 @4", "call.transferred  unknown_event string ×2 @2"])
  }

  @Test func `unknown members are counted by event, name and type`() throws {
    let reading = try reading(lines: [
      started(1, #""mood":"good""#), started(2, #""mood":3"#), started(3, #""mood":"bad","pace":[1]"#),
      call("call.completed", 4, #""mood":"good""#), call("call.completed", 5, #""\u006dood":"good""#),
    ])
    #expect(reading.events.count == 5)
    #expect(
      reading.drift == [
        "call.completed mood unknown_field string ×2 @4", "call.started mood unknown_field number ×1 @2",
        "call.started mood unknown_field string ×2 @1", "call.started pace unknown_field array ×1 @3",
      ])
  }

  @Test func `a member that only other events have is unknown`() throws {
    let reading = try reading(lines: [started(1, #""credits":5"#), campaignEnded(#""call_type":"inbound""#)])
    #expect(
      reading.drift == [
        "call.started credits unknown_field number ×1 @1", "campaign.ended call_type unknown_field string ×1 @2",
      ])
  }

  @Test func `a member of another type is kept as text and counted`() throws {
    let reading = try reading(lines: [
      started(1, #""agent_name":7,"username":true,"call_type":["x"],"context_data":"free""#),
      call("call.processed", 2, #""transcripts":"none","call_insights":null"#), campaignEnded(#""total_duration":16"#),
    ])
    #expect(reading.events[0].agent[1] == "7" && reading.events[0].agent[4] == #"["x"]"#)
    #expect(reading.events[0].contact == [nil, "true", #""free""#])
    #expect(reading.events[1].turns == [[nil, "none"]], "what was said is kept")
    #expect(
      reading.drift == [
        "call.processed transcripts type_change string ×1 @2", "call.started agent_name type_change number ×1 @1",
        "call.started call_type type_change array ×1 @1", "call.started context_data type_change string ×1 @1",
        "call.started username type_change boolean ×1 @1", "campaign.ended total_duration type_change number ×1 @3",
      ])
  }

  @Test func `names beyond number are counted together`() throws {
    let members = (0..<3_000).map { "\"m\($0)\":1" }.joined(separator: ",")
    let reading = try reading(lines: [started(1, members), started(2, members)])
    #expect(reading.events.count == 2)
    #expect(reading.drift.count == 1_001)
    #expect(reading.drift.contains("call.started m7 unknown_field number ×2 @1"))
    #expect(reading.drift.contains("call.started (other members) unknown_field number ×2 @1"), "once a line")
  }

  @Test func `a numeric identifier is its digits, and counted`() throws {
    let reading = try reading(lines: [#"{"event":"call.started","event_id":12,"conversation_id":34}"#])
    #expect(reading.events.first?.id == "12" && reading.events.first?.conversation == "34")
    #expect(
      reading.drift == [
        "call.started conversation_id type_change number ×1 @1", "call.started event_id type_change number ×1 @1",
      ])
  }

  @Test func `rejected lines show no drift`() throws {
    let reading = try reading(lines: [
      started(1, #""mood":"good","agent_name":7,"mood":1"#),
      started(2, #""mood":"good"} x"#.replacing("}", with: "}}")),
      call("call.processed", 3, #""mood":1,"agent_name":2,"credits":"x""#), #"{"event":"call.started","mood":1}"#,
      call("call.processed", 4, #""transcripts":[{"tone":1,"role":2}],"credits":"x""#), started(5, #""mood":"good""#),
    ])
    #expect(reading.rejects.count == 5)
    #expect(reading.drift == ["call.started mood unknown_field string ×1 @6"])
  }

  @Test func `what every turn of a transcript has is counted once a line`() throws {
    let turn = #"{"role":"user","content":5,"tone":"calm"}"#
    let turns = #""transcripts":[\#(turn),\#(turn),\#(turn),"aside","aside"]"#
    let reading = try reading(lines: [
      call("call.processed", 1, turns), call("call.processed", 2, turns), call("call.processed", 3),
    ])
    #expect(
      reading.drift == [
        "call.processed transcripts[] type_change string ×2 @1",
        "call.processed transcripts[].content type_change number ×2 @1",
        "call.processed transcripts[].tone unknown_field string ×2 @1",
      ])
  }

  @Test func `drift is the event's own, wherever in the line its name stands`() throws {
    let line =
      #"{"transcripts":[{"role":"user","content":"a","tone":1},"aside"],"mood":1,"event_id":"evt_1","#
      + #""conversation_id":"c","event":"call.processed"}"#
    #expect(
      try reading(lines: [line]).drift == [
        "call.processed mood unknown_field number ×1 @1", "call.processed transcripts[] type_change string ×1 @1",
        "call.processed transcripts[].tone unknown_field number ×1 @1",
      ])
  }

  @Test func `names from outside are cut to a readable length`() throws {
    let reading = try reading(lines: [
      started(1, "\"" + String(repeating: "é", count: 5_000) + "\":1"),
      #"{"event":"\#(String(repeating: "x", count: 5_000))"}"#,
    ])
    #expect(reading.drift.count == 2 && reading.drift.allSatisfy { $0.count < 200 })
  }
}
