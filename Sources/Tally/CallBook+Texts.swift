package import CallModel

/// A text of a call's events, by the block of texts that it stands in.
package enum CallText: Sendable {
  case agent(TextBlock.Agent)
  case contact(TextBlock.Contact)
  case outcome(TextBlock.Outcome)
  case callInsights
}

extension CallBook {
  /// Lends the URL of a call's recording, from the event with the most authority that has one; false where none has.
  /// `scratch` is memory to put it together in.
  package func lendRecordingURL(of call: Call, _ scratch: inout [UInt8], _ body: (Span<UInt8>) -> Void) -> Bool {
    for place in Call.authorities where call.winners[place] >= 0 {
      let event = events[Int(call.winners[place])]
      if lend(TextBlock.Outcome.recordingPattern.rawValue, at: event.outcome, { fill($0, of: call, &scratch) }) {
        body(scratch.span)
        return true
      }
      let result = event.hasResult ? event.numbers : 0
      if lend(TextBlock.Result.recordingURL.rawValue, at: result, behindNumbers: true, body) { return true }
    }
    return false
  }

  /// The `hash64` of the URL of a call's recording where that is no pattern's; nil where it is, or there is none.
  package func hashOfLiteralRecording(of call: Call) -> UInt64? {
    for place in Call.authorities where call.winners[place] >= 0 {
      let event = events[Int(call.winners[place])]
      if hasRecordingPattern(event.outcome) { return nil }
      var hash: UInt64 = 0
      let result = event.hasResult ? event.numbers : 0
      if lend(TextBlock.Result.recordingURL.rawValue, at: result, behindNumbers: true, { hash = hash64($0) }) {
        return hash
      }
    }
    return nil
  }

  /// Whether an outcome names its call's recording by a pattern.
  func hasRecordingPattern(_ outcome: TextArena.Address) -> Bool {
    lend(TextBlock.Outcome.recordingPattern.rawValue, at: outcome) { _ in }
  }

  /// What stands before and behind the call's id in every pattern of the book's recordings.
  var recordingPatterns: Set<[[UInt8]]> {
    var patterns: Set<[[UInt8]]> = []
    for outcome in outcomes {
      _ = lend(TextBlock.Outcome.recordingPattern.rawValue, at: outcome) { pattern in
        var text: [UInt8] = []
        text.append(copying: pattern)
        patterns.insert(
          text.split(separator: TextBlock.idMark, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init))
      }
    }
    return patterns
  }

  /// The URL of a call's recording; nil where there is none.
  func recordingURL(of call: Call) -> [UInt8]? {
    var (scratch, url): ([UInt8], [UInt8]) = ([], [])
    return lendRecordingURL(of: call, &scratch, { url.append(copying: $0) }) ? url : nil
  }

  /// The campaign that an event of the call names beside its own, that with the most authority; nil where all that count
  /// name the same one. An empty name is none.
  func otherCampaign(of call: Call) -> String? {
    var own: String?
    var seen = TextArena.Address(0)
    for place in Call.authorities where call.winners[place] >= 0 {
      let agent = events[Int(call.winners[place])].agent
      guard agent != 0, agent != seen else { continue }
      seen = agent
      guard let id = text(TextBlock.Agent.campaignID.rawValue, at: agent), !id.isEmpty else { continue }
      if let own, !own.utf8.elementsEqual(id.utf8) { return id }
      own = id
    }
    return nil
  }

  /// The status that the event of a kind tells that counts.
  func status(of kind: EventKind, of call: Call) -> String? {
    let winner = call.winners[kind.authority]
    let outcome = winner < 0 ? 0 : events[Int(winner)].outcome
    return outcome == 0 ? nil : text(TextBlock.Outcome.status.rawValue, at: outcome)
  }

  /// Lends a text of the block at `address`, or of the result block behind the numbers there.
  private func lend(
    _ index: Int, at address: TextArena.Address, behindNumbers: Bool = false, _ body: (Span<UInt8>) -> Void
  ) -> Bool {
    guard address != 0 else { return false }
    return arena.withBlock(at: address) { block, offset in
      let start = behindNumbers ? EventNumbers.end(block, offset) : offset
      guard let range = TextBlock.text(index, at: start, of: block) else { return false }
      body(block.extracting(range))
      return true
    }
  }

  /// Puts the call's id into the place of a pattern that is marked for it.
  private func fill(_ pattern: Span<UInt8>, of call: Call, _ text: inout [UInt8]) {
    text.removeAll(keepingCapacity: true)
    var mark = 0
    while pattern[mark] != TextBlock.idMark { mark &+= 1 }
    text.append(copying: pattern.extracting(0..<mark))
    conversations.withBytes(call.number) { text.append(copying: $0) }
    text.append(copying: pattern.extracting((mark &+ 1)..<pattern.count))
  }

  /// The agent blocks of a call's events by authority: whatever the agent's texts and its campaign are hangs on these
  /// four numbers alone.
  @inline(__always)
  package func agentBlocks(of call: Call) -> SIMD4<UInt32> {
    var blocks = SIMD4<UInt32>()
    for place in 0..<4 where call.winners[place] >= 0 { blocks[place] = events[Int(call.winners[place])].agent }
    return blocks
  }

  /// The outcome blocks of a call's events by authority, on which its status and errors hang.
  @inline(__always)
  package func outcomeBlocks(of call: Call) -> SIMD4<UInt32> {
    var blocks = SIMD4<UInt32>()
    for place in 0..<4 where call.winners[place] >= 0 { blocks[place] = events[Int(call.winners[place])].outcome }
    return blocks
  }

  /// Lends a text of a call, from the event with the most authority that has it; false where none has.
  package func lend(_ text: CallText, of call: Call, _ body: (Span<UInt8>) -> Void) -> Bool {
    withText(text, of: call, body) != nil
  }

  @inline(__always)
  func withText<Value>(_ text: CallText, of call: Call, _ body: (Span<UInt8>) -> Value) -> Value? {
    for place in Call.authorities where call.winners[place] >= 0 {
      let (address, index) = location(of: text, in: events[Int(call.winners[place])])
      guard address != 0 else { continue }
      let value: Value? = arena.withBlock(at: address) { block, offset in
        guard let range = CallBook.range(of: text, index, at: offset, of: block) else { return nil }
        return body(block.extracting(range))
      }
      if let value { return value }
    }
    return nil
  }

  /// The block and place of a text, if the event has the block.
  @inline(__always)
  private func location(of text: CallText, in event: StoredEvent) -> (address: TextArena.Address, index: Int) {
    switch text {
    case .agent(let text): (event.agent, text.rawValue)
    case .contact(let text): (event.contact, text.rawValue)
    case .outcome(let text): (event.outcome, text.rawValue)
    case .callInsights: (event.hasResult ? event.numbers : 0, TextBlock.Result.callInsights.rawValue)
    }
  }

  /// A result block stands behind its event's numbers; all others begin at their own address.
  @inline(__always)
  private static func range(
    of text: CallText, _ index: Int, at offset: Int, of block: Span<UInt8>
  ) -> Range<Int>? {
    let start = if case .callInsights = text { EventNumbers.end(block, offset) } else { offset }
    return TextBlock.text(index, at: start, of: block)
  }

  /// A text of a call as a string.
  package func string(_ text: CallText, of call: Call) -> String? { withText(text, of: call, CallBook.string) }

  package func conversationID(of call: Call) -> String { conversations.text(call.number) }

  /// The number of the call with a `conversation_id`.
  package func number(ofCall id: String) -> Int? {
    let bytes = Array(id.utf8)
    return conversations.find(bytes.span, hash: hash64(bytes.span))
  }

  /// Lends the call's `conversation_id`.
  package func lendConversationID(of call: Int, _ body: (Span<UInt8>) -> Void) { conversations.withBytes(call, body) }

  /// The first 16 bytes of a call's `conversation_id` as big-endian words, with zeros behind a shorter one.
  package func conversationIDHead(of call: Int) -> (UInt64, UInt64) {
    conversations.withBytes(call) { id in
      if id.count < 8 { return (id.shortWord(at: 0).byteSwapped, 0) }
      return (id.word(at: 0).byteSwapped, id.count < 16 ? id.shortWord(at: 8).byteSwapped : id.word(at: 8).byteSwapped)
    }
  }

  /// Whether the `conversation_id` of one call comes before that of another, byte by byte.
  package func hasLesserID(_ left: Int, than right: Int) -> Bool {
    conversations.withBytes(left) { first in
      conversations.withBytes(right) { second in
        for index in 0..<min(first.count, second.count) where first[index] != second[index] {
          return first[index] < second[index]
        }
        return first.count < second.count
      }
    }
  }

  /// The record of the event with the most authority.
  package func origin(of call: Call) -> RecordOrigin? { winner(of: call).map { events[$0].origin } }

  /// The records of the events that count, at most one of each kind.
  package func origins(of call: Call) -> [RecordOrigin] {
    (0..<4).compactMap { call.winners[$0] < 0 ? nil : events[Int(call.winners[$0])].origin }
  }

  /// An event that counts.
  package struct CountedEvent: Sendable {
    package let kind: EventKind
    package let origin: RecordOrigin
    /// A hash of its whole line.
    package let contentHash: UInt64
    /// Microseconds of the provider's clock, or `EventRecord.null`.
    package let timestamp: Int64
  }

  /// The events that count, at most one of each kind, in the order of `origins(of:)`.
  package func countedEvents(of call: Call) -> [CountedEvent] {
    (0..<4).compactMap { place in
      let number = Int(call.winners[place])
      guard number >= 0 else { return nil }
      let event = events[number]
      return CountedEvent(
        kind: event.kind, origin: event.origin, contentHash: event.contentHash,
        timestamp: eventNumbers(number).timestamp)
    }
  }

  /// Further deliveries of the call's `call.processed`.
  package func repeatedCharges(of call: Call) -> UInt32 {
    entries[call.number].isChargedAgain ? chargedAgain[UInt32(call.number), default: 0] : 0
  }

  /// Hashes of the whole lines of the events that count, in the order of `origins(of:)`.
  package func contentHashes(of call: Call) -> [UInt64] {
    (0..<4).compactMap { call.winners[$0] < 0 ? nil : events[Int(call.winners[$0])].contentHash }
  }

  /// The event with the most authority, by its number.
  func winner(of call: Call) -> Int? {
    for place in Call.authorities where call.winners[place] >= 0 { return Int(call.winners[place]) }
    return nil
  }

  /// The record of the event of a kind that counts.
  package func origin(of kind: EventKind, of call: Call) -> RecordOrigin? {
    let winner = call.winners[kind.authority]
    return winner < 0 ? nil : events[Int(winner)].origin
  }

  func text(_ index: Int, at address: TextArena.Address) -> String? {
    arena.withBlock(at: address) { block, offset in
      TextBlock.text(index, at: offset, of: block).map { CallBook.string(block.extracting($0)) }
    }
  }

  private static func string(_ bytes: Span<UInt8>) -> String {
    var copy: [UInt8] = []
    copy.append(copying: bytes)
    return String(decoding: copy, as: UTF8.self)
  }
}

extension CallBook {
  /// Those of some calls that have a text, in the archive order of the events that it comes from.
  package func owners(of text: CallText, among calls: [UInt32], rule: borrowing StatusRule) -> [UInt32] {
    var found: [(event: Int32, call: UInt32)] = []
    for number in calls {
      let call = Call(Int(number), in: self, rule: rule)
      if let event = provider(of: text, of: call) { found.append((event, number)) }
    }
    found.sort { $0.event < $1.event }
    return found.map(\.call)
  }

  /// The event that a text of a call comes from, by its number.
  private func provider(of text: CallText, of call: Call) -> Int32? {
    for place in Call.authorities where call.winners[place] >= 0 {
      let (address, index) = location(of: text, in: events[Int(call.winners[place])])
      guard address != 0 else { continue }
      let isThere = arena.withBlock(at: address) { block, offset in
        CallBook.range(of: text, index, at: offset, of: block) != nil
      }
      if isThere { return call.winners[place] }
    }
    return nil
  }
}
