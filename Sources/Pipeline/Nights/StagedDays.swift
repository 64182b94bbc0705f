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

  /// Writes and checks the tables; `digest` is the content's, and `staged` are sets that will be published before it.
  init(
    _ content: DayContent, _ digest: String, _ books: NightBooks, restatements: [Restatement],
    beside staged: [StagedDays], at place: borrowing OutputPlace, options: RunOptions
  ) async throws(RunError) {
    let file = books.file.resolved(label: content.days.label)
    let staging = try place.makeStaging(endedBy: options.interruption)
    let tables = try TableSet(file, in: staging)
    let details = DetailOutputs(tables, file.privacy)
    let sources = books.detailSources(of: content)
    if !sources.isEmpty {
      let reading = ArchiveReading(
        sources.map(\.totals.path), file, details: details, threads: options.threads, progress: ReadingProgress())
      try await reading.run(into: DetailTaker(sources, details, tables.rejects))
    }
    try await tables.writeCalls(content.order, books.days.books, threads: options.threads)
    if file.privacy.keeps("context_data") {
      try await tables.writeContext(of: content.order.calls, books.days.books, threads: options.threads)
    }
    var small = content.small
    small.restatements = restatements
    try await tables.writeDisputes(small, file, threads: options.threads)
    try tables.complete(with: &small)
    try content.control.check(tables, small)
    try tables.describe(
      file, content.control, small,
      days: ManifestDays(days: content.days, content: digest, openItems: content.openItems), in: staging,
      of: place.directory,
      beside: PublishedDays(
        parent: place.target.parent,
        staged: Dictionary(uniqueKeysWithValues: staged.map { ($0.days.label, $0.path) })))
    days = content.days
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
