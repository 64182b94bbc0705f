import CallModel

extension SampleWriter {
  mutating func writeStarted(_ call: SampleCall) {
    writeHead("call.started", .started, of: call, at: call.connectedAt)
    out.append(utf8: ",\"connected_at\":")
    out.append(time: call.connectedAt, as: call.faults.contains(.offsetTime) ? .indian : .published)
    out.append(UInt8(ascii: "}"))
  }

  /// `duration` in seconds.
  mutating func writeCompleted(_ call: SampleCall, duration: Int) {
    let faults = call.faults
    writeHead("call.completed", .completed, of: call, at: call.endedAt)
    writeStatus(call)
    out.append(utf8: ",\"call_duration\":")
    out.append(decimal: duration)
    out.append(utf8: ",\"connected_at\":")
    if call.isConnected {
      out.append(time: call.connectedAt, as: faults.contains(.colonTime) ? .colonBeforeFraction : .published)
    } else {
      out.append(utf8: "null")
    }
    out.append(utf8: ",\"ended_at\":")
    out.append(
      time: call.endedAt,
      as: faults.contains(.impossibleDate) ? .impossible : faults.contains(.zuluTime) ? .zulu : .published)
    writeError(call)
    out.append(UInt8(ascii: "}"))
  }

  mutating func writeProcessed(_ call: SampleCall, _ form: SampleDelivery.Form) {
    let faults = call.faults
    let time = form == .processedAgain ? call.processedAt + 30_000_000 : call.processedAt
    writeHead("call.processed", form, of: call, at: time)
    writeStatus(call)
    out.append(utf8: ",\"duration\":")
    out.append(decimal: call.duration + (faults.contains(.oddDuration) ? 1 + call.number % 30 : 0))
    out.append(utf8: ",\"credits\":")
    if faults.contains(.creditsAsText) { out.append(UInt8(ascii: "\"")) }
    out.append(decimal: call.credits + (faults.contains(.oddCredits) && call.number % 3 > 0 ? 1 : 0))
    if faults.contains(.oddCredits), call.number % 3 < 2 { out.append(utf8: ".25") }
    if faults.contains(.creditsAsText) { out.append(UInt8(ascii: "\"")) }
    out.append(utf8: ",\"recording_url\":")
    writeRecordingURL(call)
    out.append(utf8: ",\"call_insights\":")
    writeInsights(call)
    out.append(utf8: ",\"transcripts\":[")
    writeTranscript(call)
    out.append(UInt8(ascii: "]"))
    writeError(call)
    if faults.contains(.unknownField) { out.append(utf8: #","sentiment":{"score":0.82,"label":"positive"}"#) }
    out.append(UInt8(ascii: "}"))
  }

  mutating func writeRecording(_ call: SampleCall) {
    out.append(utf8: #"{"agent_id":""#)
    out.append(contentsOf: agent(of: call).id)
    out.append(utf8: #"","event":"call.recording","event_id":"#)
    append(eventID: .recording, of: call.number)
    out.append(utf8: ",\"timestamp\":")
    out.append(time: call.recordedAt)
    out.append(utf8: ",\"conversation_id\":\"")
    append(conversationID: call)
    out.append(utf8: "\",\"recording_url\":")
    writeRecordingURL(call)
    out.append(utf8: ",\"connected_at\":")
    out.append(time: call.connectedAt)
    out.append(utf8: ",\"ended_at\":")
    out.append(time: call.endedAt)
    out.append(utf8: ",\"campaign_id\":")
    writeCampaignID(call)
    out.append(UInt8(ascii: "}"))
  }

  /// An event that the provider may add one day.
  mutating func writeUnknownEvent(_ call: SampleCall) {
    out.append(utf8: #"{"event":"call.transferred","event_id":"#)
    append(eventID: .unknownEvent, of: call.number)
    out.append(utf8: ",\"timestamp\":")
    out.append(time: call.endedAt)
    out.append(utf8: ",\"conversation_id\":\"")
    append(conversationID: call)
    out.append(utf8: #"","transferred_to":"+14155550100"}"#)
  }

  // MARK: Blocks

  /// What `call.started`, `call.completed` and `call.processed` begin with.
  private mutating func writeHead(
    _ event: String, _ form: SampleDelivery.Form, of call: SampleCall, at time: Int64
  ) {
    let agent = agent(of: call)
    out.append(utf8: #"{"agent_id":""#)
    out.append(contentsOf: agent.id)
    out.append(utf8: #"","event":""#)
    out.append(utf8: event)
    out.append(utf8: "\",\"event_id\":")
    append(eventID: form, of: call.number)
    out.append(utf8: ",\"timestamp\":")
    out.append(time: time)
    out.append(utf8: ",\"conversation_id\":\"")
    append(conversationID: call)
    out.append(utf8: #"","agent_name":""#)
    out.append(utf8: agent.name)
    out.append(utf8: #"","workspace_id":""#)
    out.append(contentsOf: agent.workspace)
    writeContact(call, agent)
    out.append(utf8: ",\"campaign_id\":")
    writeCampaignID(call)
    out.append(utf8: ",\"context_data\":")
    writeContext(call)
  }

  private mutating func writeContact(_ call: SampleCall, _ agent: SampleAgent) {
    var random = SampleRandom(seed: plan.seed, .contact, call.number)
    let isInbound = call.campaign == nil
    out.append(utf8: #"","to_number":""#)
    if isInbound { out.append(utf8: agent.phoneNumber) } else { writePhoneNumber(&random) }
    out.append(utf8: #"","from_number":""#)
    if isInbound { writePhoneNumber(&random) } else { out.append(utf8: agent.phoneNumber) }
    out.append(utf8: isInbound ? #"","call_type":"inbound","username":"# : #"","call_type":"outbound","username":"#)
    if isInbound, random.chance(400) {
      out.append(utf8: "null")
    } else {
      out.append(UInt8(ascii: "\""))
      book.append(slot: .name, &random, to: &out)
      out.append(UInt8(ascii: "\""))
    }
  }

  private mutating func writePhoneNumber(_ random: inout SampleRandom) {
    switch random.below(10) {
    case 0..<4: book.append(slot: .phone, &random, to: &out)
    case 4..<8:
      out.append(utf8: "+919")
      out.append(decimal: random.below(1_000_000_000), width: 9)
    case 8:
      out.append(utf8: "+447")
      out.append(decimal: random.below(1_000_000_000), width: 9)
    default:
      out.append(utf8: "+49151")
      out.append(decimal: random.below(100_000_000), width: 8)
    }
  }

  private mutating func writeCampaignID(_ call: SampleCall) {
    guard let campaign = call.campaign else { return out.append(utf8: "null") }
    out.append(UInt8(ascii: "\""))
    append(campaignID: campaign)
    out.append(UInt8(ascii: "\""))
  }

  private mutating func writeStatus(_ call: SampleCall) {
    out.append(utf8: ",\"status\":\"")
    out.append(utf8: call.status.rawValue)
    out.append(UInt8(ascii: "\""))
  }

  private mutating func writeRecordingURL(_ call: SampleCall) {
    guard call.status == .completed else { return out.append(utf8: "null") }
    out.append(utf8: #""https://cdn.example.com/recordings/"#)
    append(conversationID: call)
    out.append(utf8: #".mp3""#)
  }

  /// Codes come as strings and as numbers, as they do from telephone networks.
  private mutating func writeError(_ call: SampleCall) {
    let texts: [String]
    switch call.status {
    case .completed: texts = ["null", "null"]
    case .voicemail: texts = [#""amd_machine""#, #""Answering machine detected""#]
    case .noAnswer:
      texts = call.number % 3 == 0 ? [#""no_answer""#, "null"] : ["480", #""No answer within the ring time""#]
    case .busy: texts = ["486", #""User busy""#]
    case .failed:
      switch call.number % 4 {
      case 0: texts = [#""SIP_503""#, #""Carrier unavailable: \"Service Unavailable\"""#]
      case 1: texts = ["404", #""Number not in service""#]
      case 2: texts = [#""21211""#, #""Invalid 'To' number""#]
      default: texts = ["603", #""Declined""#]
      }
    }
    out.append(utf8: ",\"error_code\":")
    out.append(utf8: texts[0])
    out.append(utf8: ",\"error_reason\":")
    out.append(utf8: texts[1])
  }

  private func agent(of call: SampleCall) -> SampleAgent {
    plan.agents[call.campaign.map { plan.campaigns[$0].agent } ?? call.number % plan.agents.count]
  }
}
