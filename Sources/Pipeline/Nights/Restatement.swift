import CallModel
import Foundation
import Intake
import TextTables

/// A published figure that late events changed.
struct Restatement: Equatable, Sendable {
  /// What is restated: a cell of a published table.
  struct Place: Hashable, Sendable {
    var day: Day
    var table: TableName
    var key: String
    var column: String
  }

  var place: Place
  /// Nil where nothing stands in the cell, or the row is not there.
  var old: String?
  var new: String?

  var day: Day { place.day }
  var table: TableName { place.table }
  var key: String { place.key }
  var column: String { place.column }

  /// The tables whose figures are compared.
  static let tables: [TableName] = [.calls, .campaigns, .reconciliation, .differences, .totals, .finance, .hours]

  /// The columns whose cells, joined by a bar, tell a table's rows of one day apart.
  static func keyColumns(of table: TableName) -> [String] {
    switch table {
    case .totals: ["workspace_id", "campaign_id", "agent_id"]
    case .finance: ["group", "key"]
    default: table.primaryKey
    }
  }

  /// The tables of an output whose figures cannot be compared, for no file of them has the columns that tell rows apart.
  static func tablesWithoutKeys(in output: PipelineFile.Output) -> [TableName] {
    tables.filter { table in
      let outputs = output.tables.filter { $0.table == table }
      let keys = Set(keyColumns(of: table))
      return !outputs.isEmpty && !outputs.contains { keys.isSubset(of: $0.columnNames) }
    }
  }
}

extension Restatement {
  /// Every cell in which a published set differs from the one that is to replace it, by the files that both have: a column
  /// that several files of a table have by the first of them for programs, else by the first.
  static func all(
    of day: Day, old directory: String, new staged: String, _ outputs: [OutputTable]
  ) throws(TextTablesError) -> [Restatement] {
    var found: [Restatement] = []
    for table in tables {
      let keys = keyColumns(of: table)
      let comparable = outputs.filter { $0.table == table && Set(keys).isSubset(of: $0.columnNames) }
      var told: Set<String> = []
      for output in comparable.filter(\.isExact) + comparable.filter({ !$0.isExact })
      where !told.isSuperset(of: output.columnNames) {
        guard let cells = try cells(of: output, old: directory, new: staged, keys) else { continue }
        for cell in cells where !told.contains(cell.column) {
          let place = Place(day: day, table: table, key: cell.key, column: cell.column)
          found.append(Restatement(place: place, old: cell.old, new: cell.new))
        }
        told.formUnion(output.columnNames)
      }
    }
    return found
  }

  /// A cell that differs in two versions of a file.
  private struct Cell {
    let key, column: String
    let old, new: String?
  }

  /// The cells in which two versions of an output differ; nil where a version is missing, damaged or has other columns.
  private static func cells(
    of output: OutputTable, old directory: String, new staged: String, _ keys: [String]
  ) throws(TextTablesError) -> [Cell]? {
    let columns = output.encoder.columns.map { output.schema.columns[$0] }
    let (old, new) = ("\(directory)/\(output.file)", "\(staged)/\(output.file)")
    let difference =
      if let dialect = output.dialect {
        try TableDifference(old, new, columns: columns, dialect: dialect)
      } else {
        try TableDifference(old, new, columns: columns, compressed: output.isCompressed ? gzippedLines : nil)
      }
    guard let difference else { return nil }
    let names = columns.map(\.name)
    let (removed, added) = (rows(difference.removed, names, keys), rows(difference.added, names, keys))
    var cells: [Cell] = []
    for key in Set(removed.keys).union(added.keys) {
      for (index, column) in names.enumerated() {
        let (before, after) = (removed[key]?[index] ?? nil, added[key]?[index] ?? nil)
        if before != after { cells.append(Cell(key: key, column: column, old: before, new: after)) }
      }
    }
    return cells
  }

  /// How a gzipped column file is read.
  private static let gzippedLines: ColumnLines = { path, body throws(TextTablesError) in
    let condition: ArchiveCondition
    do throws(IntakeError) {
      var reader = try ArchiveReader(path: path, limits: IntakeLimits(line: 1 << 30))
      var chunk = Chunk()
      while try reader.nextChunk(into: &chunk) {
        var start = 0
        for index in 0..<chunk.count where chunk.bytes[index] == UInt8(ascii: "\n") {
          body(chunk.bytes.span.extracting(start..<index))
          start = index + 1
        }
      }
      condition = reader.summary.condition
    } catch {
      throw .damaged(path: path, reason: "\(error)")
    }
    guard condition == .whole else { throw .damaged(path: path, reason: "it is \(condition)") }
  }

  /// Rows by their keys. Where a mask makes keys equal, their place among equals tells them apart.
  private static func rows(
    _ rows: [TableDifference.Row], _ names: [String], _ keys: [String]
  ) -> [String: TableDifference.Row] {
    let places = keys.compactMap { names.firstIndex(of: $0) }
    var found: [String: TableDifference.Row] = [:]
    for row in rows {
      let key = places.map { row[$0] ?? "" }.joined(separator: "|")
      var unique = key
      var ordinal = 1
      while found[unique] != nil {
        ordinal += 1
        unique = "\(key)#\(ordinal)"
      }
      found[unique] = row
    }
    return found
  }

  /// What changed since before the first of several runs: the earliest old figures beside the latest new ones, without
  /// those that are again what they had been. By day, table, key and column.
  static func merged(_ runs: [[Restatement]]) -> [Restatement] {
    var byPlace: [Place: Restatement] = [:]
    for restatement in runs.joined() {
      byPlace[restatement.place, default: restatement].new = restatement.new
    }
    return byPlace.values.filter { $0.old != $0.new }.sorted { left, right in
      if left.day != right.day { return left.day < right.day }
      if left.table != right.table { return left.table.ordinal < right.table.ordinal }
      if left.key != right.key { return left.key.utf8.lexicographicallyPrecedes(right.key.utf8) }
      let names = left.table.columns.map(\.name)
      return (names.firstIndex(of: left.column) ?? 0) < (names.firstIndex(of: right.column) ?? 0)
    }
  }
}

extension TableName {
  fileprivate var ordinal: Int { TableName.allCases.firstIndex(of: self) ?? 0 }
}

// MARK: - As they are kept

extension Restatement {
  /// A row of the published table.
  init?(row: TableDifference.Row) {
    guard row.count == 6, let day = row[0].flatMap(Day.init), let table = row[1].flatMap(TableName.init),
      let key = row[2], let column = row[3]
    else { return nil }
    self.init(place: Place(day: day, table: table, key: key, column: column), old: row[4], new: row[5])
  }

  /// The restatements that a published set lists, from the first whole CSV of them for programs.
  static func published(in directory: String, _ file: PipelineFile) throws(TextTablesError) -> [Restatement] {
    let output = file.output.tables.first { $0.table == .restatements && $0.isWholeMachineCSV }
    guard let name = output?.file else { return [] }
    let schema = TableSchema(.restatements, privacy: file.privacy)
    let rows = try TableDifference.rows(of: "\(directory)/\(name)", columns: schema.columns, dialect: .machine)
    return (rows ?? []).compactMap(Restatement.init)
  }

  private struct Record: Codable {
    let day, table, key, column: String
    let old, new: String?
  }

  /// Restatements as a file keeps them from one attempt of a run to the next.
  static func written(_ restatements: [Restatement]) -> [UInt8] {
    jsonDocument(
      restatements.map { restatement in
        Record(
          day: restatement.day.description, table: restatement.table.rawValue, key: restatement.key,
          column: restatement.column, old: restatement.old, new: restatement.new)
      })
  }

  static func read(_ bytes: [UInt8]) -> [Restatement] {
    let records = (try? JSONDecoder().decode([Record].self, from: Data(bytes))) ?? []
    return records.compactMap {
      Restatement(row: [$0.day, $0.table, $0.key, $0.column, $0.old, $0.new])
    }
  }
}

extension PipelineFile.Output {
  /// Adds the tables that every run for days writes, where the file does not list them.
  mutating func addTables(of days: RunDays) {
    var wanted: [TableName] = [.openItems]
    if case .day = days { wanted.append(.restatements) } else { tables.removeAll { $0.table == .restatements } }
    for table in wanted {
      let standard = PipelineFile.TableOutput(table: table)
      if !tables.contains(where: { $0.file == standard.file }) { tables.append(standard) }
    }
  }
}
