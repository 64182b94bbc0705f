import CallModel
import Foundation
import Intake
import Tally

/// Looks an id up in the books of a pipeline's archives. It takes no lock and writes nothing.
///
/// Most ids are calls, and a call is found without its night: a byte search passes over the text of the archives, and only
/// lines that may hold the id are decoded (`TextSearch`). They are entered into books as those of a run are, so every
/// figure comes from the run's own code. What else the id is, those lines tell too. A second search, for the ids of the
/// call's events, finds lines of other calls that have taken one of them. What earlier nights have left says which archives
/// have something of the id, and mostly that no other line has one of these ids (`WindowIndex`): then the one or two
/// archives of the call are searched once.
///
/// The books are then read whole for a campaign, an agent or a day, and for a call of which other lines have a say. Those of
/// a window are read as a night reads them: digests, and the archives of the days that hold what is asked for.
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
    guard Day(id) == nil else { return try await explanationsOfWhole(archives) }
    let places = archives.index?.places(of: id) ?? WindowIndex.Places(archives: archives.all, mayBeCall: true)
    var found: [Explanation] = []
    if places.mayBeCall {
      let books = try await searched(archives.only(places.archives), for: [id])
      let kinds = books.kinds(of: id)
      if kinds == [.call], !books.hangsOnOthers(call: id) {
        let whole = try await searchedForOthers(archives, places.archives, books)
        return await whole.explanations(of: id, kinds)
      }
      if !kinds.isEmpty { return try await explanationsOfWhole(archives) }
    } else if !places.archives.isEmpty {
      found = try await explanationsOfWhole(archives)
    }
    return found.isEmpty && mayBeHashed ? try await explanationsOfHashed(archives) : found
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
    var paths: [String]
    /// Of a run for days: which day each archive belongs to.
    var days: [Int32]?
    /// Of a run for days with a window.
    var night: (run: NightRun, archives: NightArchives, days: RunDays)?
    /// Of a window whose nights may have left something.
    var index: WindowIndex?

    var all: [Int] { Array(paths.indices) }

    func only(_ places: [Int]) -> Archives {
      Archives(paths: places.map { paths[$0] }, days: days.map { days in places.map { days[$0] } })
    }
  }

  private func archives() throws(RunError) -> Archives {
    if let days = options.days {
      var trial = options
      trial.dryRun = true
      let run = NightRun(file, days: days, options: trial, progress: ReadingProgress())
      let archives = try run.archives()
      return Archives(
        paths: archives.paths, days: archives.days, night: file.window.map { _ in (run, archives, days) },
        index: run.cache.map { WindowIndex(archives.paths, days: archives.days, $0) })
    }
    do throws(IntakeError) {
      return Archives(paths: try ArchiveList(patterns: file.input.archives).paths)
    } catch {
      throw .intake(error)
    }
  }

  /// Books of the lines that hold one of some texts.
  private func searched(_ archives: Archives, for texts: [String]) async throws(RunError) -> ExplainedBooks {
    let searches = texts.filter { !$0.isEmpty }.map(TextSearch.init)
    return try await read(archives, choose: { _ in .holding(searches) })
  }

  /// The books of a call that was found in some archives, with the lines of other calls that have the ids of its events.
  private func searchedForOthers(
    _ all: Archives, _ places: [Int], _ books: ExplainedBooks
  ) async throws(RunError) -> ExplainedBooks {
    let events = books.timeline.calls
    var wider: [Int]? = all.all
    if let index = all.index {
      wider = index.places(
        ofEvents: events.map { (archive: places[Int($0.origin.archive)], idHash: $0.idHash) }, beside: places)
    }
    guard let wider else { return books }
    return try await searched(all.only(wider), for: [id] + Set(events.map(\.eventID)).sorted())
  }

  private func explanationsOfWhole(_ archives: Archives) async throws(RunError) -> [Explanation] {
    if let night = archives.night {
      let (window, light) = try await night.run.books(of: night.archives, telling: nil)
      return try await window.explanations(of: id, light, published: night.days)
    }
    let books = try await read(archives, choose: nil)
    return await books.explanations(of: id, books.kinds(of: id))
  }

  /// What goes by the id that a hash was made of. It is looked for day by day, the last one first, so that no more than
  /// one day is in memory.
  private func explanationsOfHashed(_ all: Archives) async throws(RunError) -> [Explanation] {
    let days = all.days ?? all.paths.map { _ in 0 }
    for day in Set(days).sorted(by: >) {
      let books = try await read(all.only(all.all.filter { days[$0] == day }), choose: nil)
      if let clear = books.clearID(of: id) { return try await ExplainRun(file, id: clear, options: options).run() }
    }
    return []
  }

  private func read(
    _ archives: Archives, choose: ((Int) -> LineChoice)?
  ) async throws(RunError) -> ExplainedBooks {
    let taker = TimelineTaker(
      SharedCommitter(Committer(paths: archives.paths, details: DetailOutputs(), rejects: nil)), id: id)
    let reading = ArchiveReading(
      archives.paths, file, details: DetailOutputs(), threads: options.threads, progress: ReadingProgress(),
      choose: choose)
    try await reading.run(into: taker)
    let (ledger, _, _, end) = taker.committer.close()
    let joined = JoinedBooks(
      ledger: ledger, archiveNames: archives.paths, billing: file.billing, clock: BusinessClock(file))
    var days: DayBooks?
    if let archiveDays = archives.days {
      days = await DayBooks(
        joined, archiveDays: archiveDays, whole: options.days, threads: options.threads)
    }
    let endOfDays = options.days.map { DayHours(EventTimes(), file).end(of: $0.last) }
    return ExplainedBooks(
      file: file, books: joined, days: days, published: options.days, timeline: taker.timeline,
      judgement: CallJudgement(tolerance: file.tolerance, asOf: endOfDays ?? end), threads: options.threads)
  }

  /// Whether the id can be what privacy made of another one.
  private var mayBeHashed: Bool {
    id.utf8.count == 64 && id.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
      && ExplainedBooks.identifiers.contains { file.privacy.rule(for: $0.column) == .hash }
  }
}
