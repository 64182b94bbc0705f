package import CallModel

/// The calls of a run: events deduplicated, joined by conversation, and kept until they are settled.
package struct CallBook: Sendable {
  /// What is known of a call before it is settled.
  struct Entry: Sendable {
    /// The event of each kind that counts so far, by authority and by its number plus 1; 0 for none. A later event of
    /// a kind takes the place of an earlier one, and the earlier one can say nothing any more.
    var winners: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    /// The earliest `timestamp` of the call's events, or `Int64.max`.
    var earliest = Int64.max
    /// Deliveries of the call's events, duplicates among them.
    var deliveries: UInt32 = 0
    /// Kinds of which several events with different ids arrived, as bits by authority.
    var kindsRepeated: UInt8 = 0
    /// Whether one of its events was delivered again with other content.
    var hasConflicts = false
    /// Whether its `call.processed` was delivered again, see `chargedAgain`.
    var isChargedAgain = false

    subscript(authority: Int) -> UInt32 {
      @inline(__always)
      get {
        switch authority {
        case 0: winners.0
        case 1: winners.1
        case 2: winners.2
        default: winners.3
        }
      }
      set {
        switch authority {
        case 0: winners.0 = newValue
        case 1: winners.1 = newValue
        case 2: winners.2 = newValue
        default: winners.3 = newValue
        }
      }
    }
  }

  private(set) var arena = TextArena()
  private(set) var events = BlockArray<StoredEvent>()
  private(set) var entries = BlockArray<Entry>()
  private(set) var conversations = IdentifierTable()
  /// The address of every distinct outcome.
  private(set) var outcomes: [TextArena.Address] = []
  private(set) var eventIndex = HashSlots()
  /// Events that another one of their kind and call has taken the place of or been preferred to; few.
  private(set) var superseded: [(call: UInt32, event: UInt32)] = []
  /// Deliveries with other content than the one of the same `event_id` that counts, by call; few.
  private(set) var conflicts: [UInt32: [ConflictingDelivery]] = [:]
  /// Further deliveries of `call.processed`, the one event that charges anything, by call; few.
  private(set) var chargedAgain: [UInt32: UInt32] = [:]
  /// Those of conversations of which no event counts, since another call's has the id; when the book is closed, for good.
  private(set) var strays: [StrayDelivery] = []
  private var blockIndex = HashSlots()
  /// The addresses of the batch's agent and outcome blocks; 0 for one that no event was added with yet.
  private var batchAgents: [TextArena.Address] = []
  private var batchOutcomes: [TextArena.Address] = []
  /// Every distinct agent and outcome block, which many events share.
  private var sharedBlocks = BlockArray<SharedBlock>()

  private struct SharedBlock {
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
    let conversation = bytes.extracting(record.conversation.bounds)
    guard let call = conversations.find(conversation, hash: record.conversationHash) else { return }
    if record.kind == .callProcessed {
      entries[call].isChargedAgain = true
      chargedAgain[UInt32(call), default: 0] += 1
    }
    entries[call].deliveries += 1
  }

  /// Keeps what a delivery of a call's event says whose first delivery had other content.
  mutating func addConflict(_ record: EventRecord, _ batch: borrowing EventBatch, first: RecordOrigin) {
    let conversation = batch.arena.span.extracting(record.conversation.bounds)
    let delivery = ConflictingDelivery(
      kind: record.kind, first: first, numbers: EventNumbers(record), outcome: outcome(of: record, batch))
    if let call = conversations.find(conversation, hash: record.conversationHash) {
      addConflict(delivery, of: call)
    } else {
      var id: [UInt8] = []
      id.append(copying: conversation)
      strays.append(StrayDelivery(conversation: id, agent: agent(of: record, batch), delivery: delivery))
    }
  }

  private mutating func addConflict(_ delivery: ConflictingDelivery, of call: Int) {
    entries[call].hasConflicts = true
    conflicts[UInt32(call), default: []].append(delivery)
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

  /// Makes ready for adding the events of a batch.
  mutating func begin(_ batch: borrowing EventBatch) {
    batchAgents.removeAll(keepingCapacity: true)
    batchAgents.append(contentsOf: repeatElement(0, count: batch.agents.count))
    batchOutcomes.removeAll(keepingCapacity: true)
    batchOutcomes.append(contentsOf: repeatElement(0, count: batch.outcomes.count))
  }

  /// Keeps a new call event of the batch that was begun. `rows` is where its rows would stand in the detail tables.
  mutating func add(
    _ record: EventRecord, key: EventKey, _ batch: borrowing EventBatch, origin: RecordOrigin, rows: DetailRows
  ) -> RowsFate {
    let bytes = batch.arena.span
    let call = conversations.number(
      of: bytes.extracting(record.conversation.bounds), hash: record.conversationHash)
    if call == entries.count { entries.append(Entry()) }
    var entry = entries[call]
    let number = events.count
    var event = StoredEvent(record, key: key, origin: origin)
    event.agent = agent(of: record, batch)
    event.outcome = outcome(of: record, batch)
    event.contact = keep(record.contact, bytes, unlessAt: knownContact(of: entry))

    var values = EventNumbers(record)
    let fate = rank(record, number, in: &entry, of: call)
    if record.kind == .callProcessed { values.rows = rows }
    entry.deliveries += 1
    if record.timestamp != EventRecord.null { entry.earliest = min(entry.earliest, record.timestamp) }
    entries[call] = entry
    event.numbers = arena.append(upTo: EventNumbers.room + record.result.count) { block, offset in
      let end = values.write(to: &block, at: offset)
      block.copy(bytes.extracting(record.result.bounds), at: end)
      return end &+ record.result.count
    }

    events.append(event)
    eventIndex.insert(key.hash, number)
    return fate
  }

  /// Keeps a campaign event's key, so that it is deduplicated like any other.
  mutating func addCampaignEvent(_ record: EventRecord, key: EventKey, origin: RecordOrigin) {
    eventIndex.insert(key.hash, events.count)
    events.append(StoredEvent(record, key: key, origin: origin))
  }

  /// Gives an event the place of its kind, unless a later one has it: the latest `timestamp` counts, then the later in
  /// archive order.
  private mutating func rank(
    _ record: EventRecord, _ number: Int, in entry: inout Entry, of call: Int
  ) -> RowsFate {
    let place = record.kind.authority
    let known = entry[place]
    guard known != 0 else {
      entry[place] = UInt32(number + 1)
      return .append
    }
    entry.kindsRepeated |= 1 << UInt8(place)
    let earlier = eventNumbers(Int(known) - 1)
    guard record.timestamp >= earlier.timestamp else {
      superseded.append((UInt32(call), UInt32(number)))
      return .leaveOut
    }
    superseded.append((UInt32(call), known - 1))
    entry[place] = UInt32(number + 1)
    return earlier.rows.map { .replace($0) } ?? .append
  }

  /// Where a contact block of the call stands; its events mostly have the same one.
  private func knownContact(of entry: Entry) -> TextArena.Address {
    for place in [2, 1, 3] where entry[place] != 0 { return events[Int(entry[place]) - 1].contact }
    return 0
  }

  func eventNumbers(_ number: Int) -> EventNumbers {
    arena.withBlock(at: events[number].numbers) { EventNumbers($0, at: $1) }
  }

  private mutating func agent(of record: EventRecord, _ batch: borrowing EventBatch) -> TextArena.Address {
    guard record.agent > 0 else { return 0 }
    let place = Int(record.agent) - 1
    if batchAgents[place] == 0 { batchAgents[place] = share(batch.agents[place], batch.arena.span).address }
    return batchAgents[place]
  }

  private mutating func outcome(of record: EventRecord, _ batch: borrowing EventBatch) -> TextArena.Address {
    guard record.outcome > 0 else { return 0 }
    let place = Int(record.outcome) - 1
    if batchOutcomes[place] == 0 {
      let block = share(batch.outcomes[place], batch.arena.span)
      batchOutcomes[place] = block.address
      if block.isNew { outcomes.append(block.address) }
    }
    return batchOutcomes[place]
  }

  /// The address of a block that many events have in common.
  private mutating func share(
    _ block: TextBlock.Shared, _ bytes: Span<UInt8>
  ) -> (address: TextArena.Address, isNew: Bool) {
    let text = bytes.extracting(block.range.bounds)
    let known = blockIndex.find(block.hash) {
      sharedBlocks[$0].length == block.range.length && arena.holds(text, at: sharedBlocks[$0].address)
    }
    if let known { return (sharedBlocks[known].address, false) }
    let address = arena.append(text)
    blockIndex.insert(block.hash, sharedBlocks.count)
    sharedBlocks.append(SharedBlock(address: address, length: block.range.length))
    return (address, true)
  }

  /// The address of a block that the call may have word for word; blocks say their own length.
  private mutating func keep(
    _ range: ByteRange, _ bytes: Span<UInt8>, unlessAt known: TextArena.Address
  ) -> TextArena.Address {
    guard range.length > 0 else { return 0 }
    let text = bytes.extracting(range.bounds)
    return known != 0 && arena.holds(text, at: known) ? known : arena.append(text)
  }

  /// Gives strays to calls of which an event has come since, and gives back the memory that only committing needs.
  package mutating func close() {
    let all = strays
    strays = []
    for stray in all {
      if let call = conversations.find(stray.conversation.span, hash: hash64(stray.conversation.span)) {
        addConflict(stray.delivery, of: call)
      } else {
        strays.append(stray)
      }
    }
    eventIndex = HashSlots()
    blockIndex = HashSlots()
    sharedBlocks = BlockArray()
  }
}
