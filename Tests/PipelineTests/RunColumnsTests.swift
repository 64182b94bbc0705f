import Foundation
import Pipeline
import Testing

/// Cells are rendered together where columns stand in the usual order, and must be the same in any other.
@Suite struct RunColumnsTests {
  private static let tables: [TableName] = [.calls, .transcripts, .insights, .context]

  @Test(arguments: [UInt64(1), 2, 3]) func aColumnHasTheSameCellsWhereverItStands(seed: UInt64) async throws {
    var numbers = SeededNumbers(seed: seed)
    let workspace = try RunWorkspace()
    var outputs = ""
    for table in Self.tables {
      let columns = table.columns.map(\.name).shuffled(using: &numbers)
      outputs += """

            - csv: {table: \(table.rawValue)}
            - csv: {table: \(table.rawValue), file: \(table.rawValue)-other.csv, columns: [\(columns.joined(separator: ", "))]}
        """
    }
    try workspace.writePipeline(tables: outputs, lenientChecks)
    let lines = try await RunSamples.lines(calls: 300, seed: seed)
    try workspace.writeArchives(RunSamples.archives(of: lines, cuts: [500]))
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let published = try workspace.published()
    for table in Self.tables {
      let usual = try MachineTable(try #require(published["\(table.rawValue).csv"]))
      let other = try MachineTable(try #require(published["\(table.rawValue)-other.csv"]))
      #expect(usual.columns.sorted() == other.columns.sorted() && usual.columns != other.columns)
      #expect(usual.rows.count > 100 && usual.rows == other.rows, "\(table.rawValue)")
    }
  }

  @Test(arguments: ["conversation_id, context_data", "context_data, credits, conversation_id"])
  func aCutCellIsToldWithItsColumnWhereverThatStands(columns: String) async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(
      tables: "\n    - csv: {table: calls, dialect: spreadsheet, columns: [\(columns)]}")
    let long = String(repeating: "x", count: 33_000)
    try workspace.write(
      """
      {"event":"call.processed","event_id":"e1","conversation_id":"c1","status":"completed","duration":61,"credits":2,\
      "context_data":{"note":"\(long)"}}

      """, to: "archives/a.jsonl")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 0, "\(outcome.text)")
    let findings = try MachineTable(try #require(try workspace.published()["findings.csv"]))
    #expect(findings.rows.filter { $0["code"] == "cell-cut" }.map { $0["measure"] } == ["context_data"])
  }
}

extension RunWorkspace {
  /// `tables` are list items, four spaces in and each behind a line feed.
  fileprivate func writePipeline(tables: String, _ rest: String = "") throws {
    try write(
      """
      version: 1
      name: test
      input: {archives: archives/*}
      output:
        directory: output
        tables:\(tables)
      \(rest)
      """, to: "pipeline.yaml")
  }
}
