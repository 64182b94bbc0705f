import CallModel

/// Everything about a sample that is decided before the first byte: small, shared by all hours, the same for one seed.
struct SamplePlan: Sendable {
  let seed: UInt64
  let mess: Bool
  let day: SampleDay
  let agents: [SampleAgent]
  /// What the day has to do with those before and after it; nil for a day of its own.
  let sequence: SampleSequence?
  private(set) var campaigns: [SampleCampaign] = []

  /// Calls are dealt to the lanes in turn; on each lane one campaign follows the other.
  private let lanes: Int
  /// For each campaign the first of its lane's calls that is its own, counted along the lane.
  private let firstOnLane: [Int]

  private static let callsPerCampaign = 370

  init(calls: Int, seed: UInt64, mess: Bool, day: Day, sequence: SampleSequence? = nil) {
    self.seed = seed
    self.mess = mess
    self.sequence = sequence
    self.day = SampleDay(day, calls: calls, seed: seed, isOneOfSeveral: sequence != nil)
    agents = (0..<15).map { SampleAgent($0, seed: sequence?.seed ?? seed) }
    let count = max(min(6, (calls + 9) / 10), calls / SamplePlan.callsPerCampaign)
    lanes = min(8, max(1, count / 3))
    firstOnLane = SamplePlan.divide(calls: calls, among: count, lanes: lanes, seed: seed)
    campaigns = SamplePlan.sumUp(self, calls: calls, count: count)
  }

  /// Campaign `lane + lanes * k` is the lane's `k`-th; borders are moved at random by up to half a campaign.
  private static func divide(calls: Int, among count: Int, lanes: Int, seed: UInt64) -> [Int] {
    (0..<count).map { campaign in
      let lane = campaign % lanes
      let onLane = (calls - lane + lanes - 1) / lanes
      let campaignsOfLane = (count - lane + lanes - 1) / lanes
      let place = campaign / lanes
      guard place > 0 else { return 0 }
      var random = SampleRandom(seed: seed, .campaignSize, campaign)
      return place * onLane / campaignsOfLane + random.below(onLane / campaignsOfLane / 2 + 1)
    }
  }

  /// What a campaign's names are made of: that of its first day.
  func seed(ofCampaign campaign: Int) -> UInt64 { campaign == 0 ? sequence?.long.seed ?? seed : seed }

  func campaign(ofCall call: Int) -> Int {
    let lane = call % lanes
    let position = call / lanes
    var (low, high) = (0, (firstOnLane.count - lane + lanes - 1) / lanes)
    while high - low > 1 {
      let middle = (low + high) / 2
      if firstOnLane[lane + middle * lanes] <= position { low = middle } else { high = middle }
    }
    return lane + low * lanes
  }

  private static func sumUp(_ plan: SamplePlan, calls: Int, count: Int) -> [SampleCampaign] {
    var campaigns = (0..<count).map { SampleCampaign($0, of: count, in: plan) }
    for number in 0..<calls {
      let call = SampleCall(number, in: plan)
      if let campaign = call.campaign { campaigns[campaign].add(call) }
    }
    return campaigns
  }
}

/// One of the provider's voice agents.
struct SampleAgent: Sendable {
  let id: [UInt8]
  let name: String
  let workspace: [UInt8]
  /// The number it calls from and is called at.
  let phoneNumber: String

  private static let names = [
    "Sales Bot", "Appointment Desk", "Renewals", "Delivery Desk", "Survey Line", "Onboarding", "Payments & Reminders",
    "Asha – सहायता", "Recepción", "Terminservice", "Test Drive Desk", "Clinic Front Desk", "Lead Qualifier",
    "Feedback \\\"Voice\\\"", "Night Desk",
  ]
  private static let workspaces = 3

  init(_ index: Int, seed: UInt64) {
    var random = SampleRandom(seed: seed, .agent, index)
    var digits: [UInt8] = []
    digits.append(hex: 0x664f_1a2b, digits: 8)
    digits.append(hex: random.word(), digits: 16)
    id = digits
    name = SampleAgent.names[index % SampleAgent.names.count]
    var space = SampleRandom(seed: seed, .agent, 1_000 + index % SampleAgent.workspaces)
    var identifier = Array("ws_".utf8)
    identifier.append(hex: space.word(), digits: 12)
    workspace = identifier
    phoneNumber = "+1415555\(1_000 + random.below(9_000))"
  }
}

/// One campaign: who calls for it, and what its calls add up to.
struct SampleCampaign: Sendable {
  let number: Int
  let agent: Int
  let fault: CampaignFault
  private(set) var calls = 0
  private(set) var completedCalls = 0
  /// Seconds.
  private(set) var totalDuration = 0
  private(set) var credits = 0
  /// Microseconds of the provider's clock; meaningful when `calls` is not 0.
  private(set) var firstStart = Int64.max
  private(set) var lastEnd = Int64.min
  private(set) var lastProcessed = Int64.min

  init(_ number: Int, of count: Int, in plan: SamplePlan) {
    var random = SampleRandom(seed: plan.seed(ofCampaign: number), .campaign, number)
    self.number = number
    agent = random.below(plan.agents.count)
    guard number == 0, let long = plan.sequence?.long else {
      fault = plan.mess ? .striking(campaign: number, of: count, seed: plan.seed) : .none
      return
    }
    fault = long.begins ? (long.ends ? .none : .open) : (long.ends ? .unstarted : .unannounced)
    guard let before = long.before else { return }
    (calls, completedCalls, totalDuration) = (before.calls, before.completedCalls, before.totalDuration)
    (credits, firstStart, lastEnd) = (before.credits, before.firstStart, before.lastEnd)
    lastProcessed = before.lastProcessed
  }

  mutating func add(_ call: SampleCall) {
    calls += 1
    completedCalls += call.status == .completed ? 1 : 0
    totalDuration += call.duration
    credits += call.credits
    firstStart = min(firstStart, call.connectedAt)
    lastEnd = max(lastEnd, call.endedAt)
    lastProcessed = max(lastProcessed, call.processedAt)
  }
}
