import CallModel
import Intake
import Synchronization
import Tally
import TextTables

/// The lines of archives that tell of one call or campaign.
struct Timeline: Sendable {
  struct Entry: Sendable {
    let time: Timestamp?
    let kind: EventKind
    let origin: RecordOrigin
    let eventID: String
    /// A hash of it, the same in every archive.
    let idHash: UInt64
    let contentHash: UInt64
    /// Members by the name of the table's column whose mask they have.
    let says: [(name: String, column: String, value: String)]
  }

  /// In archive order.
  var calls: [Entry] = []
  var campaigns: [Entry] = []

  /// The entries as they are shown: by time, those without one first.
  ///
  /// `counted` and `superseded` are the records of the books' events; every other line was delivered again.
  func events(
    of entries: [Entry], counted: [RecordOrigin], superseded: [RecordOrigin], archives: [String],
    hiding hidden: String?, _ privacy: PipelineFile.Privacy
  ) -> [Explanation.Event] {
    var first: [String: UInt64] = [:]
    let events = entries.map { entry -> (Timestamp?, Explanation.Event) in
      let known = first[entry.eventID]
      first[entry.eventID] = known ?? entry.contentHash
      let delivery: Explanation.Event.Delivery =
        counted.contains(entry.origin)
        ? .counted
        : superseded.contains(entry.origin) ? .superseded : known == entry.contentHash ? .duplicate : .conflict
      let isShown = hidden.map { !entry.eventID.contains($0) } ?? true
      return (
        entry.time,
        Explanation.Event(
          time: entry.time?.description, event: entry.kind.name,
          says: entry.says.compactMap { name, column, value in
            privacy.masking(of: column).masked(value).map { Explanation.Figure(name: name, value: $0) }
          }, archive: archives[Int(entry.origin.archive)], line: entry.origin.line,
          eventID: isShown ? entry.eventID : nil, delivery: delivery)
      )
    }
    return events.enumerated().sorted { left, right in
      (left.element.0 ?? .earliest, left.offset) < (right.element.0 ?? .earliest, right.offset)
    }.map(\.element.1)
  }
}

/// Notes the events of one call or campaign as chunks pass, which come in archive order.
struct TimelineNotes: Sendable {
  private let id: [UInt8]
  private let hash: UInt64
  /// Lines passed, by archive.
  private var lines: [Int: UInt32] = [:]
  private(set) var timeline = Timeline()

  init(id: String) {
    let bytes = Array(id.utf8)
    self.id = bytes
    hash = hash64(bytes.span)
  }

  mutating func note(_ chunk: DecodedChunk) {
    guard chunk.end == nil else { return }
    let firstLine = lines[chunk.archive] ?? 0
    lines[chunk.archive] = firstLine &+ UInt32(truncatingIfNeeded: chunk.batch.lines)
    note(chunk.batch, RecordOrigin(archive: UInt32(chunk.archive), line: firstLine), &timeline)
  }

  /// `start` is the place of the line before the batch.
  private func note(_ batch: borrowing EventBatch, _ start: RecordOrigin, _ timeline: inout Timeline) {
    let (arena, id) = (batch.arena.span, self.id)
    for index in batch.events.indices {
      let event = batch.events[index]
      if event.kind.isCall {
        guard event.conversationHash == hash, sameBytes(arena.extracting(event.conversation.bounds), id.span) else {
          continue
        }
        timeline.calls.append(entry(event, batch, start, says(event, batch)))
      } else if batch.campaigns[Int(event.campaign)].campaignID.utf8.elementsEqual(id) {
        timeline.campaigns.append(entry(event, batch, start, says(batch.campaigns[Int(event.campaign)])))
      }
    }
  }

  private func entry(
    _ event: EventRecord, _ batch: borrowing EventBatch, _ start: RecordOrigin,
    _ says: [(name: String, column: String, value: String?)]
  ) -> Timeline.Entry {
    Timeline.Entry(
      time: time(event.timestamp), kind: event.kind,
      origin: RecordOrigin(archive: start.archive, line: start.line &+ event.line), eventID: batch.eventID(of: event),
      idHash: batch.idHash(of: event), contentHash: event.contentHash,
      says: says.compactMap { says in says.value.map { (says.name, says.column, $0) } })
  }

  private func says(
    _ event: EventRecord, _ batch: borrowing EventBatch
  ) -> [(name: String, column: String, value: String?)] {
    func outcome(_ text: TextBlock.Outcome) -> String? {
      event.outcome == 0 ? nil : batch.text(text.rawValue, of: batch.outcomes[Int(event.outcome) - 1])
    }
    func agent(_ text: TextBlock.Agent) -> String? {
      event.agent == 0 ? nil : batch.text(text.rawValue, of: batch.agents[Int(event.agent) - 1])
    }
    return [
      ("status", "status", outcome(.status)),
      (event.kind == .callProcessed ? "duration" : "call_duration", "duration_seconds", number(event.duration)),
      ("credits", "credits", number(event.credits).map { _ in Credits(millionths: Int128(event.credits)).description }),
      ("connected_at", "connected_at", time(event.connectedAt)?.description),
      ("ended_at", "ended_at", time(event.endedAt)?.description),
      ("error_code", "error_code", outcome(.errorCode)),
      ("campaign_id", "campaign_id", agent(.campaignID)), ("agent_id", "agent_id", agent(.agentID)),
    ]
  }

  private func says(_ event: CampaignEvent) -> [(name: String, column: String, value: String?)] {
    let claims = event.claims
    return [
      ("campaign_name", "campaign_name", event.campaignName), ("status", "status", event.status),
      ("started_at", "started_at", event.startedAt?.description), ("ended_at", "ended_at", event.endedAt?.description),
      ("total_calls", "total_calls", claims.totalCalls?.description),
      ("successful_calls", "successful_calls", claims.successfulCalls?.description),
      ("failed_calls", "failed_calls", claims.failedCalls?.description),
      ("total_duration", "total_duration", claims.totalDuration?.description),
      ("billable_duration", "billable_duration", claims.billableDuration?.description),
      ("total_credits", "total_credits", claims.totalCredits?.description),
    ]
  }

  private func time(_ microseconds: Int64) -> Timestamp? {
    microseconds == EventRecord.null ? nil : Timestamp(microseconds: microseconds)
  }

  private func number(_ value: Int64) -> String? { value == EventRecord.null ? nil : "\(value)" }
}

/// Takes chunks into books, and notes what they tell of one call or campaign.
final class TimelineTaker: ChunkTaker {
  let committer: SharedCommitter
  private let notes: Mutex<TimelineNotes>

  init(_ committer: SharedCommitter, id: String) {
    self.committer = committer
    notes = Mutex(TimelineNotes(id: id))
  }

  var timeline: Timeline { notes.withLock { $0.timeline } }

  func commit(_ chunk: DecodedChunk) throws(RunError) {
    notes.withLock { $0.note(chunk) }
    try committer.commit(chunk)
  }
}
