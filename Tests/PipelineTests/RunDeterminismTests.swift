import Foundation
import Pipeline
import Testing

@Suite("The same events give the same bytes")
struct RunDeterminismTests {
  /// The joined tables without `origin`, and the detail tables, which are in archive order.
  private static let joined = ["calls.csv", "campaigns.csv", "reconciliation.csv", "totals.csv"]
  private static let details = ["transcripts.csv", "insights.csv", "context.csv"]

  private static let pipeline = """
    version: 1
    name: test
    input: {archives: archives/*}
    output:
      directory: output
      tables:
        - csv:
            table: calls
            columns: [\(TableName.calls.columns.map(\.name).filter { $0 != "origin" }.joined(separator: ", "))]
        - csv: {table: campaigns}
        - csv: {table: reconciliation}
        - csv: {table: totals}
        - csv: {table: transcripts}
        - csv: {table: insights}
        - csv: {table: context}
    \(lenientChecks)
    """

  private func published(_ archives: [String: Data], threads: Int = 2) async throws -> [String: Data] {
    let workspace = try RunWorkspace()
    try workspace.write(Self.pipeline, to: "pipeline.yaml")
    try workspace.writeArchives(archives)
    let outcome = try await workspace.calltally(["run", "pipeline.yaml", "--threads", "\(threads)"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try workspace.published()
  }

  /// A table's rows in an order that hangs on nothing but themselves.
  private func sortedRows(_ table: Data?) throws -> [[String]] {
    let table = try MachineTable(#require(table))
    return table.rows.map { row in table.columns.map { row.text($0) ?? "\u{0}null" } }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func shuffledLinesAndOtherArchivesChangeNothing(seed: UInt64) async throws {
    let lines = try await RunSamples.lines(calls: 250, seed: seed)
    let reference = try await published(RunSamples.archives(of: lines, cuts: []))
    var numbers = SeededNumbers(seed: seed)
    let shuffled = RunSamples.shuffled(lines, seed: seed)
    let cuts = (0..<Int.random(in: 1...9, using: &numbers)).map { _ in Int.random(in: 0...lines.count, using: &numbers)
    }
    for (lines, cuts) in [(lines, cuts.sorted()), (shuffled, []), (shuffled, cuts.sorted())] {
      let other = try await published(RunSamples.archives(of: lines, cuts: cuts))
      for name in Self.joined {
        #expect(other[name] == reference[name], "\(name), seed \(seed), cuts \(cuts)")
      }
      for name in Self.details {
        #expect(
          try sortedRows(other[name]) == sortedRows(reference[name]), "\(name), seed \(seed), cuts \(cuts)")
      }
    }
  }

  @Test("one thread or many, with archives of several chunks")
  func threadsChangeNothing() async throws {
    let lines = try await RunSamples.lines(calls: 1_200, seed: 5)
    for cuts in [[], [lines.count / 2], Array(stride(from: 0, to: lines.count, by: 300))] {
      let archives = RunSamples.archives(of: lines, cuts: cuts)
      let reference = try await published(archives, threads: 1)
      for threads in [2, 4, 7] {
        let other = try await published(archives, threads: threads)
        #expect(other == reference, "\(archives.count) archives, \(threads) threads")
      }
    }
  }

  /// With more calls than a task settles before it asks for more, so that several have their share.
  @Test func aRerunChangesNotOneByte() async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks)
    try await workspace.writeSample(calls: 9_000, seed: 8)
    var sets: [[String: Data]] = []
    for threads in [1, 2, 2, 4] {
      _ = try await workspace.calltally(["run", "pipeline.yaml", "--threads", "\(threads)"])
      sets.append(try readTree(workspace.path + "/output"))
    }
    #expect(sets[0].keys.contains("manifest.json") && sets[0].keys.contains("datapackage.json"))
    for set in sets { #expect(set == sets[0]) }
    #expect(
      try workspace.names() == [".calltally.lock", "archives", "output", "pipeline.yaml"], "nothing is left over")
  }

  @Test func theTimeZoneAndLanguageOfTheMachineDoNotMatter() async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks)
    try await workspace.writeSample(calls: 100, seed: 9)
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    let reference = try readTree(workspace.path + "/output")
    _ = try await workspace.calltally(
      ["run", "pipeline.yaml"], environment: ["TZ": "Pacific/Auckland", "LANG": "de_DE.UTF-8", "LC_ALL": "de_DE.UTF-8"])
    #expect(try readTree(workspace.path + "/output") == reference)
  }
}
