package import CallModel

/// What one event tells of its call by itself, for `RecentCalls`.
package struct CallSign: Sendable {
  /// The hash of the `conversation_id`; 0 for the event of a campaign.
  fileprivate let conversation: UInt64
  /// Seconds, as far as they fit; negative for null.
  fileprivate let duration: Int32
  /// Of the hash of the status; 0 for none.
  fileprivate let status: UInt16
  fileprivate let kind: EventKind
  fileprivate var isBillable = false
  /// Whether the event contradicts itself or the billing rule.
  fileprivate var isOdd = false

  fileprivate var name: UInt32 { UInt32(truncatingIfNeeded: conversation >> 32) }

  /// The signs of a batch's events, in their order.
  package static func all(
    in batch: borrowing EventBatch, _ billing: borrowing BillingRule, _ tolerance: Tolerance
  ) -> [CallSign] {
    var statuses: [(hash: UInt16, isBillable: Bool)] = [(0, false)]
    for outcome in batch.outcomes {
      let text = batch.text(TextBlock.Outcome.status.rawValue, of: outcome)
      statuses.append(
        text.map { (UInt16(truncatingIfNeeded: hash64(Array($0.utf8).span)) | 1, billing.billable.contains($0)) }
          ?? (0, false))
    }
    var signs: [CallSign] = []
    signs.reserveCapacity(batch.events.count)
    for index in batch.events.indices {
      let event = batch.events[index]
      if event.kind.isCall {
        let status = statuses[Int(event.outcome)]
        signs.append(CallSign(event, status.hash, isBillable: status.isBillable, billing, tolerance))
      } else {
        signs.append(CallSign(ofCampaign: event.kind))
      }
    }
    return signs
  }

  private init(ofCampaign kind: EventKind) {
    (conversation, duration, status) = (0, -1, 0)
    self.kind = kind
  }

  private init(
    _ event: EventRecord, _ status: UInt16, isBillable: Bool, _ billing: borrowing BillingRule, _ tolerance: Tolerance
  ) {
    let duration = event.duration
    (conversation, kind) = (event.conversationHash, event.kind)
    self.duration = Int32(clamping: max(duration, -1))
    self.status = status
    self.isBillable = isBillable
    guard isTelling else { return }
    if duration != EventRecord.null, event.connectedAt != EventRecord.null, event.endedAt != EventRecord.null,
      duration > 0 || isBillable
    {
      let excess = Int128(duration) * 1_000_000 - Int128(event.endedAt) + Int128(event.connectedAt)
      isOdd = excess.magnitude > (UInt128(tolerance.duration) + 1) * 1_000_000
    }
    if kind == .callProcessed {
      let pulses = billing.pulses(duration: duration == EventRecord.null ? nil : duration, isBillable: isBillable)
      let credits = event.credits == EventRecord.null ? nil : Credits(millionths: Int128(event.credits))
      let price = billing.creditsPerPulse
      isOdd = isOdd || status == 0 || credits != pulses.map { $0 * price }
    }
  }

  /// Whether the event is one of those that a call's figures come from.
  @inline(__always)
  fileprivate var isTelling: Bool { kind == .callCompleted || kind == .callProcessed }
}

/// What recent events tell of their calls: enough to guess, long before the books are joined, of which calls nothing more
/// will be asked.
///
/// A guess may be wrong either way, so that it may decide what is worth holding and nothing else. Memory does not grow: of
/// calls that share a place, the one that nothing was heard of for the longest time gives way.
package struct RecentCalls: Sendable {
  /// Four of them are a line of the processor's cache.
  private struct Entry {
    /// Of the conversation's hash.
    var name: UInt32 = 0
    /// Seconds, as far as they fit; negative where none are known.
    var duration: Int32 = -1
    /// Of the status's hash; 0 where none is known.
    var status: UInt16 = 0
    /// When something was heard of the call.
    var time: UInt16 = 0
    var hasCompleted = false
    var hasProcessed = false
    var isSettled = false
    var isOdd = false

    mutating func add(_ sign: CallSign) {
      let isCompleted = sign.kind == .callCompleted
      isOdd = isOdd || sign.isOdd || (isCompleted ? hasCompleted : hasProcessed)
      hasCompleted = hasCompleted || isCompleted
      hasProcessed = hasProcessed || !isCompleted
      if sign.duration >= 0 {
        isOdd = isOdd || (duration >= 0 && duration != sign.duration)
        duration = sign.duration
      }
      if sign.status != 0 {
        isOdd = isOdd || (status != 0 && status != sign.status)
        status = sign.status
      }
      isSettled = hasCompleted && (hasProcessed || (status != 0 && !sign.isBillable))
    }
  }

  private static let ways = 4
  private static let sets = 1 << 14
  private var entries = [Entry](repeating: Entry(), count: ways * sets)
  private var time: UInt16 = 0
  private var warmth: UInt16 = 0

  package init() {}

  /// Takes in the signs of a batch's events, in their order.
  package mutating func add(_ signs: [CallSign]) {
    time &+= 1
    warmth &+= warm(signs)
    for sign in signs where sign.isTelling {
      let place = place(of: sign)
      var entry = entries[place]
      if entry.name != sign.name { entry = Entry(name: sign.name) }
      entry.add(sign)
      entry.time = time
      entries[place] = entry
    }
  }

  /// The places of those events of a batch that are of no call which has all that it will have, with nothing odd about it.
  package mutating func placesInDoubt(_ signs: [CallSign]) -> [Int] {
    warmth &+= warm(signs)
    return signs.indices.filter { index in
      let entry = entries[place(of: signs[index])]
      return entry.name != signs[index].name || !entry.isSettled || entry.isOdd
    }
  }

  /// Reads what will be needed, each without waiting for another; see `CallBook.warm`.
  private func warm(_ signs: [CallSign]) -> UInt16 {
    var sum: UInt16 = 0
    for sign in signs { sum &+= entries[first(of: sign)].time }
    return sum
  }

  /// The first of the places where the call may be.
  @inline(__always)
  private func first(of sign: CallSign) -> Int {
    Int(sign.conversation & UInt64(RecentCalls.sets - 1)) &* RecentCalls.ways
  }

  /// Where the call is, or else where it would be.
  @inline(__always)
  private func place(of sign: CallSign) -> Int {
    let first = first(of: sign)
    for place in first..<(first &+ RecentCalls.ways) where entries[place].name == sign.name { return place }
    return (first..<(first &+ RecentCalls.ways)).max { time &- entries[$0].time < time &- entries[$1].time } ?? first
  }
}
