import Testing
import TextTables

struct SpreadsheetGuardTests {
  /// What Excel or LibreOffice would turn into a formula, number, date, time, amount, boolean or error, or would trim.
  @Test(arguments: [
    "66401122334455667788e901", "+14155551234", "1e5", "1E5", "1e-5", "12:30", "12:30:45", "2026-04-08", "3/4", "1-2",
    "5%",
    "% 5", "$5", "€5", "5 €", "TRUE", "TRUE ", "true", "False", "wahr", "FAUX", "=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    "\t=1", "\r=1", "\n=1", " x", "x ", "x\n", "\u{a0}x", "x\u{3000}", "Mar 5", "5 Mar", "5. Mai 2026", "March 2026",
    "1 1/2",
    "1,234.50", "1.234,50", "1 234,50", "1\u{202f}234", "1'234", "#N/A", "#REF!", "#DIV/0!", "#NV", "-", "-5", "−5",
    "@me",
    "'quoted", "|cmd", "%x", "007", "0", "1", "3月5日", "１２３", "12 a", "3 PM", "10:30 am", "USD 5", "5 EUR", "Kč 5",
    "CA$5", "₹500",
    "(5)", "2026-04-08T10:30:00.000000Z", "5 марта 2026", "4155551234", "415-555-1234", "192.168.1.1", "1 декабря",
    "12345678901234567890123456789012345678901234567890", "décembre 5", "DÉC 5", "٣/٤", "真",
    "R$ 5,00", "R$5", "R 5", "R5", "r5", "S/ 5", "s/5.50",
  ])
  func guarded(text: String) {
    let shown = text.map { $0.isNewline || $0 == "\t" ? " " : String($0) }.joined()
    #expect(cell(text, spreadsheet) == "\"'\(shown)\"")
  }

  @Test(arguments: [
    "", "hello", "completed", "5 apples", "Agent 7", "A-17", "room 101", "evt_0123",
    "550e8400-e29b-41d4-a716-446655440000",
    "Mark 5", "March", "may", "Order no. 5!", "e5", "https://example.com/1", "a=b", "x@y.example", "…1234", "truely",
    "{\"a\": 1}",
    "[1, 2]", "#sales are up", "naïve", "日本", "😀", "5*3", "1_000", "12:30 call", "Hello, how can I help you today?",
    "null",
    "مرحبا", "00:01:23 of 5 lines", "S5", "T5", "R", "Room 5", "R/x 5",
  ])
  func leftAlone(text: String) {
    #expect(
      cell(text, spreadsheet)
        == "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\"")
  }

  @Test func theMachineDialectGuardsNothing() {
    #expect(cell("=1+1", machine) == "\"=1+1\"")
    #expect(cell(" +1\t", machine) == "\" +1\t\"")
  }
}
