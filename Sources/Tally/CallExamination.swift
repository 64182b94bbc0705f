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
  func isOverdue(_ call: Call) -> Bool {
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
    static let creditsUnfounded = Doubts(rawValue: 512)
    static let creditsMissing = Doubts(rawValue: 1024)
  }

  /// What hangs on the outcome blocks of a call's events alone.
  private struct OutcomeTraits {
    var statusDiffers = false
    /// Whether `call.processed` names the recording by a pattern.
    var isPatterned = false
  }

  /// A call whose recording's URL does not follow from its id.
  struct Recording {
    var hash: UInt64
    var call: UInt32
  }

  var findings: [Finding] = []
  let judgement: CallJudgement
  var billed = BilledCalls()
  var recordings: [Recording] = []
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
    if call.expectedCredits == nil, (call.credits ?? .zero) != .zero { doubts.insert(.creditsUnfounded) }
    if call.credits == nil, call.isBillable, call.has(.callProcessed) { doubts.insert(.creditsMissing) }
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

  /// Only of calls that lasted or are billed: one that nobody answered rings between its connection and its end.
  private func isOffClock(_ call: Call) -> Bool {
    guard let duration = call.duration, duration > 0 || call.isBillable, let connected = call.connectedAt,
      let ended = call.endedAt
    else { return false }
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
