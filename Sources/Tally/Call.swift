package import CallModel

/// What a call awaits before its figures are final.
package enum Settlement: String, Sendable {
  /// `call.processed` was seen, or the call ended in a status that is not billed.
  case settled
  case awaitingProcessed = "awaiting_processed"
  case awaitingCompleted = "awaiting_completed"
}

/// One call as all its events together tell it, under a billing rule.
package struct Call: Sendable {
  /// The call's number in the book.
  package let number: Int
  /// The event of each kind that counts, by its number in the book; by `authority`, from recording to processed.
  var winners: InlineArray<4, Int32> = .init(repeating: -1)
  package private(set) var kindsSeen: UInt8 = 0
  /// Kinds of which several events with different ids arrived, as bits by authority.
  package private(set) var kindsRepeated: UInt8 = 0
  /// Whether an event of the call was delivered again with other content.
  private(set) var hasConflicts = false
  /// Deliveries of the call's events, duplicates among them.
  package private(set) var deliveries = 0
  package private(set) var connectedAt: Timestamp?
  package private(set) var endedAt: Timestamp?
  /// The earliest `timestamp` of the call's events.
  package private(set) var earliest: Timestamp?
  /// Seconds.
  package private(set) var duration: Int64?
  /// What `call.completed` says where `call.processed` says something else.
  package private(set) var conflictingDuration: Int64?
  package private(set) var credits: Credits?
  package private(set) var turnCount: Int64?

  // By the billing rule.
  package private(set) var isBillable = false
  package private(set) var isSuccessful = false
  package private(set) var hasStatus = false
  package private(set) var billableSeconds: Int64?
  package private(set) var expectedCredits: Credits?
  package private(set) var settlement = Settlement.awaitingCompleted

  /// Claimed − counted: what `call.processed` says less what the rule gives.
  package var creditsDifference: Credits? {
    guard let credits, let expectedCredits else { return nil }
    return credits - expectedCredits
  }

  /// Whether an event of the kind arrived.
  package func has(_ kind: EventKind) -> Bool { kindsSeen >> UInt8(kind.authority) & 1 == 1 }

  /// The places of `winners`, that with the most authority first.
  static var authorities: StrideThrough<Int> { stride(from: 3, through: 0, by: -1) }

  /// The kinds of call events in the order of a call's life.
  package static let kinds: [EventKind] = [.callStarted, .callCompleted, .callProcessed, .callRecording]

  /// Joins the events of a call; a pure function of the book.
  package init(_ number: Int, in book: borrowing CallBook, rule: borrowing StatusRule) {
    self.number = number
    let entry = book.entries[number]
    deliveries = Int(entry.deliveries)
    kindsRepeated = entry.kindsRepeated
    hasConflicts = entry.hasConflicts
    if entry.earliest != Int64.max { earliest = Timestamp(microseconds: entry.earliest) }
    for place in 0..<4 where entry[place] != 0 {
      winners[place] = Int32(truncatingIfNeeded: entry[place] - 1)
      kindsSeen |= 1 << UInt8(place)
    }
    readNumbers(book)
    apply(rule, status: status(in: book, rule))
  }

  /// The call as some of its events alone tell it: those in archives for which `isRead` is true. `superseded` are its
  /// events beside those that count. Deliveries are not told.
  init(
    _ number: Int, in book: borrowing CallBook, rule: borrowing StatusRule, superseded: [UInt32],
    reading isRead: (UInt32) -> Bool
  ) {
    self.number = number
    let entry = book.entries[number]
    var events = superseded
    for place in 0..<4 where entry[place] != 0 { events.append(entry[place] - 1) }
    var latest: InlineArray<4, Int64> = .init(repeating: EventRecord.null)
    for event in events.sorted() where isRead(book.events[Int(event)].origin.archive) {
      let (place, timestamp) = (book.events[Int(event)].kind.authority, book.eventNumbers(Int(event)).timestamp)
      if timestamp != EventRecord.null {
        earliest = min(earliest ?? .latest, Timestamp(microseconds: timestamp))
      }
      guard winners[place] < 0 || timestamp >= latest[place] else { continue }
      (winners[place], latest[place]) = (Int32(truncatingIfNeeded: event), timestamp)
      kindsSeen |= 1 << UInt8(place)
    }
    readNumbers(book)
    apply(rule, status: status(in: book, rule))
  }

  /// Each value from the event with the most authority that has it.
  private mutating func readNumbers(_ book: borrowing CallBook) {
    var processedDuration: Int64?
    for place in Call.authorities where winners[place] >= 0 {
      let numbers = book.eventNumbers(Int(winners[place]))
      if connectedAt == nil { connectedAt = Call.time(numbers.connectedAt) }
      if endedAt == nil { endedAt = Call.time(numbers.endedAt) }
      if numbers.credits != EventRecord.null, credits == nil {
        credits = Credits(millionths: Int128(numbers.credits))
      }
      if numbers.duration != EventRecord.null {
        if duration == nil { duration = numbers.duration }
        if place == 3 { processedDuration = numbers.duration }
        if place == 2, let processedDuration, processedDuration != numbers.duration {
          conflictingDuration = numbers.duration
        }
      }
      if place == 3 { turnCount = numbers.rows.map { Int64($0.turns.count) } }
    }
  }

  private static func time(_ microseconds: Int64) -> Timestamp? {
    microseconds == EventRecord.null ? nil : Timestamp(microseconds: microseconds)
  }

  private func status(in book: borrowing CallBook, _ rule: borrowing StatusRule) -> StatusRule.Class? {
    for place in Call.authorities where winners[place] >= 0 {
      let outcome = book.events[Int(winners[place])].outcome
      if outcome != 0, let found = rule.classes[outcome] { return found }
    }
    return nil
  }

  private mutating func apply(_ rule: borrowing StatusRule, status: StatusRule.Class?) {
    hasStatus = status != nil
    isBillable = status?.isBillable ?? false
    isSuccessful = status?.isSuccessful ?? false
    if has(.callProcessed) || (has(.callCompleted) && hasStatus && !isBillable) {
      settlement = .settled
    } else if has(.callCompleted) {
      settlement = .awaitingProcessed
    }
    guard hasStatus else { return }
    if let pulses = rule.billing.pulses(duration: duration, isBillable: isBillable) {
      billableSeconds = pulses * rule.billing.pulse
      expectedCredits = pulses * rule.billing.creditsPerPulse
    }
  }

  /// The business day: of the end, else the connection, else the first event, on the business clock.
  package func day(_ clock: borrowing BusinessClock) -> Day? {
    guard let time else { return nil }
    return clock.day(of: time)
  }

  /// The moment that decides the business day.
  package var time: Timestamp? { endedAt ?? connectedAt ?? earliest }
}

extension BillingRule {
  /// Whole pulses of a length in seconds that a billable call of this many seconds is billed.
  @inline(__always)
  static func pulses(duration: Int64, pulse: Int64, minimum: Int64) -> Int64 {
    max((duration + pulse - 1) / pulse, minimum)
  }

  /// Whole pulses billed for a duration in seconds; nil where the duration is unknown.
  package func pulses(duration: Int64?, isBillable: Bool) -> Int64? {
    guard isBillable else { return 0 }
    guard let duration else { return nil }
    return BillingRule.pulses(duration: duration, pulse: pulse, minimum: minimumPulses)
  }
}

/// Which outcomes of a book are billed and which are successes, decided once for each outcome.
package struct StatusRule: Sendable {
  struct Class {
    var isBillable, isSuccessful: Bool
    /// The status's place among the different ones of the book.
    var status: UInt32
  }

  package let billing: BillingRule
  /// By the outcome block's address; an outcome without a status has no entry.
  private(set) var classes: [TextArena.Address: Class] = [:]

  package init(_ billing: BillingRule, of book: borrowing CallBook) {
    self.billing = billing
    var numbers: [String: UInt32] = [:]
    for address in book.outcomes {
      guard let status = book.text(TextBlock.Outcome.status.rawValue, at: address) else { continue }
      let number = numbers[status] ?? UInt32(numbers.count)
      numbers[status] = number
      classes[address] = Class(
        isBillable: billing.billable.contains(status), isSuccessful: billing.successful.contains(status),
        status: number)
    }
  }
}

/// The business clock: turns times of the provider's clock into business days.
package struct BusinessClock: Sendable {
  private let provider: ZoneRules
  private let business: ZoneRules
  private let isSame: Bool

  package init(provider: ZoneRules, business: ZoneRules, isSame: Bool) {
    self.provider = provider
    self.business = business
    self.isSame = isSame
  }

  /// The day of a moment; nil outside the years 1 to 9999.
  package func day(of time: Timestamp) -> Day? {
    if isSame { return time.day }
    let shown = business.wallClock(atInstant: provider.instant(ofWallClock: time))
    return shown >= .earliest && shown <= .latest ? shown.day : nil
  }
}
