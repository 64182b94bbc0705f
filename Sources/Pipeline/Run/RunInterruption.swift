import Synchronization
import TextTables

/// Stops a run from outside, from whatever thread learns that it must end: a run that waits for more of a pipe, or writes
/// a large table, cannot be asked.
package final class RunInterruption: Sendable {
  private struct State {
    var isStopped = false
    var staging: StagingState?
  }

  private let state = Mutex(State())

  package init() {}

  /// Whether the run was told to stop; what it says of itself from then on is of no interest.
  package var isStopped: Bool { state.withLock { $0.isStopped } }

  /// Removes what the run has written and keeps it from publishing; true when it has already published.
  package func stop() -> Bool {
    let staging = state.withLock { state in
      state.isStopped = true
      return state.staging
    }
    return staging?.end() ?? false
  }

  /// Notes where the run writes.
  func watch(_ staging: StagingState) {
    let isStopped = state.withLock { state in
      state.staging = staging
      return state.isStopped
    }
    if isStopped { _ = staging.end() }
  }
}
