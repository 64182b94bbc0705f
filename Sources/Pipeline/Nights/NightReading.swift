import CallModel
import Intake
import Synchronization
import Tally
import TextTables

/// Takes the rows of some calls out of a second reading of the archives that hold them, and the rejected lines.
final class DetailTaker: ChunkTaker {
  /// An archive to be read again.
  struct Source {
    let totals: ArchiveTotals
    /// The lines of the `call.processed` events whose rows are wanted.
    var lines: Set<UInt32> = []
    let wantsRejects: Bool
  }

  private let sources: [Source]
  private let details: DetailOutputs
  private let rejects: RejectTables
  private let firstLines: Mutex<[UInt32]>

  init(_ sources: [Source], _ details: DetailOutputs, _ rejects: RejectTables) {
    self.sources = sources
    self.details = details
    self.rejects = rejects
    firstLines = Mutex(sources.map { _ in 0 })
  }

  func commit(_ chunk: DecodedChunk) throws(RunError) {
    let source = sources[chunk.archive]
    if let end = chunk.end {
      let known = source.totals.summary
      guard end.crc == known.crc, end.bytes == known.bytes else {
        throw .intake(.changedWhileRead(path: source.totals.path))
      }
      return
    }
    let firstLine = firstLines.withLock { lines in
      defer { lines[chunk.archive] += UInt32(truncatingIfNeeded: chunk.batch.lines) }
      return lines[chunk.archive]
    }
    let events = chunk.batch.events
    func unwanted(_ count: (EventRecord) -> UInt32) -> [Range<Int>] {
      var ranges: [Range<Int>] = []
      var row = 0
      for event in events where count(event) > 0 {
        let rows = row..<(row + Int(count(event)))
        row = rows.upperBound
        if !source.lines.contains(firstLine &+ event.line) { ranges.append(rows) }
      }
      return ranges
    }
    do throws(TextTablesError) {
      try DetailTaker.append(chunk.transcripts, to: details.transcripts, without: unwanted(\.turnCount))
      try DetailTaker.append(chunk.insights, to: details.insights, without: unwanted(\.insightCount))
      if source.wantsRejects {
        try rejects.append(chunk.batch.rejects, archive: source.totals.path, firstLine: firstLine)
      }
    } catch {
      throw .output(error)
    }
  }

  private static func append(
    _ rendered: [RenderedRows], to tables: [OutputTable], without rows: [Range<Int>]
  ) throws(TextTablesError) {
    for (table, wanted) in zip(tables, rendered) {
      try table.append(rows.isEmpty ? wanted : wanted.removing(rows: rows))
    }
  }
}
