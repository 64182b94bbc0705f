import ArgumentParser
import Foundation
import Pipeline

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a call, campaign, agent or day of a pipeline, or the codes of findings.",
    discussion: """
      With ID and PIPELINE it tells the events of the call or campaign with archive and line, every figure with its \
      inputs, and its findings with what to do; of an agent or a day sums and the calls to look at. What ID is, the \
      archives tell. Nothing is locked or written, and privacy holds; where it hashes ids, a hashed one is found too.

      A call is found by a search for the bytes of its id, and by a second one for the ids of its events; only lines that \
      may hold them are decoded. So another call that claims a recording named after this one is not noticed. A call whose \
      recording is named otherwise, one that awaits an event in a run without days, campaigns, agents and days are told \
      from whole books.

      A pipeline whose paths hold ${day} is read as a run for --day, or for --from and --to, reads it; without them for \
      ID where it is a day, else for the day that was published last. Days of its window are left out whose digests, kept \
      by earlier nights, have nothing of ID. Exit status 66 when nothing goes by ID.

      With --codes lines are as long as COLUMNS says, from 40 to 200, else 80.
      """)

  @Argument(help: "A conversation_id, campaign_id or agent_id, or a day as YYYY-MM-DD.")
  var id: String?

  @Argument(help: "The pipeline file.")
  var pipeline: String?

  @OptionGroup var days: DayOptions

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Archives or quoted patterns to read instead of the pipeline's.", valueName: "glob"))
  var archives: [String] = []

  @Flag(help: "Print every code with its severity, its meaning, an example and what to do.")
  var codes = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if codes, id != nil { throw ValidationError("--codes explains all codes; give no ID with it.") }
    if !codes, id == nil || pipeline == nil {
      throw ValidationError("Say what is to be explained: ID PIPELINE, or --codes.")
    }
  }

  func run() async throws {
    if let id, let pipeline { return try await explain(id, try PipelineFile.read(pipeline)) }
    let page = FindingCodesPage()
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 80
    try printData(json ? calltally.json(page.entries) : page.text(width: min(max(columns, 40), 200)))
  }

  private func explain(_ id: String, _ file: PipelineFile) async throws {
    var options = RunOptions()
    options.archives = archives
    options.threads = processors
    do {
      options.days = try days.chosen(for: file, options) ?? ExplainRun.impliedDays(of: file, options, id: id)
      if options.days == nil, options.applied(to: file).usesDay {
        throw DayOptions.Problem(
          sentence: "the paths of \(file.name) hold ${day}, and no day has been published yet: give --day")
      }
      if options.applied(to: file).input.archives.contains("-") {
        throw DayOptions.Problem(
          sentence: "archives may have to be read twice, and standard input can be read once: name files")
      }
      let run = ExplainRun(file, id: id, options: options)
      let explanations = try await run.run()
      if explanations.isEmpty { throw failure(run.nothingFound, .noInput) }
      try printData(json ? calltally.json(explanations) : explanations.map(\.text).joined(separator: "\n\n"))
    } catch let problem as DayOptions.Problem {
      throw failure(problem.sentence, .usage)
    } catch let error as RunError {
      throw failure("\(error)", ExitStatus(error))
    }
  }

  private func failure(_ sentence: String, _ status: ExitStatus) -> ExitCode {
    printMessage("calltally: \(sentence)")
    return ExitCode(status.rawValue)
  }
}
