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

  /// Goes on with a string at the first byte that is neither plain ASCII nor its end.
  private mutating func stringWithSpecials(_ bytes: Span<UInt8>, from start: Int) throws(JSONFault) -> JSONValue {
    var hasEscapes = false
    while true {
      let hits = JSONCursor.special(bytes.word(at: position))
      if hits == 0 {
        position &+= 8
        continue
      }
      position &+= hits.trailingZeroBitCount >> 3
      guard position < end else { throw fault(.syntax) }
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position &+= 1
        return JSONValue(.string, start, position &- 1, hasEscapes: hasEscapes)
      } else if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        try escape(bytes)
      } else if byte >= 0x80 {
        // In most scripts one such character follows another.
        repeat { try multibyte(bytes) } while self.byte(bytes) >= 0x80
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
    guard position &+ 6 <= end else { throw fault(.syntax) }
    var unit: UInt32 = 0
    for index in (position &+ 2)..<(position &+ 6) {
      guard let digit = bytes[index].hexDigit else { throw fault(.syntax) }
      unit = unit << 4 | digit
    }
    return unit
  }

  /// Passes one UTF-8 sequence of two to four bytes: no overlong form, no surrogate, nothing above U+10FFFF.
  @inline(__always)
  private mutating func multibyte(_ bytes: Span<UInt8>) throws(JSONFault) {
    // Most are of two bytes (110xxxxx 10xxxxxx, C2 to DF), or of three (1110xxxx and two more) that are no surrogates and not overlong.
    let word = bytes.word(at: position)
    let first = UInt8(truncatingIfNeeded: word)
    if word & 0xc0e0 == 0x80c0, first >= 0xc2, position &+ 2 <= end {
      position &+= 2
    } else if word & 0xc0_c0f0 == 0x80_80e0, first &- 0xe0 < 13, first > 0xe0 || word & 0xff00 >= 0xa000,
      position &+ 3 <= end
    {
      position &+= 3
    } else {
      try unusualMultibyte(bytes)
    }
  }

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

extension UInt8 {
  /// 0 to 15 for an ASCII hexadecimal digit of either case, else nil.
  @inline(__always)
  var hexDigit: UInt32? {
    switch self {
    case 0x30...0x39: UInt32(self &- 0x30)
    case 0x41...0x46: UInt32(self &- 0x37)
    case 0x61...0x66: UInt32(self &- 0x57)
    default: nil
    }
  }
}

/// Appends the text of a string that has escapes; the cursor has found it valid.
func appendUnescaped(_ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) {
  var index = range.lowerBound
  var plain = index
  while index < range.upperBound {
    guard bytes[index] == UInt8(ascii: "\\") else {
      index &+= 1
      continue
    }
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

private func hex(_ bytes: Span<UInt8>, at start: Int) -> UInt32 {
  var value: UInt32 = 0
  for index in start..<(start &+ 4) { value = value << 4 | (bytes[index].hexDigit ?? 0) }
  return value
}

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
