import CallModel
import Tally
import Testing

@Suite("Of which recent calls nothing more will be asked")
struct RecentCallsTests {
  private func inDoubt(_ lines: [String], tolerance: Tolerance = Tolerance()) throws -> [Int] {
    var calls = RecentCalls()
    let signs = CallSign.all(in: try Books.batch(lines), BillingRule(), tolerance)
    calls.add(signs)
    return calls.placesInDoubt(signs)
  }

  private let started = line("call.started", "evt_0", "c", #""status":"initiated""#)
  private let completed = line("call.completed", "evt_1", "c", #""status":"completed","call_duration":60"#)
  private let processed = line("call.processed", "evt_2", "c", #""status":"completed","duration":60,"credits":1"#)
  private let ended = campaign("campaign.ended", "evt_9", "k", #""total_calls":1"#)

  @Test("a call that is whole and right is not in doubt, in whichever order its events came; campaigns always are")
  func whole() throws {
    #expect(try inDoubt([started, completed, processed]).isEmpty)
    #expect(try inDoubt([processed, started, completed]).isEmpty)
    #expect(try inDoubt([ended, started, completed, processed]) == [0])
    #expect(try inDoubt([line("call.completed", "evt_1", "c", #""status":"no-answer","call_duration":0"#)]).isEmpty)
  }

  @Test(
    "a call that awaits an event, or of which something is odd, is",
    arguments: [
      [line("call.started", "evt_0", "c", #""status":"initiated""#)],
      [line("call.completed", "evt_1", "c", #""status":"completed","call_duration":60"#)],
      [line("call.processed", "evt_2", "c", #""status":"completed","duration":60,"credits":1"#)],
    ]
      + [
        #""status":"completed","duration":60,"credits":2"#, #""status":"completed","duration":61,"credits":2"#,
        #""status":"failed","duration":60,"credits":1"#, #""status":"failed","duration":60,"credits":0"#,
        #""status":"completed","duration":60"#, #""status":"completed","credits":1"#,
        #""status":"completed","duration":60,"credits":1,"connected_at":"2026-04-08T09:00:00","ended_at":"2026-04-08T09:09:00""#,
      ].map {
        [
          line("call.completed", "evt_1", "c", #""status":"completed","call_duration":60"#),
          line("call.processed", "evt_2", "c", $0),
        ]
      })
  func inDoubt(lines: [String]) throws {
    #expect(try inDoubt(lines) == Array(lines.indices))
  }

  @Test("any tolerance may be asked for")
  func widestTolerance() throws {
    let times =
      #""status":"completed","call_duration":60,"connected_at":"2026-04-08T09:00:00","ended_at":"2026-04-08T09:09:00""#
    let lines = [line("call.completed", "evt_1", "c", times), processed]
    #expect(try inDoubt(lines) == [0, 1])
    #expect(try inDoubt(lines, tolerance: Tolerance(duration: Int64.max)).isEmpty)
  }

  @Test("a call of which an event came twice is in doubt, and the others are not")
  func twice() throws {
    let other = [
      line("call.completed", "evt_3", "d", #""status":"completed","call_duration":60"#),
      line("call.processed", "evt_4", "d", #""status":"completed","duration":60,"credits":1"#),
    ]
    #expect(try inDoubt([completed, processed] + other + [completed]) == [0, 1, 4])
  }

  @Test("calls that have been heard of lately stay known, however many there are")
  func many() throws {
    var calls = RecentCalls()
    var last: [CallSign] = []
    for thousand in 0..<100 {
      let lines = (0..<1_000).flatMap { number -> [String] in
        let (first, id) = (2 * (thousand * 1_000 + number), "call-\(thousand)-\(number)")
        return [
          line("call.completed", "evt_\(first)", id, #""status":"completed","call_duration":60"#),
          line("call.processed", "evt_\(first + 1)", id, #""status":"completed","duration":60,"credits":1"#),
        ]
      }
      last = CallSign.all(in: try Books.batch(lines), BillingRule(), Tolerance())
      calls.add(last)
    }
    #expect(calls.placesInDoubt(last).isEmpty)
  }
}
