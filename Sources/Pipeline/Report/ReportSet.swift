import TextTables

/// The files of a set, published or about to be.
struct ReportSet {
  /// Where the files lie.
  let path: String
  /// The directory as errors name it.
  let place: String
  /// The files of the set, relative to it.
  let files: [String]

  /// Lends the cells of each row of a table, from the first CSV that holds it whole in the dialect of programs: the one of
  /// the table's own name, else the first by name. False where there is none.
  func forEachRow(of table: TableName, _ body: (borrowing CSVCells) -> Void) throws(RunError) -> Bool {
    let columns = TableSchema(table, privacy: PipelineFile.Privacy()).columns
    let own = "\(table.rawValue).csv"
    let others = files.filter { $0 != own && $0.hasSuffix(".csv") && !$0.contains("/") }.sorted()
    do throws(TextTablesError) {
      for file in (files.contains(own) ? [own] : []) + others {
        guard let csv = try PublishedCSV("\(path)/\(file)", columns: columns, dialect: .machine) else { continue }
        try csv.forEachCells(body)
        return true
      }
    } catch {
      throw .output(error)
    }
    return false
  }

  /// The same of a table that no report can do without.
  func forEachRow(ofRequired table: TableName, _ body: (borrowing CSVCells) -> Void) throws(RunError) {
    guard try forEachRow(of: table, body) else { throw .report(.missingTable(place, table)) }
  }
}

extension TableName {
  /// The place of a column.
  subscript(column: String) -> Int {
    guard let place = columns.firstIndex(where: { $0.name == column }) else {
      preconditionFailure("\(rawValue) has no column \(column)")
    }
    return place
  }
}
