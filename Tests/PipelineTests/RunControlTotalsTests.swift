import Foundation
import Testing

@Suite("The books balance: published figures added up again from the published tables")
struct RunControlTotalsTests {
  private struct Published {
    let workspace: RunWorkspace
    let summary: [String: Any]

    func table(_ name: String) throws -> MachineTable { try workspace.table(name) }

    func count(_ name: String) -> Int { (summary[name] as? NSNumber)?.intValue ?? -1 }
  }

  private static let lineCounts = ["accepted", "duplicates", "conflicts", "rejected", "ignored", "blank"]
  private static let kinds = [
    "call_started", "call_completed", "call_processed", "call_recording", "campaign_started", "campaign_ended",
  ]

  private func publish(seed: UInt64) async throws -> Published {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks)
    try await workspace.writeSample(calls: 300, seed: seed)
    let outcome = try await workspace.calltally(["run", "pipeline.yaml", "--json"])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return Published(workspace: workspace, summary: try object(outcome.output))
  }

  @Test(arguments: [11, 12, 13] as [UInt64])
  func everyLineIsInExactlyOnePlace(seed: UInt64) async throws {
    let published = try await publish(seed: seed)
    let archives = try published.table("archives")
    for row in archives.rows {
      #expect(row.integer("lines") == Self.lineCounts.reduce(0) { $0 + row.integer($1) }, "\(row)")
      #expect(row.integer("accepted") == Self.kinds.reduce(0) { $0 + row.integer($1) }, "\(row)")
    }
    for name in ["lines"] + Self.lineCounts { #expect(archives.sum(name) == published.count(name)) }

    // What gzip(1) makes of the archives, torn ends among it.
    let texts = try archives.column("archive").map {
      try run("gzip", "-dcq", "\(published.workspace.path)/\($0 ?? "")").output
    }
    #expect(
      archives.sum("lines")
        == texts.reduce(0) { sum, text in
          sum + text.utf8.count { $0 == UInt8(ascii: "\n") } + (text.utf8.last == UInt8(ascii: "\n") ? 0 : 1)
        })

    let rejects = try published.table("rejects")
    #expect(rejects.rows.count == archives.sum("rejected"))
    let raw = try #require(try published.workspace.published()["rejects.jsonl"])
    #expect(raw.count { $0 == UInt8(ascii: "\n") } == rejects.rows.count)
    let unknown = try published.table("drift").rows.filter { $0.text("kind") == "unknown_event" }
    #expect(unknown.reduce(0) { $0 + $1.integer("count") } == archives.sum("ignored"))
    let conflicts = try published.table("findings").rows.filter { $0.text("code") == "conflict" }
    #expect(conflicts.count == archives.sum("conflicts"))
  }

  @Test(arguments: [11, 14] as [UInt64])
  func callsFollowTheRuleRowByRow(seed: UInt64) async throws {
    let published = try await publish(seed: seed)
    let calls = try published.table("calls")
    #expect(calls.rows.count == published.count("calls"))
    #expect(Set(calls.column("conversation_id")).count == calls.rows.count)
    for call in calls.rows {
      let status = call.text("status")
      let pulses: Int? =
        status == nil
        ? nil : status != "completed" ? 0 : call.text("duration_seconds").map { max((Int($0) ?? 0) + 59, 60) / 60 }
      #expect(call.text("billable_seconds") == pulses.map { "\($0 * 60)" }, "\(call)")
      #expect(call.text("expected_credits") == pulses.map { "\($0)" }, "\(call)")
      if let pulses, call.text("credits") != nil {
        #expect(call.decimal("credits_difference") == call.decimal("credits") - Decimal(pulses), "\(call)")
      } else {
        #expect(call.text("credits_difference") == nil, "\(call)")
      }
    }
    #expect(published.count("billable_seconds") == calls.sum("billable_seconds"))
    #expect(
      published.summary["credits"] as? String == "\(calls.rows.reduce(Decimal(0)) { $0 + $1.decimal("credits") })")
  }

  @Test(arguments: [12, 15] as [UInt64])
  func totalsAndReconciliationAreSumsOfTheCalls(seed: UInt64) async throws {
    let published = try await publish(seed: seed)
    let calls = try published.table("calls").rows
    let key = ["day", "workspace_id", "campaign_id", "agent_id"]
    let groups = Dictionary(grouping: calls) { call in key.map { call.text($0) } }
    let totals = try published.table("totals").rows
    #expect(totals.count == groups.count)
    for row in totals {
      let group = groups[key.map { row.text($0) }] ?? []
      #expect(row.integer("calls") == group.count)
      #expect(row.integer("successful_calls") == group.count { $0.text("status") == "completed" })
      #expect(row.integer("failed_calls") == group.count { !["completed", nil].contains($0.text("status")) })
      for name in ["duration_seconds", "billable_seconds"] {
        #expect(row.integer(name) == group.reduce(0) { $0 + $1.integer(name) })
      }
      for name in ["credits", "expected_credits"] {
        #expect(row.decimal(name) == group.reduce(Decimal(0)) { $0 + $1.decimal(name) })
      }
    }

    let reconciliation = try published.table("reconciliation").rows
    #expect(
      Set(reconciliation.map { $0.text("campaign_id") }).isSuperset(of: calls.compactMap { $0.text("campaign_id") }))
    #expect(reconciliation.contains { $0.text("verdict") == "mismatched" }, "a messy sample has wrong claims")
    for row in reconciliation {
      let group = calls.filter { $0.text("campaign_id") == row.text("campaign_id") }
      #expect(row.integer("counted_total_calls") == group.count)
      #expect(row.integer("counted_successful_calls") == group.count { $0.text("status") == "completed" })
      #expect(row.integer("counted_total_duration") == group.reduce(0) { $0 + $1.integer("duration_seconds") })
      #expect(row.integer("counted_billable_duration") == group.reduce(0) { $0 + $1.integer("billable_seconds") })
      #expect(row.decimal("counted_total_credits") == group.reduce(Decimal(0)) { $0 + $1.decimal("credits") })
      #expect(row.integer("calls_awaiting") == group.count { $0.text("settlement") != "settled" })
      for claim in [
        "total_calls", "successful_calls", "failed_calls", "total_duration", "billable_duration", "total_credits",
      ]
      where row.text("claimed_\(claim)") != nil {
        #expect(row.decimal("difference_\(claim)") == row.decimal("claimed_\(claim)") - row.decimal("counted_\(claim)"))
      }
      if row.text("verdict") == "matched" { #expect(row.decimal("difference_total_credits") == 0) }
    }
  }

  @Test(arguments: [13, 16] as [UInt64])
  func detailTablesAreThoseOfTheCalls(seed: UInt64) async throws {
    let published = try await publish(seed: seed)
    let calls = try published.table("calls").rows
    let turns = Dictionary(grouping: try published.table("transcripts").rows) { $0.text("conversation_id") }
    for call in calls {
      let rows = turns[call.text("conversation_id")] ?? []
      #expect(rows.count == call.integer("transcript_turns"), "\(call)")
      #expect(rows.map { $0.integer("turn") } == Array(1..<(rows.count + 1)))
    }
    for (table, document) in [("insights", "call_insights"), ("context", "context_data")] {
      let members = Dictionary(grouping: try published.table(table).rows) { $0.text("conversation_id") }
      for call in calls {
        let names = try call.text(document).map { Set(try object($0).keys) } ?? []
        let rows = members[call.text("conversation_id")] ?? []
        #expect(Set(rows.compactMap { $0.text("name") }) == names, "\(table) of \(call)")
        #expect(rows.count == names.count)
      }
    }
  }
}
