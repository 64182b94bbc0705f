import CallModel

/// An accepted call event as the book keeps it: 56 bytes, with its texts and numbers in the arena.
///
/// Events are kept one by one and never merged as they come, because what a call is may depend on all of them: a second
/// `call.processed` can replace the first, and then a column falls back to what `call.completed` said.
struct StoredEvent: Sendable {
  var keyHigh: UInt64
  var keyLow: UInt64
  var contentHash: UInt64
  /// The event before this one of the same call, by its number plus 1; 0 for none.
  var previous: UInt32
  /// The line in the archive, from 1.
  var line: UInt32
  /// Archive (23 bits), kind (3 bits) and digits of the key (6 bits).
  private var packed: UInt32
  /// Arena addresses; 0 where the event has no such block.
  var agent: TextArena.Address
  var contact: TextArena.Address
  var outcome: TextArena.Address
  var result: TextArena.Address
  var numbers: TextArena.Address

  init(_ record: EventRecord, key: EventKey, origin: RecordOrigin, previous: UInt32) {
    keyHigh = key.high
    keyLow = key.low
    contentHash = record.contentHash
    self.previous = previous
    line = origin.line
    precondition(origin.archive < 1 << 23, "a run reads at most 8,388,608 archives")
    packed = origin.archive << 9 | UInt32(record.kind.rawValue) << 6 | UInt32(key.digits)
    (agent, contact, outcome, result, numbers) = (0, 0, 0, 0, 0)
  }

  var kind: EventKind { EventKind(rawValue: UInt8(packed >> 6 & 7)) ?? .callStarted }
  var key: EventKey { EventKey(high: keyHigh, low: keyLow, digits: UInt8(packed & 0x3f)) }
  var origin: RecordOrigin { RecordOrigin(archive: packed >> 9, line: line) }
}

/// The rows of one `call.processed` in the tables that are written while archives are read.
package struct DetailRows: Equatable, Sendable {
  package var turns: Range<Int>
  package var insights: Range<Int>
}

/// The times and amounts of an event, packed into a few bytes: most are absent, and times are near one another.
struct EventNumbers {
  var timestamp = EventRecord.null
  var connectedAt = EventRecord.null
  var endedAt = EventRecord.null
  var credits = EventRecord.null
  var duration = EventRecord.null
  /// Of a `call.processed`: where its rows stand in the detail tables as first written.
  var rows: DetailRows?

  init() {}

  init(_ record: EventRecord) {
    timestamp = record.timestamp
    connectedAt = record.connectedAt
    endedAt = record.endedAt
    credits = record.credits
    duration = record.duration
  }

  /// A byte that says which values follow, then each as a base-128 number; times as differences from the first one.
  func write(to output: inout [UInt8]) {
    var present: UInt8 = 0
    let start = output.count
    output.append(0)
    var base: Int64 = 0
    var bit: UInt8 = 1
    func put(_ value: Int64, isTime: Bool) {
      if value != EventRecord.null {
        present |= bit
        EventNumbers.append(isTime ? value &- base : value, to: &output)
        if isTime { base = value }
      }
      bit <<= 1
    }
    put(timestamp, isTime: true)
    put(connectedAt, isTime: true)
    put(endedAt, isTime: true)
    put(credits, isTime: false)
    put(duration, isTime: false)
    if let rows {
      for value in [rows.turns.lowerBound, rows.turns.count, rows.insights.lowerBound, rows.insights.count] {
        EventNumbers.append(Int64(value), to: &output)
      }
      present |= bit
    }
    output[start] = present
  }

  init(_ bytes: Span<UInt8>, at offset: Int) {
    let present = bytes[offset]
    var position = offset &+ 1
    var base: Int64 = 0
    func take(_ bit: UInt8, isTime: Bool) -> Int64 {
      guard present & bit != 0 else { return EventRecord.null }
      let value = EventNumbers.read(bytes, &position)
      guard isTime else { return value }
      base = base &+ value
      return base
    }
    timestamp = take(1, isTime: true)
    connectedAt = take(2, isTime: true)
    endedAt = take(4, isTime: true)
    credits = take(8, isTime: false)
    duration = take(16, isTime: false)
    guard present & 32 != 0 else { return }
    let values = InlineArray<4, Int64> { _ in EventNumbers.read(bytes, &position) }
    rows = DetailRows(
      turns: Int(values[0])..<Int(values[0] + values[1]), insights: Int(values[2])..<Int(values[2] + values[3]))
  }

  private static func append(_ value: Int64, to output: inout [UInt8]) {
    var rest = UInt64(bitPattern: value &<< 1 ^ value &>> 63)
    while rest >= 0x80 {
      output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    output.append(UInt8(truncatingIfNeeded: rest))
  }

  @inline(__always)
  fileprivate static func read(_ bytes: Span<UInt8>, _ position: inout Int) -> Int64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = bytes[position]
      position &+= 1
      value |= UInt64(byte & 0x7f) &<< shift
      if byte < 0x80 { break }
      shift &+= 7
    }
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}

extension EventNumbers {
  /// The first of the packed values alone.
  @inline(__always)
  static func timestamp(_ bytes: Span<UInt8>, at offset: Int) -> Int64 {
    guard bytes[offset] & 1 != 0 else { return EventRecord.null }
    var position = offset &+ 1
    return read(bytes, &position)
  }
}
