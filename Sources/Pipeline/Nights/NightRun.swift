import CallModel
import Foundation
import Intake
import Tally
import TextTables

/// A run for a day, or for a range of days as one set of tables, out of the archives of a window.
///
///     archives of the window → digests of their days → books of what is open or odd, sums of all else
///       → days published before whose content changed: read again, write, compare → the run's own day: read, write
///       → publish, oldest first
///
/// The window of a day begins `lookback` days before it, and days that are told anew have a window of their own. So
/// reading begins `lookback` days before the first of them; two days more make sure that open items can be told for
/// the day before, and that a call of a window's first day is whole where archives are cut by another clock. A range
/// is read up to `restate` days behind its end, so that a close says what its days say by then.
///
/// A day's archives are read once for its digest (`DayDigest`), which is kept in a cache for the nights to come, and the
/// run's own day in the same reading for its tables (`OwnDay`). Those of the other days that are written are read once more,
/// for their calls with all that belongs to them (`NightWindow`).
struct NightRun {
  private let file: PipelineFile
  private let days: RunDays
  private let options: RunOptions
  private let progress: ReadingProgress

  init(_ file: PipelineFile, days: RunDays, options: RunOptions, progress: ReadingProgress) {
    self.file = file
    self.days = days
    self.options = options
    self.progress = progress
  }

  func run() async throws(RunError) -> RunSummary {
    let archives = try archives()
    let place = try OutputPlace(file.resolved(label: days.label), dryRun: options.dryRun, root: outputRoot)
    if !options.dryRun { try place.recover(like: file.output.directory) }
    let own = try ownDay(file.resolved(label: days.label), at: place)
    let (window, books) = try await books(
      of: archives, own: own, telling: .range(first: days.first.advanced(by: -Int32(restatedDays)), last: days.last))

    // Write: the days before that changed, then the run's own with what changed in them.
    async let preparation: Void? = own?.prepare(in: window, books)
    if options.threads == 1 { await preparation }
    var staged: [StagedDays] = []
    let restatable = try daysToRestate().filter { !books.archives.own(of: .day($0)).isEmpty }
    let digests = await digests(of: restatable.map { .day($0) } + [days], books)
    for (day, digest) in zip(restatable, digests) {
      let further = try OutputPlace(file.resolved(day: day), below: place)
      let plan = StagedDays.Plan(days: .day(day), window: window, books: books, digest: digest)
      if let day = try await restated(plan, day, beside: staged, at: further) { staged.append(day) }
    }
    async let changes = changes(in: staged)
    await preparation
    let last = try await StagedDays(
      StagedDays.Plan(days: days, window: window, books: books, digest: digests[restatable.count], own: own),
      at: place, options: options)
    let journal = SideFile(of: place.target, suffix: "restatements", permissions: place.permissions)
    let restatements = try merge(try (await changes).get(), journal, isAnyStaged: !staged.isEmpty)
    try await last.complete(restatements, beside: staged, at: place, threads: options.threads)

    // Publish.
    var summary = last.summary
    if options.dryRun {
      last.discard()
      return summary
    }
    summary.restatedDays = staged.map(\.days.label)
    for day in staged + [last] {
      try day.publish(at: try OutputPlace(file.resolved(label: day.days.label), below: place))
    }
    try place.remove(journal)
    cache?.removeAll(before: firstRead)
    return summary
  }

  // MARK: Reading

  /// The window of archives, and the books of what is kept of it. `told` are the days whose calls may be asked for, nil for
  /// all; `own` is the run's own day, whose rows are written while it is read.
  func books(
    of archives: NightArchives, own: OwnDay? = nil, telling told: RunDays?
  ) async throws(RunError) -> (window: NightWindow, books: NightBooks) {
    let window = try await NightWindow(
      archives, DayReading(file: file, threads: options.threads, progress: progress), cache: cache,
      telling: told, own: own)
    return (window, try await window.books(cuts: cuts, lookback: Int32(self.window.lookback)))
  }

  /// Tables of the run's own day, to be written while its archives are read for the first time.
  private func ownDay(_ file: PipelineFile, at place: borrowing OutputPlace) throws(RunError) -> OwnDay? {
    guard case .day(let day) = days else { return nil }
    return try OwnDay(day, file, try place.makeStaging(endedBy: options.interruption))
  }

  private var window: PipelineFile.Window { file.window ?? PipelineFile.Window(lookback: 0) }

  private var restatedDays: Int {
    guard case .day = days, !options.dryRun, file.output.directory.contains(PipelineFile.dayVariable) else { return 0 }
    return window.restate
  }

  private var firstRead: Day {
    guard file.window != nil else { return days.first }
    return days.first.advanced(by: -Int32(window.lookback + window.restate + 2))
  }

  private var lastRead: Day {
    if case .day(let day) = days { return day }
    return days.last.advanced(by: Int32(window.restate))
  }

  /// The archives of the window.
  func archives() throws(RunError) -> NightArchives {
    try NightArchives(file.input.archives, from: firstRead, to: lastRead, publishing: days)
  }

  /// What is known of archives that were read before; nil where the run has no window or its output no root of its own.
  /// A night's own run leaves digests for the next one; a trial and a range do not.
  var cache: DigestCache? {
    guard file.window != nil, let root = outputRoot else { return nil }
    guard case .day = days else { return DigestCache(below: root, file, isWritten: false) }
    return DigestCache(below: root, file, isWritten: !options.dryRun)
  }

  /// The days at whose ends open items are counted: that before the first that is told, and all from there.
  private var cuts: [OpenItemsBook.Cut] {
    let lookback = file.window.map { Int32($0.lookback) }
    return (days.first.number - Int32(restatedDays) - 1...days.last.number).map { day in
      OpenItemsBook.Cut(day: day, first: lookback.map { day - $0 } ?? Int32.min)
    }
  }

  // MARK: Restating

  /// The days to be compared with what was published, oldest first. Where a later day has been published, only those that
  /// its run does not reach: the others it has told from more archives than this one reads.
  private func daysToRestate() throws(RunError) -> [Day] {
    let reach = Int32(restatedDays)
    var next: Int32 = 1
    while next <= reach, try !isPublished(days.first.advanced(by: next)) { next += 1 }
    var found: [Day] = []
    for distance in -reach..<min(next - reach, 0) {
      let day = days.first.advanced(by: distance)
      if try isPublished(day) { found.append(day) }
    }
    return found
  }

  private func isPublished(_ day: Day) throws(RunError) -> Bool {
    try published(file.resolved(day: day).output.directory) != nil
  }

  private func published(_ directory: String) throws(RunError) -> PublishedDay? {
    try output { () throws(TextTablesError) in try PublishedDay(directory) }
  }

  /// What the tables of some sets of days are made of, told one set a core.
  private func digests(of sets: [RunDays], _ books: NightBooks) async -> [String] {
    await inParallel(sets.count, threads: options.threads) { await books.digest(of: sets[$0]) }
  }

  /// A day written anew; nil where its tables are as they were.
  private func restated(
    _ plan: StagedDays.Plan, _ day: Day, beside staged: [StagedDays], at place: borrowing OutputPlace
  ) async throws(RunError) -> StagedDays? {
    let directory = place.directory
    if try published(directory)?.content == plan.digest { return nil }
    let kept = try output { () throws(TextTablesError) in
      try Restatement.published(in: directory, file.resolved(day: day))
    }
    let days = try await StagedDays(plan, at: place, options: options)
    try await days.complete(kept, beside: staged, at: place, threads: options.threads)
    return days
  }

  /// What changed in days that were written anew, told beside other work.
  private func changes(in staged: [StagedDays]) async -> Result<[Restatement], RunError> {
    do throws(RunError) {
      var changes: [Restatement] = []
      for day in staged {
        changes += try output { () throws(TextTablesError) in
          try Restatement.all(of: day.days.first, old: day.directory, new: day.path, day.outputs)
        }
      }
      return .success(changes)
    } catch {
      return .failure(error)
    }
  }

  /// What the run's own tables say of days before: what changes now, and what earlier runs for the same day changed. It
  /// is kept beside the output before anything is published, since a run that is killed half-way has changed days that
  /// the next one finds as they should be.
  private func merge(
    _ changes: [Restatement], _ journal: SideFile, isAnyStaged: Bool
  ) throws(RunError) -> [Restatement] {
    guard restatedDays > 0 else { return [] }
    let own = file.resolved(label: days.label)
    return try output { () throws(TextTablesError) in
      let published = try Restatement.published(in: own.output.directory, own)
      let left = try journal.contents().map(Restatement.read) ?? []
      let merged = Restatement.merged([published, left, changes])
      if isAnyStaged { try journal.write(Restatement.written(merged)) }
      return merged
    }
  }

  // MARK: Places

  /// The directory above the first component of the output's path that holds `${day}`: the lock of all days is there.
  private var outputRoot: String? {
    let components = file.output.directory.split(separator: "/", omittingEmptySubsequences: false)
    guard let place = components.firstIndex(where: { $0.contains(PipelineFile.dayVariable) }) else { return nil }
    let above = components[..<place].joined(separator: "/")
    return above.isEmpty ? (file.output.directory.hasPrefix("/") ? "/" : ".") : above
  }

  private func output<Value>(_ body: () throws(TextTablesError) -> Value) throws(RunError) -> Value {
    do throws(TextTablesError) {
      return try body()
    } catch {
      throw .output(error)
    }
  }
}
