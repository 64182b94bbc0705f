extension PipelineFile {
  /// What is written, and where.
  package struct Output: Equatable, Sendable {
    /// Relative to the working directory; may hold `${day}`.
    package var directory: String
    /// The tables listed, else all of them as machine CSV; those that every run writes are always among them.
    package var tables: [TableOutput] = TableName.allCases.filter { !$0.isOfDays }.map { TableOutput(table: $0) }
    /// The file name of the report; nil for none.
    package var report: String?
    /// Permission bits of the files; the owner can read and write.
    package var fileMode: UInt32 = 0o600
    /// Permission bits of the directories; the owner can read, write and enter.
    package var directoryMode: UInt32 = 0o700
    /// Whether the manifest holds the SHA-256 of every output; it costs some percent of a run.
    package var checksums = false
    /// Whether the dispute pack is wanted: with the table come its raw events.
    var hasDisputes: Bool { tables.contains { $0.table == .disputes } }
  }

  /// One output: a table in one format.
  package struct TableOutput: Equatable, Sendable {
    package var table: TableName
    package var format: TableFormat
    /// The file's name in the output directory; nil for columnar text, which has a directory of its own.
    package var file: String?
    /// Columns of the table in the order wanted; nil for all in the table's own order.
    package var columns: [String]?

    /// A table as it is written when nothing is said of it: whole, as machine CSV.
    init(table: TableName) {
      self.table = table
      format = .csv(dialect: .machine, locale: nil)
      file = "\(table.rawValue).csv"
    }

    package init(table: TableName, format: TableFormat, file: String?, columns: [String]?) {
      self.table = table
      self.format = format
      self.file = file
      self.columns = columns
    }
  }

  package enum TableFormat: Equatable, Sendable {
    /// `locale` is a language with or without a country, such as `de` or `de-DE`; nil with the machine dialect.
    case csv(dialect: CSVDialect, locale: String?)
    /// One text file a column, gzipped or plain.
    case columnar(compress: Bool)
  }

  package enum CSVDialect: String, CaseIterable, Sendable {
    case machine, spreadsheet
  }
}

extension PipelineFile.Output {
  /// The tables that a report is made from, besides those that a run for days has in any case.
  package static let reportTables: [TableName] = [.reconciliation, .differences, .findings, .totals, .archives, .hours]
}

extension PipelineFile.TableOutput {
  /// Whether the output is the table as programs read it: every column, exactly.
  var isWholeMachineCSV: Bool {
    format == .csv(dialect: .machine, locale: nil) && columnNames == table.columns.map(\.name)
  }

  /// The names of the output's columns, in its order.
  var columnNames: [String] { columns ?? table.columns.map(\.name) }
}
