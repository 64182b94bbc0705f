import CallModel
import Foundation
import Pipeline
import Testing

/// A month of messy archives played night by night into one output root, as an unlucky machine would: some nights are
/// run twice, some are killed at a random moment and run again, some find what a dead run left.
@Suite("A month, night by night")
struct NightMonthTests {
  private static let days = 30
  private static let first = Day(number: 20_551)
  private static let dates = (0..<days).map { Day(number: first.number + Int32($0)).description }
  /// What restatements stand in, which are about what was published before, and what tells their size.
  private static let ofOneRun = ["restatements.csv", "manifest.json", "datapackage.json"]

  /// The archives of the month in all/, none of them in archives/ yet.
  private func month(seed: UInt64) async throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    let sample = SampleArchives(
      directory: workspace.path + "/all", calls: 40, seed: seed, mess: true, day: Self.first, threads: 2,
      compressionLevel: 1, days: Self.days)
    _ = try await sample.write()
    try FileManager.default.createDirectory(atPath: workspace.path + "/archives", withIntermediateDirectories: false)
    try workspace.writeNightly()
    return workspace
  }

  private func play(_ date: String, _ workspace: RunWorkspace, _ numbers: inout SeededNumbers) async throws {
    func run() async throws {
      let outcome = try await workspace.night(date)
      #expect(outcome.status == 0, "\(date): \(outcome.text)")
    }
    switch Int.random(in: 0..<5, using: &numbers) {
    case 0:
      try await run()
    case 1, 2:
      for _ in 0..<2 {
        let pause = Double.random(in: 0.002...0.06, using: &numbers)
        _ = try await workspace.shell(
          "\"$calltally\" run nightly.yaml --day \(date) 2>killed & sleep \(pause); kill -9 $!; wait $! 2>/dev/null; true"
        )
      }
    case 3:
      try workspace.write("torn", to: "output/.\(date).staging/calls.csv")
    default: break
    }
    try await run()
  }

  @Test(arguments: [2026] as [UInt64])
  func everyDayIsAsIfAllEventsHadBeenThere(seed: UInt64) async throws {
    var numbers = SeededNumbers(seed: seed)
    let workspace = try await month(seed: seed)
    var told: [String: MachineTable.Row] = [:]
    for date in Self.dates {
      try FileManager.default.moveItem(
        atPath: "\(workspace.path)/all/\(date)", toPath: "\(workspace.path)/archives/\(date)")
      let before = try readTree(workspace.path + "/output", orNone: true)
      try await play(date, workspace, &numbers)
      try expectRestatements(date, before, workspace)
      // What was published before and the restatements since together are what is published now.
      for row in try workspace.nightTable("restatements", date).rows where row.text("table") == "calls" {
        let (key, column) = (row.text("key") ?? "", row.text("column") ?? "")
        #expect(told[key]?.text(column) == row.text("old"), "\(date): \(key) \(column)")
        told[key, default: [:]][column] = .some(row.text("new"))
      }
      for row in try workspace.nightTable("calls", date).rows { told[row.text("conversation_id") ?? ""] = row }
    }
    try expectChangesToldOnce(told, workspace)
    try await expectDaysOfAllArchives(workspace)
    try await expectTheCallsOfAPlainRun(workspace)
    try expectLedgersToFollowOneAnother(workspace)
    #expect(try workspace.names(in: "output") == [".calltally-cache", ".calltally.lock"] + Self.dates)
  }

  /// By table, the columns that tell its rows apart.
  private static let keys = [
    "calls": ["conversation_id"], "campaigns": ["campaign_id"], "reconciliation": ["campaign_id"],
    "differences": ["campaign_id", "measure", "cause"], "totals": ["workspace_id", "campaign_id", "agent_id"],
    "finance": ["group", "key"], "hours": ["hour"],
  ]

  /// The list of a night is what differs in the days before: every cell, and nothing else.
  private func expectRestatements(_ date: String, _ before: [String: Data], _ workspace: RunWorkspace) throws {
    var changes: Set<[String?]> = []
    for (path, old) in before {
      let parts = path.split(separator: "/").map(String.init)
      let table = parts.last.map { $0.replacing(".csv", with: "") } ?? ""
      guard parts.count == 2, parts[0] < date, let keys = Self.keys[table] else { continue }
      let new = try workspace.read("output/\(path)")
      guard new != old else { continue }
      let (then, now) = (try rows(old, by: keys), try rows(new, by: keys))
      for key in Set(then.keys).union(now.keys) {
        for column in Set(then[key, default: [:]].keys).union(now[key, default: [:]].keys) {
          let (old, new) = (then[key]?.text(column), now[key]?.text(column))
          if old != new { changes.insert([parts[0], table, key, column, old, new]) }
        }
      }
    }
    let told = try workspace.nightTable("restatements", date).rows.map { row in
      ["day", "table", "key", "column", "old", "new"].map { row.text($0) }
    }
    #expect(Set(told) == changes && told.count == changes.count, "\(date)")
  }

  private func rows(_ csv: Data, by keys: [String]) throws -> [String: MachineTable.Row] {
    try Dictionary(
      uniqueKeysWithValues: MachineTable(csv).rows.map { row in
        (keys.map { row.text($0) ?? "" }.joined(separator: "|"), row)
      })
  }

  private func expectChangesToldOnce(_ told: [String: MachineTable.Row], _ workspace: RunWorkspace) throws {
    var restated = 0
    for date in Self.dates {
      restated += try workspace.nightTable("restatements", date).rows.count
      for row in try workspace.nightTable("calls", date).rows {
        let id = row.text("conversation_id") ?? ""
        for column in ["credits", "settlement", "events", "deliveries", "day"] {
          #expect(told[id]?.text(column) == row.text(column), "\(date): \(id) \(column)")
        }
      }
    }
    #expect(restated > 20, "late events changed something")
  }

  /// Each day against a range of that day alone, read with everything that came in the month.
  private func expectDaysOfAllArchives(
    _ workspace: RunWorkspace, _ dates: some Sequence<String> = dates
  ) async throws {
    try workspace.write(
      String(decoding: workspace.read("nightly.yaml"), as: UTF8.self).replacing("restate: 7d", with: "restate: 35d"),
      to: "close.yaml")
    for date in dates {
      let outcome = try await workspace.calltally(
        ["run", "close.yaml", "--from", date, "--to", date, "--output", "closed/${day}"])
      #expect(outcome.status == 0, "\(outcome.text)")
      let published = try workspace.published("output/\(date)")
      let expected = try workspace.published("closed/\(date)_\(date)")
      for (name, bytes) in expected where !Self.ofOneRun.contains(name) {
        #expect(published[name] == bytes, "\(date)/\(name)")
      }
      #expect(expected.count + 1 == published.count)
    }
  }

  private func expectTheCallsOfAPlainRun(_ workspace: RunWorkspace) async throws {
    try workspace.write(
      "version: 1\nname: plain\ninput: {archives: archives/*/*}\noutput: {directory: plain}\n" + lenientChecks,
      to: "plain.yaml")
    #expect(try await workspace.calltally(["run", "plain.yaml"]).status == 0)
    for name in ["calls", "transcripts", "insights", "context", "totals", "archives", "rejects"] {
      let daily = try Self.dates.flatMap { try workspace.nightTable(name, $0).rows }
      let plain = try workspace.table(name, in: "plain").rows
      #expect(daily.count == plain.count && Set(daily) == Set(plain), "\(name)")
    }
    let ended = try Self.dates.flatMap { try workspace.nightTable("reconciliation", $0).rows }
      .filter { $0.text("verdict") != "open" && $0.text("verdict") != "unannounced" }
    let plain = try workspace.table("reconciliation", in: "plain").rows
      .filter { $0.text("verdict") != "open" && $0.text("verdict") != "unannounced" }
    #expect(ended.count == plain.count && Set(ended) == Set(plain))
  }

  private func expectLedgersToFollowOneAnother(_ workspace: RunWorkspace) throws {
    var before = "0 0 0"
    for date in Self.dates {
      let lines = try workspace.openItemLines(date)
      #expect(lines["opening"] == before, "\(date)")
      before = lines["ending"] ?? ""
      let open = try workspace.nightTable("open_items", date)
      #expect(lines["ending"]?.hasPrefix("\(open.rows.count) \(open.sum("seconds")) ") == true, "\(date)")
    }
  }

  @Test func aNightOnAnEmptyFolderIsTheSame() async throws {
    let workspace = try await month(seed: 11)
    for (index, date) in Self.dates.prefix(12).enumerated() {
      try FileManager.default.moveItem(
        atPath: "\(workspace.path)/all/\(date)", toPath: "\(workspace.path)/archives/\(date)")
      #expect(try await workspace.night(date).status == 0)
      guard index % 4 == 3 else { continue }
      #expect(try await workspace.night(date, ["--output", "fresh\(index)/${day}"]).status == 0)
      let (published, fresh) = (
        try workspace.published("output/\(date)"), try workspace.published("fresh\(index)/\(date)")
      )
      #expect(published.keys.sorted() == fresh.keys.sorted())
      for (name, bytes) in fresh where !Self.ofOneRun.contains(name) {
        #expect(published[name] == bytes, "\(date)/\(name)")
      }
    }
  }

  @Test func archivesThatComeAfterTheirNightAreToldByTheNightsRunAgain() async throws {
    let workspace = try await month(seed: 12)
    let bring = { (date: String) in
      try FileManager.default.moveItem(
        atPath: "\(workspace.path)/all/\(date)", toPath: "\(workspace.path)/archives/\(date)")
    }
    let dates = Self.dates.prefix(12)
    for date in dates where date != dates[2] {
      try bring(date)
      #expect(try await workspace.night(date).status == 0)
    }
    try bring(dates[2])
    // More nights than one of them tells anew.
    for date in dates.dropFirst(2) { #expect(try await workspace.night(date).status == 0) }
    try await expectDaysOfAllArchives(workspace, dates)
  }
}
