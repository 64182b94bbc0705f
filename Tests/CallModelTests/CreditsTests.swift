import CallModel
import Testing

@Suite struct CreditsTests {
  private func read(_ json: String) -> Credits? { Credits(decimal: Array(json.utf8).span) }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("5", 5_000_000), ("-1", -1_000_000), ("0.25", 250_000), ("0.000001", 1), ("-0.000001", -1),
      ("1.10", 1_100_000), ("25e-2", 250_000), ("25E-2", 250_000), ("2.5e1", 25_000_000), ("1e+3", 1_000_000_000),
      ("0e1", 0), ("0e-99999999999999999999", 0), ("0.0000000000000000000000000000000000", 0), ("1e-6", 1),
      ("10e-7", 1),
      ("1000000000000000000000000000000e-30", 1_000_000), ("0.0000000000000000000000000001e28", 1_000_000),
      ("9223372036854.775807", 9_223_372_036_854_775_807), ("-9223372036854.775807", -9_223_372_036_854_775_807),
      ("9223372036854775807e-6", 9_223_372_036_854_775_807), ("4503599627.370497", 4_503_599_627_370_497),
    ] as [(String, Int128)])
  func `a JSON number is read exactly`(json: String, millionths: Int128) {
    #expect(read(json)?.millionths == millionths)
  }

  @Test(arguments: [
    "", "-", "+5", ".5", "5.", "5.e1", "5e", "5e+", "5e1.5", "1e1x", "x", "5 ", " 5", "1,5", "1.2.3", "--1", "0x10",
    "Infinity", "NaN", "1e-7", "0.0000001", "9223372036854.775808", "-9223372036854.775808", "9223372036855", "1e13",
    "1e400", "1e9999999999999999999999", "1e-400", "100000000000000000000000000000000000000000000000000",
    "123456789012345678901234567890123456789e-30", "007", "-01", "00", "00.5",
  ])
  func `what is no JSON number, too fine or too large is refused`(json: String) { #expect(read(json) == nil) }

  @Test func `an amount of a hundred thousand digits is read or refused, not feared`() {
    let zeros = String(repeating: "0", count: 100_000)
    #expect(read("5." + zeros)?.millionths == 5_000_000)
    #expect(read("5." + zeros + "1") == nil)
    #expect(read("5" + zeros) == nil)
    #expect(read("5" + zeros + "e-100000") == nil)
  }

  @Test(
    arguments: [
      (0, "0"), (5_000_000, "5"), (-250_000, "-0.25"), (1, "0.000001"), (-1, "-0.000001"), (1_100_000, "1.1"),
      (100_000_000, "100"), (1_000_010, "1.00001"), (-12_345_678, "-12.345678"),
      (9_223_372_036_854_775_807, "9223372036854.775807"),
      (Int128.max, "170141183460469231731687303715884.105727"),
      (Int128.min, "-170141183460469231731687303715884.105728"),
    ] as [(Int128, String)])
  func `amounts are printed without trailing zeros`(millionths: Int128, text: String) {
    #expect(Credits(millionths: millionths).description == text)
  }

  @Test func `what is printed is read back`() {
    for power in 0..<63 {
      for near in [-1, 0, 1] as [Int128] {
        let amount = Credits(millionths: (Int128(1) << power) + near)
        #expect(Credits(amount.description) == amount)
        #expect(Credits("-" + amount.description)?.millionths == -amount.millionths)
      }
    }
  }

  @Test(arguments: ["1e2", "25e-2", "5E0", "five", "", String(repeating: "0", count: 41)])
  func `a text is a plain decimal, without exponent`(text: String) { #expect(Credits(text) == nil) }

  @Test func `sums of a thousand million of the largest amounts are exact`() {
    let sum = 1_000_000_000 * Credits.largestAmount
    #expect(sum.description == "9223372036854775807000")
    #expect(sum - 999_999_999 * Credits.largestAmount == .largestAmount)
    #expect(Credits.zero - sum < .zero && (Credits.zero - sum).magnitude == sum)
    #expect(3 * Credits(millionths: 100_000) == Credits(millionths: 300_000))
  }
}
