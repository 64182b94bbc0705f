import CallModel

/// The members that the six events are known to have.
enum EventField: UInt8, CaseIterable, Comparable {
  case event, eventID, timestamp, conversationID
  // Each line below is a block of texts, in its order; see `TextBlock`.
  case agentID, agentName, workspaceID, fromNumber, callType, campaignID
  case toNumber, username, contextData
  case status, errorCode, errorReason
  case recordingURL, callInsights, transcripts
  case connectedAt, endedAt, callDuration, duration, credits
  case campaignUID, campaignName, userID, totalContacts, createdAt, scheduledAt, startedAt
  case totalCalls, successfulCalls, failedCalls, totalDuration, billableDuration, totalCredits

  /// The member's name in the JSON.
  var name: String {
    switch self {
    case .event: "event"
    case .eventID: "event_id"
    case .timestamp: "timestamp"
    case .conversationID: "conversation_id"
    case .campaignID: "campaign_id"
    case .agentID: "agent_id"
    case .agentName: "agent_name"
    case .workspaceID: "workspace_id"
    case .fromNumber: "from_number"
    case .callType: "call_type"
    case .toNumber: "to_number"
    case .username: "username"
    case .contextData: "context_data"
    case .status: "status"
    case .errorCode: "error_code"
    case .errorReason: "error_reason"
    case .recordingURL: "recording_url"
    case .callInsights: "call_insights"
    case .transcripts: "transcripts"
    case .connectedAt: "connected_at"
    case .endedAt: "ended_at"
    case .callDuration: "call_duration"
    case .duration: "duration"
    case .credits: "credits"
    case .campaignUID: "campaign_uid"
    case .campaignName: "campaign_name"
    case .userID: "user_id"
    case .totalContacts: "total_contacts"
    case .createdAt: "created_at"
    case .scheduledAt: "scheduled_at"
    case .startedAt: "started_at"
    case .totalCalls: "total_calls"
    case .successfulCalls: "successful_calls"
    case .failedCalls: "failed_calls"
    case .totalDuration: "total_duration"
    case .billableDuration: "billable_duration"
    case .totalCredits: "total_credits"
    }
  }

  @inline(__always) var bit: UInt64 { 1 << UInt64(rawValue) }

  static func < (left: EventField, right: EventField) -> Bool { left.rawValue < right.rawValue }

  static func bits(_ fields: EventField...) -> UInt64 { fields.reduce(0) { $0 | $1.bit } }

  /// The members that the provider documents for an event; any other is drift.
  static func documented(of kind: EventKind) -> UInt64 {
    let every = bits(.event, .eventID, .timestamp, .campaignID, .agentID)
    let call = every | bits(.conversationID)
    let agent = bits(
      .agentName, .workspaceID, .toNumber, .fromNumber, .callType, .username, .contextData)
    let campaign =
      every
      | bits(
        .campaignUID, .campaignName, .userID, .workspaceID, .totalContacts, .status, .createdAt, .scheduledAt,
        .startedAt)
    return switch kind {
    case .callStarted: call | agent | bits(.connectedAt)
    case .callCompleted:
      call | agent | bits(.status, .callDuration, .connectedAt, .endedAt, .errorCode, .errorReason)
    case .callProcessed:
      call | agent
        | bits(
          .status, .duration, .credits, .recordingURL, .callInsights, .transcripts, .errorCode, .errorReason)
    case .callRecording: call | bits(.recordingURL, .connectedAt, .endedAt)
    case .campaignStarted: campaign
    case .campaignEnded:
      campaign
        | bits(
          .totalCalls, .successfulCalls, .failedCalls, .endedAt, .totalDuration, .billableDuration, .totalCredits)
    }
  }
}

/// Short ASCII words told apart by two word loads and a length, through a table without collisions.
///
/// A word of up to 16 bytes is given whole by its first and its last eight bytes; a longer one only when its
/// `middle` byte is looked at too, which covers 17, the longest there is.
struct WordTable {
  private struct Entry {
    var first: UInt64 = 0
    var last: UInt64 = 0
    var length = 0
    var value: UInt8 = 0
  }

  static let longest = 17

  private var entries: [Entry]
  private var multiplier: UInt64 = 0x9e37_79b9_7f4a_7c15
  private let middleOfLongest: UInt8

  /// A table from each word to its place in `words`.
  init(_ words: [String]) {
    middleOfLongest = words.first { $0.utf8.count == WordTable.longest }.map { Array($0.utf8)[8] } ?? 0
    entries = []
    while !fill(words) { multiplier = mixed(multiplier, 0xd1b5_4a32_d192_ed03) | 1 }
  }

  /// The place of the word at `start`, or nil. Eight bytes must be readable behind `start` whatever the length.
  @inline(__always)
  func find(_ bytes: Span<UInt8>, at start: Int, count: Int) -> UInt8? {
    guard count > 0, count <= WordTable.longest else { return nil }
    var first = bytes.word(at: start)
    var last: UInt64 = 0
    if count >= 8 {
      last = bytes.word(at: start &+ count &- 8)
    } else {
      first &= UInt64.max >> UInt64(64 &- 8 &* count)
    }
    let entry = entries[slot(first, last)]
    guard entry.first == first, entry.last == last, entry.length == count else { return nil }
    if count == WordTable.longest, bytes[start &+ 8] != middleOfLongest { return nil }
    return entry.value
  }

  @inline(__always)
  private func slot(_ first: UInt64, _ last: UInt64) -> Int {
    Int(truncatingIfNeeded: ((first ^ last &>> 7) &* multiplier) &>> 57)
  }

  private mutating func fill(_ words: [String]) -> Bool {
    entries = Array(repeating: Entry(), count: 128)
    for (place, word) in words.enumerated() {
      let text = Array(word.utf8)
      let padded = text + Array(repeating: 0, count: 8)
      let first = padded.span.word(at: 0)
      let last = text.count >= 8 ? text.span.word(at: text.count - 8) : 0
      let slot = slot(first, last)
      guard entries[slot].length == 0 else { return false }
      entries[slot] = Entry(first: first, last: last, length: text.count, value: UInt8(place))
    }
    return true
  }
}
