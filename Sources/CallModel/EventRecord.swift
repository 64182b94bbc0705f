/// An `event_id` as an exact value that is cheap to store and compare.
///
/// The provider's ids are `evt_` and up to 32 lower-case hexadecimal digits; those digits fit two words without loss. Any
/// other id keeps `digits == 0`, and is known by its bytes until the book that deduplicates has given it a number.
public struct EventKey: Hashable, Sendable {
  public var high: UInt64
  public var low: UInt64
  /// The number of hexadecimal digits packed (1 to 32), or 0 for an id of another form.
  public var digits: UInt8

  @inlinable
  public init(high: UInt64, low: UInt64, digits: UInt8) {
    self.high = high
    self.low = low
    self.digits = digits
  }

  /// Stands for an id of another form.
  @inlinable @inline(__always)
  public static var unpacked: EventKey { EventKey(high: 0, low: 0, digits: 0) }

  /// The id that the digits are of; nil for an id of another form.
  public var text: String? {
    guard digits > 0 else { return nil }
    let value = UInt128(high) << 64 | UInt128(low)
    let shown = String(value, radix: 16)
    return "evt_" + String(repeating: "0", count: Int(digits) - shown.utf8.count) + shown
  }

  @inlinable @inline(__always)
  public var hash: UInt64 { mixed(high ^ 0x9e37_79b9_7f4a_7c15, low ^ 0xd1b5_4a32_d192_ed03 ^ UInt64(digits)) }
}

/// One decoded event of a batch. Ranges point into the batch's arena; `Int64.min` in a time or amount stands for null.
public struct EventRecord: Sendable {
  @inlinable @inline(__always)
  public static var null: Int64 { Int64.min }

  public var kind: EventKind
  /// The line within the batch's chunk, from 1.
  public var line: UInt32
  /// Where the line stands in the chunk, without its line feed.
  public var text = ByteRange.empty
  public var key: EventKey
  /// The id's own bytes, for ids that `EventKey` cannot pack; else empty.
  public var verbatimID = ByteRange.empty
  /// A hash of the whole line: two deliveries of one `event_id` with the same hash are the same delivery.
  public var contentHash: UInt64
  /// The event's `timestamp`, microseconds of the provider's clock, or null.
  public var timestamp = EventRecord.null
  public var connectedAt = EventRecord.null
  public var endedAt = EventRecord.null
  /// `credits` in millionths, or null.
  public var credits = EventRecord.null
  /// `call_duration` or `duration` in seconds, or null.
  public var duration = EventRecord.null
  /// `conversation_id` of a call event.
  public var conversation = ByteRange.empty
  public var conversationHash: UInt64 = 0
  /// Its agent and its outcome block, by their places in the batch's `agents` and `outcomes` plus 1; 0 for none.
  public var agent: UInt32 = 0
  public var outcome: UInt32 = 0
  /// Its contact and its result block; empty for none.
  public var contact = ByteRange.empty
  public var result = ByteRange.empty
  /// The event's turns in the batch's `turns`.
  public var firstTurn: UInt32 = 0
  public var turnCount: UInt32 = 0
  /// The `call_insights` of a `call.processed`, as it stands in the chunk; empty for none.
  public var insights = ByteRange.empty
  /// The rows that the event's `call_insights` made in the insights table; set when they are rendered.
  public var insightCount: UInt32 = 0
  /// For a campaign event, its place in the batch's `campaigns`.
  public var campaign: UInt32 = 0

  @inlinable @inline(__always)
  public init(kind: EventKind, line: UInt32, key: EventKey, contentHash: UInt64) {
    self.kind = kind
    self.line = line
    self.key = key
    self.contentHash = contentHash
  }
}

/// One turn of a transcript.
public struct TranscriptTurn: Sendable {
  /// A text of the turn: where it stands, and whether that is the batch's arena (it had escapes) or the chunk itself.
  public struct Text: Sendable {
    public var range: ByteRange
    public var place: Place

    @inlinable
    public init(range: ByteRange, place: Place) {
      self.range = range
      self.place = place
    }
  }

  public enum Place: UInt8, Sendable {
    case null, chunk, arena

    @inlinable @inline(__always)
    public static func == (left: Place, right: Place) -> Bool { left.rawValue == right.rawValue }
  }

  public var role: Text
  public var content: Text

  @inlinable
  public init(role: Text, content: Text) {
    self.role = role
    self.content = content
  }

  /// A turn whose texts both stand in the chunk.
  @inlinable @inline(__always)
  public init(role: Range<Int>, content: Range<Int>) {
    self.role = Text(range: ByteRange(role.lowerBound, role.upperBound), place: .chunk)
    self.content = Text(range: ByteRange(content.lowerBound, content.upperBound), place: .chunk)
  }
}
