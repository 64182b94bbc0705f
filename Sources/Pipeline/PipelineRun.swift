import CallModel
import Intake
import Tally
import TextTables

/// One run of a pipeline, from archives to published tables: the page to read first.
///
///     archives → read → deduplicate → join → settle → reconcile → write → check → publish
///
/// Reading is parallel and streaming (`ArchiveReading`); deduplication and joining happen as chunks are committed in
/// archive order (`Committer`, `EventLedger`); settling and reconciling are pure functions over the joined books
/// (`JoinedBooks`, `Reconciliation`). Nothing is visible until the control totals balance and one rename publishes all.
/// A run for a day, or for a range of days, tells the same story over the archives of a window: `NightRun`.
package struct PipelineRun: Sendable {
  package let file: PipelineFile
  package var options = RunOptions()
  package let progress = ReadingProgress()

  package init(_ file: PipelineFile, options: RunOptions = RunOptions()) {
    self.file = file
    self.options = options
  }

  package func run() async throws(RunError) -> RunSummary {
    let file = options.applied(to: file)
    if let days = options.days {
      return try await NightRun(file, days: days, options: options, progress: progress).run()
    }
    let archives = try listArchives(file.input.archives)
    let place = try OutputPlace(file, dryRun: options.dryRun)
    let staging = try place.makeStaging(endedBy: options.interruption)
    let tables = try TableSet(file, in: staging)

    // Read, deduplicate and join.
    let committer = SharedCommitter(
      Committer(
        paths: archives.paths, details: DetailOutputs(tables, file.privacy), rejects: tables.rejects,
        countingTimes: file.output.tables.contains { $0.table == .hours }))
    try await reading(archives, file, tables).run(into: committer)
    let (ledger, archiveTotals, drift, end) = committer.close()
    returnFreedMemory()

    // Settle and reconcile.
    let books = JoinedBooks(
      ledger: ledger, archiveNames: archives.paths, billing: file.billing, clock: BusinessClock(file))
    let (totals, order) = await books.settle(
      CallJudgement(tolerance: file.tolerance, asOf: end), threads: options.threads)
    returnFreedMemory()
    let campaigns = CampaignRecord.all(ledger, totals.campaignDays, rule: books.rule, clock: books.clock)
    let reconciliation = Reconciliation(campaigns, file)

    // Write: the large tables first.
    try await tables.writeCalls(order, books, threads: options.threads)
    if file.privacy.keeps("context_data") {
      try await tables.writeContext(of: order.calls, books, threads: options.threads)
    }
    var small = SmallTables(
      books: books, campaigns: campaigns, totals: totals, reconciliation: reconciliation, archives: archiveTotals,
      drift: DriftTotals(drift), privacy: file.privacy)
    small.hours = ledger.times.map { DayHours($0, file).ofLastDay } ?? []
    small.findings =
      archiveTotals.compactMap(\.finding) + ledger.findings + totals.findings + reconciliation.findings
    small.findDisputes(for: file)
    try await tables.complete(with: &small, file, threads: options.threads)

    // Check, describe and publish.
    let control = ControlTotals(archiveTotals)
    try control.check(ledger, callsInTotals: totals.all.calls)
    try control.check(tables, small)
    let summary = RunSummary(
      file, directory: place.directory, isPublished: !options.dryRun, control: control, tables: small)
    try tables.describe(
      file, control, small, in: staging, of: place.directory,
      beside: PublishedDays(layout: DayLayout(of: place.target, label: nil)))
    if options.dryRun { staging.discard() } else { try place.publish(staging) }
    return summary
  }

  /// The patterns of the archives that the run reads, or of a window those of its own days.
  package var archivesRead: [String] {
    let patterns = options.applied(to: file).input.archives
    guard let days = options.days else { return patterns }
    return (days.first.number...days.last.number).flatMap { number in
      patterns.map { $0.replacing(PipelineFile.dayVariable, with: Day(number: number).description) }
    }
  }

  private func listArchives(_ patterns: [String]) throws(RunError) -> ArchiveList {
    do throws(IntakeError) {
      return try ArchiveList(patterns: patterns)
    } catch {
      throw .intake(error)
    }
  }

  private func reading(_ archives: ArchiveList, _ file: PipelineFile, _ tables: TableSet) -> ArchiveReading {
    ArchiveReading(
      archives.paths, file, details: DetailOutputs(tables, file.privacy), threads: options.threads, progress: progress)
  }
}

/// What a command line may change about a run.
package struct RunOptions: Sendable {
  /// Patterns instead of `input.archives`; empty for those of the pipeline file.
  package var archives: [String] = []
  /// The days to publish; nil for a run whose paths hold no `${day}`.
  package var days: RunDays?
  /// The directory instead of `output.directory`.
  package var output: String?
  /// Tasks that read and render, at least 1. The output does not depend on it.
  package var threads = 1
  /// Whether to do everything but write and publish.
  package var dryRun = false
  /// What can stop the run from outside.
  package var interruption: RunInterruption?

  package init() {}

  /// The pipeline file as the run reads it.
  package func applied(to file: PipelineFile) -> PipelineFile {
    var file = file
    if !archives.isEmpty { file.input.archives = archives }
    if let output { file.output.directory = output }
    if dryRun {
      file.output.tables = []
      file.output.report = nil
    } else if let days {
      file.output.addTables(of: days)
    } else {
      file.output.tables.removeAll { $0.table.isOfDays }
    }
    return file
  }
}
