import CallModel
import Tally

extension ExplainedBooks {
  /// A call: every figure of its row with its inputs, all of its lines, and its findings.
  func explanation(ofCall number: Int) async -> Explanation {
    let call = Call(number, in: book, rule: books.rule)
    let id = book.conversationID(of: call)
    var explanation = Explanation(.call, id: masked(id, "conversation_id"))
    explanation.figures = figures(of: call)
    let shownID = explanation.id
    explanation.events = timeline.events(
      of: timeline.calls, counted: book.origins(of: call), superseded: book.supersededOrigins(of: call),
      archives: books.archiveNames, hiding: shownID == id ? nil : id, file.privacy)
    // Together with the calls that its day's tables hold it against.
    let peers = days.map { days in
      days.days.indices.filter { days.days[$0] == days.days[number] }.map { UInt32($0) }
    }
    let (totals, _) = await books.settle(peers ?? (0..<UInt32(book.count)).map(\.self), judgement, threads: threads)
    explanation.findings = (totals.findings + ledger.findings).filter { $0.subject == .call(id) }
      .sorted { $0.precedes($1) }.map(shown)
    return explanation
  }

  /// A call of which no event counts, because each of them has the `event_id` of another one that came first.
  func explanation(ofUncounted id: String) -> Explanation {
    var explanation = Explanation(.call, id: masked(id, "conversation_id"))
    explanation.figures = [
      Explanation.Figure(
        name: "events_counted", value: "0", how: "each has the event_id of another one that came first")
    ]
    explanation.events = timeline.events(
      of: timeline.calls, counted: [], superseded: [], archives: books.archiveNames,
      hiding: explanation.id == id ? nil : id, file.privacy)
    explanation.findings = ledger.findings.filter { $0.subject == .call(id) }.sorted { $0.precedes($1) }.map(shown)
    return explanation
  }

  private func figures(of call: Call) -> [Explanation.Figure] {
    let sources = CallSources(of: call, in: book)
    let rule = books.rule.billing
    func figure(_ name: String, _ value: String?, _ how: String? = nil, _ origin: RecordOrigin? = nil)
      -> Explanation.Figure
    {
      Explanation.Figure(name: name, value: masked(value, name), how: how, origin: place(origin))
    }
    func said(_ name: String, _ value: String?, _ source: CallSources.Source?, member: String? = nil)
      -> Explanation.Figure
    {
      figure(name, value, source.map { "\(member ?? name) of \($0.kind.name)" }, source?.origin)
    }
    var figures = [
      said("status", book.string(.outcome(.status), of: call), sources.status),
      said("connected_at", call.connectedAt?.description, sources.connectedAt),
      said("ended_at", call.endedAt?.description, sources.endedAt),
      said(
        "duration_seconds", call.duration?.description, sources.duration,
        member: sources.duration?.kind == .callProcessed ? "duration" : "call_duration"),
    ]
    if let other = call.conflictingDuration {
      figures.append(
        figure(
          "other_duration", "\(other)", "call_duration of call.completed, which does not count",
          book.origin(of: .callCompleted, of: call)))
    }
    figures.append(figure("pulses", pulses(of: call).map { "\($0)" }, howPulses(of: call)))
    let pulses = pulses(of: call) ?? 0
    figures.append(
      figure(
        "billable_seconds", call.billableSeconds?.description,
        call.billableSeconds.map { _ in "\(pulses) × \(rule.pulse) s (billing.pulse)" }))
    figures.append(
      figure(
        "expected_credits", call.expectedCredits?.description,
        call.expectedCredits.map { _ in "\(pulses) × \(rule.creditsPerPulse) (billing.credits_per_pulse)" }))
    let uncharged =
      call.has(.callProcessed) ? "call.processed names none" : "call.processed has not arrived"
    figures.append(
      call.credits == nil
        ? figure("credits", nil, uncharged) : said("credits", call.credits?.description, sources.credits))
    figures.append(
      figure(
        "credits_difference", call.creditsDifference?.description,
        call.creditsDifference.map { _ in "\(call.credits ?? .zero) − \(call.expectedCredits ?? .zero)" }))
    figures.append(figure("settlement", call.settlement.rawValue, howSettled(call)))
    figures.append(dayFigure(of: call))
    figures.append(
      figure("deliveries", "\(call.deliveries)", "lines of its events, repeated ones among them"))
    return figures
  }

  private func pulses(of call: Call) -> Int64? {
    call.hasStatus ? books.rule.billing.pulses(duration: call.duration, isBillable: call.isBillable) : nil
  }

  private func howPulses(of call: Call) -> String {
    let rule = books.rule.billing
    guard call.hasStatus else { return "the status is not known yet" }
    guard call.isBillable else { return "the status is none of billing.billable" }
    guard let duration = call.duration else { return "the duration is not known yet" }
    let least = rule.minimumPulses
    let isLeast = least > 0 && (duration + rule.pulse - 1) / rule.pulse < least
    return "\(duration) s / \(rule.pulse) s, rounded up" + (isLeast ? ", and at least \(least)" : "")
  }

  private func howSettled(_ call: Call) -> String {
    switch call.settlement {
    case .settled where call.has(.callProcessed): "call.processed has arrived"
    case .settled: "call.completed tells a status that is not billed"
    case .awaitingProcessed: "call.completed has arrived, call.processed has not"
    case .awaitingCompleted: "neither call.completed nor call.processed has arrived"
    }
  }

  private func dayFigure(of call: Call) -> Explanation.Figure {
    let day = day(of: call).map { Day(number: $0).description }
    guard let time = call.time, call.day(books.clock) != nil else {
      let how = day == nil ? "no event tells a time" : "the day of its first archive, for no event tells a time"
      return Explanation.Figure(name: "day", value: day, how: how)
    }
    let name = call.endedAt != nil ? "ended_at" : call.connectedAt != nil ? "connected_at" : "earliest timestamp"
    let (provider, business) = (file.input.timezone, file.business.timezone)
    let clock = provider == business ? "" : ", \(provider) shown as \(business)"
    return Explanation.Figure(name: "day", value: day, how: "\(name) \(time)\(clock)")
  }
}
