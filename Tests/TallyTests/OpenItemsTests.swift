import CallModel
import Testing

import Tally

/// What awaits an event at the end of a day, by the archives up to it.
struct OpenItemsTests {
  private func line(_ event: String, _ id: String, _ time: String, _ rest: String = "") -> String {
    #"{"event":"\#(event)","event_id":"\#(event)-\#(time)","timestamp":"\#(time)","\#(event.hasPrefix("call") ? "conversation_id" : "campaign_id")":"\#(id)"\#(rest)}"#
  }

  /// The ledger of each day after the first; archives are of one day each, from 2026-04-01 on.
  private func ledgers(_ archives: [[String]], lookback: Int32 = 35) throws -> [OpenItemsLedger] {
    let books = try Books(archives: archives)
    let first = try #require(Day(year: 2026, month: 4, day: 1)).number
    let clock = BusinessClock(provider: .utc, business: .utc, isSame: true)
    let archiveDays = archives.indices.map { first + Int32($0) }
    let open = OpenItemsBook(
      books.ledger, days: books.calls.map { $0.day(clock)?.number ?? first }, archiveDays: archiveDays,
      cuts: ([first - 1] + archiveDays).map { OpenItemsBook.Cut(day: $0, first: $0 - lookback) }, rule: books.rule,
      clock: clock)
    return archives.indices.map { open.ledger(from: $0, to: $0 + 1) }
  }

  private func text(_ ledger: OpenItemsLedger) -> [String] {
    ledger.items.map { "\($0.identity.kind) \($0.identity.id) \($0.identity.awaits.name) \($0.firstDay)" }
  }

  @Test func aCallAwaitsOneEventAfterTheOther() throws {
    let ledgers = try ledgers([
      [line("call.started", "a", "2026-04-01T23:59:00")],
      [line("call.completed", "a", "2026-04-02T00:01:00", #","status":"completed","call_duration":61"#)],
      [line("call.processed", "a", "2026-04-03T00:01:00", #","duration":61,"credits":2"#)],
    ])
    #expect(text(ledgers[0]) == ["call a call.completed 2026-04-01"])
    #expect(ledgers[0].ending.expectedCredits == .zero)
    #expect(text(ledgers[1]) == ["call a call.processed 2026-04-01"])
    #expect(ledgers[1].new.seconds == 61 && ledgers[1].new.expectedCredits == Credits(2))
    #expect(ledgers[1].closed.items == 1 && ledgers[1].ending.items == 1)
    #expect(ledgers[2].items.isEmpty && ledgers[2].closed.expectedCredits == Credits(2))
    #expect(ledgers.allSatisfy { $0.isBalanced })
  }

  @Test func aLaterEventOfAKindSettlesNothingBeforeTheFirst() throws {
    let ledgers = try ledgers([
      [line("call.completed", "a", "2026-04-01T10:00:00", #","status":"completed","call_duration":60"#)],
      [line("call.processed", "a", "2026-04-02T10:00:00", #","credits":1"#)],
      [line("call.processed", "a", "2026-04-03T10:00:00", #","credits":2"#)],
    ])
    #expect(ledgers.map(\.items.count) == [1, 0, 0])
  }

  @Test func campaignsAwaitTheirEndAndThenTheirCalls() throws {
    let ledgers = try ledgers([
      [line("campaign.started", "c", "2026-04-01T09:00:00")],
      [
        line("call.completed", "a", "2026-04-02T10:00:00", #","status":"completed","campaign_id":"c""#),
        line("campaign.ended", "c", "2026-04-02T11:00:00"),
      ],
      [line("call.processed", "a", "2026-04-03T10:00:00", #","credits":1,"campaign_id":"c""#)],
    ])
    #expect(text(ledgers[0]) == ["campaign c campaign.ended 2026-04-01"])
    #expect(text(ledgers[1]) == ["call a call.processed 2026-04-02", "campaign c call.processed 2026-04-01"])
    #expect(ledgers[2].items.isEmpty)
  }

  @Test func whatIsOlderThanTheWindowIsClosed() throws {
    let call = line("call.completed", "a", "2026-04-01T10:00:00", #","status":"completed","call_duration":60"#)
    let ledgers = try ledgers([[call], [], [], []], lookback: 2)
    #expect(ledgers.map(\.items.count) == [1, 1, 1, 0])
    #expect(ledgers[3].closed.items == 1 && ledgers.allSatisfy { $0.isBalanced })
  }
}
