import ArgumentParser
import Pipeline

struct SampleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Write realistic archives to try and measure with: one gzip file an hour of a day.",
    discussion: """
      The same calls, seed and mess give the same lines on every machine. Files are compressed at zlib's level 6; \
      200,000 calls are about 0.6 GB of JSON and 120 MB compressed.
      """)

  @Argument(help: "The directory to write to; it must hold no archive yet.")
  var directory: String

  @Option(help: "The number of calls, of each day where there are several.")
  var calls = 1_000

  @Option(help: "The number of days, each written to DIRECTORY/YYYY-MM-DD. (default: one day, in DIRECTORY itself)")
  var days: Int?

  @Option(help: "The seed of everything that looks random.")
  var seed: UInt64 = 1

  @Flag(help: "Add what a real night has: duplicates, conflicts, late and lost events, wrong claims, damaged files.")
  var mess = false

  @Flag(help: "Print what was written to standard output as JSON.")
  var json = false

  func validate() throws {
    guard SampleArchives.possibleCalls.contains(calls) else {
      let range = SampleArchives.possibleCalls
      throw ValidationError("--calls takes a number from \(range.lowerBound) to \(range.upperBound), not \(calls).")
    }
    if let days, !SampleArchives.possibleDays.contains(days) {
      throw ValidationError("--days takes a number from 1 to \(SampleArchives.possibleDays.upperBound), not \(days).")
    }
  }

  func run() async throws {
    let archives = SampleArchives(
      directory: directory, calls: calls, seed: seed, mess: mess, threads: processors, days: days)
    let summary: SampleSummary
    do throws(SampleError) {
      summary = try await archives.write()
    } catch {
      printMessage("calltally: \(error)")
      throw ExitCode(ExitStatus.cannotCreateOutput.rawValue)
    }
    if json { try printData(calltally.json(summary)) }
  }
}
