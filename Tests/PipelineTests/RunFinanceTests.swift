import Foundation
import Testing

@Suite("The table finance")
struct RunFinanceTests {
  private typealias Events = NightEvents

  private static let sums = [
    "calls", "successful_calls", "failed_calls", "duration_seconds", "billable_seconds", "charged_credits",
    "expected_credits", "credits_difference",
  ]

  @Test(arguments: [1, 2] as [UInt64])
  func everyGroupAddsUpToTheTotal(seed: UInt64) async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks)
    try await workspace.writeSample(calls: 400, seed: seed)
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
    let (finance, totals) = (try workspace.table("finance"), try workspace.table("totals"))
    let total = try #require(finance.row("group", "total"))
    #expect(total.integer("calls") == totals.sum("calls") && total.integer("calls") == 400)
    for group in ["day", "workspace", "campaign", "agent"] {
      let rows = finance.rows.filter { $0.text("group") == group }
      #expect(rows.count > 1 || group == "day")
      for column in Self.sums {
        let sum = rows.reduce(Decimal(0)) { $0 + $1.decimal(column) }
        #expect(sum == total.decimal(column), "\(group) \(column)")
      }
    }
    for column in ["claimed_credits", "counted_credits", "claimed_difference", "unexplained_credits"] {
      let campaigns = finance.rows.filter { $0.text("group") == "campaign" }
      #expect(campaigns.reduce(Decimal(0)) { $0 + $1.decimal(column) } == total.decimal(column), "\(column)")
    }
  }

  @Test func aCampaignsRowHasItsClaimsAndAnAgentsItsName() async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks)
    let agent = ",\"agent_id\":\"g1\",\"agent_name\":\"Night Desk\",\"campaign_id\":\"k\""
    try workspace.write(
      [
        Events.campaignStarted("k", "2026-04-08T09:00:00"),
        Events.completed("a", "2026-04-08T10:00:00", seconds: 61).replacing("}\n", with: agent + "}\n"),
        Events.processed("a", "2026-04-08T10:01:00", credits: 3), Events.completed("b", "2026-04-09T10:00:00"),
        Events.campaignEnded("k", "2026-04-08T11:00:00", calls: 1, credits: 7),
      ].joined(), to: "archives/a.jsonl")
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
    let table = try workspace.table("finance")
    func shown(_ row: MachineTable.Row) -> String {
      let names =
        ["group", "key", "name"] + Self.sums.prefix(1) + ["billable_minutes"] + Self.sums.suffix(3)
        + ["claimed_credits", "counted_credits", "claimed_difference", "verdict"]
      return names.map { row.text($0) ?? "-" }.joined(separator: " ")
    }
    // a is charged 3 for two pulses; b, of no agent or campaign, is not charged yet.
    #expect(
      table.rows.map(shown) == [
        "total - - 2 3 3 3 0 7 3 4 mismatched",
        "day 2026-04-08 - 1 2 3 2 1 - - - -",
        "day 2026-04-09 - 1 1 0 1 -1 - - - -",
        "workspace - - 2 3 3 3 0 - - - -",
        "campaign k name of k 1 2 3 2 1 7 3 4 mismatched",
        "campaign - - 1 1 0 1 -1 - - - -",
        "agent g1 Night Desk 1 2 3 2 1 - - - -",
        "agent - - 1 1 0 1 -1 - - - -",
      ])
  }

  @Test func masksHoldInKeysAndNames() async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(
      lenientChecks + "privacy: {campaign_id: last4, agent_name: drop, agent_id: last4, workspace_id: drop}\n")
    let rest =
      ",\"agent_id\":\"agent-1\",\"agent_name\":\"Desk\",\"campaign_id\":\"campaign-1\",\"workspace_id\":\"ws-1\"}\n"
    try workspace.write(
      Events.completed("a", "2026-04-08T10:00:00").replacing("}\n", with: rest), to: "archives/a.jsonl")
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
    let rows = try workspace.table("finance").rows.map { row in
      ["group", "key", "name"].map { row.text($0) ?? "-" }.joined(separator: " ")
    }
    #expect(rows == ["total - -", "day 2026-04-08 -", "workspace - -", "campaign …gn-1 -", "agent …nt-1 -"])
  }
}
