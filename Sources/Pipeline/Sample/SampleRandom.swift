/// SplitMix64 (Steele, Lea and Flood): every value of a sample follows from its seed, on any machine.
///
/// A stream of its own for each (seed, purpose, index) makes any call cheap to make again, in any order, by any thread.
struct SampleRandom: Sendable {
  /// What a stream is drawn for; streams of different purposes are independent.
  enum Purpose: UInt64 {
    case start = 1, outcome, faults, contact, context, insights, transcript, eventID, delivery, conversation
    case campaign, campaignSize, campaignFaults, agent, archiveFaults
  }

  private var state: UInt64

  init(seed: UInt64, _ purpose: Purpose, _ index: Int) {
    let stream = SampleRandom.scattered(seed &+ purpose.rawValue &* 0xd6e8_feb8_6659_fd93)
    state = SampleRandom.scattered(stream ^ UInt64(truncatingIfNeeded: index) &* 0x9e37_79b9_7f4a_7c15)
  }

  /// A permutation of all 64-bit words: different words stay different.
  @inline(__always)
  static func scattered(_ word: UInt64) -> UInt64 {
    var value = word
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  @inline(__always)
  mutating func word() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    return SampleRandom.scattered(state)
  }

  /// 0 to `bound` − 1; `bound` is small, so the bias of the multiplication is far below what anyone could count.
  @inline(__always)
  mutating func below(_ bound: Int) -> Int {
    Int(truncatingIfNeeded: word().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
  }

  @inline(__always)
  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound &+ below(range.upperBound &- range.lowerBound &+ 1)
  }

  /// True `count` times in a thousand.
  @inline(__always)
  mutating func chance(_ count: Int) -> Bool { below(1_000) < count }

  /// 0 ≤ x < 1.
  @inline(__always)
  mutating func unit() -> Double { Double(word() >> 11) * 0x1p-53 }
}
