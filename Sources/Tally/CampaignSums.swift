package import CallModel

/// Why a claim of a campaign can differ from what its calls add up to; the surest first.
package enum DifferenceCause: String, CaseIterable, Sendable {
  /// Billable calls whose `call.processed` is missing: what the rule would have them cost; and calls of which no event
  /// says how they ended, each of which may be a successful or a failed one.
  case withoutProcessed = "without_processed"
  /// Billable calls whose `call.processed` names no credits: what the rule would have them cost.
  case withoutCredits = "without_credits"
  /// Calls whose credits do not follow the rule: the rule's less what was charged, and for the billable duration that of
  /// the pulses charged less that of the rule.
  case rate
  /// Calls with two durations: what the other one would make more.
  case durationConflict = "duration_conflict"
  /// Calls with an event that was delivered again with other content, or whose event has the id of another call's: what
  /// the other delivery would make more.
  case conflictingDeliveries = "conflicting_deliveries"
  /// Calls whose `call.processed` was delivered more than once: the call, once for each further delivery.
  case repeatedDeliveries = "repeated_deliveries"
  /// Calls that were counted and are of another business day than the campaign's end: of days before it, of days after
  /// it, or of both. Claims may leave them out, so they count against it.
  case otherDay = "other_day"
  /// Calls of the day before the window, which were not counted.
  case otherWindow = "other_window"
  /// What no cause accounts for.
  case unexplained
}

/// Calls that can explain part of one claim's difference, and by how much: claimed − counted if they do.
package struct CallGroup: Equatable, Sendable {
  package private(set) var calls: Int64 = 0
  package private(set) var amount = Credits.zero
  /// The least of their ids by bytes, at most three: examples that do not hang on the order of adding.
  package private(set) var examples: [String] = []

  package init() {}

  init(calls: Int64, amount: Credits, examples: [String]) {
    (self.calls, self.amount) = (calls, amount)
    for id in examples { add(example: id) }
  }

  mutating func add(_ amount: Credits, _ id: String) {
    calls += 1
    self.amount += amount
    add(example: id)
  }

  mutating func add(_ other: CallGroup) {
    calls += other.calls
    amount += other.amount
    for id in other.examples { add(example: id) }
  }

  private mutating func add(example id: String) {
    let place = examples.firstIndex { id.utf8.lexicographicallyPrecedes($0.utf8) } ?? examples.count
    guard place < 3 else { return }
    examples.insert(id, at: place)
    if examples.count > 3 { examples.removeLast() }
  }
}

/// A campaign's calls, and what of them can explain where its claims differ.
package struct CampaignSums: Equatable, Sendable {
  private struct Place: Hashable {
    var cause: DifferenceCause
    var claim: Claim
  }

  package private(set) var sums = CallSums()
  package private(set) var awaiting: Int64 = 0
  /// The last `connected_at` of its calls.
  package private(set) var lastConnection: Timestamp?
  /// Calls of which no event says how they ended.
  package private(set) var withoutStatus = CallGroup()
  package private(set) var earliest = EarliestCalls()
  private var groups: [Place: CallGroup] = [:]

  package init() {}

  /// The calls that can explain a claim's difference by a cause.
  func group(_ cause: DifferenceCause, _ claim: Claim) -> CallGroup {
    groups[Place(cause: cause, claim: claim)] ?? CallGroup()
  }

  mutating func add(_ call: Call, in book: borrowing CallBook, rule: borrowing StatusRule) {
    sums.add(call)
    if call.settlement != .settled { awaiting += 1 }
    if let connection = call.connectedAt, connection > lastConnection ?? .earliest { lastConnection = connection }
    earliest.add(call, in: book)
    addCauses(of: call, in: book, rule: rule)
  }

  /// The id is made only for a call that can explain something.
  private mutating func addCauses(of call: Call, in book: borrowing CallBook, rule: borrowing StatusRule) {
    let duplicates = Int64(book.repeatedCharges(of: call))
    let lacksCredits = call.credits == nil && (call.expectedCredits ?? .zero) != .zero
    let isOffRule = (call.creditsDifference ?? .zero) != .zero
    guard
      duplicates > 0 || lacksCredits || isOffRule || !call.hasStatus || call.conflictingDuration != nil
        || call.hasConflicts
    else { return }
    let id = book.conversationID(of: call)
    if !call.hasStatus, !call.has(.callProcessed) { withoutStatus.add(.zero, id) }
    if call.credits == nil, let expected = call.expectedCredits {
      var change = CallSums()
      change.credits = expected
      add(change, call.has(.callProcessed) ? .withoutCredits : .withoutProcessed, id)
    }
    if let change = call.changeByRule(rule.billing) { add(change, .rate, id) }
    if let change = call.changeByConflictingDuration(rule.billing) { add(change, .durationConflict, id) }
    let figures = CallSums(of: call)
    if call.hasConflicts {
      for delivery in book.conflicts[UInt32(call.number)] ?? [] {
        guard let other = call.sums(with: delivery, in: book, rule: rule) else { continue }
        add(other - figures, .conflictingDeliveries, id)
      }
    }
    if duplicates > 0 { add(duplicates * figures, .repeatedDeliveries, id) }
  }

  fileprivate mutating func add(_ change: CallSums, _ cause: DifferenceCause, _ id: String) {
    for claim in Claim.allCases {
      let amount = claim.counted(change)
      if amount != .zero { groups[Place(cause: cause, claim: claim), default: CallGroup()].add(amount, id) }
    }
  }

  /// Of calls that are not at hand and of which none `tells`: what they add up to, and the others' place among them.
  package init(settled: CallSums, earliest: EarliestCalls, lastConnection: Timestamp?) {
    (sums, self.earliest, self.lastConnection) = (settled, earliest, lastConnection)
  }

  /// The same with the archives of its records at other places.
  package func placed(_ archive: (UInt32) -> UInt32) -> CampaignSums {
    var placed = self
    placed.earliest = EarliestCalls()
    for var example in earliest.examples {
      example.first.archive = archive(example.first.archive)
      placed.earliest.add(example)
    }
    return placed
  }

  /// Whether a call adds more to a campaign than sums: it awaits an event, or can explain a difference.
  package static func tells(_ call: Call, in book: borrowing CallBook, rule: borrowing StatusRule) -> Bool {
    if call.settlement != .settled { return true }
    var sums = CampaignSums()
    sums.addCauses(of: call, in: book, rule: rule)
    return sums.withoutStatus.calls > 0 || !sums.groups.isEmpty
  }

  package mutating func add(_ other: CampaignSums) {
    sums.add(other.sums)
    awaiting += other.awaiting
    if let connection = other.lastConnection, connection > lastConnection ?? .earliest { lastConnection = connection }
    withoutStatus.add(other.withoutStatus)
    earliest.add(other.earliest)
    for (place, group) in other.groups { groups[place, default: CallGroup()].add(group) }
  }
}

// MARK: - What a cause makes of a call

extension Call {
  /// What the billing rule would have the call add up to, less what it does; nil where it follows the rule.
  fileprivate func changeByRule(_ rule: BillingRule) -> CallSums? {
    guard let difference = creditsDifference, difference != .zero, let credits else { return nil }
    var change = CallSums()
    change.credits = .zero - difference
    let price = rule.creditsPerPulse.millionths
    if price > 0, credits.millionths >= 0, credits.millionths % price == 0,
      let pulses = Int64(exactly: credits.millionths / price)
    {
      let (seconds, overflows) = pulses.multipliedReportingOverflow(by: rule.pulse)
      if !overflows { change.billableSeconds = seconds - (billableSeconds ?? 0) }
    }
    return change
  }

  /// What the duration that `call.completed` gave would add up to more than the one that counts.
  fileprivate func changeByConflictingDuration(_ rule: BillingRule) -> CallSums? {
    guard let conflictingDuration, let duration else { return nil }
    var change = CallSums()
    change.duration = conflictingDuration - duration
    if let billableSeconds, let expectedCredits,
      let pulses = rule.pulses(duration: conflictingDuration, isBillable: isBillable)
    {
      change.billableSeconds = pulses * rule.pulse - billableSeconds
      change.credits = pulses * rule.creditsPerPulse - expectedCredits
    }
    return change
  }

  /// What the call would add up to had a conflicting delivery counted as well or, where another one of the event counts,
  /// in its place; nil where neither is so.
  fileprivate func sums(
    with delivery: ConflictingDelivery, in book: borrowing CallBook, rule: borrowing StatusRule
  ) -> CallSums? {
    let counted = book.origin(of: delivery.kind, of: self)
    guard counted == nil || counted == delivery.first else { return nil }
    var (numbers, outcomes): ([EventNumbers], [TextArena.Address]) = ([], [])
    for place in Call.authorities {
      if place == delivery.kind.authority {
        numbers.append(delivery.numbers)
        outcomes.append(delivery.outcome)
      } else if winners[place] >= 0 {
        numbers.append(book.eventNumbers(Int(winners[place])))
        outcomes.append(book.events[Int(winners[place])].outcome)
      }
    }
    return CallSums(ofCall: numbers, outcomes, rule)
  }
}

extension CallSums {
  /// Those of a call by what its events say, that with the most authority first.
  fileprivate init(ofCall numbers: [EventNumbers], _ outcomes: [TextArena.Address], _ rule: borrowing StatusRule) {
    self.init()
    let duration = numbers.first { $0.duration != EventRecord.null }?.duration
    let credits = numbers.first { $0.credits != EventRecord.null }?.credits
    calls = 1
    let classes = rule.classes
    if let status = outcomes.lazy.compactMap({ classes[$0] }).first {
      if status.isSuccessful { successfulCalls = 1 } else { failedCalls = 1 }
      let pulses = rule.billing.pulses(duration: duration, isBillable: status.isBillable)
      billableSeconds = (pulses ?? 0) * rule.billing.pulse
    }
    self.duration = duration ?? 0
    self.credits = credits.map { Credits(millionths: Int128($0)) } ?? .zero
  }
}

extension CallBook {
  /// By campaign: what strays can explain of a difference, as a call more for each conversation, told by the delivery with
  /// the most authority.
  package func strayChanges(_ rule: borrowing StatusRule) -> [[UInt8]: CampaignSums] {
    var changes: [[UInt8]: CampaignSums] = [:]
    let byAuthority = strays.enumerated().sorted {
      ($0.element.delivery.kind.authority, $1.offset) > ($1.element.delivery.kind.authority, $0.offset)
    }
    var seen: Set<[UInt8]> = []
    for (_, stray) in byAuthority where seen.insert(stray.conversation).inserted {
      guard stray.agent != 0, let id = text(TextBlock.Agent.campaignID.rawValue, at: stray.agent), !id.isEmpty else {
        continue
      }
      changes[Array(id.utf8), default: CampaignSums()].add(
        CallSums(ofCall: [stray.delivery.numbers], [stray.delivery.outcome], rule), .conflictingDeliveries,
        String(decoding: stray.conversation, as: UTF8.self))
    }
    return changes
  }
}

/// A delivery under the `event_id` of another event, with other content; the first one counts.
struct ConflictingDelivery: Sendable {
  var kind: EventKind
  /// The delivery that was kept.
  var first: RecordOrigin
  var numbers: EventNumbers
  /// The address of its outcome block; 0 for none.
  var outcome: TextArena.Address
}

/// A conflicting delivery that names a conversation of which no event counts.
struct StrayDelivery: Sendable {
  var conversation: [UInt8]
  /// The address of its agent block; 0 for none.
  var agent: TextArena.Address
  var delivery: ConflictingDelivery
}
