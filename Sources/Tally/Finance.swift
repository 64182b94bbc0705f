package import CallModel

/// One row of the finance table: what some calls add up to, and what the provider claims of them.
package struct FinanceRow: Sendable {
  package enum Group: String, CaseIterable, Sendable { case total, day, workspace, campaign, agent }

  package let group: Group
  /// The day, or the id of the workspace, campaign or agent; nil for the total, and for calls that have none.
  package let key: String?
  /// The campaign's or the agent's name.
  package let name: String?
  package var sums = CallSums()
  /// What `campaign.ended` claims, and what the campaign's calls, those of other days among them, add up to. Only of the
  /// total and of campaigns that claim credits.
  package private(set) var claimedCredits: Credits?
  package private(set) var countedCredits: Credits?
  /// What of the difference between the two nothing explains.
  package private(set) var unexplainedCredits: Credits?
  /// Of the total, the worst of its campaigns'.
  package private(set) var verdict: Verdict?

  /// Claimed less counted.
  package var claimedDifference: Credits? {
    claimedCredits.flatMap { claimed in countedCredits.map { claimed - $0 } }
  }

  fileprivate init(_ group: Group, _ key: String? = nil, name: String? = nil) {
    (self.group, self.key, self.name) = (group, key, name)
  }

  fileprivate mutating func add(_ campaign: CampaignReconciliation) {
    verdict = [verdict, campaign.verdict].compactMap(\.self).max { $0.weight < $1.weight }
    guard let credits = campaign.comparisons.last, let claimed = credits.claimed else { return }
    claimedCredits = (claimedCredits ?? .zero) + claimed
    countedCredits = (countedCredits ?? .zero) + credits.counted
    unexplainedCredits = (unexplainedCredits ?? .zero) + campaign.unexplainedCredits
  }
}

extension CampaignReconciliation {
  /// What of the difference in credits nothing explains; 0 where there is none.
  fileprivate var unexplainedCredits: Credits {
    (comparisons.last?.difference ?? .zero) - (explainedCredits ?? .zero)
  }
}

extension Verdict {
  /// How much the verdict says against a set of campaigns.
  fileprivate var weight: Int {
    switch self {
    case .matched: 0
    case .withinTolerance: 1
    case .open: 2
    case .unannounced: 3
    case .incomplete: 4
    case .mismatched: 5
    }
  }
}

extension FinanceRow {
  /// The table: the total, then the same calls by day, workspace, campaign and agent. What calls have none of comes last
  /// in its group, so each group adds up to the total.
  package static func all(_ totals: CallTotals, _ reconciliation: Reconciliation) -> [FinanceRow] {
    let sums = totals.rows
    return [total(totals, reconciliation)] + rows(.day, sums) { $0.day.map { "\($0)" } }
      + rows(.workspace, sums) { $0.workspaceID }
      + campaigns(sums, reconciliation) + rows(.agent, sums, names: totals.agentNames) { $0.agentID }
  }

  /// The table's first row.
  package static func total(_ totals: CallTotals, _ reconciliation: Reconciliation) -> FinanceRow {
    var total = FinanceRow(.total)
    total.sums = totals.all
    for campaign in reconciliation.campaigns { total.add(campaign) }
    return total
  }

  private static func rows(
    _ group: Group, _ totals: [TotalsRow], names: [String: String] = [:], by key: (TotalsRow) -> String?
  ) -> [FinanceRow] {
    var rows: [String?: FinanceRow] = [:]
    for total in totals {
      let key = key(total)
      rows[key, default: FinanceRow(group, key, name: key.flatMap { names[$0] })].sums.add(total.sums)
    }
    return rows.values.sorted(by: isBefore)
  }

  private static func campaigns(_ totals: [TotalsRow], _ reconciliation: Reconciliation) -> [FinanceRow] {
    let withCalls = rows(.campaign, totals) { $0.campaignID }
    var sums = Dictionary(uniqueKeysWithValues: withCalls.map { ($0.key, $0.sums) })
    let judged = reconciliation.campaigns.map { campaign in
      var row = FinanceRow(.campaign, campaign.campaignID, name: campaign.campaignName)
      row.sums = sums.removeValue(forKey: campaign.campaignID) ?? CallSums()
      row.add(campaign)
      return row
    }
    // Calls without a campaign.
    return (judged + withCalls.filter { sums[$0.key] != nil }).sorted(by: isBefore)
  }

  private static func isBefore(_ left: FinanceRow, _ right: FinanceRow) -> Bool {
    Tally.isBefore(left.key.map { Array($0.utf8) }, right.key.map { Array($0.utf8) }) {
      $0.lexicographicallyPrecedes($1)
    }
  }
}
