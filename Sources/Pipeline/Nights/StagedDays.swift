import Synchronization
import Tally
import TextTables

/// The tables of some days, written and checked in a staging directory, waiting to be published.
final class StagedDays: Sendable {
  private struct State: ~Copyable {
    var staging: StagingDirectory?
    var summary: RunSummary?
  }

  let days: RunDays
  /// Where the files are until they are published.
  let path: String
  /// Where they will be.
  let directory: String
  private let plan: Plan
  private let file: PipelineFile
  private let tables: TableSet
  private let content: DayContent
  private let isDryRun: Bool
  private let state: Mutex<State>

  /// What is to be written.
  struct Plan: Sendable {
    let days: RunDays
    let window: NightWindow
    /// The window's books of what is kept.
    let books: NightBooks
    /// Of the days' content.
    let digest: String
    /// The days where their archives have just been read for the first time, if that is so.
    var own: OwnDay?
  }

  var outputs: [OutputTable] { tables.outputs }

  /// Of tables that are complete.
  var summary: RunSummary {
    guard let summary = state.withLock({ $0.summary }) else { preconditionFailure("the tables are complete") }
    return summary
  }

  /// Writes the large tables of some days.
  init(_ plan: Plan, at place: borrowing OutputPlace, options: RunOptions) async throws(RunError) {
    let (days, window) = (plan.days, plan.window)
    let file = window.file.resolved(label: days.label)
    let known = try plan.own?.preparedBooks()
    var begun = plan.own?.takeStaging(withRows: known != nil)
    let staging: StagingDirectory
    let tables: TableSet
    if let own = plan.own, let set = begun.take() {
      staging = set
      tables = own.tables
    } else {
      staging = try place.makeStaging(endedBy: options.interruption)
      tables = try TableSet(file, in: staging)
    }
    let books: NightBooks
    if let known {
      books = known
    } else {
      let choice = window.choice(of: days, in: plan.books)
      let (reading, taker) = window.secondReading(choice, writingTo: tables)
      try await reading.run(into: taker)
      books = await window.books(of: days, in: plan.books, try taker.close().ledger)
    }
    content = await books.content(of: days)
    try await tables.writeCalls(content.order, books.days.books, threads: options.threads)
    if file.privacy.keeps("context_data") {
      try await tables.writeContext(of: content.order.calls, books.days.books, threads: options.threads)
    }
    self.days = days
    self.plan = plan
    self.file = file
    self.tables = tables
    isDryRun = options.dryRun
    directory = place.directory
    path = staging.path
    state = Mutex(State(staging: consume staging))
  }

  /// Writes the other tables, and checks and describes all. `beside` are sets that will be published before these.
  func complete(
    _ restatements: [Restatement], beside: [StagedDays], at place: borrowing OutputPlace, threads: Int
  ) async throws(RunError) {
    var small = content.small
    small.restatements = restatements
    try await tables.complete(with: &small, file, threads: threads)
    try content.control.check(tables, small)
    let published = PublishedDays(
      layout: DayLayout(of: place.target, label: days.span),
      staged: Dictionary(uniqueKeysWithValues: beside.map { ($0.days.label, $0.path) }))
    let manifest = ManifestDays(days: content.days, content: plan.digest, openItems: content.openItems)
    let summary = RunSummary(
      file, directory: directory, isPublished: !isDryRun, control: content.control, tables: small)
    try state.withLock { state throws(RunError) in
      guard let staging = state.staging.take() else { preconditionFailure("tables are completed once") }
      try tables.describe(
        file, content.control, small, days: manifest, in: staging, of: place.directory, beside: published)
      state.staging = consume staging
      state.summary = summary
    }
  }

  /// Makes the tables visible. To be called once.
  func publish(at place: consuming OutputPlace) throws(RunError) {
    guard let staging = state.withLock({ $0.staging.take() }) else {
      preconditionFailure("tables are published once")
    }
    try place.publish(staging)
  }

  func discard() { state.withLock { $0.staging = nil } }
}
