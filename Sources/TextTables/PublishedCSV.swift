package import CallModel

/// A CSV that a run has written, with its further parts, to be read a block of rows at a time.
package struct PublishedCSV: Sendable {
  private let parts: [String]
  private let header: Int
  private let separator: UInt8

  /// Nil where the file is missing or has other columns than these; only the headers are read.
  package init?(_ path: String, columns: [Column], dialect: CSVDialect) throws(TextTablesError) {
    let expected = CSVRows.header(of: columns, dialect: dialect)
    header = expected.count
    separator = if case .spreadsheet(let locale) = dialect { locale.separator } else { UInt8(ascii: ",") }
    var parts: [String] = []
    while case let part = CSVRows.path(path, part: parts.count + 1), try SystemCalls.kind(of: part) == .other {
      let descriptor = try SystemCalls.openForReading(part)
      defer { SystemCalls.closeFile(descriptor) }
      guard try SystemCalls.read(header, from: descriptor, path: part) == expected else { return nil }
      parts.append(part)
    }
    if parts.isEmpty { return nil }
    self.parts = parts
  }

  /// Lends the bytes of each row, CR LF among them.
  func forEachRow(_ body: (Span<UInt8>) -> Void) throws(TextTablesError) {
    for part in parts {
      var reader = try BlockReader(part, from: header)
      while let ends = try reader.next(CSVRows.ends(in:)) {
        var start = 0
        for end in ends {
          body(reader.whole.span.extracting(start..<end))
          start = end
        }
      }
    }
  }

  /// Lends the cells of each row; they are in memory only until `body` returns.
  package func forEachCells(_ body: (borrowing CSVCells) -> Void) throws(TextTablesError) {
    var cells = CSVCells()
    try forEachRow { row in
      cells.read(row, separator: separator)
      body(cells)
    }
  }

  /// Cells of a row as texts.
  func cells(of row: Span<UInt8>) -> TableDifference.Row {
    var cells = CSVCells()
    cells.read(row, separator: separator)
    return (0..<cells.count).map { cells.text($0) }
  }
}

/// The cells of one row, without their quotes.
package struct CSVCells: ~Copyable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var quoted: [Bool] = []

  package var count: Int { ends.count }

  private func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

  /// Nil for an empty bare field.
  package func text(_ index: Int) -> String? {
    let range = range(index)
    return range.isEmpty && !quoted[index] ? nil : String(decoding: bytes[range], as: UTF8.self)
  }

  /// A decimal of at most six places and any size that sums of credits can have; nil for anything else.
  package func credits(_ index: Int) -> Credits? {
    let range = range(index)
    var place = range.lowerBound
    let isNegative = !range.isEmpty && bytes[place] == UInt8(ascii: "-")
    if isNegative { place += 1 }
    var value: Int128 = 0
    var (digits, places) = (0, -1)
    for byte in bytes[place..<range.upperBound] {
      if byte == UInt8(ascii: "."), places < 0, digits > 0 {
        places = 0
      } else if let digit = byte.decimalDigit, digits < 36, places < 6 {
        value = value * 10 + Int128(digit)
        digits += 1
        if places >= 0 { places += 1 }
      } else {
        return nil
      }
    }
    guard digits > 0, places != 0 else { return nil }
    for _ in max(places, 0)..<6 {
      guard value < Int128.max / 10 else { return nil }
      value *= 10
    }
    return Credits(millionths: isNegative ? -value : value)
  }

  /// A whole number of 64 bits; nil for anything else.
  package func integer(_ index: Int) -> Int64? {
    guard let value = credits(index)?.millionths, value % 1_000_000 == 0 else { return nil }
    return Int64(exactly: value / 1_000_000)
  }

  /// Takes a row that ends with CR LF.
  fileprivate mutating func read(_ row: Span<UInt8>, separator: UInt8) {
    bytes.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    quoted.removeAll(keepingCapacity: true)
    var (isQuoted, wasQuoted) = (false, false)
    var index = 0
    let end = row.count - 2
    while index <= end {
      let byte = index < end ? row[index] : separator
      if byte == UInt8(ascii: "\""), index < end {
        if isQuoted, index + 1 < end, row[index + 1] == byte {
          bytes.append(byte)
          index += 1
        } else {
          isQuoted.toggle()
          wasQuoted = true
        }
      } else if byte == separator, !isQuoted {
        ends.append(bytes.count)
        quoted.append(wasQuoted)
        wasQuoted = false
      } else {
        bytes.append(byte)
      }
      index += 1
    }
  }
}
