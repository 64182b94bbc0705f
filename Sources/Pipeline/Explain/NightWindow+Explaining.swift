import CallModel
import Tally

extension NightWindow {
  /// Each thing that goes by an id in the books of the window; `light` are those of what is kept, and `published` the days
  /// that are told.
  ///
  /// For each the archives are read once more of the days that hold its settled calls: all of it is then in the books, as
  /// it is when the tables of these days are written.
  func explanations(
    of id: String, _ light: NightBooks, published: RunDays
  ) async throws(RunError) -> [Explanation] {
    var found: [Explanation] = []
    let known = explained(light.days, Timeline(), light, published).kinds(of: id)
    for kind in Explanation.Kind.allCases {
      let days = days(of: kind, id, light, published)
      guard days != nil || known.contains(kind) else { continue }
      let (reading, taker) = secondReading(
        choice(of: days), writingTo: nil, notes: TimelineNotes(id: id))
      try await reading.run(into: taker)
      let (ledger, timeline) = try taker.close()
      let books = explained(await dayBooks(of: days, ledger), timeline, light, published)
      // A hash has been taken for its call.
      guard books.kinds(of: id).contains(kind) else { continue }
      found += await books.explanations(of: id, [kind])
    }
    return found
  }

  /// The days, from the first to the last one, that hold calls of a thing beside those that are kept: for a call the day
  /// with which it is compared. Nil where there are none.
  private func days(of kind: Explanation.Kind, _ id: String, _ light: NightBooks, _ published: RunDays) -> RunDays? {
    switch kind {
    case .call:
      let bytes = Array(id.utf8)
      let number = light.days.books.ledger.calls.number(ofCall: id)
      let day = number.map { light.days.days[$0] } ?? settledDay(ofConversation: hash64(bytes.span))
      return day.map { .day(Day(number: $0)) }
    case .campaign: return daysOfRows { $0.campaignID == id }
    case .agent:
      // One that has calls on other days alone is known as well.
      return daysOfRows { $0.agentID == id && published.contains($0.day?.number ?? Int32.max) }
        ?? daysOfRows { $0.agentID == id }
    case .day: return Day(id).flatMap { day in daysOfRows { $0.day == day } }
    }
  }

  private func daysOfRows(_ isMeant: (TotalsRow) -> Bool) -> RunDays? {
    let days = settledRows(without: nil).map(\.row).filter(isMeant).compactMap(\.day)
    guard let first = days.min(), let last = days.max() else { return nil }
    return first == last ? .day(first) : .range(first: first, last: last)
  }

  private func explained(
    _ days: DayBooks, _ timeline: Timeline, _ light: NightBooks, _ published: RunDays
  ) -> ExplainedBooks {
    ExplainedBooks(
      file: file, books: days.books, days: days, published: published, timeline: timeline,
      judgement: CallJudgement(tolerance: file.tolerance, asOf: light.findings.hours.end(of: published.last)),
      threads: threads)
  }
}
