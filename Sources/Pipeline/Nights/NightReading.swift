import CallModel
import Intake
import Synchronization
import Tally
import TextTables

/// Takes events into the books for some days: those of archives that are read again, and of the others what is kept.
final class DayTaker: ChunkTaker {
  private struct State {
    var committer: Committer
    /// The first archive of the window that has not been entered yet.
    var next = 0
  }

  private let window: NightWindow
  /// The archives that are read again, by their places in the window, ascending.
  private let sources: [Int]
  private let state: Mutex<State>

  init(_ window: NightWindow, reading sources: [Int], _ committer: Committer) {
    self.window = window
    self.sources = sources
    state = Mutex(State(committer: committer))
  }

  func commit(_ chunk: DecodedChunk) throws(RunError) {
    let archive = sources[chunk.archive]
    try state.withLock { state throws(RunError) in
      try enter(&state, before: archive)
      state.next = archive + 1
      var placed = chunk
      placed.archive = archive
      try state.committer.commit(placed)
    }
    if let end = chunk.end, !window.facts(of: archive).isOf(end) {
      throw .intake(.changedWhileRead(path: window.archives.paths[archive]))
    }
  }

  /// Enters what is kept of the archives up to one.
  private func enter(_ state: inout State, before archive: Int) throws(RunError) {
    while state.next < archive {
      try state.committer.commit(window.keptChunk(of: state.next))
      state.next += 1
    }
  }

  func close() throws(RunError) -> EventLedger {
    try state.withLock { state throws(RunError) in
      try enter(&state, before: window.archives.paths.count)
      state.committer.closeLedger()
      return state.committer.ledger
    }
  }
}

extension ArchiveSummary {
  /// Whether both are of the same bytes.
  func isOf(_ other: ArchiveSummary) -> Bool { crc == other.crc && bytes == other.bytes }
}
