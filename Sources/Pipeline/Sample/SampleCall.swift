import CallModel

/// What became of one call and when: all that the claims of its campaign and the order of its events depend on.
struct SampleCall: Sendable {
  enum Status: String {
    case completed, voicemail, busy, failed
    case noAnswer = "no-answer"
  }

  let number: Int
  /// Its campaign's number; nil for an inbound call.
  let campaign: Int?
  let status: Status
  /// Whole seconds.
  let duration: Int
  // Microseconds of the provider's clock.
  let connectedAt: Int64
  let endedAt: Int64
  let processedAt: Int64
  let recordedAt: Int64
  let faults: CallFaults

  init(_ number: Int, in plan: SamplePlan) {
    var random = SampleRandom(seed: plan.seed, .outcome, number)
    self.number = number
    let isInbound = random.chance(60)
    campaign = isInbound ? nil : plan.campaign(ofCall: number)
    faults = plan.mess ? .striking(call: number, of: plan.day.calls, seed: plan.seed) : []
    // A call that a fault strikes is a completed one, so that there is something to spoil.
    let outcome = random.below(1_000)
    switch faults.isEmpty ? outcome : 0 {
    case ..<781: status = .completed
    case ..<800: status = .voicemail
    case ..<925: status = isInbound ? .completed : .noAnswer
    case ..<970: status = isInbound ? .completed : .busy
    default: status = .failed
    }
    switch status {
    case .completed: duration = SampleCall.talk(&random)
    case .voicemail: duration = random.within(4...40)
    case .noAnswer, .busy, .failed: duration = 0
    }
    connectedAt = plan.day.start(ofCall: number)
    let rings = status == .noAnswer ? random.within(25...45) : status == .busy ? 3 : 0
    endedAt = connectedAt + Int64(duration + rings) * 1_000_000 + Int64(random.below(1_000_000))
    processedAt = endedAt + Int64(random.within(4_000_000...90_000_000))
    recordedAt = endedAt + Int64(random.within(3_000_000...120_000_000))
  }

  /// Mostly a minute or three, seldom much longer, sometimes over at once.
  private static func talk(_ random: inout SampleRandom) -> Int {
    switch random.below(100) {
    case 0: random.within(0...3)
    case 1, 2: random.within(300...1_500)
    case 3: 60 * random.within(1...5)
    default: 12 + random.below(50) + random.below(random.below(460) + 1)
    }
  }

  /// Whether somebody or something picked up, so that there is something to process.
  var isConnected: Bool { status == .completed || status == .voicemail }

  /// Whole pulses of 60 seconds, one credit each, at least one for a completed call.
  var credits: Int { status == .completed ? max(1, (duration + 59) / 60) : 0 }
}
