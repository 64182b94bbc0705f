import CallModel

extension SampleWriter {
  mutating func writeCampaignStarted(_ campaign: SampleCampaign) {
    writeHead("campaign.started", .campaignStarted, of: campaign, at: campaign.startedAt)
    out.append(utf8: #","status":"active""#)
    writeSchedule(campaign)
    out.append(utf8: ",\"started_at\":")
    out.append(time: campaign.startedAt)
    out.append(UInt8(ascii: "}"))
  }

  mutating func writeCampaignEnded(_ campaign: SampleCampaign) {
    var claims = [
      campaign.calls, campaign.completedCalls, campaign.calls - campaign.completedCalls, campaign.totalDuration,
      campaign.credits * 60, campaign.credits,
    ]
    if case .wrongClaims(let mask) = campaign.fault {
      for place in claims.indices where mask >> place & 1 == 1 { claims[place] += 1 + campaign.number % 5 }
    }
    writeHead("campaign.ended", .campaignEnded, of: campaign, at: campaign.lastProcessed + 3_000_000)
    writeSchedule(campaign)
    for (name, claim) in zip(["total_calls", "successful_calls", "failed_calls"], claims) {
      out.append(UInt8(ascii: ","))
      out.append(member: name)
      out.append(decimal: claim)
    }
    out.append(utf8: ",\"started_at\":")
    out.append(time: campaign.startedAt, as: campaign.number % 4 == 3 ? .colonBeforeFraction : .published)
    out.append(utf8: ",\"ended_at\":")
    out.append(time: campaign.endedAt)
    out.append(utf8: #","total_duration":""#)
    out.append(clock: claims[3])
    out.append(utf8: #"","billable_duration":""#)
    out.append(clock: claims[4])
    out.append(utf8: #"","total_credits":"#)
    out.append(decimal: claims[5])
    out.append(utf8: #","status":"completed"}"#)
  }

  private mutating func writeHead(
    _ event: String, _ form: SampleDelivery.Form, of campaign: SampleCampaign, at time: Int64
  ) {
    let agent = plan.agents[campaign.agent]
    var random = SampleRandom(
      seed: plan.seed(ofCampaign: campaign.number), .campaign, campaign.number + 1_000_000_000)
    out.append(utf8: #"{"agent_id":""#)
    out.append(contentsOf: agent.id)
    out.append(utf8: #"","event":""#)
    out.append(utf8: event)
    out.append(utf8: #"","event_id":"#)
    append(eventID: form, of: campaign.number)
    out.append(utf8: #","timestamp":"#)
    out.append(time: time)
    out.append(utf8: #","campaign_uid":"69d5f559"#)
    out.append(hex: random.word(), digits: 16)
    out.append(utf8: #"","campaign_id":""#)
    append(campaignID: campaign.number)
    out.append(utf8: #"","campaign_name":""#)
    book.append(slot: .product, &random, to: &out)
    out.append(utf8: " – ")
    book.append(slot: .city, &random, to: &out)
    out.append(UInt8(ascii: " "))
    out.append(decimal: campaign.number + 1)
    out.append(utf8: #"","user_id":"69088821"#)
    out.append(
      hex: SampleRandom.scattered((plan.sequence?.seed ?? plan.seed) &+ UInt64(campaign.agent % 3)), digits: 16)
    out.append(utf8: #"","workspace_id":""#)
    out.append(contentsOf: agent.workspace)
    out.append(utf8: #"","total_contacts":"#)
    out.append(decimal: campaign.calls)
  }

  private mutating func writeSchedule(_ campaign: SampleCampaign) {
    let daysBefore = Int64(1 + campaign.number % 9) * 24 * SampleDay.hour
    out.append(utf8: ",\"created_at\":")
    out.append(time: campaign.startedAt - daysBefore)
    out.append(utf8: ",\"scheduled_at\":")
    out.append(time: campaign.startedAt - campaign.startedAt % 60_000_000)
  }
}
