import CallModel

/// One line of an archive before it is written: what it is about, its form, and when it arrives.
struct SampleDelivery: Comparable, Sendable {
  enum Form: UInt8 {
    case started, completed, processed, recording
    /// `call.completed` under the same id with another duration.
    case conflicting
    /// `call.processed` under another id.
    case processedAgain
    case unknownEvent, cutLine, trailingJunk, noEventID, duplicateKey, notAnObject, blankLine
    case campaignStarted, campaignEnded
  }

  /// Microseconds of the provider's clock.
  var time: Int64
  /// A call's number, or a campaign's for the campaign forms.
  var subject: Int
  var form: Form

  static func < (left: SampleDelivery, right: SampleDelivery) -> Bool {
    if left.time != right.time { return left.time < right.time }
    if left.subject != right.subject { return left.subject < right.subject }
    return left.form.rawValue < right.form.rawValue
  }
}

extension SamplePlan {
  /// When the provider tries again after a failed attempt, in microseconds after the first.
  private static let attempts: [Int64] = [0, 10_000_000, 70_000_000, 670_000_000, 4_270_000_000]
  private static let lateness: Int64 = 2 * SampleDay.hour

  /// The deliveries of one hour (0 to 23) in the order of their arrival.
  func deliveries(inHour hour: Int) -> [SampleDelivery] {
    let start = day.midnight + Int64(hour) * SampleDay.hour
    var found: [SampleDelivery] = []
    let keep = { (delivery: SampleDelivery) in
      if delivery.time >= start, delivery.time < start + SampleDay.hour { found.append(delivery) }
    }
    for number in day.calls(deliveredInHour: hour) {
      let call = SampleCall(number, in: self)
      guard call.connectedAt < start + SampleDay.hour else { break }
      forEachDelivery(of: call, keep)
    }
    for campaign in campaigns where campaign.calls > 0 { forEachDelivery(of: campaign, keep) }
    return found.sorted()
  }

  /// The hours in which anything arrives, in order: those that have an archive.
  func hoursWithDeliveries() -> [Int] {
    var isUsed = [Bool](repeating: false, count: 24)
    let note = { (delivery: SampleDelivery) in
      let hour = Int((delivery.time - day.midnight) / SampleDay.hour)
      if hour < 24 { isUsed[hour] = true }
    }
    for number in 0..<day.calls { forEachDelivery(of: SampleCall(number, in: self), note) }
    for campaign in campaigns where campaign.calls > 0 { forEachDelivery(of: campaign, note) }
    return (0..<24).filter { isUsed[$0] }
  }

  /// The deliveries that arrive on later days, which only one of several days has.
  func laterDeliveries() -> [SampleDelivery] {
    guard sequence != nil else { return [] }
    var found: [SampleDelivery] = []
    let keep = { (delivery: SampleDelivery) in
      if delivery.time >= day.midnight + 24 * SampleDay.hour { found.append(delivery) }
    }
    for number in 0..<day.calls { forEachDelivery(of: SampleCall(number, in: self), keep) }
    for campaign in campaigns where campaign.calls > 0 { forEachDelivery(of: campaign, keep) }
    return found
  }

  /// Further days that something with a fault takes to arrive where there are such days: 1 to 3.
  private func daysLate(_ number: Int) -> Int64 {
    sequence == nil ? 0 : Int64(1 + number % 3) * 24 * SampleDay.hour
  }

  private func forEachDelivery(of call: SampleCall, _ body: (SampleDelivery) -> Void) {
    var random = SampleRandom(seed: seed, .delivery, call.number)
    let faults = call.faults
    func deliver(_ form: SampleDelivery.Form, _ time: Int64) {
      var delay = Int64(random.within(40_000...1_500_000))
      switch random.below(1_000) {
      case 0: delay += SamplePlan.attempts[2]
      case 1...3: delay += SamplePlan.attempts[1]
      default: break
      }
      if faults.contains(.shuffled) { delay += Int64(random.below(300_000_000)) }
      body(SampleDelivery(time: arrival(time + delay), subject: call.number, form: form))
    }
    if call.isConnected { deliver(.started, call.connectedAt) }
    if !faults.contains(.lostCompleted) { deliver(.completed, call.endedAt) }
    if call.isConnected {
      let delay = faults.contains(.late) ? SamplePlan.lateness + daysLate(call.number) : 0
      if !faults.contains(.lostProcessed) { deliver(.processed, call.processedAt + delay) }
      if faults.contains(.repeatedProcessed) { deliver(.processedAgain, call.processedAt + 30_000_000 + delay) }
    }
    if call.status == .completed { deliver(.recording, call.recordedAt) }
    if !faults.isEmpty { forEachExtraDelivery(of: call, body) }
  }

  private func forEachExtraDelivery(of call: SampleCall, _ body: (SampleDelivery) -> Void) {
    func deliver(_ form: SampleDelivery.Form, _ delay: Int64) {
      body(SampleDelivery(time: arrival(call.endedAt + 2_000_000 + delay), subject: call.number, form: form))
    }
    if !call.faults.contains(.lostCompleted) {
      let delay = SamplePlan.attempts[3] + daysLate(call.number)
      if call.faults.contains(.duplicate) { deliver(.completed, delay) }
      if call.faults.contains(.conflict) { deliver(.conflicting, delay) }
    }
    if call.faults.contains(.manyDuplicates), call.isConnected {
      for attempt in SamplePlan.attempts.dropFirst() { deliver(.started, attempt) }
    }
    let lines: [(CallFaults, SampleDelivery.Form)] = [
      (.unknownEvent, .unknownEvent), (.cutLine, .cutLine), (.trailingJunk, .trailingJunk), (.noEventID, .noEventID),
      (.duplicateKey, .duplicateKey), (.notAnObject, .notAnObject), (.blankLine, .blankLine),
    ]
    for (fault, form) in lines where call.faults.contains(fault) { deliver(form, 0) }
  }

  private func forEachDelivery(of campaign: SampleCampaign, _ body: (SampleDelivery) -> Void) {
    var random = SampleRandom(seed: seed, .delivery, -1 - campaign.number)
    let startDelay = Int64(random.within(40_000...1_500_000))
    let endDelay = Int64(random.within(5_000_000...60_000_000))
    if campaign.isAnnounced {
      body(.init(time: arrival(campaign.startedAt + startDelay), subject: campaign.number, form: .campaignStarted))
    }
    if campaign.isEnded {
      let isLate = mess && campaign.number % 3 == 1
      let time = campaign.lastProcessed + endDelay + (isLate ? daysLate(campaign.number) : 0)
      body(.init(time: arrival(time), subject: campaign.number, form: .campaignEnded))
      if mess, random.chance(100) {
        let again = time + SamplePlan.attempts[1]
        body(.init(time: arrival(again), subject: campaign.number, form: .campaignEnded))
      }
    }
  }

  /// Nothing arrives after the sample's last day: what would is in its last second.
  private func arrival(_ time: Int64) -> Int64 {
    min(max(time, day.midnight), (sequence?.end ?? day.midnight + 24 * SampleDay.hour) - 1_000)
  }
}

extension SampleCampaign {
  /// Microseconds of the provider's clock: a little before its first call.
  var startedAt: Int64 { firstStart - 4_000_000 }
  /// A little after its last call.
  var endedAt: Int64 { lastEnd + 1_500_000 }

  fileprivate var isAnnounced: Bool {
    switch fault {
    case .unannounced, .unstarted: false
    case .none, .open, .wrongClaims: true
    }
  }

  fileprivate var isEnded: Bool {
    switch fault {
    case .unannounced, .open: false
    case .none, .unstarted, .wrongClaims: true
    }
  }
}
