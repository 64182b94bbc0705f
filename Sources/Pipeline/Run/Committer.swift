import CallModel
import Intake
import Synchronization
import Tally
import TextTables

/// What takes decoded chunks in archive order: the ledger, and the tables whose rows are written as they come.
struct Committer: Sendable {
  private(set) var ledger: EventLedger
  private(set) var archives: [ArchiveTotals]
  /// The least and the greatest `timestamp` of all events.
  private var earliest: Timestamp?
  private var latest: Timestamp?
  /// Of the whole run, or by archive.
  private(set) var drift: [DriftTotals]
  private let isDriftByArchive: Bool
  private let details: DetailOutputs
  /// Nil where rejected lines are only counted.
  private let rejects: RejectTables?

  init(
    paths: [String], details: DetailOutputs, rejects: RejectTables?, driftByArchive: Bool = false,
    countingTimes: Bool = false
  ) {
    ledger = EventLedger(countingTimes: countingTimes)
    isDriftByArchive = driftByArchive
    drift = Array(repeating: DriftTotals(), count: driftByArchive ? paths.count : 1)
    archives = paths.map {
      ArchiveTotals(
        path: $0, summary: ArchiveSummary())
    }
    self.details = details
    self.rejects = rejects
  }

  mutating func commit(_ chunk: DecodedChunk) throws(RunError) {
    if let summary = chunk.end {
      archives[chunk.archive].summary = summary
      let lines = archives[chunk.archive].lines
      archives[chunk.archive].summary.judge(lines: lines.lines, rejected: lines.rejected)
      return
    }
    let entry = enter(chunk)
    try write(chunk, entry)
    if let recent = chunk.recent {
      details.recentLines?.add(recent, of: archives[chunk.archive].path, firstLine: entry.firstLine)
    }
  }

  /// What entering a chunk into the books decided, for the tables that are written while archives are read.
  struct Entry {
    fileprivate var outcome: EventLedger.Outcome
    fileprivate var firstLine: UInt32
  }

  /// Enters a chunk into the books.
  mutating func enter(_ chunk: DecodedChunk) -> Entry {
    let firstLine = UInt32(truncatingIfNeeded: archives[chunk.archive].lines.lines)
    let outcome = ledger.commit(chunk.batch, archive: UInt32(chunk.archive), firstLine: firstLine)
    archives[chunk.archive].lines.add(chunk.batch, outcome)
    if let time = chunk.batch.earliest { earliest = min(earliest ?? time, time) }
    if let time = chunk.batch.latest { latest = max(latest ?? time, time) }
    drift[isDriftByArchive ? chunk.archive : 0].add(
      chunk.batch.drift, archive: UInt32(chunk.archive), firstLine: firstLine)
    return Entry(outcome: outcome, firstLine: firstLine)
  }

  /// Writes the rows of a chunk that has been entered. Mutating only so that nobody copies the books for the call.
  mutating func write(_ chunk: DecodedChunk, _ entry: Entry) throws(RunError) {
    do throws(TextTablesError) {
      try Committer.append(chunk.transcripts, to: details.transcripts, entry.outcome.turns)
      try Committer.append(chunk.insights, to: details.insights, entry.outcome.insights)
      try rejects?.append(chunk.batch.rejects, archive: archives[chunk.archive].path, firstLine: entry.firstLine)
    } catch {
      throw .output(error)
    }
  }

  private static func append(
    _ rendered: [RenderedRows], to tables: [OutputTable], _ changes: EventLedger.RowChanges
  ) throws(TextTablesError) {
    for (table, rows) in zip(tables, rendered) {
      try table.append(changes.leftOut.isEmpty ? rows : rows.removing(rows: changes.leftOut))
      for rows in changes.replaced { table.omit(rows: rows) }
    }
  }

  /// The time of the last event, as far as it is to be believed; where all lie within what may pass without one, each is.
  var end: Timestamp? {
    guard let earliest, let latest else { return nil }
    return latest.microseconds - earliest.microseconds > Int64(EventLedger.longestSilence) * 86_400_000_000
      ? ledger.end : latest
  }

  mutating func closeLedger() { ledger.close() }
}

/// What takes decoded chunks in archive order, one at a time.
protocol ChunkTaker: Sendable {
  func commit(_ chunk: DecodedChunk) throws(RunError)
}

/// The committer as the tasks of a run share it; the schedule lets one task at a time commit.
final class SharedCommitter: ChunkTaker {
  private let committer: Mutex<Committer>

  init(_ committer: Committer) { self.committer = Mutex(committer) }

  func commit(_ chunk: DecodedChunk) throws(RunError) {
    try committer.withLock { committer throws(RunError) in try committer.commit(chunk) }
  }

  /// The books when everything has been committed, and the time up to which they tell.
  func close() -> (ledger: EventLedger, archives: [ArchiveTotals], drift: [DriftTotals], end: Timestamp?) {
    committer.withLock { committer in
      committer.closeLedger()
      return (committer.ledger, committer.archives, committer.drift, committer.end)
    }
  }
}

/// Drift of a run: how often each difference from the documented events was seen, and where first.
struct DriftTotals: Sendable {
  struct Key: Hashable {
    var event: String
    var field: String
    var kind: DriftNote.Kind
    var type: String
  }

  struct Total {
    var count: Int
    var first: RecordOrigin
  }

  /// Differences that are told apart in one run; the rest are counted as other members of their event.
  private static let most = 10_000

  var totals: [Key: Total] = [:]

  init(_ parts: [DriftTotals] = []) {
    guard parts.count != 1 else {
      self = parts[0]
      return
    }
    for (key, total) in parts.lazy.flatMap(\.totals) {
      let known = totals[key] ?? Total(count: 0, first: total.first)
      totals[key] = Total(count: known.count + total.count, first: min(known.first, total.first))
    }
  }

  mutating func add(_ notes: [DriftNote], archive: UInt32, firstLine: UInt32) {
    for note in notes {
      var key = Key(event: note.event, field: note.field, kind: note.kind, type: note.type)
      if totals.count >= DriftTotals.most, totals[key] == nil {
        key = Key(event: note.event, field: DriftNote.otherMembers, kind: note.kind, type: note.type)
      }
      let origin = RecordOrigin(archive: archive, line: firstLine &+ note.line)
      totals[key, default: Total(count: 0, first: origin)].count += note.count
    }
  }

  /// The same of one archive as of another place in a run.
  func placed(at archive: UInt32) -> DriftTotals {
    var placed = self
    for key in totals.keys { placed.totals[key]?.first.archive = archive }
    return placed
  }

  /// By event, field, kind and type.
  var sorted: [(key: Key, total: Total)] {
    totals.map { (key: $0, total: $1) }.sorted {
      ($0.key.event, $0.key.field, $0.key.kind.rawValue, $0.key.type)
        < ($1.key.event, $1.key.field, $1.key.kind.rawValue, $1.key.type)
    }
  }
}
