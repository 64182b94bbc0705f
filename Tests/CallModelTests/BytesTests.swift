import CallModel
import Testing

@Suite struct BytesTests {
  /// Values worked out from the definition by a second program, so that the hash cannot drift from machine to machine.
  @Test(
    arguments: [
      ("", 0x9c26_8340_cd8b_c1fe), ("a", 0x3b73_4de6_dd44_08e9), ("conv_1", 0x68ec_6d29_fa5e_f260),
      ("conv_abc123", 0xa32f_2f52_94fa_f964),
      ("evt_a1b2c3d4e5f67890abcdef12", 0x83b8_c488_4f70_91f8),
      ("The quick brown fox jumps over the lazy dog, and then back again.", 0xc860_967c_85e7_cede),
    ] as [(String, UInt64)])
  func `a hash is the same on every machine`(text: String, hash: UInt64) {
    #expect(hash64(Array(text.utf8).span) == hash)
  }

  @Test func `a hash depends on every bit, the length and the seed`() {
    for length in 0...80 {
      let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      var hashes: Set = [
        hash64(bytes.span), hash64(bytes.span, seed: 0x9e37_79b9_7f4a_7c15), hash64((bytes + [0]).span),
      ]
      for place in bytes.indices {
        for bit in 0..<8 {
          var other = bytes
          other[place] ^= 1 << UInt8(bit)
          hashes.insert(hash64(other.span))
        }
      }
      #expect(hashes.count == 3 + 8 * length, "\(length) bytes")
    }
  }

  @Test func `a hash is of the bytes, wherever they stand`() {
    let text = Array("evt_a1b2c3d4e5f67890abcdef12 and some more text behind it".utf8)
    for shift in 0...9 {
      let moved = [UInt8](repeating: 0xff, count: shift) + text + [0xff]
      for length in 0...text.count {
        let span = moved.span.extracting(shift..<(shift + length))
        let hash = hash64(span)
        let isSame = sameBytes(span, text.span.extracting(0..<length))
        #expect(isSame && hash == hash64(text.span.extracting(0..<length)))
      }
    }
  }

  @Test func `hashes of runs of zeros of different lengths differ`() {
    let zeros = [UInt8](repeating: 0, count: 300)
    #expect(Set((0...300).map { hash64(zeros.span.extracting(0..<$0)) }).count == 301)
  }

  @Test func `a half of zeros does not hide the other half`() {
    for length in [8, 16, 24, 31, 32, 48] {
      let tails = (0..<50 as Range<UInt8>).map {
        [UInt8](repeating: $0, count: length) + [UInt8](repeating: 0, count: length)
      }
      #expect(Set(tails.map { hash64($0.span) }).count == 50, "\(length) bytes")
    }
  }

  @Test func `spans with one byte changed or missing are not the same`() {
    for length in 1...40 {
      let bytes = [UInt8](repeating: 0x61, count: length)
      var isSame = sameBytes(bytes.span, bytes.span.extracting(0..<(length - 1)))
      for place in bytes.indices {
        var other = bytes
        other[place] = 0x62
        isSame = isSame || sameBytes(bytes.span, other.span)
      }
      #expect(!isSame, "\(length) bytes")
    }
  }

  @Test func `a word is little-endian at any offset`() {
    let bytes = Array(0..<16 as Range<UInt8>)
    #expect(bytes.span.word(at: 0) == 0x0706_0504_0302_0100)
    #expect(bytes.span.word(at: 3) == 0x0a09_0807_0605_0403)
    #expect(bytes.span.word(at: 8) == 0x0f0e_0d0c_0b0a_0908)
  }

  @Test func `appending copies bytes and UTF-8`() {
    var bytes: [UInt8] = [1]
    bytes.append(copying: [2, 3].span)
    bytes.append(copying: [UInt8]().span)
    bytes.append(utf8: "é")
    #expect(bytes == [1, 2, 3, 0xc3, 0xa9])
  }

  @Test func `a range keeps its ends`() {
    let range = ByteRange(70_000, 70_010)
    #expect((range.start, range.end, range.count) == (70_000, 70_010, 10))
    #expect(ByteRange.empty.count == 0)
  }

  @Test func `what is copied again repeats itself, and stays inside its overshoot`() {
    let overshoot = MutableSpan<UInt8>.copyOvershoot
    for distance in 1...70 {
      for count in [0, 1, 2, 15, 16, 17, 47, 48, 49, 258] {
        var expected = (0..<70).map { UInt8($0) }
        var bytes = expected + [UInt8](repeating: 0xee, count: count + overshoot) + [0xdd]
        for _ in 0..<count { expected.append(expected[expected.count - distance]) }
        do {
          var span = bytes.mutableSpan
          span.copyAgain(count, from: distance, to: 70)
        }
        #expect(Array(bytes[..<(70 + count)]) == expected, "\(count) from \(distance)")
        #expect(bytes.last == 0xdd)
      }
    }
  }

  @Test func `numbers and spans are put where they belong`() {
    var bytes = [UInt8](repeating: 0, count: 24)
    do {
      var span = bytes.mutableSpan
      span.store(0x0807_0605_0403_0201 as UInt64, at: 1)
      span.store(0x0a09 as UInt16, at: 9)
      span.copy(([11, 12, 13, 14, 15, 16, 17, 18, 19] as [UInt8]).span, at: 11)
    }
    #expect(bytes == [0] + Array(1...19) + [0, 0, 0, 0])
  }
}
