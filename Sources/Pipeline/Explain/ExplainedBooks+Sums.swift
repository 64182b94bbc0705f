import CallModel
import Tally
import TextTables

extension ExplainedBooks {
  /// A campaign: each claim beside what its calls add up to, its own events, and the calls that need a look.
  func explanation(ofCampaign id: String) async -> Explanation {
    let (record, numbers) = campaign(id)
    let (totals, _) = await books.settle(numbers, judgement, threads: threads)
    let reconciliation = Reconciliation([record], file)
    var explanation = Explanation(.campaign, id: masked(id, "campaign_id"))
    let ended = record.entry?.latest(.campaignEnded)
    if let campaign = reconciliation.campaigns.first {
      explanation.figures = figures(of: campaign, endOrigin: ended?.origin)
      explanation.causes = campaign.differences.map(cause)
    }
    explanation.figures += figures(of: totals.all).filter { $0.name.contains("expected") }
    let counted = [EventKind.campaignStarted, .campaignEnded].compactMap { record.entry?.latest($0)?.origin }
    let shownID = explanation.id
    explanation.events = timeline.events(
      of: timeline.campaigns, counted: counted,
      superseded: (ledger.campaigns[id]?.events ?? []).map(\.origin).filter { !counted.contains($0) },
      archives: books.archiveNames, hiding: shownID == id ? nil : id, file.privacy)
    list(numbers, in: &explanation)
    let own = reconciliation.findings + ledger.findings.filter { $0.subject == .campaign(id) }
    explanation.findings = own.sorted { $0.precedes($1) }.map(shown) + summary(of: findings(of: numbers, totals))
    return explanation
  }

  func explanation(ofAgent id: String) async -> Explanation {
    var numbers = calls.filter { names(.agent(.agentID), id, $0) }.map { UInt32($0.number) }
    if let days, let published {
      let own = Set(days.calls(of: published))
      numbers = numbers.filter(own.contains)
    }
    return await explanation(ofSums: numbers, .agent, masked(id, "agent_id"))
  }

  /// Nil where the text is no day.
  func explanation(ofDay text: String) async -> Explanation? {
    guard let day = Day(text) else { return nil }
    let numbers = calls.filter { self.day(of: $0) == day.number }.map { UInt32($0.number) }
    return await explanation(ofSums: numbers, .day, text)
  }

  private func explanation(
    ofSums numbers: [UInt32], _ kind: Explanation.Kind, _ id: String?
  ) async -> Explanation {
    let (totals, _) = await books.settle(numbers, judgement, threads: threads)
    var explanation = Explanation(kind, id: id)
    explanation.figures = figures(of: totals.all)
    list(numbers, in: &explanation)
    explanation.findings = summary(of: findings(of: numbers, totals))
    return explanation
  }

  /// What is said of some calls and of them together; `totals` are theirs.
  private func findings(of numbers: [UInt32], _ totals: CallTotals) -> [Finding] {
    let own = Set(numbers)
    return totals.findings
      + ledger.findings.filter { finding in
        guard case .call(let id) = finding.subject, let number = book.number(ofCall: id) else { return false }
        return own.contains(UInt32(number))
      }
  }

  // MARK: Campaigns

  /// A campaign as the tables of its own day tell it, with the calls that count for it there.
  private func campaign(_ id: String) -> (record: CampaignRecord, calls: [UInt32]) {
    let named = calls.filter { names(.agent(.campaignID), id, $0) }
    let entry = ledger.campaigns[id]
    // As it stands where no call of it counts.
    let unknown = CampaignRecord(
      id, entry: entry, days: [:], counting: Int32.min...Int32.max, end: nil, strays: nil,
      firstRecord: nil)
    guard let days, let published else {
      var totals = CallTotals(judgement, finds: false)
      for call in named { totals.add(call, in: book, rule: books.rule, clock: books.clock) }
      let records = CampaignRecord.all(ledger, totals.campaignDays, rule: books.rule, clock: books.clock)
      return (records.first { $0.id.utf8.elementsEqual(id.utf8) } ?? unknown, named.map { UInt32($0.number) })
    }
    let lookback = file.window.map { Int32($0.lookback) } ?? NightBooks.anyDays
    let last = published.last.number
    let end = entry?.latest(.campaignEnded).map { days.day(of: $0.event, $0.origin) }
    let window = (end ?? last) - lookback...(end == nil ? last : Int32.max)
    let own = named.filter { window.contains(days.days[$0.number]) }
    let first = max(window.lowerBound, days.days.min() ?? last)
    let told: RunDays =
      end.map { .day(Day(number: $0)) } ?? .range(first: Day(number: min(first, last)), last: published.last)
    var record = days.campaigns(of: told, lookback: lookback).first { $0.id.utf8.elementsEqual(id.utf8) } ?? unknown
    if record.entry == nil {
      record.firstRecord = own.filter { published.contains(days.days[$0.number]) }.flatMap(book.origins).min()
    }
    return (record, own.map { UInt32($0.number) })
  }

  private func cause(_ part: DifferencePart) -> Explanation.Cause {
    let examples = part.examples.compactMap { masked($0, "conversation_id") }
    return Explanation.Cause(
      measure: part.claim.rawValue, cause: part.cause.rawValue, calls: part.calls, difference: "\(part.amount)",
      examples: examples.isEmpty ? nil : examples.joined(separator: " "))
  }

  private func figures(of campaign: CampaignReconciliation, endOrigin: RecordOrigin?) -> [Explanation.Figure] {
    var figures = [
      Explanation.Figure(name: "campaign_name", value: masked(campaign.campaignName, "campaign_name")),
      Explanation.Figure(name: "verdict", value: campaign.verdict.rawValue),
      Explanation.Figure(
        name: "ended_at", value: masked(campaign.endedAt?.description, "ended_at"),
        how: endOrigin == nil ? "no campaign.ended has arrived" : "campaign.ended", origin: place(endOrigin)),
    ]
    for comparison in campaign.comparisons {
      let name = comparison.claim.rawValue
      guard let claimed = comparison.claimed, let difference = comparison.difference else {
        figures.append(
          Explanation.Figure(name: "counted_\(name)", value: "\(comparison.counted)", how: "nothing is claimed"))
        continue
      }
      figures.append(
        Explanation.Figure(
          name: "difference_\(name)", value: "\(difference)",
          how: "\(claimed) claimed − \(comparison.counted) counted"))
    }
    figures.append(Explanation.Figure(name: "calls_awaiting", value: "\(campaign.callsAwaiting)"))
    if let explained = campaign.explainedCredits {
      figures.append(
        Explanation.Figure(name: "explained_credits", value: "\(explained)", how: campaign.explanation))
    }
    return figures
  }

  // MARK: Sums

  private func figures(of sums: CallSums) -> [Explanation.Figure] {
    let values: [(String, String)] = [
      ("calls", "\(sums.calls)"), ("successful_calls", "\(sums.successfulCalls)"),
      ("failed_calls", "\(sums.failedCalls)"), ("duration_seconds", "\(sums.duration)"),
      ("billable_seconds", "\(sums.billableSeconds)"), ("credits", "\(sums.credits)"),
      ("expected_credits", "\(sums.expectedCredits)"),
    ]
    return values.map { name, value in
      Explanation.Figure(
        name: name, value: value, how: name == "calls" ? nil : "sum over \(Credits(sums.calls).counting("call"))")
    }
  }

  private func needsLook(_ call: Call) -> Bool {
    if call.settlement != .settled || call.conflictingDuration != nil { return true }
    guard let credits = call.credits else { return call.isBillable }
    return call.expectedCredits.map { $0 != credits } ?? true
  }

  /// Puts the calls that need a look into an explanation: by what they differ from the billing rule by, then those that
  /// await an event by what they should cost, then those of two durations or of too little that is known.
  private func list(_ numbers: [UInt32], in explanation: inout Explanation) {
    let calls = numbers.map { Call(Int($0), in: book, rule: books.rule) }.filter(needsLook)
      .map { (call: $0, id: book.conversationID(of: $0)) }
    let sorted = calls.sorted { left, right in
      let (first, second) = (left.call, right.call)
      let (one, other) = (first.creditsDifference?.magnitude ?? .zero, second.creditsDifference?.magnitude ?? .zero)
      if one != other { return one > other }
      if first.settlement != second.settlement { return first.settlement != .settled && second.settlement == .settled }
      let (cost, otherCost) = (first.expectedCredits ?? .zero, second.expectedCredits ?? .zero)
      return cost != otherCost ? cost > otherCost : left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }
    explanation.calls = sorted.prefix(Explanation.mostCalls).map { call, id in
      Explanation.CallLine(
        conversationID: masked(id, "conversation_id"), credits: call.credits?.description,
        expectedCredits: call.expectedCredits?.description, creditsDifference: call.creditsDifference?.description,
        settlement: call.settlement.rawValue, origin: place(book.origin(of: call)))
    }
    explanation.furtherCalls = max(0, sorted.count - Explanation.mostCalls)
  }
}
