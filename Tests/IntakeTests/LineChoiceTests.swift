import CallModel
import Intake
import Testing

@Suite("Lines that are chosen before they are decoded")
struct LineChoiceTests {
  /// The line numbers and kinds of the events decoded, read in chunks of some size; and the lines counted.
  private func read(
    _ text: [UInt8], _ choice: LineChoice, chunkSize: Int = 200, limits: IntakeLimits = IntakeLimits()
  ) throws -> (events: [UInt32], lines: Int, rejects: [RejectCode]) {
    let directory = try TemporaryDirectory()
    var reader = try ArchiveReader(path: directory.write(text, to: "a.jsonl"), limits: limits, chunkSize: chunkSize)
    var (picker, decoder) = (LinePicker(choice), EventDecoder(limits: limits, zone: .utc))
    var (chunk, events, lines) = (Chunk(), [UInt32](), 0)
    var rejects: [RejectCode] = []
    while try reader.nextChunk(into: &chunk) {
      picker.pick(in: &chunk)
      var batch = EventBatch()
      decoder.decode(chunk, into: &batch)
      events += batch.events.map { UInt32(lines) + $0.line }
      rejects += batch.rejects.map(\.code)
      lines += batch.lines
    }
    return (events, lines, rejects)
  }

  @Test("however an id is written, its lines are found", arguments: [1, 64, 300, 5_000])
  func everySpellingIsFound(chunkSize: Int) throws {
    let lines = [
      started(1), call("call.completed", 12), started(2),
      #"{"event":"call.started","event_id":"evt_3","conversation_id":"conv\u005f12"}"#,
      #"{"event":"call.started","event_id":"evt_4","conversation_id":"\u0063onv_12","username":"\u00e9\n\\u0063"}"#,
      #"{"event":"call.started","event_id":"evt_5","conversation_id":"conv_1\u0032"}"#, "", started(123),
      #"{"event":"call.started","event_id":"evt_6","conversation_id":"other","username":"\u00e9 \n \" \\ \/ \\u0061"}"#,
    ]
    let found = try read(text(lines), .holding([TextSearch("conv_12")]), chunkSize: chunkSize)
    // Line 8 is conv_123, which holds the text; line 9 spells nothing of it.
    #expect(found.events == [2, 4, 5, 6, 8])
    #expect(found.lines == 9 && found.rejects.isEmpty)
  }

  @Test(
    "an id beyond plain ASCII may be escaped anywhere",
    arguments: [
      ("a/b", #"a\/b"#), ("é1", #"\u00e91"#), ("say \"hi\"", #"say \"hi\""#), ("a\\b", #"a\\b"#),
      ("😀", #"\ud83d\ude00"#),
    ])
  func otherIds(id: String, written: String) throws {
    let lines = [
      started(1), #"{"event":"call.started","event_id":"evt_2","conversation_id":"\#(written)"}"#, started(3),
    ]
    #expect(try read(text(lines), .holding([TextSearch(id)])).events == [2])
  }

  @Test("a short text is found at both ends of a line", arguments: ["a", "ab", "}"])
  func shortTexts(id: String) throws {
    let lines = (1...40).map { call("call.started", $0, #""x":"\#($0 % 7 == 0 ? "ab" : "-")""#) }
    let expected: [UInt32] = id == "ab" ? [7, 14, 21, 28, 35] : (1...40).map { UInt32($0) }
    #expect(try read(text(lines), .holding([TextSearch(id)])).events == expected)
  }

  @Test("lines that hold any of several texts, each once", arguments: [64, 5_000])
  func severalTexts(chunkSize: Int) throws {
    let lines = [started(1), started(12), started(2), call("call.completed", 12), started(3), started(21)]
    let searches = ["conv_12", "conv_3", "call.completed", "nowhere"].map(TextSearch.init)
    #expect(try read(text(lines), .holding(searches), chunkSize: chunkSize).events == [2, 4, 5])
  }

  @Test("lines by number, whatever the chunks", arguments: [1, 90, 100_000])
  func numberedLines(chunkSize: Int) throws {
    let lines = (1...50).map { started($0) }
    let found = try read(text(lines), .numbered([1, 2, 17, 50]), chunkSize: chunkSize)
    #expect(found.events == [1, 2, 17, 50] && found.lines == 50)
    var picker = LinePicker(.numbered([]))
    #expect(picker.isDone)
    picker = LinePicker(.numbered([3]))
    #expect(!picker.isDone)
  }

  @Test("a line that a run rejects is no event here either")
  func refusedLines() throws {
    let long = call("call.started", 12, #""username":"\#(String(repeating: "x", count: 900))""#)
    let lines = [started(1), long, started(12), "{\"conv_12\""]
    let found = try read(
      text(lines), .holding([TextSearch("conv_12")]), chunkSize: 100, limits: IntakeLimits(line: 300))
    #expect(found.events == [3] && found.lines == 4)
    #expect(found.rejects == [.invalidJSON])
  }

  @Test("the last line of an archive that is cut off is torn")
  func tornLine() throws {
    let whole = text([started(1)]) + Array(started(12).utf8)
    #expect(try read(whole, .holding([TextSearch("conv_12")])).events == [2], "no line feed, and nothing torn")
  }

  @Test func eventIDsAreShownAsTheyWere() throws {
    for id in ["evt_00ff", "evt_0123456789abcdef0123456789abcdef", "evt_0", "EVT_1", "evt_00FF", "no id at all é"] {
      let lines = [#"{"event":"call.started","event_id":"\#(id)","conversation_id":"c"}"#]
      let directory = try TemporaryDirectory()
      var reader = try ArchiveReader(path: directory.write(text(lines), to: "a.jsonl"), limits: IntakeLimits())
      var (chunk, batch) = (Chunk(), EventBatch())
      var decoder = EventDecoder(limits: IntakeLimits(), zone: .utc)
      _ = try reader.nextChunk(into: &chunk)
      decoder.decode(chunk, into: &batch)
      #expect(batch.eventID(of: batch.events[0]) == id)
    }
  }
}
