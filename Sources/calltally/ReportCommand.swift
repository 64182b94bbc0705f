import ArgumentParser
import Pipeline

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Make the report of a published directory again, from its files alone.",
    discussion: """
      Reads manifest.json and the tables beside it, and the manifests of the days published beside the directory, and \
      publishes the directory again with the new report in it: readers see the old set or the new one. The report has the \
      name that the pipeline file gave it, or else report.html. Silent on success.

      Exit status 66 when no run has published the directory, or a table that the report is made from is missing.
      """)

  @Argument(help: "The directory, such as output/nightly/2026-04-08.")
  var directory: String

  func run() throws {
    do {
      try remakeReport(in: directory)
    } catch {
      printMessage("calltally: \(error)")
      throw ExitCode(ExitStatus(error).rawValue)
    }
  }
}
