import Foundation
import Testing
import TextTables

struct TableWriterTests {
  private let directory: TemporaryDirectory
  private let notes = texts("key", "note")

  init() throws { directory = try TemporaryDirectory() }

  /// Writes batches of rows as one table and publishes it as `set`.
  private func publish(
    _ batches: [RenderedRows], _ schema: TableSchema, _ format: TableFormat, file: String = "notes.csv",
    omitting: [Range<Int>] = [], compressor: Compressor? = nil
  ) throws -> TableSummary {
    try? FileManager.default.removeItem(atPath: "\(directory.path)/set")
    let staging = try StagingDirectory(target: "\(directory.path)/set")
    var writer = try TableWriter(
      schema: schema, format: format, file: file, in: staging, options: TableOptions(compressor: compressor))
    for batch in batches { try writer.append(batch) }
    for rows in omitting { writer.omit(rows: rows) }
    let summary = try writer.finish()
    try staging.publish()
    return summary
  }

  @Test func aTableWithoutRowsIsItsHeader() throws {
    let summary = try publish([], notes, machine)
    #expect(try directory.text("set/notes.csv") == "\"key\",\"note\"\r\n")
    #expect(summary.rows == 0)
    #expect(summary.files.map(\.path) == ["notes.csv"])
    #expect(summary.files.map(\.bytes) == [14])
  }

  @Test func batchesFollowOneAnother() throws {
    let summary = try publish(
      [rendered([["1", "a"]], notes, machine), rendered([], notes, machine), rendered([["2", nil]], notes, machine)],
      notes, machine)
    #expect(try directory.text("set/notes.csv") == "\"key\",\"note\"\r\n\"1\",\"a\"\r\n\"2\",\r\n")
    #expect(summary.rows == 2)
  }

  @Test func aSpreadsheetBeginsWithAByteOrderMark() throws {
    _ = try publish([rendered([["1", "a"]], notes, spreadsheet)], notes, spreadsheet)
    #expect(
      try directory.bytes("set/notes.csv") == [0xef, 0xbb, 0xbf] + Array("\"key\",\"note\"\r\n\"'1\",\"a\"\r\n".utf8))
  }

  @Test func theSummaryHoldsSizeAndChecksum() throws {
    let summary = try publish([rendered([["1", "a"]], notes, machine)], notes, machine)
    let printed = try #require(try output(of: ["sha256sum", "set/notes.csv"], in: directory.path))
    #expect(summary.files[0].sha256 == String(decoding: printed.prefix(64), as: UTF8.self))
    #expect(summary.files[0].bytes == (try directory.bytes("set/notes.csv")).count)

    let staging = try StagingDirectory(target: "\(directory.path)/other")
    let writer = try TableWriter(
      schema: notes, format: machine, file: "notes.csv", in: staging, options: TableOptions(checksums: false))
    let unchecked = try writer.finish()
    #expect(unchecked.files[0].sha256 == nil)
  }

  @Test func largeBatchesArriveWhole() throws {
    let rows = (0..<300).map { ["\($0)", String(repeating: "x", count: 9_000 + $0)] }
    let batches = [0..<3, 3..<200, 200..<201, 201..<300].map { rendered(Array(rows[$0]), notes, machine) }
    _ = try publish(batches, notes, machine)
    let expected = "\"key\",\"note\"\r\n" + rows.map { "\"\($0[0])\",\"\($0[1])\"\r\n" }.joined()
    #expect(try directory.text("set/notes.csv") == expected)
  }

  @Test(.enabled(if: isInstalled("python3"), "python3 is not installed"))
  func pythonReadsEveryTextBackUnchanged() throws {
    let values = [
      "plain", "", "a,b", "\"", "\"\"", "line\nbreak", "cr\rlf\r\n", "\ttab", " outer ", "=1+1", "ünï😀", "\u{202e}rtl",
      "\\N",
      "\u{feff}mark", "nul\0", "1e5",
    ]
    _ = try publish([rendered(values.map { [$0, "end"] }, notes, machine)], notes, machine)
    let script = """
      import csv, sys
      rows = list(csv.reader(open('set/notes.csv', encoding='utf-8', newline='')))
      assert rows[0] == ['key', 'note'] and all(row[1] == 'end' for row in rows[1:])
      sys.stdout.buffer.write('\\x1f'.join(row[0] for row in rows[1:]).encode())
      """
    let read = try #require(try output(of: ["python3", "-c", script], in: directory.path))
    #expect(read == Array(values.joined(separator: "\u{1f}").utf8))
  }

  // MARK: Parts

  @Test func aSpreadsheetContinuesInASecondPart() throws {
    let schema = texts("n")
    let most = 1_048_575
    var block = rendered(Array(repeating: ["x"], count: 62_500), schema, spreadsheet)
    for _ in 0..<3 {
      let shift = block.texts[0].count
      block.rowEnds += block.rowEnds.map { $0 + shift }
      block.texts[0] += block.texts[0]
      block.rowCount *= 2
    }
    var last = rendered(Array(repeating: ["y"], count: 48_577), schema, spreadsheet)
    last.cuts = [CellCut(row: 48_576, column: 0)]
    let summary = try publish([block, block, last], schema, spreadsheet)
    #expect(summary.files.map(\.path) == ["notes.csv", "notes.part2.csv"])
    #expect(summary.files.map(\.rows) == [most, 2])
    #expect(summary.rows == most + 2)
    #expect(summary.cuts == [CellCut(row: most + 1, column: 0)])
    #expect(try directory.text("set/notes.part2.csv") == "\u{feff}\"n\"\r\n\"y\"\r\n\"y\"\r\n")
    #expect(try directory.bytes("set/notes.csv").count == 8 + most * 5)

    let fitting = try publish([block, block, last], schema, spreadsheet, omitting: [10..<11, 1_048_576..<1_048_577])
    #expect(fitting.files.map(\.path) == ["notes.csv"])
    #expect(fitting.cuts.isEmpty)
    #expect(try directory.names("set") == ["notes.csv"])
  }

  // MARK: Omitted rows

  @Test func omittedRowsAreAsIfNeverAppended() throws {
    let rows: [[String?]] = (0..<100).map { ["\($0)", $0 % 3 == 0 ? nil : "line\r\n\"\($0)\"\t\\"] }
    let gaps = [90..<100, 5..<7, 6..<9, 0..<1]
    let kept = rows.indices.filter { index in !gaps.contains { $0.contains(index) } }.map { rows[$0] }
    for (format, file) in [
      (machine, "notes.csv"), (spreadsheet, "notes.csv"), (columnar, "columns/notes"),
      (.columnar(compress: true), "columns/notes"),
    ] {
      let all = [rendered(Array(rows[..<50]), notes, format), rendered(Array(rows[50...]), notes, format)]
      let omitting = try publish(all, notes, format, file: file, omitting: gaps, compressor: storedMember)
      let bytes = try omitting.files.map { try directory.bytes("set/\($0.path)") }
      let names = try directory.names("set")
      let expected = try publish([rendered(kept, notes, format)], notes, format, file: file, compressor: storedMember)
      #expect(omitting == expected)
      #expect(try expected.files.map { try directory.bytes("set/\($0.path)") } == bytes)
      #expect(try directory.names("set") == names)
    }
  }

  @Test func omittingSpansBlocksOfTheSecondPass() throws {
    let rows = (0..<300).map { ["\($0)", String(repeating: "\"\n", count: 5_000)] }
    let summary = try publish([rendered(rows, notes, machine)], notes, machine, omitting: [50..<250])
    #expect(summary.rows == 100)
    let kept = rendered(Array(rows[..<50] + rows[250...]), notes, machine)
    #expect(try directory.bytes("set/notes.csv") == Array("\"key\",\"note\"\r\n".utf8) + kept.texts[0])
  }

  // MARK: Paths

  @Test(arguments: ["/tmp/x.csv", "../x.csv", "a/../../x.csv", "", "a//b.csv", "./x.csv"])
  func outputsStayInsideTheirDirectory(path: String) throws {
    let staging = try StagingDirectory(target: "\(directory.path)/set")
    #expect(throws: TextTablesError.self) { _ = try staging.write([], to: path) }
    staging.discard()
    #expect(try directory.names() == [])
  }

  @Test func twoOutputsOfOneNameAreRefused() throws {
    let staging = try StagingDirectory(target: "\(directory.path)/set")
    _ = try staging.write([1], to: "a/x.csv")
    let error = #expect(throws: TextTablesError.self) { _ = try staging.write([2], to: "a/x.csv") }
    #expect(error.map { "\($0)" } == "cannot create \(directory.path)/.set.staging/a/x.csv: File exists")
  }
}
