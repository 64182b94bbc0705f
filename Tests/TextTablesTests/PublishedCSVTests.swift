import CallModel
import Foundation
import Testing

import TextTables

@Suite("Cells of a published CSV")
struct PublishedCSVTests {
  private func rows(_ text: String, _ body: (borrowing CSVCells) -> String) throws -> [String]? {
    let path = NSTemporaryDirectory() + "/calltally-cells-\(UUID().uuidString).csv"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let columns = ["a", "b"].map { Column(name: $0, type: .text, description: "") }
    guard let csv = try PublishedCSV(path, columns: columns, dialect: .machine) else { return nil }
    var found: [String] = []
    try csv.forEachCells { found.append(body($0)) }
    return found
  }

  @Test func textsAreReadWithoutTheirQuotes() throws {
    let text = "\"a\",\"b\"\r\n\"x \"\"1\"\",\r\n\",\r\n\"\",2\r\n"
    let shown = try rows(text) { cells in
      (0..<cells.count).map { cells.text($0) ?? "null" }.joined(separator: "|")
    }
    #expect(shown == ["x \"1\",\r\n|null", "|2"])
  }

  @Test(
    arguments: [
      ("0", "0"), ("-12.5", "-12.5"), ("0.000001", "0.000001"), ("", "nil"), ("1.", "nil"), (".5", "nil"),
      ("1e3", "nil"),
      ("1.0000001", "nil"), ("-", "nil"), ("\"7\"", "7"), ("12345678901234567890123", "12345678901234567890123"),
      ("9223372036854775808", "9223372036854775808"), ("1000000000000000000000000000000000000", "nil"),
    ])
  func decimalsAreExactAndMayBeSums(cell: String, value: String) throws {
    let shown = try rows("\"a\",\"b\"\r\n\(cell),1\r\n") { $0.credits(0)?.description ?? "nil" }
    #expect(shown == [value])
  }

  @Test func wholeNumbersAreOf64Bits() throws {
    let text = "\"a\",\"b\"\r\n-9223372036854775808,1.5\r\n9223372036854775808,\"x\"\r\n"
    let shown = try rows(text) { cells in
      (0..<2).map { cells.integer($0).map { "\($0)" } ?? "nil" }.joined(separator: " ")
    }
    #expect(shown == ["-9223372036854775808 nil", "nil nil"])
  }

  @Test func otherColumnsAreAnotherTable() throws {
    #expect(try rows("\"a\",\"c\"\r\n1,2\r\n") { _ in "" } == nil)
  }
}
