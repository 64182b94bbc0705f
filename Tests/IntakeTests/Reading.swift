import CallModel
import Intake

/// One event as its batch holds it, with every range replaced by the text it stands for.
struct ReadEvent: Equatable {
  var kind: EventKind
  /// The line in the archive, from 1.
  var line: Int
  var id: String
  var conversation: String?
  var agent: [String?] = []
  var contact: [String?] = []
  var outcome: [String?] = []
  var recordingURL: String?
  var insights: String?
  var times: [String?]
  var credits: String?
  var duration: Int64?
  var turns: [[String?]] = []
  var campaign: String?
  var claims: CampaignClaims?
  /// Members whose time no calendar has.
  var badTimes: [String]
}

/// A rejected line.
struct ReadReject: Equatable {
  var line: Int
  var code: RejectCode
  var raw: [UInt8]

  init(line: Int, code: RejectCode, raw: some Sequence<UInt8>) {
    (self.line, self.code, self.raw) = (line, code, Array(raw))
  }
}

/// Everything that reading one archive to its end gives: what the books are made of, whatever the chunks were.
struct Reading: Equatable {
  var lines = 0
  var blank = 0
  var ignored = 0
  var events: [ReadEvent] = []
  var rejects: [ReadReject] = []
  /// `event field kind type ×count @line`, in order of text.
  var drift: [String] = []
  var condition = ArchiveCondition.whole
  var fault: String?
  var members = 0
  var bytes: Int64 = 0
  var textBytes: Int64 = 0

  /// Whether every line is an event, a reject, ignored or blank.
  var balances: Bool { lines == events.count + rejects.count + ignored + blank }

  var ids: [String] { events.map(\.id) }
  var codes: [RejectCode] { rejects.map(\.code) }

  /// Reads `path` with a decoder, a batch and a buffer that have read the `earlier` archives.
  init(
    path: String, limits: IntakeLimits = IntakeLimits(), zone: ZoneRules = .utc,
    chunkSize: Int = ArchiveReader.usualChunkSize, after earlier: [String] = []
  ) throws {
    var reader = try ArchiveReader(path: path, limits: limits, chunkSize: chunkSize)
    var decoder = EventDecoder(limits: limits, zone: zone)
    var batch = EventBatch()
    var chunk = Chunk()
    for path in earlier {
      var reader = try ArchiveReader(path: path, limits: limits)
      while try reader.nextChunk(into: &chunk) {
        decoder.decode(chunk, into: &batch)
        batch.removeAll()
      }
    }
    var sightings: [String: (line: Int, count: Int)] = [:]
    while try reader.nextChunk(into: &chunk) {
      decoder.decode(chunk, into: &batch)
      for place in batch.events.indices {
        events.append(ReadEvent(place, of: batch, in: chunk, linesBefore: lines))
      }
      for reject in batch.rejects {
        rejects.append(ReadReject(line: lines + Int(reject.line), code: reject.code, raw: reject.raw))
      }
      for note in batch.drift {
        let key = "\(note.event) \(note.field) \(note.kind.rawValue) \(note.type)"
        let seen = sightings[key] ?? (lines + Int(note.line), 0)
        sightings[key] = (seen.line, seen.count + note.count)
      }
      lines += batch.lines
      blank += batch.blankLines
      ignored += batch.ignoredLines
      batch.removeAll()
    }
    drift = sightings.map { "\($0) ×\($1.count) @\($1.line)" }.sorted()
    let summary = reader.summary
    (condition, fault, members) = (summary.condition, summary.fault, summary.members)
    (bytes, textBytes) = (summary.bytes, summary.textBytes)
  }
}

extension ReadEvent {
  init(_ place: Int, of batch: EventBatch, in chunk: Chunk, linesBefore: Int) {
    let record = batch.events[place]
    let arena = batch.arena
    func text(_ range: ByteRange) -> String { String(decoding: arena[range.start..<range.end], as: UTF8.self) }
    func texts(_ block: ByteRange, _ count: Int) -> [String?] {
      guard block.count > 0 else { return [] }
      return (0..<count).map { index in
        TextBlock.text(index, at: block.start, of: arena.span).map { String(decoding: arena[$0], as: UTF8.self) }
      }
    }
    func spoken(_ text: TranscriptTurn.Text) -> String? {
      let range = text.range.start..<text.range.end
      return switch text.place {
      case .null: nil
      case .chunk: String(decoding: chunk.bytes[range], as: UTF8.self)
      case .arena: String(decoding: arena[range], as: UTF8.self)
      }
    }
    kind = record.kind
    line = linesBefore + Int(record.line)
    id = record.key.digits > 0 ? ReadEvent.id(of: record.key) : text(record.verbatimID)
    times = [record.timestamp, record.connectedAt, record.endedAt].map {
      $0 == EventRecord.null ? nil : Timestamp(microseconds: $0).description
    }
    credits = record.credits == EventRecord.null ? nil : Credits(millionths: Int128(record.credits)).description
    duration = record.duration == EventRecord.null ? nil : record.duration
    badTimes = batch.timestampFaults.filter { $0.event == place }.map(\.field)
    if record.kind.isCall {
      conversation = text(record.conversation)
      agent = texts(batch.agents[Int(record.agent) - 1].range, TextBlock.Agent.allCases.count)
      contact = texts(record.contact, TextBlock.Contact.allCases.count)
      let outcomeRange = record.outcome == 0 ? ByteRange.empty : batch.outcomes[Int(record.outcome) - 1].range
      outcome = Array(texts(outcomeRange, TextBlock.Outcome.allCases.count).prefix(3))
      let result = texts(record.result, TextBlock.Result.allCases.count)
      if !result.isEmpty { (recordingURL, insights) = (result[0], result[1]) }
      if outcomeRange.count > 0,
        let pattern = TextBlock.text(
          TextBlock.Outcome.recordingPattern.rawValue, at: outcomeRange.start, of: arena.span)
      {
        let id = arena[record.conversation.start..<record.conversation.end]
        let parts = arena[pattern].split(separator: TextBlock.idMark, omittingEmptySubsequences: false)
        recordingURL = String(decoding: Array(parts.joined(separator: id)), as: UTF8.self)
      }
      turns = batch.turns[Int(record.firstTurn)...].prefix(Int(record.turnCount)).map {
        [spoken($0.role), spoken($0.content)]
      }
    } else {
      let event = batch.campaigns[Int(record.campaign)]
      (campaign, claims) = (String(describing: event), event.claims)
    }
  }

  /// The id that a packed key stands for.
  private static func id(of key: EventKey) -> String {
    let value = UInt128(key.high) << 64 | UInt128(key.low)
    let digits = String(value, radix: 16)
    return "evt_" + String(repeating: "0", count: max(0, Int(key.digits) - digits.count)) + digits
  }
}
