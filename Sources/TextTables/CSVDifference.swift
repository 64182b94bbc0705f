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
    guard let old = try PublishedCSV(old, columns: columns, dialect: dialect),
      let new = try PublishedCSV(new, columns: columns, dialect: dialect)
    else { return nil }
    let (oldHashes, newHashes) = (try old.hashes(), try new.hashes())
    removed = try old.rows { !newHashes.contains($0) }
    added = try new.rows { !oldHashes.contains($0) }
  }

  /// All rows of a CSV; nil where it is missing or has other columns.
  package static func rows(
    of path: String, columns: [Column], dialect: CSVDialect
  ) throws(TextTablesError) -> [Row]? {
    try PublishedCSV(path, columns: columns, dialect: dialect)?.rows { _ in true }
  }
}

extension PublishedCSV {
  fileprivate func hashes() throws(TextTablesError) -> Set<UInt64> {
    var hashes: Set<UInt64> = []
    try forEachRow { hashes.insert(hash64($0)) }
    return hashes
  }

  fileprivate func rows(where isWanted: (UInt64) -> Bool) throws(TextTablesError) -> [CSVDifference.Row] {
    var rows: [CSVDifference.Row] = []
    try forEachRow { if isWanted(hash64($0)) { rows.append(cells(of: $0)) } }
    return rows
  }
}
