import Foundation
import Intake
import Pipeline

/// One pass of archives through all stages on one thread, with a stopwatch at each border.
///
/// The stages take turns as in a run, a chunk at a time, so that each finds its input in the cache where a run would find
/// it; only the stage that has its turn is timed. What is written goes to a temporary directory that is removed.
struct StagePass {
  let archives: [String]
  private(set) var watch: Stopwatch
  private(set) var lines = 0
  private(set) var textBytes = 0

  init(_ archives: [String], counting stage: Stage? = nil) {
    self.archives = archives
    watch = Stopwatch(counting: stage)
  }

  mutating func run() throws {
    try inflate()
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent("stages-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    try runStages(output: directory.appendingPathComponent("output").path)
  }

  private mutating func inflate() throws {
    var buffer = [UInt8](repeating: 0, count: ArchiveReader.usualChunkSize)
    var check = GzipCheck()
    for path in archives {
      var text = try ArchiveText(path: path)
      var count = 0
      repeat {
        try watch.time(.inflating) { count = try text.read(into: &buffer) }
        watch.time(.checksum) { check.update(buffer.span.extracting(0..<count)) }
        textBytes += count
      } while count > 0
    }
    keep(check.value)
  }

  private mutating func runStages(output: String) throws {
    var stages = try RunStages(StagePass.pipeline(output: output), archives: archives)
    var chunk = Chunk()
    for (place, path) in archives.enumerated() {
      var reader = try ArchiveReader(path: path, limits: IntakeLimits())
      while true {
        var hasChunk = false
        try watch.time(.reading) { hasChunk = try reader.nextChunk(into: &chunk) }
        guard hasChunk else { break }
        watch.time(.decoding) { stages.decode(chunk, archive: place) }
        lines += stages.decodedLines
        watch.time(.renderingDetails) { stages.renderDetails(chunk) }
        watch.time(.committing) { stages.enter() }
        try watch.time(.writing) { try stages.writeDetails() }
      }
    }
    watch.time(.settling) { stages.settle() }
    for slice in stages.slices {
      watch.time(.renderingCalls) { stages.renderCalls(slice) }
      try watch.time(.writing) { try stages.writeCalls() }
    }
    try watch.time(.writing) { try stages.finish() }
  }

  private static func pipeline(output: String) throws -> PipelineFile {
    let tables = ["calls", "transcripts", "insights", "campaigns", "reconciliation"]
    let text = """
      version: 1
      name: stages
      input: {archives: none}
      output:
        directory: "\(output)"
        tables:
      \(tables.map { "    - csv: {table: \($0)}" }.joined(separator: "\n"))
      """
    return try PipelineFile(text: text, path: "stages.yaml", environment: [:])
  }

  /// Keeps a result from being optimised away.
  @inline(never)
  private func keep(_ value: UInt32) {
    if value == 1 { print("", terminator: "") }
  }
}
