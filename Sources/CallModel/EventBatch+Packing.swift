extension PackedWriter {
  /// The events of a batch with their texts, and nothing of the text that it was decoded from.
  package mutating func put(_ batch: borrowing EventBatch) {
    put(batch.arena.span)
    for blocks in [batch.agents, batch.outcomes] {
      put(UInt64(blocks.count))
      for block in blocks {
        put(block.range)
        put(block.hash)
      }
    }
    put(UInt64(batch.campaigns.count))
    for campaign in batch.campaigns { put(campaign) }
    put(UInt64(batch.timestampFaults.count))
    for fault in batch.timestampFaults {
      put(UInt64(fault.event))
      put(fault.field)
    }
    put(UInt64(batch.events.count))
    for event in batch.events { put(event) }
  }

  private mutating func put(_ range: ByteRange) {
    put(UInt64(range.offset))
    put(UInt64(range.length))
  }

  private mutating func put(_ event: EventRecord) {
    put(UInt64(event.kind.rawValue))
    put(UInt64(event.line))
    for word in [event.key.high, event.key.low, UInt64(event.key.digits), event.contentHash, event.conversationHash] {
      put(word)
    }
    for number in [event.timestamp, event.connectedAt, event.endedAt, event.credits, event.duration] {
      put(signed: number)
    }
    for range in [event.verbatimID, event.conversation, event.contact, event.result] { put(range) }
    for place in [event.agent, event.outcome, event.campaign] { put(UInt64(place)) }
  }

  private mutating func put(_ event: CampaignEvent) {
    put(UInt64(event.kind.rawValue))
    put(event.campaignID)
    for text in [
      event.campaignUID, event.campaignName, event.workspaceID, event.userID, event.agentID, event.status,
    ] { put(text) }
    for time in [event.timestamp, event.createdAt, event.scheduledAt, event.startedAt, event.endedAt] {
      put(signed: time?.microseconds ?? EventRecord.null)
    }
    let claims = event.claims
    for number in [
      event.totalContacts, claims.totalCalls, claims.successfulCalls, claims.failedCalls, claims.totalDuration,
      claims.billableDuration,
    ] { put(optional: number) }
    put(claims.totalCredits == nil ? 0 : 1)
    if let credits = claims.totalCredits { put(credits.millionths) }
  }

  private mutating func put(optional number: Int64?) {
    put(number == nil ? 0 : 1)
    if let number { put(signed: number) }
  }
}

extension PackedReader {
  package mutating func batch() -> EventBatch {
    var batch = EventBatch()
    batch.arena = text()
    batch.agents = sharedBlocks()
    batch.outcomes = sharedBlocks()
    for _ in 0..<count() { batch.campaigns.append(campaignEvent()) }
    for _ in 0..<count() { batch.timestampFaults.append(TimestampFault(event: word(), field: string())) }
    for _ in 0..<count() { batch.events.append(eventRecord()) }
    return batch
  }

  private mutating func sharedBlocks() -> [TextBlock.Shared] {
    (0..<count()).map { _ in TextBlock.Shared(range: range(), hash: number()) }
  }

  private mutating func range() -> ByteRange {
    var range = ByteRange.empty
    (range.offset, range.length) = (word(), word())
    return range
  }

  private mutating func kind() -> EventKind {
    guard let kind = EventKind(rawValue: UInt8(truncatingIfNeeded: number())) else {
      isIntact = false
      return .callStarted
    }
    return kind
  }

  private mutating func eventRecord() -> EventRecord {
    let (kind, line) = (kind(), word())
    let key = EventKey(high: number(), low: number(), digits: UInt8(truncatingIfNeeded: number()))
    var event = EventRecord(kind: kind, line: line, key: key, contentHash: number())
    event.conversationHash = number()
    (event.timestamp, event.connectedAt, event.endedAt) = (signed(), signed(), signed())
    (event.credits, event.duration) = (signed(), signed())
    (event.verbatimID, event.conversation, event.contact, event.result) = (range(), range(), range(), range())
    (event.agent, event.outcome, event.campaign) = (word(), word(), word())
    return event
  }

  private mutating func campaignEvent() -> CampaignEvent {
    var event = CampaignEvent(kind: kind(), campaignID: string())
    (event.campaignUID, event.campaignName, event.workspaceID) = (optionalString(), optionalString(), optionalString())
    (event.userID, event.agentID, event.status) = (optionalString(), optionalString(), optionalString())
    (event.timestamp, event.createdAt, event.scheduledAt) = (time(), time(), time())
    (event.startedAt, event.endedAt) = (time(), time())
    event.totalContacts = optionalNumber()
    (event.claims.totalCalls, event.claims.successfulCalls) = (optionalNumber(), optionalNumber())
    (event.claims.failedCalls, event.claims.totalDuration) = (optionalNumber(), optionalNumber())
    event.claims.billableDuration = optionalNumber()
    if int() != 0 { event.claims.totalCredits = Credits(millionths: wide()) }
    return event
  }

  private mutating func time() -> Timestamp? {
    let microseconds = signed()
    return microseconds == EventRecord.null ? nil : Timestamp(microseconds: microseconds)
  }

  private mutating func optionalNumber() -> Int64? { int() == 0 ? nil : signed() }
}
