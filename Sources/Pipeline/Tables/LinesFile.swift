import Intake
import Synchronization
import TextTables

/// A gzipped file of whole lines beside the tables, written as the lines come.
final class LinesFile: Sendable {
  private struct State: ~Copyable {
    /// Nil when the file is closed.
    var file: OutputFile?
    var text: [UInt8] = []
    var lines = 0
    var summary: FileSummary?
    /// zlib's, 1 to 9.
    let level: Int32

    mutating func writeMember() throws(TextTablesError) {
      try file?.append(gzipMember(text, level: level))
      text.removeAll(keepingCapacity: true)
    }
  }

  /// Bytes after which a gzip member ends with its line.
  private static let memberSize = 1 << 20

  private let state: Mutex<State>

  /// `level` is zlib's, from 1 for the fastest to 9.
  init(
    _ name: String, level: Int32 = 6, checksums: Bool, in staging: borrowing StagingDirectory
  ) throws(TextTablesError) {
    state = Mutex(State(file: try OutputFile(name, in: staging, checksums: checksums), level: level))
  }

  /// Appends `lines` lines, each with its line feed. Where members end does not depend on how lines are put together here.
  func append(_ text: [UInt8], lines: Int) throws(TextTablesError) {
    try state.withLock { state throws(TextTablesError) in
      state.lines += lines
      var rest = text[...]
      while state.text.count + rest.count >= LinesFile.memberSize {
        let needed = max(1, LinesFile.memberSize - state.text.count)
        let end = rest[(rest.startIndex + needed - 1)...].firstIndex(of: 0x0a) ?? rest.endIndex - 1
        state.text.append(contentsOf: rest[...end])
        rest = rest[(end + 1)...]
        try state.writeMember()
      }
      state.text.append(contentsOf: rest)
    }
  }

  /// What was written, once the file is closed.
  var summary: FileSummary? { state.withLock { $0.summary } }

  /// Closes the file; a second call does nothing. A file without lines is one empty member.
  func finish() throws(TextTablesError) {
    try state.withLock { state throws(TextTablesError) in
      if !state.text.isEmpty || state.lines == 0 { try state.writeMember() }
      guard let file = state.file.take() else { return }
      state.summary = try file.finish(rows: state.lines)
    }
  }
}
