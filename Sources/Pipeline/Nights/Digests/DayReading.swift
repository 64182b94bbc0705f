import CallModel
import Intake
import Synchronization
import Tally

/// Reads the archives of one day into books of their own, and makes their digest.
struct DayReading {
  let file: PipelineFile
  let threads: Int
  let progress: ReadingProgress
  /// In archive order.
  var paths: [String] = []

  /// What is to be kept in any case, by hashes of conversations and of events' ids.
  struct Keeping {
    var conversations: Set<UInt64> = []
    var events: Set<UInt64> = []

    var isEmpty: Bool { conversations.isEmpty && events.isEmpty }

    mutating func formUnion(_ other: Keeping) {
      conversations.formUnion(other.conversations)
      events.formUnion(other.events)
    }
  }

  /// What the archives hold. Rows of what is read are written into `details` and `rejects`, but for those of transcripts
  /// and insights that `choice` leaves out.
  func batches(
    details: DetailOutputs = DetailOutputs(), rejects: RejectTables? = nil, choice: (any BatchChoice)? = nil
  ) async throws(RunError) -> DayBatches {
    let taker = BatchTaker(Committer(paths: paths, details: details, rejects: rejects, driftByArchive: true))
    let reading = ArchiveReading(
      paths, file, details: details, threads: threads, progress: progress, choice: choice)
    try await reading.run(into: taker)
    return taker.close()
  }

  /// What becomes of the archives in the books of any window.
  func known(_ day: DayBatches, keeping: Keeping) async -> KnownDay {
    let kept = DayReading.conversations(of: keeping, day.ledger.findings, day.batches)
    let books = JoinedBooks(
      ledger: day.ledger, archiveNames: paths, billing: file.billing, clock: BusinessClock(file))
    let calls = await SettledCalls.all(of: books, keeping: kept, threads: threads)
    return DayReading.known(day, calls)
  }

  /// The conversations to be kept whatever the calls are: those asked for, and those that findings of single records are
  /// about.
  private static func conversations(
    of keeping: Keeping, _ findings: [Finding], _ batches: [KeptBatch]
  ) -> Set<UInt64> {
    var kept = keeping.conversations
    var origins: Set<RecordOrigin> = []
    for finding in findings {
      if case .call(let id) = finding.subject { kept.insert(hash64(Array(id.utf8).span)) }
      if let first = finding.firstOrigin { origins.insert(first) }
    }
    guard !origins.isEmpty || !keeping.events.isEmpty else { return kept }
    for part in batches {
      for event in part.batch.events where event.kind.isCall {
        let origin = RecordOrigin(archive: part.archive, line: part.firstLine &+ event.line)
        if origins.contains(origin) || keeping.events.contains(part.batch.idHash(of: event)) {
          kept.insert(event.conversationHash)
        }
      }
    }
    return kept
  }

  private static func known(_ day: DayBatches, _ calls: SettledCalls) -> KnownDay {
    let (totals, drift, batches) = (day.totals, day.drift, day.batches)
    var (digest, hashes) = (DayDigest(), RecordHashes())
    var selections = totals.map { _ in EventSelection() }
    var settledRecords = totals.map { _ in 0 }
    var entries = DayIndexEntries(archives: totals.count)
    for part in batches {
      let archive = Int(part.archive)
      entries.add(part.batch, archive: archive)
      for index in part.batch.events.indices {
        let event = part.batch.events[index]
        guard !event.kind.isCall || calls.kept.contains(event.conversationHash) else {
          hashes.settledEvents.append(part.batch.idHash(of: event))
          settledRecords[archive] += 1
          continue
        }
        hashes.keptEvents.append(part.batch.idHash(of: event))
        selections[archive].append(index, of: part.batch, firstLine: part.firstLine)
        selections[archive].appendFaults(of: index, in: part.batch)
      }
    }
    for archive in totals.indices {
      var lines = LineTotals()
      let all = totals[archive].lines
      (lines.lines, lines.rejected, lines.ignored, lines.blank) = (all.lines, all.rejected, all.ignored, all.blank)
      lines.acceptedByKind = calls.accepted[archive]
      lines.accepted = lines.acceptedByKind.reduce(0, +)
      lines.duplicates = settledRecords[archive] - lines.accepted
      digest.archives.append(
        DayDigest.Archive(
          summary: totals[archive].summary, lines: lines, drift: drift[archive].placed(at: 0),
          kept: selections[archive].batch))
    }
    digest.rows = calls.totals.rows
    digest.prints = calls.prints
    digest.times = calls.times
    digest.campaigns = calls.totals.campaignDays
    digest.settledCallCount = calls.names.count
    hashes.settledConversations = calls.names.map(\.conversation)
    hashes.settledDays = calls.names.map(\.day)
    hashes.settledEvents.sort()
    hashes.keptEvents.sort()
    hashes.keptConversations = calls.kept.sorted()
    return KnownDay(digest: digest, hashes: hashes, indexEntries: entries)
  }
}

/// The archives of a day as they were read: books of their own, and the events one by one.
struct DayBatches: Sendable {
  let ledger: EventLedger
  let totals: [ArchiveTotals]
  let drift: [DriftTotals]
  /// In archive order.
  let batches: [KeptBatch]
}

/// A decoded batch of a day, without transcripts.
struct KeptBatch: Sendable {
  /// The archive's place in the day.
  let archive: UInt32
  /// Lines of the archive before the batch.
  let firstLine: UInt32
  let batch: EventBatch
}

/// Takes chunks into the books of a day, and holds on to their events.
private final class BatchTaker: ChunkTaker {
  private struct State {
    var committer: Committer
    var batches: [KeptBatch] = []
  }

  private let state: Mutex<State>

  init(_ committer: Committer) { state = Mutex(State(committer: committer)) }

  func commit(_ chunk: DecodedChunk) throws(RunError) {
    try state.withLock { state throws(RunError) in
      if chunk.end == nil {
        state.batches.append(
          KeptBatch(
            archive: UInt32(chunk.archive),
            firstLine: UInt32(truncatingIfNeeded: state.committer.archives[chunk.archive].lines.lines),
            batch: chunk.batch.eventsAlone()))
      }
      try state.committer.commit(chunk)
    }
  }

  func close() -> DayBatches {
    state.withLock { state in
      state.committer.closeLedger()
      return DayBatches(
        ledger: state.committer.ledger, totals: state.committer.archives, drift: state.committer.drift,
        batches: state.batches)
    }
  }
}
