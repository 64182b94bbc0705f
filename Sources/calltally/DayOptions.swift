import ArgumentParser
import Foundation
import Pipeline

/// `--day`, `--from` and `--to`.
struct DayOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The day: yesterday, today, YYYY-MM-DD, or -N for N days ago, in the business time zone.", valueName: "day"))
  var day: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The first day of a range of days that are told as one.", valueName: "day"))
  var from: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("The last day of the range.", valueName: "day"))
  var to: String?

  /// Why the days given cannot be had.
  struct Problem: Error { let sentence: String }

  func validate() throws {
    if day != nil, from != nil || to != nil {
      throw ValidationError("--day names one day, and --from with --to a range; give one of them.")
    }
    if (from == nil) != (to == nil) { throw ValidationError("--from and --to name a range together; give both.") }
    for text in [day, from, to].compactMap(\.self) where DayChoice(text) == nil {
      throw ValidationError("\"\(text)\" is no day; write yesterday, today, YYYY-MM-DD, or -N for N days ago.")
    }
  }

  /// The days that the command line asks for; nil where it names none. The clock is read here and nowhere else.
  func chosen(for file: PipelineFile, _ options: RunOptions) throws(Problem) -> RunDays? {
    let today = file.businessDay(at: Date())
    let chosen = [day, from, to].map { $0.flatMap(DayChoice.init)?.day(today: today) }
    switch (chosen[0], chosen[1], chosen[2]) {
    case (nil, nil, nil): return nil
    case _ where !file.usesDay && !options.applied(to: file).usesDay:
      throw Problem(
        sentence:
          "no path of \(file.name) holds ${day}, so a day chooses nothing: leave it out, or add ${day} to the paths")
    case (let day?, _, _): return .day(day)
    case (_, let first?, let last?) where first <= last: return .range(first: first, last: last)
    default: throw Problem(sentence: "--from is after --to: name the first day and then the last")
    }
  }
}
