/// Events copied out of batches, with the texts that they have: a batch of its own, of one archive.
///
/// What belongs to the text that a batch was decoded from, transcripts and insights, stays behind, so an event has none of
/// their rows here. Lines are those of the archive.
package struct EventSelection: Sendable {
  package private(set) var batch = EventBatch()
  /// By hash, the places in the batch of blocks that events share.
  private var agents: [UInt64: UInt32] = [:]
  private var outcomes: [UInt64: UInt32] = [:]

  package init() {}

  /// Copies an event; `firstLine` is the number of lines of the archive before its batch.
  package mutating func append(_ index: Int, of source: borrowing EventBatch, firstLine: UInt32) {
    var event = source.events[index]
    let bytes = source.arena.span
    event.line &+= firstLine
    event.verbatimID = copy(event.verbatimID, bytes)
    event.conversation = copy(event.conversation, bytes)
    event.contact = copy(event.contact, bytes)
    event.result = copy(event.result, bytes)
    event.agent = share(event.agent, of: source.agents, bytes, \.agents, \.agents)
    event.outcome = share(event.outcome, of: source.outcomes, bytes, \.outcomes, \.outcomes)
    (event.firstTurn, event.turnCount, event.insights, event.insightCount) = (0, 0, .empty, 0)
    if !event.kind.isCall {
      batch.campaigns.append(source.campaigns[Int(event.campaign)])
      event.campaign = UInt32(batch.campaigns.count - 1)
    }
    batch.events.append(event)
  }

  /// Copies what was found wrong with the times of the event that was appended last; `index` was its place in `source`.
  package mutating func appendFaults(of index: Int, in source: borrowing EventBatch) {
    for fault in source.timestampFaults where Int(fault.event) == index {
      batch.timestampFaults.append(TimestampFault(event: UInt32(batch.events.count - 1), field: fault.field))
    }
  }

  private mutating func copy(_ range: ByteRange, _ bytes: Span<UInt8>) -> ByteRange {
    let start = batch.arena.count
    batch.arena.append(copying: bytes.extracting(range.bounds))
    return ByteRange(start, batch.arena.count)
  }

  /// The place plus 1 of a block that many events share; 0 for none.
  private mutating func share(
    _ place: UInt32, of blocks: [TextBlock.Shared], _ bytes: Span<UInt8>,
    _ own: WritableKeyPath<EventBatch, [TextBlock.Shared]>, _ known: WritableKeyPath<EventSelection, [UInt64: UInt32]>
  ) -> UInt32 {
    guard place > 0 else { return 0 }
    let block = blocks[Int(place) - 1]
    let text = bytes.extracting(block.range.bounds)
    if let place = self[keyPath: known][block.hash],
      sameBytes(batch.arena.span.extracting(batch[keyPath: own][Int(place) - 1].range.bounds), text)
    {
      return place
    }
    let range = copy(block.range, bytes)
    batch[keyPath: own].append(TextBlock.Shared(range: range, hash: block.hash))
    let number = UInt32(batch[keyPath: own].count)
    self[keyPath: known][block.hash] = number
    return number
  }
}

extension EventBatch {
  /// Leaves out events, and what was found wrong with their times; `keep` may change those that stay.
  package mutating func keepEvents(_ keep: (inout EventRecord) -> Bool) {
    var kept = 0
    var fault = 0
    var keptFaults = 0
    for index in events.indices {
      var event = events[index]
      let stays = keep(&event)
      while fault < timestampFaults.count, Int(timestampFaults[fault].event) == index {
        if stays {
          timestampFaults[keptFaults] = TimestampFault(event: UInt32(kept), field: timestampFaults[fault].field)
          keptFaults += 1
        }
        fault += 1
      }
      if stays {
        events[kept] = event
        kept += 1
      }
    }
    events.removeLast(events.count - kept)
    timestampFaults.removeLast(timestampFaults.count - keptFaults)
  }
}
