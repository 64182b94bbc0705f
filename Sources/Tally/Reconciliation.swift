package import CallModel

/// What holds a campaign's claims against its calls.
package enum Verdict: String, CaseIterable, Sendable {
  case matched
  case withinTolerance = "within_tolerance"
  case mismatched
  /// Some of its calls still await an event, or its `campaign.ended` claims nothing.
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

  /// The code of a finding about the claim.
  var findingCode: FindingCode {
    switch self {
    case .totalCalls: .claimedTotalCalls
    case .successfulCalls: .claimedSuccessfulCalls
    case .failedCalls: .claimedFailedCalls
    case .totalDuration: .claimedTotalDuration
    case .billableDuration: .claimedBillableDuration
    case .totalCredits: .claimedTotalCredits
    }
  }

  /// An amount of what is claimed, for sentences: `2 successful calls`.
  func text(_ amount: Credits) -> String {
    switch self {
    case .totalCalls: amount.counting("call")
    case .successfulCalls: amount.counting("successful call")
    case .failedCalls: amount.counting("failed call")
    case .totalDuration: amount.counting("second")
    case .billableDuration: amount.counting("billable second")
    case .totalCredits: amount.counting("credit")
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

  /// Whether the claim is further from the count than passes; no claim is not.
  package func isBeyond(_ tolerance: Tolerance) -> Bool {
    difference.map { $0.magnitude > claim.tolerance(tolerance) } ?? false
  }

  /// `claims 2 successful calls, counted 1`; nil without a claim.
  package var clause: String? { claimed.map { "claims \(claim.text($0)), counted \(counted)" } }
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
  /// What each claim's difference is made of, claim by claim.
  package let differences: [DifferencePart]
  /// Whether a `campaign.ended` was seen.
  private let hasEnded: Bool
  private let lastConnection: Timestamp?
  let origin: RecordOrigin?

  /// `shown` is how a call's id may be shown, if at all.
  init(_ record: CampaignRecord, tolerance: Tolerance, shown: (String) -> String?) {
    let (entry, sums) = (record.entry, record.sums)
    campaignID = record.id
    campaignName = entry?.value(\.campaignName)
    workspaceID = entry?.value(\.workspaceID)
    endedAt = entry?.value(\.endedAt)
    callsAwaiting = sums.awaiting
    lastConnection = sums.lastConnection
    let ended = entry?.latest(.campaignEnded)
    hasEnded = ended != nil
    origin = ended?.origin ?? entry?.latest(.campaignStarted)?.origin ?? record.firstRecord
    let claims = ended?.event.claims ?? CampaignClaims()
    let comparisons = Claim.allCases.map {
      ClaimComparison(claim: $0, claimed: $0.claimed(claims), counted: $0.counted(sums.sums))
    }
    self.comparisons = comparisons
    verdict = CampaignReconciliation.verdict(
      isAnnounced: entry != nil, hasEnded: ended != nil, awaiting: sums.awaiting, comparisons, tolerance)
    differences = comparisons.flatMap { comparison -> [DifferencePart] in
      guard let difference = comparison.difference, difference != .zero else { return [] }
      return DifferenceExplanation(of: difference, comparison.claim, record).parts
    }
    let credits = differences.filter { $0.claim == .totalCredits }
    explainedCredits =
      credits.isEmpty ? nil : credits.reduce(.zero) { $1.cause == .unexplained ? $0 : $0 + $1.amount }
    explanation = credits.isEmpty ? nil : credits.map { $0.text(shown: shown) }.joined(separator: "; ")
  }

  private static func verdict(
    isAnnounced: Bool, hasEnded: Bool, awaiting: Int64, _ comparisons: [ClaimComparison], _ tolerance: Tolerance
  ) -> Verdict {
    if !isAnnounced { return .unannounced }
    if !hasEnded { return .open }
    if awaiting > 0 || comparisons.allSatisfy({ $0.claimed == nil }) { return .incomplete }
    if comparisons.allSatisfy({ ($0.difference ?? .zero) == .zero }) { return .matched }
    return comparisons.contains { $0.isBeyond(tolerance) } ? .mismatched : .withinTolerance
  }

  /// What the row has to say beyond itself; `pulse` is that of the billing rule, in seconds.
  func findings(_ tolerance: Tolerance, pulse: Int64) -> [Finding] {
    judgement(tolerance) + [missingClaims, offPulse(pulse), earlyEnd].compactMap { $0 }
  }

  private func finding(
    _ code: FindingCode, measure: String? = nil, claimed: Credits? = nil, counted: String? = nil,
    difference: Credits? = nil, _ message: String
  ) -> Finding {
    Finding(
      code, .campaign(campaignID), campaignID: campaignID, measure: measure, claimed: claimed.map { "\($0)" },
      counted: counted, difference: difference.map { "\($0)" }, message: message, origin: origin)
  }

  private func judgement(_ tolerance: Tolerance) -> [Finding] {
    switch verdict {
    case .matched, .withinTolerance, .open: return []
    case .unannounced:
      return [finding(.campaignUnannounced, "Calls name this campaign, and no event of it has arrived.")]
    case .incomplete:
      guard callsAwaiting > 0 else { return [] }
      return [
        finding(
          .campaignIncomplete, measure: "calls_awaiting", counted: "\(callsAwaiting)",
          "Its claims cannot be judged yet: \(callsAwaiting) of its calls "
            + "\(callsAwaiting == 1 ? "awaits" : "await") an event.")
      ]
    case .mismatched:
      let beyond = comparisons.filter { $0.isBeyond(tolerance) }
      return [mismatch(beyond)]
        + beyond.map { comparison in
          finding(
            comparison.claim.findingCode, measure: comparison.claim.rawValue, claimed: comparison.claimed,
            counted: "\(comparison.counted)", difference: comparison.difference,
            "campaign.ended claims \(comparison.claim.text(comparison.claimed ?? .zero)); its calls add up to "
              + "\(comparison.counted).")
        }
    }
  }

  private func mismatch(_ beyond: [ClaimComparison]) -> Finding {
    let names = beyond.map(\.claim.rawValue)
    return finding(
      .campaignMismatch, measure: names.joined(separator: "+"),
      "\(names.count) of its claims \(names.count == 1 ? "differs" : "differ") from its calls beyond tolerance: "
        + "\(names.joined(separator: ", ")).")
  }

  private func offPulse(_ pulse: Int64) -> Finding? {
    guard let claimed = comparisons.first(where: { $0.claim == .billableDuration })?.claimed,
      claimed.millionths % Credits(pulse).millionths != 0
    else { return nil }
    return finding(
      .billableOffPulse, measure: Claim.billableDuration.rawValue, claimed: claimed,
      "campaign.ended claims \(Claim.billableDuration.text(claimed)), which is not a whole number of pulses of \(pulse) s."
    )
  }

  private var earlyEnd: Finding? {
    guard hasEnded, let endedAt, let lastConnection, lastConnection > endedAt else { return nil }
    return finding(
      .campaignEndedEarly, measure: "ended_at", counted: "\(lastConnection)",
      "The campaign ended at \(endedAt), and a call of it began at \(lastConnection).")
  }

  /// Claims that `campaign.ended` should make and does not; the others are held against the calls without them.
  private var missingClaims: Finding? {
    let missing = comparisons.filter { $0.claimed == nil }.map(\.claim.rawValue)
    guard hasEnded, !missing.isEmpty else { return nil }
    let sentence =
      missing.count == comparisons.count
      ? "campaign.ended claims nothing, so there is nothing to check its calls against: "
      : "campaign.ended leaves claims out, and only the others are checked against its calls: "
    let verb = missing.count == 1 ? "is" : "are"
    return finding(
      .campaignIncomplete, measure: missing.joined(separator: "+"),
      "\(sentence)\(missing.joined(separator: ", ")) \(verb) missing.")
  }
}

/// All campaigns held against their calls; pure functions of the joined books.
package struct Reconciliation: Sendable {
  /// By campaign id.
  package let campaigns: [CampaignReconciliation]
  package let findings: [Finding]
  private let tolerance: Tolerance

  /// The campaigns of `records`, in their order.
  package init(
    _ records: [CampaignRecord], tolerance: Tolerance, billing: BillingRule, shown: (String) -> String?
  ) {
    self.tolerance = tolerance
    campaigns = records.map { CampaignReconciliation($0, tolerance: tolerance, shown: shown) }
    var findings = campaigns.flatMap { $0.findings(tolerance, pulse: billing.pulse) }
    for record in records {
      guard let entry = record.entry else { continue }
      for kind in [EventKind.campaignStarted, .campaignEnded] where entry.count(of: kind) > 1 {
        findings.append(
          Finding(
            .repeatedEvent, .campaign(record.id), campaignID: record.id, measure: kind.name,
            message: "Several \(kind.name) events with different event_ids arrived; the latest one counts.",
            origin: entry.latest(kind)?.origin))
      }
    }
    self.findings = findings
  }

  /// Campaigns of which some claim is beyond tolerance, by campaign id.
  package var mismatched: [CampaignReconciliation] { campaigns.filter { $0.verdict == .mismatched } }

  /// The first of a campaign's claims that is beyond tolerance.
  package func firstMismatch(of campaign: CampaignReconciliation) -> ClaimComparison? {
    campaign.comparisons.first { $0.isBeyond(tolerance) }
  }

  /// The credits by which mismatched campaigns differ beyond tolerance, added up without sign.
  package var creditsDifference: Credits {
    mismatched.compactMap(\.comparisons.last).filter { $0.isBeyond(tolerance) }
      .reduce(.zero) { $0 + ($1.difference ?? .zero).magnitude }
  }

  /// What the campaigns with a claim claim in credits.
  package var claimedCredits: Credits {
    campaigns.reduce(.zero) { $0 + ($1.comparisons.last?.claimed ?? .zero) }
  }
}
