import CallModel

/// Cells of the machine dialect. Every cell ends with a comma; the end of the row turns the last one into CR LF.
extension [UInt8] {
  /// Appends a quoted text with its quotes doubled.
  mutating func append(machineText bytes: Span<UInt8>) {
    let quote = ByteSearch.first(UInt8(ascii: "\""), in: bytes, from: 0)
    guard quote < bytes.count else { return append(cleanMachineText: bytes) }
    append(UInt8(ascii: "\""))
    var start = 0
    var end = quote
    while end < bytes.count {
      append(copying: bytes.extracting(start..<end &+ 1))
      append(UInt8(ascii: "\""))
      start = end &+ 1
      end = ByteSearch.first(UInt8(ascii: "\""), in: bytes, from: start)
    }
    append(copying: bytes.extracting(start..<bytes.count))
    append(UInt8(ascii: "\""))
    append(UInt8(ascii: ","))
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
