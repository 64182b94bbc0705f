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
  }

  func digest(keeping: Keeping = Keeping()) async throws(RunError) -> DayDigest {
    let taker = BatchTaker(paths)
    let reading = ArchiveReading(paths, file, details: DetailOutputs(), threads: threads, progress: progress)
    try await reading.run(into: taker)
    let (ledger, totals, drift, batches) = taker.close()
    let kept = DayReading.conversations(of: keeping, ledger.findings, batches)
    let books = JoinedBooks(ledger: ledger, archiveNames: paths, billing: file.billing, clock: BusinessClock(file))
    let calls = await SettledCalls.all(of: books, keeping: kept, threads: threads)
    return DayReading.digest(totals, drift, batches, calls)
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

  private static func digest(
    _ totals: [ArchiveTotals], _ drift: [DriftTotals], _ batches: [KeptBatch], _ calls: SettledCalls
  ) -> DayDigest {
    var digest = DayDigest()
    var selections = totals.map { _ in EventSelection() }
    var settledRecords = totals.map { _ in 0 }
    var entries = DayIndexEntries(archives: totals.count)
    let edges = Set(calls.names.lazy.filter { $0.day == SettledCalls.Name.edge }.map(\.conversation))
    for part in batches {
      let archive = Int(part.archive)
      entries.add(part.batch, archive: archive)
      for index in part.batch.events.indices {
        let event = part.batch.events[index]
        let isKept = !event.kind.isCall || calls.kept.contains(event.conversationHash)
        if isKept {
          digest.keptEvents.append(part.batch.idHash(of: event))
        } else {
          digest.settledEvents.append(part.batch.idHash(of: event))
        }
        guard isKept || edges.contains(event.conversationHash) else {
          settledRecords[archive] += 1
          continue
        }
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
    digest.settledConversations = calls.names.map(\.conversation)
    digest.settledDays = calls.names.map(\.day)
    digest.settledEvents.sort()
    digest.keptEvents.sort()
    digest.keptConversations = calls.kept.sorted()
    digest.indexEntries = entries
    return digest
  }
}

/// A decoded batch of a day, without transcripts.
private struct KeptBatch: Sendable {
  let archive: UInt32
  /// Lines of the archive before the batch.
  let firstLine: UInt32
  var batch: EventBatch
}

/// Takes chunks into the books of a day, and holds on to their events.
private final class BatchTaker: ChunkTaker {
  private struct State {
    var committer: Committer
    var batches: [KeptBatch] = []
  }

  private let state: Mutex<State>

  init(_ paths: [String]) {
    state = Mutex(
      State(committer: Committer(paths: paths, details: DetailOutputs(), rejects: nil, driftByArchive: true)))
  }

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

  func close() -> (EventLedger, [ArchiveTotals], [DriftTotals], [KeptBatch]) {
    state.withLock { state in
      state.committer.closeLedger()
      return (state.committer.ledger, state.committer.archives, state.committer.drift, state.batches)
    }
  }
}
