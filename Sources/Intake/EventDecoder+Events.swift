import CallModel

/// From noted members to a record.
extension EventDecoder {
  /// Reads the event that the noted members of a line make up; `content` is the line's JSON.
  mutating func readEvent(
    _ bytes: Span<UInt8>, _ text: ByteRange, content: Range<Int>, firstTurn: Int, _ batch: inout EventBatch
  ) throws(LineRefusal) {
    let kind = try eventKind(bytes)
    forgetIfEmpty(.agentID)
    forgetIfEmpty(.workspaceID)
    forgetIfEmpty(.campaignID)
    var record = EventRecord(kind: kind, line: line, key: .unpacked, contentHash: hash64(bytes.extracting(content)))
    record.text = text
    if plain & EventField.eventID.bit != 0 {
      record.key = EventDecoder.eventKey(bytes.extracting(fields[Int(EventField.eventID.rawValue)].range))
    }
    if record.key.digits == 0 {
      guard let id = try identifier(.eventID, bytes, to: &batch.arena) else {
        throw .refused(.missingEventID, "The event has no event_id.")
      }
      // An id with escapes is the same id.
      record.key = EventDecoder.eventKey(batch.arena.span.extracting(id.bounds))
      if record.key.digits == 0 { record.verbatimID = id } else { batch.arena.removeLast(id.count) }
    }

    var faults: [EventField] = []
    record.timestamp = time(.timestamp, bytes, &faults)
    if kind.isCall {
      try readCall(bytes, &record, &faults, &batch)
      if kind == .callProcessed {
        if let transcripts = value(.transcripts), transcripts.type != .array {
          noteTypeChange(.transcripts, transcripts.type)
          batch.turns.append(wholeTranscript(bytes, transcripts, &batch.arena))
        }
        record.firstTurn = UInt32(firstTurn)
        record.turnCount = UInt32(batch.turns.count - firstTurn)
      } else {
        batch.turns.removeLast(batch.turns.count - firstTurn)
      }
    } else {
      batch.turns.removeLast(batch.turns.count - firstTurn)
      record.campaign = UInt32(batch.campaigns.count)
      batch.campaigns.append(try campaignEvent(kind, bytes, record.timestamp, &faults))
    }

    noteStrangers(bytes, kind)
    for field in faults {
      batch.timestampFaults.append(TimestampFault(event: UInt32(batch.events.count), field: field.name))
    }
    if record.timestamp != EventRecord.null {
      let time = Timestamp(microseconds: record.timestamp)
      batch.earliest = min(batch.earliest ?? time, time)
      batch.latest = max(batch.latest ?? time, time)
    }
    batch.events.append(record)
  }

  /// The one rule for an id that is an empty string: it names nobody, so it is null in every table and sum.
  @inline(__always)
  private mutating func forgetIfEmpty(_ id: EventField) {
    guard plain & id.bit != 0, fields[Int(id.rawValue)].count == 0 else { return }
    plain &= ~id.bit
    fields[Int(id.rawValue)] = JSONValue()
  }

  @inline(__always)
  private mutating func eventKind(_ bytes: Span<UInt8>) throws(LineRefusal) -> EventKind {
    guard let name = value(.event) else { throw .refused(.missingEvent, "The object has no member event.") }
    guard name.type == .string else { throw .refused(.badField, "event is no string.") }
    guard name.count > 0 else { throw .refused(.missingEvent, "The member event is empty.") }
    var place = kinds.find(bytes, at: Int(name.start), count: name.count)
    if place == nil, name.hasEscapes {
      let text = text(bytes, name)
      place = EventKind.allCases.first { $0.name == text }?.rawValue
    }
    guard let place, let kind = EventKind(rawValue: place) else {
      drift.add(.unknownEvent, type: .string, field: bytes.extracting(0..<0))
      throw .unknownEvent
    }
    return kind
  }

  @inline(__always)
  private mutating func readCall(
    _ bytes: Span<UInt8>, _ record: inout EventRecord, _ faults: inout [EventField], _ batch: inout EventBatch
  ) throws(LineRefusal) {
    guard let conversation = try identifier(.conversationID, bytes, to: &batch.arena) else {
      throw .refused(.missingConversationID, "The call event has no conversation_id.")
    }
    record.conversation = conversation
    record.conversationHash = hash64(batch.arena.span.extracting(conversation.bounds))

    let duration =
      record.kind == .callProcessed
      ? try seconds(.duration, as: .number, bytes) : try seconds(.callDuration, as: .number, bytes)
    if let duration { record.duration = duration }
    if let credits = try credits(.credits, bytes) { record.credits = Int64(credits.millionths) }
    record.connectedAt = time(.connectedAt, bytes, &faults)
    record.endedAt = time(.endedAt, bytes, &faults)
    // The blocks come last: once one is in the batch's lists the line can no longer be refused.
    appendBlocks(bytes, &record, &batch)
  }

  private mutating func campaignEvent(
    _ kind: EventKind, _ bytes: Span<UInt8>, _ timestamp: Int64, _ faults: inout [EventField]
  ) throws(LineRefusal) -> CampaignEvent {
    var unused: [UInt8] = []
    guard try identifier(.campaignID, bytes, to: &unused) != nil else {
      throw .refused(.missingCampaignID, "The campaign event has no campaign_id.")
    }
    var event = CampaignEvent(kind: kind, campaignID: String(decoding: unused, as: UTF8.self))
    event.campaignUID = string(.campaignUID, bytes)
    event.campaignName = string(.campaignName, bytes)
    event.workspaceID = string(.workspaceID, bytes)
    event.userID = string(.userID, bytes)
    event.agentID = string(.agentID, bytes)
    event.status = string(.status, bytes)
    event.totalContacts = try count(.totalContacts, bytes)
    event.timestamp = timestampOrNil(timestamp)
    event.createdAt = timestampOrNil(time(.createdAt, bytes, &faults))
    event.scheduledAt = timestampOrNil(time(.scheduledAt, bytes, &faults))
    event.startedAt = timestampOrNil(time(.startedAt, bytes, &faults))
    event.endedAt = timestampOrNil(time(.endedAt, bytes, &faults))
    event.claims.totalCalls = try count(.totalCalls, bytes)
    event.claims.successfulCalls = try count(.successfulCalls, bytes)
    event.claims.failedCalls = try count(.failedCalls, bytes)
    event.claims.totalDuration = try seconds(.totalDuration, as: .string, bytes)
    event.claims.billableDuration = try seconds(.billableDuration, as: .string, bytes)
    event.claims.totalCredits = try credits(.totalCredits, bytes)
    return event
  }

  private func timestampOrNil(_ time: Int64) -> Timestamp? {
    time == EventRecord.null ? nil : Timestamp(microseconds: time)
  }

  /// Counts members that the event is not documented to have.
  private mutating func noteStrangers(_ bytes: Span<UInt8>, _ kind: EventKind) {
    let unexpected = seen & ~documented[Int(kind.rawValue)]
    guard unexpected != 0 || !strangers.isEmpty else { return }
    for field in EventField.allCases where unexpected & field.bit != 0 {
      drift.add(.unknownField, type: fields[Int(field.rawValue)].type, field: Array(field.name.utf8).span)
    }
    for stranger in strangers {
      var name: [UInt8] = []
      appendUnescaped(bytes, stranger.name.range, to: &name)
      drift.add(.unknownField, type: stranger.value.type, field: name.span)
    }
  }

  /// An id of `evt_` and up to 32 lower-case hexadecimal digits, packed without loss; any other keeps `digits` 0.
  private static func eventKey(_ id: Span<UInt8>) -> EventKey {
    guard id.count > 4, id.count <= 36, id[0] == UInt8(ascii: "e"), id[1] == UInt8(ascii: "v"),
      id[2] == UInt8(ascii: "t"), id[3] == UInt8(ascii: "_")
    else { return .unpacked }
    var (high, low): (UInt64, UInt64) = (0, 0)
    var start = 4
    while start &+ 8 <= id.count {
      guard let digits = EventDecoder.eightHexDigits(id.word(at: start)) else {
        return .unpacked
      }
      high = high &<< 32 | low &>> 32
      low = low &<< 32 | digits
      start &+= 8
    }
    for index in start..<id.count {
      let byte = id[index]
      let digit: UInt8
      if byte &- 0x30 < 10 {
        digit = byte &- 0x30
      } else if byte &- 0x61 < 6 {
        digit = byte &- 0x57
      } else {
        return .unpacked
      }
      high = high &<< 4 | low &>> 60
      low = low &<< 4 | UInt64(digit)
    }
    return EventKey(high: high, low: low, digits: UInt8(id.count - 4))
  }

  /// The value of eight lower-case hexadecimal digits in a little-endian word, or nil where one is none.
  ///
  /// All bytes at once: each is turned into 0 to 15 and back, and only digits survive that.
  @inline(__always)
  private static func eightHexDigits(_ word: UInt64) -> UInt64? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let values = (word & (ones &* 0x0f)) &+ (word &>> 6 & ones) &* 9
    let letters = (values &+ ones &* 6) &>> 4 & ones
    guard values & (ones &* 0xf0) == 0, values &+ ones &* 0x30 &+ letters &* 0x27 == word else { return nil }
    var packed = values.byteSwapped
    packed = (packed | packed &>> 4) & 0x00ff_00ff_00ff_00ff
    packed = (packed | packed &>> 8) & 0x0000_ffff_0000_ffff
    return (packed | packed &>> 16) & 0xffff_ffff
  }
}
