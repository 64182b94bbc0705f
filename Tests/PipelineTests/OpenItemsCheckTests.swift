import CallModel
import Pipeline
import Tally
import Testing

@Suite("A ledger of open items that does not add up publishes nothing")
struct OpenItemsCheckTests {
  private static let day = Day(number: 20_551)

  private static func call(_ id: String, seconds: Int64, credits: Int64) -> OpenItem {
    OpenItem(
      identity: OpenItem.Identity(
        kind: .call, id: id, awaits: .callProcessed, seconds: seconds, expectedCredits: Credits(credits)),
      campaignID: nil, firstDay: day)
  }

  @Test func openingNewClosedAndEndingBalance() throws {
    let ledger = OpenItemsLedger(
      opening: [Self.call("a", seconds: 60, credits: 1), Self.call("b", seconds: 61, credits: 2)],
      ending: [Self.call("b", seconds: 61, credits: 2), Self.call("c", seconds: 5, credits: 1)])
    #expect(ledger.closed.items == 1 && ledger.closed.seconds == 60)
    #expect(ledger.new.items == 1 && ledger.new.expectedCredits == Credits(1))
    try ledger.check(at: Self.day)
  }

  @Test(arguments: [true, false])
  func anItemThatIsThereTwiceIsExitStatus70(opens: Bool) {
    // Counted twice where it stands and once where it goes or comes.
    let item = Self.call("a", seconds: 60, credits: 1)
    let ledger = OpenItemsLedger(opening: opens ? [item, item] : [], ending: opens ? [] : [item, item])
    var found: RunError?
    do throws(RunError) { try ledger.check(at: Self.day) } catch { found = error }
    #expect(found.map(ExitStatus.init)?.rawValue == 70)
    #expect(found?.description.contains("open items of 2026-04-08: opening + new − closed is not ending") == true)
    #expect(found?.description.contains("nothing was published") == true)
  }
}
