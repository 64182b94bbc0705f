import CallModel
import Intake
import Testing

/// Identity of events: exact for every id, packed for those of the provider's form.
@Suite struct EventKeyTests {
  private func batch(_ ids: [String]) throws -> EventBatch {
    let directory = try TemporaryDirectory()
    let lines = ids.map { #"{"event":"call.started","event_id":"\#($0)","conversation_id":"c"}"# }
    var reader = try ArchiveReader(path: directory.write(text(lines), to: "a.jsonl"), limits: IntakeLimits())
    var decoder = EventDecoder(limits: IntakeLimits(), zone: .utc)
    var batch = EventBatch()
    while let chunk = try reader.nextChunk() { decoder.decode(chunk, into: &batch) }
    return batch
  }

  /// An id as deduplication sees it: the packed key, or the bytes.
  private func identities(_ ids: [String]) throws -> [[UInt64]] {
    let batch = try batch(ids)
    return batch.events.map { event in
      let verbatim = batch.arena[event.verbatimID.start..<event.verbatimID.end]
      return [event.key.high, event.key.low, UInt64(event.key.digits)] + verbatim.map(UInt64.init)
    }
  }

  @Test func `an id of the provider's form is packed and comes back`() throws {
    let digits = "0123456789abcdef0123456789abcdef"
    let ids = (1...32).flatMap { ["evt_" + digits.prefix($0), "evt_" + digits.suffix($0)] }
    #expect(
      try reading(lines: ids.map { #"{"event":"call.started","event_id":"\#($0)","conversation_id":"c"}"# }).ids == ids)
    let batch = try batch(ids)
    #expect(batch.events.map { Int($0.key.digits) } == (1...32).flatMap { [$0, $0] })
    #expect(batch.events.allSatisfy { $0.verbatimID.count == 0 })
    #expect(batch.events[62].key == EventKey(high: 0x0123_4567_89ab_cdef, low: 0x0123_4567_89ab_cdef, digits: 32))
  }

  @Test func `an id of another form is known by its bytes`() throws {
    let ids = [
      "evt_", "evt_A1", "evt_g", "EVT_1", "1", "evt-1", "evt_1 ", " evt_1", "evt_" + String(repeating: "0", count: 33),
      "evt_é", "é", "a1b2c3d4-0000-0000-0000-000000000000", "evt", "e",
    ]
    let batch = try batch(ids)
    #expect(batch.events.allSatisfy { $0.key.digits == 0 && $0.verbatimID.count > 0 })
    #expect(
      try reading(lines: ids.map { #"{"event":"call.started","event_id":"\#($0)","conversation_id":"c"}"# }).ids == ids)
  }

  @Test func `different ids are never one event`() throws {
    let digits = ["0", "00", "000", "1", "01", "001", "a", "0a", "A", "0A", "10", "g"]
    let long = (1...40).map { String(repeating: "0", count: $0) } + (1...40).map { String(repeating: "f", count: $0) }
    let ids = Array(Set((digits + long).flatMap { ["evt_" + $0, "EVT_" + $0, $0] }))
    let identities = try identities(ids)
    #expect(identities.count == ids.count)
    #expect(Set(identities).count == ids.count)
  }

  @Test func `an id with escapes is the same id`() throws {
    let identities = try identities(["evt_a1", #"\u0065vt_a1"#, #"evt_a\u0031"#])
    #expect(identities.count == 3 && Set(identities).count == 1)
  }

  @Test func `deliveries of one event have one key and one content, other bodies another`() throws {
    let directory = try TemporaryDirectory()
    let lines = Array(repeating: started(1, #""username":"a""#), count: 5) + [started(1, #""username":"b""#)]
    var hashes: [UInt64] = []
    var keys: Set<EventKey> = []
    for (place, tail) in ["\n", "\r\n", "", "\n", "\n", "\n"].enumerated() {
      let path = try directory.write(Array((lines[place] + tail).utf8), to: "a.jsonl")
      var reader = try ArchiveReader(path: path, limits: IntakeLimits())
      var decoder = EventDecoder(limits: IntakeLimits(), zone: .utc)
      var batch = EventBatch()
      while let chunk = try reader.nextChunk() { decoder.decode(chunk, into: &batch) }
      hashes += batch.events.map(\.contentHash)
      keys.formUnion(batch.events.map(\.key))
    }
    #expect(hashes.count == 6 && keys.count == 1)
    #expect(Set(hashes[..<5]).count == 1 && hashes[5] != hashes[0])
  }
}
