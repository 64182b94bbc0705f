import CallModel
import Foundation
import Intake
import Tally

/// Looks an id up in the books of a pipeline's archives. It takes no lock and writes nothing.
///
/// Most ids are calls, and a call is found without its night: a byte search passes over the text of the archives, and only
/// lines that may hold the id are decoded (`TextSearch`). They are entered into books as those of a run are, so every
/// figure comes from the run's own code. What else the id is, those lines tell too. The books are then read whole for a
/// campaign, an agent or a day, and for a call of which other lines have a say.
package struct ExplainRun: Sendable {
  private let file: PipelineFile
  private let id: String
  private let options: RunOptions

  /// Of `options` the archives, days and threads are used.
  package init(_ file: PipelineFile, id: String, options: RunOptions) {
    self.file = options.applied(to: file)
    self.id = id
    self.options = options
  }

  /// Each thing that goes by the id, in the order of `Explanation.Kind`; none where nothing does.
  package func run() async throws(RunError) -> [Explanation] {
    guard !id.isEmpty else { return [] }
    let archives = try self.archives()
    if Day(id) == nil {
      let books = try await read(archives, choose: { _ in .holding(TextSearch(id)) })
      let kinds = books.kinds(of: id)
      if kinds == [.call], !books.hangsOnOthers(call: id) { return await books.explanations(of: id, kinds) }
      if kinds.isEmpty, !mayBeHashed { return [] }
    }
    let books = try await read(archives, choose: nil)
    let kinds = books.kinds(of: id)
    if kinds.isEmpty, mayBeHashed, let clear = books.clearID(of: id) {
      return try await ExplainRun(file, id: clear, options: options).run()
    }
    return await books.explanations(of: id, kinds)
  }

  /// One sentence, for when `run` finds nothing.
  package var nothingFound: String {
    "no call, campaign, agent or day in the archives of \(file.name) goes by \(id.visible)"
  }

  /// The days to look into where nobody names any: of a pipeline whose paths hold `${day}` the id itself where it is a day,
  /// else the day that was published last. Nil where there is none.
  package static func impliedDays(of file: PipelineFile, _ options: RunOptions, id: String) -> RunDays? {
    let file = options.applied(to: file)
    guard file.usesDay else { return nil }
    return (Day(id) ?? lastPublishedDay(file)).map { .day($0) }
  }

  private static func lastPublishedDay(_ file: PipelineFile) -> Day? {
    let parts = file.output.directory.split(separator: PipelineFile.dayVariable, omittingEmptySubsequences: false)
    guard parts.count > 1, let prefix = parts.first else { return nil }
    let above = prefix.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: above.isEmpty ? (prefix.hasPrefix("/") ? "/" : ".") : above)
    let head = prefix.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
    let days = (names ?? []).compactMap { name in
      name.hasPrefix(head) ? Day(String(name.dropFirst(head.count).prefix(10))) : nil
    }
    return days.sorted(by: >).first { day in
      ((try? PublishedDay(file.resolved(day: day).output.directory)) ?? nil) != nil
    }
  }

  // MARK: Reading

  private struct Archives {
    let paths: [String]
    /// Of a run for days: which day each archive belongs to.
    let days: [Int32]?
  }

  private func archives() throws(RunError) -> Archives {
    if let days = options.days {
      let archives = try NightRun(file, days: days, options: options, progress: ReadingProgress()).archives()
      return Archives(paths: archives.paths, days: archives.days)
    }
    do throws(IntakeError) {
      return Archives(paths: try ArchiveList(patterns: file.input.archives).paths, days: nil)
    } catch {
      throw .intake(error)
    }
  }

  private func read(
    _ archives: Archives, choose: ((Int) -> LineChoice)?
  ) async throws(RunError) -> ExplainedBooks {
    let taker = TimelineTaker(
      SharedCommitter(Committer(paths: archives.paths, details: DetailOutputs(), rejects: nil)), id: id,
      archives: archives.paths.count)
    let reading = ArchiveReading(
      archives.paths, file, details: DetailOutputs(), threads: options.threads, progress: ReadingProgress(),
      choose: choose)
    try await reading.run(into: taker)
    let (ledger, _, _, latest) = taker.committer.close()
    let joined = JoinedBooks(
      ledger: ledger, archiveNames: archives.paths, billing: file.billing, clock: BusinessClock(file))
    var days: DayBooks?
    if let archiveDays = archives.days {
      days = await DayBooks(
        joined, archiveDays: archiveDays, whole: options.days, threads: options.threads)
    }
    let end = options.days.map { DayHours(EventTimes(), file).end(of: $0.last) }
    return ExplainedBooks(
      file: file, books: joined, days: days, published: options.days, timeline: taker.timeline,
      judgement: CallJudgement(tolerance: file.tolerance, asOf: end ?? latest), threads: options.threads)
  }

  /// Whether the id can be what privacy made of another one.
  private var mayBeHashed: Bool {
    id.utf8.count == 64 && id.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
      && ExplainedBooks.identifiers.contains { file.privacy.rule(for: $0.column) == .hash }
  }
}
