package import CallModel

/// One cause's part in the difference of one claim.
package struct DifferencePart: Equatable, Sendable {
  package let claim: Claim
  package let cause: DifferenceCause
  /// The calls concerned; nil of what is unexplained.
  package let calls: Int64?
  /// Of claimed − counted. All but credits are whole numbers; durations are seconds.
  package let amount: Credits
  /// Ids of such calls, at most three.
  package let examples: [String]
}

/// What a claim's difference is made of, as far as the records of the campaign's calls account for it.
struct DifferenceExplanation {
  /// In the order of the causes; they add up to the difference.
  let parts: [DifferencePart]

  /// Takes those of the causes that leave the least unexplained, whatever their signs; of choices that leave the same
  /// the one of the fewest causes, then the one of the surest. No part where there is no difference.
  init(of difference: Credits, _ claim: Claim, _ record: CampaignRecord) {
    let candidates = DifferenceExplanation.candidates(of: claim, difference, record)
    var best = (choice: 0, rest: difference)
    for choice in 1..<(1 << candidates.count) {
      var rest = difference
      for place in candidates.indices where choice >> place & 1 == 1 { rest = rest - candidates[place].group.amount }
      if rest.magnitude < best.rest.magnitude
        || rest.magnitude == best.rest.magnitude && DifferenceExplanation.isSimpler(choice, than: best.choice)
      {
        best = (choice, rest)
      }
    }
    var parts: [DifferencePart] = []
    for cause in DifferenceCause.allCases {
      var group = CallGroup()
      for place in candidates.indices where best.choice >> place & 1 == 1 && candidates[place].cause == cause {
        group.add(candidates[place].group)
      }
      guard group.amount != .zero else { continue }
      parts.append(
        DifferencePart(
          claim: claim, cause: cause, calls: group.calls, amount: group.amount, examples: group.examples))
    }
    if best.rest != .zero {
      parts.append(
        DifferencePart(claim: claim, cause: .unexplained, calls: nil, amount: best.rest, examples: []))
    }
    self.parts = parts
  }

  /// Whether a choice, as bits by place, has fewer causes than another one, or as many and surer ones.
  private static func isSimpler(_ choice: Int, than other: Int) -> Bool {
    if choice.nonzeroBitCount != other.nonzeroBitCount { return choice.nonzeroBitCount < other.nonzeroBitCount }
    let unlike = choice ^ other
    return choice & (unlike & -unlike) != 0
  }

  /// The causes that can have a part in the difference, the surest first.
  private static func candidates(
    of claim: Claim, _ difference: Credits, _ record: CampaignRecord
  ) -> [(cause: DifferenceCause, group: CallGroup)] {
    var candidates = DifferenceCause.allCases.map { cause in
      let isOpenEnd = cause == .withoutProcessed && (claim == .successfulCalls || claim == .failedCalls)
      return (cause, isOpenEnd ? record.endings(for: claim) : record.sums.group(cause, claim))
    }
    for elsewhere in record.elsewhere {
      candidates.append(
        (
          elsewhere.cause,
          CallGroup(
            calls: elsewhere.sums.calls.magnitudeAsCount, amount: claim.counted(elsewhere.sums),
            examples: elsewhere.examples)
        ))
    }
    return candidates.filter { $0.1.amount != .zero }
  }
}

extension CampaignRecord {
  /// Of the calls without a status as many as there are more claimed, successful ones before failed ones.
  fileprivate func endings(for claim: Claim) -> CallGroup {
    let claims = entry?.latest(.campaignEnded)?.event.claims ?? CampaignClaims()
    var left = sums.withoutStatus.calls
    for candidate in [Claim.successfulCalls, .failedCalls] {
      let wanted = (candidate.claimed(claims) ?? .zero) - candidate.counted(sums.sums)
      let taken = min(max(Int64(clamping: wanted.millionths / 1_000_000), 0), left)
      left -= taken
      if candidate == claim {
        return CallGroup(calls: taken, amount: Credits(taken), examples: sums.withoutStatus.examples)
      }
    }
    return CallGroup()
  }
}

extension Int64 {
  /// Calls taken away are calls all the same.
  fileprivate var magnitudeAsCount: Int64 { abs(self) }
}

extension DifferencePart {
  /// `1 call without call.processed (conv_a): 3`; `shown` is how a call's id may be shown, if at all.
  func text(shown: (String) -> String?) -> String {
    guard let calls, let clause = cause.clause else { return "unexplained: \(amount)" }
    let ids = examples.compactMap(shown)
    let more = calls - Int64(ids.count)
    let list = ids.isEmpty ? "" : " (\(ids.joined(separator: ", "))\(more > 0 ? " and \(more) more" : ""))"
    return "\(calls) \(calls == 1 ? "call" : "calls") \(clause)\(list): \(amount)"
  }
}

extension DifferenceCause {
  /// What is said of the calls; nil where there are none.
  fileprivate var clause: String? {
    switch self {
    case .withoutProcessed: "without call.processed"
    case .withoutCredits: "processed without credits"
    case .rate: "off the billing rule"
    case .durationConflict: "with two durations"
    case .conflictingDeliveries: "delivered again with other content"
    case .repeatedDeliveries: "delivered again"
    case .otherDay: "of another day"
    case .otherWindow: "of the day before the window"
    case .unexplained: nil
    }
  }
}
