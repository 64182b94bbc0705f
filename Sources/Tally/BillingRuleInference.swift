package import CallModel

/// What a billable call shows of the rule that it was billed by.
package struct BilledPair: Hashable, Sendable {
  /// Seconds.
  package var duration: Int64
  package var credits: Credits

  package init(duration: Int64, credits: Credits) {
    self.duration = duration
    self.credits = credits
  }
}

/// The pulse, the price of a pulse and the least number of pulses that explain best what billable calls were charged.
///
/// Every whole number of seconds is tried as a pulse, and none needs to be guessed: given a price and a minimum, credits
/// say how many pulses a call had, and `n` pulses of a duration `d` leave for the pulse the seconds from `⌈d/n⌉` to
/// `⌈d/(n−1)⌉ − 1`. So each kind of call votes for one stretch of pulses, and one pass along the stretches counts the
/// votes of every pulse. 130 s at 3 credits, a credit a pulse: a pulse has 44 s to 64 s.
///
/// Prices are tried that the eight most frequent amounts suggest: the amounts and their distances from one another.
package struct BillingRuleInference: Equatable, Sendable {
  /// Three figures of a `BillingRule`.
  package struct Rule: Hashable, Sendable {
    /// Seconds.
    package var pulse: Int64
    package var creditsPerPulse: Credits
    package var minimumPulses: Int64

    package init(pulse: Int64, creditsPerPulse: Credits, minimumPulses: Int64) {
      self.pulse = pulse
      self.creditsPerPulse = creditsPerPulse
      self.minimumPulses = minimumPulses
    }

    package init(_ rule: BillingRule) {
      self.init(pulse: rule.pulse, creditsPerPulse: rule.creditsPerPulse, minimumPulses: rule.minimumPulses)
    }

    /// What a billable call of this many seconds costs; nil where that is beyond what can be counted.
    package func credits(duration: Int64) -> Credits? {
      guard duration >= 0, pulse > 0, duration <= Int64.max - pulse else { return nil }
      return BillingRule.pulses(duration: duration, pulse: pulse, minimum: minimumPulses) * creditsPerPulse
    }

    /// Whether a call was charged what the rule gives.
    package func explains(_ pair: BilledPair) -> Bool { credits(duration: pair.duration) == pair.credits }
  }

  /// The calls looked at.
  package let calls: Int64
  /// The rule that explains most of them.
  package private(set) var best: Rule
  package private(set) var explained: Int64
  /// The pulses next to that of the best rule that explain as many calls, at its price and minimum.
  package private(set) var pulses: ClosedRange<Int64>
  /// Other prices and minimums with which as many calls are explained, each with its best pulse; the simplest first.
  package private(set) var equals: [Rule]
  /// Of the rule that was given to compare with.
  package let explainedByReference: Int64

  /// Whether contracts know a pulse of so many seconds.
  private static let customary: [Bool] = {
    var known = Array(repeating: false, count: 3_601)
    for pulse in [1, 6, 10, 12, 15, 20, 30, 60, 90, 120, 180, 300, 600, 900, 1_800, 3_600] { known[pulse] = true }
    return known
  }()

  private static func isCustomary(_ pulse: Int64) -> Bool { pulse < customary.count && customary[Int(pulse)] }

  private struct Candidate {
    var rule: Rule
    var explained: Int64
    var pulses: ClosedRange<Int64>
  }

  /// Infers the rule from how many calls there are of each duration and amount; nil where there is none.
  ///
  /// Of rules that explain as many calls `reference` is taken if it is among them. Else the simplest: without a minimum
  /// of several pulses before one with, then the pulse of `reference`, then one that contracts know, then the larger, which makes the fewest
  /// steps and bills the caller least where nothing was observed, then the lower price.
  package init?(_ pairs: [BilledPair: Int64], reference: BillingRule) {
    let known = pairs.sorted { left, right in
      (left.key.duration, left.key.credits) < (right.key.duration, right.key.credits)
    }.filter { $0.value > 0 }
    guard let longest = known.last?.key.duration else { return nil }
    calls = known.reduce(0) { $0 + $1.value }
    let own = Rule(reference)
    explainedByReference = known.reduce(0) { $0 + (own.explains($1.key) ? $1.value : 0) }
    let width = Int(min(max(longest, 3_600), 86_400))
    var candidates: [Candidate] = []
    if own.pulse > width {
      candidates = [Candidate(rule: own, explained: explainedByReference, pulses: own.pulse...own.pulse)]
    }
    let amounts = BillingRuleInference.frequentAmounts(known)
    for price in BillingRuleInference.prices(amounts, own.creditsPerPulse) {
      for minimum in BillingRuleInference.minimums(amounts, price: price, own.minimumPulses) {
        candidates.append(
          BillingRuleInference.best(of: known, price: price, minimum: minimum, width: width, like: own))
      }
    }
    candidates.sort { BillingRuleInference.isBetter($0, $1, like: own) }
    let best = candidates[0]
    self.best = best.rule
    explained = best.explained
    pulses = best.pulses
    equals = candidates.dropFirst().filter { other in
      other.explained == best.explained
        && (other.rule.creditsPerPulse, other.rule.pulse) != (best.rule.creditsPerPulse, best.rule.pulse)
    }.map(\.rule)
  }

  /// The rule of some of the calls: another one than `reference`, that of all calls, only where it explains calls of
  /// several durations, for a rule can be made to fit any single one.
  package init?(ofGroup pairs: [BilledPair: Int64], reference: BillingRule) {
    self.init(pairs, reference: reference)
    guard best != Rule(reference), durationsExplained(of: pairs) < 2 else { return }
    best = Rule(reference)
    explained = explainedByReference
    pulses = best.pulse...best.pulse
    equals = []
  }

  /// How many different durations there are among the calls that the rule explains.
  private func durationsExplained(of pairs: [BilledPair: Int64]) -> Int {
    Set(pairs.keys.filter(best.explains).map(\.duration)).count
  }

  private static func isBetter(_ left: Candidate, _ right: Candidate, like own: Rule) -> Bool {
    if left.explained != right.explained { return left.explained > right.explained }
    return rank(left.rule, like: own) < rank(right.rule, like: own)
  }

  private static func rank(_ rule: Rule, like own: Rule) -> (Int64, Int64, Int64, Int64, Credits) {
    (
      rule == own ? 0 : 1, rule.minimumPulses == 1 ? 0 : rule.minimumPulses == 0 ? 1 : rule.minimumPulses,
      rule.pulse == own.pulse ? 0 : isCustomary(rule.pulse) ? 1 : 2, -rule.pulse, rule.creditsPerPulse
    )
  }

  // MARK: What is tried

  /// The amounts above zero that most calls were charged, at most eight; of amounts as frequent the lower.
  private static func frequentAmounts(_ pairs: [(key: BilledPair, value: Int64)]) -> [Credits] {
    var calls: [Credits: Int64] = [:]
    for (pair, count) in pairs where pair.credits > .zero { calls[pair.credits, default: 0] += count }
    return calls.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8).map(\.key)
  }

  private static func prices(_ amounts: [Credits], _ own: Credits) -> [Credits] {
    var prices: Set<Credits> = [own, .zero]
    for amount in amounts {
      prices.insert(amount)
      for other in amounts where other > amount { prices.insert(other - amount) }
    }
    return prices.sorted()
  }

  /// A minimum of some pulses shows in the lowest of the frequent amounts.
  private static func minimums(_ amounts: [Credits], price: Credits, _ own: Int64) -> [Int64] {
    guard price > .zero else { return [own] }
    let lowest = amounts.sorted().filter { $0.millionths % price.millionths == 0 }.prefix(3)
    return Set([0, 1, own] + lowest.compactMap { Int64(exactly: $0.millionths / price.millionths) }).sorted()
  }

  /// The best pulse for a price and a minimum, from 1 s to `width` seconds.
  private static func best(
    of pairs: [(key: BilledPair, value: Int64)], price: Credits, minimum: Int64, width: Int, like own: Rule
  ) -> Candidate {
    // Where votes begin and end; added up, the votes of each pulse.
    var votes = [Int64](repeating: 0, count: width + 2)
    for (pair, calls) in pairs {
      guard let stretch = pulses(of: pair, price: price, minimum: minimum, width: Int64(width)) else { continue }
      votes[Int(stretch.lowerBound)] += calls
      votes[Int(stretch.upperBound) + 1] -= calls
    }
    for place in 1...width { votes[place] += votes[place - 1] }
    /// Of pulses with as many votes that with the greater weight is taken, else the larger.
    func weight(_ pulse: Int) -> Int {
      pulse == own.pulse ? 2 : isCustomary(Int64(pulse)) ? 1 : 0
    }
    var best = 1
    for place in 2...width where votes[place] >= votes[best] {
      if votes[place] > votes[best] || weight(place) >= weight(best) { best = place }
    }
    var (first, last) = (best, best)
    while first > 1, votes[first - 1] == votes[best] { first -= 1 }
    while last < width, votes[last + 1] == votes[best] { last += 1 }
    return Candidate(
      rule: Rule(pulse: Int64(best), creditsPerPulse: price, minimumPulses: minimum), explained: votes[best],
      pulses: Int64(first)...Int64(last))
  }

  /// The pulses that explain a call; nil where none does.
  private static func pulses(
    of pair: BilledPair, price: Credits, minimum: Int64, width: Int64
  ) -> ClosedRange<Int64>? {
    let all = 1...width
    guard price > .zero else { return pair.credits == .zero ? all : nil }
    guard pair.duration >= 0, pair.credits >= .zero, pair.credits.millionths % price.millionths == 0,
      let count = Int64(exactly: pair.credits.millionths / price.millionths), count >= minimum
    else { return nil }
    if pair.duration == 0 { return count == minimum ? all : nil }
    guard count > 0 else { return nil }
    let lowest = (pair.duration - 1) / count + 1
    let highest = count == minimum || count == 1 ? width : (pair.duration - 1) / (count - 1)
    return lowest <= min(highest, width) ? lowest...min(highest, width) : nil
  }
}

extension BillingRuleInference {
  /// Durations that must fit a rule before it is held against the configured one: a rule has three figures, so that fewer
  /// than four durations cannot confirm it.
  private static let leastDurations = 4
  /// The part of all calls that it must explain beyond the configured one, as one in so many: a few faulty calls always
  /// fit some rule, such as a pulse of 61 s.
  private static let gain: Int64 = 10

  /// What is to be said where another rule explains more than half of the calls, and a tenth of them more than the
  /// configured one does.
  static func finding(
    _ pairs: [BilledPair: Int64], _ configured: BillingRule, _ subject: Finding.Subject
  ) -> Finding? {
    let own = Rule(configured)
    // Most books follow the rule to the last call, and then there is nothing to look for.
    guard pairs.contains(where: { !own.explains($0.key) }),
      let found = BillingRuleInference(pairs, reference: configured), found.best != own,
      (found.explained - found.explainedByReference) >= (found.calls + gain - 1) / gain,
      found.explained > found.calls - found.explained,
      found.durationsExplained(of: pairs) >= leastDurations
    else { return nil }
    return Finding(
      .billingRuleDiffers, subject, measure: "calls", claimed: "\(found.explained)",
      counted: "\(found.explainedByReference)", difference: "\(found.explained - found.explainedByReference)",
      message: "\(found.best) explain \(found.explained) of \(found.calls) billable calls; the configured \(own) "
        + "explain \(found.explainedByReference).")
  }
}

extension BillingRuleInference.Rule: CustomStringConvertible {
  /// `60 s and 1 credit a pulse`, with the minimum where it is not one pulse.
  package var description: String {
    let price = "\(creditsPerPulse) \(creditsPerPulse == Credits(1) ? "credit" : "credits") a pulse"
    return "\(pulse) s and \(price)\(minimumPulses == 1 ? "" : ", at least \(minimumPulses) pulses,")"
  }
}
