import CallModel

/// From noted members to blocks of texts, see `TextBlock`.
extension EventDecoder {
  /// Where a decoder looks for a block that its batch may already have: a place for each low byte of a hash.
  struct BlockPlaces: Sendable {
    /// Places in the batch's list, by the low byte of the hash; those of an earlier batch do not count.
    private var places = [(batch: UInt32, index: UInt32)](repeating: (0, 0), count: 256)

    /// The place plus 1 of the block that stands in the arena from `start` on; one that is already in `list` is taken
    /// off the arena again.
    mutating func share(
      from start: Int, of arena: inout [UInt8], in list: inout [TextBlock.Shared], batch: UInt32
    ) -> UInt32 {
      let hash = hash64(arena.span.extracting(start..<arena.count))
      let known = places[Int(hash & 255)]
      if known.batch == batch, list[Int(known.index)].hash == hash,
        sameBytes(
          arena.span.extracting(start..<arena.count), arena.span.extracting(list[Int(known.index)].range.bounds))
      {
        arena.removeLast(arena.count - start)
        return known.index + 1
      }
      places[Int(hash & 255)] = (batch, UInt32(list.count))
      list.append(TextBlock.Shared(range: ByteRange(start, arena.count), hash: hash))
      return UInt32(list.count)
    }
  }

  /// Appends the blocks of a call event to the batch and notes in the record which they are.
  @inline(__always)
  mutating func appendBlocks(_ bytes: Span<UInt8>, _ record: inout EventRecord, _ batch: inout EventBatch) {
    var start = batch.arena.count
    appendTexts(.agentID ... .campaignID, bytes, to: &batch.arena)
    record.agent = agents.share(from: start, of: &batch.arena, in: &batch.agents, batch: batchNumber)

    start = batch.arena.count
    if seen & EventDecoder.contact != 0 {
      appendTexts(.toNumber ... .username, bytes, to: &batch.arena)
      appendJSON(.contextData, bytes, to: &batch.arena)
      record.contact = ByteRange(start, batch.arena.count)
      start = batch.arena.count
    }
    var isPattern = false
    if seen & EventDecoder.outcome != 0 {
      appendTexts(.status ... .errorReason, bytes, to: &batch.arena)
      isPattern = appendPattern(of: .recordingURL, record.conversation, bytes, to: &batch.arena)
      record.outcome = outcomes.share(from: start, of: &batch.arena, in: &batch.outcomes, batch: batchNumber)
      start = batch.arena.count
    }
    // Only `call.processed` can know insights, and their table is written as its events come.
    let hasInsights = record.kind == .callProcessed && value(.callInsights) != nil
    guard hasInsights || (!isPattern && value(.recordingURL) != nil) else { return }
    if isPattern {
      TextBlock.appendNull(to: &batch.arena)
    } else {
      appendTexts(.recordingURL ... .recordingURL, bytes, to: &batch.arena)
    }
    if hasInsights, let insights = value(.callInsights) {
      record.insights = ByteRange(insights.document.lowerBound, insights.document.upperBound)
      appendJSON(.callInsights, bytes, to: &batch.arena)
    } else {
      TextBlock.appendNull(to: &batch.arena)
    }
    record.result = ByteRange(start, batch.arena.count)
  }

  private static let contact = EventField.bits(.toNumber, .username, .contextData)
  private static let outcome = EventField.bits(.status, .errorCode, .errorReason, .recordingURL)

  /// Appends members that follow one another in `EventField` as the next texts of a block.
  @inline(__always)
  private mutating func appendTexts(_ members: ClosedRange<EventField>, _ bytes: Span<UInt8>, to arena: inout [UInt8]) {
    let (first, last) = (Int(members.lowerBound.rawValue), Int(members.upperBound.rawValue))
    guard (odd &>> UInt64(first)) & ~(UInt64.max &<< UInt64(last &- first &+ 1)) == 0 else {
      for place in first...last { appendText(place, bytes, to: &arena) }
      return
    }
    // Named, so that the closure borrows these and not the whole decoder.
    let (fields, plain) = (fields.span, plain)
    var room = OutputSpan<UInt8>.textOverhead
    for place in first...last where plain &>> UInt64(place) & 1 == 1 {
      room &+= fields[place].count &+ OutputSpan<UInt8>.textOverhead
    }
    arena.append(addingCapacity: room) { (texts: inout OutputSpan<UInt8>) in
      for place in first...last {
        if plain &>> UInt64(place) & 1 == 1 {
          texts.append(text: fields[place].range, of: bytes)
        } else {
          texts.append(0)
        }
      }
    }
  }

  /// Appends a member of any type as the next text of a block.
  private mutating func appendText(_ place: Int, _ bytes: Span<UInt8>, to arena: inout [UInt8]) {
    guard let field = EventField(rawValue: UInt8(place)), let value = value(field) else {
      return TextBlock.appendNull(to: &arena)
    }
    if value.type == .string {
      scratch.removeAll(keepingCapacity: true)
      appendUnescaped(bytes, value.range, to: &scratch)
      TextBlock.append(scratch.span, to: &arena)
    } else {
      if !(field == .errorCode && value.type == .number) { noteTypeChange(field, value.type) }
      TextBlock.append(bytes.extracting(value.range), to: &arena)
    }
  }

  /// Appends a free-form member as the JSON that stands there.
  private mutating func appendJSON(_ field: EventField, _ bytes: Span<UInt8>, to arena: inout [UInt8]) {
    guard let value = value(field) else { return TextBlock.appendNull(to: &arena) }
    if value.type != .object { noteTypeChange(field, value.type) }
    TextBlock.append(bytes.extracting(value.document), to: &arena)
  }

  /// Appends a URL whose last part begins with the call's id as the pattern that it shares with other calls, else null.
  @inline(__always)
  private mutating func appendPattern(
    of field: EventField, _ id: ByteRange, _ bytes: Span<UInt8>, to arena: inout [UInt8]
  ) -> Bool {
    guard plain & field.bit != 0 else {
      TextBlock.appendNull(to: &arena)
      return false
    }
    let url = fields[Int(field.rawValue)].range
    var start = url.upperBound
    while start > url.lowerBound, bytes[start &- 1] != UInt8(ascii: "/") { start &-= 1 }
    let end = start &+ id.count
    guard end <= url.upperBound, sameBytes(bytes.extracting(start..<end), arena.span.extracting(id.bounds)) else {
      TextBlock.appendNull(to: &arena)
      return false
    }
    let length = start &- url.lowerBound &+ 1 &+ url.upperBound &- end
    arena.append(addingCapacity: length &+ OutputSpan<UInt8>.textOverhead) { (text: inout OutputSpan<UInt8>) in
      text.append(textLength: length)
      text.append(bytes, url.lowerBound..<start)
      text.append(TextBlock.idMark)
      text.append(bytes, end..<url.upperBound)
    }
    return true
  }
}
