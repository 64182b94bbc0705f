import CallModel
import Tally
import Testing

struct ReconciliationTests {
  /// A processed call of a campaign.
  private static func call(_ number: Int, _ campaign: String, _ members: String = #""duration":60,"credits":1"#)
    -> String
  {
    line(
      "call.processed", "evt_\(number)", "c\(number)", #""status":"completed","campaign_id":"\#(campaign)",\#(members)"#
    )
  }

  private static func ended(_ campaignID: String, calls: Int, credits: String) -> String {
    campaign(
      "campaign.ended", "end-\(campaignID)", campaignID,
      #""total_calls":\#(calls),"successful_calls":\#(calls),"failed_calls":0,"total_credits":\#(credits)"#)
  }

  private func verdict(_ lines: [String], tolerance: Tolerance = Tolerance()) throws -> CampaignReconciliation {
    try #require(Books(lines).reconciliation(tolerance: tolerance).campaigns.first)
  }

  @Test func aCampaignWithoutCallsOrClaimsIsStillARow() throws {
    let started = try verdict([campaign("campaign.started", "evt_1", "k")])
    #expect(started.verdict == .open)
    #expect(started.comparisons.allSatisfy { $0.claimed == nil && $0.difference == nil && $0.counted == .zero })
  }

  @Test func verdictsHaveAnOrder() throws {
    let awaiting = line("call.started", "evt_9", "c9", #""campaign_id":"k""#)
    #expect(try verdict([awaiting]).verdict == .unannounced)
    #expect(try verdict([awaiting, campaign("campaign.started", "evt_1", "k")]).verdict == .open)
    #expect(try verdict([awaiting, Self.ended("k", calls: 9, credits: "9")]).verdict == .incomplete)
    #expect(try verdict([Self.call(1, "k"), Self.ended("k", calls: 1, credits: "2")]).verdict == .mismatched)
    #expect(try verdict([Self.call(1, "k"), Self.ended("k", calls: 1, credits: "1")]).verdict == .matched)
  }

  @Test func toleranceHoldsInBothDirectionsAndEndsAtItself() throws {
    let half = Tolerance(credits: Credits(millionths: 500_000))
    for (claim, expected) in [
      ("1.5", Verdict.withinTolerance), ("0.5", .withinTolerance), ("1.500001", .mismatched), ("0.499999", .mismatched),
    ] {
      #expect(
        try verdict([Self.call(1, "k"), Self.ended("k", calls: 1, credits: claim)], tolerance: half).verdict == expected
      )
    }
  }

  @Test func aProcessedCallWithoutCreditsIsNamedAsSuch() throws {
    let row = try verdict([Self.call(1, "k", #""duration":61"#), Self.ended("k", calls: 1, credits: "2")])
    #expect(row.explanation == "1 call processed without credits: 2")
    #expect(row.explainedCredits == Credits(2))
  }

  @Test func aCauseThatPointsTheOtherWayExplainsNothing() throws {
    // The rule gives 1 where 3 were charged: that makes the count too high, and the claim is higher still.
    let row = try verdict([
      Self.call(1, "k", #""duration":60,"credits":3"#), Self.ended("k", calls: 1, credits: "5"),
    ])
    #expect(row.explanation == "unexplained: 2")
    #expect(row.explainedCredits == .zero)
  }

  @Test func idsAreComparedByTheirBytes() throws {
    // The same word twice, with one code point for é and with two: String takes them for equal.
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
    let books = try Books([
      Self.call(1, composed), Self.call(2, decomposed), Self.call(3, decomposed),
      Self.ended(composed, calls: 1, credits: "1"),
    ])
    let campaigns = books.reconciliation().campaigns
    #expect(campaigns.map { Array($0.campaignID.utf8) } == [Array(decomposed.utf8), Array(composed.utf8)])
    #expect(campaigns.map(\.verdict) == [.unannounced, .matched])
    #expect(books.totals().rows.map(\.sums.calls) == [2, 1])
  }

  @Test func anEmptyCampaignIDIsNoCampaign() throws {
    let books = try Books([Self.call(1, ""), Self.call(2, "k")])
    #expect(books.reconciliation().campaigns.map(\.campaignID) == ["k"])
    #expect(books.totals().rows.map(\.campaignID) == ["k", nil])
    #expect(books.text(.agent(.campaignID), of: try #require(books.call("c1"))) == "", "the calls table says what came")
  }

  @Test func onlyMismatchedCampaignsCountAsADifference() throws {
    let reconciliation = try Books([
      Self.call(1, "a"), Self.ended("a", calls: 1, credits: "4"), Self.call(2, "b"),
      Self.ended("b", calls: 1, credits: "0"),
      Self.call(3, "c"), line("call.started", "evt_9", "c9", #""campaign_id":"c""#),
      Self.ended("c", calls: 2, credits: "99"),
    ]).reconciliation()
    #expect(reconciliation.creditsDifference == Credits(3 + 1))
    #expect(reconciliation.claimedCredits == Credits(4 + 0 + 99))
  }

  @Test func theLatestOfSeveralEndsCounts() throws {
    let ends = ["2", "1"].enumerated().map { index, credits in
      campaign(
        "campaign.ended", "end-\(index)", "k",
        #""timestamp":"2026-04-08T1\#(2 - index):00:00","total_credits":\#(credits)"#)
    }
    let reconciliation = try Books([Self.call(1, "k")] + ends).reconciliation()
    #expect(reconciliation.campaigns.first?.comparisons.last?.claimed == Credits(2))
    #expect(reconciliation.findings.contains { $0.code == .repeatedEvent && $0.measure == "campaign.ended" })
  }
}
