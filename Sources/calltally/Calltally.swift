import ArgumentParser
import Foundation
import Logging
import Pipeline

@main
struct Calltally: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calltally",
    abstract: "Turns archives of AI voice calls' webhook events into tables whose books balance.",
    discussion: """
      Exit status: 0 published and everything within tolerance; 1 published, and a reconciliation check failed; \
      2 published, and input was damaged or rejected past a check; 64 usage; 65 input over a limit, nothing \
      published; 66 no input; 70 control totals do not balance, nothing published; 73 cannot create output; \
      74 I/O error; 75 another run holds the lock; 78 bad pipeline file; 129, 130 and 143 stopped by SIGHUP, SIGINT and \
      SIGTERM.
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, CheckCommand.self, InspectCommand.self, RateCommand.self, ExplainCommand.self,
      ReportCommand.self,
      SampleCommand.self,
    ])

  static func main() async {
    _ = standIns
    await main(nil)
  }

  /// `/dev/null` in place of standard input, output and error as far as the caller has closed them: else the next file
  /// opened, a table among them, would take the free number, and messages would be written into it.
  private static let standIns = [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO].compactMap { descriptor in
    fcntl(descriptor, F_GETFD) == -1 ? FileHandle(forUpdatingAtPath: "/dev/null") : nil
  }
}

/// Prints data to standard output; where that cannot be written, it says so and ends with exit status 74.
func printData(_ text: String) throws {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  } catch {
    printMessage("calltally: cannot write to standard output; what was to be published has been")
    throw ExitCode(ExitStatus.inputOutputError.rawValue)
  }
}

/// Prints a message to standard error; when nobody can hear, there is nobody to tell.
func printMessage(_ text: String) {
  try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
}

/// A value as one JSON document with sorted keys in snake case.
func json(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  encoder.keyEncodingStrategy = .convertToSnakeCase
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// How many tasks to use when the command line does not say.
var processors: Int { ProcessInfo.processInfo.activeProcessorCount }

extension PipelineFile {
  /// Reads a pipeline file in the process's environment; its problems go to standard error, one a line, or to `logger`.
  static func read(_ path: String, logger: Logger? = nil) throws -> PipelineFile {
    do {
      return try PipelineFile(path: path, environment: ProcessInfo.processInfo.environment)
    } catch {
      let status = ExitStatus(error).rawValue
      for problem in error.description.split(separator: "\n") {
        if let logger { logger.error("\(problem)", metadata: ["exit_status": "\(status)"]) }
      }
      if logger == nil { printMessage("\(error.isOfTheMachine ? "calltally: " : "")\(error)") }
      throw ExitCode(status)
    }
  }
}
