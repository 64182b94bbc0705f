import CallModel
import Intake
import Synchronization
import Tally
import TextTables

/// The raw events of disputes as `disputes.jsonl.gz` has them: one JSON object a line, in archive order.
///
///     {"code":…,"subject_type":…,"subject_id":…,"archive":…,"line":…,"event_id":…,"event":…}
///
/// `event` is the archive's line byte for byte. A record that several disputes name is there once for each of them, in
/// the order of their table.
struct DisputeEvidence: Sendable {
  /// What one chunk's records become.
  struct Lines: Sendable {
    var text: [UInt8] = []
    var count = 0
    /// Records found in the archive, each once.
    var records = 0
  }

  /// An archive that holds records of disputes.
  struct Source: Sendable {
    let archive: UInt32
    let path: String
    /// In ascending order.
    var lines: [UInt32] = []
    /// By line: where its disputes begin in `disputes`.
    var starts: [Int32] = []
    var disputes: [Int32] = []

    var isStandardInput: Bool { path == ArchiveList.standardInput }

    /// The disputes that name the record of the line at a place in `lines`.
    func disputes(at place: Int) -> ArraySlice<Int32> {
      disputes[Int(starts[place])..<(place + 1 < starts.count ? Int(starts[place + 1]) : disputes.count)]
    }
  }

  /// In archive order.
  var sources: [Source]
  /// By dispute: the members before `archive`.
  private let heads: [[UInt8]]
  private let privacy: PipelineFile.Privacy

  init(_ tables: SmallTables) {
    var records: [(origin: RecordOrigin, dispute: Int32)] = []
    for (number, dispute) in tables.disputes.enumerated() {
      for origin in dispute.records { records.append((origin, Int32(number))) }
    }
    records.sort { ($0.origin, $0.dispute) < ($1.origin, $1.dispute) }
    sources = []
    for (origin, dispute) in records {
      if sources.last?.archive != origin.archive {
        sources.append(Source(archive: origin.archive, path: tables.books.archiveNames[Int(origin.archive)]))
      }
      let last = sources.count - 1
      if sources[last].lines.last != origin.line {
        sources[last].lines.append(origin.line)
        sources[last].starts.append(Int32(sources[last].disputes.count))
      }
      sources[last].disputes.append(dispute)
    }
    heads = tables.disputes.map { dispute in
      let subject = dispute.finding.subject
      let id = tables.maskedID(of: subject)
      var head = Array("{".utf8)
      head.append(member: "code", dispute.finding.code.rawValue)
      head.append(member: "subject_type", subject.type)
      head.append(member: "subject_id", id)
      return head
    }
    privacy = tables.privacy
  }

  /// The evidence of some of the sources.
  func part(_ places: Range<Int>) -> DisputeEvidence {
    var part = self
    part.sources = Array(sources[places])
    return part
  }

  /// The lines of the archive at a place in `sources` out of held ones, some at a time.
  func forEachLines(
    of held: HeldLines, ofSource source: Int, _ decoder: inout EventDecoder, _ body: (Lines) throws(RunError) -> Void
  ) throws(RunError) {
    var batch = EventBatch()
    for chunk in held.chunks {
      batch.removeAll()
      decoder.decode(chunk, into: &batch)
      try body(lines(of: batch, in: chunk, of: source))
    }
  }

  /// The lines of a chunk of the archive at a place in `sources`. Throws where a record is no event any more.
  func lines(of batch: borrowing EventBatch, in chunk: borrowing Chunk, of source: Int) throws(RunError) -> Lines {
    var lines = Lines()
    guard let chosen = chunk.chosen, let first = chosen.lines.first else { return lines }
    let source = sources[source]
    guard chosen.lines.count == batch.events.count,
      var place = source.lines.firstIndex(of: chosen.firstLine &+ first.number)
    else { throw .intake(.changedWhileRead(path: source.path)) }
    for (event, line) in zip(batch.events, chosen.lines) {
      var raw: [UInt8] = []
      raw.append(copying: chunk.bytes.span.extracting(line.range))
      append(place, of: source, id: shownID(of: event, batch), raw: raw, to: &lines)
      place += 1
    }
    return lines
  }

  /// The `event_id`; nil where it holds an id that is masked.
  private func shownID(of event: EventRecord, _ batch: borrowing EventBatch) -> String? {
    let id = batch.eventID(of: event)
    let holdsMasked = { (column: String, text: String?) in
      privacy.rule(for: column) != nil && text.map { id.contains($0) } ?? false
    }
    let isHidden =
      holdsMasked("conversation_id", batch.conversationID(of: event))
      || holdsMasked("campaign_id", batch.campaignText(of: event))
    return isHidden ? nil : id
  }

  /// The lines of an archive that cannot be read again, without events.
  func linesWithoutEvents(of source: Source) -> Lines {
    var lines = Lines()
    for place in source.lines.indices { append(place, of: source, id: nil, raw: nil, to: &lines) }
    return lines
  }

  private func append(_ place: Int, of source: Source, id: String?, raw: [UInt8]?, to lines: inout Lines) {
    lines.records += 1
    for dispute in source.disputes(at: place) {
      lines.text.append(contentsOf: heads[Int(dispute)])
      lines.text.append(member: "archive", source.path)
      lines.text.append(utf8: "\"line\":\(source.lines[place]),")
      lines.text.append(member: "event_id", id)
      lines.text.append(utf8: "\"event\":")
      if privacy.keepsRaw, let raw {
        // A byte order mark belongs to the file and to no JSON value.
        lines.text.append(contentsOf: raw.starts(with: [0xef, 0xbb, 0xbf]) ? raw.dropFirst(3) : raw[...])
      } else {
        lines.text.append(utf8: "null")
      }
      lines.text.append(utf8: "}\n")
      lines.count += 1
    }
  }
}

extension TableSet {
  /// Writes the raw events of the disputes: out of the lines that were held while archives were read, or where those of an
  /// archive are not all there, out of a second reading of it.
  ///
  /// What was read from standard input cannot be read again: of its records the place alone is told.
  func write(_ evidence: DisputeEvidence, _ file: PipelineFile, threads: Int) async throws(RunError) {
    guard let disputes else { return }
    let sources = evidence.sources
    let held = sources.map { recentLines?.lines($0.lines, of: $0.path) }
    let isRead = sources.indices.map { !sources[$0].isStandardInput && held[$0] == nil }
    var decoder = EventDecoder(limits: file.limits, zone: ZoneRules(named: file.input.timezone))
    var next = 0
    while next < sources.count {
      if isRead[next] {
        let end = isRead[next...].firstIndex(of: false) ?? sources.count
        try await read(evidence.part(next..<end), into: disputes, file, threads: threads)
        next = end
        continue
      }
      if sources[next].isStandardInput {
        try disputes.append(evidence.linesWithoutEvents(of: sources[next]))
      } else if let lines = held[next] {
        try evidence.forEachLines(of: lines, ofSource: next, &decoder) { lines throws(RunError) in
          try disputes.append(lines)
        }
      }
      next += 1
    }
  }

  /// Only the lines asked for are decoded, and an archive is left behind its last one.
  private func read(
    _ evidence: DisputeEvidence, into disputes: LinesFile, _ file: PipelineFile, threads: Int
  ) async throws(RunError) {
    let sources = evidence.sources
    var reading = ArchiveReading(
      sources.map(\.path), file, details: DetailOutputs(), threads: threads, progress: ReadingProgress(),
      choose: { .numbered(sources[$0].lines) })
    reading.evidence = evidence
    // Where most lines are evidence, chunks hold as much of it as of text.
    reading.bound = max(threads + 1, min(reading.bound, 400_000 / sources.reduce(1) { $0 + $1.lines.count }))
    try await reading.run(into: EvidenceTaker(sources, disputes))
  }
}

/// Takes the lines of a second reading to their file, and makes sure that none is missing.
private final class EvidenceTaker: ChunkTaker {
  private let sources: [DisputeEvidence.Source]
  private let file: LinesFile
  /// Records by source that are still to come.
  private let missing: Mutex<[Int]>

  init(_ sources: [DisputeEvidence.Source], _ file: LinesFile) {
    self.sources = sources
    self.file = file
    missing = Mutex(sources.map(\.lines.count))
  }

  func commit(_ chunk: DecodedChunk) throws(RunError) {
    if let lines = chunk.evidence {
      missing.withLock { $0[chunk.archive] -= lines.records }
      try file.append(lines)
    }
    if chunk.end != nil, missing.withLock({ $0[chunk.archive] }) > 0 {
      throw .intake(.changedWhileRead(path: sources[chunk.archive].path))
    }
  }
}

extension LinesFile {
  fileprivate func append(_ lines: DisputeEvidence.Lines) throws(RunError) {
    do throws(TextTablesError) {
      try append(lines.text, lines: lines.count)
    } catch {
      throw .output(error)
    }
  }
}

extension [UInt8] {
  /// Appends a member of a JSON object and the comma behind it.
  fileprivate mutating func append(member name: String, _ value: String?) {
    append(utf8: "\"\(name)\":")
    if let value { append(jsonString: value) } else { append(utf8: "null") }
    append(UInt8(ascii: ","))
  }
}
