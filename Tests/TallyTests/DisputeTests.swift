import CallModel
import Tally
import Testing

@Suite("Disputes: what is at stake, once")
struct DisputeTests {
  /// A call of two durations in seconds that is charged some credits.
  private func books(completed: Int, processed: Int, credits: String, status: String = "completed") throws -> Books {
    try Books([
      line("call.completed", "evt_1", "c", #""status":"\#(status)","call_duration":\#(completed)"#),
      line("call.processed", "evt_2", "c", #""status":"completed","duration":\#(processed),"credits":\#(credits)"#),
    ])
  }

  private func disputes(_ findings: [Finding], in books: Books) -> [Dispute] {
    Dispute.all(
      of: findings,
      campaigns: CampaignRecord.all(
        books.ledger, books.totals().campaignDays, rule: books.rule,
        clock: BusinessClock(provider: .utc, business: .utc, isSame: true)), in: books.ledger.calls, rule: books.rule)
  }

  private func finding(
    _ code: FindingCode, claimed: String, counted: String, severity: Finding.Severity? = nil
  ) -> Finding {
    Finding(code, .call("c"), claimed: claimed, counted: counted, severity: severity, message: "")
  }

  @Test("a call off the rule and of two durations has both at stake, end to end")
  func chargeAndDurationAddUp() throws {
    let books = try books(completed: 115, processed: 130, credits: "4")
    let found = disputes(books.totals().findings, in: books)
    #expect(found.map(\.finding.code) == [.creditsDiffer, .durationConflict])
    // 4 − 3 by the rule for 130 s; 3 − 2 for 115 s.
    #expect(found.map(\.creditsAtStake) == [Credits(1), Credits(1)])
    #expect(found.allSatisfy { $0.records.map(\.line) == [1, 2] })
  }

  @Test("what two findings lay claim to, the larger one has")
  func durationAndStatusAreNotCountedTwice() throws {
    let books = try books(completed: 115, processed: 130, credits: "3", status: "failed")
    let found = disputes(
      [
        finding(.durationConflict, claimed: "130", counted: "115"),
        finding(.durationOffClock, claimed: "130", counted: "60.4"),
        Finding(.statusDiffers, .call("c"), message: ""),
      ], in: books)
    // Not billed at all: 3 − 0. By either duration it would have been 3 − 2 or 3 − 1.
    #expect(found.map(\.finding.code) == [.statusDiffers, .durationConflict, .durationOffClock])
    #expect(found.map(\.creditsAtStake) == [Credits(3), .zero, .zero])
  }

  @Test("a charge too low is at stake too, below zero")
  func undercharged() throws {
    let books = try books(completed: 60, processed: 60, credits: "0.25")
    #expect(disputes(books.totals().findings, in: books).map(\.creditsAtStake) == [Credits(millionths: -750_000)])
  }

  @Test("of a charge of which the rule can say nothing all is at stake, and of a missing one nothing")
  func unfounded() throws {
    let books = try Books([
      line("call.processed", "evt_1", "c", #""status":"completed","credits":2.5"#),
      line("call.processed", "evt_2", "d", #""status":"completed","duration":60"#),
    ])
    let found = disputes(books.totals().findings, in: books)
    #expect(found.map(\.finding.code) == [.creditsUnfounded, .creditsMissing])
    #expect(found.map(\.creditsAtStake) == [Credits(millionths: 2_500_000), .zero])
  }

  @Test func whatIsWithinToleranceIsNoDispute() throws {
    let books = try books(completed: 60, processed: 60, credits: "1.25")
    #expect(disputes([finding(.creditsDiffer, claimed: "1.25", counted: "1", severity: .info)], in: books).isEmpty)
    #expect(disputes([finding(.repeatedEvent, claimed: "", counted: "")], in: books).isEmpty)
  }

  @Test("a campaign has what it claims beyond its calls at stake, and only in its claim of credits")
  func campaigns() throws {
    let books = try Books([
      campaign("campaign.started", "evt_1", "k"),
      line("call.processed", "evt_2", "c", #""campaign_id":"k","status":"completed","duration":60,"credits":1"#),
      campaign("campaign.ended", "evt_3", "k", #""total_calls":2,"total_credits":2.5"#),
    ])
    func claim(_ code: FindingCode, _ difference: String) -> Finding {
      Finding(code, .campaign("k"), campaignID: "k", difference: difference, message: "")
    }
    let found = disputes([claim(.claimedTotalCalls, "1"), claim(.claimedTotalCredits, "1.5")], in: books)
    #expect(found.map(\.finding.code) == [.claimedTotalCredits, .claimedTotalCalls])
    #expect(found.map(\.creditsAtStake) == [Credits(millionths: 1_500_000), .zero])
    #expect(found[0].records.map(\.line) == [1, 3])
  }

  @Test("events that another one of their kind superseded are records too")
  func supersededEventsAreRecords() throws {
    let books = try Books([
      line("call.processed", "evt_1", "c", at: "10:00:00", #""status":"completed","duration":60,"credits":1"#),
      line("call.processed", "evt_2", "c", at: "11:00:00", #""status":"completed","duration":60,"credits":2"#),
    ])
    let found = disputes(books.totals().findings, in: books)
    #expect(found.map(\.finding.code) == [.creditsDiffer])
    #expect(found.first?.records.map(\.line) == [1, 2])
  }
}
