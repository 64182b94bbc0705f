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
    var notes: TimelineNotes?

    mutating func enter(_ chunk: DecodedChunk) throws(RunError) {
      notes?.note(chunk)
      try committer.commit(chunk)
    }
  }

  private let window: NightWindow
  /// The archives that are read again, by their places in the window, ascending.
  private let sources: [Int]
  private let state: Mutex<State>

  /// `notes` are taken of everything that is entered.
  init(_ window: NightWindow, reading sources: [Int], _ committer: Committer, notes: TimelineNotes? = nil) {
    self.window = window
    self.sources = sources
    state = Mutex(State(committer: committer, notes: notes))
  }

  func commit(_ chunk: DecodedChunk) throws(RunError) {
    let archive = sources[chunk.archive]
    try state.withLock { state throws(RunError) in
      try enter(&state, before: archive)
      state.next = archive + 1
      var placed = chunk
      placed.archive = archive
      try state.enter(placed)
    }
    if let end = chunk.end, !window.facts(of: archive).isOf(end) {
      throw .intake(.changedWhileRead(path: window.archives.paths[archive]))
    }
  }

  /// Enters what is kept of the archives up to one.
  private func enter(_ state: inout State, before archive: Int) throws(RunError) {
    while state.next < archive {
      try state.enter(window.keptChunk(of: state.next))
      state.next += 1
    }
  }

  func close() throws(RunError) -> (ledger: EventLedger, timeline: Timeline) {
    try state.withLock { state throws(RunError) in
      try enter(&state, before: window.archives.paths.count)
      state.committer.closeLedger()
      return (state.committer.ledger, state.notes?.timeline ?? Timeline())
    }
  }
}

extension ArchiveSummary {
  /// Whether both are of the same bytes.
  func isOf(_ other: ArchiveSummary) -> Bool { crc == other.crc && bytes == other.bytes }
}
