import Foundation
import Testing

@Suite("The report: one page from the published tables")
struct RunReportTests {
  private typealias Events = NightEvents
  private static let report = "output: {directory: output, report: report.html, checksums: true}\n"

  private func publish(_ lines: [String], _ rest: String = "") async throws -> (RunWorkspace, String) {
    let workspace = try RunWorkspace()
    try workspace.write(
      "version: 1\nname: test\ninput: {archives: archives/*}\n\(Self.report)\(lenientChecks)\(rest)",
      to: "pipeline.yaml")
    try workspace.write(lines.joined(), to: "archives/a.jsonl")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 0, "\(outcome.text)")
    return (workspace, String(decoding: try workspace.read("output/report.html"), as: UTF8.self))
  }

  /// The numbers of a page by their names, in order.
  private func figures(_ name: String, _ page: String) -> [String] {
    page.matches(of: /<data value="([^"]*)" data-figure="([^"]*)"/).filter { $0.2 == name }.map { String($0.1) }
  }

  private func outputs(_ workspace: RunWorkspace, _ directory: String = "output") throws -> [String: [String: Any]] {
    let manifest =
      try JSONSerialization.jsonObject(with: workspace.read("\(directory)/manifest.json")) as? [String: Any]
    let outputs = manifest?["outputs"] as? [[String: Any]] ?? []
    return Dictionary(uniqueKeysWithValues: outputs.map { ($0["path"] as? String ?? "", $0) })
  }

  // Two campaigns of calls of one minute: k claims 5 credits, its 3 calls charge 4; m claims what its call charges.
  private static let night = [
    Events.campaignStarted("k", "2026-04-08T09:00:00"), Events.campaignStarted("m", "2026-04-08T09:00:00"),
    Events.completed("a", "2026-04-08T10:00:00", campaign: "k"), Events.processed("a", "2026-04-08T10:01:00"),
    Events.completed("b", "2026-04-08T10:00:00", campaign: "k"),
    Events.processed("b", "2026-04-08T10:01:00", credits: 2),
    Events.completed("c", "2026-04-08T12:00:00", campaign: "k"), Events.processed("c", "2026-04-08T12:01:00"),
    Events.completed("d", "2026-04-08T12:00:00", campaign: "m"), Events.processed("d", "2026-04-08T12:01:00"),
    Events.campaignEnded("k", "2026-04-08T13:00:00", calls: 3, credits: 5),
    Events.campaignEnded("m", "2026-04-08T13:00:00", calls: 1, credits: 1),
  ]

  @Test func theVerdictHasItsFiguresFromTheTables() async throws {
    let (_, page) = try await publish(Self.night)
    #expect(figures("calls", page).first == "4")
    #expect(figures("billable_minutes", page) == ["4"])
    #expect(figures("credits", page).first == "5")
    #expect(figures("expected_credits", page).first == "4")
    #expect(figures("difference_size", page) == ["1"])
    #expect(figures("mismatched", page) == ["1"])
    #expect(page.contains("11:00 to 12:00"), "the hour without an event is named")
    #expect(page.contains("Only runs for days keep a ledger"))
  }

  @Test func theReportIsOneOfTheSetsFiles() async throws {
    let (workspace, page) = try await publish(Self.night)
    let entry = try outputs(workspace)["report.html"]
    #expect(entry?["bytes"] as? Int == page.utf8.count)
    #expect((entry?["sha256"] as? String)?.count == 64)
    // So the next run takes the directory for its own.
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
  }

  @Test func aReportMadeAgainHasTheBytesOfTheRuns() async throws {
    let (workspace, _) = try await publish(Self.night)
    let before = try readTree(workspace.path + "/output")
    try workspace.write("changed", to: "output/report.html")
    let outcome = try await workspace.calltally(["report", "output"])
    #expect(outcome.status == 0 && outcome.errors.isEmpty && outcome.output.isEmpty, "\(outcome.text)")
    #expect(try readTree(workspace.path + "/output") == before)
    #expect(try workspace.names() == [".calltally.lock", "archives", "output", "pipeline.yaml"])
    let modes = try await workspace.shell("stat -c %a output output/report.html output/manifest.json output/calls.csv")
    #expect(modes.output == "700\n600\n600\n600\n")
  }

  @Test func aSetWithoutAReportGetsOne() async throws {
    let (workspace, page) = try await publish(Self.night)
    let files = try readTree(workspace.path + "/output")
    try workspace.write(
      String(decoding: workspace.read("pipeline.yaml"), as: UTF8.self).replacing(", report: report.html", with: ""),
      to: "pipeline.yaml")
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
    #expect(try !workspace.names(in: "output").contains("report.html"))
    #expect(try await workspace.calltally(["report", "output/"]).status == 0)
    let made = String(decoding: try workspace.read("output/report.html"), as: UTF8.self)
    // But for the digest of the pipeline file, which is another one now.
    #expect(made.replacing(/SHA-256 .*/, with: "") == page.replacing(/SHA-256 .*/, with: ""))
    #expect(try readTree(workspace.path + "/output").keys.sorted() == files.keys.sorted())
    #expect(try outputs(workspace)["report.html"]?["bytes"] as? Int == made.utf8.count)
  }

  @Test func whatIsNoPublishedDirectoryIsSaid() async throws {
    let (workspace, _) = try await publish(Self.night)
    try workspace.write("x", to: "plain/notes.txt")
    func failure(_ directory: String) async throws -> String {
      let outcome = try await workspace.calltally(["report", directory])
      #expect(outcome.status == 66, "\(outcome.text)")
      return outcome.errors
    }
    #expect(try await failure("nothing").contains("nothing is no directory that a run has published"))
    #expect(try await failure("plain").contains("plain is no directory that a run has published"))
    #expect(try workspace.names(in: "plain") == ["notes.txt"])
    let manifest = String(decoding: try workspace.read("output/manifest.json"), as: UTF8.self)
    try workspace.write(manifest.replacing("\"version\" : 1", with: "\"version\" : 9"), to: "output/manifest.json")
    #expect(try await failure("output").contains("of version 9, and this program knows version 1"))
    try workspace.write(manifest, to: "output/manifest.json")
    try FileManager.default.removeItem(atPath: workspace.path + "/output/hours.csv")
    #expect(try await failure("output").contains("output has no table hours that a report can be made from"))
  }

  @Test func theTablesMayHaveAnyName() async throws {
    let workspace = try RunWorkspace()
    let tables = ["reconciliation", "differences", "totals", "hours"].map {
      "{csv: {table: \($0), columns: [\($0 == "hours" ? "events" : $0 == "totals" ? "calls" : "campaign_id")]}}, "
        + "{csv: {table: \($0), file: whole-\($0).csv}}"
    }
    try workspace.write(
      """
      version: 1
      name: test
      input: {archives: archives/*}
      output: {directory: output, report: page.html, tables: [\(tables.joined(separator: ", "))]}
      \(lenientChecks)
      """, to: "pipeline.yaml")
    try workspace.write(Self.night.joined(), to: "archives/a.jsonl")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 0, "\(outcome.text)")
    #expect(figures("calls", String(decoding: try workspace.read("output/page.html"), as: UTF8.self)).first == "4")
  }

  @Test func nothingFromOutsideIsMarkup() async throws {
    let name = "<script>alert(1)</script>\\\" onload='x' &amp; \\u202eevil \\n" + String(repeating: "W", count: 5_000)
    let (_, page) = try await publish(
      Self.night.map {
        $0.replacing("\"campaign_id\":\"k\"", with: "\"campaign_id\":\"k\",\"campaign_name\":\"\(name)\"")
      })
    #expect(!page.contains("<script"))
    #expect(!page.contains("onload='x'"))
    #expect(!page.unicodeScalars.contains("\u{202e}"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&#39;x&#39; &amp;amp; \\u{202e}evil \\n"))
    #expect(!page.contains(String(repeating: "W", count: 200)), "it is cut")
  }

  @Test func masksHoldInTheReport() async throws {
    let secrets = ["campaign-k", "conversation-a", "Secret Name"]
    let lines = Self.night.map {
      $0.replacing("\"campaign_id\":\"k\"", with: "\"campaign_id\":\"campaign-k\",\"campaign_name\":\"Secret Name\"")
        .replacing("\"conversation_id\":\"b\"", with: "\"conversation_id\":\"conversation-a\"")
    }
    let (_, open) = try await publish(lines)
    for secret in secrets { #expect(open.contains(secret), "\(secret) is there to be masked") }
    let (_, masked) = try await publish(
      lines, "privacy: {campaign_id: last4, campaign_name: drop, conversation_id: drop, events: drop}\n")
    for secret in secrets { #expect(!masked.contains(secret), "\(secret)") }
    #expect(masked.contains("gn-k"))
    #expect(figures("events", masked) == figures("events", open))
  }

  @Test func emptyPartsSaySo() async throws {
    let (_, page) = try await publish([Events.processed("a", "2026-04-08T10:01:00")])
    for sentence in [
      "There is no campaign in these tables.", "there is no total of the provider’s",
      "there are no days before to show",
      "Only runs for days keep a ledger", "No campaign’s end claims credits here",
    ] {
      #expect(page.contains(sentence), "\(sentence)")
    }
  }

  @Test func longListsEndWithTheRest() async throws {
    // 700 calls that await their event, one that is charged too much, and 30 campaigns that claim 1 to 30 credits too much.
    var lines = (0..<700).map { Events.completed("c\($0)", "2026-04-08T10:00:00") }
    lines += [
      Events.completed("dear", "2026-04-08T10:00:00"), Events.processed("dear", "2026-04-08T10:01:00", credits: 9),
    ]
    for number in 1...30 {
      lines += [
        Events.campaignStarted("k\(number)", "2026-04-08T09:00:00"),
        Events.campaignEnded("k\(number)", "2026-04-08T11:00:00", calls: 0, credits: number),
      ]
    }
    let (_, page) = try await publish(lines)
    #expect(page.utf8.count < 1_000_000)
    let drawn = page.matches(of: /data-row="campaign" data-key="([^"]*)"/).map { String($0.1) }
    #expect(drawn == (6...30).reversed().map { "k\($0)" })
    let rest = try #require(page.firstMatch(of: /data-row="other_differing".*/)).output
    #expect(figures("campaigns", String(rest)) == ["5"] && figures("difference", String(rest)) == ["15"])
    #expect(page.matches(of: /data-row="exception"/).count == 500)
    #expect(page.contains("The worst 500 of "))
    // Errors with the most credits come first, what merely awaits an event last.
    let difference = try #require(
      page.firstMatch(of: /data-row="exception".*?data-figure="difference"/.dotMatchesNewlines()))
    #expect(difference.output.hasSuffix("value=\"30\" data-figure=\"difference\""))
  }

  // MARK: Days

  private func nights(_ days: [String]) async throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    try workspace.writeNightly()
    let file = String(decoding: try workspace.read("nightly.yaml"), as: UTF8.self)
    try workspace.write(
      file.replacing("directory: \"output/${day}\"", with: "directory: \"output/${day}\", report: report.html"),
      to: "nightly.yaml")
    for (number, day) in ["2026-04-07", "2026-04-08", "2026-04-09"].enumerated() {
      try workspace.writeArchive(
        day,
        [
          Events.completed("c\(number)", "\(day)T10:00:00", campaign: "k\(number)"),
          Events.processed("c\(number)", "\(day)T10:01:00"),
          Events.campaignStarted("k\(number)", "\(day)T09:00:00"),
          Events.campaignEnded("k\(number)", "\(day)T11:00:00", calls: 1, credits: number),
        ])
    }
    for day in days { #expect(try await workspace.night(day).status == 0) }
    return workspace
  }

  private func page(_ workspace: RunWorkspace, _ day: String) throws -> String {
    String(decoding: try workspace.read("output/\(day)/report.html"), as: UTF8.self)
  }

  private func days(_ page: String) -> [String] {
    page.matches(of: /data-row="day" data-key="([^"]*)"/).map { String($0.1) }
  }

  @Test func theLastDaysAreThosePublishedBefore() async throws {
    let workspace = try await nights(["2026-04-07", "2026-04-08", "2026-04-09"])
    #expect(try page(workspace, "2026-04-07").contains("No earlier day of the 30 before 2026-04-07 is published"))
    let last = try page(workspace, "2026-04-09")
    #expect(days(last) == ["2026-04-09", "2026-04-08", "2026-04-07"])
    // Claimed 0, 1 and 2 credits for one each.
    let differences = last.matches(of: /data-figure="day\.([0-9-]*)" data-value="([^"]*)"/).map { "\($0.1) \($0.2)" }
    #expect(differences == ["2026-04-07 -1", "2026-04-08 0", "2026-04-09 1"])
    #expect(last.contains("there is no open item"))
  }

  @Test func aDayThatIsNotPublishedIsSeen() async throws {
    let workspace = try await nights(["2026-04-07", "2026-04-09"])
    let last = try page(workspace, "2026-04-09")
    #expect(days(last) == ["2026-04-09", "2026-04-07"])
    #expect(last.contains(/✕ <data value="1" data-figure="missing">1<\/data> between them is not: 2026-04-08\./))
    #expect(last.contains("<rect class=\"gap\""))
    // Nothing is said of the days before the first one.
    #expect(!last.contains("2026-04-06"))
  }

  @Test(
    "other days are found, and the lock of all days is taken, wherever the day stands in the output's path",
    arguments: ["output/${day}/tables", "output/night-${day}", "output/x/${day}/y/${day}"])
  func layouts(pattern: String) async throws {
    let workspace = try await nights([])
    let file = String(decoding: try workspace.read("nightly.yaml"), as: UTF8.self)
    try workspace.write(file.replacing("output/${day}", with: pattern), to: "nightly.yaml")
    let place = { (day: String) in pattern.replacing("${day}", with: day) }
    for day in ["2026-04-07", "2026-04-08"] { #expect(try await workspace.night(day).status == 0) }
    let page = String(decoding: try workspace.read("\(place("2026-04-08"))/report.html"), as: UTF8.self)
    #expect(days(page) == ["2026-04-08", "2026-04-07"])
    // Made again it is the same, under the run's lock and no other.
    let before = try readTree(workspace.path + "/output")
    try workspace.write("changed", to: "\(place("2026-04-08"))/report.html")
    let root = pattern.hasPrefix("output/x") ? "output/x" : "output"
    let locked = try await workspace.shell("flock \(root)/.calltally.lock \"$calltally\" report \(place("2026-04-08"))")
    #expect(locked.status == 75, "\(locked.text)")
    #expect(try await workspace.calltally(["report", place("2026-04-08")]).status == 0)
    #expect(try readTree(workspace.path + "/output") == before)
  }

  @Test func aReportMadeAgainKnowsTheDaysThatCameSince() async throws {
    let workspace = try await nights(["2026-04-08", "2026-04-07"])
    #expect(try days(page(workspace, "2026-04-08")) == [])
    let before = try readTree(workspace.path + "/output/2026-04-08")
    #expect(try await workspace.calltally(["report", "output/2026-04-08"]).status == 0)
    let made = try page(workspace, "2026-04-08")
    #expect(days(made) == ["2026-04-08", "2026-04-07"])
    #expect(try outputs(workspace, "output/2026-04-08")["report.html"]?["bytes"] as? Int == made.utf8.count)
    let after = try readTree(workspace.path + "/output/2026-04-08")
    #expect(after.filter { before[$0.key] != $0.value }.keys.sorted() == ["manifest.json", "report.html"])
    // The set is whole, and the day's tables are what they were: the next night has no reason to publish it again.
    #expect(try await workspace.night("2026-04-09").status == 0)
    #expect(try readTree(workspace.path + "/output/2026-04-08") == after)
    // And what that run wrote is what the command makes.
    let last = try readTree(workspace.path + "/output/2026-04-09")
    try workspace.write("changed", to: "output/2026-04-09/report.html")
    #expect(try await workspace.calltally(["report", "output/2026-04-09"]).status == 0)
    #expect(try readTree(workspace.path + "/output/2026-04-09") == last)
  }

  @Test func daysThatTheSameRunPublishesAgainAreShownAsTheyWillBe() async throws {
    let workspace = try await nights(["2026-04-07", "2026-04-08"])
    // A late event gives the call of the 8th another credit.
    let late = Events.processed("c1", "2026-04-08T10:02:00", credits: 5)
    try workspace.writeArchive("2026-04-09", [late, Events.completed("z", "2026-04-09T10:00:00")])
    #expect(try await workspace.night("2026-04-09").status == 0)
    let last = try readTree(workspace.path + "/output/2026-04-09")
    #expect(try page(workspace, "2026-04-09").contains("data-figure=\"day.2026-04-08\" data-value=\"-4\""))
    try workspace.write("changed", to: "output/2026-04-09/report.html")
    #expect(try await workspace.calltally(["report", "output/2026-04-09"]).status == 0)
    #expect(try readTree(workspace.path + "/output/2026-04-09") == last)
  }

  @Test func aRangeHasItsHoursDayByDay() async throws {
    let workspace = try await nights([])
    let outcome = try await workspace.calltally(["run", "nightly.yaml", "--from", "2026-04-07", "--to", "2026-04-09"])
    #expect(outcome.status == 0, "\(outcome.text)")
    let page = try page(workspace, "2026-04-07_2026-04-09")
    #expect(page.contains("2026-04-07 to 2026-04-09"))
    #expect(page.contains("Events by day and hour"))
    #expect(page.matches(of: /data-figure="hour\.2026-04-0/).count == 72)
    #expect(page.matches(of: /data-row="date"/).count == 3)
    #expect(page.contains("not those of one day"))
  }
}
