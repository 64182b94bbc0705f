import CallModel

extension SampleWriter {
  /// `context_data`: 0 to 4 members, what a customer's own system handed over.
  mutating func writeContext(_ call: SampleCall) {
    var random = SampleRandom(seed: plan.seed, .context, call.number)
    let members = random.below(5)
    let first = random.below(5)
    out.append(UInt8(ascii: "{"))
    for place in 0..<members {
      if place > 0 { out.append(UInt8(ascii: ",")) }
      switch (first + place) % 5 {
      case 0:
        out.append(utf8: #""crm_id":"CRM-"#)
        out.append(decimal: random.below(10_000_000), width: 4)
        out.append(UInt8(ascii: "\""))
      case 1:
        out.append(utf8: #""lead_score":"#)
        out.append(decimal: random.below(101))
      case 2:
        out.append(utf8: #""order":{"id":""#)
        book.append(slot: .order, &random, to: &out)
        out.append(utf8: #"","total":"#)
        out.append(decimal: random.within(5...900))
        out.append(UInt8(ascii: "."))
        out.append(decimal: random.below(100), width: 2)
        out.append(UInt8(ascii: "}"))
      case 3: out.append(utf8: random.chance(500) ? #""vip":true"# : #""vip":false"#)
      default:
        out.append(utf8: #""city":""#)
        book.append(slot: .city, &random, to: &out)
        out.append(UInt8(ascii: "\""))
      }
    }
    out.append(UInt8(ascii: "}"))
  }

  /// `call_insights`: 2 to 6 members, of every JSON type.
  mutating func writeInsights(_ call: SampleCall) {
    var random = SampleRandom(seed: plan.seed, .insights, call.number)
    guard call.status == .completed else { return out.append(utf8: "{}") }
    let first = random.below(10)
    out.append(UInt8(ascii: "{"))
    for place in 0..<random.within(2...6) {
      if place > 0 { out.append(UInt8(ascii: ",")) }
      writeInsight((first + place * 3) % 10, &random)
    }
    out.append(UInt8(ascii: "}"))
  }

  private mutating func writeInsight(_ kind: Int, _ random: inout SampleRandom) {
    switch kind {
    case 0: out.append(utf8: random.chance(600) ? #""appointment_booked":"yes""# : #""appointment_booked":"no""#)
    case 1:
      out.append(utf8: #""preferred_time":""#)
      book.append(slot: .time, &random, to: &out)
      out.append(UInt8(ascii: "\""))
    case 2:
      out.append(utf8: #""interest":"#)
      out.append(decimal: random.within(0...10))
    case 3:
      out.append(utf8: #""sentiment":"#)
      out.append(utf8: random.chance(300) ? "-0." : "0.")
      out.append(decimal: random.below(1_000), width: 3)
    case 4: out.append(utf8: random.chance(500) ? #""callback_wanted":true"# : #""callback_wanted":false"#)
    case 5: out.append(utf8: #""objection":null"#)
    case 6:
      out.append(utf8: #""topics":[""#)
      book.append(slot: .product, &random, to: &out)
      out.append(utf8: #"",""#)
      book.append(slot: .city, &random, to: &out)
      out.append(utf8: #""]"#)
    case 7:
      out.append(utf8: #""budget":{"amount":"#)
      out.append(decimal: random.within(1...400) * 25)
      out.append(utf8: #","currency":"INR"}"#)
    case 8:
      out.append(utf8: #""quoted_price":"#)
      out.append(decimal: random.within(1...99))
      out.append(utf8: "e2")
    default:
      out.append(utf8: #""summary":""#)
      book.appendSummary(&random, to: &out)
      out.append(UInt8(ascii: "\""))
    }
  }

  /// The turns of `transcripts`, agent and caller in turn: 2 to 30 of them, more for a longer call.
  mutating func writeTranscript(_ call: SampleCall) {
    var random = SampleRandom(seed: plan.seed, .transcript, call.number)
    let language = book.language(random.below(1_000))
    let isEscaped = random.chance(80)
    let topic = random.word()
    let turns = call.status == .voicemail ? 2 : min(30, max(2, call.duration / 14 + random.below(3)))
    for turn in 0..<turns {
      let isAgent = turn % 2 == 0
      out.append(utf8: turn > 0 ? "," : "")
      out.append(utf8: isAgent ? #"{"role":"assistant","content":""# : #"{"role":"user","content":""#)
      let start = out.count
      book.appendTurn(turn, of: turns, in: language, about: topic, &random, to: &out)
      if isEscaped { out.escapeNonASCII(from: start) }
      out.append(utf8: #""}"#)
    }
  }
}
