import CVector
import CallModel

/// Cells of the machine dialect. Every cell ends with a comma; the end of the row turns the last one into CR LF.
extension [UInt8] {
  /// Appends a quoted text with its quotes doubled.
  mutating func append(machineText bytes: Span<UInt8>) {
    append(addingCapacity: 2 &* bytes.count &+ 24) { (out: inout OutputSpan<UInt8>) in
      out.append(machineText: bytes)
      out.append(UInt8(ascii: ","))
    }
  }

  /// Appends a text that is known to hold no quotes.
  @inline(__always)
  mutating func append(cleanMachineText bytes: Span<UInt8>) {
    append(addingCapacity: bytes.count &+ 16) { (out: inout OutputSpan<UInt8>) in
      out.append(UInt8(ascii: "\""))
      out.append(copying: bytes)
      out.append(word: 0x2c22, count: 2)
    }
  }

  /// Ends a row whose cells each end with a separator.
  mutating func endCSVRow() {
    self[count &- 1] = UInt8(ascii: "\r")
    append(UInt8(ascii: "\n"))
  }
}

extension OutputSpan where Element == UInt8 {
  /// Appends a quoted text with its quotes doubled, without a separator; needs room for twice the text and 16 bytes.
  @inline(__always)
  mutating func append(machineText bytes: Span<UInt8>) {
    let count = bytes.count
    append(UInt8(ascii: "\""))
    var offset = 0
    while offset &+ 16 <= count {
      let words = bytes.twoWords(at: offset)
      let quotes = vector_equal(words[0], words[1], UInt8(ascii: "\""))
      if quotes == 0 {
        append(words: words, count: 16)
        offset &+= 16
      } else {
        let length = quotes.trailingZeroBitCount &+ 1
        append(words: words, count: length)
        append(UInt8(ascii: "\""))
        offset &+= length
      }
    }
    if offset &+ 8 <= count {
      append(doublingQuotesOf: bytes.word(at: offset), count: 8)
      offset &+= 8
    }
    if offset < count { append(doublingQuotesOf: bytes.shortWord(at: offset), count: count &- offset) }
    append(UInt8(ascii: "\""))
  }

  /// Appends the first `count` bytes of a word, behind whose last there are zeros, with every `"` twice.
  @inline(__always)
  fileprivate mutating func append(doublingQuotesOf word: UInt64, count: Int) {
    var quotes = ByteSearch.exactZeros(word ^ (ByteSearch.ones &* UInt64(UInt8(ascii: "\""))))
    guard quotes != 0 else { return append(word: word, count: count) }
    var rest = word
    var passed = 0
    while quotes != 0 {
      let end = quotes.trailingZeroBitCount / 8 &+ 1
      append(word: rest, count: end &- passed)
      append(UInt8(ascii: "\""))
      rest = end == 8 ? 0 : word &>> UInt64(truncatingIfNeeded: end &* 8)
      passed = end
      quotes &= quotes &- 1
    }
    append(word: rest, count: count &- passed)
  }
}
