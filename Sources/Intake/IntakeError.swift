import CallModel

/// Why an archive, and with it the run, cannot be read on. One odd record is never an error: it becomes a `Reject`.
package enum IntakeError: Error, Equatable, Sendable {
  /// No archive matches any of the patterns.
  case nothingMatches(patterns: [String])
  /// The path leads to something that is no archive, said in words: `a directory`.
  case notAFile(path: String, what: String)
  case cannotOpen(path: String, reason: String)
  /// Standard input was to be read and had ended before its first byte: whoever was to write it has failed.
  case standardInputIsEmpty
  /// Reading failed at a byte of the file.
  case cannotRead(path: String, byte: Int64, reason: String)
  /// The file's size or time of change was another after reading than before.
  case changedWhileRead(path: String)
  /// The archive inflates to more than `limits.archive`.
  case archiveTooLarge(path: String, limit: Int64)
}

extension IntakeError {
  /// What opening a path failed with: of a machine that is short of files or memory, it says nothing about the path.
  static func opening(_ path: String, _ error: ErrorNumber) -> IntakeError {
    error.isOfTheMachine
      ? .cannotRead(path: path, byte: 0, reason: error.description)
      : .cannotOpen(path: path, reason: error.description)
  }
}

extension IntakeError: CustomStringConvertible {
  package var description: String { sentence.visible }

  private var sentence: String {
    switch self {
    case .nothingMatches(let patterns):
      "no archive matches \(patterns.joined(separator: ", "))"
    case .notAFile(let path, let what):
      "\(path) is \(what), not an archive; name a .jsonl.gz or .jsonl file, a pattern such as 'DIR/*.jsonl.gz', or -"
    case .cannotOpen(let path, let reason):
      "cannot open \(path): \(reason)"
    case .standardInputIsEmpty:
      "standard input held nothing"
    case .cannotRead(let path, let byte, let reason):
      "cannot read \(path) beyond byte \(byte): \(reason)"
    case .changedWhileRead(let path):
      "\(path) changed while it was read; run again when its writer has finished"
    case .archiveTooLarge(let path, let limit):
      "\(path) inflates to more than limits.archive (\(limit) bytes); if it is no gzip bomb, raise the limit"
    }
  }
}
