/// The documents beside the column files of one table: `schema.json` and the scripts that load them.
struct ColumnarFolder {
  let schema: TableSchema
  let columns: [ColumnFile]
  let isCompressed: Bool

  /// Names inside the folder, and bytes.
  func documents() -> [(name: String, bytes: [UInt8])] {
    let scripts = LoadScripts(
      table: schema.name, columns: columns.map { ($0.column.name, $0.column.writtenType) },
      files: columns.map(\.fileName), isCompressed: isCompressed)
    return [
      ("schema.json", jsonDocument(Document(schema: schema, columns: columns))),
      ("load/clickhouse.sql", Array(scripts.clickhouse.utf8)),
      ("load/duckdb.sql", Array(scripts.duckdb.utf8)),
      ("load/postgres.sql", Array(scripts.postgres.utf8)),
    ]
  }

  /// `schema.json`. Numbers of a column are texts in it, so that no reader rounds them.
  private struct Document: Encodable {
    let table: String
    let title: String
    let description: String
    let rows: Int
    let primaryKey: [String]
    let columns: [Entry]

    init(schema: TableSchema, columns: [ColumnFile]) {
      table = schema.name
      title = schema.title
      description = schema.description
      rows = columns.first?.statistics.rows ?? 0
      primaryKey = schema.primaryKey(within: columns.map(\.column))
      self.columns = columns.map(Entry.init)
    }

    enum CodingKeys: String, CodingKey {
      case table, title, description, rows
      case primaryKey = "primary_key"
      case columns
    }
  }

  private struct Entry: Encodable {
    let name: String
    let type: String
    let description: String
    let file: String
    let rows: Int
    let nulls: Int
    let empties: Int
    let minimum: String?
    let maximum: String?
    let sum: String?
    let bytes: Int
    let sha256: String?

    init(_ file: ColumnFile) {
      name = file.column.name
      type = file.column.writtenType.rawValue
      description = file.column.description
      self.file = file.fileName
      rows = file.statistics.rows
      nulls = file.statistics.nulls
      empties = file.statistics.empties
      minimum = file.statistics.minimum
      maximum = file.statistics.maximum
      sum = file.statistics.sum
      bytes = file.summary.bytes
      sha256 = file.summary.sha256
    }
  }
}
