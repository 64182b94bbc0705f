package import CallModel

/// A finding against the provider, with the credits that hang on it and the records that show it.
///
/// Credits at stake are what was charged or claimed less what is held to be right, so they are negative where the
/// provider asks too little. No credit is in two disputes, so all of them may be added up:
///
///     call      charged: credits − credits by the rule, in the finding about its credits; all of them where the rule can
///               say nothing
///               rule:    credits by the rule − those for the other duration or status that its events name, in the one of
///                        its findings about duration or status that has most at stake
///     campaign  claimed: credits claimed − credits of its calls, in the finding about its claim of credits
///
/// The three lie end to end: where a campaign claims what its calls charge, for durations that no other event bears
/// out, it has nothing at stake itself, and its calls have what they cost too much. All other findings have nothing at
/// stake: what they are worth, if anything, stands in one of these.
package struct Dispute: Sendable {
  package let finding: Finding
  package let creditsAtStake: Credits
  /// In archive order, none twice.
  package let records: [RecordOrigin]

  /// The disputes among some findings, those with the most at stake first, then by code, subject, measure and record.
  ///
  /// A finding that is no more than information, such as a difference within tolerance, is no dispute. `campaigns` are
  /// those that the findings may be about.
  package static func all(
    of findings: [Finding], campaigns: [CampaignRecord], in book: CallBook, rule: StatusRule
  ) -> [Dispute] {
    let against = findings.filter { $0.code.isAgainstProvider && $0.severity > .info }.sorted { $0.precedes($1) }
    guard !against.isEmpty else { return [] }
    var superseded: [Int: [RecordOrigin]] = [:]
    for (call, event) in book.superseded {
      superseded[Int(call), default: []].append(book.events[Int(event)].origin)
    }
    let entries = Dictionary(uniqueKeysWithValues: campaigns.map { (Array($0.id.utf8), $0.entry) })
    var disputes = against.map { finding in
      var records = Set([finding.origin, finding.firstOrigin].compactMap(\.self))
      var stake: (pot: Pot, credits: Credits)?
      switch finding.subject {
      case .call(let id):
        guard let number = book.number(ofCall: id) else { break }
        let call = Call(number, in: book, rule: rule)
        records.formUnion(book.origins(of: call))
        records.formUnion(superseded[number] ?? [])
        stake = Pot(finding).map { ($0, call.creditsAtStake(in: finding, book, rule)) }
      case .campaign(let id):
        records.formUnion((entries[Array(id.utf8)]??.events ?? []).map(\.origin))
        stake = Pot(finding).map { ($0, finding.difference.flatMap { Credits($0) } ?? .zero) }
      case .archive, .table, .day: break
      }
      return (finding: finding, records: records.sorted(), stake: stake)
    }
    // Of findings that lay claim to the same credits, the one with most at stake has them.
    var best: [Pot: Int] = [:]
    for (place, dispute) in disputes.enumerated() {
      guard let (pot, credits) = dispute.stake else { continue }
      guard let other = best[pot] else {
        best[pot] = place
        continue
      }
      let isMore = credits > (disputes[other].stake?.credits ?? .zero)
      disputes[isMore ? other : place].stake = nil
      if isMore { best[pot] = place }
    }
    return disputes.map {
      Dispute(finding: $0.finding, creditsAtStake: $0.stake?.credits ?? .zero, records: $0.records)
    }.sorted { left, right in
      left.creditsAtStake == right.creditsAtStake
        ? left.finding.precedes(right.finding) : left.creditsAtStake > right.creditsAtStake
    }
  }
}

/// Credits that several findings of one subject may lay claim to, and only one has.
private struct Pot: Hashable {
  enum Credits { case charged, byRule, claimed }

  /// By its bytes: as strings, \u{e9} and e with an accent would be one subject.
  let subject: [UInt8]
  let credits: Credits

  /// Nil where a finding has nothing at stake.
  init?(_ finding: Finding) {
    switch finding.code {
    case .creditsDiffer, .creditsNotBillable, .creditsUnfounded: credits = .charged
    case .durationConflict, .durationOffClock, .statusDiffers: credits = .byRule
    case .claimedTotalCredits: credits = .claimed
    default: return nil
    }
    subject = Array(finding.subject.id.utf8)
  }
}

extension Call {
  /// What of the call's credits hangs on a finding about them, its duration or its status.
  fileprivate func creditsAtStake(in finding: Finding, _ book: CallBook, _ rule: StatusRule) -> Credits {
    let other: Int64?
    switch finding.code {
    case .durationConflict, .durationOffClock:
      other = finding.counted.flatMap { Credits($0)?.nearestSecond }.flatMap {
        rule.billing.pulses(duration: $0, isBillable: isBillable)
      }
    case .statusDiffers:
      other = isBillableByCompleted(book, rule).flatMap { rule.billing.pulses(duration: duration, isBillable: $0) }
    default: return creditsDifference ?? credits ?? .zero
    }
    guard let expectedCredits, let other else { return .zero }
    return expectedCredits - other * rule.billing.creditsPerPulse
  }

  /// Whether the status that `call.completed` tells is billed.
  private func isBillableByCompleted(_ book: CallBook, _ rule: StatusRule) -> Bool? {
    let completed = winners[EventKind.callCompleted.authority]
    return completed < 0 ? nil : rule.classes[book.events[Int(completed)].outcome]?.isBillable
  }
}

extension Credits {
  /// Of an amount that is seconds: the nearest whole one from 0 on, as the provider's own durations are whole.
  fileprivate var nearestSecond: Int64 { Int64(clamping: max(0, millionths + 500_000) / 1_000_000) }
}
