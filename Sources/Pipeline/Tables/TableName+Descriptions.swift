extension TableName {
  /// What the table holds, in one sentence.
  package var summary: String {
    switch self {
    case .calls: "One row a call, joined from its events by conversation_id."
    case .transcripts: "One row a turn of a call's transcript, in archive order."
    case .insights: "One row a member of a call's call_insights, in archive order."
    case .context: "One row a member of a call's context_data, in archive order."
    case .campaigns: "One row a campaign of which an event was seen."
    case .reconciliation: "One row a campaign: what the provider claims beside what the calls add up to."
    case .differences: "What each difference of reconciliation is made of, cause by cause."
    case .findings: "What a person should know about the books, with the record that shows it."
    case .totals: "Sums of calls by business day, workspace, campaign and agent."
    case .finance: "The calls' sums, charged, expected and claimed: in all and by day, workspace, campaign and agent."
    case .archives: "Control totals: where every line of every archive went."
    case .hours: "The hours of the published days, or else of the last day with events, and what happened in them."
    case .rejects: "Lines that could not become an event, and why."
    case .drift: "How the events differ from what the provider documents."
    case .disputes: "Findings against the provider: what it claims, what was counted, and the credits at stake."
    case .restatements: "Figures of days published before that late events changed."
    case .openItems: "What still awaits an event at the end of the day."
    }
  }

  /// The columns that tell rows apart; empty where none do.
  var primaryKey: [String] {
    switch self {
    case .calls: ["conversation_id"]
    case .transcripts: ["conversation_id", "turn"]
    case .campaigns, .reconciliation: ["campaign_id"]
    case .differences: ["campaign_id", "measure", "cause"]
    case .archives: ["archive"]
    case .hours: ["hour"]
    case .rejects: ["archive", "line"]
    case .drift: ["event", "field", "kind", "type"]
    case .restatements: ["day", "table", "key", "column"]
    case .openItems: ["kind", "id"]
    case .insights, .context, .findings, .totals, .finance, .disputes: []
    }
  }
}
