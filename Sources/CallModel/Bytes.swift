/// Byte primitives that every module needs on its hot path.
///
/// The standard library offers a bounds-checked word load and a bulk append only under names that strict memory safety
/// calls unsafe, so they are wrapped here once; both check their bounds and can be called as safe code.

extension Span where Element == UInt8 {
  /// The eight bytes from `offset` on as a little-endian word; traps when they are not all inside the span.
  @inlinable @inline(__always)
  package func word(at offset: Int) -> UInt64 {
    UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  /// The 32 bytes from `offset` on as words; traps when they are not all inside the span.
  @inlinable @inline(__always)
  package func fourWords(at offset: Int) -> SIMD4<UInt64> {
    unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: SIMD4<UInt64>.self)
  }

  /// The bytes from `start` on, fewer than eight, as a little-endian word with zeros behind them.
  @inlinable @inline(__always)
  package func shortWord(at start: Int) -> UInt64 {
    if count >= 8 {
      let missing = start &+ 8 &- count
      return missing >= 8 ? 0 : word(at: count &- 8) &>> UInt64(truncatingIfNeeded: missing &* 8)
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

extension MutableSpan where Element == UInt8 {
  /// Stores a word's eight bytes from `offset` on, the lowest first; traps when they are not all inside the span.
  @inlinable @inline(__always)
  package mutating func store(_ word: UInt64, at offset: Int) {
    var bytes = unsafe mutableBytes
    bytes.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
  }

  /// Stores what `fourWords(at:)` read.
  @inlinable @inline(__always)
  package mutating func store(_ words: SIMD4<UInt64>, at offset: Int) {
    var bytes = unsafe mutableBytes
    bytes.storeBytes(of: words, toByteOffset: offset, as: SIMD4<UInt64>.self)
  }

  /// Copies `source` to `offset`: short ones word by word, which is faster than a call. There must be room for seven
  /// bytes more, which may be overwritten.
  @inlinable @inline(__always)
  package mutating func copy(_ source: Span<UInt8>, to offset: Int) {
    let count = source.count
    if count < 8 {
      store(source.shortWord(at: 0), at: offset)
    } else if count <= 64 {
      var index = 0
      while index &+ 8 < count {
        store(source.word(at: index), at: offset &+ index)
        index &+= 8
      }
      store(source.word(at: count &- 8), at: offset &+ count &- 8)
    } else {
      copyLong(source, to: offset)
    }
  }

  @inlinable
  mutating func copyLong(_ source: Span<UInt8>, to offset: Int) {
    precondition(offset >= 0 && offset <= count && source.count <= count - offset)
    unsafe source.withUnsafeBytes { from in
      unsafe withUnsafeMutableBytes { into in
        unsafe UnsafeMutableRawBufferPointer(rebasing: into[offset...]).copyMemory(from: from)
      }
    }
  }
}

/// Writing several bytes at once into memory that an array has set aside: the standard library has only one at a time.
/// All check that there is room and can be called as safe code.
extension OutputSpan where Element == UInt8 {
  /// Appends the first `count` bytes of a word, the lowest first. There must be room for all eight.
  @inlinable @inline(__always)
  package mutating func append(word: UInt64, count: Int) {
    precondition(freeCapacity >= 8 && 0...8 ~= count)
    unsafe withUnsafeMutableBufferPointer { buffer, initialized in
      unsafe UnsafeMutableRawBufferPointer(buffer).storeBytes(
        of: word.littleEndian, toByteOffset: initialized, as: UInt64.self)
      initialized &+= count
    }
  }

  /// Appends bytes with one copy, short ones word by word. There must be room for eight bytes more.
  @inlinable @inline(__always)
  package mutating func append(copying bytes: Span<UInt8>) {
    let count = bytes.count
    guard count <= 64 else { return appendLong(bytes) }
    var offset = 0
    while offset &+ 8 <= count {
      append(word: bytes.word(at: offset), count: 8)
      offset &+= 8
    }
    if offset < count { append(word: bytes.shortWord(at: offset), count: count &- offset) }
  }

  /// Appends `bytes[range]` where eight bytes behind it can be read. There must be room for eight bytes more.
  @inlinable @inline(__always)
  package mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard range.count <= 64 else { return appendLong(bytes.extracting(range)) }
    var offset = range.lowerBound
    while offset < range.upperBound {
      append(word: bytes.word(at: offset), count: min(8, range.upperBound &- offset))
      offset &+= 8
    }
  }

  @inlinable
  mutating func appendLong(_ bytes: Span<UInt8>) {
    precondition(freeCapacity >= bytes.count)
    unsafe bytes.withUnsafeBytes { source in
      unsafe withUnsafeMutableBufferPointer { buffer, initialized in
        unsafe UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...])
          .copyMemory(from: source)
        initialized &+= source.count
      }
    }
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
    self[start...].reverse()
  }

  /// Appends the UTF-8 of a string literal or string.
  @inlinable
  package mutating func append(utf8 string: String) {
    append(contentsOf: string.utf8)
  }
}

/// A half-open range of byte offsets, small enough to be stored by the million.
package struct ByteRange: Equatable, Sendable {
  /// The first byte's offset.
  package var offset: UInt32
  /// The number of bytes.
  package var length: UInt32

  @inlinable @inline(__always)
  package init(_ start: Int, _ end: Int) {
    offset = UInt32(truncatingIfNeeded: start)
    length = UInt32(truncatingIfNeeded: end &- start)
  }

  package static let empty = ByteRange(0, 0)

  @inlinable package var start: Int { Int(offset) }
  @inlinable package var end: Int { Int(offset) &+ Int(length) }
  @inlinable package var count: Int { Int(length) }
  @inlinable package var bounds: Range<Int> { start..<end }
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
        state = mixed(bytes.word(at: offset) ^ 0xe703_7ed1_a0b4_28db, bytes.word(at: offset &+ 8) ^ state)
        other = mixed(bytes.word(at: offset &+ 16) ^ 0x8ebc_6af0_9c88_c6e3, bytes.word(at: offset &+ 24) ^ other)
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
@inlinable
package func sameBytes(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
  guard left.count == right.count else { return false }
  var offset = 0
  while offset &+ 8 <= left.count {
    if left.word(at: offset) != right.word(at: offset) { return false }
    offset &+= 8
  }
  while offset < left.count {
    if left[offset] != right[offset] { return false }
    offset &+= 1
  }
  return true
}
