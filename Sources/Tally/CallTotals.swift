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
}

/// A campaign's calls, and what of them can explain a difference in credits.
package struct CampaignSums: Equatable, Sendable {
  /// Calls that share a reason, and the credits that it makes the count too low by.
  package struct Cause: Equatable, Sendable {
    package var calls: Int64 = 0
    package var credits = Credits.zero
    /// The least of their ids by bytes, at most three: examples that do not hang on the order of adding.
    package var examples: [String] = []

    mutating func add(_ amount: Credits, _ id: String) {
      calls += 1
      credits += amount
      add(example: id)
    }

    mutating func add(_ other: Cause) {
      calls += other.calls
      credits += other.credits
      for id in other.examples { add(example: id) }
    }

    private mutating func add(example id: String) {
      let place = examples.firstIndex { id.utf8.lexicographicallyPrecedes($0.utf8) } ?? examples.count
      guard place < 3 else { return }
      examples.insert(id, at: place)
      if examples.count > 3 { examples.removeLast() }
    }
  }

  package var sums = CallSums()
  package var awaiting: Int64 = 0
  /// Billable calls whose `call.processed` is missing: what the rule would have them cost.
  package var unprocessed = Cause()
  /// Billable calls whose `call.processed` names no credits: what the rule would have them cost.
  package var uncharged = Cause()
  /// Calls whose credits do not follow the rule: rule less credits.
  package var offRate = Cause()
  /// Calls with two durations: what the other one would cost more.
  package var otherDuration = Cause()
  /// Calls whose call.processed was delivered more than once: their credits, once for each further delivery.
  package var repeated = Cause()

  package init() {}

  /// `id` is the call's, made only for a call that can explain something.
  mutating func add(_ call: Call, in book: borrowing CallBook, rule: borrowing BillingRule) {
    sums.add(call)
    let duplicates = Int64(book.entries[call.number].duplicates)
    if call.settlement != .settled { awaiting += 1 }
    if call.credits == nil, let expected = call.expectedCredits, expected != .zero {
      if call.has(.callProcessed) {
        uncharged.add(expected, book.conversationID(of: call))
      } else {
        unprocessed.add(expected, book.conversationID(of: call))
      }
    }
    if let difference = call.creditsDifference, difference != .zero {
      offRate.add(.zero - difference, book.conversationID(of: call))
    }
    if let difference = call.creditsOfConflictingDuration(rule), difference != .zero {
      otherDuration.add(difference, book.conversationID(of: call))
    }
    if duplicates > 0, let credits = call.credits, credits != .zero {
      repeated.add(duplicates * credits, book.conversationID(of: call))
    }
  }

  package mutating func add(_ other: CampaignSums) {
    sums.add(other.sums)
    awaiting += other.awaiting
    unprocessed.add(other.unprocessed)
    uncharged.add(other.uncharged)
    offRate.add(other.offRate)
    otherDuration.add(other.otherDuration)
    repeated.add(other.repeated)
  }
}

/// One row of the totals table.
package struct TotalsRow: Sendable {
  package var day: Day?
  package var workspaceID: String?
  package var campaignID: String?
  package var agentID: String?
  package var sums: CallSums
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
  }

  private var names = IdentifierTable()
  private var keys: [Key] = []
  private var sums: [CallSums] = []
  private var places: [Key: Int] = [:]
  /// Campaigns by their numbers in `names`.
  private var campaignNames: [Int32] = []
  private var campaignSums: [CampaignSums] = []
  private var campaignPlaces: [Int32: Int] = [:]
  /// By the agent's number in `names`: the least of its names by bytes, which does not hang on the order of calls.
  private var namesOfAgents: [Int32: String] = [:]
  /// The places of calls with the same agent blocks, which mostly fall on one day.
  private var recent = BlockCache(repeating: Place())
  package private(set) var all = CallSums()
  /// What calls' credits differ from the billing rule by, added up without sign; calls within tolerance left out.
  package private(set) var creditsOffRule = Credits.zero
  package private(set) var findings: [Finding] = []
  private let toleratedCredits: Credits

  /// `toleratedCredits` is what one call's credits may differ from the billing rule by without counting.
  package init(toleratedCredits: Credits = .zero) { self.toleratedCredits = toleratedCredits }

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
      campaignSums[place.campaign].add(call, in: book, rule: rule.billing)
    }
    addFindings(of: call, in: book, campaign: keys[place.key].campaign, lacksDay: day == nil)
  }

  private mutating func place(of call: Call, in book: borrowing CallBook, day: Int32) -> Place {
    let (index, isKnown) = recent.place(of: book.agentBlocks(of: call))
    if isKnown, recent.values[index].day == day { return recent.values[index] }
    let key = Key(
      day: day, workspace: name(.agent(.workspaceID), of: call, book),
      campaign: name(.agent(.campaignID), of: call, book), agent: name(.agent(.agentID), of: call, book))
    let place = Place(day: day, key: self.place(of: key), campaign: campaignPlace(of: key.campaign))
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

  private mutating func campaignPlace(of name: Int32) -> Int {
    guard name >= 0 else { return -1 }
    if let known = campaignPlaces[name] { return known }
    campaignPlaces[name] = campaignNames.count
    campaignNames.append(name)
    campaignSums.append(CampaignSums())
    return campaignNames.count - 1
  }

  package mutating func merge(_ other: CallTotals) {
    all.add(other.all)
    creditsOffRule += other.creditsOffRule
    findings.append(contentsOf: other.findings)
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
    for (name, sums) in zip(other.campaignNames, other.campaignSums) {
      campaignSums[campaignPlace(of: own(name))].add(sums)
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

  /// The sums of every campaign that calls name, by the bytes of its id.
  package var campaigns: [[UInt8]: CampaignSums] {
    Dictionary(
      uniqueKeysWithValues: zip(campaignNames, campaignSums).map { name, sums in
        (Array(names.text(Int(name)).utf8), sums)
      })
  }

  /// The names of agents by their ids: of one that had several, the least by bytes.
  package var agentNames: [String: String] {
    Dictionary(uniqueKeysWithValues: namesOfAgents.map { (names.text(Int($0)), $1) })
  }

  private mutating func addFindings(of call: Call, in book: borrowing CallBook, campaign: Int32, lacksDay: Bool) {
    guard
      call.kindsRepeated != 0 || lacksDay || call.conflictingDuration != nil || call.settlement != .settled
        || (call.creditsDifference ?? .zero) != .zero
    else { return }
    // Fetched here, so that no closure has to hold the book.
    let (subject, campaignID) = (Finding.Subject.call(book.conversationID(of: call)), text(campaign))
    func add(
      _ code: FindingCode, measure: String? = nil, claimed: String? = nil, counted: String? = nil,
      difference: String? = nil, origin: RecordOrigin?, severity: Finding.Severity? = nil, _ message: String
    ) {
      findings.append(
        Finding(
          code, subject, campaignID: campaignID, measure: measure, claimed: claimed, counted: counted,
          difference: difference, severity: severity, message: message, origin: origin))
    }
    if call.kindsRepeated != 0 {
      for kind in Call.kinds where call.kindsRepeated >> UInt8(kind.authority) & 1 == 1 {
        add(
          .repeatedEvent, measure: kind.name, origin: book.origin(of: kind, of: call),
          "Several \(kind.name) events of different ids arrived; the latest one counts.")
      }
    }
    if lacksDay, call.time != nil {
      add(
        .badTimestamp, measure: "day", origin: book.origin(of: call),
        "The business day lies outside the years 1 to 9999; it counts as unknown.")
    }
    if let other = call.conflictingDuration, let duration = call.duration {
      add(
        .durationConflict, measure: "duration_seconds", claimed: "\(duration)", counted: "\(other)",
        difference: "\(duration - other)", origin: book.origin(of: .callProcessed, of: call),
        "call.processed says \(duration) s and call.completed \(other) s; call.processed counts.")
    }
    if let difference = call.creditsDifference, difference != .zero, let credits = call.credits,
      let expected = call.expectedCredits
    {
      let isTolerated = difference.magnitude <= toleratedCredits
      add(
        .creditsDiffer, measure: "credits", claimed: "\(credits)", counted: "\(expected)",
        difference: "\(difference)", origin: book.origin(of: .callProcessed, of: call),
        severity: isTolerated ? .info : nil,
        "call.processed charges \(credits) credits where the billing rule gives \(expected)"
          + (isTolerated ? ", which is within tolerance." : "."))
    }
    switch call.settlement {
    case .settled: break
    case .awaitingProcessed:
      add(.awaitingProcessed, origin: book.origin(of: call), "The call ended and its call.processed has not arrived.")
    case .awaitingCompleted:
      add(
        .awaitingCompleted, origin: book.origin(of: call),
        "Neither call.completed nor call.processed of the call has arrived.")
    }
  }
}

/// Whether `left` comes before `right` where nil comes last.
func isBefore<Value>(_ left: Value?, _ right: Value?, _ precedes: (Value, Value) -> Bool) -> Bool {
  guard let left else { return false }
  guard let right else { return true }
  return precedes(left, right)
}
