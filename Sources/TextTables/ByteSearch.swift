import CallModel

/// Searches that look at eight bytes at a time.
///
/// The trick is the classic one: `(x - 0x01…) & ~x & 0x80…` is not zero exactly when a byte of `x` is zero, and its
/// lowest set bit marks the first such byte. XOR with a repeated byte turns "equals" into "is zero".
enum ByteSearch {
  static let ones: UInt64 = 0x0101_0101_0101_0101
  static let highs: UInt64 = 0x8080_8080_8080_8080

  /// Marks zero bytes; only the lowest mark is exact.
  @inline(__always)
  static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }

  /// Marks zero bytes; every mark is exact, for one operation more.
  @inline(__always)
  static func exactZeros(_ word: UInt64) -> UInt64 { ~((word & ~highs) &+ ~highs | word | ~highs) }

  /// The offset of the first `byte` at or after `start`, or the count where there is none.
  @inline(__always)
  static func first(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int {
    let pattern = ones &* UInt64(byte)
    var offset = start
    let count = bytes.count
    while offset &+ 32 <= count {
      let one = zeros(bytes.word(at: offset) ^ pattern) | zeros(bytes.word(at: offset &+ 8) ^ pattern)
      let two = zeros(bytes.word(at: offset &+ 16) ^ pattern) | zeros(bytes.word(at: offset &+ 24) ^ pattern)
      if one | two != 0 { break }
      offset &+= 32
    }
    while offset &+ 8 <= count {
      let marks = zeros(bytes.word(at: offset) ^ pattern)
      if marks != 0 { return offset &+ marks.trailingZeroBitCount / 8 }
      offset &+= 8
    }
    if count >= 8, offset < count {
      let marks = zeros(lastBytes(of: bytes, from: offset) ^ pattern)
      return marks == 0 ? count : min(count, offset &+ marks.trailingZeroBitCount / 8)
    }
    while offset < count, bytes[offset] != byte { offset &+= 1 }
    return offset
  }

  /// The offset of the first control byte (below 0x20) or `byte` at or after `start`, or the count.
  @inline(__always)
  static func firstControl(or byte: UInt8, in bytes: Span<UInt8>, from start: Int) -> Int {
    let pattern = ones &* UInt64(byte)
    var offset = start
    let count = bytes.count
    while offset &+ 32 <= count {
      let one = marked(bytes.word(at: offset), pattern) | marked(bytes.word(at: offset &+ 8), pattern)
      let two = marked(bytes.word(at: offset &+ 16), pattern) | marked(bytes.word(at: offset &+ 24), pattern)
      if one | two != 0 { break }
      offset &+= 32
    }
    while offset &+ 8 <= count {
      let marks = marked(bytes.word(at: offset), pattern)
      if marks != 0 { return offset &+ marks.trailingZeroBitCount / 8 }
      offset &+= 8
    }
    if count >= 8, offset < count {
      let marks = marked(lastBytes(of: bytes, from: offset), pattern)
      return marks == 0 ? count : min(count, offset &+ marks.trailingZeroBitCount / 8)
    }
    while offset < count, bytes[offset] >= 0x20, bytes[offset] != byte { offset &+= 1 }
    return offset
  }

  /// The bytes from `offset` on, fewer than eight of at least eight, with zeros behind them.
  @inline(__always)
  private static func lastBytes(of bytes: Span<UInt8>, from offset: Int) -> UInt64 {
    bytes.word(at: bytes.count &- 8) >> UInt64(truncatingIfNeeded: (8 &- (bytes.count &- offset)) &* 8)
  }

  @inline(__always)
  private static func marked(_ word: UInt64, _ pattern: UInt64) -> UInt64 {
    let controls = (word &- ones &* 0x20) & ~word & highs
    return controls | zeros(word ^ pattern)
  }
}
