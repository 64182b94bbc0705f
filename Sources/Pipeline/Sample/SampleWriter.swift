import CallModel

/// Writes deliveries as lines of JSON, members in the provider's order, byte by byte and without a value in between.
struct SampleWriter {
  /// The plan of the day whose deliveries are written.
  var plan: SamplePlan
  let book = SampleBook.shared
  var out: [UInt8] = []
  private(set) var lines = 0

  init(_ plan: SamplePlan) { self.plan = plan }

  mutating func write(_ delivery: SampleDelivery) {
    switch delivery.form {
    case .campaignStarted: writeCampaignStarted(plan.campaigns[delivery.subject])
    case .campaignEnded: writeCampaignEnded(plan.campaigns[delivery.subject])
    default: write(delivery.form, of: SampleCall(delivery.subject, in: plan))
    }
    out.append(UInt8(ascii: "\n"))
    lines += 1
  }

  private mutating func write(_ form: SampleDelivery.Form, of call: SampleCall) {
    let start = out.count
    switch form {
    case .started: writeStarted(call)
    case .completed: writeCompleted(call, duration: call.duration)
    case .conflicting: writeCompleted(call, duration: call.duration + 7)
    case .processed: writeProcessed(call, .processed)
    case .processedAgain: writeProcessed(call, .processedAgain)
    case .recording: writeRecording(call)
    case .unknownEvent: writeUnknownEvent(call)
    case .cutLine:
      writeCompleted(call, duration: call.duration)
      out.removeLast((out.count - start) / 3)
    case .trailingJunk:
      writeCompleted(call, duration: call.duration)
      out.append(utf8: "}, 200 OK")
    case .noEventID:
      out.append(utf8: #"{"event":"call.completed","timestamp":"#)
      out.append(time: call.endedAt)
      out.append(utf8: #","status":"completed"}"#)
    case .duplicateKey:
      writeCompleted(call, duration: call.duration)
      out.removeLast()
      out.append(utf8: #","status":"failed"}"#)
    case .notAnObject: out.append(utf8: #"["call.completed","receiver restarted"]"#)
    case .blankLine: out.append(utf8: call.number % 2 == 0 ? "" : "  ")
    case .campaignStarted, .campaignEnded: break
    }
    if call.faults.contains(.carriageReturn) { out.append(UInt8(ascii: "\r")) }
  }

  /// Appends the value of an `event_id`: mostly 24 hexadecimal digits, some 32, none twice in a sample.
  mutating func append(eventID form: SampleDelivery.Form, of subject: Int) {
    let isCampaign = form == .campaignStarted || form == .campaignEnded
    let place = UInt64(subject) << 4 | UInt64(form.rawValue) | (isCampaign ? 1 << 60 : 0)
    let word = SampleRandom.scattered(plan.seed &* 0x2545_f491_4f6c_dd1d &+ place)
    var random = SampleRandom(seed: word, .eventID, 0)
    out.append(utf8: "\"evt_")
    out.append(hex: word, digits: 16)
    out.append(hex: random.word(), digits: random.chance(50) ? 16 : 8)
    out.append(UInt8(ascii: "\""))
  }

  /// Appends `conv_` and twelve digits; each step is a permutation of 48 bits, so no two calls share an id.
  mutating func append(conversationID call: SampleCall) {
    let mask: UInt64 = 0xffff_ffff_ffff
    var word = (UInt64(call.number) &+ plan.seed) &* 0x9e37_79b9_7f4b & mask
    word ^= word >> 25
    word = word &* 0xd6e8_feb8_6659 & mask
    out.append(utf8: "conv_")
    out.append(hex: word ^ word >> 24, digits: 12)
  }

  /// Appends `camp_` and eight digits; the multiplication is a permutation, so no two campaigns share an id.
  mutating func append(campaignID campaign: Int) {
    let word =
      UInt32(truncatingIfNeeded: campaign) &* 0x9e37_79b1
      ^ UInt32(truncatingIfNeeded: plan.seed(ofCampaign: campaign) &* 0x85eb_ca6b)
    out.append(utf8: "camp_")
    out.append(hex: UInt64(word), digits: 8)
  }
}
