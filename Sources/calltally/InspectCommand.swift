import ArgumentParser
import Pipeline

struct InspectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Tell what archives hold: condition, members, lines, events by type, time range, problems.",
    discussion: "Exit status 2 when an archive is damaged, 66 when there is none.")

  @Argument(help: "Archives or quoted patterns; - is standard input.")
  var archives: [String]

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    do {
      let inspections = try await inspect(archives, threads: processors)
      try printData(json ? calltally.json(inspections) : inspections.map(\.text).joined(separator: "\n"))
      if inspections.contains(where: \.isDamaged) { throw ExitCode(ExitStatus.damagedInput.rawValue) }
    } catch let error as RunError {
      printMessage("calltally: \(error)")
      throw ExitCode(ExitStatus(error).rawValue)
    }
  }
}
