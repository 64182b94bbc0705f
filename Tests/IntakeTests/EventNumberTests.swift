import CallModel
import Intake
import Testing

/// Numbers that the books use: exact, or the line is rejected. Nil stands for rejected.
@Suite struct EventNumberTests {
  @Test(
    arguments: [
      ("5", "5"), ("0", "0"), ("-0", "0"), ("0e1", "0"), ("0e99999999999999999999", "0"), ("0.000001", "0.000001"),
      ("1.5000000000000000000000000000000000000000", "1.5"), ("25e-2", "0.25"), ("1E+2", "100"), ("-1", "-1"),
      ("5.5", "5.5"), ("0.1", "0.1"), ("9223372036854.775807", "9223372036854.775807"),
      ("-9223372036854.775807", "-9223372036854.775807"), ("9223372036854.775808", nil),
      ("9007199254.740993", "9007199254.740993"),
      ("9007199254740993", nil), ("0.0000001", nil), ("0.00000000000000000000000000000000000000001", nil),
      ("1e400", nil), ("1e-400", nil), ("-1e400", nil), ("123456789012345678901234567890e-25", nil),
      ("100000000000000000000000000000e-25", "10000"), (#""5""#, "5"), (#""-0.25""#, "-0.25"), (#""5e0""#, nil),
      (#"" 5""#, nil), (#""""#, nil), (#""5,0""#, nil), (#""05""#, nil), (#""+5""#, nil), (#""5.""#, nil),
      (#""NaN""#, nil), ("true", nil), ("[5]", nil), ("{}", nil),
    ] as [(String, String?)])
  func `credits`(json: String, credits: String?) throws {
    let call = try reading(lines: [call("call.processed", 1, #""credits":\#(json)"#)])
    let campaign = try reading(lines: [campaignEnded(#""total_credits":\#(json)"#)])
    #expect(call.events.map(\.credits) == (credits.map { [$0] } ?? []))
    #expect(campaign.events.map { $0.claims?.totalCredits?.description } == (credits.map { [$0] } ?? []))
    #expect(call.codes == (credits == nil ? [.badField] : []))
    #expect(campaign.codes == call.codes)
    let isQuoted = json.hasPrefix("\"") && credits != nil
    #expect(call.drift == (isQuoted ? ["call.processed credits type_change string ×1 @1"] : []))
  }

  @Test(
    arguments: [
      ("300", 300), ("300.0", 300), ("3e2", 300), ("30000e-2", 300), ("0", 0), ("0e1", 0), ("-0", 0), ("5.5", nil),
      ("-1", nil), ("1e400", nil), ("99999999999", 99_999_999_999), ("100000000000", nil), ("9007199254740993", nil),
      (#""5""#, 5), (#""16""#, 16), (#""00:05:00""#, 300), (#""100:00:00""#, 360_000), (#""00:60:00""#, nil),
      (#""00:00:60""#, nil), (#""-1:00:00""#, nil), (#""1:2:3""#, 3_723), (#""00:00:16""#, 16), (#""00:005:00""#, nil),
      (#""00:05:016""#, nil), (#""3m 45s""#, 225), (#""3m45s""#, 225), (#""1h 3m 45s""#, 3_825), (#""45s""#, 45),
      (#""2h""#, 7_200), (#""45s 3m""#, nil), (#""3m 3m""#, nil), (#""3m 45""#, nil), (#""00:05""#, nil),
      (#""00:05:""#, nil), (#"":05:00""#, nil), (#""00:05:00:00""#, nil), (#""""#, nil), (#""5.5""#, nil),
      (#""1d""#, nil), (#""soon""#, nil), (#"" 5""#, nil), (#""99999999999999999999""#, nil),
      (#""99999999999:00:00""#, nil), ("true", nil), ("[]", nil),
    ] as [(String, Int64?)])
  func `durations`(json: String, seconds: Int64?) throws {
    let expected = seconds.map { [$0] } ?? []
    let completed = try reading(lines: [call("call.completed", 1, #""call_duration":\#(json)"#)])
    #expect(completed.events.compactMap(\.duration) == expected)
    #expect(completed.codes == (seconds == nil ? [.badField] : []))
    let processed = try reading(lines: [call("call.processed", 1, #""duration":\#(json)"#)])
    #expect(processed.events.compactMap(\.duration) == expected)
    let ended = try reading(lines: [campaignEnded(#""total_duration":\#(json),"billable_duration":\#(json)"#)])
    #expect(ended.events.compactMap(\.claims?.totalDuration) == expected)
    #expect(ended.events.compactMap(\.claims?.billableDuration) == expected)
  }

  @Test(
    arguments: [
      ("2", 2), ("2.0", 2), ("2e0", 2), ("0", 0), ("0e1", 0), ("9223372036854", 9_223_372_036_854),
      ("9223372036855", nil), ("9007199254740993", nil), ("-1", nil), ("5.5", nil), ("1e400", nil), (#""5""#, 5),
      (#""5.5""#, nil), (#""007""#, nil), (#""two""#, nil), ("false", nil),
    ] as [(String, Int64?)])
  func `counts`(json: String, count: Int64?) throws {
    for member in ["total_calls", "successful_calls", "failed_calls", "total_contacts"] {
      let reading = try reading(lines: [campaignEnded(#""\#(member)":\#(json)"#)])
      #expect(reading.codes == (count == nil ? [.badField] : []), "\(member)")
      guard let claims = reading.events.first?.claims else { continue }
      let claimed = [claims.totalCalls, claims.successfulCalls, claims.failedCalls].compactMap { $0 }
      #expect(claimed == (member == "total_contacts" ? [] : [count]))
    }
  }

  @Test func `null stays unknown`() throws {
    let reading = try reading(lines: [
      call("call.processed", 1, #""credits":null,"duration":null"#),
      campaignEnded(#""total_calls":null,"total_duration":null,"total_credits":null"#),
    ])
    #expect(reading.events.count == 2)
    #expect(reading.events[0].credits == nil && reading.events[0].duration == nil)
    #expect(reading.events[1].claims == CampaignClaims())
  }

  @Test func `error codes may be numbers or strings`() throws {
    let codes = ["500", #""no_answer""#, "null", "1.50"].map { #""error_code":\#($0)"# }
    let reading = try reading(lines: codes.enumerated().map { call("call.completed", $0, $1) })
    #expect(reading.events.map { $0.outcome[1] } == ["500", "no_answer", nil, "1.50"])
    #expect(reading.drift.isEmpty)
  }
}
