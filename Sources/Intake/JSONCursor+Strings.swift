import CVector
import CallModel

extension JSONCursor {
  /// Reads a string whose opening quote is at the position, checking escapes, control characters and UTF-8.
  @inline(__always)
  mutating func string(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONValue {
    let start = position &+ 1
    let index = JSONCursor.plainEnd(bytes, from: start)
    guard bytes[index] == UInt8(ascii: "\""), index < end else {
      position = index
      return try stringWithSpecials(bytes, from: start)
    }
    position = index &+ 1
    return JSONValue(.string, start, index)
  }

  /// Where the first byte stands that is no plain ASCII of a string: `"`, `\`, below 0x20, above 0x7f.
  @inline(__always)
  private static func plainEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while true {
      let words = bytes.twoWords(at: index)
      let ends = vector_plain_end(words[0], words[1])
      if ends != 0 { return index &+ ends.trailingZeroBitCount }
      index &+= 16
    }
  }

  /// The string whose opening quote is at `quote`, if it is plain ASCII without escapes and `,"` stands right behind it.
  @inline(__always)
  static func stringBeforeMember(_ bytes: Span<UInt8>, at quote: Int) -> JSONValue? {
    guard bytes[quote] == UInt8(ascii: "\"") else { return nil }
    let start = quote &+ 1
    let index = plainEnd(bytes, from: start)
    // None of these can stand behind the line.
    guard bytes.word(at: index) & 0xff_ffff == 0x22_2c22 else { return nil }
    return JSONValue(.string, start, index)
  }

  /// Goes on with a string at the first byte that is neither plain ASCII nor its end.
  private mutating func stringWithSpecials(_ bytes: Span<UInt8>, from start: Int) throws(JSONFault) -> JSONValue {
    var hasEscapes = false
    while true {
      guard position < end else { throw fault(.syntax) }
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        position &+= 1
        return JSONValue(.string, start, position &- 1, hasEscapes: hasEscapes)
      } else if byte >= 0x80 {
        try text(bytes)
      } else if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        try escape(bytes)
        position = JSONCursor.plainEnd(bytes, from: position)
      } else {
        throw fault(.syntax)
      }
    }
  }

  /// Passes text from the first byte of a character to a `"`, `\` or control byte, checking that it is UTF-8.
  @inline(__always)
  private mutating func text(_ bytes: Span<UInt8>) throws(JSONFault) {
    while true {
      let words = bytes.twoWords(at: position)
      let block = vector_text(words[0], words[1])
      let whole = (block.ends | block.cut | 1 &<< 16).trailingZeroBitCount
      // The byte behind what is whole counts as well: it may stand where a character should go on.
      guard block.faults & (2 &<< UInt32(truncatingIfNeeded: whole) &- 1) == 0 else { return try characters(bytes) }
      position &+= whole
      if block.ends &>> UInt32(truncatingIfNeeded: whole) & 1 == 1 { return }
    }
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

  /// Passes characters one by one, which finds the one that is no UTF-8.
  private mutating func characters(_ bytes: Span<UInt8>) throws(JSONFault) {
    while position < end {
      if bytes[position] < 0x80 { position &+= 1 } else { try multibyte(bytes) }
    }
  }

  /// Passes one UTF-8 sequence of two to four bytes: no overlong form, no surrogate, nothing above U+10FFFF.
  private mutating func multibyte(_ bytes: Span<UInt8>) throws(JSONFault) {
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

/// Appends the text of a string that has escapes; the cursor has found it valid, and 32 bytes behind it are readable.
func appendUnescaped(_ bytes: Span<UInt8>, _ range: Range<Int>, to output: inout [UInt8]) {
  // No text is longer than what it is escaped as.
  output.append(addingCapacity: range.count &+ OutputSpan<UInt8>.ample) { (output: inout OutputSpan<UInt8>) in
    var index = range.lowerBound
    var plain = index
    while true {
      index = nextBackslash(in: bytes, index..<range.upperBound)
      if index > plain { output.append(bytes, plain..<index) }
      if index == range.upperBound { return }
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
        output.append(scalar: scalar)
      case let other: output.append(other)
      }
      plain = index
    }
  }
}

/// Where the first backslash of a range stands, or its end; 16 bytes behind the range must be readable.
@inline(__always)
private func nextBackslash(in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
  var index = range.lowerBound
  while index < range.upperBound {
    let words = bytes.twoWords(at: index)
    let backslashes = vector_equal(words[0], words[1], UInt8(ascii: "\\"))
    if backslashes != 0 { return min(index &+ backslashes.trailingZeroBitCount, range.upperBound) }
    index &+= 16
  }
  return range.upperBound
}

/// The number behind a `\u` that the cursor has found to be one.
private func hex(_ bytes: Span<UInt8>, at start: Int) -> UInt32 { hexUnit(bytes.word(at: start)) ?? 0 }

extension OutputSpan<UInt8> {
  /// Appends a character in UTF-8; there must be room for eight bytes.
  fileprivate mutating func append(scalar: UInt32) {
    let (last, third, second) = (scalar & 0x3f, scalar >> 6 & 0x3f, scalar >> 12 & 0x3f)
    let (bytes, count): (UInt32, Int) =
      switch scalar {
      case 0..<0x80: (scalar, 1)
      case 0x80..<0x800: (0x80c0 | scalar >> 6 | last << 8, 2)
      case 0x800..<0x10000: (0x80_80e0 | scalar >> 12 | third << 8 | last << 16, 3)
      default: (0x8080_80f0 | scalar >> 18 | second << 8 | third << 16 | last << 24, 4)
      }
    append(word: UInt64(bytes), count: count)
  }
}
