import CallModel
import Testing

struct PackedBytesTests {
  private func written(_ write: (inout PackedWriter) -> Void) -> [UInt8] {
    var writer = PackedWriter()
    write(&writer)
    return writer.bytes
  }

  @Test func numbersAndTextsComeBack() {
    let numbers: [Int64] = [0, 1, -1, 63, 64, -64, -65, .max, .min]
    let wide: [Int128] = [0, -1, 1 << 64, Int128.max, Int128.min]
    let bytes = written { writer in
      for number in numbers { writer.put(signed: number) }
      for number in wide { writer.put(number) }
      writer.put(UInt64.max)
      writer.put("é\u{0}")
      writer.put(nil as String?)
      writer.put("" as String?)
      writer.put(words: [0, .max, 7])
    }
    var reader = PackedReader(bytes, from: 0, to: bytes.count)
    #expect(numbers.map { _ in reader.signed() } == numbers)
    #expect(wide.map { _ in reader.wide() } == wide)
    #expect(reader.number() == .max)
    #expect(reader.string() == "é\u{0}")
    #expect(reader.optionalString() == nil)
    #expect(reader.optionalString() == "")
    #expect(reader.words() == [0, .max, 7])
    #expect(reader.isIntact && reader.isAtEnd)
  }

  @Test func eventsComeBackWithTheirTexts() throws {
    var source = EventBatch()
    func keep(_ text: String) -> ByteRange {
      let start = source.arena.count
      source.arena.append(utf8: text)
      return ByteRange(start, source.arena.count)
    }
    for line in 1...4 {
      var event = EventRecord(
        kind: line == 4 ? .campaignEnded : .callProcessed, line: UInt32(line), key: .unpacked, contentHash: UInt64(line)
      )
      event.verbatimID = keep("id-\(line)")
      event.conversation = keep("call-\(line)")
      (event.timestamp, event.credits, event.turnCount) = (Int64(line) * 1_000, -5, 9)
      source.agents.append(TextBlock.Shared(range: keep("same agent"), hash: 77))
      event.agent = UInt32(line)
      source.events.append(event)
    }
    var campaign = CampaignEvent(kind: .campaignEnded, campaignID: "c")
    campaign.claims.totalCredits = Credits(millionths: -1)
    campaign.claims.totalCalls = 3
    source.campaigns.append(campaign)
    source.timestampFaults = [TimestampFault(event: 0, field: "x"), TimestampFault(event: 2, field: "ended_at")]

    var selection = EventSelection()
    for index in 1..<4 {
      selection.append(index, of: source, firstLine: 100)
      selection.appendFaults(of: index, in: source)
    }
    let bytes = written { $0.put(selection.batch) }
    var reader = PackedReader(bytes, from: 0, to: bytes.count)
    let batch = reader.batch()
    #expect(reader.isIntact && reader.isAtEnd)
    #expect(batch.events.map(\.line) == [102, 103, 104] && batch.events.allSatisfy { $0.turnCount == 0 })
    #expect(batch.events.map(\.timestamp) == [2_000, 3_000, 4_000] && batch.events.map(\.credits) == [-5, -5, -5])
    #expect(batch.agents.count == 1 && batch.events.map(\.agent) == [1, 1, 1], "a block that is shared is there once")
    let text = { (range: ByteRange) in String(decoding: batch.arena[range.bounds], as: UTF8.self) }
    #expect(batch.events.map { text($0.conversation) } == ["call-2", "call-3", "call-4"])
    #expect(batch.events.map { text($0.verbatimID) } == ["id-2", "id-3", "id-4"])
    #expect(text(batch.agents[0].range) == "same agent")
    #expect(batch.campaigns.first?.claims == campaign.claims && batch.campaigns.first?.campaignID == "c")
    #expect(batch.timestampFaults.map(\.event) == [1] && batch.timestampFaults[0].field == "ended_at")

    var kept = source
    kept.keepEvents { event in
      event.credits = 1
      return event.line != 2
    }
    #expect(kept.events.map(\.line) == [1, 3, 4] && kept.events.allSatisfy { $0.credits == 1 })
    #expect(kept.timestampFaults.map(\.event) == [0, 1])
  }

  @Test func whatIsCutOffOrTooLargeIsNotIntact() {
    let bytes = written { writer in
      writer.put("some text")
      writer.put(words: [1, 2, 3])
      writer.put(UInt64(1 << 40))
    }
    for end in 0..<bytes.count {
      var reader = PackedReader(bytes, from: 0, to: end)
      _ = (reader.text(), reader.words(), reader.number())
      #expect(!reader.isIntact, "\(end) bytes")
    }
    var reader = PackedReader(bytes, from: 0, to: bytes.count)
    _ = (reader.text(), reader.words())
    #expect(reader.word() == 0 && !reader.isIntact, "it does not fit 32 bits")
  }
}
