import CallModel

/// The rows in which two versions of a CSV differ.
package struct CSVDifference: Sendable {
  /// Cells as they read without their quotes; nil for an empty bare field.
  package typealias Row = [String?]

  /// The first version's rows that the second lacks, in order; and the other way round.
  package let removed: [Row]
  package let added: [Row]

  /// Compares two files of the same dialect, with their further parts, reading each twice at most; nil where a file is
  /// missing or has other columns than these.
  ///
  /// Only hashes of rows and the rows that differ are in memory.
  package init?(
    _ old: String, _ new: String, columns: [Column], dialect: CSVDialect
  ) throws(TextTablesError) {
    guard let old = try CSVPath(old, columns, dialect), let new = try CSVPath(new, columns, dialect) else { return nil }
    let (oldHashes, newHashes) = (try old.hashes(), try new.hashes())
    removed = try old.rows { !newHashes.contains($0) }
    added = try new.rows { !oldHashes.contains($0) }
  }

  /// All rows of a CSV; nil where it is missing or has other columns.
  package static func rows(
    of path: String, columns: [Column], dialect: CSVDialect
  ) throws(TextTablesError) -> [Row]? {
    try CSVPath(path, columns, dialect)?.rows { _ in true }
  }
}

/// A published CSV: its parts, each with the header that is expected.
private struct CSVPath {
  let parts: [String]
  let header: Int
  let separator: UInt8

  init?(_ path: String, _ columns: [Column], _ dialect: CSVDialect) throws(TextTablesError) {
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

  func hashes() throws(TextTablesError) -> Set<UInt64> {
    var hashes: Set<UInt64> = []
    try forEachRow { hashes.insert(hash64($0)) }
    return hashes
  }

  func rows(where isWanted: (UInt64) -> Bool) throws(TextTablesError) -> [CSVDifference.Row] {
    var rows: [CSVDifference.Row] = []
    try forEachRow { if isWanted(hash64($0)) { rows.append(cells(of: $0)) } }
    return rows
  }

  private func forEachRow(_ body: (Span<UInt8>) -> Void) throws(TextTablesError) {
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

  /// The cells of a row that ends with CR LF.
  private func cells(of row: Span<UInt8>) -> CSVDifference.Row {
    var cells: CSVDifference.Row = []
    var cell: [UInt8] = []
    var (isQuoted, wasQuoted) = (false, false)
    var index = 0
    let end = row.count - 2
    while index <= end {
      let byte = index < end ? row[index] : separator
      if byte == UInt8(ascii: "\""), index < end {
        if isQuoted, index + 1 < end, row[index + 1] == byte {
          cell.append(byte)
          index += 1
        } else {
          isQuoted.toggle()
          wasQuoted = true
        }
      } else if byte == separator, !isQuoted {
        cells.append(cell.isEmpty && !wasQuoted ? nil : String(decoding: cell, as: UTF8.self))
        cell = []
        wasQuoted = false
      } else {
        cell.append(byte)
      }
      index += 1
    }
    return cells
  }
}
