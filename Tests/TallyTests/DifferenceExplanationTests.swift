import CallModel
import Testing

import Tally

@Suite struct DifferenceExplanationTests {
  /// Calls of one campaign with everything that can explain a difference, and claims near what they add up to.
  private func books(seed: UInt64) throws -> Books {
    var numbers = SeededNumbers(seed: seed)
    func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &numbers) }
    var lines: [String] = []
    for call in 0..<random(1...12) {
      let day = random(7...9)
      let status = random(0...3) == 0 ? "busy" : "completed"
      func event(_ kind: String, _ id: String, _ members: String) -> String {
        "{\"event\":\"\(kind)\",\"event_id\":\"\(id)-\(call)\",\"conversation_id\":\"c\(call)\","
          + "\"timestamp\":\"2026-04-0\(day)T10:00:00\",\"campaign_id\":\"k\"\(members)}"
      }
      lines.append(event("call.started", "s", ""))
      if random(0...5) > 0 {
        lines.append(event("call.completed", "e", ",\"status\":\"\(status)\",\"call_duration\":\(random(0...200))"))
      }
      for _ in 0..<random(0...2) {
        // Under one id: the same again, or something else.
        let credits = random(0...4) == 0 ? "" : ",\"credits\":\(random(0...4))"
        lines.append(
          event("call.processed", "p", ",\"status\":\"\(status)\",\"duration\":\(random(0...3) * 60)\(credits)"))
      }
    }
    lines.append(
      campaign(
        "campaign.ended", "end", "k",
        "\"ended_at\":\"2026-04-08T12:00:00\",\"total_calls\":\(random(0...14)),\"successful_calls\":\(random(0...12)),"
          + "\"failed_calls\":\(random(0...6)),\"total_duration\":\(random(0...1_500)),"
          + "\"billable_duration\":\(60 * random(0...30)),\"total_credits\":\(random(0...30))"))
    return try Books(lines)
  }

  @Test(arguments: 1...200 as ClosedRange<UInt64>)
  func causesAndRestAddUpToEveryDifference(seed: UInt64) throws {
    let row = try #require(try books(seed: seed).reconciliation().campaigns.first)
    for comparison in row.comparisons {
      let parts = row.differences.filter { $0.claim == comparison.claim }
      let difference = comparison.difference ?? .zero
      #expect(parts.reduce(.zero) { $0 + $1.amount } == difference, "seed \(seed), \(comparison.claim)")
      let rest = parts.first { $0.cause == .unexplained }?.amount ?? .zero
      #expect(rest.magnitude <= difference.magnitude, "seed \(seed), \(comparison.claim)")
      #expect(parts.allSatisfy { $0.amount != .zero && ($0.calls == nil) == ($0.cause == .unexplained) })
      #expect(parts.allSatisfy { $0.examples.count <= 3 })
      let causes = parts.compactMap { DifferenceCause.allCases.firstIndex(of: $0.cause) }
      #expect(causes == causes.sorted() && Set(causes).count == causes.count)
    }
  }

  /// The one event of `b` has the id of an event of `a`, of 60 s and 1 credit, and says 90 s and 3 credits. In the second
  /// case another event of `b` comes later, which says busy and nothing else.
  @Test(arguments: [false, true])
  func anEventWithTheIdOfAnotherCallsExplains(hasOther: Bool) throws {
    func processed(_ call: String, _ seconds: Int, _ credits: Int) -> String {
      line(
        "call.processed", "evt_1", call,
        #""campaign_id":"k","status":"completed","duration":\#(seconds),"credits":\#(credits)"#)
    }
    var lines = [processed("a", 60, 1), processed("b", 90, 3)]
    if hasOther { lines.append(line("call.completed", "evt_2", "b", #""campaign_id":"k","status":"busy""#)) }
    lines.append(
      campaign(
        "campaign.ended", "e", "k",
        #""total_calls":2,"successful_calls":2,"failed_calls":0,"total_duration":150,"billable_duration":180,"total_credits":4"#
      ))
    let row = try #require(try Books(lines).reconciliation().campaigns.first)
    #expect(
      row.differences.map { "\($0.claim.rawValue) \($0.cause.rawValue) \($0.amount)" }
        == (hasOther
          ? ["successful_calls conflicting_deliveries 1", "failed_calls conflicting_deliveries -1"]
          : ["total_calls conflicting_deliveries 1", "successful_calls conflicting_deliveries 1"]) + [
          "total_duration conflicting_deliveries 90", "billable_duration conflicting_deliveries 120",
          "total_credits conflicting_deliveries 3",
        ])
    #expect(row.differences.allSatisfy { $0.calls == 1 && $0.examples == ["b"] })
    #expect(row.explainedCredits == Credits(3))
  }

  @Test func aCallWithoutAStatusEndedAsIsClaimed() throws {
    let started = (1...3).map { line("call.started", "s\($0)", "c\($0)", #""campaign_id":"k""#) }
    func parts(_ successful: Int, _ failed: Int) throws -> [String] {
      let end = campaign("campaign.ended", "e", "k", #""successful_calls":\#(successful),"failed_calls":\#(failed)"#)
      return try #require(try Books(started + [end]).reconciliation().campaigns.first).differences
        .map { "\($0.claim.rawValue) \($0.cause.rawValue) \($0.amount)" }
    }
    #expect(try parts(2, 1) == ["successful_calls without_processed 2", "failed_calls without_processed 1"])
    // There are three of them, so two of the claimed calls are known from nothing.
    #expect(
      try parts(2, 3) == [
        "successful_calls without_processed 2", "failed_calls without_processed 1", "failed_calls unexplained 2",
      ])
  }

  @Test func aConflictOfAnEventThatDoesNotCountExplainsNothing() throws {
    // The conflicting call.completed says 130 s, and the duration that counts is the 60 s of call.processed.
    let completed = line("call.completed", "e", "c", #""campaign_id":"k","status":"completed","call_duration":60"#)
    let processed = line(
      "call.processed", "p", "c", #""campaign_id":"k","status":"completed","duration":60,"credits":1"#)
    let end = campaign("campaign.ended", "end", "k", #""total_duration":130"#)
    let books = try Books([completed, completed.replacing("60", with: "130"), processed, end])
    let row = try #require(books.reconciliation().campaigns.first)
    #expect(row.differences.map(\.cause) == [.unexplained])
    let alone = try Books([completed, completed.replacing("60", with: "130"), end])
    #expect(try #require(alone.reconciliation().campaigns.first).differences.map(\.cause) == [.conflictingDeliveries])
  }
}
