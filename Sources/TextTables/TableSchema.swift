/// What a column holds; decides how its cells are written in each format.
package enum ColumnType: String, Sendable {
  case text, integer, decimal, timestamp, date, json
}

/// One column of a table.
package struct Column: Sendable {
  package var name: String
  package var type: ColumnType
  /// One sentence for the data package and the columnar schema.
  package var description: String
  package var masking: Masking

  package init(name: String, type: ColumnType, description: String, masking: Masking = .keep) {
    self.name = name
    self.type = type
    self.description = description
    self.masking = masking
  }

  /// The type as written: a number or a time that is masked into a text is a text column from then on.
  package var writtenType: ColumnType {
    switch masking {
    case .keep, .drop: type
    case .last4, .hash: .text
    }
  }
}

/// A table's name, meaning and columns.
package struct TableSchema: Sendable {
  /// The name in file names, SQL and the data package: lower-case letters, digits and `_`.
  package var name: String
  package var title: String
  package var description: String
  package var columns: [Column]
  /// Names of the columns that identify a row; empty where nothing does.
  package var primaryKey: [String]

  package init(name: String, title: String, description: String, columns: [Column], primaryKey: [String] = []) {
    self.name = name
    self.title = title
    self.description = description
    self.columns = columns
    self.primaryKey = primaryKey
  }

  /// The columns that an output holds, in its order; nil stands for all.
  func selection(_ indexes: [Int]?) -> [Column] {
    (indexes ?? Array(columns.indices)).map { columns[$0] }
  }

  /// The primary key where a selection of columns still holds it whole and unblurred, else empty.
  ///
  /// A hash keeps different values different; `drop` and `last4` do not.
  func primaryKey(within selection: [Column]) -> [String] {
    for name in primaryKey {
      guard let column = selection.first(where: { $0.name == name }) else { return [] }
      switch column.masking {
      case .keep, .hash: continue
      case .drop, .last4: return []
      }
    }
    return primaryKey
  }
}
