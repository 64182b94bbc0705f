import CallModel
import Tally
import Testing

struct BillingRuleTests {
  @Test(
    arguments: [(0, 1), (1, 1), (59, 1), (60, 1), (61, 2), (120, 2), (121, 3), (86_400, 1_440)] as [(Int64, Int64)])
  func aBillableCallCostsWholePulses(seconds: Int64, pulses: Int64) {
    #expect(BillingRule().pulses(duration: seconds, isBillable: true) == pulses)
  }

  @Test func whatIsNotBillableCostsNothingWhateverItsDuration() {
    #expect(BillingRule().pulses(duration: 61, isBillable: false) == 0)
    #expect(BillingRule().pulses(duration: nil, isBillable: false) == 0)
  }

  @Test func anUnknownDurationCostsSomethingUnknown() {
    #expect(BillingRule().pulses(duration: nil, isBillable: true) == nil)
  }

  @Test func minimumPulsesMayBeNoneOrMany() {
    #expect(BillingRule(minimumPulses: 0).pulses(duration: 0, isBillable: true) == 0)
    #expect(BillingRule(pulse: 6, minimumPulses: 5).pulses(duration: 7, isBillable: true) == 5)
    #expect(BillingRule(pulse: 6, minimumPulses: 5).pulses(duration: 31, isBillable: true) == 6)
  }

  @Test func theLongestDurationCanBePricedUnderTheLargestSettings() {
    let rule = BillingRule(pulse: 86_400, creditsPerPulse: .largestAmount, minimumPulses: 1_000_000)
    // 99,999,999,999 s are 1,157,407.4 days.
    #expect(rule.pulses(duration: 99_999_999_999, isBillable: true) == 1_157_408)
    #expect(rule.pulses(duration: 0, isBillable: true) == 1_000_000)
  }
}
