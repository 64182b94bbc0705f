import CallModel

/// Why an output could not be written. Each prints as one sentence; only `unconfirmed` leaves anything published.
package enum TextTablesError: Error, Equatable, CustomStringConvertible {
  /// An output or its directory cannot be created (exit status 73).
  case cannotCreate(path: String, reason: String)
  /// Writing, reading back, syncing or renaming failed (exit status 74); `action` is a verb such as `write`.
  case inputOutput(path: String, action: String, reason: String)
  /// A set is published, and the disk did not confirm it (exit status 74).
  case unconfirmed(path: String, reason: String)
  /// A file does not hold what was written to it (exit status 74).
  case damaged(path: String, reason: String)
  /// Another run holds the lock (exit status 75).
  case locked(path: String)

  package var description: String { sentence.visible }

  private var sentence: String {
    switch self {
    case .cannotCreate(let path, let reason): "cannot create \(path): \(reason)"
    case .inputOutput(let path, let action, let reason): "cannot \(action) \(path): \(reason)"
    case .unconfirmed(let path, let reason): "\(path) is published, but a power cut may take that back: \(reason)"
    case .damaged(let path, let reason): "\(path) does not hold what was written to it: \(reason)"
    case .locked(let path): "another run holds the lock \(path); wait for it to end and run again"
    }
  }
}
