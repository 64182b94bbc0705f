import CallModel
import Intake
import Tally
import TextTables

/// All outputs of a run, open in the staging directory until the books are written.
struct TableSet {
  let outputs: [OutputTable]
  let rejects: RejectTables

  init(_ file: PipelineFile, in staging: borrowing StagingDirectory) throws(RunError) {
    do throws(TextTablesError) {
      var outputs: [OutputTable] = []
      for output in file.output.tables { outputs.append(try OutputTable(output, file, in: staging)) }
      self.outputs = outputs
      rejects = try RejectTables(
        outputs.filter { $0.table == .rejects }, keepsRaw: file.keepsRawRejects, checksums: file.output.checksums,
        in: staging)
    } catch {
      throw .output(error)
    }
  }

  func outputs(of table: TableName) -> [OutputTable] { outputs.filter { $0.table == table } }

  /// Writes the calls, in slices that are rendered on all cores and appended in order.
  func writeCalls(_ order: CallOrder, _ books: JoinedBooks, threads: Int) async throws(RunError) {
    let outputs = outputs(of: .calls)
    guard !outputs.isEmpty else { return }
    let encoders = outputs.map(\.encoder)
    try await inOrder(slicesOf: order.calls.count, threads: threads) { slice in
      var encoders = encoders
      let book = books.ledger.calls
      let rule = books.rule
      for start in stride(from: slice.lowerBound, to: slice.upperBound, by: 64) {
        let batch = start..<min(start + 64, slice.upperBound)
        _ = book.warm(order.calls.span.extracting(batch), texts: true)
        for place in batch {
          let call = Call(Int(order.calls[place]), in: book, rule: rule)
          for index in encoders.indices { encoders[index].append(call, book, in: books) }
        }
      }
      return encoders.indices.map { encoders[$0].take() }
    } consume: { rows throws(RunError) in
      try append(rows, to: outputs)
    }
  }

  /// Writes the context table, in the archive order of the events that its rows come from.
  func writeContext(_ books: JoinedBooks, threads: Int) async throws(RunError) {
    let outputs = outputs(of: .context)
    guard !outputs.isEmpty else { return }
    let encoders = outputs.map(\.encoder)
    let owners = books.ledger.calls.owners(of: .contact(.contextData), rule: books.rule)
    try await inOrder(slicesOf: owners.count, threads: threads) { slice in
      var encoders = encoders
      var scratch = JSONScratch()
      let book = books.ledger.calls
      let rule = books.rule
      for place in slice {
        let call = Call(Int(owners[place]), in: book, rule: rule)
        for index in encoders.indices {
          encoders[index].append(contextOf: call, in: book, scratch: &scratch)
        }
      }
      return encoders.indices.map { encoders[$0].take() }
    } consume: { rows throws(RunError) in
      try append(rows, to: outputs)
    }
  }

  /// Writes every table that is made of values, in the order of their names.
  func write(_ tables: SmallTables, only names: [TableName]) throws(RunError) {
    for name in names {
      guard let rows = tables.rows(of: name) else { continue }
      for output in outputs(of: name) {
        var encoder = output.encoder
        for row in rows { encoder.append(row) }
        try append([encoder.take()], to: [output])
      }
    }
  }

  /// Closes the outputs of the tables for which `choose` is true.
  func finish(_ choose: (TableName) -> Bool) throws(RunError) {
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

  private func append(_ rows: [RenderedRows], to outputs: [OutputTable]) throws(RunError) {
    do throws(TextTablesError) {
      for (output, rows) in zip(outputs, rows) { try output.append(rows) }
    } catch {
      throw .output(error)
    }
  }
}

extension PipelineFile {
  /// Raw lines may hold anything, so any privacy rule drops them unless the file says `raw: keep`.
  var keepsRawRejects: Bool { privacy.keepsRaw || privacy.columns.isEmpty }
}

/// Makes slices of `0..<count` on several tasks and consumes them in order, with a few more than `threads` in flight.
private func inOrder<Value: Sendable>(
  slicesOf count: Int, threads: Int, make: @escaping @Sendable (Range<Int>) -> Value,
  consume: (Value) throws(RunError) -> Void
) async throws(RunError) {
  let size = 2_048
  let slices = (count + size - 1) / size
  func slice(_ index: Int) -> Range<Int> { (index * size)..<min((index + 1) * size, count) }
  let result: Result<Void, RunError> = await withTaskGroup(of: (Int, Value).self) { group in
    var started = 0
    var waiting: [Int: Value] = [:]
    var next = 0
    func startMore() {
      while started < slices, started < next + 2 * threads {
        let index = started
        let range = slice(index)
        group.addTask { (index, make(range)) }
        started += 1
      }
    }
    startMore()
    while next < slices, let (index, value) = await group.next() {
      waiting[index] = value
      do throws(RunError) {
        while let value = waiting.removeValue(forKey: next) {
          try consume(value)
          next += 1
        }
      } catch {
        group.cancelAll()
        return .failure(error)
      }
      startMore()
    }
    return .success(())
  }
  try result.get()
}
