package import CallModel

/// What single calls are judged by.
package struct CallJudgement: Sendable {
  package var tolerance: Tolerance
  /// The moment up to which the books tell, on the provider's clock; nil where no event has a time.
  package var asOf: Timestamp?
  /// What a finding about all of the calls together is about.
  package var subject: Finding.Subject

  package init(
    tolerance: Tolerance = Tolerance(), asOf: Timestamp? = nil, subject: Finding.Subject = .table("calls")
  ) {
    self.tolerance = tolerance
    self.asOf = asOf
    self.subject = subject
  }

  /// Whether a call has awaited an event for longer than it may.
  fileprivate func isOverdue(_ call: Call) -> Bool {
    guard let asOf, let time = call.time else { return false }
    return Int128(asOf.microseconds) - Int128(time.microseconds) > Int128(tolerance.awaiting) * 1_000_000
  }
}

/// Looks at calls one by one for what a person should know, and at the end at all of them together.
///
/// `doubts(about:)` is asked of every call, so it is a few comparisons; what it costs to put a doubt into words is paid
/// for calls that have one.
struct CallExamination: Sendable {
  struct Doubts: OptionSet {
    let rawValue: UInt16

    static let repeatedEvent = Doubts(rawValue: 1)
    static let noDay = Doubts(rawValue: 2)
    static let durationConflict = Doubts(rawValue: 4)
    static let durationOffClock = Doubts(rawValue: 8)
    static let credits = Doubts(rawValue: 16)
    static let awaits = Doubts(rawValue: 32)
    static let noCompleted = Doubts(rawValue: 64)
    static let status = Doubts(rawValue: 128)
    static let severalCampaigns = Doubts(rawValue: 256)
  }

  /// What hangs on the outcome blocks of a call's events alone.
  private struct OutcomeTraits {
    var statusDiffers = false
    /// Whether `call.processed` names the recording by a pattern.
    var isPatterned = false
  }

  /// A call whose recording's URL does not follow from its id.
  private struct Recording {
    var hash: UInt64
    var call: UInt32
  }

  private(set) var findings: [Finding] = []
  private let judgement: CallJudgement
  private var billed = BilledCalls()
  private var recordings: [Recording] = []
  private var recentOutcomes = BlockCache(repeating: OutcomeTraits())
  /// Microseconds that a duration may be from the times.
  private let clockTolerance: Int128

  init(_ judgement: CallJudgement) {
    self.judgement = judgement
    clockTolerance = (Int128(judgement.tolerance.duration) + 1) * 1_000_000
  }

  /// What is odd about a call.
  mutating func doubts(
    about call: Call, in book: borrowing CallBook, rule: borrowing StatusRule
  ) -> Doubts {
    var doubts: Doubts = []
    if call.kindsRepeated != 0 { doubts.insert(.repeatedEvent) }
    if call.conflictingDuration != nil {
      doubts.insert(.durationConflict)
    } else if isOffClock(call) {
      doubts.insert(.durationOffClock)
    }
    if (call.creditsDifference ?? .zero) != .zero { doubts.insert(.credits) }
    if call.settlement != .settled { doubts.insert(.awaits) }
    if call.has(.callProcessed), !call.has(.callCompleted) { doubts.insert(.noCompleted) }
    billed.add(call)
    let traits = traits(of: call, in: book, rule: rule)
    if traits.statusDiffers { doubts.insert(.status) }
    if !traits.isPatterned, let hash = book.hashOfLiteralRecording(of: call) {
      recordings.append(Recording(hash: hash, call: UInt32(truncatingIfNeeded: call.number)))
    }
    return doubts
  }

  /// Only of calls that lasted: one that nobody answered rings between its connection and its end.
  private func isOffClock(_ call: Call) -> Bool {
    guard let duration = call.duration, duration > 0, let connected = call.connectedAt, let ended = call.endedAt else {
      return false
    }
    let excess = Int128(duration) * 1_000_000 - Int128(ended.microseconds - connected.microseconds)
    return excess > clockTolerance || -excess > clockTolerance
  }

  private mutating func traits(
    of call: Call, in book: borrowing CallBook, rule: borrowing StatusRule
  ) -> OutcomeTraits {
    let blocks = book.outcomeBlocks(of: call)
    let (index, isKnown) = recentOutcomes.place(of: blocks)
    if isKnown { return recentOutcomes.values[index] }
    var traits = OutcomeTraits()
    let (completed, processed) = (blocks[EventKind.callCompleted.authority], blocks[EventKind.callProcessed.authority])
    if let first = rule.classes[completed], let second = rule.classes[processed] {
      traits.statusDiffers = first.status != second.status
    }
    traits.isPatterned = processed != 0 && book.hasRecordingPattern(processed)
    recentOutcomes.values[index] = traits
    return traits
  }

  mutating func merge(_ other: CallExamination) {
    findings.append(contentsOf: other.findings)
    recordings.append(contentsOf: other.recordings)
    billed.merge(other.billed)
  }
}

// MARK: - One call

extension CallExamination {
  /// Puts into words what is odd about a call.
  mutating func add(_ doubts: Doubts, about call: Call, in book: borrowing CallBook, campaignID: String?) {
    // Fetched here, so that no closure has to hold the book.
    let subject = Finding.Subject.call(book.conversationID(of: call))
    let (own, processed) = (book.origin(of: call), book.origin(of: .callProcessed, of: call))
    func add(
      _ code: FindingCode, measure: String? = nil, claimed: String? = nil, counted: String? = nil,
      difference: String? = nil, origin: RecordOrigin?, severity: Finding.Severity? = nil, _ message: String
    ) {
      findings.append(
        Finding(
          code, subject, campaignID: campaignID, measure: measure, claimed: claimed, counted: counted,
          difference: difference, severity: severity, message: message, origin: origin))
    }
    if doubts.contains(.repeatedEvent) {
      for kind in Call.kinds where call.kindsRepeated >> UInt8(kind.authority) & 1 == 1 {
        add(
          .repeatedEvent, measure: kind.name, origin: book.origin(of: kind, of: call),
          "Several \(kind.name) events of different ids arrived; the latest one counts.")
      }
    }
    if doubts.contains(.noDay) {
      add(
        .badTimestamp, measure: "day", origin: own,
        "The business day lies outside the years 1 to 9999; it counts as unknown.")
    }
    if doubts.contains(.durationConflict), let other = call.conflictingDuration, let duration = call.duration {
      add(
        .durationConflict, measure: "duration_seconds", claimed: "\(duration)", counted: "\(other)",
        difference: "\(duration - other)", origin: processed,
        "call.processed says \(duration) s and call.completed \(other) s; call.processed counts.")
    }
    if doubts.contains(.durationOffClock), let duration = call.duration, let connected = call.connectedAt,
      let ended = call.endedAt
    {
      let seconds = Credits(millionths: Int128(ended.microseconds - connected.microseconds))
      add(
        .durationOffClock, measure: "duration_seconds", claimed: "\(duration)", counted: "\(seconds)",
        difference: "\(Credits(duration) - seconds)", origin: own,
        "The duration is \(duration) s, and \(seconds) s lie between connected_at and ended_at.")
    }
    if doubts.contains(.status) {
      add(
        .statusDiffers, measure: "status", origin: processed,
        "call.processed and call.completed give different statuses; call.processed counts.")
    }
    if doubts.contains(.severalCampaigns) {
      add(
        .twoCampaigns, measure: "campaign_id", origin: own,
        "Events of the call name different campaigns; the most authoritative one counts.")
    }
    if doubts.contains(.noCompleted) {
      add(.processedWithoutCompleted, origin: processed, "call.processed arrived and call.completed has not.")
    }
    if doubts.contains(.credits), let finding = creditsFinding(of: call) {
      add(
        finding.code, measure: "credits", claimed: finding.claimed, counted: finding.counted,
        difference: finding.difference, origin: processed, severity: finding.severity, finding.message)
    }
    guard doubts.contains(.awaits) else { return }
    let isOverdue = judgement.isOverdue(call)
    let since = isOverdue ? ", and it is due by now." : "."
    if call.settlement == .awaitingProcessed {
      add(
        isOverdue ? .overdueProcessed : .awaitingProcessed, origin: own,
        "The call ended and its call.processed has not arrived\(since)")
    } else {
      add(
        isOverdue ? .overdueCompleted : .awaitingCompleted, origin: own,
        "Neither call.completed nor call.processed of the call has arrived\(since)")
    }
  }

  private typealias CreditsFinding = (
    code: FindingCode, claimed: String, counted: String, difference: String, severity: Finding.Severity?,
    message: String
  )

  private func creditsFinding(of call: Call) -> CreditsFinding? {
    guard let difference = call.creditsDifference, let credits = call.credits, let expected = call.expectedCredits
    else { return nil }
    let isTolerated = difference.magnitude <= judgement.tolerance.credits
    let sentence =
      call.isBillable
      ? "call.processed charges \(credits) credits where the billing rule gives \(expected)"
      : "call.processed charges \(credits) credits for a call whose status is not billable"
    return (
      call.isBillable ? .creditsDiffer : .creditsNotBillable, "\(credits)", "\(expected)", "\(difference)",
      isTolerated ? .info : nil, sentence + (isTolerated ? ", which is within tolerance." : ".")
    )
  }
}

// MARK: - All calls together

extension CallExamination {
  /// Adds what the calls show together, when all of them have been looked at.
  mutating func finish(in book: borrowing CallBook, rule: borrowing StatusRule) {
    addSharedRecordings(in: book, rule: rule)
    if let finding = BillingRuleInference.finding(billed.pairs(rule.billing), rule.billing, judgement.subject) {
      findings.append(finding)
    }
    (recordings, billed) = ([], BilledCalls())
  }

  /// Calls that share a recording with one that had not ended when they connected.
  private mutating func addSharedRecordings(in book: borrowing CallBook, rule: borrowing StatusRule) {
    guard !recordings.isEmpty else { return }
    var groups: [[UInt8]: [UInt32]] = [:]
    recordings.sort { ($0.hash, $0.call) < ($1.hash, $1.call) }
    let patterns = book.recordingPatterns
    for index in recordings.indices {
      let (hash, number) = (recordings[index].hash, recordings[index].call)
      let hasEqual =
        (index > 0 && recordings[index - 1].hash == hash)
        || (index + 1 < recordings.count && recordings[index + 1].hash == hash)
      guard hasEqual || !patterns.isEmpty else { continue }
      guard let url = book.recordingURL(of: Call(Int(number), in: book, rule: rule)) else { continue }
      if hasEqual { groups[url, default: []].append(number) }
      for pattern in patterns where url.starts(with: pattern[0]) && url.reversed().starts(with: pattern[1].reversed()) {
        let id = url.dropFirst(pattern[0].count).dropLast(pattern[1].count)
        guard let other = book.number(ofCall: String(decoding: id, as: UTF8.self)), other != Int(number),
          book.recordingURL(of: Call(other, in: book, rule: rule)) == url
        else { continue }
        if !hasEqual { groups[url, default: []].append(number) }
        groups[url, default: []].append(UInt32(truncatingIfNeeded: other))
      }
    }
    for group in groups.values where group.count > 1 { addOverlaps(of: group, in: book, rule: rule) }
  }

  private mutating func addOverlaps(of group: [UInt32], in book: borrowing CallBook, rule: borrowing StatusRule) {
    var calls: [(connected: Timestamp, ended: Timestamp, id: String, call: Call)] = []
    for number in Set(group) {
      let call = Call(Int(number), in: book, rule: rule)
      if let connected = call.connectedAt, let ended = call.endedAt {
        calls.append((connected, ended, book.conversationID(of: call), call))
      }
    }
    calls.sort { ($0.connected, $0.ended, $0.id) < ($1.connected, $1.ended, $1.id) }
    var open: (ended: Timestamp, origin: RecordOrigin?)?
    for (connected, ended, id, call) in calls {
      let origin = book.origin(of: call)
      if let before = open, connected < before.ended {
        findings.append(
          Finding(
            .recordingOverlap, .call(id), campaignID: book.string(.agent(.campaignID), of: call),
            measure: "recording_url",
            message: "The call has the recording of another one that had not ended when it connected.", origin: origin,
            firstOrigin: before.origin))
      }
      if ended > open?.ended ?? .earliest { open = (ended, origin) }
    }
  }
}
