package import CallModel

/// What holds a campaign's claims against its calls.
package enum Verdict: String, CaseIterable, Sendable {
  case matched
  case withinTolerance = "within_tolerance"
  case mismatched
  /// Some of its calls still await an event.
  case incomplete
  /// No `campaign.ended` was seen.
  case open
  /// Calls name a campaign of which no event was seen.
  case unannounced
}

/// A quantity that `campaign.ended` claims.
package enum Claim: String, CaseIterable, Sendable {
  case totalCalls = "total_calls"
  case successfulCalls = "successful_calls"
  case failedCalls = "failed_calls"
  case totalDuration = "total_duration"
  case billableDuration = "billable_duration"
  case totalCredits = "total_credits"

  func claimed(_ claims: CampaignClaims) -> Credits? {
    switch self {
    case .totalCalls: claims.totalCalls.map { Credits($0) }
    case .successfulCalls: claims.successfulCalls.map { Credits($0) }
    case .failedCalls: claims.failedCalls.map { Credits($0) }
    case .totalDuration: claims.totalDuration.map { Credits($0) }
    case .billableDuration: claims.billableDuration.map { Credits($0) }
    case .totalCredits: claims.totalCredits
    }
  }

  func counted(_ sums: CallSums) -> Credits {
    switch self {
    case .totalCalls: Credits(sums.calls)
    case .successfulCalls: Credits(sums.successfulCalls)
    case .failedCalls: Credits(sums.failedCalls)
    case .totalDuration: Credits(sums.duration)
    case .billableDuration: Credits(sums.billableSeconds)
    case .totalCredits: sums.credits
    }
  }

  func tolerance(_ tolerance: Tolerance) -> Credits {
    switch self {
    case .totalCalls, .successfulCalls, .failedCalls: Credits(tolerance.calls)
    case .totalDuration, .billableDuration: Credits(tolerance.duration)
    case .totalCredits: tolerance.credits
    }
  }

  /// The unit, for sentences.
  var unit: String {
    switch self {
    case .totalCalls, .successfulCalls, .failedCalls: "calls"
    case .totalDuration, .billableDuration: "seconds"
    case .totalCredits: "credits"
    }
  }
}

/// One claim beside what was counted. All but credits are whole numbers; durations are seconds.
package struct ClaimComparison: Sendable {
  package let claim: Claim
  package let claimed: Credits?
  package let counted: Credits
  /// Always claimed − counted; nil without a claim.
  package var difference: Credits? { claimed.map { $0 - counted } }
}

/// One campaign's row of the reconciliation table.
package struct CampaignReconciliation: Sendable {
  package let campaignID: String
  package let campaignName: String?
  package let workspaceID: String?
  package let endedAt: Timestamp?
  package let verdict: Verdict
  package let comparisons: [ClaimComparison]
  package let callsAwaiting: Int64
  /// How much of the difference in credits the records explain; nil where there is no difference.
  package let explainedCredits: Credits?
  package let explanation: String?
  let origin: RecordOrigin?

  init(_ id: String, entry: CampaignBook.Entry?, sums: CampaignSums, tolerance: Tolerance) {
    campaignID = id
    campaignName = entry?.value(\.campaignName)
    workspaceID = entry?.value(\.workspaceID)
    endedAt = entry?.value(\.endedAt)
    callsAwaiting = sums.awaiting
    let ended = entry?.latest(.campaignEnded)
    origin = ended?.origin ?? entry?.latest(.campaignStarted)?.origin
    let claims = ended?.event.claims ?? CampaignClaims()
    comparisons = Claim.allCases.map {
      ClaimComparison(claim: $0, claimed: $0.claimed(claims), counted: $0.counted(sums.sums))
    }
    verdict = CampaignReconciliation.verdict(
      isAnnounced: entry != nil, hasEnded: ended != nil, awaiting: sums.awaiting, comparisons, tolerance)
    let creditsDifference = comparisons.last?.difference ?? .zero
    (explainedCredits, explanation) = CampaignReconciliation.explain(creditsDifference, sums)
  }

  private static func verdict(
    isAnnounced: Bool, hasEnded: Bool, awaiting: Int64, _ comparisons: [ClaimComparison], _ tolerance: Tolerance
  ) -> Verdict {
    if !isAnnounced { return .unannounced }
    if !hasEnded { return .open }
    if awaiting > 0 { return .incomplete }
    if comparisons.allSatisfy({ ($0.difference ?? .zero) == .zero }) { return .matched }
    let isClose = comparisons.allSatisfy {
      ($0.difference ?? .zero).magnitude <= $0.claim.tolerance(tolerance)
    }
    return isClose ? .withinTolerance : .mismatched
  }

  /// Takes causes, the surest first, as long as they bring the unexplained rest nearer to zero without passing it.
  private static func explain(_ difference: Credits, _ sums: CampaignSums) -> (Credits?, String?) {
    guard difference != .zero else { return (nil, nil) }
    let causes: [(CampaignSums.Cause, one: String, many: String)] = [
      (sums.unprocessed, "1 call without call.processed", "calls without call.processed"),
      (sums.uncharged, "1 call processed without credits", "calls processed without credits"),
      (sums.offRate, "1 call off the billing rule", "calls off the billing rule"),
      (sums.otherDuration, "1 call with two durations", "calls with two durations"),
      (sums.repeated, "1 call delivered again", "calls delivered again"),
    ]
    var rest = difference
    var parts: [String] = []
    for (cause, one, many) in causes where cause.credits != .zero {
      guard (cause.credits < .zero) == (rest < .zero), cause.credits.magnitude <= rest.magnitude else { continue }
      rest = rest - cause.credits
      parts.append("\(cause.calls == 1 ? one : "\(cause.calls) \(many)"): \(cause.credits)")
      if rest == .zero { break }
    }
    if rest != .zero { parts.append("unexplained: \(rest)") }
    return (difference - rest, parts.joined(separator: "; "))
  }

  /// What the row has to say beyond itself.
  func findings(_ tolerance: Tolerance) -> [Finding] {
    let subject = Finding.Subject.campaign(campaignID)
    switch verdict {
    case .matched, .withinTolerance, .open: return []
    case .unannounced:
      return [
        Finding(
          .campaignUnannounced, subject, campaignID: campaignID,
          message: "Calls name this campaign, and no event of it was seen.", origin: origin)
      ]
    case .incomplete:
      return [
        Finding(
          .campaignIncomplete, subject, campaignID: campaignID, measure: "calls_awaiting", counted: "\(callsAwaiting)",
          message: "Its claims cannot be judged yet: \(callsAwaiting) of its calls await an event.", origin: origin)
      ]
    case .mismatched:
      return comparisons.compactMap { comparison in
        guard let claimed = comparison.claimed, let difference = comparison.difference,
          difference.magnitude > comparison.claim.tolerance(tolerance)
        else { return nil }
        return Finding(
          .campaignMismatch, subject, campaignID: campaignID, measure: comparison.claim.rawValue,
          claimed: "\(claimed)", counted: "\(comparison.counted)", difference: "\(difference)",
          message: "campaign.ended claims \(claimed) \(comparison.claim.unit); its calls add up to "
            + "\(comparison.counted).", origin: origin)
      }
    }
  }
}

/// All campaigns held against their calls; pure functions of the joined books.
package struct Reconciliation: Sendable {
  /// By campaign id.
  package let campaigns: [CampaignReconciliation]
  package let findings: [Finding]

  package init(_ ledger: EventLedger, _ totals: CallTotals, tolerance: Tolerance) {
    let sums = totals.campaigns
    let ids = Set(sums.keys).union(ledger.campaigns.sortedIDs.map { Array($0.utf8) })
      .sorted { $0.lexicographicallyPrecedes($1) }
    campaigns = ids.map { bytes in
      let id = String(decoding: bytes, as: UTF8.self)
      return CampaignReconciliation(
        id, entry: ledger.campaigns[id], sums: sums[bytes] ?? CampaignSums(), tolerance: tolerance)
    }
    var findings = campaigns.flatMap { $0.findings(tolerance) }
    for id in ledger.campaigns.sortedIDs {
      guard let entry = ledger.campaigns[id] else { continue }
      for kind in [EventKind.campaignStarted, .campaignEnded] where entry.count(of: kind) > 1 {
        findings.append(
          Finding(
            .repeatedEvent, .campaign(id), campaignID: id, measure: kind.name,
            message: "Several \(kind.name) events of different ids arrived; the latest one counts.",
            origin: entry.latest(kind)?.origin))
      }
    }
    self.findings = findings
  }

  /// The credits by which campaigns that must answer for it differ, added up without sign.
  package var creditsDifference: Credits {
    campaigns.reduce(.zero) { sum, campaign in
      guard campaign.verdict == .mismatched else { return sum }
      return sum + (campaign.comparisons.last?.difference ?? .zero).magnitude
    }
  }

  /// What the campaigns with a claim claim in credits.
  package var claimedCredits: Credits {
    campaigns.reduce(.zero) { $0 + ($1.comparisons.last?.claimed ?? .zero) }
  }
}
