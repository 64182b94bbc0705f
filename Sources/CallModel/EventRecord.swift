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

  @inlinable
  package var hash: UInt64 { mixed(high ^ 0x9e37_79b9_7f4a_7c15, low ^ 0xd1b5_4a32_d192_ed03 ^ UInt64(digits)) }
}

/// A few texts of one event that are stored, hashed and compared together: a range of the batch's arena.
///
/// Each text is its length plus one as a little-endian base-128 number, then its UTF-8 bytes; a zero stands for null.
package struct TextBlock: Sendable {
  package var range: ByteRange
  package var hash: UInt64

  @inlinable
  package init(range: ByteRange, hash: UInt64) {
    self.range = range
    self.hash = hash
  }

  /// Stands for the `conversation_id` in a pattern; a byte that no UTF-8 text has.
  package static let idMark: UInt8 = 0xff

  package static let absent = TextBlock(range: .empty, hash: 0)

  /// Texts of the agent block, in order: what many calls share.
  package enum Agent: Int, CaseIterable { case agentID, agentName, workspaceID, fromNumber, callType, campaignID }
  /// Texts of the contact block: what the events of one call share. `contextData` is JSON as it stood.
  package enum Contact: Int, CaseIterable { case toNumber, username, contextData }
  /// Texts of the outcome block, which many calls share.
  ///
  /// `recordingPattern` is a recording's URL with `idMark` in place of the call's own `conversation_id`.
  package enum Outcome: Int, CaseIterable { case status, errorCode, errorReason, recordingPattern }
  /// Texts of the result block: a `recordingURL` that follows no pattern, and `callInsights`, JSON as it stood.
  package enum Result: Int, CaseIterable { case recordingURL, callInsights }

  /// The range of the text at `index` of the block that starts at `offset` of `bytes`; nil for null.
  @inlinable
  package static func text(_ index: Int, at offset: Int, of bytes: Span<UInt8>) -> Range<Int>? {
    var position = offset
    var remaining = index
    while true {
      let size = length(&position, in: bytes)
      if remaining == 0 { return size == 0 ? nil : position..<(position &+ size &- 1) }
      if size > 0 { position &+= size &- 1 }
      remaining &-= 1
    }
  }

  /// Appends one text to a block that is being written; nil stands for null.
  @inlinable
  package static func append(_ text: Span<UInt8>, to arena: inout [UInt8]) {
    appendLength(text.count, to: &arena)
    arena.append(copying: text)
  }

  /// Appends one text that is given as two parts and the byte between them.
  package static func append(_ head: Span<UInt8>, _ mark: UInt8, _ tail: Span<UInt8>, to arena: inout [UInt8]) {
    appendLength(head.count &+ 1 &+ tail.count, to: &arena)
    arena.append(copying: head)
    arena.append(mark)
    arena.append(copying: tail)
  }

  @inlinable
  static func appendLength(_ length: Int, to arena: inout [UInt8]) {
    var size = length &+ 1
    while size >= 0x80 {
      arena.append(UInt8(truncatingIfNeeded: size) | 0x80)
      size >>= 7
    }
    arena.append(UInt8(truncatingIfNeeded: size))
  }

  @inlinable
  package static func appendNull(to arena: inout [UInt8]) { arena.append(0) }

  @inlinable @inline(__always)
  static func length(_ position: inout Int, in bytes: Span<UInt8>) -> Int {
    var byte = bytes[position]
    position &+= 1
    if byte < 0x80 { return Int(byte) }
    var value = Int(byte & 0x7f)
    var shift = 7
    repeat {
      byte = bytes[position]
      position &+= 1
      value |= Int(byte & 0x7f) << shift
      shift &+= 7
    } while byte >= 0x80
    return value
  }
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
  package var agent = TextBlock.absent
  package var contact = TextBlock.absent
  package var outcome = TextBlock.absent
  package var result = TextBlock.absent
  /// The event's turns in the batch's `turns`.
  package var firstTurn: UInt32 = 0
  package var turnCount: UInt32 = 0
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
}
