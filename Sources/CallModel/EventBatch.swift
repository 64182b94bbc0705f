/// What one chunk of whole lines decoded to: the unit that passes between tasks.
package struct EventBatch: Sendable {
  /// Texts that the records' ranges point into.
  package var arena: [UInt8] = []
  /// The distinct agent and outcome blocks of the batch's events; a block may stand here twice.
  package var agents: [TextBlock.Shared] = []
  package var outcomes: [TextBlock.Shared] = []
  /// Accepted-so-far events in line order; deduplication has yet to judge them.
  package var events: [EventRecord] = []
  package var campaigns: [CampaignEvent] = []
  package var turns: [TranscriptTurn] = []
  package var rejects: [Reject] = []
  package var timestampFaults: [TimestampFault] = []
  package var drift: [DriftNote] = []
  /// Lines of the chunk, of every kind.
  package var lines = 0
  package var blankLines = 0
  /// Lines that hold an event of an unknown name.
  package var ignoredLines = 0
  /// The least and the greatest event `timestamp` of the chunk.
  package var earliest: Timestamp?
  package var latest: Timestamp?

  package init() {}

  /// Where the `campaign_id` of an event stands in the arena; nil for null.
  package func campaignID(of event: EventRecord) -> Range<Int>? {
    guard event.agent > 0 else { return nil }
    return TextBlock.text(
      TextBlock.Agent.campaignID.rawValue, at: agents[Int(event.agent) - 1].range.start, of: arena.span)
  }

  /// The `event_id` of an event, as its JSON means it.
  package func eventID(of event: EventRecord) -> String { event.key.text ?? text(event.verbatimID.bounds) }

  /// The `conversation_id` of a call event; nil of a campaign's.
  package func conversationID(of event: EventRecord) -> String? {
    event.kind.isCall ? text(event.conversation.bounds) : nil
  }

  /// The `campaign_id` of any event; nil for null.
  package func campaignText(of event: EventRecord) -> String? {
    event.kind.isCall ? campaignID(of: event).map(text) : campaigns[Int(event.campaign)].campaignID
  }

  /// A text of a shared block; nil for null.
  package func text(_ index: Int, of block: TextBlock.Shared) -> String? {
    TextBlock.text(index, at: block.range.start, of: arena.span).map(text)
  }

  private func text(_ range: Range<Int>) -> String {
    var bytes: [UInt8] = []
    bytes.append(copying: arena.span.extracting(range))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A hash of an event's `event_id`, the same in every batch.
  package func idHash(of event: EventRecord) -> UInt64 {
    event.key.digits > 0 ? event.key.hash : hash64(arena.span.extracting(event.verbatimID.bounds))
  }

  /// A copy, no larger than it must be, of what is needed to enter the events into books, and of how many lines there are.
  package func eventsAlone() -> EventBatch {
    var copy = EventBatch()
    copy.arena.append(copying: arena.span)
    copy.agents = Array(agents[...])
    copy.outcomes = Array(outcomes[...])
    copy.events = Array(events[...])
    copy.campaigns = campaigns
    copy.timestampFaults = timestampFaults
    copy.lines = lines
    return copy
  }

  /// Empties the batch and keeps its memory for the next chunk.
  package mutating func removeAll() {
    arena.removeAll(keepingCapacity: true)
    agents.removeAll(keepingCapacity: true)
    outcomes.removeAll(keepingCapacity: true)
    events.removeAll(keepingCapacity: true)
    campaigns.removeAll(keepingCapacity: true)
    turns.removeAll(keepingCapacity: true)
    rejects.removeAll(keepingCapacity: true)
    timestampFaults.removeAll(keepingCapacity: true)
    drift.removeAll(keepingCapacity: true)
    (lines, blankLines, ignoredLines) = (0, 0, 0)
    (earliest, latest) = (nil, nil)
  }
}

/// A line that could not become an event. The line is counted and kept; the run goes on.
package struct Reject: Sendable {
  /// The line within the batch's chunk, from 1.
  package var line: UInt32
  package var code: RejectCode
  /// One sentence without any value of the record, with the column where there is one.
  package var message: String
  /// The line as it stood, without its line break; only a head of it where the line was over the limit.
  package var raw: [UInt8]

  package init(line: UInt32, code: RejectCode, message: String, raw: [UInt8]) {
    self.line = line
    self.code = code
    self.message = message
    self.raw = raw
  }
}

/// Why a line was rejected.
package enum RejectCode: String, CaseIterable, Sendable {
  case truncatedLine = "truncated-line"
  case lineTooLong = "line-too-long"
  case nestedGzip = "nested-gzip"
  case invalidJSON = "invalid-json"
  case invalidUTF8 = "invalid-utf8"
  case loneSurrogate = "lone-surrogate"
  case tooDeep = "too-deep"
  case trailingContent = "trailing-content"
  case notAnObject = "not-an-object"
  case duplicateKey = "duplicate-key"
  case missingEvent = "missing-event"
  case missingEventID = "missing-event-id"
  case missingConversationID = "missing-conversation-id"
  case missingCampaignID = "missing-campaign-id"
  case badField = "bad-field"
}

/// A time of an accepted event that no calendar or clock has; the field is null.
package struct TimestampFault: Sendable {
  /// The event's place in the batch's `events`.
  package var event: UInt32
  /// The member's name, such as `ended_at`.
  package var field: String

  package init(event: UInt32, field: String) {
    self.event = event
    self.field = field
  }
}

/// How the provider's events differ from what is known of them.
package struct DriftNote: Sendable {
  package enum Kind: String, Sendable {
    case unknownEvent = "unknown_event"
    case unknownField = "unknown_field"
    case typeChange = "type_change"
  }

  /// The `field` under which members are counted together when there are too many names to tell apart.
  package static let otherMembers = "(other members)"

  /// The event's name; for an unknown event, what it called itself.
  package var event: String
  /// The member's name; empty for an unknown event.
  package var field: String
  package var kind: Kind
  /// The JSON type that was found: `string`, `number`, `boolean`, `object`, `array`.
  package var type: String
  /// The line within the batch's chunk of the first one, from 1.
  package var line: UInt32
  package var count: Int

  package init(event: String, field: String, kind: Kind, type: String, line: UInt32, count: Int) {
    self.event = event
    self.field = field
    self.kind = kind
    self.type = type
    self.line = line
    self.count = count
  }
}
