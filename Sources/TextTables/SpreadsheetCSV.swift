import CallModel

/// Cells of the spreadsheet dialect: texts are quoted, guarded by a leading `'` where a spreadsheet would change them,
/// kept on one line, and cut where they would not fit into a cell.
extension [UInt8] {
  /// The longest text that a cell may hold, in UTF-16 units, the cut marker included and the guard not.
  static let longestSpreadsheetText = 32_000
  /// What ends a text that was cut; 7 UTF-16 units.
  static let cutMarker = "… [cut]"

  /// Appends a text cell and says whether it had to be cut.
  mutating func append(spreadsheetText bytes: Span<UInt8>, separator: UInt8) -> Bool {
    append(UInt8(ascii: "\""))
    if SpreadsheetGuard.isNeeded(for: bytes) { append(UInt8(ascii: "'")) }
    let end = Self.cutOffset(of: bytes)
    var start = 0
    while true {
      let special = ByteSearch.firstControl(or: UInt8(ascii: "\""), in: bytes, from: start)
      guard special < end else { break }
      append(copying: bytes.extracting(start..<special))
      switch bytes[special] {
      case UInt8(ascii: "\""): append(utf8: "\"\"")
      case UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: "\t"), 0: append(UInt8(ascii: " "))
      default: append(bytes[special])
      }
      start = special &+ 1
    }
    append(copying: bytes.extracting(start..<end))
    if end < bytes.count { append(utf8: Self.cutMarker) }
    append(UInt8(ascii: "\""))
    append(separator)
    return end < bytes.count
  }

  /// Appends a whole number; one of more than 15 digits, which a spreadsheet would round, as guarded text.
  mutating func append(spreadsheetInteger value: Int64, separator: UInt8) {
    guard value.magnitude >= 1_000_000_000_000_000 else { return append(decimal: value, ending: separator) }
    append(utf8: "\"'")
    append(decimal: value, ending: UInt8(ascii: "\""))
    append(separator)
  }

  /// Appends an amount; one of more than 15 significant digits as guarded text.
  mutating func append(spreadsheetCredits value: Credits, locale: SpreadsheetLocale) {
    var significant = value.magnitude.millionths
    while significant >= 1_000_000_000_000_000, significant % 10 == 0 { significant /= 10 }
    guard significant >= 1_000_000_000_000_000 else {
      return append(credits: value, decimalPoint: locale.decimalPoint, ending: locale.separator)
    }
    append(utf8: "\"'")
    append(credits: value, decimalPoint: locale.decimalPoint, ending: UInt8(ascii: "\""))
    append(locale.separator)
  }

  /// Where a text that is too long is cut, never inside a character's bytes or a surrogate pair; else its count.
  private static func cutOffset(of bytes: Span<UInt8>) -> Int {
    guard bytes.count > longestSpreadsheetText else { return bytes.count }
    let room = longestSpreadsheetText - cutMarker.utf16.count
    var units = 0
    var cut = 0
    for index in 0..<bytes.count {
      let byte = bytes[index]
      guard byte & 0xc0 != 0x80 else { continue }
      if units <= room { cut = index }
      units &+= byte >= 0xf0 ? 2 : 1
      if units > longestSpreadsheetText { return cut }
    }
    return bytes.count
  }
}
