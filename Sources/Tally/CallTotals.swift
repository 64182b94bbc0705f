package import CallModel

/// What calls add up to: the same sums for a campaign, a day, an agent or a whole run.
package struct CallSums: Equatable, Sendable {
  package var calls: Int64 = 0
  package var successfulCalls: Int64 = 0
  package var failedCalls: Int64 = 0
  /// Seconds; an unknown duration adds nothing.
  package var duration: Int64 = 0
  /// Seconds.
  package var billableSeconds: Int64 = 0
  package var credits = Credits.zero
  package var expectedCredits = Credits.zero

  package init() {}

  /// Minutes to the hundredth, halves up.
  package var billableMinutes: Credits {
    Credits(millionths: Int128((billableSeconds * 100 + 30) / 60) * 10_000)
  }

  /// The sums of one call.
  init(of call: Call) { add(call) }

  mutating func add(_ call: Call) {
    calls += 1
    if call.isSuccessful { successfulCalls += 1 } else if call.hasStatus { failedCalls += 1 }
    duration += call.duration ?? 0
    billableSeconds += call.billableSeconds ?? 0
    credits += call.credits ?? .zero
    expectedCredits += call.expectedCredits ?? .zero
  }

  package mutating func add(_ other: CallSums) {
    calls += other.calls
    successfulCalls += other.successfulCalls
    failedCalls += other.failedCalls
    duration += other.duration
    billableSeconds += other.billableSeconds
    credits += other.credits
    expectedCredits += other.expectedCredits
  }

  static func * (factor: Int64, sums: CallSums) -> CallSums {
    var product = sums
    product.calls *= factor
    product.successfulCalls *= factor
    product.failedCalls *= factor
    product.duration *= factor
    product.billableSeconds *= factor
    product.credits = factor * sums.credits
    product.expectedCredits = factor * sums.expectedCredits
    return product
  }

  static func - (left: CallSums, right: CallSums) -> CallSums {
    var difference = left
    difference.add(-1 * right)
    return difference
  }
}

/// One row of the totals table.
package struct TotalsRow: Sendable {
  package var day: Day?
  package var workspaceID: String?
  package var campaignID: String?
  package var agentID: String?
  package var sums: CallSums

  package init(day: Day?, workspaceID: String?, campaignID: String?, agentID: String?, sums: CallSums) {
    self.day = day
    self.workspaceID = workspaceID
    self.campaignID = campaignID
    self.agentID = agentID
    self.sums = sums
  }
}

/// Everything that is added up over calls. Made of ranges of calls in parallel and merged; no sum hangs on the order.
package struct CallTotals: Sendable {
  private struct Key: Hashable {
    /// Days since 1970, or `Int32.max` where a call has no time at all, so that it comes last.
    var day: Int32
    /// Numbers in `names`; -1 for null.
    var workspace, campaign, agent: Int32
  }

  /// Where the sums are that a call belongs to.
  private struct Place {
    var day = Int32.min
    /// In `sums` and in `campaignSums`; -1 where the call has no campaign.
    var key = -1
    var campaign = -1
    /// Whether events of the call name different campaigns.
    var namesSeveralCampaigns = false
  }

  private struct CampaignDay: Hashable {
    /// The campaign's number in `names`.
    var campaign: Int32
    /// As in `Key`.
    var day: Int32
  }

  private var names = IdentifierTable()
  private var keys: [Key] = []
  private var sums: [CallSums] = []
  private var places: [Key: Int] = [:]
  private var campaignKeys: [CampaignDay] = []
  private var campaignSums: [CampaignSums] = []
  private var campaignPlaces: [CampaignDay: Int] = [:]
  /// By the agent's number in `names`: the least of its names by bytes, which does not hang on the order of calls.
  private var namesOfAgents: [Int32: String] = [:]
  /// The places of calls with the same agent blocks, which mostly fall on one day.
  private var recent = BlockCache(repeating: Place())
  package private(set) var all = CallSums()
  /// What calls' credits differ from the billing rule by, added up without sign; calls within tolerance left out.
  package private(set) var creditsOffRule = Credits.zero
  private var examination: CallExamination?
  private let toleratedCredits: Credits

  /// Where `finds` is false, nothing is looked for but sums.
  package init(_ judgement: CallJudgement = CallJudgement(), finds: Bool = true) {
    toleratedCredits = judgement.tolerance.credits
    examination = finds ? CallExamination(judgement) : nil
  }

  /// What the calls show one by one; with `finish` also what they show together.
  package var findings: [Finding] { examination?.findings ?? [] }

  /// Adds a call and what it shows.
  package mutating func add(
    _ call: Call, in book: borrowing CallBook, rule: borrowing StatusRule, clock: borrowing BusinessClock
  ) {
    all.add(call)
    if let difference = call.creditsDifference?.magnitude, difference > toleratedCredits {
      creditsOffRule += difference
    }
    let day = call.day(clock)
    let place = place(of: call, in: book, day: day?.number ?? Int32.max)
    sums[place.key].add(call)
    if place.campaign >= 0 {
      campaignSums[place.campaign].add(call, in: book, rule: rule)
    }
    guard
      var doubts = examination?.doubts(about: call, in: book, rule: rule)
    else { return }
    if day == nil, call.time != nil { doubts.insert(.noDay) }
    if place.namesSeveralCampaigns { doubts.insert(.severalCampaigns) }
    guard !doubts.isEmpty else { return }
    let campaignID = text(keys[place.key].campaign)
    examination?.add(doubts, about: call, in: book, campaignID: campaignID)
  }

  /// Adds what the calls show together, when all of them have been added.
  package mutating func finish(in book: borrowing CallBook, rule: borrowing StatusRule) {
    examination?.finish(in: book, rule: rule)
  }

  /// Adds calls of which only the sums are at hand: those that have nothing to tell beyond them. Those of campaigns by days
  /// stay as they are.
  package mutating func add(_ row: TotalsRow) {
    func number(_ text: String?) -> Int32 {
      guard let bytes = text.map({ Array($0.utf8) }) else { return -1 }
      return Int32(names.number(of: bytes.span, hash: hash64(bytes.span)))
    }
    all.add(row.sums)
    let key = Key(
      day: row.day?.number ?? Int32.max, workspace: number(row.workspaceID), campaign: number(row.campaignID),
      agent: number(row.agentID))
    sums[place(of: key)].add(row.sums)
  }

  private mutating func place(of call: Call, in book: borrowing CallBook, day: Int32) -> Place {
    let (index, isKnown) = recent.place(of: book.agentBlocks(of: call))
    if isKnown, recent.values[index].day == day { return recent.values[index] }
    let key = Key(
      day: day, workspace: name(.agent(.workspaceID), of: call, book),
      campaign: name(.agent(.campaignID), of: call, book), agent: name(.agent(.agentID), of: call, book))
    let place = Place(
      day: day, key: self.place(of: key), campaign: campaignPlace(of: CampaignDay(campaign: key.campaign, day: day)),
      namesSeveralCampaigns: book.otherCampaign(of: call) != nil)
    if key.agent >= 0, let name = book.string(.agent(.agentName), of: call) { add(name: name, ofAgent: key.agent) }
    recent.values[index] = place
    return place
  }

  private mutating func add(name: String, ofAgent agent: Int32) {
    if let known = namesOfAgents[agent], !name.utf8.lexicographicallyPrecedes(known.utf8) { return }
    namesOfAgents[agent] = name
  }

  private mutating func place(of key: Key) -> Int {
    if let known = places[key] { return known }
    places[key] = keys.count
    keys.append(key)
    sums.append(CallSums())
    return keys.count - 1
  }

  private mutating func campaignPlace(of key: CampaignDay) -> Int {
    guard key.campaign >= 0 else { return -1 }
    if let known = campaignPlaces[key] { return known }
    campaignPlaces[key] = campaignKeys.count
    campaignKeys.append(key)
    campaignSums.append(CampaignSums())
    return campaignKeys.count - 1
  }

  package mutating func merge(_ other: CallTotals) {
    all.add(other.all)
    creditsOffRule += other.creditsOffRule
    if let other = other.examination { examination?.merge(other) }
    var numbers: [Int32] = []
    for number in 0..<other.names.count {
      numbers.append(other.names.withBytes(number) { Int32(names.number(of: $0, hash: hash64($0))) })
    }
    func own(_ number: Int32) -> Int32 { number < 0 ? number : numbers[Int(number)] }
    for (key, sums) in zip(other.keys, other.sums) {
      let place = place(
        of: Key(day: key.day, workspace: own(key.workspace), campaign: own(key.campaign), agent: own(key.agent)))
      self.sums[place].add(sums)
    }
    for (key, sums) in zip(other.campaignKeys, other.campaignSums) {
      campaignSums[campaignPlace(of: CampaignDay(campaign: own(key.campaign), day: key.day))].add(sums)
    }
    for (agent, name) in other.namesOfAgents { add(name: name, ofAgent: own(agent)) }
  }

  /// The number of a text; -1 where the call has none. An empty `campaign_id` is how some senders say that there is none.
  private mutating func name(_ text: CallText, of call: Call, _ book: borrowing CallBook) -> Int32 {
    var number: Int32 = -1
    _ = book.withText(text, of: call) { bytes in
      if bytes.count > 0 { number = Int32(names.number(of: bytes, hash: hash64(bytes))) }
    }
    return number
  }

  private func text(_ number: Int32) -> String? { number < 0 ? nil : names.text(Int(number)) }

  /// The number of `rows`, and what they add up to.
  package var rowCount: Int { sums.count }
  package var sumOfRows: CallSums {
    sums.reduce(into: CallSums()) { total, row in total.add(row) }
  }

  /// The totals table, by day, workspace, campaign and agent; what is unknown comes last.
  package var rows: [TotalsRow] {
    zip(keys, sums).map { key, sums in
      TotalsRow(
        day: key.day == Int32.max ? nil : Day(number: key.day), workspaceID: text(key.workspace),
        campaignID: text(key.campaign), agentID: text(key.agent), sums: sums)
    }.sorted { left, right in
      if left.day != right.day { return isBefore(left.day, right.day) { $0 < $1 } }
      for path in [\TotalsRow.workspaceID, \.campaignID, \.agentID] {
        let (first, second) = (left[keyPath: path].map { Array($0.utf8) }, right[keyPath: path].map { Array($0.utf8) })
        if first != second { return isBefore(first, second) { $0.lexicographicallyPrecedes($1) } }
      }
      return false
    }
  }

  /// The sums of every campaign that calls name, by the bytes of its id and by day; `Int32.max` is no day.
  package var campaignDays: [[UInt8]: [Int32: CampaignSums]] {
    var days: [[UInt8]: [Int32: CampaignSums]] = [:]
    for (key, sums) in zip(campaignKeys, campaignSums) {
      days[Array(names.text(Int(key.campaign)).utf8), default: [:]][key.day] = sums
    }
    return days
  }

  /// The names of agents by their ids: of one that had several, the least by bytes.
  package var agentNames: [String: String] {
    Dictionary(uniqueKeysWithValues: namesOfAgents.map { (names.text(Int($0)), $1) })
  }

  /// The sums of every campaign that calls name, by the bytes of its id.
  package var campaigns: [[UInt8]: CampaignSums] {
    campaignDays.mapValues { days in days.values.reduce(into: CampaignSums()) { $0.add($1) } }
  }
}

/// Whether `left` comes before `right` where nil comes last.
func isBefore<Value>(_ left: Value?, _ right: Value?, _ precedes: (Value, Value) -> Bool) -> Bool {
  guard let left else { return false }
  guard let right else { return true }
  return precedes(left, right)
}
