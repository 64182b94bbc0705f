import Synchronization
import TextTables

/// Stops a run from outside, from whatever thread learns that it must end: a run that waits for more of a pipe, or writes
/// a large table, cannot be asked.
package final class RunInterruption: Sendable {
  private struct State {
    var isStopped = false
    var isOver = false
    var stagings: [StagingState] = []
  }

  private let state = Mutex(State())

  package init() {}

  /// Whether the run was told to stop; what it says of itself from then on is of no interest.
  package var isStopped: Bool { state.withLock { $0.isStopped } }

  /// How much of what a run was to publish is published.
  package enum Published: Sendable { case nothing, some, all }

  /// Removes what the run has written and keeps it from publishing more; says what it has already published, or nil when
  /// there is nothing left to stop.
  package func stop() -> Published? {
    let (isOver, stagings) = state.withLock { state in
      state.isStopped = !state.isOver
      return (state.isOver, state.stagings)
    }
    guard !isOver else { return nil }
    // The last one first, so that no set is published after one that was to come before it has been taken away.
    let published = stagings.reversed().map { $0.end() }.count { $0 }
    return published == 0 ? .nothing : published == stagings.count ? .all : .some
  }

  /// Says that the program is about to end by itself; false when it has been stopped and somebody else ends it.
  package func finish() -> Bool {
    state.withLock { state in
      state.isOver = !state.isStopped
      return state.isOver
    }
  }

  /// Notes where the run writes.
  func watch(_ staging: StagingState) {
    let isStopped = state.withLock { state in
      state.stagings.append(staging)
      return state.isStopped
    }
    if isStopped { _ = staging.end() }
  }
}
