import Foundation
import Intake
import Pipeline
import Testing

/// The stages that are measured one by one are those of a run.
@Suite struct RunStagesTests {
  private static let tables = ["calls", "transcripts", "insights", "campaigns", "reconciliation", "totals"]

  @Test func `called one by one, the stages write the tables of a run`() async throws {
    let workspace = try RunWorkspace()
    let sample = try await workspace.calltally(["sample", "archives", "--calls", "300", "--seed", "5", "--mess"])
    #expect(sample.status == 0)
    try workspace.write(pipeline(output: "output", in: workspace), to: "pipeline.yaml")
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    try runStages(in: workspace)
    for table in Self.tables {
      #expect(try workspace.read("stages/\(table).csv") == workspace.read("output/\(table).csv"), "\(table)")
    }
  }

  private func runStages(in workspace: RunWorkspace) throws {
    let file = try PipelineFile(text: pipeline(output: "stages", in: workspace), path: "stages.yaml", environment: [:])
    let archives = try ArchiveList(patterns: file.input.archives).paths
    var stages = try RunStages(file, archives: archives)
    var chunk = Chunk()
    for (place, path) in archives.enumerated() {
      var reader = try ArchiveReader(path: path, limits: file.limits, chunkSize: 5_000)
      while try reader.nextChunk(into: &chunk) {
        stages.decode(chunk, archive: place)
        stages.renderDetails(chunk)
        stages.enter()
        try stages.writeDetails()
      }
    }
    stages.settle()
    for slice in stages.slices {
      stages.renderCalls(slice)
      try stages.writeCalls()
    }
    try stages.finish()
    try stages.publish()
  }

  private func pipeline(output: String, in workspace: RunWorkspace) -> String {
    """
    version: 1
    name: stages
    input: {archives: \(workspace.path)/archives/*}
    output:
      directory: \(workspace.path)/\(output)
      tables:
    \(Self.tables.map { "    - csv: {table: \($0)}" }.joined(separator: "\n"))
    """
  }
}
