import CallModel

/// One cell a line, in the escapes of PostgreSQL's COPY text format, which ClickHouse's TabSeparated shares.
///
/// Backslash, tab, LF and CR become `\\`, `\t`, `\n` and `\r`; null is `\N`. A NUL becomes `\x00`: both readers take
/// two hex digits after `\x`, while `\0` means an octal number of varying length to one of them. (PostgreSQL
/// cannot store a NUL and says so on loading.)
extension [UInt8] {
  mutating func append(columnarText bytes: Span<UInt8>) {
    var start = 0
    while true {
      var end = ByteSearch.firstControl(or: UInt8(ascii: "\\"), in: bytes, from: start)
      while end < bytes.count, Self.columnarEscape(bytes[end]) == 0 {
        end = ByteSearch.firstControl(or: UInt8(ascii: "\\"), in: bytes, from: end &+ 1)
      }
      guard end < bytes.count else { break }
      append(copying: bytes.extracting(start..<end))
      append(UInt8(ascii: "\\"))
      append(Self.columnarEscape(bytes[end]))
      if bytes[end] == 0 { append(utf8: "00") }
      start = end &+ 1
    }
    append(cleanColumnarText: bytes.extracting(start..<bytes.count))
  }

  /// Appends a text that is known to hold nothing to escape.
  @inline(__always)
  mutating func append(cleanColumnarText bytes: Span<UInt8>) {
    append(addingCapacity: bytes.count &+ 16) { (out: inout OutputSpan<UInt8>) in
      out.append(copying: bytes)
      out.append(UInt8(ascii: "\n"))
    }
  }

  mutating func appendColumnarNull() {
    append(addingCapacity: 8) { (out: inout OutputSpan<UInt8>) in out.append(word: 0x0a4e5c, count: 3) }
  }

  /// The letter after the backslash, or 0 for a byte that is written as it is.
  @inline(__always)
  private static func columnarEscape(_ byte: UInt8) -> UInt8 {
    switch byte {
    case UInt8(ascii: "\\"): UInt8(ascii: "\\")
    case UInt8(ascii: "\t"): UInt8(ascii: "t")
    case UInt8(ascii: "\n"): UInt8(ascii: "n")
    case UInt8(ascii: "\r"): UInt8(ascii: "r")
    case 0: UInt8(ascii: "x")
    default: 0
    }
  }
}
