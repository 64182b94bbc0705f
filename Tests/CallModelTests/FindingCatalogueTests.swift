import CallModel
import Testing

@Suite struct FindingCatalogueTests {
  @Test(arguments: FindingCode.allCases)
  func everyCodeIsToldInSentences(code: FindingCode) {
    for text in [code.meaning, code.example, code.action] {
      #expect(text.hasSuffix("."), "\(code): \(text)")
      #expect(!text.contains("|"), "\(code) cannot stand in a table of the README: \(text)")
    }
  }

  @Test func codesAreWordsThatScriptsCanRelyOn() {
    for code in FindingCode.allCases {
      #expect(code.rawValue.utf8.allSatisfy { 0x61...0x7a ~= $0 || $0 == 0x2d }, "\(code)")
    }
    #expect(FindingCode.creditsDiffer.isAgainstProvider)
    #expect(!FindingCode.archiveCorrupt.isAgainstProvider)
    #expect(!FindingCode.campaignMismatch.isAgainstProvider, "each of its claims has a finding of its own")
  }
}
