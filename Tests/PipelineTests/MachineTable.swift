import Foundation

/// A CSV of the machine dialect, read the plain way: cells of text, nil where nothing stands between two commas.
struct MachineTable {
  typealias Row = [String: String?]

  struct Malformed: Error { let line: Int }

  let columns: [String]
  let rows: [Row]

  init(_ bytes: Data) throws {
    var records: [[String?]] = []
    var record: [String?] = []
    var cell: [UInt8] = []
    var (isQuoted, wasQuoted) = (false, false)
    func end() {
      record.append(cell.isEmpty && !wasQuoted ? nil : String(decoding: cell, as: UTF8.self))
      (cell, wasQuoted) = ([], false)
    }
    let text = Array(bytes)
    var index = 0
    while index < text.count {
      let byte = text[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\"") where isQuoted && index < text.count && text[index] == byte:
        cell.append(byte)
        index += 1
      case UInt8(ascii: "\""):
        isQuoted.toggle()
        wasQuoted = true
      case UInt8(ascii: ",") where !isQuoted: end()
      case UInt8(ascii: "\r") where !isQuoted && index < text.count && text[index] == UInt8(ascii: "\n"):
        index += 1
        end()
        records.append(record)
        record = []
      default: cell.append(byte)
      }
    }
    guard !isQuoted, record.isEmpty, cell.isEmpty, let header = records.first else {
      throw Malformed(line: records.count + 1)
    }
    let columns = header.compactMap(\.self)
    self.columns = columns
    rows = try records.dropFirst().enumerated().map { number, record in
      guard record.count == columns.count else { throw Malformed(line: number + 2) }
      return Row(uniqueKeysWithValues: zip(columns, record))
    }
  }

  /// The rows' cells of a column.
  func column(_ name: String) -> [String?] { rows.map { $0[name] ?? nil } }

  /// The sum of a column of whole numbers; null adds nothing.
  func sum(_ name: String) -> Int { rows.reduce(0) { $0 + $1.integer(name) } }

  /// The row whose column has this value.
  func row(_ column: String, _ value: String) -> Row? { rows.first { $0[column] == value } }
}

extension MachineTable.Row {
  /// A cell; nil for null and for a column that the table has not.
  func text(_ column: String) -> String? { self[column] ?? nil }

  /// A whole number; 0 for null.
  func integer(_ column: String) -> Int { text(column).flatMap { Int($0) } ?? 0 }

  /// An exact decimal; 0 for null.
  func decimal(_ column: String) -> Decimal { text(column).flatMap { Decimal(string: $0) } ?? 0 }
}
