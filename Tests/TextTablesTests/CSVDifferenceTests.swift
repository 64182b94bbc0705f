import Foundation
import Testing

import TextTables

@Suite("What differs between two versions of a published CSV")
struct CSVDifferenceTests {
  private static let columns = [
    Column(name: "id", type: .text, description: ""), Column(name: "note", type: .text, description: ""),
  ]

  private func difference(
    _ old: String?, _ new: String?, _ dialect: TextTables.CSVDialect = .machine
  ) throws -> CSVDifference? {
    let folder = NSTemporaryDirectory() + "/calltally-difference-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in [("old", old), ("new", new)] {
      if let text { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name).csv")) }
    }
    return try CSVDifference("\(folder)/old.csv", "\(folder)/new.csv", columns: Self.columns, dialect: dialect)
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
}
