import CallModel
import Foundation
import Pipeline
import Testing

@Suite struct FindingCodesPageTests {
  @Test func thePageTellsACodeInLinesOfTheWidth() throws {
    let page = FindingCodesPage().text(width: 60)
    let expected = """
      conflict: error, against the provider
        One event_id was delivered with two different contents;
          the first delivery counts.
        For example: evt_91 says 60 s at first and 120 s the
          second time.
        What to do: Ask the provider which of the two is right;
          origin names both records.

      repeated-event: info
      """
    #expect(page.contains(expected))
    #expect(page.split(separator: "\n").allSatisfy { $0.count <= 60 })
  }

  @Test func theReadmeHasTheTableOfCodes() throws {
    let checkout = GoldenCase.folder.appendingPathComponent("../..")
    let readme = try String(contentsOf: checkout.appendingPathComponent("README.md"), encoding: .utf8)
    let table = FindingCode.allCases.map { code in
      "| `\(code.rawValue)` | \(code.severity.rawValue) | \(code.isAgainstProvider ? "yes" : "") "
        + "| \(code.meaning) | \(code.action) |"
    }.joined(separator: "\n")
    #expect(readme.contains(table), "README.md lacks this table of codes:\n\(table)")
  }
}
