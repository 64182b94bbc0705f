import CallModel
import Testing

import Tally

@Suite struct BillingRuleInferenceTests {
  private typealias Rule = BillingRuleInference.Rule

  /// Calls of these seconds, each charged as told.
  private static func pairs(_ calls: [(Int64, String)]) -> [BilledPair: Int64] {
    var pairs: [BilledPair: Int64] = [:]
    for (duration, credits) in calls {
      pairs[BilledPair(duration: duration, credits: Credits(credits) ?? .zero), default: 0] += 1
    }
    return pairs
  }

  private static func pairs(_ durations: some Sequence<Int64>, _ rule: Rule) -> [BilledPair: Int64] {
    pairs(durations.map { ($0, (rule.credits(duration: $0) ?? .zero).description) })
  }

  private func infer(_ pairs: [BilledPair: Int64]) throws -> BillingRuleInference {
    try #require(BillingRuleInference(pairs, reference: BillingRule()))
  }

  /// By hand: 30 s is one pulse of 30 s, 31 s are two; 45 is a pulse that no list of pulses has.
  @Test(
    arguments: [
      (1, "0.01", 1), (6, "0.1", 1), (10, "0.25", 1), (15, "1", 1), (30, "0.5", 1), (30, "0.5", 2), (45, "1", 1),
      (60, "1", 1), (60, "1.25", 3), (90, "2", 1), (60, "1", 0),
    ] as [(Int64, String, Int64)])
  func aRuleIsFoundInWhatItCharges(pulse: Int64, price: String, minimum: Int64) throws {
    let rule = Rule(pulse: pulse, creditsPerPulse: Credits(price) ?? .zero, minimumPulses: minimum)
    let found = try infer(BillingRuleInferenceTests.pairs(0...400, rule))
    #expect(found.best == rule)
    #expect(found.explained == 401)
    #expect(found.pulses == pulse...pulse)
  }

  @Test func faultsAreCountedAndDoNotBlurTheRule() throws {
    let rule = Rule(pulse: 30, creditsPerPulse: Credits(millionths: 500_000), minimumPulses: 1)
    var pairs = BillingRuleInferenceTests.pairs(1...300, rule)
    for (duration, credits) in [(100, "9"), (100, "9"), (200, "0.75"), (7, "0")] as [(Int64, String)] {
      pairs[BilledPair(duration: duration, credits: Credits(credits) ?? .zero), default: 0] += 1
    }
    let found = try infer(pairs)
    #expect(found.best == rule)
    #expect((found.explained, found.calls) == (300, 304))
    // By hand, of 1 to 300 s at a credit a minute: 30 s pays 0.5 or 1. Equal where the second half-minute of a minute
    // is begun, 31 to 60 s and so on: 30 of every 60.
    #expect(found.explainedByReference == 150)
  }

  /// 45 s, 100 s and 130 s at 1, 2 and 3 credits: 130 s are three pulses of 44 s to 64 s, 100 s two of 50 s to 99 s.
  @Test func whereSeveralPulsesExplainAsMuchTheConfiguredOneIsTold() throws {
    let found = try infer(BillingRuleInferenceTests.pairs([(45, "1"), (100, "2"), (130, "3")]))
    #expect(found.best == Rule(BillingRule()))
    #expect(found.pulses == 50...64)
    #expect(found.explained == 3)
  }

  /// Twice the price: the configured rule explains nothing, and of the pulses from 50 s to 64 s contracts know 60.
  @Test func elseAPulseThatContractsKnowIsTold() throws {
    let found = try infer(BillingRuleInferenceTests.pairs([(45, "2"), (100, "4"), (130, "6")]))
    #expect(found.best == Rule(pulse: 60, creditsPerPulse: Credits(2), minimumPulses: 1))
    #expect(found.explainedByReference == 0)
    // 83 s are two pulses of 42 s to 82 s, and 130 s four of 33 s to 43 s: no contract knows them, so the larger is told.
    let odd = try infer(BillingRuleInferenceTests.pairs([(42, "5"), (83, "10"), (130, "20")]))
    #expect(odd.best == Rule(pulse: 43, creditsPerPulse: Credits(5), minimumPulses: 1))
    #expect(odd.pulses == 42...43)
  }

  /// Calls of up to a minute at one credit show a price and hardly a pulse; the configured minute is among the pulses.
  @Test func callsOfOneAmountShowNoPulse() throws {
    let found = try infer(BillingRuleInferenceTests.pairs([(5, "1"), (20, "1"), (58, "1")]))
    #expect(found.best == Rule(BillingRule()))
    #expect(found.pulses.lowerBound == 58)
    let flat = try infer(BillingRuleInferenceTests.pairs([(5, "3"), (20, "3"), (58, "3")]))
    #expect(flat.best == Rule(pulse: 60, creditsPerPulse: Credits(3), minimumPulses: 1))
    #expect(flat.pulses.lowerBound == 58)
    #expect(flat.equals.contains { $0.creditsPerPulse == Credits(1) && $0.minimumPulses == 3 })
  }

  @Test func callsThatCostNothingAreExplainedByNoPrice() throws {
    let found = try infer(BillingRuleInferenceTests.pairs([(5, "0"), (200, "0")]))
    #expect(found.best.creditsPerPulse == .zero)
    #expect(found.explained == 2)
  }

  @Test func whatNoRuleCanExplainIsLeft() throws {
    let found = try infer(BillingRuleInferenceTests.pairs([(60, "1"), (120, "2"), (61, "-1")]))
    #expect(found.explained == 2)
    #expect(BillingRuleInference([:], reference: BillingRule()) == nil)
  }

  @Test func theOrderOfCallsDoesNotMatter() throws {
    var numbers = SeededNumbers(seed: 7)
    let calls = (0..<500).map { _ in
      (Int64.random(in: 0...600, using: &numbers), "\(Int.random(in: 0...9, using: &numbers))")
    }
    let found = try infer(BillingRuleInferenceTests.pairs(calls))
    for _ in 0..<5 { #expect(try infer(BillingRuleInferenceTests.pairs(calls.shuffled(using: &numbers))) == found) }
  }
}
