import CallModel

/// An accepted call event as the book keeps it: 48 bytes, with its texts and numbers in the arena.
///
/// Events are kept one by one and never merged as they come, because what a call is may depend on all of them: a second
/// `call.processed` can replace the first, and then a column falls back to what `call.completed` said.
struct StoredEvent: Sendable {
  var keyHigh: UInt64
  var keyLow: UInt64
  var contentHash: UInt64
  /// The line in the archive, from 1.
  var line: UInt32
  /// Archive (22 bits), whether a result block follows the numbers (1 bit), kind (3 bits) and digits of the key (6 bits).
  private var packed: UInt32
  /// Arena addresses; 0 where the event has no such block.
  var agent: TextArena.Address
  var contact: TextArena.Address
  var outcome: TextArena.Address
  /// Where the event's `EventNumbers` stand, and right behind them its result block if it has one.
  var numbers: TextArena.Address

  init(_ record: EventRecord, key: EventKey, origin: RecordOrigin) {
    keyHigh = key.high
    keyLow = key.low
    contentHash = record.contentHash
    line = origin.line
    precondition(origin.archive < 1 << 22, "a run reads at most 4,194,304 archives")
    let hasResult: UInt32 = record.result.length > 0 ? 1 << 9 : 0
    packed = origin.archive << 10 | hasResult | UInt32(record.kind.rawValue) << 6 | UInt32(key.digits)
    (agent, contact, outcome, numbers) = (0, 0, 0, 0)
  }

  var kind: EventKind { EventKind(rawValue: UInt8(packed >> 6 & 7)) ?? .callStarted }
  var key: EventKey { EventKey(high: keyHigh, low: keyLow, digits: UInt8(packed & 0x3f)) }
  var origin: RecordOrigin { RecordOrigin(archive: packed >> 10, line: line) }
  var hasResult: Bool { packed >> 9 & 1 == 1 }
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

  /// Bytes that `write` may touch.
  static let room = 4 + 8 * 8 + 8

  /// Four bits a value say how many bytes it takes, 0 for null; then come the values, times as differences from the
  /// first one. Lengths stand apart from the values so that each is read with one load and a mask. The end is returned.
  func write(to bytes: inout MutableSpan<UInt8>, at offset: Int) -> Int {
    var lengths: UInt32 = 0
    var place: UInt32 = 0
    var position = offset &+ 4
    func put(_ value: UInt64, _ bytes: inout MutableSpan<UInt8>) {
      let length = max(1, 8 &- value.leadingZeroBitCount / 8)
      lengths |= UInt32(truncatingIfNeeded: length) &<< place
      bytes.store(value, at: position)
      position &+= length
    }
    func put(_ value: Int64, since base: Int64, _ bytes: inout MutableSpan<UInt8>) {
      if value != EventRecord.null { put(EventNumbers.zigzag(value &- base), &bytes) }
      place &+= 4
    }
    put(timestamp, since: 0, &bytes)
    let base = timestamp == EventRecord.null ? 0 : timestamp
    put(connectedAt, since: base, &bytes)
    put(endedAt, since: base, &bytes)
    put(credits, since: 0, &bytes)
    put(duration, since: 0, &bytes)
    if let rows {
      put(UInt64(rows.turns.lowerBound), &bytes)
      place = 24
      put(UInt64(rows.insights.lowerBound), &bytes)
      place = 28
      put(UInt64(rows.insights.count << 32 | rows.turns.count), &bytes)
    }
    bytes.store(lengths, at: offset)
    return position
  }

  /// Reads what was written at `offset`; eight bytes behind the last value must be readable.
  init(_ bytes: Span<UInt8>, at offset: Int) {
    var lengths = bytes.word(at: offset) & 0xffff_ffff
    var position = offset &+ 4
    func take() -> UInt64? {
      let length = Int(lengths & 15)
      lengths >>= 4
      guard length > 0 else { return nil }
      let value = EventNumbers.value(bytes, position, length)
      position &+= length
      return value
    }
    func takeNumber(since base: Int64 = 0) -> Int64 {
      take().map { EventNumbers.unzigzag($0) &+ base } ?? EventRecord.null
    }
    timestamp = takeNumber()
    let base = timestamp == EventRecord.null ? 0 : timestamp
    connectedAt = takeNumber(since: base)
    endedAt = takeNumber(since: base)
    credits = takeNumber()
    duration = takeNumber()
    guard let turn = take(), let insight = take(), let counts = take() else { return }
    rows = DetailRows(
      turns: Int(turn)..<Int(turn &+ counts & 0xffff_ffff), insights: Int(insight)..<Int(insight &+ counts >> 32))
  }

  /// The end of what was written at `offset`.
  static func end(_ bytes: Span<UInt8>, _ offset: Int) -> Int {
    let lengths = bytes.word(at: offset) & 0xffff_ffff
    let pairs = (lengths & 0x0f0f_0f0f) &+ (lengths >> 4 & 0x0f0f_0f0f)
    return offset &+ 4 &+ Int((pairs &* 0x0101_0101) >> 24 & 0xff)
  }

  @inline(__always)
  private static func value(_ bytes: Span<UInt8>, _ position: Int, _ length: Int) -> UInt64 {
    bytes.word(at: position) & UInt64.max &>> UInt64(truncatingIfNeeded: 64 &- 8 &* length)
  }

  /// A small number either way of zero becomes a small number.
  @inline(__always)
  private static func zigzag(_ value: Int64) -> UInt64 { UInt64(bitPattern: value &<< 1 ^ value &>> 63) }

  @inline(__always)
  private static func unzigzag(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}
