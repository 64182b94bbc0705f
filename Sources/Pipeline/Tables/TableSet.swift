import CallModel
import Intake
import Synchronization
import Tally
import TextTables

/// All outputs of a run, open in the staging directory until the books are written.
struct TableSet {
  let outputs: [OutputTable]
  let rejects: RejectTables
  /// Nil where nobody asks for disputes.
  let disputes: LinesFile?
  /// Lines held for them.
  let recentLines: RecentLines?

  init(_ file: PipelineFile, in staging: borrowing StagingDirectory) throws(RunError) {
    do throws(TextTablesError) {
      var outputs: [OutputTable] = []
      for output in file.output.tables { outputs.append(try OutputTable(output, file, in: staging)) }
      self.outputs = outputs
      rejects = try RejectTables(
        outputs.filter { $0.table == .rejects }, keepsRaw: file.privacy.keepsRaw, checksums: file.output.checksums,
        in: staging)
      // The fastest level: there may be as much of it as of the archives.
      disputes =
        file.output.hasDisputes
        ? try LinesFile("disputes.jsonl.gz", level: 1, checksums: file.output.checksums, in: staging) : nil
      recentLines = disputes.map { _ in RecentLines(file.billing, file.tolerance) }
    } catch {
      throw .output(error)
    }
  }

  func outputs(of table: TableName) -> [OutputTable] { outputs.filter { $0.table == table } }

  /// Writes the calls, in slices that are rendered on all cores and appended in order.
  func writeCalls(_ order: CallOrder, _ books: JoinedBooks, threads: Int) async throws(RunError) {
    let outputs = outputs(of: .calls)
    guard !outputs.isEmpty else { return }
    let archives = books.archiveNames
    try await inOrder(slicesOf: order.calls.count, threads: threads) {
      outputs.map { CallRows($0.encoder, archives: archives) }
    } make: { rows, slice in
      TableSet.renderCalls(slice, of: order, books, into: &rows)
    } consume: { rows throws(RunError) in
      try append(rows, to: outputs)
    }
  }

  /// Calls that are rendered and written together: few enough for their text to stay in a core's cache.
  static let callsAtOnce = 512

  /// The rows of a slice of the calls, one piece for each output.
  static func renderCalls(
    _ slice: Range<Int>, of order: CallOrder, _ books: JoinedBooks, into rows: inout [CallRows]
  ) -> [RenderedRows] {
    let book = books.ledger.calls
    let rule = books.rule
    for start in stride(from: slice.lowerBound, to: slice.upperBound, by: 64) {
      let batch = start..<min(start + 64, slice.upperBound)
      _ = book.warm(order.calls.span.extracting(batch), texts: true)
      for place in batch {
        let call = Call(Int(order.calls[place]), in: book, rule: rule)
        for index in rows.indices { rows[index].append(call, book, in: books) }
      }
    }
    return rows.indices.map { rows[$0].take() }
  }

  /// Writes the context table, in the archive order of the events that its rows come from.
  func writeContext(of calls: [UInt32], _ books: JoinedBooks, threads: Int) async throws(RunError) {
    let outputs = outputs(of: .context)
    guard !outputs.isEmpty else { return }
    let encoders = outputs.map(\.encoder)
    let owners = books.ledger.calls.owners(of: .contact(.contextData), among: calls, rule: books.rule)
    try await inOrder(slicesOf: owners.count, threads: threads) {
      (encoders, JSONScratch())
    } make: { workspace, slice in
      let book = books.ledger.calls
      let rule = books.rule
      for place in slice {
        let call = Call(Int(owners[place]), in: book, rule: rule)
        for index in workspace.0.indices {
          workspace.0[index].append(contextOf: call, in: book, scratch: &workspace.1)
        }
      }
      return workspace.0.indices.map { workspace.0[$0].take() }
    } consume: { rows throws(RunError) in
      try append(rows, to: outputs)
    }
  }

  /// Writes every table that is made of values, in the order of their names.
  private func write(_ tables: SmallTables, only names: [TableName]) throws(RunError) {
    for name in names {
      let outputs = outputs(of: name)
      guard !outputs.isEmpty, let rows = tables.rows(of: name) else { continue }
      for output in outputs {
        var encoder = output.encoder
        for row in rows { encoder.append(row) }
        try append([encoder.take()], to: [output])
      }
    }
  }

  /// Writes the raw events of disputes and every table that is made of values, and closes all outputs.
  ///
  /// Raw events are read on the cores that nothing else uses while one task closes the tables, which takes long where
  /// rows of a large one are to be taken out again.
  func complete(with small: inout SmallTables, _ file: PipelineFile, threads: Int) async throws(RunError) {
    guard disputes != nil, !small.disputes.isEmpty else { return try complete(with: &small) }
    let evidence = DisputeEvidence(small)
    async let failure = failure(writing: evidence, file, threads: threads)
    if threads == 1, let failure = await failure { throw failure }
    try closeTables(with: &small)
    if let failure = await failure { throw failure }
    try closePack()
  }

  private func failure(
    writing evidence: DisputeEvidence, _ file: PipelineFile, threads: Int
  ) async -> RunError? {
    do throws(RunError) {
      try await write(evidence, file, threads: threads)
      return nil
    } catch {
      return error
    }
  }

  /// The same of tables without disputes.
  func complete(with small: inout SmallTables) throws(RunError) {
    try closeTables(with: &small)
    try closePack()
  }

  /// The findings come last, for writing can find something too: those of `small` are what was found before, with it they
  /// are all.
  private func closeTables(with small: inout SmallTables) throws(RunError) {
    try write(small, only: TableName.allCases.filter { $0 != .findings })
    try finish { $0 != .findings }
    small.findings = (small.findings + cutFindings).sorted { $0.precedes($1) }
    try write(small, only: [.findings])
    try finish { $0 == .findings }
  }

  private func closePack() throws(RunError) {
    do throws(TextTablesError) {
      try disputes?.finish()
    } catch {
      throw .output(error)
    }
  }

  /// Closes the outputs of the tables for which `choose` is true.
  private func finish(_ choose: (TableName) -> Bool) throws(RunError) {
    do throws(TextTablesError) {
      for output in outputs where choose(output.table) { try output.finish() }
      if choose(.rejects) { try rejects.finish() }
    } catch {
      throw .output(error)
    }
  }

  /// Findings about cells that the spreadsheet dialect had to cut.
  var cutFindings: [Finding] {
    outputs.flatMap { output in
      (output.summary?.cuts ?? []).map { cut in
        Finding(
          .cellCut, .table(output.file), measure: output.columnName(cut.column),
          message: "The cell of row \(cut.row + 1) is longer than a spreadsheet takes and was cut.")
      }
    }
  }

  func append(_ rows: [RenderedRows], to outputs: [OutputTable]) throws(RunError) {
    do throws(TextTablesError) {
      for (output, rows) in zip(outputs, rows) { try output.append(rows) }
    } catch {
      throw .output(error)
    }
  }
}

/// Makes slices of `0..<count` on several tasks, each with a workspace of its own, and consumes them in order.
///
/// Whoever has made a slice consumes what is due, unless another task is at it: then the slice waits, and once two a task
/// wait, their makers do, too. So hardly more than a few slices a task are in memory at once.
private func inOrder<Workspace, Value: Sendable>(
  slicesOf count: Int, threads: Int, workspace: @escaping @Sendable () -> Workspace,
  make: @escaping @Sendable (inout Workspace, Range<Int>) -> Value,
  consume: @escaping @Sendable (Value) throws(RunError) -> Void
) async throws(RunError) {
  let size = TableSet.callsAtOnce
  let slices = (count + size - 1) / size
  let hands = Hands<Value>(waiting: 2 * threads)
  await withTaskGroup { group in
    for _ in 0..<min(threads, slices) {
      group.addTask {
        var own = workspace()
        while let index = hands.take(of: slices) {
          hands.give(make(&own, (index * size)..<min((index + 1) * size, count)), index, to: consume)
        }
      }
    }
  }
  hands.consumeWaiting(consume)
  if let failure = hands.failure { throw failure }
}

/// The slices of a table between those who make them and the file.
private final class Hands<Value: Sendable>: Sendable {
  private struct State {
    var taken = 0
    var next = 0
    var waiting: [Int: Value] = [:]
    var failure: RunError?
  }

  private let state = Mutex(State())
  /// Held by who consumes.
  private let turn = Mutex(())
  /// Slices that may wait while a task consumes; beyond it those who made them wait for the task.
  private let bound: Int

  init(waiting bound: Int) { self.bound = bound }

  var failure: RunError? { state.withLock { $0.failure } }

  /// The next slice to make; nil when there is none or one could not be written.
  func take(of slices: Int) -> Int? {
    state.withLock { state in
      guard state.failure == nil, state.taken < slices else { return nil }
      state.taken += 1
      return state.taken - 1
    }
  }

  /// Takes a slice over. One that comes while another task ends consuming may wait for the next, or for `consumeWaiting`.
  func give(_ value: Value, _ index: Int, to consume: (Value) throws(RunError) -> Void) {
    let waiting = state.withLock { state in
      state.waiting[index] = value
      return state.waiting.count
    }
    if waiting > bound {
      consumeWaiting(consume)
    } else {
      _ = turn.withLockIfAvailable { _ in consumeDue(consume) }
    }
  }

  /// Consumes what is due, after whoever is at it now.
  func consumeWaiting(_ consume: (Value) throws(RunError) -> Void) {
    turn.withLock { _ in consumeDue(consume) }
  }

  private func consumeDue(_ consume: (Value) throws(RunError) -> Void) {
    while let value = state.withLock({ $0.failure == nil ? $0.waiting.removeValue(forKey: $0.next) : nil }) {
      do throws(RunError) {
        try consume(value)
        state.withLock { $0.next += 1 }
      } catch {
        state.withLock { $0.failure = error }
      }
    }
  }
}
