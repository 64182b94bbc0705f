/// Byte primitives that every module needs on its hot path.
///
/// The standard library offers bounds-checked word loads and a bulk append only under names that strict memory safety
/// calls unsafe, and no way to write words or to repeat what was written, so that is wrapped here once; all check their
/// bounds and can be called as safe code.

extension Span where Element == UInt8 {
  /// The eight bytes from `offset` on as a little-endian word; traps when they are not all inside the span.
  @inlinable @inline(__always)
  package func word(at offset: Int) -> UInt64 {
    precondition(UInt(bitPattern: offset) <= UInt(bitPattern: count &- 8) && count >= 8)
    return UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
  }

  /// The 16 bytes from `offset` on as words; traps when they are not all inside the span.
  @inlinable @inline(__always)
  package func twoWords(at offset: Int) -> SIMD2<UInt64> {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD2<UInt64>.self)
  }

  /// The 32 bytes from `offset` on as little-endian words; traps when they are not all inside the span.
  @inlinable @inline(__always)
  package func fourWords(at offset: Int) -> (UInt64, UInt64, UInt64, UInt64) {
    precondition(UInt(bitPattern: offset) <= UInt(bitPattern: count &- 32) && count >= 32)
    return unsafe (
      bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self).littleEndian,
      bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ 8, as: UInt64.self).littleEndian,
      bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ 16, as: UInt64.self).littleEndian,
      bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset &+ 24, as: UInt64.self).littleEndian
    )
  }

  /// The bytes from `start` on, fewer than eight, as a little-endian word with zeros behind them.
  @inlinable @inline(__always)
  package func shortWord(at start: Int) -> UInt64 {
    if count >= 8 {
      let missing = start &+ 8 &- count
      return missing >= 8 ? 0 : self.word(at: count &- 8) &>> UInt64(truncatingIfNeeded: missing &* 8)
    }
    var word: UInt64 = 0
    var index = count
    while index > start {
      index &-= 1
      word = word &<< 8 | UInt64(self[index])
    }
    return word
  }
}

extension Array where Element == UInt8 {
  /// Appends the span's bytes with one copy.
  @inlinable @inline(__always)
  package mutating func append(copying source: Span<UInt8>) {
    unsafe source.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }

  /// Appends the digits of a number.
  package mutating func append(decimal number: UInt32) {
    let start = count
    var rest = number
    repeat {
      append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    var (first, last) = (start, count - 1)
    while first < last {
      swapAt(first, last)
      (first, last) = (first + 1, last - 1)
    }
  }

  /// Appends the UTF-8 of a string literal or string.
  @inlinable
  package mutating func append(utf8 string: String) {
    append(contentsOf: string.utf8)
  }
}

/// A half-open range of byte offsets, small enough to be stored by the million.
public struct ByteRange: Equatable, Sendable {
  /// The first byte's offset.
  public var offset: UInt32
  /// The number of bytes.
  public var length: UInt32

  @inlinable @inline(__always)
  public init(_ start: Int, _ end: Int) {
    offset = UInt32(truncatingIfNeeded: start)
    length = UInt32(truncatingIfNeeded: end &- start)
  }

  @inlinable @inline(__always) public static var empty: ByteRange { ByteRange(0, 0) }

  @inlinable @inline(__always) public var start: Int { Int(offset) }
  @inlinable @inline(__always) public var end: Int { Int(offset) &+ Int(length) }
  @inlinable @inline(__always) public var count: Int { Int(length) }
  @inlinable @inline(__always) public var bounds: Range<Int> { start..<end }
}

/// A 64-bit hash of bytes: the same on every machine and in every run, so that nothing that hangs on it can differ.
///
/// Wide multiplication over 16-byte steps with fixed odd constants. It spreads keys over tables and compares the bodies
/// of deliveries that already share an `event_id`; identity itself is always decided on the bytes.
@inlinable
package func hash64(_ bytes: Span<UInt8>, seed: UInt64 = 0) -> UInt64 {
  let count = bytes.count
  var state = seed ^ 0xa076_1d64_78bd_642f
  var tail: (UInt64, UInt64)
  if count >= 16 {
    var offset = 0
    if count >= 32 {
      var other = state
      repeat {
        let words = bytes.fourWords(at: offset)
        state = mixed(words.0 ^ 0xe703_7ed1_a0b4_28db, words.1 ^ state)
        other = mixed(words.2 ^ 0x8ebc_6af0_9c88_c6e3, words.3 ^ other)
        offset &+= 32
      } while offset &+ 32 <= count
      state ^= other
    }
    if offset &+ 16 <= count {
      state = mixed(bytes.word(at: offset) ^ 0xe703_7ed1_a0b4_28db, bytes.word(at: offset &+ 8) ^ state)
    }
    tail = (bytes.word(at: count &- 16), bytes.word(at: count &- 8))
  } else if count >= 8 {
    tail = (bytes.word(at: 0), bytes.word(at: count &- 8))
  } else {
    tail = (0, 0)
    for index in 0..<count { tail.0 = tail.0 << 8 | UInt64(bytes[index]) }
  }
  state = mixed(tail.0 ^ 0xe703_7ed1_a0b4_28db, tail.1 ^ state)
  return mixed(state ^ UInt64(truncatingIfNeeded: count), 0x5899_65cc_7537_4cc3)
}

/// Both halves of the 128-bit product folded into one word.
@inlinable @inline(__always)
package func mixed(_ left: UInt64, _ right: UInt64) -> UInt64 {
  let product = left.multipliedFullWidth(by: right)
  return product.high ^ product.low
}

/// Whether two spans hold the same bytes.
@inlinable @inline(__always)
package func sameBytes(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  var offset = 0
  while offset &+ 16 <= left.count {
    let differences = left.twoWords(at: offset) ^ right.twoWords(at: offset)
    if differences[0] | differences[1] != 0 { return false }
    offset &+= 16
  }
  if offset &+ 8 <= left.count {
    if left.word(at: offset) != right.word(at: offset) { return false }
    offset &+= 8
  }
  while offset < left.count {
    if left[offset] != right[offset] { return false }
    offset &+= 1
  }
  return true
}
