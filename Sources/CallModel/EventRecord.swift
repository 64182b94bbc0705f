/// An `event_id` as an exact value that is cheap to store and compare.
///
/// The provider's ids are `evt_` and up to 32 lower-case hexadecimal digits; those digits fit two words without loss. Any
/// other id keeps `digits == 0`, and is known by its bytes until the book that deduplicates has given it a number.
package struct EventKey: Hashable, Sendable {
  package var high: UInt64
  package var low: UInt64
  /// The number of hexadecimal digits packed (1 to 32), or 0 for an id of another form.
  package var digits: UInt8

  @inlinable
  package init(high: UInt64, low: UInt64, digits: UInt8) {
    self.high = high
    self.low = low
    self.digits = digits
  }

  /// Stands for an id of another form.
  package static let unpacked = EventKey(high: 0, low: 0, digits: 0)

  /// The id that the digits are of; nil for an id of another form.
  package var text: String? {
    guard digits > 0 else { return nil }
    let value = UInt128(high) << 64 | UInt128(low)
    let shown = String(value, radix: 16)
    return "evt_" + String(repeating: "0", count: Int(digits) - shown.utf8.count) + shown
  }

  @inlinable
  package var hash: UInt64 { mixed(high ^ 0x9e37_79b9_7f4a_7c15, low ^ 0xd1b5_4a32_d192_ed03 ^ UInt64(digits)) }
}

/// One decoded event of a batch. Ranges point into the batch's arena; `Int64.min` in a time or amount stands for null.
package struct EventRecord: Sendable {
  package static let null = Int64.min

  package var kind: EventKind
  /// The line within the batch's chunk, from 1.
  package var line: UInt32
  package var key: EventKey
  /// The id's own bytes, for ids that `EventKey` cannot pack; else empty.
  package var verbatimID = ByteRange.empty
  /// A hash of the whole line: two deliveries of one `event_id` with the same hash are the same delivery.
  package var contentHash: UInt64
  /// The event's `timestamp`, microseconds of the provider's clock, or null.
  package var timestamp = EventRecord.null
  package var connectedAt = EventRecord.null
  package var endedAt = EventRecord.null
  /// `credits` in millionths, or null.
  package var credits = EventRecord.null
  /// `call_duration` or `duration` in seconds, or null.
  package var duration = EventRecord.null
  /// `conversation_id` of a call event.
  package var conversation = ByteRange.empty
  package var conversationHash: UInt64 = 0
  /// Its agent and its outcome block, by their places in the batch's `agents` and `outcomes` plus 1; 0 for none.
  package var agent: UInt32 = 0
  package var outcome: UInt32 = 0
  /// Its contact and its result block; empty for none.
  package var contact = ByteRange.empty
  package var result = ByteRange.empty
  /// The event's turns in the batch's `turns`.
  package var firstTurn: UInt32 = 0
  package var turnCount: UInt32 = 0
  /// The `call_insights` of a `call.processed`, as it stands in the chunk; empty for none.
  package var insights = ByteRange.empty
  /// The rows that the event's `call_insights` made in the insights table; set when they are rendered.
  package var insightCount: UInt32 = 0
  /// For a campaign event, its place in the batch's `campaigns`.
  package var campaign: UInt32 = 0

  @inlinable
  package init(kind: EventKind, line: UInt32, key: EventKey, contentHash: UInt64) {
    self.kind = kind
    self.line = line
    self.key = key
    self.contentHash = contentHash
  }
}

/// One turn of a transcript.
package struct TranscriptTurn: Sendable {
  /// A text of the turn: where it stands, and whether that is the batch's arena (it had escapes) or the chunk itself.
  package struct Text: Sendable {
    package var range: ByteRange
    package var place: Place

    @inlinable
    package init(range: ByteRange, place: Place) {
      self.range = range
      self.place = place
    }
  }

  package enum Place: UInt8, Sendable { case null, chunk, arena }

  package var role: Text
  package var content: Text

  @inlinable
  package init(role: Text, content: Text) {
    self.role = role
    self.content = content
  }

  /// A turn whose texts both stand in the chunk.
  @inlinable
  package init(role: Range<Int>, content: Range<Int>) {
    self.role = Text(range: ByteRange(role.lowerBound, role.upperBound), place: .chunk)
    self.content = Text(range: ByteRange(content.lowerBound, content.upperBound), place: .chunk)
  }
}
