import CallModel
import Intake
import Synchronization
import TextTables

/// A chunk that has been decoded, or the end of an archive: what is committed in archive order.
struct DecodedChunk: Sendable {
  /// The archive's place in the run.
  var archive: Int
  /// The chunk's place in the archive, from 0.
  var sequence: Int
  var batch: EventBatch
  /// The chunk's rows for each output of the transcripts and of the insights table.
  var transcripts: [RenderedRows] = []
  var insights: [RenderedRows] = []
  /// The chunk's text, where raw events of disputes may be asked for.
  var recent: RecentChunk?
  /// The chunk's lines of the dispute pack, where it is being written.
  var evidence: DisputeEvidence.Lines?
  /// The archive's facts, when this is its end.
  var end: ArchiveSummary?
}

/// A task's chunk on its way from the archive to the books: its place, and its text once that is inflated.
struct PlacedChunk {
  /// The archive's place in the run.
  var archive = 0
  /// The chunk's place in the archive, from 0.
  var sequence = 0
  var text = Chunk()
}

/// Decides who does what next while archives are read: the one place where the tasks of a run meet.
///
/// Any task may do any job. In this order, a free task commits the next chunk in archive order if it is ready and nobody
/// else is committing; decodes the chunk that was inflated ahead if its archive cannot be read on now; or inflates the next
/// chunk of the earliest archive that nobody is inflating, and then decodes that or the one ahead, whichever comes first.
/// So one huge archive keeps all cores busy (one inflates while others decode), and so do many small ones. Chunks that wait
/// for their turn are bounded: later archives stop being read while `bound` chunks are in flight, the first one at twice
/// that.
///
/// Of the archive that is being committed one chunk is inflated ahead, for the task that gets free while another one
/// inflates. Without it that task would wait, which happens often, since no two chunks take the same time.
final class ReadingSchedule: Sendable {
  /// What a task does next, to the chunk that it came with where nothing else is said.
  enum Job {
    case inflate
    case decode
    /// Of the chunk that `chunkToCommit` hands out.
    case commit
    case finished
  }

  private struct Archive {
    var isBusy = false
    var hasEnded = false
    /// Chunks read so far.
    var sequence = 0
    var ready: [Int: DecodedChunk] = [:]
  }

  private struct State {
    var archives: [Archive]
    /// The archive that is being committed, and its next chunk.
    var committing = (archive: 0, sequence: 0)
    var isCommitting = false
    var inFlight = 0
    /// Of the archive that is being committed; without meaning but for its memory where `isAhead` is false.
    var ahead = PlacedChunk()
    var isAhead = false
    var failure: RunError?
    var spareBatches: [EventBatch] = []
    var waiters: [CheckedContinuation<Void, Never>] = []
  }

  private let state: Mutex<State>
  private let bound: Int
  private let inflatesAhead: Bool

  /// `bound` is the number of chunks in flight at which later archives stop being read.
  init(archives: Int, bound: Int, threads: Int) {
    state = Mutex(State(archives: Array(repeating: Archive(), count: archives)))
    self.bound = bound
    inflatesAhead = threads > 1
  }

  /// The next job for a task; waits while there is none. The task comes with a chunk that it is done with, and leaves with
  /// the one that is to be inflated or decoded.
  func next(_ chunk: inout PlacedChunk) async -> Job {
    while true {
      if let job = state.withLock({ take(&$0, &chunk) }) { return job }
      await withCheckedContinuation { continuation in
        let mustWait = state.withLock { state in
          // Something may have changed between the two locks.
          guard !hasJob(state) else { return false }
          state.waiters.append(continuation)
          return true
        }
        if !mustWait { continuation.resume() }
      }
    }
  }

  /// The next job for a task that has inflated a chunk: to decode the one ahead, in whose place it leaves its own; or,
  /// where none is ahead yet, to leave its own there and inflate the next.
  func afterInflating(_ chunk: inout PlacedChunk) -> Job {
    change { state in
      let archive = chunk.archive
      if state.isAhead, state.ahead.archive == archive {
        swap(&state.ahead, &chunk)
      } else if inflatesAhead, archive == state.committing.archive, state.inFlight < 2 * bound, state.failure == nil {
        swap(&state.ahead, &chunk)
        state.isAhead = true
        claim(archive, &state, &chunk)
        return .inflate
      }
      state.archives[archive].isBusy = false
      return .decode
    }
  }

  /// The archive has no further chunk.
  func end(_ archive: Int) {
    change { state in
      state.archives[archive].isBusy = false
      state.archives[archive].hasEnded = true
    }
  }

  /// A decoded chunk is ready to be committed in its turn.
  func deliver(_ chunk: DecodedChunk) {
    change { $0.archives[chunk.archive].ready[chunk.sequence] = chunk }
  }

  /// The chunk taken for committing has been committed; its memory can be used again.
  func committed(endOfArchive: Bool, spare: EventBatch) {
    change { state in
      state.isCommitting = false
      state.inFlight -= 1
      if endOfArchive {
        state.archives[state.committing.archive].ready = [:]
        state.committing = (state.committing.archive + 1, 0)
      } else {
        state.committing.sequence += 1
      }
      state.spareBatches.append(spare)
    }
  }

  /// An empty batch, with the memory of one that is done with.
  func spareBatch() -> EventBatch { state.withLock { $0.spareBatches.popLast() ?? EventBatch() } }

  /// The chunk of a `.commit` job, for the task that got the job.
  func chunkToCommit() -> DecodedChunk {
    let chunk = state.withLock { state in
      state.archives[state.committing.archive].ready.removeValue(forKey: state.committing.sequence)
    }
    guard let chunk else { preconditionFailure("a chunk is committed once") }
    return chunk
  }

  /// Ends the run with the first failure: every task is told that it has finished.
  func fail(_ error: RunError) { change { $0.failure = $0.failure ?? error } }

  var failure: RunError? { state.withLock { $0.failure } }

  private func change<Result>(_ body: (inout State) -> Result) -> Result {
    let (result, waiters) = state.withLock { state in
      defer { state.waiters = [] }
      return (body(&state), state.waiters)
    }
    for waiter in waiters { waiter.resume() }
    return result
  }

  private func hasJob(_ state: State) -> Bool {
    isFinished(state) || canCommit(state) || readable(state) != nil || state.isAhead
  }

  private func take(_ state: inout State, _ chunk: inout PlacedChunk) -> Job? {
    if isFinished(state) { return .finished }
    if canCommit(state) {
      state.isCommitting = true
      return .commit
    }
    let archive = readable(state)
    // Otherwise it is left for whoever inflates the next.
    if state.isAhead, archive != state.ahead.archive {
      swap(&state.ahead, &chunk)
      state.isAhead = false
      return .decode
    }
    guard let archive else { return nil }
    claim(archive, &state, &chunk)
    return .inflate
  }

  /// Makes `chunk` the next one of the archive, which is the task's until the chunk has been inflated.
  private func claim(_ archive: Int, _ state: inout State, _ chunk: inout PlacedChunk) {
    (chunk.archive, chunk.sequence) = (archive, state.archives[archive].sequence)
    state.archives[archive].isBusy = true
    state.archives[archive].sequence += 1
    state.inFlight += 1
  }

  private func isFinished(_ state: State) -> Bool {
    state.failure != nil || state.committing.archive == state.archives.count
  }

  private func canCommit(_ state: State) -> Bool {
    !state.isCommitting && state.archives[state.committing.archive].ready[state.committing.sequence] != nil
  }

  /// The earliest archive that can be read on within the bounds.
  private func readable(_ state: State) -> Int? {
    let first = state.committing.archive
    guard state.inFlight < 2 * bound else { return nil }
    let last = state.inFlight < bound ? state.archives.count : first + 1
    return (first..<last).first { !state.archives[$0].isBusy && !state.archives[$0].hasEnded }
  }
}
