import Testing
import TextTables

struct SpreadsheetCSVTests {
  @Test func lineBreaksAndTabsBecomeSpaces() {
    #expect(cell("a\r\nb\tc\0d", spreadsheet) == "\"a  b c d\"")
    #expect(cell("say \"hi\"\nnow", spreadsheet) == "\"say \"\"hi\"\" now\"")
  }

  @Test func aTextOfExactlyTheLimitIsWhole() {
    let text = String(repeating: "x", count: 32_000)
    #expect(cell(text, spreadsheet) == "\"\(text)\"")
    let wide = String(repeating: "é", count: 32_000)
    #expect(cell(wide, spreadsheet) == "\"\(wide)\"")
    let pairs = String(repeating: "😀", count: 16_000)
    #expect(cell(pairs, spreadsheet) == "\"\(pairs)\"")
  }

  @Test func aLongerTextIsCutWithAMarkerAndReported() {
    let rows = rendered(
      [["a", "short"], ["b", String(repeating: "x", count: 32_001)]], texts("key", "note"), spreadsheet)
    #expect(rows.cuts == [CellCut(row: 1, column: 1)])
    #expect(
      String(decoding: rows.texts[0], as: UTF8.self)
        == "\"a\",\"short\"\r\n\"b\",\"\(String(repeating: "x", count: 31_993))… [cut]\"\r\n")
  }

  @Test func surrogatePairsAreNotTorn() {
    let text = String(cell("x" + String(repeating: "😀", count: 20_000), spreadsheet).dropFirst().dropLast())
    #expect(text == "x" + String(repeating: "😀", count: 15_996) + "… [cut]")
    #expect(text.utf16.count == 32_000)
    let odd = String(cell(String(repeating: "😀", count: 20_000), spreadsheet).dropFirst().dropLast())
    #expect(odd == String(repeating: "😀", count: 15_996) + "… [cut]")
    #expect(odd.utf16.count == 31_999)
  }

  @Test func aCutTextIsStillGuardedAndQuoted() {
    let text = "=" + String(repeating: "\"", count: 40_000)
    #expect(
      cell(text, spreadsheet) == "\"'=" + String(repeating: "\"\"", count: 31_992) + "… [cut]\"")
  }

  @Test func machineTextsAreNeverCut() {
    let text = String(repeating: "x", count: 40_000)
    #expect(cell(text, machine) == "\"\(text)\"")
  }

  @Test(arguments: [
    ("en", SpreadsheetLocale.comma), ("en-US", .comma), ("en_ZA", .semicolon), ("de-DE", .semicolon),
    ("DE", .semicolon),
    ("de-CH", SpreadsheetLocale(separator: 0x3b, decimalPoint: 0x2e)), ("es-MX", .comma), ("es", .semicolon),
    ("pt-BR", .semicolon), ("zh-Hans-CN", .comma), ("hi-IN", .comma),
  ])
  func locales(identifier: String, locale: SpreadsheetLocale) {
    #expect(SpreadsheetLocale(identifier: identifier) == locale)
  }

  @Test(arguments: ["", "xx", "klingon", "de/DE", "-"])
  func unknownLocales(identifier: String) {
    #expect(SpreadsheetLocale(identifier: identifier) == nil)
  }
}
