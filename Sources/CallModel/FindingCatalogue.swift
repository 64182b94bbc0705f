/// The stable codes of findings, and what is to be said of each: the one source of help, README and dispute pack.
package enum FindingCode: String, CaseIterable, Sendable {
  case archiveTruncated = "archive-truncated"
  case archiveCorrupt = "archive-corrupt"
  case archiveTrailingGarbage = "archive-trailing-garbage"
  case archiveEmpty = "archive-empty"
  case archiveNotGzip = "archive-not-gzip"
  case conflict = "conflict"
  case repeatedEvent = "repeated-event"
  case badTimestamp = "bad-timestamp"
  case awaitingCompleted = "awaiting-completed"
  case awaitingProcessed = "awaiting-processed"
  case overdueCompleted = "overdue-completed"
  case overdueProcessed = "overdue-processed"
  case processedWithoutCompleted = "processed-without-completed"
  case durationConflict = "duration-conflict"
  case durationOffClock = "duration-off-clock"
  case statusDiffers = "status-differs"
  case creditsDiffer = "credits-differ"
  case creditsNotBillable = "credits-not-billable"
  case creditsUnfounded = "credits-unfounded"
  case creditsMissing = "credits-missing"
  case recordingOverlap = "recording-overlap"
  case twoCampaigns = "two-campaigns"
  case campaignMismatch = "campaign-mismatch"
  case claimedTotalCalls = "claimed-total-calls"
  case claimedSuccessfulCalls = "claimed-successful-calls"
  case claimedFailedCalls = "claimed-failed-calls"
  case claimedTotalDuration = "claimed-total-duration"
  case claimedBillableDuration = "claimed-billable-duration"
  case claimedTotalCredits = "claimed-total-credits"
  case billableOffPulse = "billable-off-pulse"
  case campaignEndedEarly = "campaign-ended-early"
  case campaignIncomplete = "campaign-incomplete"
  case campaignUnannounced = "campaign-unannounced"
  case billingRuleDiffers = "billing-rule-differs"
  case cellCut = "cell-cut"
  case missingDay = "missing-day"
  case missingHour = "missing-hour"
  case lateBeyondRestate = "late-beyond-restate"

  /// What a finding of this code weighs where nothing is said of the one finding.
  package var severity: Finding.Severity { entry.severity }
  /// One sentence on what a finding of this code says.
  package var meaning: String { entry.meaning }
  /// One sentence that shows a case of it.
  package var example: String { entry.example }
  /// What a person should do about it.
  package var action: String { entry.action }
  /// Whether it is something to hold against the provider, with the records that show it.
  package var isAgainstProvider: Bool { entry.isAgainstProvider }
}

extension FindingCode {
  fileprivate struct Entry {
    var severity: Finding.Severity
    var isAgainstProvider = false
    var meaning: String
    var example: String
    var action: String
  }
}

extension FindingCode {
  fileprivate var entry: Entry {
    switch self {
    case .archiveTruncated:
      Entry(
        severity: .error,
        meaning: "The archive is cut off in the middle.",
        example: "An hour's archive ends inside a gzip member, because the receiver was restarted while it wrote.",
        action:
          "Fetch the whole archive from the receiver and run again; until then the events behind the cut are "
          + "missing from the books.")
    case .archiveCorrupt:
      Entry(
        severity: .error,
        meaning: "The archive's compressed data is damaged.",
        example: "A checksum at the end of a gzip member does not fit its content.",
        action: "Fetch the archive again and run again; what stands behind the damage is missing from the books.")
    case .archiveTrailingGarbage:
      Entry(
        severity: .warning,
        meaning: "After the archive's last gzip member come bytes that belong to no gzip data.",
        example: "A log line was appended to a finished archive.",
        action: "Find out what writes to the file; every event before those bytes has been read.")
    case .archiveEmpty:
      Entry(
        severity: .info,
        meaning: "The archive holds nothing.",
        example: "An hour's file was opened and no event arrived.",
        action: "Nothing, if the hour was quiet; else look at the receiver.")
    case .archiveNotGzip:
      Entry(
        severity: .info,
        meaning:
          "The archive is named .gz and is not compressed; an error where no line of it is an event, so that it is no "
          + "archive at all.",
        example: "A file was written without compression; its lines are read as they are.",
        action: "Nothing, if its lines were read; else put the right file in its place.")
    case .conflict:
      Entry(
        severity: .error, isAgainstProvider: true,
        meaning: "One event_id was delivered with two different contents; the first delivery counts.",
        example: "evt_91 says 60 s at first and 120 s the second time.",
        action: "Ask the provider which of the two is right; origin names both records.")
    case .repeatedEvent:
      Entry(
        severity: .info,
        meaning:
          "Several events of one type, with different event_ids, arrived for one call or campaign; the latest one "
          + "counts.",
        example: "A call was processed twice, and the second call.processed corrects the first.",
        action: "Nothing, unless the figures are disputed: then compare the events.")
    case .badTimestamp:
      Entry(
        severity: .warning,
        meaning: "A time in an event is impossible, and counts as unknown.",
        example: "ended_at is 2026-02-30T10:00:00.",
        action: "Report it to the provider; the call's day is taken from another of its times.")
    case .awaitingCompleted:
      Entry(
        severity: .info,
        meaning:
          "Neither call.completed nor call.processed of the call has arrived yet, and the call is no older than "
          + "tolerance.awaiting.",
        example: "A call connected at 23:58 and the archives end at midnight.",
        action: "Wait: a later run will have the events, or say overdue-completed.")
    case .awaitingProcessed:
      Entry(
        severity: .info,
        meaning:
          "The call ended, no longer ago than tolerance.awaiting, and its call.processed has not arrived yet, so what "
          + "it costs is unknown.",
        example: "A call ended at 23:59 and is charged after midnight.",
        action: "Wait: a later run will have the event, or say overdue-processed.")
    case .overdueCompleted:
      Entry(
        severity: .warning, isAgainstProvider: true,
        meaning:
          "Neither call.completed nor call.processed of the call has arrived, though the call is older than "
          + "tolerance.awaiting.",
        example: "A call connected two days before the end of the day published, and nothing more was heard of it.",
        action: "Ask the provider how the call ended; its duration and credits are unknown.")
    case .overdueProcessed:
      Entry(
        severity: .warning, isAgainstProvider: true,
        meaning:
          "The call ended longer ago than tolerance.awaiting, and its call.processed has not arrived, so what it costs "
          + "is unknown.",
        example: "A call ended two days before the end of the day published, and nothing says what it was charged.",
        action: "Ask the provider what the call was charged, or for the event once more.")
    case .processedWithoutCompleted:
      Entry(
        severity: .info,
        meaning:
          "call.processed arrived without call.completed, so no second event confirms the call's duration and status.",
        example: "All five attempts to deliver a call.completed failed.",
        action: "Nothing for one call; if there are many, look at the receiver.")
    case .durationConflict:
      Entry(
        severity: .warning, isAgainstProvider: true,
        meaning: "call.processed and call.completed give different durations; call.processed counts.",
        example: "call.processed says 134 s and call.completed 129 s.",
        action: "Ask the provider which duration is billed, above all where the two differ by a pulse.")
    case .durationOffClock:
      Entry(
        severity: .warning, isAgainstProvider: true,
        meaning:
          "The duration of a call that was answered differs from ended_at − connected_at by more than "
          + "tolerance.duration and a second for rounding.",
        example: "A call is said to have lasted 300 s, and ended 60 s after it connected.",
        action: "Ask the provider where the duration comes from; it is what the call is billed by.")
    case .statusDiffers:
      Entry(
        severity: .warning, isAgainstProvider: true,
        meaning: "call.processed and call.completed give different statuses; call.processed counts.",
        example: "call.processed says completed (claimed) and call.completed says failed (counted).",
        action: "Ask the provider how the call ended: the status decides whether it is billed.")
    case .creditsDiffer:
      Entry(
        severity: .error, isAgainstProvider: true,
        meaning:
          "The credits charged for a billable call differ from what the billing rule gives; info where within "
          + "tolerance.credits.",
        example: "A call of 300 s is charged 6.25 credits where five pulses cost 5.",
        action: "Dispute the call, or mend billing in the pipeline file if calltally rate finds another rule.")
    case .creditsNotBillable:
      Entry(
        severity: .error, isAgainstProvider: true,
        meaning: "Credits were charged for a call whose status is not billable; info where within tolerance.credits.",
        example: "A call that nobody answered is charged 1 credit.",
        action: "Dispute the call, or add its status to billing.billable if the contract says so.")
    case .creditsUnfounded:
      Entry(
        severity: .error, isAgainstProvider: true,
        meaning: "Credits were charged for a call of which no event tells the status, or no event the duration.",
        example: "call.processed charges 5 credits for a completed call, and no event says how long it lasted.",
        action: "Ask the provider what the charge is for; the billing rule can say nothing of it.")
    case .creditsMissing:
      Entry(
        severity: .warning, isAgainstProvider: true,
        meaning: "call.processed of a billable call names no credits, so what the call was charged is unknown.",
        example: "call.processed says completed and 300 s, and its credits are null.",
        action: "Ask the provider what the call was charged.")
    case .recordingOverlap:
      Entry(
        severity: .warning, isAgainstProvider: true,
        meaning: "Two calls that overlap in time name the same recording.",
        example: "Two conversations of five minutes, begun at 10:00 and at 10:01, have one recording_url.",
        action: "Listen to the recording: one of the two calls may be billed without having taken place.")
    case .twoCampaigns:
      Entry(
        severity: .warning, isAgainstProvider: true,
        meaning:
          "Events of one call name different campaigns; the call counts for the one that call.processed names, else "
          + "call.completed.",
        example: "call.processed says camp_b (claimed) and call.completed says camp_a (counted).",
        action: "Ask the provider to which campaign the call is billed, and whether both claim it.")
    case .campaignMismatch:
      Entry(
        severity: .error,
        meaning:
          "Claims of campaign.ended differ from what the campaign's calls add up to, beyond tolerance; each such claim "
          + "has a finding of its own.",
        example: "A campaign claims more calls and more credits than there are.",
        action: "Look at its row in reconciliation, and at its rows in differences.")
    case .claimedTotalCalls:
      Entry(
        severity: .error, isAgainstProvider: true,
        meaning:
          "The number of calls that campaign.ended claims differs from what its calls add up to, beyond "
          + "tolerance.",
        example: "campaign.ended claims 52 calls, and 51 are known.",
        action: "Ask the provider for the list of calls, to find one that is missing or was counted twice.")
    case .claimedSuccessfulCalls:
      Entry(
        severity: .error, isAgainstProvider: true,
        meaning:
          "The number of successful calls that campaign.ended claims differs from what its calls add up to, "
          + "beyond tolerance.",
        example: "campaign.ended claims 43 successful calls, and 42 are known.",
        action: "Compare the statuses of its calls with the provider, and billing.successful with the contract.")
    case .claimedFailedCalls:
      Entry(
        severity: .error, isAgainstProvider: true,
        meaning:
          "The number of failed calls that campaign.ended claims differs from what its calls add up to, beyond "
          + "tolerance.",
        example: "campaign.ended claims 10 failed calls, and 9 are known.",
        action: "Compare the statuses of its calls with the provider.")
    case .claimedTotalDuration:
      Entry(
        severity: .error, isAgainstProvider: true,
        meaning:
          "The duration of all calls that campaign.ended claims differs from what its calls add up to, beyond "
          + "tolerance.",
        example: "campaign.ended claims 600 seconds, and its calls lasted 595 seconds together.",
        action: "Look in differences for the calls that account for it, and at findings duration-conflict.")
    case .claimedBillableDuration:
      Entry(
        severity: .error, isAgainstProvider: true,
        meaning:
          "The billable duration that campaign.ended claims differs from what its calls add up to, beyond "
          + "tolerance.",
        example: "campaign.ended claims 720 billable seconds, and its calls have eleven pulses of a minute.",
        action: "Dispute what the table differences leaves unexplained; if every campaign differs, check billing.pulse."
      )
    case .claimedTotalCredits:
      Entry(
        severity: .error, isAgainstProvider: true,
        meaning: "The credits that campaign.ended claims differ from what its calls were charged, beyond tolerance.",
        example: "campaign.ended claims 117 credits, and its calls were charged 116.",
        action: "Dispute what the table differences leaves unexplained; it names calls that account for the rest.")
    case .billableOffPulse:
      Entry(
        severity: .warning, isAgainstProvider: true,
        meaning: "The billable duration that campaign.ended claims is not a whole number of pulses.",
        example: "campaign.ended claims 90 billable seconds where a pulse is a minute.",
        action: "Ask the provider how it rounds; if every campaign is off, check billing.pulse with calltally rate.")
    case .campaignEndedEarly:
      Entry(
        severity: .warning, isAgainstProvider: true,
        meaning: "A call of the campaign began after the campaign had ended.",
        example: "The campaign ended at 11:21, and a call of it connected at 11:40.",
        action: "Ask the provider whether the call belongs to the campaign, and whether the claims include it.")
    case .campaignIncomplete:
      Entry(
        severity: .warning,
        meaning:
          "Claims of the campaign cannot be judged yet: calls of it await an event, or its campaign.ended leaves claims "
          + "out.",
        example: "One of 45 calls awaits its call.processed.",
        action: "Wait for the events; if they are overdue, ask the provider for them.")
    case .campaignUnannounced:
      Entry(
        severity: .warning,
        meaning: "Calls name a campaign of which no event has arrived.",
        example: "25 calls name camp_00ba49d9, and there is neither a campaign.started nor a campaign.ended of it.",
        action:
          "Look for lost archives, or a lookback shorter than the campaign; without campaign.ended there are no "
          + "claims to check its calls against.")
    case .billingRuleDiffers:
      Entry(
        severity: .warning,
        meaning:
          "Another billing rule than the configured one explains what more than half of the calls were charged, and at "
          + "least a tenth of all calls more than the configured one does.",
        example:
          "30 s and 0.5 credits a pulse explain what 980 of 1000 calls were charged, the configured 60 s and 1 credit "
          + "only 510.",
        action:
          "Read the contract, run calltally rate on the archives, and mend billing in the pipeline file or "
          + "dispute the bill.")
    case .cellCut:
      Entry(
        severity: .warning,
        meaning: "A cell is longer than a spreadsheet takes and was cut in that file.",
        example: "A document of 40,000 characters was cut in calls-finance.csv.",
        action: "Take the whole text from a machine CSV of the same table.")
    case .missingDay:
      Entry(
        severity: .warning,
        meaning:
          "A day of the window has no archive, or none that matches one of several patterns; one finding of severity "
          + "info stands for all days before the window's first archive.",
        example: "Nothing was received on 2026-04-05.",
        action: "Fetch the day's archives and run again; events of that day are missing from the books.")
    case .missingHour:
      Entry(
        severity: .warning,
        meaning:
          "No event happened in an hour of the day, though events happened before and after it (runs for days).",
        example: "No event between 14:00 and 15:00, and events before and after.",
        action: "See whether the receiver was down, and ask the provider to send the hour again.")
    case .lateBeyondRestate:
      Entry(
        severity: .warning,
        meaning:
          "Events of calls or campaigns of an earlier day arrived so late that the tables of that day are not published "
          + "again.",
        example: "A call.processed came ten days late where window.restate is 7d.",
        action: "Raise window.restate and run again if the figures of that day matter.")
    }
  }
}
