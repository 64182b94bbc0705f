/// A decoded `campaign.started` or `campaign.ended`. Campaigns are few, so their texts are strings.
package struct CampaignEvent: Sendable {
  package var kind: EventKind
  package var campaignID: String
  package var campaignUID: String?
  package var campaignName: String?
  package var workspaceID: String?
  package var userID: String?
  package var agentID: String?
  package var status: String?
  package var totalContacts: Int64?
  package var timestamp: Timestamp?
  package var createdAt: Timestamp?
  package var scheduledAt: Timestamp?
  package var startedAt: Timestamp?
  package var endedAt: Timestamp?
  package var claims = CampaignClaims()

  package init(kind: EventKind, campaignID: String) {
    self.kind = kind
    self.campaignID = campaignID
  }
}

/// What the provider claims in `campaign.ended`; nil where the event does not say.
package struct CampaignClaims: Equatable, Sendable {
  package var totalCalls: Int64?
  package var successfulCalls: Int64?
  package var failedCalls: Int64?
  /// Seconds.
  package var totalDuration: Int64?
  /// Seconds.
  package var billableDuration: Int64?
  package var totalCredits: Credits?

  package init() {}
}

extension CampaignEvent {
  /// The moment that the event is about: the campaign's start or its end, else when the event was sent.
  package var time: Timestamp? { (kind == .campaignEnded ? endedAt : startedAt) ?? timestamp }
}
