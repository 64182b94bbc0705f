import CallModel
import Intake
import Synchronization
import TextTables

/// Rejected lines as they come: the rows of `rejects`, and the raw lines whole in `rejects.jsonl.gz`.
final class RejectTables: Sendable {
  private struct Raw: ~Copyable {
    /// Nil where privacy drops raw lines, and when the file is closed.
    var file: OutputFile?
    var text: [UInt8] = []
    var lines = 0
    var summary: FileSummary?

    mutating func writeMember() throws(TextTablesError) {
      try file?.append(gzipMember(text))
      text.removeAll(keepingCapacity: true)
    }
  }

  private static let rawHead = 200
  /// Raw bytes gathered before they become one gzip member.
  private static let memberSize = 1 << 20

  private let tables: [OutputTable]
  private let raw: Mutex<Raw>

  init(_ tables: [OutputTable], keepsRaw: Bool, checksums: Bool, in staging: borrowing StagingDirectory)
    throws(TextTablesError)
  {
    self.tables = tables
    raw = Mutex(Raw(file: keepsRaw ? try OutputFile("rejects.jsonl.gz", in: staging, checksums: checksums) : nil))
  }

  func append(_ rejects: [Reject], archive: String, firstLine: UInt32) throws(TextTablesError) {
    guard !rejects.isEmpty else { return }
    for table in tables {
      var encoder = table.encoder
      for reject in rejects { encoder.append(reject, archive: archive, firstLine: firstLine) }
      try table.append(encoder.take())
    }
    try raw.withLock { raw throws(TextTablesError) in
      guard raw.file != nil else { return }
      // Of these two no whole line is at hand; the archive still has it.
      for reject in rejects where reject.code != .lineTooLong && reject.code != .nestedGzip {
        raw.text.append(contentsOf: reject.raw)
        raw.text.append(0x0a)
        raw.lines += 1
        if raw.text.count >= RejectTables.memberSize { try raw.writeMember() }
      }
    }
  }

  /// The file of raw lines, once it is closed.
  var rawSummary: FileSummary? { raw.withLock { $0.summary } }

  /// Closes the file of raw lines; the tables are closed with the others.
  func finish() throws(TextTablesError) {
    try raw.withLock { raw throws(TextTablesError) in
      if !raw.text.isEmpty || raw.lines == 0 { try raw.writeMember() }
      guard let file = raw.file.take() else { return }
      raw.summary = try file.finish(rows: raw.lines)
    }
  }

  /// The first characters of a raw line, as text: bytes that are no UTF-8 become replacement characters.
  static func head(of raw: [UInt8]) -> String {
    String(String(decoding: raw.prefix(rawHead * 4), as: UTF8.self).prefix(rawHead))
  }
}

extension RowEncoder {
  fileprivate mutating func append(_ reject: Reject, archive: String, firstLine: UInt32) {
    for column in columns {
      switch column {
      case 0: text(archive)
      case 1: integer(Int64(firstLine &+ reject.line))
      case 2: text(reject.code.rawValue)
      case 3: text(reject.message)
      default: text(RejectTables.head(of: reject.raw))
      }
    }
    endRow()
  }
}
