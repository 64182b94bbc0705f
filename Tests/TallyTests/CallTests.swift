import CallModel
import Tally
import Testing

struct CallTests {
  /// A call whose figures hang on several events of every kind.
  private static let lines = [
    line("call.started", "evt_1", "c", at: "10:00:00", #""agent_name":"A","connected_at":"2026-04-08T10:00:00""#),
    line("call.started", "evt_2", "c", at: "10:00:05", #""agent_name":"B","campaign_id":"k""#),
    line("call.completed", "evt_3", "c", at: "10:05:00", #""status":"failed","call_duration":100"#),
    line(
      "call.completed", "evt_4", "c", at: "10:06:00",
      #""status":"completed","call_duration":130,"ended_at":"2026-04-08T10:05:00""#),
    line("call.processed", "evt_5", "c", at: "10:07:00", #""duration":90,"credits":9,"username":"five""#),
    line("call.processed", "evt_6", "c", at: "10:08:00", #""duration":120,"credits":2"#),
    line("call.recording", "evt_7", "c", #""recording_url":"https://r/c.mp3","ended_at":"2026-04-08T10:09:00""#),
  ]

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func theOrderOfArrivalChangesNothing(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    let books = try Books(CallTests.lines.shuffled(using: &numbers))
    let call = try #require(books.call("c"))
    #expect(call.duration == 120)
    #expect(call.conflictingDuration == 130)
    #expect(call.credits == Credits(2))
    #expect(call.billableSeconds == 120)
    #expect(call.creditsDifference == .zero)
    #expect(call.settlement == .settled)
    #expect(call.connectedAt == nil, "of the two call.started, the later one names no connection")
    #expect(call.endedAt == Timestamp(year: 2026, month: 4, day: 8, hour: 10, minute: 5, second: 0, microsecond: 0))
    #expect(call.earliest == Timestamp(year: 2026, month: 4, day: 8, hour: 10, minute: 0, second: 0, microsecond: 0))
    #expect(books.text(.agent(.agentName), of: call) == "B")
    #expect(books.text(.agent(.campaignID), of: call) == "k")
    #expect(books.text(.outcome(.status), of: call) == "completed")
    #expect(books.text(.contact(.username), of: call) == nil, "the superseded call.processed does not count")
    #expect(call.deliveries == 7)
    #expect(call.kindsRepeated.nonzeroBitCount == 3)
  }

  @Test func anEventWithATimeBeatsOneWithout() throws {
    for lines in [["evt_1", "evt_2"], ["evt_2", "evt_1"]] {
      let books = try Books(
        lines.map {
          line("call.processed", $0, "c", at: $0 == "evt_1" ? "10:00:00" : nil, #""credits":"# + $0.suffix(1))
        })
      #expect(books.call("c")?.credits == Credits(1))
    }
  }

  @Test(
    arguments: [
      (["started"], "awaiting_completed"), (["recording"], "awaiting_completed"), (["completed"], "awaiting_processed"),
      (["started", "completed", "recording"], "awaiting_processed"), (["processed"], "settled"),
    ])
  func settlementSaysWhatIsAwaited(kinds: [String], settlement: String) throws {
    let lines = kinds.enumerated().map { index, kind in
      line("call.\(kind)", "evt_\(index)", "c", kind == "completed" ? #""status":"completed""# : "")
    }
    #expect(try Books(lines).call("c")?.settlement.rawValue == settlement)
  }

  @Test func aCallThatIsNotBilledAwaitsNoCredits() throws {
    let busy = try Books([line("call.completed", "evt_1", "c", #""status":"busy","call_duration":5"#)])
    #expect(busy.call("c")?.settlement == .settled)
    #expect(busy.call("c")?.expectedCredits == .zero)
    let unsaid = try Books([line("call.completed", "evt_1", "c", #""call_duration":5"#)])
    #expect(unsaid.call("c")?.settlement == .awaitingProcessed, "without a status nobody knows")
    #expect(unsaid.call("c")?.expectedCredits == nil)
  }

  @Test func theEmptyTextIsAValueAndNullIsNone() throws {
    let books = try Books([
      line("call.processed", "evt_1", "c", #""username":"","agent_name":null"#),
      line("call.started", "evt_2", "c", #""username":"x","agent_name":"y""#),
    ])
    let call = try #require(books.call("c"))
    #expect(books.text(.contact(.username), of: call) == "")
    #expect(books.text(.agent(.agentName), of: call) == "y")
  }

  @Test func callsShareTextsAndKeepTheirOwn() throws {
    let urls = ["https://r/a.mp3", "https://r/b.mp3", "https://r/b.mp3", "https://r/other.mp3"]
    let books = try Books(
      zip(["a", "b", "c", "d"], urls).enumerated().map { index, pair in
        line("call.recording", "evt_\(index)", pair.0, #""status":"s","recording_url":"\#(pair.1)""#)
      })
    for (id, url) in zip(["a", "b", "c", "d"], urls) {
      let call = try #require(books.call(id))
      var (found, scratch): ([UInt8], [UInt8]) = ([], [])
      _ = books.ledger.calls.lendRecordingURL(of: call, &scratch) { found.append(copying: $0) }
      #expect(String(decoding: found, as: UTF8.self) == url)
    }
  }
}
