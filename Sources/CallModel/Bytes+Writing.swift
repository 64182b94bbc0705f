// Writing words, and repeating what was written, where the standard library has only one byte at a time.

extension MutableSpan where Element == UInt8 {
  /// Puts a number's bytes from `offset` on, lowest first; traps when they are not all inside the span.
  @inlinable @inline(__always)
  package mutating func store<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number, at offset: Int) {
    precondition(offset >= 0 && offset <= count &- MemoryLayout<Number>.size)
    unsafe withUnsafeMutableBytes { bytes in
      unsafe bytes.storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
    }
  }

  /// Copies `count` bytes from `distance` bytes before `offset` to `offset`, as if one by one: a distance below the count
  /// repeats what the copy itself has written.
  ///
  /// Up to `copyOvershoot` bytes behind them may be overwritten with anything; traps when they, or what is copied, are not
  /// all inside the span.
  @inlinable
  package mutating func copyAgain(_ count: Int, from distance: Int, to offset: Int) {
    precondition(distance > 0)
    // A multiple of the distance repeats the same bytes.
    var wide = distance
    while wide < 16 { wide += wide }
    let single = min(count, wide - distance)
    for place in offset..<(offset + single) { self[place] = self[place - distance] }
    if single < count { copyFar(count - single, from: wide, to: offset + single) }
  }

  /// `copyAgain` for distances of at least 16, which is what most are; inlined, because copies are short.
  @inlinable @inline(__always)
  package mutating func copyFar(_ count: Int, from distance: Int, to offset: Int) {
    let overshoot = MutableSpan.copyOvershoot
    precondition(distance >= 16 && distance <= offset && count >= 0 && count <= self.count &- overshoot &- offset)
    unsafe withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      var target = unsafe base + offset
      var source = unsafe target - distance
      let end = unsafe target + count
      // Words of 16 one after the other, since each may read what the one before wrote.
      repeat {
        unsafe target.storeBytes(of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
        unsafe (target + 16).storeBytes(
          of: (source + 16).loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
        unsafe (target + 32).storeBytes(
          of: (source + 32).loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
        unsafe target += 48
        unsafe source += 48
      } while unsafe target < end
    }
  }

  /// How far `copyAgain` may write past what it copies.
  @inlinable
  package static var copyOvershoot: Int { 48 }

  /// Puts a copy of `source` from `offset` on, a short one word by word; traps when it does not fit.
  @inlinable
  package mutating func copy(_ source: Span<UInt8>, at offset: Int) {
    let count = source.count
    if count < 8 {
      for index in 0..<count { self[offset &+ index] = source[index] }
    } else if count <= 64 {
      var index = 0
      while index &+ 8 < count {
        store(source.word(at: index), at: offset &+ index)
        index &+= 8
      }
      store(source.word(at: count &- 8), at: offset &+ count &- 8)
    } else {
      precondition(offset >= 0 && offset <= self.count && count <= self.count - offset)
      unsafe source.withUnsafeBytes { from in
        unsafe withUnsafeMutableBytes { into in
          unsafe UnsafeMutableRawBufferPointer(rebasing: into[offset...]).copyMemory(from: from)
        }
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

  /// Appends the first `count` of 16 bytes. There must be room for all of them.
  @inlinable @inline(__always)
  package mutating func append(words: SIMD2<UInt64>, count: Int) {
    precondition(freeCapacity >= 16 && 0...16 ~= count)
    unsafe withUnsafeMutableBufferPointer { buffer, initialized in
      unsafe UnsafeMutableRawBufferPointer(buffer).storeBytes(
        of: words, toByteOffset: initialized, as: SIMD2<UInt64>.self)
      initialized &+= count
    }
  }

  /// Appends bytes with one copy, short ones word by word. There must be room for eight bytes more.
  @inlinable @inline(__always)
  package mutating func append(copying bytes: Span<UInt8>) {
    let count = bytes.count
    guard count <= 64 else { return appendLong(bytes) }
    var offset = 0
    while offset &+ 16 <= count {
      append(words: bytes.twoWords(at: offset), count: 16)
      offset &+= 16
    }
    if offset &+ 8 <= count {
      append(word: bytes.word(at: offset), count: 8)
      offset &+= 8
    }
    if offset < count { append(word: bytes.shortWord(at: offset), count: count &- offset) }
  }

  /// How many bytes behind a range `append(_:_:)` reads, and how many behind its copy it may write.
  @inlinable package static var ample: Int { 32 }

  /// Appends `bytes[range]`, `ample` bytes at a time; traps when as many behind the range are not all inside the span, or
  /// when there is no room for as many more.
  @inlinable @inline(__always)
  package mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let ample = OutputSpan.ample
    let count = range.count
    precondition(
      range.lowerBound >= 0 && range.upperBound <= bytes.count &- ample && count <= freeCapacity &- ample)
    unsafe withUnsafeMutableBufferPointer { buffer, initialized in
      unsafe bytes.withUnsafeBytes { all in
        guard let start = all.baseAddress, let target = buffer.baseAddress else { return }
        let (from, into) = unsafe (start + range.lowerBound, UnsafeMutableRawPointer(target) + initialized)
        var offset = 0
        repeat {
          unsafe (into + offset).storeBytes(
            of: (from + offset).loadUnaligned(as: SIMD4<UInt64>.self), as: SIMD4<UInt64>.self)
          offset &+= ample
        } while offset < count
      }
      initialized &+= count
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
