import ArgumentParser
import Pipeline

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a pipeline file; read no archive and write nothing.",
    discussion: """
      Tells all mistakes at once, with exit status 78, and warns of what is no mistake and most likely not meant, with \
      exit status 0. Silent about a file that is good.
      """)

  @Argument(help: "The pipeline file.")
  var pipeline: String

  func run() throws {
    if let remarks = try PipelineFile.read(pipeline).remarks { printMessage(remarks) }
  }
}
