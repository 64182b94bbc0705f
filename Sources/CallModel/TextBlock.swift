/// A few texts of one event that are stored and compared together.
///
/// Each text is its length plus one as a little-endian base-128 number, then its UTF-8 bytes; a zero stands for null.
public enum TextBlock {
  /// Stands for the `conversation_id` in a pattern; a byte that no UTF-8 text has.
  public static let idMark: UInt8 = 0xff

  /// A block that many events of a batch share: where it stands in the batch's arena, and its `hash64`.
  public struct Shared: Sendable {
    public var range: ByteRange
    public var hash: UInt64

    @inlinable
    public init(range: ByteRange, hash: UInt64) {
      self.range = range
      self.hash = hash
    }
  }

  /// Texts of the agent block, in order: what many calls share.
  public enum Agent: Int, CaseIterable, Sendable {
    case agentID, agentName, workspaceID, fromNumber, callType, campaignID
  }
  /// Texts of the contact block: what the events of one call share. `contextData` is JSON as it stood.
  public enum Contact: Int, CaseIterable, Sendable { case toNumber, username, contextData }
  /// Texts of the outcome block, which many calls share.
  ///
  /// `recordingPattern` is a recording's URL with `idMark` in place of the call's own `conversation_id`.
  public enum Outcome: Int, CaseIterable, Sendable { case status, errorCode, errorReason, recordingPattern }
  /// Texts of the result block: a `recordingURL` that follows no pattern, and `callInsights`, JSON as it stood.
  public enum Result: Int, CaseIterable, Sendable { case recordingURL, callInsights }

  /// The range of the text at `index` of the block that starts at `offset` of `bytes`; nil for null.
  @inlinable
  public static func text(_ index: Int, at offset: Int, of bytes: Span<UInt8>) -> Range<Int>? {
    var position = offset
    var remaining = index
    while true {
      let size = length(&position, in: bytes)
      if remaining == 0 { return size == 0 ? nil : position..<(position &+ size &- 1) }
      if size > 0 { position &+= size &- 1 }
      remaining &-= 1
    }
  }

  /// Appends one text to a block that is being written.
  @inlinable
  public static func append(_ text: Span<UInt8>, to arena: inout [UInt8]) {
    arena.append(addingCapacity: text.count &+ OutputSpan<UInt8>.textOverhead) { (block: inout OutputSpan<UInt8>) in
      block.append(textLength: text.count)
      block.append(copying: text)
    }
  }

  @inlinable
  public static func appendNull(to arena: inout [UInt8]) { arena.append(0) }

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

extension OutputSpan where Element == UInt8 {
  /// Room that a text of a block can need beside its bytes, and that storing it needs behind it.
  @inlinable public static var textOverhead: Int { 10 + ample }

  /// Appends `bytes[range]` as one text of a block; `ample` bytes behind it must be readable.
  @inlinable @inline(__always)
  public mutating func append(text range: Range<Int>, of bytes: Span<UInt8>) {
    append(textLength: range.count)
    append(bytes, range)
  }

  @inlinable @inline(__always)
  public mutating func append(textLength length: Int) {
    var size = length &+ 1
    while size >= 0x80 {
      append(UInt8(truncatingIfNeeded: size) | 0x80)
      size >>= 7
    }
    append(UInt8(truncatingIfNeeded: size))
  }
}
