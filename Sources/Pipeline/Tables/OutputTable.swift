import CallModel
import Intake
import Synchronization
import TextTables

/// One output of one table: how its rows are rendered, and the file they go to.
final class OutputTable: Sendable {
  private struct State: ~Copyable {
    var writer: TableWriter?
    var rowsLeft = 0
    var summary: TableSummary?
  }

  let table: TableName
  /// The file or folder, relative to the output directory.
  let file: String
  let schema: TableSchema
  /// The dialect of a CSV; nil for columnar text.
  let dialect: TextTables.CSVDialect?
  /// Whether the files of columnar text are gzipped.
  let isCompressed: Bool
  /// Copied by each task that renders rows.
  let encoder: RowEncoder
  private let state: Mutex<State>

  init(_ output: PipelineFile.TableOutput, _ file: PipelineFile, in staging: borrowing StagingDirectory)
    throws(TextTablesError)
  {
    table = output.table
    self.file = output.file ?? "columns/\(output.table.rawValue)"
    let schema = TableSchema(output.table, privacy: file.privacy)
    let columns = output.columns?.compactMap { name in schema.columns.firstIndex { $0.name == name } }
    let format = TextTables.TableFormat(output.format)
    self.schema = schema
    dialect = if case .csv(let dialect) = format { dialect } else { nil }
    isCompressed = if case .columnar(compress: true) = format { true } else { false }
    encoder = RowEncoder(schema: schema, columns: columns, format: format)
    let writer = try TableWriter(
      schema: schema, columns: columns, format: format, file: self.file, in: staging,
      // The schema of columnar text has checksums in any case.
      options: TableOptions(checksums: file.output.checksums || dialect == nil, compressor: { gzipMember($0) }))
    state = Mutex(State(writer: writer))
  }

  /// The name of a column by its index in the schema.
  func columnName(_ column: Int) -> String { schema.columns[column].name }

  /// Whether the output shows every value as it is.
  var isExact: Bool { if case .spreadsheet = dialect { false } else { true } }

  /// The names of this output's columns, in its order.
  var columnNames: [String] { encoder.columns.map { schema.columns[$0].name } }

  /// Rows appended and not taken out again.
  var rowsLeft: Int { state.withLock { $0.rowsLeft } }

  /// What was written, once the output is finished.
  var summary: TableSummary? { state.withLock { $0.summary } }

  func append(_ rows: RenderedRows) throws(TextTablesError) {
    try state.withLock { state throws(TextTablesError) in
      state.rowsLeft += rows.rowCount
      try state.writer?.append(rows)
    }
  }

  /// Takes rows that were appended before out of the table; see `TableWriter.omit(rows:)`.
  func omit(rows: Range<Int>) {
    state.withLock { state in
      state.rowsLeft -= rows.count
      state.writer?.omit(rows: rows)
    }
  }

  /// Closes the output's files; a second call does nothing.
  func finish() throws(TextTablesError) {
    try state.withLock { state throws(TextTablesError) in
      guard let writer = state.writer.take() else { return }
      state.summary = try writer.finish()
    }
  }
}

extension TextTables.TableFormat {
  init(_ format: PipelineFile.TableFormat) {
    switch format {
    case .csv(.machine, _): self = .csv(.machine)
    case .csv(.spreadsheet, let locale):
      self = .csv(.spreadsheet(locale.flatMap(SpreadsheetLocale.init(identifier:)) ?? .comma))
    case .columnar(let compress): self = .columnar(compress: compress)
    }
  }
}

extension TableSchema {
  /// The schema of a table, with the masks that the pipeline's privacy puts on its columns.
  init(_ table: TableName, privacy: PipelineFile.Privacy) {
    self.init(
      name: table.rawValue, title: table.rawValue, description: table.summary,
      columns: table.columns.map { column in
        Column(
          name: column.name, type: ColumnType(column.type), description: column.description,
          masking: privacy.masking(of: column.name, in: table))
      }, primaryKey: table.primaryKey)
  }
}

extension ColumnType {
  init(_ type: CellType) {
    self =
      switch type {
      case .text: .text
      case .integer: .integer
      case .decimal: .decimal
      case .timestamp: .timestamp
      case .date: .date
      case .json: .json
      }
  }
}

extension PipelineFile.Privacy {
  /// The mask of a column. What identifies the subject of a finding is masked cell by cell, since it depends on the row.
  func masking(of column: String, in table: TableName) -> Masking {
    if table == .rejects, column == "raw" { return keepsRaw ? .keep : .drop }
    return masking(of: column)
  }

  /// The mask of whatever goes by this column's name, in tables, logs and errors alike.
  func masking(of column: String) -> Masking {
    switch rule(for: column) {
    case nil: .keep
    case .drop: .drop
    case .last4: .last4
    case .hash: .hash(MaskingKey(Array((hashKey ?? "").utf8)))
    }
  }

  /// Whether a document may be shown: `transcripts`, `call_insights` or `context_data`; if not, its table has no rows.
  func keeps(_ document: String) -> Bool { columns[document] == nil }
}
