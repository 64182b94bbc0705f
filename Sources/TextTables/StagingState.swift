import Synchronization

/// How far a set in a staging directory is: what a thread needs to know that has to end it while others write there.
package final class StagingState: Sendable {
  private enum Phase { case writing, publishing, published, removed }

  private let path: String
  private let phase = Mutex(Phase.writing)

  init(path: String) { self.path = path }

  /// Removes the set unless it is published, and waits for a publishing that has begun; true when it is published.
  ///
  /// From then on it cannot be published. Threads that go on writing fail, or write to files without a name.
  package func end() -> Bool {
    var found = Phase.publishing
    while found == .publishing {
      found = phase.withLock { phase in
        if phase == .writing { phase = .removed }
        return phase
      }
      if found == .publishing { SystemCalls.pause() }
    }
    // A thread that was about to create a file may do so while the directory is being emptied.
    for _ in 0..<100 {
      guard let kind = try? SystemCalls.kind(of: path), kind == .directory else { break }
      do { try removeTree(path) } catch { SystemCalls.pause() }
    }
    return found == .published
  }

  /// Makes the directory unless the set has been ended.
  func makeDirectory(mode: UInt32) throws(TextTablesError) {
    try phase.withLock { phase throws(TextTablesError) in
      guard phase == .writing else {
        throw .inputOutput(path: path, action: "make", reason: "the run was told to stop")
      }
      try SystemCalls.makeDirectory(path, mode: mode)
    }
  }

  /// False when the set has been ended.
  func beginPublishing() -> Bool {
    phase.withLock { phase in
      guard phase == .writing else { return false }
      phase = .publishing
      return true
    }
  }

  func endPublishing(isPublished: Bool) { phase.withLock { $0 = isPublished ? .published : .writing } }
}
