import Foundation
import Testing

@Suite("Golden cases: what runs publish, byte for byte")
struct RunCaseTests {
  /// With `CALLTALLY_RECORD=1` what is expected is replaced, and the test fails so that nobody records unawares.
  @Test(arguments: GoldenCase.all)
  func publishesWhatIsExpected(_ golden: GoldenCase) async throws {
    let published = try await golden.run()
    if ProcessInfo.processInfo.environment["CALLTALLY_RECORD"] == "1" {
      try golden.record(published)
      Issue.record("Recorded \(golden.name): read every changed figure before committing it.")
      return
    }
    let expected = try golden.expected()
    for name in Set(expected.keys).union(published.keys).sorted() {
      let difference = firstDifference(expected: expected[name], published: published[name])
      #expect(difference == nil, "\(golden.name)/expected/\(name): \(difference ?? "")")
    }
  }

  private func firstDifference(expected: Data?, published: Data?) -> String? {
    if expected == published { return nil }
    guard let expected else { return "is published and was not expected" }
    guard let published else { return "is expected and was not published" }
    let wanted = expected.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let found = published.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for line in 0..<max(wanted.count, found.count) {
      let pair = [wanted, found].map { line < $0.count ? String(decoding: $0[line], as: UTF8.self) : "(no such line)" }
      if pair[0] != pair[1] { return "line \(line + 1)\n  expected  \(pair[0])\n  published \(pair[1])" }
    }
    return "differs in bytes that are no text"
  }

  @Test("there are cases to run")
  func casesAreFound() { #expect(GoldenCase.all.count >= 10) }
}
