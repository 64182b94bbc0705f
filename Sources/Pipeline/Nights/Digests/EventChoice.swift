import CallModel

/// Which events of archives that are read again enter the books for some days, and whose transcripts and insights are
/// wanted.
struct EventChoice: BatchChoice {
  /// Of one archive, by hashes of conversations.
  struct OfArchive: Sendable {
    /// The settled calls of the days.
    let settled: Set<UInt64>
    let kept: Set<UInt64>
    /// Whether its rejected lines are wanted.
    let wantsRejects: Bool
  }

  /// By the archives' places in the reading.
  let archives: [OfArchive]
  /// The kept calls of the days, by hashes of their conversations.
  let shown: Set<UInt64>

  func apply(to batch: inout EventBatch, of archive: Int) {
    let choice = archives[archive]
    batch.keepEvents { event in
      guard event.kind.isCall else { return true }
      if choice.settled.contains(event.conversationHash) { return true }
      guard choice.kept.contains(event.conversationHash) else { return false }
      if !shown.contains(event.conversationHash) { (event.turnCount, event.insights) = (0, .empty) }
      return true
    }
    if !choice.wantsRejects { batch.rejects = [] }
  }
}
