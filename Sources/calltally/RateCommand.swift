import ArgumentParser
import Pipeline

struct RateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rate",
    abstract: "Tell which billing rule explains best what calls were charged.",
    discussion: """
      Every call counts once whose call.processed has a billable status, a duration and credits; of several the latest \
      counts, and other events are not read. Pulse, credits a pulse and minimum are inferred for all calls, and by agent, \
      workspace and day, which is that of the event's timestamp; a group is told another rule \
      than that of all calls only where it explains calls of several durations. Of rules that explain as many calls the configured one is told if it is among them; else \
      the one without a minimum of several pulses, with the configured pulse, with one that contracts know, with the larger.
      Exit status 2 when an archive is damaged, 66 when there is none, 78 for a bad pipeline file.
      """)

  @Argument(help: "Archives or quoted patterns; - is standard input.")
  var archives: [String]

  @Option(
    help: """
      A pipeline file, for its billing, limits, time zones and privacy; without one, completed calls are billable and the \
      rule is 60 s and 1 credit a pulse.
      """)
  var pipeline: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    var file = try pipeline.map { try PipelineFile.read($0) } ?? .defaults(reading: archives)
    file.input.archives = archives
    do {
      let report = try await RateReport(file, threads: processors)
      try printData(json ? calltally.json(report) : report.text)
      if report.isDamaged { throw ExitCode(ExitStatus.damagedInput.rawValue) }
    } catch let error as RunError {
      printMessage("calltally: \(error)")
      throw ExitCode(ExitStatus(error).rawValue)
    }
  }
}
