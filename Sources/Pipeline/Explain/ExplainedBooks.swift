import CallModel
import Intake
import Tally
import TextTables

/// Books in which an id is looked up.
struct ExplainedBooks {
  let file: PipelineFile
  let books: JoinedBooks
  /// Of a run for days.
  let days: DayBooks?
  let published: RunDays?
  let timeline: Timeline
  let judgement: CallJudgement
  let threads: Int

  var ledger: EventLedger { books.ledger }
  var book: CallBook { books.ledger.calls }

  /// The columns in which ids stand.
  static let identifiers: [(column: String, text: CallText?)] = [
    ("conversation_id", nil), ("campaign_id", .agent(.campaignID)), ("agent_id", .agent(.agentID)),
  ]

  /// What goes by an id.
  func kinds(of id: String) -> [Explanation.Kind] {
    var kinds: [Explanation.Kind] = []
    if book.number(ofCall: id) != nil || ledger.findings.contains(where: { $0.subject == .call(id) }) {
      kinds.append(.call)
    }
    if ledger.campaigns[id] != nil || hasCall(.agent(.campaignID), id) { kinds.append(.campaign) }
    if hasCall(.agent(.agentID), id) { kinds.append(.agent) }
    if let day = Day(id), calls.contains(where: { self.day(of: $0) == day.number }) { kinds.append(.day) }
    return kinds
  }

  /// Whether findings of a call depend on lines that do not name it: without days, what it awaits may be overdue by the time
  /// of the last event, and a recording whose URL does not follow from its id may be that of another call.
  func hangsOnOthers(call id: String) -> Bool {
    guard let number = book.number(ofCall: id) else { return false }
    let call = Call(number, in: book, rule: books.rule)
    return published == nil && call.settlement != .settled || book.hashOfLiteralRecording(of: call) != nil
  }

  /// The id that a hash was made of.
  func clearID(of hashed: String) -> String? {
    func isMeant(_ id: String?, _ column: String) -> Bool {
      id.map { file.privacy.masking(of: column).masked($0) == hashed } ?? false
    }
    for (column, text) in Self.identifiers where file.privacy.rule(for: column) == .hash {
      var seen: Set<String> = []
      for call in calls {
        guard let id = text.map({ book.string($0, of: call) }) ?? book.conversationID(of: call) else { continue }
        if text != nil, !seen.insert(id).inserted { continue }
        if isMeant(id, column) { return id }
      }
      if let id = ledger.campaigns.sortedIDs.first(where: { column == "campaign_id" && isMeant($0, column) }) {
        return id
      }
    }
    return nil
  }

  func explanations(of id: String, _ kinds: [Explanation.Kind]) async -> [Explanation] {
    var explanations: [Explanation] = []
    for kind in kinds {
      switch kind {
      case .call:
        if let number = book.number(ofCall: id) {
          explanations.append(await explanation(ofCall: number))
        } else {
          explanations.append(explanation(ofUncounted: id))
        }
      case .campaign: explanations.append(await explanation(ofCampaign: id))
      case .agent: explanations.append(await explanation(ofAgent: id))
      case .day: explanations += await explanation(ofDay: id).map { [$0] } ?? []
      }
    }
    return explanations
  }

  // MARK: Calls

  /// Every call of the books, one by one.
  var calls: some Sequence<Call> {
    let (book, rule) = (book, books.rule)
    return (0..<book.count).lazy.map { Call($0, in: book, rule: rule) }
  }

  /// The business day of a call, as the run's tables have it.
  func day(of call: Call) -> Int32? { days?.days[call.number] ?? call.day(books.clock)?.number }

  func names(_ text: CallText, _ id: String, _ call: Call) -> Bool {
    let bytes = Array(id.utf8)
    var isSame = false
    _ = book.lend(text, of: call) { isSame = sameBytes($0, bytes.span) }
    return isSame
  }

  private func hasCall(_ text: CallText, _ id: String) -> Bool { calls.contains { names(text, id, $0) } }

  // MARK: Showing

  func masked(_ value: String?, _ column: String) -> String? {
    value.flatMap { file.privacy.masking(of: column).masked($0) }
  }

  func place(_ origin: RecordOrigin?) -> String? {
    origin.map { "\(books.archiveNames[Int($0.archive)]):\($0.line)" }
  }

  func shown(_ finding: Finding) -> Explanation.Finding {
    let (claimed, counted) = file.privacy.values(of: finding)
    return Explanation.Finding(
      code: finding.code.rawValue, severity: finding.severity.rawValue, count: 1, claimed: claimed, counted: counted,
      difference: finding.difference, message: finding.message,
      origin: place(finding.origin).map { $0 + (place(finding.firstOrigin).map { " (first: \($0))" } ?? "") },
      meaning: finding.code.meaning, action: finding.code.action)
  }

  /// One entry for each code and severity, the worst first.
  func summary(of findings: [Finding]) -> [Explanation.Finding] {
    let groups = Dictionary(grouping: findings) { "\($0.code.rawValue) \($0.severity.rawValue)" }
    return groups.values.sorted { left, right in
      left[0].severity != right[0].severity
        ? left[0].severity > right[0].severity : left[0].code.rawValue < right[0].code.rawValue
    }.map { group in
      Explanation.Finding(
        code: group[0].code.rawValue, severity: group[0].severity.rawValue, count: group.count, message: nil,
        origin: nil, meaning: group[0].code.meaning, action: group[0].code.action)
    }
  }
}
