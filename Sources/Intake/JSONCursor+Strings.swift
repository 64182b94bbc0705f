import CallModel

extension JSONCursor {
  /// Reads a string whose opening quote is at the position, checking escapes, control characters and UTF-8.
  @inline(__always)
  mutating func string(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONValue {
    let start = position &+ 1
    var index = start
    while true {
      let hits = JSONCursor.special(bytes.word(at: index))
      if hits == 0 {
        index &+= 8
        continue
      }
      index &+= hits.trailingZeroBitCount >> 3
      if bytes[index] == UInt8(ascii: "\""), index < end {
        position = index &+ 1
        return JSONValue(.string, start, index)
      }
      position = index
      return try stringWithSpecials(bytes, from: start)
    }
  }

  /// Reads a longer text like `string`.
  @inline(__always)
  mutating func longString(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONValue {
    let start = position &+ 1
    let index = JSONCursor.plainEnd(bytes, from: start)
    guard bytes[index] == UInt8(ascii: "\""), index < end else {
      position = index
      return try stringWithSpecials(bytes, from: start)
    }
    position = index &+ 1
    return JSONValue(.string, start, index)
  }

  /// Where the first byte stands that is no plain ASCII of a string; 16 bytes at a time, so not inlined, to have its
  /// constants in registers.
  @inline(never)
  private static func plainEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    let ones = SIMD2<UInt64>(repeating: 0x0101_0101_0101_0101)
    let (quotes, backslashes, spaces) = (ones &* 0x22, ones &* 0x5c, ones &* 0x20)
    var index = start
    while true {
      let words = bytes.twoWords(at: index)
      let marks = ((words ^ quotes) &- ones) | ((words ^ backslashes) &- ones) | (words &- spaces) | words
      if (marks[0] | marks[1]) & 0x8080_8080_8080_8080 != 0 { break }
      index &+= 16
    }
    var hits = special(bytes.word(at: index))
    if hits == 0 {
      index &+= 8
      hits = special(bytes.word(at: index))
    }
    return index &+ hits.trailingZeroBitCount >> 3
  }

  /// The string whose opening quote is at `quote`, if it is plain ASCII without escapes and `,"` stands right behind it.
  @inline(__always)
  static func stringBeforeMember(_ bytes: Span<UInt8>, at quote: Int) -> JSONValue? {
    guard bytes[quote] == UInt8(ascii: "\"") else { return nil }
    let start = quote &+ 1
    var index = start
    var hits = JSONCursor.special(bytes.word(at: index))
    while hits == 0 {
      index &+= 8
      hits = JSONCursor.special(bytes.word(at: index))
    }
    index &+= hits.trailingZeroBitCount >> 3
    // None of these can stand behind the line.
    guard bytes.word(at: index) & 0xff_ffff == 0x22_2c22 else { return nil }
    return JSONValue(.string, start, index)
  }

  /// Goes on with a string at the first byte that is neither plain ASCII nor its end.
  private mutating func stringWithSpecials(_ bytes: Span<UInt8>, from start: Int) throws(JSONFault) -> JSONValue {
    var hasEscapes = false
    var index = position
    while true {
      let hits = JSONCursor.special(bytes.word(at: index))
      if hits == 0 {
        index &+= 8
        continue
      }
      index &+= hits.trailingZeroBitCount >> 3
      position = index
      guard index < end else { throw fault(.syntax) }
      let byte = bytes[index]
      if byte == UInt8(ascii: "\"") {
        position = index &+ 1
        return JSONValue(.string, start, index, hasEscapes: hasEscapes)
      } else if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        try escape(bytes)
        index = position
      } else if byte >= 0x80 {
        // In most scripts one such character follows another.
        repeat {
          let length = JSONCursor.usualMultibyte(bytes.word(at: index))
          if length > 0 {
            index &+= length
          } else {
            position = index
            try unusualMultibyte(bytes)
            index = position
          }
        } while bytes[index] >= 0x80
      } else {
        throw fault(.syntax)
      }
    }
  }

  /// The high bit of each byte that ends, escapes or breaks a plain run: `"`, `\`, below 0x20, above 0x7f.
  ///
  /// Borrows run only upwards from a byte that is itself marked, so the lowest mark is always right.
  @inline(__always)
  static func special(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = (word ^ (ones &* 0x22)) &- ones
    let backslash = (word ^ (ones &* 0x5c)) &- ones
    let control = word &- (ones &* 0x20)
    return (quote | backslash | control | word) & (ones &* 0x80)
  }

  /// Passes an escape; half a surrogate pair is a fault, since it is no character of any text.
  private mutating func escape(_ bytes: Span<UInt8>) throws(JSONFault) {
    guard position &+ 1 < end else { throw fault(.syntax) }
    switch bytes[position &+ 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position &+= 2
    case UInt8(ascii: "u"):
      let unit = try codeUnit(bytes)
      if unit & 0xfc00 == 0xdc00 { throw fault(.loneSurrogate) }
      if unit & 0xfc00 == 0xd800 {
        let high = position
        position &+= 6
        guard position &+ 1 < end, bytes[position] == UInt8(ascii: "\\"), bytes[position &+ 1] == UInt8(ascii: "u"),
          try codeUnit(bytes) & 0xfc00 == 0xdc00
        else { throw JSONFault(code: .loneSurrogate, offset: high) }
      }
      position &+= 6
    default: throw fault(.syntax)
    }
  }

  /// The value of the `\uXXXX` at the position.
  private func codeUnit(_ bytes: Span<UInt8>) throws(JSONFault) -> UInt32 {
    guard position &+ 6 <= end, let unit = hexUnit(bytes.word(at: position) &>> 16) else { throw fault(.syntax) }
    return unit
  }

  /// How many of a word's first bytes are whole UTF-8 sequences of a form that most texts are made of; 0 for any other.
  ///
  /// Four of two bytes (110xxxxx 10xxxxxx, C2 to DF), two of three bytes (1110xxxx and two more) that begin with E0 or
  /// both with E1 to EC, or one of two or three: none that is overlong, a surrogate or no character at all. A sequence that
  /// the end of the text cuts off is of none of these forms, since no byte of one stands behind a text.
  @inline(__always)
  private static func usualMultibyte(_ word: UInt64) -> Int {
    if word & 0xc0c0f0_c0c0f0 == 0x8080e0_8080e0 {
      if word & 0x00e0ff_00e0ff == 0x00a0e0_00a0e0 { return 6 }
      let leads = word & 0x00000f_00000f
      if (leads &+ 0x000003_000003) & 0x000010_000010 == 0,
        (leads &+ 0x00000f_00000f) & 0x000010_000010 == 0x000010_000010
      {
        return 6
      }
    }
    let first = UInt8(truncatingIfNeeded: word)
    if word & 0xc0e0 == 0x80c0, first >= 0xc2 {
      let leads = word & 0x001e_001e_001e_001e
      let isRun =
        word & 0xc0e0_c0e0_c0e0_c0e0 == 0x80c0_80c0_80c0_80c0
        && (leads &+ 0x00fe_00fe_00fe_00fe) & 0x0100_0100_0100_0100 == 0x0100_0100_0100_0100
      return isRun ? 8 : 2
    }
    if word & 0xc0_c0f0 == 0x80_80e0, first &- 0xe0 < 13, first > 0xe0 || word & 0xff00 >= 0xa000 { return 3 }
    return 0
  }

  /// Passes one UTF-8 sequence of two to four bytes: no overlong form, no surrogate, nothing above U+10FFFF.
  private mutating func unusualMultibyte(_ bytes: Span<UInt8>) throws(JSONFault) {
    let first = bytes[position]
    let length: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xbf
    switch first {
    case 0xc2...0xdf: length = 2
    case 0xe0...0xef:
      length = 3
      if first == 0xe0 { lowest = 0xa0 }
      if first == 0xed { highest = 0x9f }
    case 0xf0...0xf4:
      length = 4
      if first == 0xf0 { lowest = 0x90 }
      if first == 0xf4 { highest = 0x8f }
    default: throw fault(.invalidUTF8)
    }
    guard position &+ length <= end, bytes[position &+ 1] >= lowest, bytes[position &+ 1] <= highest else {
      throw fault(.invalidUTF8)
    }
    for index in 2..<max(length, 2) where bytes[position &+ index] & 0xc0 != 0x80 { throw fault(.invalidUTF8) }
    position &+= length
  }
}

/// The number that the lowest four bytes of a word write in hexadecimal digits of either case, or nil where one is none.
///
/// All bytes at once: in lower case, each is turned into 0 to 15 and back, and only digits survive that.
@inline(__always)
func hexUnit(_ word: UInt64) -> UInt32? {
  let ones: UInt32 = 0x0101_0101
  let digits = UInt32(truncatingIfNeeded: word)
  let lower = digits | ones &* 0x20
  let values = (lower & (ones &* 0x0f)) &+ (lower &>> 6 & ones) &* 9
  let letters = (values &+ ones &* 6) &>> 4 & ones
  guard values & (ones &* 0xf0) == 0, values &+ ones &* 0x30 &+ letters &* 0x27 == lower,
    // Control bytes have become digits.
    (digits | digits &>> 1) & (ones &* 0x20) == ones &* 0x20
  else { return nil }
  let pairs = values &<< 4 | values &>> 8
  return (pairs & 0xff) &<< 8 | pairs &>> 16 & 0xff
}

/// Appends the text of a string that has escapes; the cursor has found it valid.
func appendUnescaped(_ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) {
  var index = range.lowerBound
  var plain = index
  while true {
    index = nextBackslash(in: bytes, index..<range.upperBound)
    if index == range.upperBound { break }
    output.append(copying: bytes.extracting(plain..<index))
    index &+= 2
    switch bytes[index &- 1] {
    case UInt8(ascii: "b"): output.append(0x08)
    case UInt8(ascii: "f"): output.append(0x0c)
    case UInt8(ascii: "n"): output.append(0x0a)
    case UInt8(ascii: "r"): output.append(0x0d)
    case UInt8(ascii: "t"): output.append(0x09)
    case UInt8(ascii: "u"):
      var scalar = hex(bytes, at: index)
      index &+= 4
      if scalar & 0xfc00 == 0xd800 {
        scalar = 0x10000 &+ (scalar & 0x3ff) << 10 | hex(bytes, at: index &+ 2) & 0x3ff
        index &+= 6
      }
      appendScalar(scalar, to: &output)
    case let other: output.append(other)
    }
    plain = index
  }
  output.append(copying: bytes.extracting(plain..<range.upperBound))
}

/// Where the first backslash of a range stands, or its end; eight bytes behind the range must be readable.
@inline(__always)
private func nextBackslash(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
  let ones: UInt64 = 0x0101_0101_0101_0101
  var index = range.lowerBound
  while index < range.upperBound {
    let difference = bytes.word(at: index) ^ (ones &* 0x5c)
    let zeros = (difference &- ones) & ~difference & (ones &* 0x80)
    if zeros != 0 { return min(index &+ zeros.trailingZeroBitCount >> 3, range.upperBound) }
    index &+= 8
  }
  return range.upperBound
}

/// The number behind a `\u` that the cursor has found to be one.
private func hex(_ bytes: Span<UInt8>, at start: Int) -> UInt32 { hexUnit(bytes.word(at: start)) ?? 0 }

private func appendScalar(_ scalar: UInt32, to output: inout [UInt8]) {
  func byte(_ value: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: value) }
  switch scalar {
  case 0..<0x80: output.append(byte(scalar))
  case 0x80..<0x800:
    output.append(byte(0xc0 | scalar >> 6))
    output.append(byte(0x80 | scalar & 0x3f))
  case 0x800..<0x10000:
    output.append(byte(0xe0 | scalar >> 12))
    output.append(byte(0x80 | scalar >> 6 & 0x3f))
    output.append(byte(0x80 | scalar & 0x3f))
  default:
    output.append(byte(0xf0 | scalar >> 18))
    output.append(byte(0x80 | scalar >> 12 & 0x3f))
    output.append(byte(0x80 | scalar >> 6 & 0x3f))
    output.append(byte(0x80 | scalar & 0x3f))
  }
}
