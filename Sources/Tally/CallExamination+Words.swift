import CallModel

extension CallExamination {
  /// Puts into words what is odd about a call.
  mutating func add(_ doubts: Doubts, about call: Call, in book: borrowing CallBook, campaignID: String?) {
    // Fetched here, so that no closure has to hold the book.
    let subject = Finding.Subject.call(book.conversationID(of: call))
    let (own, processed) = (book.origin(of: call), book.origin(of: .callProcessed, of: call))
    func add(
      _ code: FindingCode, measure: String? = nil, claimed: String? = nil, counted: String? = nil,
      difference: String? = nil, origin: RecordOrigin?, severity: Finding.Severity? = nil, _ message: String
    ) {
      findings.append(
        Finding(
          code, subject, campaignID: campaignID, measure: measure, claimed: claimed, counted: counted,
          difference: difference, severity: severity, message: message, origin: origin))
    }
    if doubts.contains(.repeatedEvent) {
      for kind in Call.kinds where call.kindsRepeated >> UInt8(kind.authority) & 1 == 1 {
        add(
          .repeatedEvent, measure: kind.name, origin: book.origin(of: kind, of: call),
          "Several \(kind.name) events with different event_ids arrived; the latest one counts.")
      }
    }
    if doubts.contains(.noDay) {
      add(
        .badTimestamp, measure: "day", origin: own,
        "The business day lies outside the years 1 to 9999; it counts as unknown.")
    }
    if doubts.contains(.durationConflict), let other = call.conflictingDuration, let duration = call.duration {
      add(
        .durationConflict, measure: "duration_seconds", claimed: "\(duration)", counted: "\(other)",
        difference: "\(duration - other)", origin: processed,
        "call.processed says \(duration) s and call.completed \(other) s; call.processed counts.")
    }
    if doubts.contains(.durationOffClock), let duration = call.duration, let connected = call.connectedAt,
      let ended = call.endedAt
    {
      let seconds = Credits(millionths: Int128(ended.microseconds - connected.microseconds))
      add(
        .durationOffClock, measure: "duration_seconds", claimed: "\(duration)", counted: "\(seconds)",
        difference: "\(Credits(duration) - seconds)", origin: own,
        "The duration is \(duration) s, and \(seconds) s lie between connected_at and ended_at.")
    }
    if doubts.contains(.status) {
      add(
        .statusDiffers, measure: "status", claimed: book.status(of: .callProcessed, of: call),
        counted: book.status(of: .callCompleted, of: call), origin: processed,
        "call.processed and call.completed give different statuses; call.processed counts.")
    }
    if doubts.contains(.severalCampaigns) {
      add(
        .twoCampaigns, measure: "campaign_id", claimed: campaignID, counted: book.otherCampaign(of: call), origin: own,
        "Events of the call name different campaigns; it counts for the one that is given as claimed.")
    }
    if doubts.contains(.noCompleted) {
      add(.processedWithoutCompleted, origin: processed, "call.processed arrived, and call.completed did not.")
    }
    if doubts.contains(.credits), let finding = creditsFinding(of: call) {
      add(
        finding.code, measure: "credits", claimed: finding.claimed, counted: finding.counted,
        difference: finding.difference, origin: processed, severity: finding.severity, finding.message)
    }
    if doubts.contains(.creditsUnfounded), let credits = call.credits {
      add(
        .creditsUnfounded, measure: "credits", claimed: "\(credits)", origin: processed,
        "call.processed charges \(credits.counting("credit")), and no event tells the call's "
          + (call.hasStatus ? "duration." : "status."))
    }
    if doubts.contains(.creditsMissing) {
      add(
        .creditsMissing, measure: "credits", counted: call.expectedCredits.map { "\($0)" }, origin: processed,
        "call.processed names no credits\(call.expectedCredits.map { ", where the billing rule gives \($0)" } ?? "").")
    }
    guard doubts.contains(.awaits) else { return }
    let isOverdue = judgement.isOverdue(call)
    if call.settlement == .awaitingProcessed {
      add(
        isOverdue ? .overdueProcessed : .awaitingProcessed, origin: own,
        isOverdue
          ? "The call ended longer ago than tolerance.awaiting, and its call.processed has not arrived."
          : "The call ended, and its call.processed has not arrived yet.")
    } else {
      add(
        isOverdue ? .overdueCompleted : .awaitingCompleted, origin: own,
        "Neither call.completed nor call.processed of the call has arrived"
          + (isOverdue ? ", though it is older than tolerance.awaiting." : " yet."))
    }
  }

  private typealias CreditsFinding = (
    code: FindingCode, claimed: String, counted: String, difference: String, severity: Finding.Severity?,
    message: String
  )

  private func creditsFinding(of call: Call) -> CreditsFinding? {
    guard let difference = call.creditsDifference, let credits = call.credits, let expected = call.expectedCredits
    else { return nil }
    let isTolerated = difference.magnitude <= judgement.tolerance.credits
    let sentence =
      call.isBillable
      ? "call.processed charges \(credits.counting("credit")) where the billing rule gives \(expected)"
      : "call.processed charges \(credits.counting("credit")) for a call whose status is not billable"
    return (
      call.isBillable ? .creditsDiffer : .creditsNotBillable, "\(credits)", "\(expected)", "\(difference)",
      isTolerated ? .info : nil, sentence + (isTolerated ? ", which is within tolerance." : ".")
    )
  }
}
