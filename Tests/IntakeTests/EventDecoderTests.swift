import CallModel
import Intake
import Testing

/// What becomes of a line: an event with its texts as they were meant, or a reject with the reason.
@Suite struct EventDecoderTests {
  private func codes(_ lines: String...) throws -> [RejectCode] {
    let reading = try reading(lines: lines)
    #expect(reading.balances && reading.rejects.count == lines.count)
    return reading.codes
  }

  @Test(
    arguments: [
      (started(1) + "TRAILER", .trailingContent), (started(1) + started(2), .trailingContent),
      (started(1) + " ,", .trailingContent), ("[1]", .notAnObject), (#""call.started""#, .notAnObject),
      ("42", .notAnObject), ("null", .notAnObject), ("42 43", .trailingContent), ("hello", .invalidJSON),
      ("{", .invalidJSON), (#"{"event"}"#, .invalidJSON), (#"{'event':1}"#, .invalidJSON), ("{}", .missingEvent),
      (#"{"events":"call.started","event_id":"evt_1","conversation_id":"c"}"#, .missingEvent),
      (#"{"event":null,"event_id":"evt_1"}"#, .missingEvent), (#"{"event":"","event_id":"evt_1"}"#, .missingEvent),
      (#"{"event":5,"event_id":"evt_1","conversation_id":"c"}"#, .badField),
      (#"{"event":"call.started","conversation_id":"c"}"#, .missingEventID),
      (#"{"event":"call.started","event_id":null,"conversation_id":"c"}"#, .missingEventID),
      (#"{"event":"call.started","event_id":"","conversation_id":"c"}"#, .missingEventID),
      (#"{"event":"call.started","event_id":{},"conversation_id":"c"}"#, .badField),
      (#"{"event":"call.started","event_id":"evt_1"}"#, .missingConversationID),
      (#"{"event":"call.recording","event_id":"evt_1","campaign_id":"x"}"#, .missingConversationID),
      (#"{"event":"call.started","event_id":"evt_1","conversation_id":[1]}"#, .badField),
      (#"{"event":"campaign.ended","event_id":"evt_1","conversation_id":"c"}"#, .missingCampaignID),
      (#"{"event":"campaign.started","event_id":"evt_1","campaign_id":""}"#, .missingCampaignID),
      (started(1, #""agent_name":"\ud83d""#), .loneSurrogate), (started(1, #""agent_name":"\ude00x""#), .loneSurrogate),
    ] as [(String, RejectCode)])
  func `each fault of a line has its own code`(line: String, code: RejectCode) throws {
    let reading = try reading(lines: [line, started(9)])
    #expect(reading.rejects == [ReadReject(line: 1, code: code, raw: line.utf8)])
    #expect(reading.events.map(\.line) == [2])
  }

  @Test func `a reject's sentence names the place and none of the record's values`() throws {
    let directory = try TemporaryDirectory()
    let line = started(1, #""to_number":"+14155551234","username":"Jane"#)
    var reader = try ArchiveReader(path: directory.write(text([line]), to: "a.jsonl"), limits: IntakeLimits())
    var decoder = EventDecoder(limits: IntakeLimits(), zone: .utc)
    var batch = EventBatch()
    while let chunk = try reader.nextChunk() { decoder.decode(chunk, into: &batch) }
    #expect(batch.rejects.map(\.message) == ["The line is no valid JSON at column \(line.utf8.count + 1)."])
  }

  // MARK: Names that come twice

  @Test(arguments: [
    started(1, #""event":"call.started""#), started(1, #""status":"a","status":"a""#),
    started(1, #""status":"a","\u0073tatus":"b""#), started(1, #""\u0065vent":"call.started""#),
    started(1, #""mood":1,"mood":1"#), started(1, #""mood":1,"\u006dood":2"#), started(1, #""é":1,"\u00e9":2"#),
    started(1, #""":1,"":2"#), started(1, #""status":null,"status":"a""#),
  ])
  func `a member of the event that comes twice is a duplicate key`(line: String) throws {
    #expect(try codes(line) == [.duplicateKey])
  }

  @Test(arguments: [31, 32, 33, 34, 5_000])
  func `a duplicate is found among many unknown members`(count: Int) throws {
    let members = (0..<count).map { "\"m\($0)\":\($0)" }
    #expect(try reading(lines: [started(1, members.joined(separator: ","))]).events.count == 1)
    for twice in [0, count / 2, count - 1] {
      for name in ["m\(twice)", #"\u006d\#(twice)"#] {
        #expect(try codes(started(1, (members + ["\"\(name)\":0"]).joined(separator: ","))) == [.duplicateKey])
      }
    }
  }

  @Test func `names that only look alike are two names`() throws {
    let alike = [#""é":1,"e\u0301":2"#, "\"\u{e9}\":1,\"e\u{301}\":2", #""Status":1,"status ":2"#]
    let many = (0..<40).map { "\"m\($0)\":0" }.joined(separator: ",")
    for members in alike + alike.map({ many + "," + $0 }) {
      #expect(try reading(lines: [started(1, members)]).events.count == 1)
    }
  }

  @Test func `names may come twice inside free-form documents`() throws {
    #expect(try reading(lines: [started(1, #""context_data":{"a":1,"a":2}"#)]).events.count == 1)
  }

  @Test(arguments: ["agent_id", "workspace_id", "campaign_id"])
  func `an empty id is none, whatever stands beside it`(name: String) throws {
    let place = try #require([("agent_id", 0), ("workspace_id", 2), ("campaign_id", 5)].first { $0.0 == name }).1
    for more in ["", #","agent_name":"\u0041""#, #","call_type":7"#] {
      let reading = try reading(lines: [started(1, #""\#(name)":""\#(more)"#), started(2, #""\#(name)":" ""#)])
      let agents = reading.events.map(\.agent)
      #expect(agents.count == 2 && agents[0][place] == nil && agents[1][place] == " ")
    }
  }

  // MARK: Depth

  @Test func `a text is read whole whatever stands where in it`() throws {
    for length in 0..<40 {
      for (json, meant) in [
        ("é", "é"), ("अआ", "अआ"), (#"\""#, "\""), (#"\\"#, #"\"#), (#"\u00e9\u0041"#, "éA"), (#"\ud83d\ude00"#, "😀"),
        ("🙏", "🙏"), ("!", "!"),
      ] {
        let (head, tail) = (String(repeating: "a", count: length), String(repeating: "b", count: 40 - length))
        let (written, text) = (head + json + tail, head + meant + tail)
        let reading = try reading(lines: [
          call(
            "call.processed", 1,
            #""username":"\#(written)","transcripts":[{"role":"user","content":"\#(written)"}],"status":"\#(written)""#)
        ])
        let event = try #require(reading.events.first, "\(written)")
        #expect(event.turns == [["user", text]])
        #expect(event.contact[TextBlock.Contact.username.rawValue] == text)
        #expect(event.outcome[TextBlock.Outcome.status.rawValue] == text)
      }
    }
  }

  @Test(arguments: ["context_data", "call_insights", "surprise", "transcripts"], [1, 2, 3, 4, 128])
  func `nesting is accepted up to limits-depth, the event being level 1`(member: String, limit: Int) throws {
    func nested(_ levels: Int) -> String {
      call(
        "call.processed", 1,
        "\"\(member)\":" + (levels == 1 ? "1" : String(repeating: "[", count: levels - 1))
          + String(repeating: "]", count: levels - 1))
    }
    let limits = IntakeLimits(depth: limit)
    #expect(try reading(lines: [nested(limit)], limits: limits).events.count == 1)
    #expect(try reading(lines: [nested(limit + 1)], limits: limits).codes == [.tooDeep])
    #expect(try reading(lines: [nested(100_000)], limits: limits).codes == [.tooDeep])
  }

  // MARK: Texts

  @Test func `a byte order mark and CRLF are no part of an event`() throws {
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    let reading = try reading(bytes: mark + Array((started(1) + "\r\n").utf8) + mark + text([started(2)]))
    #expect(reading.events.map(\.conversation) == ["conv_1", "conv_2"])
    #expect(reading.drift.isEmpty)
  }

  @Test(
    arguments: [
      [0x80], [0xbf], [0xc0, 0xaf], [0xc1, 0xbf], [0xe0, 0x80, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x80, 0x80, 0xaf],
      [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xff], [0xfe], [0xe2, 0x82], [0xc3],
    ] as [[UInt8]])
  func `invalid UTF-8 is rejected wherever it stands`(sequence: [UInt8]) throws {
    let shells = [#""agent_name":"@""#, #""surprise":"@""#, #""@":1"#, #""context_data":{"a":["@"]}"#]
    for shell in shells + [#""transcripts":[{"role":"user","content":"@"}]"#] {
      let line = Array(call("call.processed", 1, shell).utf8)
      let bent = Array(line.split(separator: UInt8(ascii: "@")).joined(separator: sequence))
      let reading = try reading(bytes: bent + [0x0a] + text([started(2)]))
      #expect(reading.codes == [.invalidUTF8] && reading.events.count == 1)
    }
  }

  @Test func `escapes are read as what they stand for`() throws {
    let name = #"\"\\\/\b\f\n\r\t\u0000\u007f\u00e9\u20ac\ud83d\uDE00 é€😀"#
    let expected = "\"\\/\u{8}\u{c}\n\r\t\0\u{7f}é€😀 é€😀"
    let event = try #require(
      reading(lines: [
        call(
          "call.processed", 1,
          #""agent_name":"\#(name)","context_data":{"a":"\#(name)"},"#
            + #""transcripts":[{"role":"\#(name)","content":"\#(name)"}]"#
        )
      ]).events.first)
    #expect(event.agent[1] == expected)
    #expect(event.turns == [[expected, expected]])
    #expect(event.contact[2] == #"{"a":"\#(name)"}"#)
  }

  @Test func `names with escapes are the names they stand for`() throws {
    let line =
      #"{"\u0065vent":"call.\u0070rocessed","event\u005fid":"\u0065vt_1","conversation_id":"\u0063","#
      + #""transcripts":[{"\u0072ole":"user","conten\u0074":"hello"}]}"#
    let reading = try reading(lines: [line])
    let event = try #require(reading.events.first)
    #expect(event.kind == .callProcessed && event.id == "evt_1" && event.conversation == "c")
    #expect(event.turns == [["user", "hello"]])
    #expect(reading.drift.isEmpty)
  }

  @Test(arguments: [
    "https://cdn.example.com/conv_7.mp3", "https://cdn.example.com/conv_7", "conv_7", "conv_70", "/conv_7/x.mp3",
    "https://cdn.example.com/a/conv_8.mp3", "xconv_7", "", "/", "conv_", #"https:\/\/cdn.example.com\/conv_7.mp3"#,
    "https://cdn.example.com/conv_7/conv_7é.mp3",
  ])
  func `a recording's URL is kept whole, whether or not it holds the call's id`(url: String) throws {
    let reading = try reading(lines: [call("call.recording", 7, #""recording_url":"\#(url)""#)])
    #expect(reading.events.map(\.recordingURL) == [url.replacing(#"\/"#, with: "/")])
  }

  @Test func `null, missing and empty are kept apart`() throws {
    let lines = [started(1), started(2, #""username":null"#), started(3, #""username":"""#)]
    let events = try reading(lines: lines).events
    #expect(events.map(\.contact) == [[], [nil, nil, nil], [nil, "", nil]])
  }

  @Test func `turns are read as they stand, whatever stands there`() throws {
    let turns =
      #"[{"role":"user","content":"hi"},{"content":"b","role":"a"},{},{"role":null,"content":5},"x",null,[1]]"#
    let event = try #require(reading(lines: [call("call.processed", 1, #""transcripts":\#(turns)"#)]).events.first)
    #expect(
      event.turns == [["user", "hi"], ["a", "b"], [nil, nil], [nil, "5"], [nil, "x"], [nil, nil], [nil, "[1]"]])
  }

  @Test func `turns belong to processed calls only, and rejected lines leave none behind`() throws {
    let turn = #""transcripts":[{"role":"user","content":"\u0061"}]"#
    let reading = try reading(lines: [
      call("call.processed", 1, turn), call("call.completed", 2, turn), call("call.processed", 3, turn + "x"),
      call("call.processed", 4, turn), #"{"event":"other",\#(turn)}"#, call("call.processed", 5, turn),
    ])
    #expect(reading.events.map(\.turns) == [[["user", "a"]], [], [["user", "a"]], [["user", "a"]]])
    #expect(reading.codes == [.invalidJSON] && reading.ignored == 1)
  }

  @Test func `the published payloads are read whole`() throws {
    let event = try #require(
      reading(lines: [
        #"""
        { "agent_id": "664f1a2b3c4d5e6f7a8b9c0d", "event": "call.completed", \#
        "event_id": "evt_b2c3d4e5f6789012bcdef123", \#
        "timestamp": "2026-04-08T10:35:00.000000", "conversation_id": "conv_abc123", "agent_name": "Sales Bot", \#
        "workspace_id": "ws_xyz789", "to_number": "+14155551234", "from_number": "+14155559876", \#
        "call_type": "outbound", "username": "Jane Doe", "campaign_id": "camp_001", \#
        "context_data": { "crm_id": "CRM-9988" }, "status": "completed", "call_duration": 300, \#
        "connected_at": "2026-04-08T10:30:00.000000", "ended_at": "2026-04-08T10:35:00.000000", \#
        "error_code": null, "error_reason": null }
        """#
      ]).events.first)
    #expect(
      event
        == ReadEvent(
          kind: .callCompleted, line: 1, id: "evt_b2c3d4e5f6789012bcdef123", conversation: "conv_abc123",
          agent: ["664f1a2b3c4d5e6f7a8b9c0d", "Sales Bot", "ws_xyz789", "+14155559876", "outbound", "camp_001"],
          contact: ["+14155551234", "Jane Doe", #"{ "crm_id": "CRM-9988" }"#], outcome: ["completed", nil, nil],
          times: ["2026-04-08T10:35:00.000000", "2026-04-08T10:30:00.000000", "2026-04-08T10:35:00.000000"],
          duration: 300, badTimes: []))
  }

  @Test func `the least and the greatest timestamp of a chunk are known`() throws {
    let directory = try TemporaryDirectory()
    let times = ["09:00:00", "08:00:00", "23:59:59"].map { #""timestamp":"2026-04-08T\#($0)""# }
    let lines = times.enumerated().map { started($0, $1) } + [started(9, #""timestamp":"2030-01-01T00:00:00","x"}"#)]
    var reader = try ArchiveReader(path: directory.write(text(lines), to: "a.jsonl"), limits: IntakeLimits())
    var decoder = EventDecoder(limits: IntakeLimits(), zone: .utc)
    var batch = EventBatch()
    while let chunk = try reader.nextChunk() { decoder.decode(chunk, into: &batch) }
    #expect(batch.earliest?.description == "2026-04-08T08:00:00.000000")
    #expect(batch.latest?.description == "2026-04-08T23:59:59.000000")
  }
}
