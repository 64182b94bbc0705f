import CallModel

/// How many billable calls lasted how long and were charged how much.
struct BilledCalls: Sendable {
  /// Calls that were charged as the rule has it, by their seconds: most calls are among them.
  private var asRuled: [UInt32] = []
  private var others: [BilledPair: Int64] = [:]

  private static let mostSeconds: Int64 = 4_096

  /// Adds a call that the rule that it was joined by bills, with a duration and credits; others are left out.
  @inline(__always)
  mutating func add(_ call: Call) {
    guard call.isBillable, let duration = call.duration, let credits = call.credits else { return }
    if call.expectedCredits == credits, 0 <= duration, duration < BilledCalls.mostSeconds {
      if asRuled.isEmpty { asRuled = Array(repeating: 0, count: Int(BilledCalls.mostSeconds)) }
      asRuled[Int(duration)] += 1
    } else {
      others[BilledPair(duration: duration, credits: credits), default: 0] += 1
    }
  }

  mutating func merge(_ other: BilledCalls) {
    if asRuled.isEmpty {
      asRuled = other.asRuled
    } else {
      for place in other.asRuled.indices { asRuled[place] += other.asRuled[place] }
    }
    for (pair, calls) in other.others { others[pair, default: 0] += calls }
  }

  /// The calls by duration and credits; `rule` is the one that they were joined by.
  func pairs(_ rule: BillingRule) -> [BilledPair: Int64] {
    var pairs = others
    let rule = BillingRuleInference.Rule(rule)
    for (duration, calls) in asRuled.enumerated() where calls > 0 {
      guard let credits = rule.credits(duration: Int64(duration)) else { continue }
      pairs[BilledPair(duration: Int64(duration), credits: credits), default: 0] += Int64(calls)
    }
    return pairs
  }
}
