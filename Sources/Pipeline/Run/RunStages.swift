import CallModel
package import Intake
import Tally
import TextTables

/// The stages of a run, each to be called by itself and on one thread: for measuring what each of them costs.
///
/// A chunk goes through `decode`, `renderDetails`, `enter` and `writeDetails` before the next one is decoded; behind the
/// last one come `settle`, `renderCalls` and `writeCalls` in turns, and `finish`. The tables are those of `PipelineRun`,
/// without findings.
package struct RunStages: ~Copyable {
  private let file: PipelineFile
  private let archives: [String]
  private let staging: StagingDirectory
  private let tables: TableSet
  private var committer: Committer
  private var decoder: EventDecoder
  private var encoders: DetailEncoders
  private var callRows: [CallRows]
  private var decoded = DecodedChunk(archive: 0, sequence: 0, batch: EventBatch())
  private var entry: Committer.Entry?
  private var settled: (books: JoinedBooks, totals: CallTotals, order: CallOrder)?
  private var rendered: [RenderedRows] = []

  /// Opens the tables; `archives` are the paths that chunks will come from, in order.
  package init(_ file: PipelineFile, archives: [String]) throws(RunError) {
    let staging = try OutputPlace(file, dryRun: false).makeStaging(endedBy: nil)
    let tables = try TableSet(file, in: staging)
    self.file = file
    self.archives = archives
    self.staging = staging
    self.tables = tables
    let details = DetailOutputs(tables, file.privacy)
    committer = Committer(paths: archives, details: details, rejects: tables.rejects)
    decoder = EventDecoder(limits: file.limits, zone: ZoneRules(named: file.input.timezone))
    encoders = DetailEncoders(details)
    callRows = tables.outputs(of: .calls).map { CallRows($0.encoder, archives: archives) }
  }

  /// Lines of the chunk that was decoded last.
  package var decodedLines: Int { decoded.batch.lines }

  package mutating func decode(_ chunk: borrowing Chunk, archive: Int) {
    decoded.archive = archive
    decoded.batch.removeAll()
    decoder.decode(chunk, into: &decoded.batch)
  }

  package mutating func renderDetails(_ chunk: borrowing Chunk) {
    decoded.transcripts = []
    decoded.insights = []
    encoders.render(chunk, &decoded)
  }

  /// Deduplicates and joins.
  package mutating func enter() { entry = committer.enter(decoded) }

  package mutating func writeDetails() throws(RunError) {
    if let entry { try committer.write(decoded, entry) }
  }

  /// Settles all calls and brings them into the order of their table.
  package mutating func settle() {
    committer.closeLedger()
    let books = JoinedBooks(
      ledger: committer.ledger, archiveNames: archives, billing: file.billing, clock: BusinessClock(file))
    let (totals, order) = books.settle(CallJudgement(tolerance: file.tolerance, asOf: committer.end))
    settled = (books, totals, order)
  }

  /// The slices in which calls are rendered and written.
  package var slices: [Range<Int>] {
    let count = settled?.order.calls.count ?? 0
    let size = TableSet.callsAtOnce
    return stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
  }

  package mutating func renderCalls(_ slice: Range<Int>) {
    guard let settled else { return }
    rendered = TableSet.renderCalls(slice, of: settled.order, settled.books, into: &callRows)
  }

  package func writeCalls() throws(RunError) { try tables.append(rendered, to: tables.outputs(of: .calls)) }

  /// Reconciles, writes the small tables and closes all of them.
  package func finish() throws(RunError) {
    guard let settled else { return }
    let campaigns = CampaignRecord.all(
      settled.books.ledger, settled.totals.campaignDays, rule: settled.books.rule, clock: settled.books.clock)
    let reconciliation = Reconciliation(campaigns, file)
    var small = SmallTables(
      books: settled.books, campaigns: campaigns, totals: settled.totals, reconciliation: reconciliation,
      archives: committer.archives, drift: DriftTotals(committer.drift), privacy: file.privacy)
    try tables.complete(with: &small)
  }

  /// Makes the tables visible.
  package consuming func publish() throws(RunError) {
    do throws(TextTablesError) {
      try staging.publish()
    } catch {
      throw .output(error)
    }
  }
}
