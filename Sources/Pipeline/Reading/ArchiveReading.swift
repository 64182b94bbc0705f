import CallModel
import Intake
import Synchronization
import Tally
import TextTables

/// One archive being read, by one task at a time; opened when its turn comes and closed at its end.
final class OpenArchive: Sendable {
  let path: String
  private let limits: IntakeLimits
  /// Whether its CRCs are computed; not where numbered lines are read a second time.
  private let isChecked: Bool
  private let state: Mutex<State>

  private struct State: ~Copyable {
    var reader: ArchiveReader?
    /// Nil where all lines are wanted.
    var picker: LinePicker?
  }

  init(path: String, limits: IntakeLimits, choice: LineChoice? = nil) {
    self.path = path
    self.limits = limits
    isChecked = if case .numbered = choice { false } else { true }
    state = Mutex(State(picker: choice.map(LinePicker.init)))
  }

  /// Reads the next chunk, or at the end tells the archive's facts; adds the compressed bytes read to `progress`. The end
  /// is where no further line is wanted; of an archive left before its last byte the facts are those so far.
  func next(into chunk: inout Chunk, progress: ReadingProgress) throws(IntakeError) -> ArchiveSummary? {
    try state.withLock { state throws(IntakeError) in
      if state.reader == nil {
        state.reader = try ArchiveReader(path: path, limits: limits, isChecked: isChecked)
      }
      if state.picker?.isDone ?? false {
        defer { state.reader = nil }
        return state.reader?.summary
      }
      let end = try read(&state.reader, &chunk, progress)
      if end == nil { state.picker?.pick(in: &chunk) }
      return end
    }
  }

  private func read(
    _ reader: inout ArchiveReader?, _ chunk: inout Chunk, _ progress: ReadingProgress
  ) throws(IntakeError) -> ArchiveSummary? {
    let before = reader?.bytesRead ?? 0
    let hasChunk = try reader?.nextChunk(into: &chunk) ?? false
    progress.add((reader?.bytesRead ?? 0) - before)
    if hasChunk { return nil }
    guard let summary = reader?.summary else { preconditionFailure("the archive is not open") }
    reader = nil
    return summary
  }
}

/// Compressed bytes read so far, for the progress bar.
package final class ReadingProgress: Sendable {
  private let bytes = Atomic<Int64>(0)

  package init() {}

  package var bytesRead: Int64 { bytes.load(ordering: .relaxed) }

  func add(_ count: Int64) { bytes.add(count, ordering: .relaxed) }
}

/// Reads archives on several tasks and commits what they hold in archive order.
struct ArchiveReading {
  var archives: [OpenArchive]
  var limits: IntakeLimits
  var zone: ZoneRules
  var details: DetailOutputs
  var threads: Int
  var progress: ReadingProgress
  /// Who writes down the lines that were chosen; nil where nobody does.
  var evidence: DisputeEvidence?
  /// What of decoded batches is committed; nil for all of them.
  var choice: (any BatchChoice)?
  /// Chunks that may wait for their turn before later archives do.
  ///
  /// Where only some lines are decoded, little is kept of a chunk and nearly all work is inflating, which one task does for
  /// an archive: so that all tasks have some, later archives are read far ahead.
  var bound: Int

  /// `choose` says which lines of an archive, given by its place, are decoded; all of them where it is nil.
  init(
    _ paths: [String], _ file: PipelineFile, details: DetailOutputs, threads: Int, progress: ReadingProgress,
    choose: ((Int) -> LineChoice)? = nil, choice: (any BatchChoice)? = nil
  ) {
    self.choice = choice
    archives = paths.enumerated().map { place, path in
      OpenArchive(path: path, limits: file.limits, choice: choose.map { $0(place) })
    }
    limits = file.limits
    zone = ZoneRules(named: file.input.timezone)
    self.details = details
    self.threads = threads
    self.progress = progress
    bound = choose == nil ? threads + 1 : 64
  }

  /// Runs to the end of the last archive, or to the first failure.
  func run(into committer: some ChunkTaker) async throws(RunError) {
    let schedule = ReadingSchedule(archives: archives.count, bound: bound, threads: threads)
    await withTaskGroup { group in
      for _ in 0..<threads {
        group.addTask { await work(schedule, committer) }
      }
    }
    if let error = schedule.failure { throw error }
    details.recentLines?.close()
  }

  private func work(_ schedule: ReadingSchedule, _ committer: some ChunkTaker) async {
    var decoder = EventDecoder(limits: limits, zone: zone)
    var encoders = DetailEncoders(details)
    var chunk = PlacedChunk()
    var job = await schedule.next(&chunk)
    while true {
      do throws(RunError) {
        switch job {
        case .finished: return
        case .inflate:
          if try inflate(&chunk, schedule) {
            job = schedule.afterInflating(&chunk)
            continue
          }
        case .decode: try decode(&chunk, schedule, &decoder, &encoders)
        case .commit: try Self.commit(schedule, committer)
        }
      } catch {
        schedule.fail(error)
        return
      }
      job = await schedule.next(&chunk)
    }
  }

  private static func commit(_ schedule: ReadingSchedule, _ committer: some ChunkTaker) throws(RunError) {
    var chunk = schedule.chunkToCommit()
    try committer.commit(chunk)
    // Moved out and emptied while nobody else refers to it, so that its memory can be used again.
    var batch = EventBatch()
    swap(&batch, &chunk.batch)
    batch.removeAll()
    schedule.committed(endOfArchive: chunk.end != nil, spare: batch)
  }

  /// False where the archive has no further chunk.
  private func inflate(_ chunk: inout PlacedChunk, _ schedule: ReadingSchedule) throws(RunError) -> Bool {
    let end: ArchiveSummary?
    do throws(IntakeError) {
      end = try archives[chunk.archive].next(into: &chunk.text, progress: progress)
    } catch {
      throw .intake(error)
    }
    guard let end else { return true }
    schedule.end(chunk.archive)
    schedule.deliver(
      DecodedChunk(archive: chunk.archive, sequence: chunk.sequence, batch: schedule.spareBatch(), end: end))
    return false
  }

  private func decode(
    _ chunk: inout PlacedChunk, _ schedule: ReadingSchedule, _ decoder: inout EventDecoder,
    _ encoders: inout DetailEncoders
  ) throws(RunError) {
    var decoded = DecodedChunk(archive: chunk.archive, sequence: chunk.sequence, batch: schedule.spareBatch())
    decoder.decode(chunk.text, into: &decoded.batch)
    choice?.apply(to: &decoded.batch, of: chunk.archive)
    encoders.render(chunk.text, &decoded)
    decoded.evidence = try evidence?.lines(of: decoded.batch, in: chunk.text, of: chunk.archive)
    decoded.recent = details.recentLines?.take(from: &chunk.text, decoded.batch)
    schedule.deliver(decoded)
  }
}

/// Leaves things out of decoded batches before their rows are rendered.
protocol BatchChoice: Sendable {
  /// `archive` is the place of the batch's archive in the reading.
  func apply(to batch: inout EventBatch, of archive: Int)
}
