import CallModel

/// The parts of a CSV file that are no rows, and finding the rows in one that was written.
enum CSVRows {
  /// The most rows under one header that a spreadsheet opens: its 1,048,576 lines less the header.
  static let rowsPerSpreadsheetPart = 1_048_575

  /// The byte order mark of the spreadsheet dialect and the header row, names quoted.
  ///
  /// Quoted, because DuckDB, PostgreSQL's `HEADER MATCH` and Python's `csv` then read the same names in every quoting
  /// mode; Python's `QUOTE_STRINGS` takes a bare header for numbers.
  static func header(of columns: [Column], dialect: CSVDialect) -> [UInt8] {
    var header: [UInt8] = []
    switch dialect {
    case .machine:
      for column in columns { header.append(machineText: column.name.utf8.span) }
    case .spreadsheet(let locale):
      header.append(utf8: "\u{feff}")
      for column in columns {
        _ = header.append(spreadsheetText: column.name.utf8.span, separator: locale.separator)
      }
    }
    header.endCSVRow()
    return header
  }

  /// `calls.csv`, `calls.part2.csv`, `calls.part3.csv`; parts count from 1.
  static func path(_ path: String, part: Int) -> String {
    guard part > 1 else { return path }
    guard path.hasSuffix(".csv") else { return "\(path).part\(part)" }
    return "\(path.dropLast(4)).part\(part).csv"
  }

  /// Where rows end in the text: after each LF outside quotes. A row torn at the text's end is left to the next block.
  static func ends(in bytes: [UInt8]) -> [Int] {
    let text = bytes.span
    var ends: [Int] = []
    var index = 0
    while index < text.count {
      if text[index] == UInt8(ascii: "\"") {
        // A doubled quote ends one quoted stretch and begins another.
        index = ByteSearch.first(UInt8(ascii: "\""), in: text, from: index + 1)
      } else if text[index] == UInt8(ascii: "\n") {
        ends.append(index + 1)
      }
      index += 1
    }
    return ends
  }
}
