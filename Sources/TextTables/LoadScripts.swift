/// SQL that loads a folder of columnar text. Each script names the command that runs it, from inside the folder.
///
/// All three read the rows that `paste` puts together. PostgreSQL and ClickHouse take the escapes as they are. DuckDB
/// reads its columns as text and undoes the escapes; it is given the rows rather than the files because it skips the
/// empty lines of a file with one column, which would move every row below an empty text.
struct LoadScripts {
  let table: String
  let columns: [(name: String, type: ColumnType)]
  let files: [String]
  let isCompressed: Bool

  var postgres: String {
    """
    -- Adds the rows to the table "\(table)" of a PostgreSQL database. Run inside this folder:
    --   psql -v ON_ERROR_STOP=1 -1 -f load/postgres.sql
    CREATE TABLE IF NOT EXISTS "\(table)" (
    \(declarations { type in
      switch type {
      case .text: "text"
      case .integer: "bigint"
      case .decimal: "numeric"
      case .timestamp: "timestamp"
      case .date: "date"
      case .json: "json"
      }
    })
    );
    \\copy "\(table)" (\(names)) FROM PROGRAM '\(paste)' WITH (FORMAT text, ENCODING 'UTF8')

    """
  }

  var clickhouse: String {
    """
    -- Adds the rows to the table "\(table)" of a ClickHouse server. Run inside this folder:
    --   \(paste) | clickhouse-client --query "$(cat load/clickhouse.sql)"
    CREATE TABLE IF NOT EXISTS "\(table)" (
    \(declarations { type in
      switch type {
      case .text, .json: "Nullable(String)"
      case .integer: "Nullable(Int64)"
      case .decimal: "Nullable(Decimal(38, 6))"
      case .timestamp: "Nullable(DateTime64(6, 'UTC'))"
      case .date: "Nullable(Date32)"
      }
    })
    ) ENGINE = MergeTree ORDER BY tuple();
    -- A first row that happens to hold the columns' names is a row.
    INSERT INTO "\(table)" (\(names)) SETTINGS input_format_tsv_detect_header = 0 FORMAT TabSeparated

    """
  }

  var duckdb: String {
    let isSingle = columns.count == 1
    let texts = columns.map { "\(quoted($0.name)): 'VARCHAR'" } + (isSingle ? ["\"(none)\": 'VARCHAR'"] : [])
    let command = isSingle ? "\(paste) | sed 's/$/\\t/'" : paste
    return """
      -- Adds the rows to the table "\(table)" of a DuckDB database. Run inside this folder:
      --   \(command) | duckdb tables.duckdb -f load/duckdb.sql
      CREATE TABLE IF NOT EXISTS "\(table)" (
      \(declarations { type in
        switch type {
        case .text: "VARCHAR"
        case .integer: "BIGINT"
        case .decimal: "DECIMAL(38, 6)"
        case .timestamp: "TIMESTAMP"
        case .date: "DATE"
        case .json: "VARCHAR"
        }
      })
      );
      -- An escaped backslash parts the text; what is left between two of them holds only the other escapes.
      CREATE OR REPLACE TEMP MACRO unescaped(x) AS CASE WHEN contains(x, '\\') THEN
        array_to_string(list_transform(string_split(x, '\\\\'), lambda part:
          replace(replace(replace(replace(part, '\\t', chr(9)), '\\n', chr(10)), '\\r', chr(13)), '\\x00', chr(0))),
          '\\')
        ELSE x END;
      INSERT INTO "\(table)" (\(names))
      SELECT \(columns.map(restored).joined(separator: ", "))
      FROM read_csv('/dev/stdin', auto_detect = false, header = false, delim = '\\t', quote = '', escape = '',
        nullstr = '\\N', max_line_size = 67108864, buffer_size = 134217728,
        columns = {\(texts.joined(separator: ", "))});

      """
  }

  /// The command whose output is the table, tab-separated, without single quotes so that it fits into a SQL text.
  private var paste: String {
    guard isCompressed else { return "paste \(files.joined(separator: " "))" }
    return "bash -c \"paste \(files.map { "<(gzip -dc \($0))" }.joined(separator: " "))\""
  }

  private var names: String { columns.map { quoted($0.name) }.joined(separator: ", ") }

  private func quoted(_ name: String) -> String { "\"\(name)\"" }

  private func declarations(_ sqlType: (ColumnType) -> String) -> String {
    columns.map { "  \(quoted($0.name)) \(sqlType($0.type))" }.joined(separator: ",\n")
  }

  private func restored(_ column: (name: String, type: ColumnType)) -> String {
    column.type == .text || column.type == .json ? "unescaped(\(quoted(column.name)))" : quoted(column.name)
  }
}
