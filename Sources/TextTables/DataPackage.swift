/// The description of a set's CSV files as a Data Package, version 2 (https://datapackage.org).
///
/// The standard cannot tell a null from an empty text: it reads both as missing. Readers that mind the quotes can.
package struct DataPackage: Sendable {
  private var descriptor: Descriptor

  /// A package without resources yet; `name` is lower-case letters, digits, `-`, `_` and `.`.
  package init(name: String, title: String, description: String) {
    descriptor = Descriptor(name: name, title: title, description: description)
  }

  /// Adds one CSV output. Without `columns`, all of the schema's.
  package mutating func add(
    schema: TableSchema, columns: [Int]? = nil, dialect: CSVDialect, summary: TableSummary
  ) {
    descriptor.resources.append(
      Resource(schema: schema, columns: schema.selection(columns), dialect: dialect, files: summary.files))
  }

  /// The bytes of `datapackage.json`.
  package func json() -> [UInt8] { jsonDocument(descriptor) }
}

private struct Descriptor: Encodable, Sendable {
  let schema = "https://datapackage.org/profiles/2.0/datapackage.json"
  let name: String
  let title: String
  let description: String
  var resources: [Resource] = []

  enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case name, title, description, resources
  }
}

private struct Resource: Encodable, Sendable {
  let name: String
  let type = "table"
  let title: String
  let description: String
  let path: Path
  let format = "csv"
  let mediatype = "text/csv"
  let encoding = "utf-8"
  /// Of the whole resource, so only where it is one file.
  let bytes: Int?
  let hash: String?
  let dialect: Dialect
  let schema: Schema

  init(schema: TableSchema, columns: [Column], dialect: CSVDialect, files: [FileSummary]) {
    let file = files.first?.path ?? schema.name
    name = (file.hasSuffix(".csv") ? String(file.dropLast(4)) : file).lowercased()
    title = schema.title
    description = schema.description
    path = files.count == 1 ? .one(file) : .parts(files.map(\.path))
    bytes = files.count == 1 ? files[0].bytes : nil
    hash = files.count == 1 ? files[0].sha256.map { "sha256:\($0)" } : nil
    self.dialect = Dialect(dialect)
    self.schema = Schema(
      fields: columns.map { Field($0, dialect: dialect) }, primaryKey: schema.primaryKey(within: columns))
  }
}

/// One file, or a list of parts.
private enum Path: Encodable, Sendable {
  case one(String)
  case parts([String])

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .one(let path): try container.encode(path)
    case .parts(let paths): try container.encode(paths)
    }
  }
}

private struct Dialect: Encodable, Sendable {
  let header = true
  let delimiter: String
  let lineTerminator = "\r\n"
  let quoteChar = "\""
  let doubleQuote = true

  init(_ dialect: CSVDialect) {
    switch dialect {
    case .machine: delimiter = ","
    case .spreadsheet(let locale): delimiter = locale.separator == UInt8(ascii: ";") ? ";" : ","
    }
  }
}

private struct Schema: Encodable, Sendable {
  let fields: [Field]
  let missingValues = [""]
  /// Nil where nothing identifies a row.
  let primaryKey: [String]?

  init(fields: [Field], primaryKey: [String]) {
    self.fields = fields
    self.primaryKey = primaryKey.isEmpty ? nil : primaryKey
  }
}

private struct Field: Encodable, Sendable {
  let name: String
  let type: String
  let description: String
  /// How a time is written, as `strftime` says it.
  var format: String?
  var decimalChar: String?

  init(_ column: Column, dialect: CSVDialect) {
    name = column.name
    description = column.description
    switch column.writtenType {
    case .text, .json: type = "string"
    case .integer: type = "integer"
    case .date: type = "date"
    case .decimal:
      type = "number"
      if case .spreadsheet(let locale) = dialect, locale.decimalPoint == UInt8(ascii: ",") { decimalChar = "," }
    case .timestamp:
      type = "datetime"
      if case .machine = dialect { format = "%Y-%m-%dT%H:%M:%S.%f" } else { format = "%Y-%m-%d %H:%M:%S" }
    }
  }
}
