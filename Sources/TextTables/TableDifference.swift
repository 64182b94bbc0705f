import CallModel

/// The rows in which two published versions of a table differ.
package struct TableDifference: Sendable {
  /// Cells as they read without quotes or escapes; nil for null.
  package typealias Row = [String?]

  /// The first version's rows that the second lacks, in order; and the other way round.
  package let removed: [Row]
  package let added: [Row]

  /// Compares two CSVs of the same dialect, with their further parts; nil where one of them is missing, has other columns
  /// than these, or is not whole.
  package init?(
    _ old: String, _ new: String, columns: [Column], dialect: CSVDialect
  ) throws(TextTablesError) {
    guard let old = try PublishedCSV(old, columns: columns, dialect: dialect),
      let new = try PublishedCSV(new, columns: columns, dialect: dialect)
    else { return nil }
    try self.init(old, new, columns: columns.count)
  }

  /// Compares two folders of columnar text; nil where one of them lacks a file of these columns, or is not whole.
  package init?(
    _ old: String, _ new: String, columns: [Column], compressed lines: ColumnLines?
  ) throws(TextTablesError) {
    guard let old = try PublishedColumns(old, columns: columns, compressed: lines),
      let new = try PublishedColumns(new, columns: columns, compressed: lines)
    else { return nil }
    try self.init(old, new, columns: columns.count)
  }

  /// Each version is read twice at most, and once where nothing differs. Only hashes of rows and the rows that differ are in memory.
  private init?(
    _ old: some PublishedRows, _ new: some PublishedRows, columns: Int
  ) throws(TextTablesError) {
    do throws(TextTablesError) {
      let (before, after) = (try old.hashes(), try new.hashes())
      if before == after {
        (removed, added) = ([], [])
        return
      }
      removed = try old.rows(before, without: Set(after))
      added = try new.rows(after, without: Set(before))
    } catch .damaged {
      return nil
    }
    guard removed.allSatisfy({ $0.count == columns }), added.allSatisfy({ $0.count == columns }) else { return nil }
  }

  /// All rows of a CSV; nil where it is missing, has other columns, or is not whole.
  package static func rows(
    of path: String, columns: [Column], dialect: CSVDialect
  ) throws(TextTablesError) -> [Row]? {
    do throws(TextTablesError) {
      guard let csv = try PublishedCSV(path, columns: columns, dialect: dialect) else { return nil }
      return try csv.rows(csv.hashes(), without: [])
    } catch .damaged {
      return nil
    }
  }
}

/// A published table whose rows can be told apart by hashes.
private protocol PublishedRows {
  /// A hash of each row, in order. Throws `.damaged` where a row is torn.
  func hashes() throws(TextTablesError) -> [UInt64]
  /// The rows whose hashes are not among these; `hashes` are those of all rows.
  func rows(_ hashes: [UInt64], without known: Set<UInt64>) throws(TextTablesError) -> [TableDifference.Row]
}

extension PublishedCSV: PublishedRows {
  fileprivate func hashes() throws(TextTablesError) -> [UInt64] {
    var hashes: [UInt64] = []
    try forEachRow { hashes.append(hash64($0)) }
    return hashes
  }

  fileprivate func rows(
    _ hashes: [UInt64], without known: Set<UInt64>
  ) throws(TextTablesError) -> [TableDifference.Row] {
    var rows: [TableDifference.Row] = []
    var number = 0
    try forEachRow { row in
      if number < hashes.count, !known.contains(hashes[number]) { rows.append(cells(of: row)) }
      number += 1
    }
    return rows
  }
}

extension PublishedColumns: PublishedRows {
  fileprivate func hashes() throws(TextTablesError) -> [UInt64] {
    var hashes: [UInt64] = []
    for (place, file) in files.enumerated() {
      var count = 0
      try forEachLine(of: file) { line in
        let hash = hash64(line)
        if place == 0 {
          hashes.append(hash)
        } else if count < hashes.count {
          hashes[count] = mixed(hashes[count], hash)
        }
        count += 1
      }
      guard count == hashes.count else {
        throw .damaged(path: file, reason: "it has \(count) lines, and the first column \(hashes.count)")
      }
    }
    return hashes
  }

  fileprivate func rows(
    _ hashes: [UInt64], without known: Set<UInt64>
  ) throws(TextTablesError) -> [TableDifference.Row] {
    let wanted = hashes.indices.filter { !known.contains(hashes[$0]) }
    var rows = wanted.map { _ in TableDifference.Row() }
    for file in files where !wanted.isEmpty {
      var (number, next) = (0, 0)
      try forEachLine(of: file) { line in
        if next < wanted.count, wanted[next] == number {
          rows[next].append(PublishedColumns.cell(line))
          next += 1
        }
        number += 1
      }
    }
    return rows
  }
}
