import ArgumentParser
import Foundation
import Logging
import Pipeline

struct RunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Read the archives of a pipeline and publish its tables.",
    discussion: """
      Silent on success unless --summary or --json is given or standard error is a terminal. Warnings and failed checks \
      are one line on standard error. What the pipeline file asks for follows the run: metrics for Prometheus, a hook \
      command, the removal of old days. What fails of it is one line too, and does not change the exit status.

      A pipeline whose paths hold ${day} needs --day, or --from and --to. --day publishes one day, and days before it \
      again where late events changed them (window.restate); --from and --to publish a range as one set of tables, with \
      ${day} in the output's path as FROM_TO.
      """)

  @Argument(help: "The pipeline file.")
  var pipeline: String

  @OptionGroup var dayOptions: DayOptions

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Archives or quoted patterns to read instead of the pipeline's; - is standard input.", valueName: "glob"))
  var archives: [String] = []

  @Option(help: "Publish to this directory instead of the pipeline's.")
  var output: String?

  @Option(help: "Tasks that read and render; the tables do not depend on it. (default: one a processor)")
  var threads: Int?

  @Flag(help: "Do everything but publish.")
  var dryRun = false

  @Flag(help: "Print the run's summary to standard output: lines, calls, credits, verdicts and where the tables are.")
  var summary = false

  @Flag(help: "Print the run's summary to standard output as JSON.")
  var json = false

  @Option(help: "Log to standard error in this format, logfmt or json, instead of plain messages.")
  var log: LogFormat?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a number from 1 to 1024, not \(threads).")
    }
    if summary, json { throw ValidationError("--summary and --json both print the summary; give one of them.") }
  }

  func run() async throws {
    let logger = log.map { format in
      Logger(label: "calltally") { _ in LineLogHandler(format) { printMessage($0) } }
    }
    let file = try PipelineFile.read(pipeline, logger: logger)
    var options = RunOptions()
    options.archives = archives
    options.output = output
    options.threads = threads ?? processors
    options.dryRun = dryRun
    options.days = try days(file, options, logger)
    let (ending, isDry) = (RunEnding(file), dryRun)
    let interruption = RunInterruption()
    options.interruption = interruption
    let run = PipelineRun(file, options: options)
    logger?.info("started", metadata: ["pipeline": "\(file.name)", "threads": "\(options.threads)"])
    let environment = ProcessInfo.processInfo.environment
    let bar = ProgressBar(
      run.progress, archives: run.archivesRead, environment: environment)
    let signals = StopSignals(ending: interruption) { message, status in
      if let logger { logger.error("\(message)", metadata: ["exit_status": "\(status)"]) }
      if logger == nil { printMessage("\(bar == nil ? "" : ProgressBar.clearedLine)calltally: \(message)") }
      if !isDry { ending.stop(exitStatus: status) }
    }
    defer { withExtendedLifetime(signals) {} }
    let drawing = bar.map { bar in Task { await bar.draw() } }
    let result: Result<RunSummary, RunError>
    do throws(RunError) {
      result = .success(try await run.run())
    } catch {
      result = .failure(error)
    }
    // Whoever handles the signal says what there is to say and ends the program.
    while interruption.isStopped { try? await Task.sleep(for: .seconds(1)) }
    drawing?.cancel()
    await drawing?.value
    let status: Int32
    do {
      try report(result, isDrawing: bar != nil, to: logger)
      status = 0
    } catch let code as ExitCode {
      status = code.rawValue
    }
    if !isDry {
      let published = try? result.get()
      for sentence in await ending.follow(published, exitStatus: status, environment: environment) {
        if let logger { logger.error("\(sentence)") } else { printMessage("calltally: \(sentence)") }
      }
    }
    while !interruption.finish() { try? await Task.sleep(for: .seconds(1)) }
    if status != 0 { throw ExitCode(status) }
  }

  /// Says what came of the run, and throws its exit status unless that is 0.
  private func report(_ result: Result<RunSummary, RunError>, isDrawing: Bool, to logger: Logger?) throws {
    switch result {
    case .failure(let error):
      if let logger { logger.error("\(error)", metadata: ["exit_status": "\(ExitStatus(error).rawValue)"]) }
      if logger == nil { printMessage("calltally: \(error)") }
      throw ExitCode(ExitStatus(error).rawValue)
    case .success(let summary):
      if json { try printData(calltally.json(summary)) }
      if self.summary { try printData(summary.text) } else if isDrawing { printMessage(summary.text) }
      if let logger {
        summary.log(to: logger)
      } else if let trouble = summary.trouble {
        printMessage("calltally: \(trouble)")
      }
      if summary.exitStatus != 0 { throw ExitCode(summary.exitStatus) }
    }
  }
}

extension RunCommand {
  private func days(_ file: PipelineFile, _ options: RunOptions, _ logger: Logger?) throws -> RunDays? {
    do throws(DayOptions.Problem) {
      let days = try dayOptions.chosen(for: file, options)
      if days == nil, options.applied(to: file).usesDay {
        throw DayOptions.Problem(
          sentence:
            "the paths of \(file.name) hold ${day}: give --day, such as --day yesterday, or --from and --to")
      }
      if days != nil, options.applied(to: file).input.archives.contains("-") {
        throw DayOptions.Problem(
          sentence: "a run for a day reads its archives twice, and standard input can be read once: name files")
      }
      return days
    } catch {
      let status = ExitStatus.usage.rawValue
      if let logger {
        logger.error("\(error.sentence)", metadata: ["exit_status": "\(status)"])
      } else {
        printMessage("calltally: \(error.sentence)")
      }
      throw ExitCode(status)
    }
  }
}

extension LogFormat: ExpressibleByArgument {}
