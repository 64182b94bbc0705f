import CallModel
import Testing
import TextTables

struct RowEncoderTests {
  private func row(_ format: TableFormat) -> RenderedRows {
    var encoder = RowEncoder(schema: everyType, format: format)
    encoder.text("a \"b\", c\n")
    encoder.integer(-42)
    encoder.decimal(Credits(millionths: 250_000))
    encoder.timestamp(lastMoment)
    encoder.date(lastMoment.day)
    encoder.json(Array(#"{"k":"v\n"}"#.utf8).span)
    encoder.endRow()
    for _ in 0..<6 { encoder.null() }
    encoder.endRow()
    return encoder.take()
  }

  @Test func machineRowsAreExact() {
    let rows = row(machine)
    let first = #""a ""b"", c"# + "\n" + #"",-42,0.25,2026-04-08T23:59:59.999999,2026-04-08,"{""k"":""v\n""}""# + "\r\n"
    #expect(String(decoding: rows.texts[0], as: UTF8.self) == first + ",,,,,\r\n")
    #expect(rows.rowCount == 2)
    #expect(rows.rowEnds == [first.utf8.count, first.utf8.count + 7])
    #expect(rows.texts.map(\.count) == [first.utf8.count + 7])
  }

  @Test func spreadsheetRowsFitTheirLocale() {
    #expect(
      String(decoding: row(spreadsheet).texts[0], as: UTF8.self)
        == #""'a ""b"", c ",-42,0.25,2026-04-08 23:59:59,2026-04-08,"{""k"":""v\n""}""# + "\r\n,,,,,\r\n")
    #expect(
      String(decoding: row(.csv(.spreadsheet(.semicolon))).texts[0], as: UTF8.self)
        == #""'a ""b"", c ";-42;0,25;2026-04-08 23:59:59;2026-04-08;"{""k"":""v\n""}""# + "\r\n;;;;;\r\n")
  }

  @Test func columnarRowsAreOneTextAColumn() {
    #expect(
      row(columnar).texts.map { String(decoding: $0, as: UTF8.self) } == [
        "a \"b\", c\\n\n\\N\n", "-42\n\\N\n", "0.25\n\\N\n", "2026-04-08T23:59:59.999999\n\\N\n", "2026-04-08\n\\N\n",
        #"{"k":"v\\n"}"# + "\n\\N\n",
      ])
  }

  @Test func columnsAreWrittenInTheOrderAskedFor() {
    var encoder = RowEncoder(schema: everyType, columns: [4, 0], format: machine)
    encoder.date(lastMoment.day)
    encoder.text("x")
    encoder.endRow()
    #expect(encoder.take().texts == [Array("2026-04-08,\"x\"\r\n".utf8)])
  }

  @Test func theEmptyTextIsNoNull() {
    #expect(cell("", machine) == "\"\"")
    #expect(cell("", spreadsheet) == "\"\"")
    #expect(cell("", columnar) == "")
    #expect(rendered([[nil]], texts("a"), machine).texts == [[13, 10]])
  }

  @Test func takingLeavesTheEncoderReady() {
    var encoder = RowEncoder(schema: texts("a"), format: machine)
    encoder.text("one")
    encoder.endRow()
    #expect(encoder.rowCount == 1)
    #expect(encoder.take().rowCount == 1)
    #expect(encoder.rowCount == 0)
    encoder.text("two")
    encoder.endRow()
    let second = encoder.take()
    #expect(second.texts == [Array("\"two\"\r\n".utf8)])
    #expect(second.rowEnds == [7])
    #expect(encoder.take().texts == [[]])
  }

  /// Specials at every place of a word and of the unrolled steps, and around their ends.
  @Test(arguments: 0..<70)
  func specialsAreFoundWhereverTheyStand(place: Int) {
    var text = Array(repeating: UInt8(ascii: "x"), count: 70)
    text[place] = UInt8(ascii: "\"")
    var expected = text
    expected.insert(UInt8(ascii: "\""), at: place)
    var encoder = RowEncoder(schema: texts("a"), format: machine)
    encoder.text(text.span)
    encoder.endRow()
    #expect(encoder.take().texts[0] == [0x22] + expected + [0x22, 13, 10])

    for (special, escape) in [
      ("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"), ("\0", "\\x00"), ("\u{1}", "\u{1}"),
    ] {
      text[place] = Array(special.utf8)[0]
      var encoder = RowEncoder(schema: texts("a"), format: columnar)
      encoder.text(text.span)
      encoder.endRow()
      let expected = Array(text[..<place]) + Array(escape.utf8) + Array(text[(place + 1)...]) + [10]
      #expect(encoder.take().texts[0] == expected)
    }
  }

  @Test func cleanTextIsCopied() {
    let hex = Array("66401122334455667788e901".utf8)
    for (format, expected) in [
      (machine, "\"66401122334455667788e901\""), (columnar, "66401122334455667788e901"),
      (spreadsheet, "\"'66401122334455667788e901\""),
    ] {
      var encoder = RowEncoder(schema: texts("a", "b"), columns: [0], format: format)
      encoder.cleanText(hex.span)
      encoder.endRow()
      #expect(String(decoding: encoder.take().texts[0], as: UTF8.self).hasPrefix(expected))
    }
  }

  @Test(arguments: [
    (0, "0"), (7, "7"), (10, "10"), (99, "99"), (100, "100"), (-1, "-1"), (12_345, "12345"), (99_999_999, "99999999"),
    (100_000_000, "100000000"), (10_000_000_000_000_000, "10000000000000000"), (-1_000_000_007, "-1000000007"),
    (Int64.max, "9223372036854775807"), (Int64.min, "-9223372036854775808"),
  ])
  func integers(value: Int64, text: String) {
    var encoder = RowEncoder(schema: everyType, columns: [1], format: machine)
    encoder.integer(value)
    encoder.endRow()
    #expect(String(decoding: encoder.take().texts[0], as: UTF8.self) == text + "\r\n")
  }

  @Test(arguments: [
    ("0", "0"), ("5", "5"), ("-5", "-5"), ("0.25", "0.25"), ("-0.000001", "-0.000001"), ("1.10", "1.1"),
    ("9223372036854.775807", "9223372036854.775807"), ("100.000100", "100.0001"),
  ])
  func amounts(value: String, text: String) throws {
    var encoder = RowEncoder(schema: everyType, columns: [2], format: machine)
    encoder.decimal(try #require(Credits(value)))
    encoder.endRow()
    #expect(String(decoding: encoder.take().texts[0], as: UTF8.self) == text + "\r\n")
  }

  @Test func amountsBeyondSixtyFourBits() {
    var encoder = RowEncoder(schema: everyType, columns: [2], format: .csv(.machine))
    encoder.decimal(Credits(millionths: -10_000_000_000_000_000_000_500_000))
    encoder.endRow()
    #expect(String(decoding: encoder.take().texts[0], as: UTF8.self) == "-10000000000000000000.5\r\n")
  }

  @Test func timesOfTheFirstAndTheLastYear() {
    var encoder = RowEncoder(schema: everyType, columns: [3], format: machine)
    for time in [Timestamp.earliest, Timestamp.latest, Timestamp(microseconds: -1)] {
      encoder.timestamp(time)
      encoder.endRow()
    }
    #expect(
      String(decoding: encoder.take().texts[0], as: UTF8.self)
        == "0001-01-01T00:00:00.000000\r\n9999-12-31T23:59:59.999999\r\n1969-12-31T23:59:59.999999\r\n")
  }

  @Test func numbersThatASpreadsheetWouldRoundAreText() throws {
    var encoder = RowEncoder(schema: everyType, columns: [1, 2], format: .csv(.spreadsheet(.semicolon)))
    encoder.integer(999_999_999_999_999)
    encoder.decimal(try #require(Credits("123456789012.345")))
    encoder.endRow()
    encoder.integer(-1_000_000_000_000_000)
    encoder.decimal(try #require(Credits("1234567890.123456")))
    encoder.endRow()
    #expect(
      String(decoding: encoder.take().texts[0], as: UTF8.self)
        == "999999999999999;123456789012,345\r\n\"'-1000000000000000\";\"'1234567890,123456\"\r\n")
  }
}
