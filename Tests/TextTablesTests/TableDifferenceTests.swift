import Foundation
import Testing

import TextTables

@Suite("What differs between two versions of a published CSV")
struct TableDifferenceTests {
  private static let columns = [
    Column(name: "id", type: .text, description: ""), Column(name: "note", type: .text, description: ""),
  ]

  private func difference(
    _ old: String?, _ new: String?, _ dialect: TextTables.CSVDialect = .machine
  ) throws -> TableDifference? {
    let folder = NSTemporaryDirectory() + "/calltally-difference-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in [("old", old), ("new", new)] {
      if let text { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).csv")) }
    }
    return try TableDifference("\(folder)/old.csv", "\(folder)/new.csv", columns: Self.columns, dialect: dialect)
  }

  @Test func rowsOfOneVersionAloneAreTold() throws {
    let old = "\"id\",\"note\"\r\n\"a\",\"x\"\r\n\"b\",\r\n\"c\",\"\"\r\n"
    let new = "\"id\",\"note\"\r\n\"a\",\"x\"\r\n\"c\",\"1\"\"2,\r\n3\"\r\n\"d\",\"y\"\r\n"
    let found = try #require(try difference(old, new))
    #expect(found.removed == [["b", nil], ["c", ""]])
    #expect(found.added == [["c", "1\"2,\r\n3"], ["d", "y"]])
  }

  @Test func otherColumnsAndMissingFilesCannotBeCompared() throws {
    let text = "\"id\",\"note\"\r\n"
    #expect(try difference(nil, text) == nil)
    #expect(try difference("\"id\",\"remark\"\r\n", text) == nil)
    #expect(try difference("\"id\"\r\n", text) == nil)
    #expect(try difference(text, text)?.added.isEmpty == true)
  }

  @Test func spreadsheetsHaveTheirOwnSeparator() throws {
    let head = "\u{feff}\"id\";\"note\"\r\n"
    let found = try difference(
      head + "\"a\";\"1,5\"\r\n", head + "\"a\";\"2,5\"\r\n", .spreadsheet(.semicolon))
    #expect(found?.added == [["a", "2,5"]])
  }

  @Test func aTornVersionCannotBeCompared() throws {
    let text = "\"id\",\"note\"\r\n\"a\",\"x\"\r\n"
    #expect(try difference(String(text.dropLast(4)), text) == nil)
    #expect(try difference("\"id\",\"note\"\r\n\"a\"\r\n", text) == nil, "a row lacks a cell")
  }

  // MARK: Columnar text

  /// Folders of two columns; a nil column has no file.
  private func difference(_ old: [String?], _ new: [String?]) throws -> TableDifference? {
    let folder = NSTemporaryDirectory() + "/calltally-difference-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, columns) in [("old", old), ("new", new)] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      for (file, text) in zip(["01_id.txt", "02_note.txt"], columns) {
        if let text { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)/\(file)")) }
      }
    }
    return try TableDifference("\(folder)/old", "\(folder)/new", columns: Self.columns, compressed: nil)
  }

  @Test func columnsAreReadWithoutTheirEscapes() throws {
    let found = try #require(
      try difference(["a\nb\nc\n", "x\n\\N\n\n"], ["a\nc\nd\n", "x\n1\\t2\\n\\\\N\\r\\x00\n\\\\N\n"]))
    #expect(found.removed == [["b", nil], ["c", ""]])
    #expect(found.added == [["c", "1\t2\n\\N\r\0"], ["d", "\\N"]])
  }

  @Test func columnsOfUnlikeLengthCannotBeCompared() throws {
    let whole = ["a\nb\n", "x\ny\n"]
    #expect(try difference(["a\nb\n", "x\n"], whole) == nil)
    #expect(try difference(["a\nb\n", "x\ny"], whole) == nil, "the last line is torn")
    #expect(try difference(["a\nb\n", nil], whole) == nil)
    #expect(try difference(whole, whole)?.removed.isEmpty == true)
  }
}
