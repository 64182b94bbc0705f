import CallModel
import Tally
import Testing

struct CallTotalsTests {
  /// 40 calls over two days, three workspaces, four campaigns and two agents, some of each unknown.
  private static func books() throws -> Books {
    try Books(
      (0..<40).map { number in
        var members = #""status":"\#(number % 5 == 0 ? "busy" : "completed")","duration":\#(number * 7)"#
        members += #","credits":\#(number % 6),"workspace_id":"w\#(number % 3)""#
        if number % 4 > 0 { members += #","campaign_id":"k\#(number % 4)""# }
        if number % 7 > 0 { members += #","agent_id":"a\#(number % 2)""# }
        return "{\"event\":\"call.processed\",\"event_id\":\"evt_\(number)\",\"conversation_id\":\"c\(number)\","
          + "\"timestamp\":\"2026-04-0\(8 + number % 2)T10:00:00\",\(members)}"
      })
  }

  @Test(arguments: [[1], [20], [39], [7, 7, 33], [5, 10, 15, 20, 25, 30, 35]])
  func partsAddUpToTheWhole(cuts: [Int]) throws {
    let books = try CallTotalsTests.books()
    let (whole, parts) = (books.totals(), books.totals(cuts: cuts))
    #expect(parts.all == whole.all)
    #expect(parts.rows.map(\.sums) == whole.rows.map(\.sums))
    #expect(parts.rows.map(\.campaignID) == whole.rows.map(\.campaignID))
    #expect(parts.campaigns == whole.campaigns)
    #expect(parts.creditsOffRule == whole.creditsOffRule)
    #expect(parts.findings.map(\.message) == whole.findings.map(\.message))
  }

  @Test func sumsAreThoseOfTheCalls() throws {
    let totals = try CallTotalsTests.books().totals()
    #expect(totals.all.calls == 40)
    #expect(totals.all.failedCalls == 8)
    #expect(totals.all.successfulCalls == 32)
    #expect(totals.all.duration == 7 * 39 * 40 / 2)
    // 40 numbers modulo 6: six rounds of 15 and 0 + 1 + 2 + 3.
    #expect(totals.all.credits == Credits(6 * 15 + 6))
    let sums = totals.rows.reduce(into: CallSums()) { $0.add($1.sums) }
    #expect(sums == totals.all)
  }

  @Test func rowsAreInOrderAndTheUnknownComesLast() throws {
    let rows = try CallTotalsTests.books().totals().rows
    let keys = rows.map { row in
      [row.day?.description, row.workspaceID, row.campaignID, row.agentID].map { $0 ?? "~" }.joined(separator: "|")
    }
    #expect(keys == keys.sorted())
    #expect(Set(keys).count == keys.count)
  }

  @Test func aCallWithinToleranceIsNoDifference() throws {
    let books = try Books([
      line("call.processed", "e1", "c1", #""status":"completed","duration":60,"credits":1.5"#),
      line("call.processed", "e2", "c2", #""status":"completed","duration":60,"credits":0.499999"#),
    ])
    #expect(books.totals().creditsOffRule == Credits(millionths: 1_000_001))
    var tolerant = CallTotals(CallJudgement(tolerance: Tolerance(credits: Credits(millionths: 500_000))))
    for call in books.calls { tolerant.add(call, in: books.ledger.calls, rule: books.rule, clock: .utc) }
    #expect(tolerant.creditsOffRule == Credits(millionths: 500_001))
    let findings = tolerant.findings.filter { $0.code == .creditsDiffer }
    #expect(findings.map(\.severity) == [.info, .error])
    #expect(findings[0].message.hasSuffix("the billing rule gives 1, which is within tolerance."))
  }

  @Test(arguments: [("9999-12-31T23:59:59", 14), ("0001-01-01T00:00:00", -12)])
  func aDayThatNoCalendarHasIsUnknown(time: String, hours: Int32) throws {
    let books = try Books([
      #"{"event":"call.completed","event_id":"e","conversation_id":"c","status":"busy","timestamp":"\#(time)"}"#
    ])
    let zone = ZoneRules(initialOffset: hours * 3_600, transitions: [])
    var totals = CallTotals()
    totals.add(
      books.calls[0], in: books.ledger.calls, rule: books.rule,
      clock: BusinessClock(provider: .utc, business: zone, isSame: false))
    #expect(totals.rows.map(\.day) == [nil])
    #expect(totals.findings.map(\.code) == [.badTimestamp] && totals.findings.map(\.measure) == ["day"])
  }
}
