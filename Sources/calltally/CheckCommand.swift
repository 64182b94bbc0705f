import ArgumentParser
import Pipeline

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a pipeline file; read no archive and write nothing.")

  @Argument(help: "The pipeline file.")
  var pipeline: String

  func run() throws { _ = try PipelineFile.read(pipeline) }
}
