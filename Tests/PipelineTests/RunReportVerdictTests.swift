import Foundation
import Testing

@Suite("The report's verdict, and what it could not take into account")
struct RunReportVerdictTests {
  private typealias Events = NightEvents

  private func page(_ archives: [String: String], _ rest: String = "") async throws -> String {
    let workspace = try RunWorkspace()
    try workspace.write(
      "version: 1\nname: test\ninput: {archives: archives/*}\noutput: {directory: output, report: report.html}\n"
        + lenientChecks + rest, to: "pipeline.yaml")
    for (name, text) in archives { try workspace.write(text, to: "archives/\(name)") }
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 0, "\(outcome.text)")
    return String(decoding: try workspace.read("output/report.html"), as: UTF8.self)
  }

  /// The page's text, without its style.
  private func text(_ page: String) -> String {
    page.replacing(/<style>.*?<\/style>/.dotMatchesNewlines(), with: "").replacing(/<[^>]*>/, with: "")
  }

  private func verdict(_ page: String) throws -> String {
    let sentence = try #require(page.firstMatch(of: /<h1>(.*?)<\/h1>/.dotMatchesNewlines())).output.1
    let word = try #require(page.firstMatch(of: /<span class="state [a-z]*">([^<]*)</)).output.1
    return "\(word): \(text(String(sentence)))"
  }

  /// A call of one minute at ten o'clock, ended and charged.
  private static func call(_ id: String, campaign: String? = nil, credits: Int = 1) -> String {
    Events.completed(id, "2026-04-08T10:00:00", campaign: campaign)
      + Events.processed(id, "2026-04-08T10:01:00", credits: credits)
  }

  /// A campaign of one such call.
  private static func campaign(_ id: String, claims credits: Int? = 1, isCharged: Bool = true) -> String {
    let call =
      isCharged ? call("\(id)-1", campaign: id) : Events.completed("\(id)-1", "2026-04-08T10:00:00", campaign: id)
    return Events.campaignStarted(id, "2026-04-08T09:00:00") + call
      + (credits.map { Events.campaignEnded(id, "2026-04-08T13:00:00", calls: 1, credits: $0) } ?? "")
  }

  static let nights: [(text: String, verdict: String)] = [
    (campaign("k"), "Agrees: The provider billed what was spoken: the one campaign’s claims hold."),
    (
      campaign("k") + campaign("m"),
      "Agrees: The provider billed what was spoken: the claims of all campaigns hold."
    ),
    (
      campaign("k") + campaign("m") + campaign("open", claims: nil) + call("c", campaign: "unknown"),
      "Agrees: The provider billed what was spoken: the claims of all campaigns that have ended hold; 1 has not ended; of 1 "
        + "nothing but calls was seen."
    ),
    (
      campaign("k", claims: 3),
      "Differs: The provider claims 2 credits more than the calls add up to, beyond tolerance in 1 of 1 campaign."
    ),
    (
      campaign("k", claims: 3) + campaign("m", isCharged: false),
      "Differs: The provider claims 3 credits more than the calls add up to, beyond tolerance in 1 of 2 campaigns; 1 cannot "
        + "be judged yet."
    ),
    (
      campaign("k") + call("dear", credits: 9),
      "Differs: The campaigns’ claims hold, but calls are charged off the billing rule: 1, by 8 credits."
    ),
    (
      call("dear", credits: 9),
      "Differs: No campaign’s end claims credits here, but calls are charged off the billing rule: 1, by 8 credits."
    ),
    (
      campaign("k", isCharged: false),
      "Not complete: Nothing differs beyond tolerance so far, but 1 of 1 campaign cannot be judged yet."
    ),
    (
      campaign("k") + Events.completed("late", "2026-04-05T10:00:00"),
      "Not complete: Nothing differs beyond tolerance so far, but what the provider says of 1 call is overdue."
    ),
    (
      call("c"),
      "No claims: No campaign’s end claims credits here, so there is only the billing rule to hold the calls against, and "
        + "no call is charged off it."
    ),
    ("\n", "No calls: There is nothing to bill: these tables hold no call and no campaign."),
  ]

  @Test(arguments: nights)
  func theSentenceIsTrue(text: String, sentence: String) async throws {
    #expect(try await verdict(page(["a.jsonl": text])) == sentence)
  }

  @Test func aClaimWithinToleranceIsSaidToBe() async throws {
    let page = try await page(["a.jsonl": Self.campaign("k", claims: 2)], "tolerance: {credits: 1}\n")
    #expect(
      try verdict(page)
        == "Agrees: The provider billed what was spoken: the one campaign’s claims hold within tolerance.")
  }

  @Test("an hour without events has an empty archive, and nothing is wrong with it; plain text is none either")
  func whatIsNotDamagedRaisesNoDoubt() async throws {
    let page = try await page(["a.jsonl": Self.campaign("k"), "b.jsonl.gz": "", "c.jsonl.gz": Self.campaign("m")])
    #expect(try verdict(page).hasPrefix("Agrees: "))
    #expect(!page.contains("✕ empty") && !page.contains("✕ not gzip"))
    #expect(!text(page).contains("not whole"))
  }

  @Test func whatCouldNotBeReadIsSaidBesideTheVerdict() async throws {
    let page = try await page([
      "a.jsonl": Self.campaign("k") + "no event\n" + Events.completed("waits", "2026-04-08T10:00:00"),
      "b.jsonl.gz": "\u{1f}",
    ])
    let text = text(page)
    #expect(
      try verdict(page)
        == "Not complete: Nothing differs beyond tolerance in what could be read, but 1 of 2 archives is not whole.")
    #expect(text.contains("! 1 line could not be read and counts nowhere."))
    #expect(text.contains("! 1 of 2 archives is not whole."))
    #expect(text.contains("! 1 call still awaits an event, which is not overdue."))
    #expect(page.contains("✕ truncated"))
  }

  // MARK: Exceptions

  private static func call(_ id: String, completed: Int, processed: Int, credits: Int) -> String {
    Events.completed(id, "2026-04-08T10:00:00", seconds: completed)
      + Events.processed(id, "2026-04-08T10:01:00", credits: credits)
      .replacing("\"credits\"", with: "\"duration\":\(processed),\"credits\"")
  }

  @Test("what most credits hang on comes first, though the finding is about a duration")
  func exceptionsGoByCreditsAtStake() async throws {
    let page = try await page([
      "a.jsonl": Self.call("a", completed: 50, processed: 59, credits: 1)
        + Self.call("b", completed: 60, processed: 170, credits: 3) + Events.campaignStarted("k", "2026-04-08T09:00:00")
    ])
    let rows = page.matches(of: /<tr data-row="exception">.*?<\/tr>/.dotMatchesNewlines()).map { text(String($0.0)) }
    try #require(rows.count == 2)
    #expect(rows[0].hasPrefix("! warningduration-conflictto dispute, +2 credits at stakecallb"))
    #expect(rows[1].hasPrefix("! warningduration-conflictto disputecalla"))
    #expect(text(page).contains("2 findings to dispute, with 2 credits at stake: the worst of them; all are in"))
  }

  @Test func oneOfAThingIsNoPlural() async throws {
    let page = text(try await page(["a.jsonl": Events.processed("only", "2026-04-08T10:00:00")]))
    #expect(page.contains("1 accepted event by its timestamp, from 10:00 to 11:00 on the provider’s clock."))
    #expect(page.contains("· 1 note."))
    #expect(page.contains("1 line = 1 accepted"))
  }

  @Test("where two clocks differ by half an hour, hours begin at the half, and the report says so")
  func halfHours() async throws {
    let page = try await page(
      ["a.jsonl": Self.campaign("k")], "business: {timezone: Asia/Kolkata}\n")
    #expect(
      text(page).contains(
        "4 accepted events by their timestamp, from 2026-04-08 08:30 to 2026-04-08 13:30 on the provider’s clock."))
    #expect(page.contains("2026-04-08 09:30</th>"))
    #expect(page.contains("data-figure=\"hour.2026-04-08T09:30\" data-value=\"2\""))
  }

  @Test("joiners that a script or an emoji is written with stay, others are spelt out")
  func joiners() async throws {
    let words = "\u{645}\u{6cc}\u{200c}\u{62e}\u{648}\u{627}\u{647}\u{645} \u{1f469}\u{200d}\u{1f4bb}"
    let named = Self.campaign("k", claims: 5).replacing(
      "\"campaign_id\":\"k\"", with: "\"campaign_id\":\"k\",\"campaign_name\":\"\(words) a\u{200d}b \u{200c}\"")
    let page = try await page(["a.jsonl": named])
    #expect(page.contains("\(words) a\\u{200d}b \\u{200c}"))
  }
}
