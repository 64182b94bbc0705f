import CallModel
import Intake
import TextTables

/// Rejected lines as they come: the rows of `rejects`, and the raw lines whole in `rejects.jsonl.gz`.
final class RejectTables: Sendable {
  private static let rawHead = 200

  private let tables: [OutputTable]
  /// Nil where privacy drops raw lines.
  private let raw: LinesFile?

  init(_ tables: [OutputTable], keepsRaw: Bool, checksums: Bool, in staging: borrowing StagingDirectory)
    throws(TextTablesError)
  {
    self.tables = tables
    raw = keepsRaw ? try LinesFile("rejects.jsonl.gz", checksums: checksums, in: staging) : nil
  }

  func append(_ rejects: [Reject], archive: String, firstLine: UInt32) throws(TextTablesError) {
    guard !rejects.isEmpty else { return }
    for table in tables {
      var encoder = table.encoder
      for reject in rejects { encoder.append(reject, archive: archive, firstLine: firstLine) }
      try table.append(encoder.take())
    }
    guard let raw else { return }
    var text: [UInt8] = []
    var lines = 0
    // Of these two no whole line is at hand; the archive still has it.
    for reject in rejects where reject.code != .lineTooLong && reject.code != .nestedGzip {
      text.append(contentsOf: reject.raw)
      text.append(0x0a)
      lines += 1
    }
    try raw.append(text, lines: lines)
  }

  /// The file of raw lines, once it is closed.
  var rawSummary: FileSummary? { raw?.summary }

  /// Closes the file of raw lines; the tables are closed with the others.
  func finish() throws(TextTablesError) { try raw?.finish() }

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
