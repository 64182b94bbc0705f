import CallModel
import Intake
import Synchronization
import Tally
import TextTables

/// The run's own day where its archives are read for the first time: one reading makes its digest and writes its rows of
/// transcripts, insights and rejects; the books of its tables are then made of the events that it has left.
///
/// While archives are read nobody knows yet which calls are of the day. So rows are written of all calls but those that by
/// the archives of other days have ended on another day; what turns out to be of none of the day's calls is taken out of
/// the tables again. Where one of those left out is of the day after all, or other archives hold calls of it as well, the
/// tables are begun anew with a second reading.
final class OwnDay: Sendable {
  private struct State: ~Copyable {
    var staging: StagingDirectory?
    var isRead = false
    var batches: DayBatches?
    /// The conversations of which no rows were written.
    var leftOut: Set<UInt64> = []
    var books: Result<NightBooks?, RunError> = .success(nil)
  }

  let day: Int32
  let tables: TableSet
  private let file: PipelineFile
  private let state: Mutex<State>

  /// Of the day `day`; `file` is that of its tables.
  init(_ day: Day, _ file: PipelineFile, _ staging: consuming StagingDirectory) throws(RunError) {
    self.day = day.number
    self.file = file
    tables = try TableSet(file, in: staging)
    state = Mutex(State(staging: consume staging))
  }

  /// Whether the archives have been read, and rows of them written.
  private var isRead: Bool { state.withLock { $0.isRead } }

  /// The tables' staging directory, for who completes them; nil where they are to be begun anew, for what has been written
  /// is not their rows.
  func takeStaging(withRows: Bool) -> StagingDirectory? {
    state.withLock { state in
      let staging = state.staging.take()
      return withRows == state.isRead ? staging : nil
    }
  }

  // MARK: Reading

  /// What becomes of the day's archives; they are read once. `others` are digests of other days.
  func known(
    _ reading: DayReading, keeping: DayReading.Keeping, beside others: [DayDigest]
  ) async throws(RunError) -> KnownDay {
    if !isRead {
      let leftOut = endedElsewhere(others)
      let batches = try await reading.batches(
        details: DetailOutputs(tables, file.privacy), rejects: tables.rejects,
        choice: RowsLeftOut(conversations: leftOut))
      state.withLock { ($0.isRead, $0.batches, $0.leftOut) = (true, batches, leftOut) }
    }
    guard let batches = state.withLock({ $0.batches }) else { preconditionFailure("the day has been read") }
    return await reading.known(batches, keeping: keeping)
  }

  /// Conversations that have ended on another day, as kept events of other days' archives tell.
  private func endedElsewhere(_ others: [DayDigest]) -> Set<UInt64> {
    let clock = BusinessClock(file)
    var found: Set<UInt64> = []
    for event in others.lazy.flatMap(\.archives).flatMap(\.kept.events)
    where event.kind.isCall && event.endedAt != EventRecord.null {
      let day = clock.day(of: Timestamp(microseconds: event.endedAt))?.number
      if day != self.day { found.insert(event.conversationHash) }
    }
    return found
  }

  private struct RowsLeftOut: BatchChoice {
    let conversations: Set<UInt64>

    func apply(to batch: inout EventBatch, of archive: Int) {
      guard !conversations.isEmpty else { return }
      for index in batch.events.indices
      where batch.events[index].kind == .callProcessed && conversations.contains(batch.events[index].conversationHash) {
        (batch.events[index].turnCount, batch.events[index].insights) = (0, .empty)
      }
    }
  }

  // MARK: Writing

  /// Makes the books of the day's tables, out of the events that the reading has left, and takes the rows of other days'
  /// calls out; `light` are the window's books of what is kept.
  func prepare(in window: NightWindow, _ light: NightBooks) async {
    let books: Result<NightBooks?, RunError>
    do throws(RunError) {
      books = .success(try await self.books(in: window, light))
    } catch {
      books = .failure(error)
    }
    state.withLock { $0.books = books }
  }

  /// What `prepare` has made; nil where a second reading is needed.
  func preparedBooks() throws(RunError) -> NightBooks? {
    let books = state.withLock { state in
      defer { state.books = .success(nil) }
      return state.books
    }
    return try books.get()
  }

  private func books(in window: NightWindow, _ light: NightBooks) async throws(RunError) -> NightBooks? {
    guard isRead else { return nil }
    let choice = window.choice(of: .day(Day(number: day)), in: light)
    guard choice.sources.allSatisfy({ window.archives.days[$0] == day }) else { return nil }
    guard let read = state.withLock({ $0.batches.take() }) else { return nil }
    let places = window.archives.days.indices.filter { window.archives.days[$0] == day }
    let taker = DayTaker(
      window, reading: choice.sources,
      Committer(paths: window.archives.paths, details: DetailOutputs(), rejects: nil))
    for part in read.batches {
      guard let source = choice.sources.firstIndex(of: places[Int(part.archive)]) else { continue }
      var batch = part.batch
      choice.events.apply(to: &batch, of: source)
      try taker.commit(DecodedChunk(archive: source, sequence: 0, batch: batch))
    }
    let days = RunDays.day(Day(number: day))
    let books = await window.books(of: days, in: light, try taker.close().ledger)
    return takeOutRows(of: read.ledger.calls, places, notOf: books, days) ? books : nil
  }

  /// Takes rows out that are of none of the day's calls; false where rows of one of its calls are missing.
  private func takeOutRows(
    of written: CallBook, _ places: [Int], notOf books: NightBooks, _ days: RunDays
  ) -> Bool {
    let leftOut = state.withLock { $0.leftOut }
    let book = books.days.books.ledger.calls
    var wanted: Set<RecordOrigin> = []
    for number in books.days.calls(of: days) {
      let call = Call(Int(number), in: book, rule: books.days.books.rule)
      guard let origin = book.origin(of: .callProcessed, of: call) else { continue }
      var isLeftOut = false
      book.lendConversationID(of: Int(number)) { isLeftOut = leftOut.contains(hash64($0)) }
      if isLeftOut { return false }
      wanted.insert(origin)
    }
    let details = DetailOutputs(tables, file.privacy)
    for (origin, rows) in written.detailRows {
      let placed = RecordOrigin(archive: UInt32(places[Int(origin.archive)]), line: origin.line)
      guard wanted.remove(placed) == nil else { continue }
      for table in details.transcripts { table.omit(rows: rows.turns) }
      for table in details.insights { table.omit(rows: rows.insights) }
    }
    return wanted.isEmpty
  }
}
