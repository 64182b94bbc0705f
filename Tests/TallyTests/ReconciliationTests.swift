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
    #expect(row.explanation == "1 call processed without credits (c1): 2")
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

  /// Campaign k with calls of `missing` pulses that await call.processed and calls of one pulse `charged` these credits.
  private func explanation(missing: [Int], charged: [Int], claim: String) throws -> CampaignReconciliation {
    let unprocessed = missing.enumerated().map { number, pulses in
      line(
        "call.completed", "m\(number)", "m\(number)",
        #""status":"completed","campaign_id":"k","call_duration":\#(60 * pulses)"#)
    }
    let offRate = charged.enumerated().map { number, credits in
      Self.call(number, "k", #""duration":60,"credits":\#(credits)"#)
    }
    let calls = missing.count + charged.count
    return try verdict(unprocessed + offRate + [Self.ended("k", calls: calls, credits: claim)])
  }

  @Test func theCausesThatLeaveLeastExplainADifferenceWhateverTheirSigns() throws {
    // Claimed 5, counted 4: 4 of the missing call and -3 of the dear one make 1 exactly.
    let exact = try explanation(missing: [4], charged: [4], claim: "5")
    #expect(exact.explanation == "1 call without call.processed (m0): 4; 1 call off the billing rule (c0): -3")
    #expect(exact.explainedCredits == Credits(1))
    // A cause may be larger than the difference, 4, where that leaves less.
    let over = try explanation(missing: [5], charged: [1], claim: "5")
    #expect(over.explanation == "1 call without call.processed (m0): 5; unexplained: -1")
    #expect(over.explainedCredits == Credits(5))
  }

  @Test func ofEqualExplanationsTheOneOfFewestAndSurestCausesIsGiven() throws {
    // Missing 2 explains 1 of claimed 2 and counted 1 as badly (rest -1) as nothing does (rest 1).
    #expect(try explanation(missing: [2], charged: [1], claim: "2").explanation == "unexplained: 1")
    // 1 is explained by the missing call and as well by the one that was charged too little.
    let surest = try explanation(missing: [1], charged: [0], claim: "1")
    #expect(surest.explanation == "1 call without call.processed (m0): 1")
  }

  @Test(arguments: 1...60 as ClosedRange<UInt64>)
  func causesAndRestAddUpToTheDifference(seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    let row = try explanation(
      missing: (0..<Int.random(in: 0...4, using: &numbers)).map { _ in .random(in: 0...9, using: &numbers) },
      charged: (0..<Int.random(in: 0...4, using: &numbers)).map { _ in .random(in: 0...9, using: &numbers) },
      claim: "\(Int.random(in: 0...30, using: &numbers)).25")
    let difference = try #require(row.comparisons.last?.difference)
    let amounts = (row.explanation ?? "").split(separator: "; ").map { part in
      (isRest: part.hasPrefix("unexplained"), credits: Credits(String(part.split(separator: " ").last ?? "")) ?? .zero)
    }
    #expect(amounts.reduce(.zero) { $0 + $1.credits } == difference, "\(row.explanation ?? "")")
    let rest = amounts.first { $0.isRest }?.credits ?? .zero
    #expect(row.explainedCredits.map { $0 + rest } == difference)
    #expect(rest.magnitude <= difference.magnitude)
  }

  @Test func anExplanationNamesTheFirstCallsAsTheyMayBeShown() throws {
    let lines = ["e", "b", "d", "a", "c"].enumerated().map { number, id in
      line("call.completed", "m\(number)", id, #""status":"completed","campaign_id":"k","call_duration":60"#)
    }
    let books = try Books(lines + [Self.ended("k", calls: 5, credits: "5")])
    #expect(
      books.reconciliation().campaigns[0].explanation == "5 calls without call.processed (a, b, c and 2 more): 5")
    for (shown, text) in [("…", " (…, …, … and 2 more)"), (nil, "")] as [(String?, String)] {
      let masked = books.reconciliation { _ in shown }
      #expect(masked.campaigns[0].explanation == "5 calls without call.processed\(text): 5")
    }
  }

  @Test func onlyAFurtherDeliveryOfWhatChargesExplainsADifference() throws {
    let completed = line("call.completed", "done", "c1", #""status":"completed","campaign_id":"k","call_duration":60"#)
    let ended = Self.ended("k", calls: 1, credits: "2")
    let harmless = try verdict([Self.call(1, "k"), completed, completed, ended])
    #expect(harmless.explanation == "unexplained: 1")
    let charged = try verdict([Self.call(1, "k"), completed, Self.call(1, "k"), ended])
    #expect(charged.explanation == "1 call delivered again (c1): 1")
  }

  @Test func anEndWithoutClaimsMatchesNothing() throws {
    let books = try Books([Self.call(1, "k"), campaign("campaign.ended", "end", "k")])
    let reconciliation = books.reconciliation()
    #expect(reconciliation.campaigns.map(\.verdict) == [.incomplete])
    let finding = try #require(reconciliation.findings.first)
    #expect(finding.code == .campaignIncomplete && finding.origin == RecordOrigin(archive: 0, line: 2))
    #expect(
      finding.measure
        == "total_calls+successful_calls+failed_calls+total_duration+billable_duration+total_credits")
    #expect(finding.message.hasPrefix("campaign.ended claims nothing"))
  }

  @Test func missingClaimsAreToldAndTheOthersHeld() throws {
    for (credits, expected) in [("1", Verdict.matched), ("2", .mismatched)] {
      let reconciliation = try Books([Self.call(1, "k"), Self.ended("k", calls: 1, credits: credits)]).reconciliation()
      #expect(reconciliation.campaigns.map(\.verdict) == [expected])
      let finding = reconciliation.findings.first { $0.code == .campaignIncomplete }
      #expect(finding?.measure == "total_duration+billable_duration")
      #expect(finding?.message.hasSuffix("total_duration, billable_duration are missing.") == true)
    }
  }

  @Test func aMismatchSaysWhatIsClaimed() throws {
    let ended = campaign(
      "campaign.ended", "end", "k",
      #""total_calls":3,"successful_calls":2,"failed_calls":1,"total_duration":61,"billable_duration":62,"total_credits":1"#
    )
    let findings = try Books([Self.call(1, "k"), ended]).reconciliation().findings
    let claims = ["3 calls", "2 successful calls", "1 failed call", "61 seconds", "62 billable seconds"]
    let counts = [1, 1, 0, 60, 60]
    let summary = "5 of its claims differ from its calls beyond tolerance: "
    #expect(findings.first?.code == .campaignMismatch)
    #expect(
      findings.first?.message
        == summary + "total_calls, successful_calls, failed_calls, total_duration, billable_duration.")
    let single = findings.filter { $0.code.rawValue.hasPrefix("claimed-") }
    #expect(
      single.map(\.message) == zip(claims, counts).map { "campaign.ended claims \($0); its calls add up to \($1)." })
    #expect(
      single.map(\.code) == [
        .claimedTotalCalls, .claimedSuccessfulCalls, .claimedFailedCalls, .claimedTotalDuration,
        .claimedBillableDuration,
      ])
    #expect(findings.contains { $0.code == .billableOffPulse }, "62 s are no whole number of minutes")
  }

  @Test func anUnannouncedCampaignIsShownByTheFirstRecordThatNamesIt() throws {
    let books = try Books(archives: [
      [Self.call(1, "known"), campaign("campaign.started", "start", "known")],
      [line("call.recording", "r", "c9"), Self.call(2, "new"), Self.call(3, "new"), Self.call(4, "newer")],
    ])
    let findings = books.reconciliation().findings.filter { $0.code == .campaignUnannounced }
    #expect(findings.map(\.campaignID) == ["new", "newer"])
    #expect(findings.map(\.origin) == [RecordOrigin(archive: 1, line: 2), RecordOrigin(archive: 1, line: 4)])
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
    #expect(books.text(.agent(.campaignID), of: try #require(books.call("c1"))) == nil)
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
