/// The archives of a run in archive order: by path, byte by byte.
package struct ArchiveList: Sendable {
  package var paths: [String]

  /// Standard input, where a list names it.
  package static let standardInput = "-"

  /// Resolves patterns and checks that each match is a file that can be opened later.
  ///
  /// A path that two patterns match is read once. Throws when a pattern matches nothing, or something that is no file,
  /// and when a directory on its way cannot be listed: it could hold archives that would be missing from the books.
  package init(patterns: [String]) throws(IntakeError) {
    var found: Set<String> = []
    for pattern in patterns {
      if pattern == ArchiveList.standardInput {
        found.insert(pattern)
        continue
      }
      var matches = try Intake.paths(matching: pattern)
      if matches.isEmpty {
        switch FileStatus.of(pattern) {
        case .success: matches = [pattern]
        case .failure(.noSuchFile): throw .nothingMatches(patterns: [pattern])
        case .failure(let reason): throw .opening(pattern, reason)
        }
      }
      for path in matches {
        try ArchiveList.check(path)
        found.insert(path)
      }
    }
    guard !found.isEmpty else { throw .nothingMatches(patterns: patterns) }
    paths = found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func check(_ path: String) throws(IntakeError) {
    switch FileStatus.of(path) {
    case .failure(let reason): throw .opening(path, reason)
    case .success(let status): try status.requireFile(path)
    }
  }
}

extension FileStatus {
  /// Throws unless this is a regular file.
  func requireFile(_ path: String) throws(IntakeError) {
    switch kind {
    case .regular: return
    case .directory: throw .notAFile(path: path, what: "a directory")
    case .fifo: throw .notAFile(path: path, what: "a FIFO")
    case .socket: throw .notAFile(path: path, what: "a socket")
    case .device: throw .notAFile(path: path, what: "a device")
    }
  }
}
