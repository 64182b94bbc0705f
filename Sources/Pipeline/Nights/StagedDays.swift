import Tally
import TextTables

/// The tables of some days, written and checked in a staging directory, waiting to be published.
final class StagedDays {
  let days: RunDays
  let directory: String
  /// Where the files are until they are published.
  let path: String
  let outputs: [OutputTable]
  let summary: RunSummary
  private var staging: StagingDirectory?

  /// What is to be written.
  struct Plan {
    let days: RunDays
    let window: NightWindow
    /// The window's books of what is kept.
    let books: NightBooks
    /// Of the days' content.
    let digest: String
    let restatements: [Restatement]
    /// Sets that will be published before it.
    let beside: [StagedDays]
  }

  /// Writes and checks the tables of some days.
  init(_ plan: Plan, at place: borrowing OutputPlace, options: RunOptions) async throws(RunError) {
    let (days, window) = (plan.days, plan.window)
    let file = window.file.resolved(label: days.label)
    let staging = try place.makeStaging(endedBy: options.interruption)
    let tables = try TableSet(file, in: staging)
    let (reading, taker) = window.secondReading(of: days, in: plan.books, writingTo: tables)
    try await reading.run(into: taker)
    let ledger = try taker.close().ledger
    let books = await window.books(of: days, in: plan.books, ledger)
    let content = await books.content(of: days)
    try await tables.writeCalls(content.order, books.days.books, threads: options.threads)
    if file.privacy.keeps("context_data") {
      try await tables.writeContext(of: content.order.calls, books.days.books, threads: options.threads)
    }
    var small = content.small
    small.restatements = plan.restatements
    try await tables.complete(with: &small, file, threads: options.threads)
    try content.control.check(tables, small)
    try tables.describe(
      file, content.control, small,
      days: ManifestDays(days: content.days, content: plan.digest, openItems: content.openItems), in: staging,
      of: place.directory,
      beside: PublishedDays(
        layout: DayLayout(of: place.target, label: days.span),
        staged: Dictionary(uniqueKeysWithValues: plan.beside.map { ($0.days.label, $0.path) })))
    self.days = days
    directory = place.directory
    path = staging.path
    outputs = tables.outputs
    summary = RunSummary(
      file, directory: directory, isPublished: !options.dryRun, control: content.control, tables: small)
    self.staging = consume staging
  }

  /// Makes the tables visible. To be called once.
  func publish(at place: consuming OutputPlace) throws(RunError) {
    guard let staging = staging.take() else { preconditionFailure("tables are published once") }
    try place.publish(staging)
  }

  func discard() { staging = nil }
}
