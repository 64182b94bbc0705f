import CallModel
import Tally
import Testing

struct EventLedgerTests {
  private static func processed(_ id: String, at time: String, turns: Int, credits: Int = 1) -> String {
    let all = (0..<turns).map { _ in #"{"role":"user","content":"x"}"# }.joined(separator: ",")
    return line("call.processed", id, "c", at: time, #""credits":\#(credits),"transcripts":[\#(all)]"#)
  }

  @Test func oneEventOfManyDeliveriesCountsOnce() throws {
    let event = line("call.completed", "evt_1", "c", #""status":"completed","call_duration":60"#)
    let books = try Books(archives: [[event, event], [event], [event, event]])
    #expect(books.ledger.events == 1)
    #expect(books.outcomes.map(\.accepted) == [1, 0, 0])
    #expect(books.outcomes.map(\.duplicates) == [1, 1, 2])
    #expect(books.call("c")?.deliveries == 5)
    #expect(books.totals().all.calls == 1)
    #expect(books.ledger.findings.isEmpty)
  }

  @Test(arguments: ["evt_1", "evt_0123456789abcdef0123456789abcdef", "evt_ABC", "4711", "evt_", "é"])
  func theFirstOfTwoContentsUnderOneIDIsKept(id: String) throws {
    let books = try Books(archives: [
      [line("call.completed", id, "c", #""call_duration":60"#)],
      [line("call.completed", "evt_other", "d"), line("call.completed", id, "c", #""call_duration":61"#)],
    ])
    #expect(books.call("c")?.duration == 60)
    #expect(books.outcomes.map(\.conflicts) == [0, 1])
    let finding = try #require(books.ledger.findings.first)
    #expect(finding.code == .conflict)
    #expect(finding.origin == RecordOrigin(archive: 1, line: 2))
    #expect(finding.firstOrigin == RecordOrigin(archive: 0, line: 1))
  }

  @Test func idsThatLookAlikeAreDifferentEvents() throws {
    let ids = ["evt_1", "evt_01", "evt_001", "EVT_1", "evt_1 ", "1", "evt_g", "evt_00000000000000000000000000000001"]
    let books = try Books(ids.enumerated().map { line("call.started", $1, "c\($0)") })
    #expect(books.ledger.events == ids.count)
    #expect(books.outcomes[0].conflicts == 0)
  }

  @Test func turnsOfASupersededTranscriptAreTakenOut() throws {
    let books = try Books(archives: [
      [Self.processed("evt_1", at: "10:00:00", turns: 2), Self.processed("evt_2", at: "12:00:00", turns: 3)],
      [Self.processed("evt_3", at: "11:00:00", turns: 4), Self.processed("evt_4", at: "12:00:00", turns: 1)],
    ])
    #expect(books.outcomes[0].turns.leftOut == [])
    #expect(books.outcomes[0].turns.replaced == [0..<2], "the rows of evt_1")
    #expect(books.outcomes[1].turns.leftOut == [0..<4], "those of evt_3, which is older than evt_2")
    #expect(
      books.outcomes[1].turns.replaced == [2..<5], "those of evt_2: of equal times the later in archive order counts")
    #expect(books.call("c")?.turnCount == 1)
  }

  @Test func turnsOfDuplicatesAndConflictsAreNotWritten() throws {
    let first = Self.processed("evt_1", at: "10:00:00", turns: 2)
    let books = try Books([first, first, Self.processed("evt_1", at: "10:00:00", turns: 5, credits: 2)])
    #expect(books.outcomes[0].turns.leftOut == [2..<4, 4..<9])
    #expect(books.outcomes[0].turns.replaced == [])
    #expect(books.call("c")?.turnCount == 2)
  }

  @Test func anImpossibleTimeIsTold() throws {
    let books = try Books([line("call.completed", "evt_1", "c", #""ended_at":"2026-02-30T00:00:00""#)])
    #expect(books.ledger.findings.map(\.code) == [.badTimestamp])
    #expect(books.ledger.findings.map(\.measure) == ["ended_at"])
    #expect(books.call("c")?.endedAt == nil)
  }

  /// Twenty events of one day, and further ones at some times of others.
  @Test(
    "a time far ahead that hardly any event bears out is not the end of the books",
    arguments: [
      (["2999-01-01T00:00:00"], "2026-04-08T10:00:19"),
      (["2999-01-01T00:00:00", "2026-06-01T00:00:00"], "2026-04-08T10:00:19"),
      // Not thirty days of silence, and more than a tenth of all events.
      (["2026-05-08T12:00:00"], "2026-05-08T12:00:00"),
      (["2026-06-01T00:00:00", "2026-06-01T00:00:01", "2026-06-02T00:00:00"], "2026-06-02T00:00:00"),
      (
        ["2026-06-01T00:00:00", "2026-06-01T00:00:01", "2026-06-02T00:00:00", "2027-01-01T00:00:00"],
        "2026-06-02T00:00:00"
      ),
      (["1999-01-01T00:00:00"], "2026-04-08T10:00:19"),
    ])
  func theEndOfTheBooks(times: [String], end: String) throws {
    let day = (0..<20).map { "2026-04-08T10:00:\($0 < 10 ? "0" : "")\($0)" }
    let lines = (day + times).enumerated().map { number, time in
      number % 2 == 0
        ? line("call.started", "evt_\(number)", "c\(number)", #""timestamp":"\#(time)""#)
        : campaign("campaign.started", "evt_\(number)", "k\(number)", #""timestamp":"\#(time)""#)
    }
    #expect(try Books(lines).ledger.end?.description == end + ".000000")
  }

  @Test func campaignEventsAreDeduplicatedToo() throws {
    let start = campaign("campaign.started", "evt_1", "k", #""campaign_name":"first""#)
    let books = try Books([start, start, campaign("campaign.started", "evt_1", "k", #""campaign_name":"second""#)])
    #expect(books.outcomes[0].acceptedByKind[Int(EventKind.campaignStarted.rawValue)] == 1)
    #expect(books.outcomes[0].duplicates == 1)
    #expect(books.outcomes[0].conflicts == 1)
    #expect(books.ledger.campaigns["k"]?.value(\.campaignName) == "first")
  }
}
