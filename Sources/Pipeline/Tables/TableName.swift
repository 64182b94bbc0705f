import CallModel

/// The tables of a run, by the names that pipeline files and output files use.
package enum TableName: String, CaseIterable, Sendable {
  case calls, transcripts, insights, context, campaigns, reconciliation, differences, findings, totals, finance
  case archives, hours, rejects, drift, disputes
  case restatements
  case openItems = "open_items"

  /// Whether only a run for a day or a range of days has the table.
  package var isOfDays: Bool { self == .restatements || self == .openItems }

  /// Written by every run, whatever the pipeline file lists: without them nobody can tell whether the books balance.
  package var isAlwaysWritten: Bool {
    switch self {
    case .archives, .findings, .rejects, .drift: true
    case .calls, .transcripts, .insights, .context, .campaigns, .reconciliation, .differences, .totals, .finance,
      .hours, .disputes, .restatements, .openItems:
      false
    }
  }

  /// The table's columns in their order in every output.
  package var columns: [TableColumn] {
    switch self {
    case .calls: Self.callColumns
    case .transcripts: Self.transcriptColumns
    case .insights: Self.detailColumns(of: "call_insights")
    case .context: Self.detailColumns(of: "context_data")
    case .campaigns: Self.campaignColumns
    case .reconciliation: Self.reconciliationColumns
    case .differences: Self.differenceColumns
    case .findings: Self.findingColumns
    case .totals: Self.totalColumns
    case .finance: Self.financeColumns
    case .archives: Self.archiveColumns
    case .hours: Self.hourColumns
    case .rejects: Self.rejectColumns
    case .drift: Self.driftColumns
    case .disputes: Self.disputeColumns
    case .restatements: Self.restatementColumns
    case .openItems: Self.openItemColumns
    }
  }
}

/// One column of a table: the one source for headers, schemas and documentation.
package struct TableColumn: Equatable, Sendable {
  package var name: String
  package var type: CellType
  /// One sentence on what the column holds.
  package var description: String

  fileprivate init(_ name: String, _ type: CellType, _ description: String) {
    self.name = name
    self.type = type
    self.description = description
  }
}

/// What the cells of a column hold.
package enum CellType: String, CaseIterable, Sendable {
  case text, integer, decimal, timestamp, date, json
}

extension TableName {
  private static let callColumns = [
    TableColumn("conversation_id", .text, "The provider's identifier of the call."),
    TableColumn("campaign_id", .text, "The campaign that the call belongs to, if any."),
    TableColumn("campaign_name", .text, "The campaign's name as its own events give it."),
    TableColumn("workspace_id", .text, "The workspace that the call is billed to."),
    TableColumn("agent_id", .text, "The agent that spoke."),
    TableColumn("agent_name", .text, "The agent's name at the time of the call."),
    TableColumn("call_type", .text, "The provider's kind of call."),
    TableColumn("from_number", .text, "The calling number."),
    TableColumn("to_number", .text, "The called number."),
    TableColumn("username", .text, "The person called, as the provider was told."),
    TableColumn("status", .text, "How the call ended."),
    TableColumn("day", .date, "The business day of the call."),
    TableColumn("connected_at", .timestamp, "When the call connected, on the provider's clock."),
    TableColumn("ended_at", .timestamp, "When the call ended, on the provider's clock."),
    TableColumn("duration_seconds", .integer, "The call's duration in seconds."),
    TableColumn(
      "billable_seconds", .integer, "The duration rounded up to whole pulses, 0 if the status is not billable."),
    TableColumn("credits", .decimal, "The credits that the provider says it charged."),
    TableColumn("expected_credits", .decimal, "The credits that the billing rule gives."),
    TableColumn("credits_difference", .decimal, "Credits charged less credits expected."),
    TableColumn("settlement", .text, "Whether the call is settled or what it still awaits."),
    TableColumn("recording_url", .text, "Where the recording lies."),
    TableColumn("error_code", .text, "The provider's code of a failure."),
    TableColumn("error_reason", .text, "The provider's sentence on a failure."),
    TableColumn("transcript_turns", .integer, "The number of turns in the transcript."),
    TableColumn("context_data", .json, "What the call was started with, as the provider sent it."),
    TableColumn("call_insights", .json, "What was learnt from the call, as the provider sent it."),
    TableColumn("events", .text, "The events that arrived, joined by a plus sign."),
    TableColumn("deliveries", .integer, "How often events of the call were delivered, duplicates included."),
    TableColumn("origin", .text, "Archive and line of the call's most authoritative event."),
  ]

  private static let transcriptColumns = [
    TableColumn("conversation_id", .text, "The call."),
    TableColumn("campaign_id", .text, "The call's campaign, if any."),
    TableColumn("turn", .integer, "The turn's place in the conversation, from 1."),
    TableColumn("role", .text, "Who spoke."),
    TableColumn("content", .text, "What was said."),
  ]

  private static func detailColumns(of document: String) -> [TableColumn] {
    [
      TableColumn("conversation_id", .text, "The call."),
      TableColumn("campaign_id", .text, "The call's campaign, if any."),
      TableColumn("name", .text, "The name of a member of `\(document)`."),
      TableColumn("value", .text, "The member's value: scalars as text, anything else as JSON."),
    ]
  }

  private static let campaignColumns = [
    TableColumn("campaign_id", .text, "The identifier that calls and campaigns share."),
    TableColumn("campaign_uid", .text, "The provider's other identifier of the campaign."),
    TableColumn("campaign_name", .text, "The campaign's name."),
    TableColumn("workspace_id", .text, "The workspace that the campaign is billed to."),
    TableColumn("user_id", .text, "The user who owns the campaign."),
    TableColumn("agent_id", .text, "The agent that spoke in its calls."),
    TableColumn("status", .text, "The campaign's last known status."),
    TableColumn("total_contacts", .integer, "The number of people to be called."),
    TableColumn("created_at", .timestamp, "When the campaign was created, on the provider's clock."),
    TableColumn("scheduled_at", .timestamp, "When it was to begin, on the provider's clock."),
    TableColumn("started_at", .timestamp, "When it began, on the provider's clock."),
    TableColumn("ended_at", .timestamp, "When it ended, on the provider's clock."),
    TableColumn("calls", .integer, "The number of calls that carry its identifier."),
  ]

  private static let reconciliationColumns =
    [
      TableColumn("campaign_id", .text, "The campaign."),
      TableColumn("campaign_name", .text, "The campaign's name."),
      TableColumn("workspace_id", .text, "The workspace that the campaign is billed to."),
      TableColumn("ended_at", .timestamp, "When it ended, on the provider's clock."),
      TableColumn("verdict", .text, "Whether the provider's claims hold."),
    ]
    + claimColumns("total_calls", .integer, "calls")
    + claimColumns("successful_calls", .integer, "successful calls")
    + claimColumns("failed_calls", .integer, "failed calls")
    + claimColumns("total_duration", .integer, "seconds of all calls")
    + claimColumns("billable_duration", .integer, "billable seconds")
    + claimColumns("total_credits", .decimal, "credits")
    + [
      TableColumn("calls_awaiting", .integer, "Calls of the campaign that still await an event."),
      TableColumn("explained_credits", .decimal, "How much of the difference in credits the records explain."),
      TableColumn("explanation", .text, "What explains the difference."),
    ]

  private static func claimColumns(_ claim: String, _ type: CellType, _ quantity: String) -> [TableColumn] {
    [
      TableColumn("claimed_\(claim)", type, "The \(quantity) that the provider claims."),
      TableColumn("counted_\(claim)", type, "The \(quantity) that the calls add up to."),
      TableColumn("difference_\(claim)", type, "The \(quantity) claimed less those counted."),
    ]
  }

  private static let differenceColumns = [
    TableColumn("campaign_id", .text, "The campaign."),
    TableColumn("campaign_name", .text, "The campaign's name."),
    TableColumn("measure", .text, "The claim that differs from what was counted, such as total_credits."),
    TableColumn("cause", .text, "What accounts for this part of the difference; unexplained for what is left."),
    TableColumn("calls", .integer, "The calls concerned; empty for what is unexplained."),
    TableColumn("difference", .decimal, "This part of claimed less counted; durations in seconds."),
    TableColumn("examples", .text, "Identifiers of such calls, at most three, separated by a space."),
  ]

  private static let findingColumns = [
    TableColumn("code", .text, "The finding's stable code."),
    TableColumn("severity", .text, "One of info, warning and error."),
    TableColumn("subject_type", .text, "What the finding is about: call, campaign, event, archive or table."),
    TableColumn("subject_id", .text, "Which one it is about."),
    TableColumn("campaign_id", .text, "The campaign concerned, if any."),
    TableColumn("measure", .text, "The quantity in question."),
    TableColumn("claimed", .text, "What the provider claims."),
    TableColumn("counted", .text, "What the records add up to."),
    TableColumn("difference", .text, "Claimed less counted."),
    TableColumn("message", .text, "The finding as a sentence."),
    TableColumn("origin", .text, "Archive and line of the record that shows it."),
  ]

  private static let totalColumns = [
    TableColumn("day", .date, "The business day."),
    TableColumn("workspace_id", .text, "The workspace."),
    TableColumn("campaign_id", .text, "The campaign, if any."),
    TableColumn("agent_id", .text, "The agent."),
    TableColumn("calls", .integer, "The number of calls."),
    TableColumn("successful_calls", .integer, "Calls in a successful status."),
    TableColumn("failed_calls", .integer, "Calls in any other final status."),
    TableColumn("duration_seconds", .integer, "The sum of their durations in seconds."),
    TableColumn("billable_seconds", .integer, "The sum of their billable seconds."),
    TableColumn("credits", .decimal, "The sum of the credits that the provider says it charged."),
    TableColumn("expected_credits", .decimal, "The sum of the credits that the billing rule gives."),
  ]

  private static let financeColumns = [
    TableColumn("group", .text, "What the row adds up: total, day, workspace, campaign or agent."),
    TableColumn("key", .text, "Which one: the day, or the identifier; empty for the total and for calls without one."),
    TableColumn("name", .text, "The campaign's or the agent's name."),
    TableColumn("calls", .integer, "The number of calls."),
    TableColumn("successful_calls", .integer, "Calls in a successful status."),
    TableColumn("failed_calls", .integer, "Calls in any other final status."),
    TableColumn("duration_seconds", .integer, "The sum of their durations in seconds."),
    TableColumn("billable_seconds", .integer, "The sum of their billable seconds."),
    TableColumn("billable_minutes", .decimal, "The same in minutes, rounded to hundredths."),
    TableColumn("charged_credits", .decimal, "The sum of the credits that the provider says it charged."),
    TableColumn("expected_credits", .decimal, "The sum of the credits that the billing rule gives."),
    TableColumn("credits_difference", .decimal, "Credits charged less credits expected."),
    TableColumn("claimed_credits", .decimal, "The credits that campaign.ended claims for the whole campaign."),
    TableColumn("counted_credits", .decimal, "The credits that all calls of the campaign add up to."),
    TableColumn("claimed_difference", .decimal, "Credits claimed less credits counted."),
    TableColumn("unexplained_credits", .decimal, "How much of that difference the records do not explain."),
    TableColumn("verdict", .text, "Whether the claims hold; of the total, the worst of its campaigns."),
  ]

  private static let archiveColumns =
    [
      TableColumn("archive", .text, "The archive's path."),
      TableColumn("bytes", .integer, "The archive's size in bytes as it lies on the disk."),
      TableColumn("members", .integer, "The number of gzip members in it."),
      TableColumn("condition", .text, "Whether the archive was found whole or damaged."),
      TableColumn("lines", .integer, "All lines, the sum of the six counts that follow."),
      TableColumn("accepted", .integer, "Lines that became events of the tables."),
      TableColumn("duplicates", .integer, "Lines that repeat an event byte for byte."),
      TableColumn("conflicts", .integer, "Lines that give a known event another content."),
      TableColumn("rejected", .integer, "Lines that could not become an event."),
      TableColumn("ignored", .integer, "Lines with an event of an unknown name."),
      TableColumn("blank", .integer, "Lines without content."),
    ] + kindColumns

  private static let hourColumns =
    [
      TableColumn("hour", .timestamp, "When the hour begins, on the provider's clock."),
      TableColumn("events", .integer, "Accepted events whose timestamp lies in the hour."),
    ] + kindColumns

  private static let kindColumns = EventKind.allCases.map { kind in
    TableColumn(kind.columnName, .integer, "Accepted \(kind.name) events.")
  }

  private static let rejectColumns = [
    TableColumn("archive", .text, "The archive's path."),
    TableColumn("line", .integer, "The line in the archive's inflated text, from 1."),
    TableColumn("code", .text, "Why the line was rejected."),
    TableColumn("message", .text, "The reason as a sentence."),
    TableColumn("raw", .text, "The first 200 characters of the line."),
  ]

  private static let driftColumns = [
    TableColumn("event", .text, "The event's name."),
    TableColumn("field", .text, "The member's name, empty for an unknown event."),
    TableColumn("kind", .text, "One of unknown_event, unknown_field and type_change."),
    TableColumn("type", .text, "The JSON type that was found."),
    TableColumn("count", .integer, "How often it was found."),
    TableColumn("first_origin", .text, "Archive and line of the first one."),
  ]

  private static let disputeColumns = [
    TableColumn("code", .text, "The finding's stable code."),
    TableColumn("severity", .text, "One of warning and error."),
    TableColumn("subject_type", .text, "What is disputed: a call or a campaign."),
    TableColumn("subject_id", .text, "Which one."),
    TableColumn("campaign_id", .text, "The campaign concerned, if any."),
    TableColumn("measure", .text, "The quantity in question."),
    TableColumn("claimed", .text, "What the provider claims."),
    TableColumn("counted", .text, "What the records add up to."),
    TableColumn("difference", .text, "Claimed less counted."),
    TableColumn("credits_at_stake", .decimal, "What is charged too much; no credit is in two rows."),
    TableColumn("message", .text, "The finding as a sentence."),
    TableColumn("events", .integer, "The records attached in disputes.jsonl.gz."),
    TableColumn("origin", .text, "Archive and line of the record that shows it."),
  ]

  private static let restatementColumns = [
    TableColumn("day", .date, "The day whose published tables changed."),
    TableColumn("table", .text, "The table."),
    TableColumn("key", .text, "The row: its identifier, or what else tells the table's rows apart, joined by bars."),
    TableColumn("column", .text, "The column."),
    TableColumn("old", .text, "What had been published; empty where the row is new."),
    TableColumn("new", .text, "What is published now; empty where the row is gone."),
  ]

  private static let openItemColumns = [
    TableColumn("kind", .text, "What is open: a call or a campaign."),
    TableColumn("id", .text, "Its identifier."),
    TableColumn("campaign_id", .text, "The campaign concerned, if any."),
    TableColumn("awaits", .text, "The event that it awaits; an ended campaign awaits those of its calls."),
    TableColumn("first_day", .date, "The business day under which it is found first."),
    TableColumn("age_days", .integer, "Days since then."),
    TableColumn("seconds", .integer, "The call's duration as far as it is known; a campaign has none of its own."),
    TableColumn("expected_credits", .decimal, "The credits that the billing rule gives the call, as far as known."),
  ]
}

extension EventKind {
  /// The name of its columns: `call_started`.
  var columnName: String { name.replacing(".", with: "_") }
}
