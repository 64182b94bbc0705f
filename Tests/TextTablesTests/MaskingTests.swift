import CallModel
import Testing
import TextTables

struct MaskingTests {
  private let key = MaskingKey(Array("key".utf8))

  /// The digest of RFC-style test data: HMAC-SHA-256 of "The quick brown fox jumps over the lazy dog" under "key".
  private let text = "The quick brown fox jumps over the lazy dog"
  private let digest = "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"

  @Test func findingsAndCellsAreMaskedAlike() {
    #expect(Masking.keep.masked(text) == text)
    #expect(Masking.drop.masked(text) == nil)
    #expect(Masking.last4.masked("+14155551234") == "…1234")
    #expect(Masking.hash(key).masked(text) == digest)
    #expect(cell("+14155551234", machine, masking: .last4) == "\"…1234\"")
    #expect(cell("+14155551234", spreadsheet, masking: .last4) == "\"…1234\"")
    #expect(cell(text, columnar, masking: .hash(key)) == digest)
    #expect(rendered([["secret"]], texts("a", masking: .drop), machine).texts == [[13, 10]])
    #expect(cell("secret", columnar, masking: .drop) == "\\N")
  }

  @Test(arguments: [("", "…"), ("1", "…"), ("1234", "…"), ("12345", "…2345"), ("aéü😀z", "…éü😀z"), ("éü😀z", "…")])
  func theLastFourCharacters(text: String, shown: String) {
    #expect(Masking.last4.masked(text) == shown)
  }

  @Test func nullStaysNull() {
    for masking in [Masking.last4, .hash(key), .drop] {
      #expect(rendered([[nil]], texts("a", masking: masking), machine).texts == [[13, 10]])
    }
  }

  @Test func typedCellsAreMaskedAsTheirMachineText() throws {
    var schema = everyType
    for index in schema.columns.indices { schema.columns[index].masking = .last4 }
    var encoder = RowEncoder(schema: schema, format: spreadsheet)
    encoder.cleanText(Array("abcdefgh".utf8).span)
    encoder.integer(123_456)
    encoder.decimal(try #require(Credits("12.345")))
    encoder.timestamp(lastMoment)
    encoder.date(lastMoment.day)
    encoder.json(Array("[true]".utf8).span)
    encoder.endRow()
    #expect(
      String(decoding: encoder.take().texts[0], as: UTF8.self)
        == "\"…efgh\",\"…3456\",\"….345\",\"…9999\",\"…4-08\",\"…rue]\"\r\n")
  }

  @Test func theKeyDoesNotPrint() {
    #expect("\(key)" == "(secret)")
    #expect(!"\(Masking.hash(key))".contains("SymmetricKey"))
  }
}
