package import CallModel

/// The calls of a run: events deduplicated, joined by conversation, and kept until they are settled.
package struct CallBook: Sendable {
  /// What is known of a call before it is settled.
  struct Entry: Sendable {
    /// The last committed event of the call, by its number plus 1; the others hang on it.
    var lastEvent: UInt32 = 0
    /// Further deliveries of events that the call already has.
    var duplicates: UInt32 = 0
    /// The `call.processed` whose rows stand in the detail tables, by its number plus 1.
    var processed: UInt32 = 0
  }

  private(set) var arena = TextArena()
  private(set) var events = BlockArray<StoredEvent>()
  private(set) var entries = BlockArray<Entry>()
  private(set) var conversations = IdentifierTable()
  /// The address of every distinct outcome.
  private(set) var outcomes: [TextArena.Address] = []
  private(set) var eventIndex = HashSlots()
  private var blockIndex = HashSlots()
  /// Every distinct agent and outcome block, which many events share.
  private var sharedBlocks = BlockArray<SharedBlock>()
  /// Memory for packing an event's numbers.
  private var numbers: [UInt8] = []

  private struct SharedBlock {
    var hash: UInt64
    var address: TextArena.Address
    var length: UInt32
  }

  package init() {}

  /// The number of calls.
  package var count: Int { entries.count }

  // MARK: Deduplication

  /// What the book already has under an `event_id`.
  package enum Delivery {
    case new
    case duplicate
    /// Another body under the same id; the origin is that of the first.
    case conflict(first: RecordOrigin)
  }

  /// Judges a delivery; `key` is exact.
  @inline(__always)
  func delivery(_ key: EventKey, contentHash: UInt64) -> Delivery {
    guard let known = eventIndex.find(key.hash, { events[$0].key == key }) else { return .new }
    let event = events[known]
    return event.contentHash == contentHash ? .duplicate : .conflict(first: event.origin)
  }

  // MARK: Committing

  /// Counts one more delivery of an event that the book has.
  mutating func addDuplicate(_ record: EventRecord, _ bytes: Span<UInt8>) {
    let conversation = bytes.extracting(record.conversation.start..<record.conversation.end)
    if let call = conversations.find(conversation, hash: record.conversationHash) { entries[call].duplicates += 1 }
  }

  /// What becomes of the rows of an event in the detail tables.
  enum RowsFate {
    /// The rows belong behind those already written.
    case append
    /// A later `call.processed` of the call is already there: these rows stay out.
    case leaveOut
    /// Like `append`, and the rows of the earlier event are no longer valid.
    case replace(DetailRows)
  }

  /// Keeps a new call event. `rows` is where its rows would stand in the detail tables.
  mutating func add(
    _ record: EventRecord, key: EventKey, _ bytes: Span<UInt8>, origin: RecordOrigin, rows: DetailRows
  ) -> RowsFate {
    let call = conversations.number(
      of: bytes.extracting(record.conversation.start..<record.conversation.end), hash: record.conversationHash)
    if call == entries.count { entries.append(Entry()) }
    let entry = entries[call]
    let number = events.count
    var event = StoredEvent(record, key: key, origin: origin, previous: entry.lastEvent)
    event.agent = share(record.agent, bytes).address
    let outcome = share(record.outcome, bytes)
    event.outcome = outcome.address
    if outcome.isNew { outcomes.append(outcome.address) }
    let last = entry.lastEvent == 0 ? nil : events[Int(entry.lastEvent) - 1]
    event.contact = keep(record.contact, bytes, unlessAt: last?.contact ?? 0)
    event.result = keep(record.result, bytes, unlessAt: last?.result ?? 0)

    var values = EventNumbers(record)
    var fate = RowsFate.append
    if record.kind == .callProcessed {
      values.rows = rows
      fate = placeRows(of: record, number: number, call: call, entry.processed)
    }
    var packed: [UInt8] = []
    swap(&packed, &numbers)
    packed.removeAll(keepingCapacity: true)
    values.write(to: &packed)
    event.numbers = arena.append(packed.span)
    swap(&packed, &numbers)

    events.append(event)
    entries[call].lastEvent = UInt32(number + 1)
    eventIndex.insert(key.hash, number) { events[$0].key.hash }
    return fate
  }

  /// Keeps a campaign event's key, so that it is deduplicated like any other.
  mutating func addCampaignEvent(_ record: EventRecord, key: EventKey, origin: RecordOrigin) {
    eventIndex.insert(key.hash, events.count) { events[$0].key.hash }
    events.append(StoredEvent(record, key: key, origin: origin, previous: 0))
  }

  private mutating func placeRows(of record: EventRecord, number: Int, call: Int, _ processed: UInt32) -> RowsFate {
    guard processed != 0 else {
      entries[call].processed = UInt32(number + 1)
      return .append
    }
    let earlier = eventNumbers(Int(processed) - 1)
    guard record.timestamp >= earlier.timestamp else { return .leaveOut }
    entries[call].processed = UInt32(number + 1)
    return earlier.rows.map { .replace($0) } ?? .append
  }

  func eventNumbers(_ number: Int) -> EventNumbers {
    arena.withBlock(at: events[number].numbers) { EventNumbers($0, at: $1) }
  }

  /// The address of a block that many events have in common.
  private mutating func share(
    _ block: TextBlock, _ bytes: Span<UInt8>
  ) -> (address: TextArena.Address, isNew: Bool) {
    guard block.range.length > 0 else { return (0, false) }
    let text = bytes.extracting(block.range.start..<block.range.end)
    let known = blockIndex.find(block.hash) {
      sharedBlocks[$0].length == block.range.length && arena.holds(text, at: sharedBlocks[$0].address)
    }
    if let known { return (sharedBlocks[known].address, false) }
    let address = arena.append(text)
    blockIndex.insert(block.hash, sharedBlocks.count) { sharedBlocks[$0].hash }
    sharedBlocks.append(SharedBlock(hash: block.hash, address: address, length: block.range.length))
    return (address, true)
  }

  /// The address of a block that the call's last event may have word for word; blocks say their own length.
  private mutating func keep(
    _ block: TextBlock, _ bytes: Span<UInt8>, unlessAt known: TextArena.Address
  ) -> TextArena.Address {
    guard block.range.length > 0 else { return 0 }
    let text = bytes.extracting(block.range.start..<block.range.end)
    return known != 0 && arena.holds(text, at: known) ? known : arena.append(text)
  }

  /// Gives back the memory that only committing needs.
  package mutating func close() {
    eventIndex = HashSlots()
    blockIndex = HashSlots()
    sharedBlocks = BlockArray()
  }
}
