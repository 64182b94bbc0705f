import CallModel

extension CallExamination {
  /// Adds what the calls show together, when all of them have been looked at.
  mutating func finish(in book: borrowing CallBook, rule: borrowing StatusRule) {
    addSharedRecordings(in: book, rule: rule)
    if let finding = BillingRuleInference.finding(billed.pairs(rule.billing), rule.billing, judgement.subject) {
      findings.append(finding)
    }
    (recordings, billed) = ([], BilledCalls())
  }

  /// Calls that share a recording with one that had not ended when they connected.
  private mutating func addSharedRecordings(in book: borrowing CallBook, rule: borrowing StatusRule) {
    guard !recordings.isEmpty else { return }
    var groups: [[UInt8]: [UInt32]] = [:]
    recordings.sort { ($0.hash, $0.call) < ($1.hash, $1.call) }
    let patterns = book.recordingPatterns
    for index in recordings.indices {
      let (hash, number) = (recordings[index].hash, recordings[index].call)
      let hasEqual =
        (index > 0 && recordings[index - 1].hash == hash)
        || (index + 1 < recordings.count && recordings[index + 1].hash == hash)
      guard hasEqual || !patterns.isEmpty else { continue }
      guard let url = book.recordingURL(of: Call(Int(number), in: book, rule: rule)) else { continue }
      if hasEqual { groups[url, default: []].append(number) }
      for pattern in patterns where url.starts(with: pattern[0]) && url.reversed().starts(with: pattern[1].reversed()) {
        let id = url.dropFirst(pattern[0].count).dropLast(pattern[1].count)
        guard let other = book.number(ofCall: String(decoding: id, as: UTF8.self)), other != Int(number),
          book.recordingURL(of: Call(other, in: book, rule: rule)) == url
        else { continue }
        if !hasEqual { groups[url, default: []].append(number) }
        groups[url, default: []].append(UInt32(truncatingIfNeeded: other))
      }
    }
    for group in groups.values where group.count > 1 { addOverlaps(of: group, in: book, rule: rule) }
  }

  private mutating func addOverlaps(of group: [UInt32], in book: borrowing CallBook, rule: borrowing StatusRule) {
    var calls: [(connected: Timestamp, ended: Timestamp, id: String, call: Call)] = []
    for number in Set(group) {
      let call = Call(Int(number), in: book, rule: rule)
      if let connected = call.connectedAt, let ended = call.endedAt {
        calls.append((connected, ended, book.conversationID(of: call), call))
      }
    }
    calls.sort { ($0.connected, $0.ended, $0.id) < ($1.connected, $1.ended, $1.id) }
    var open: (ended: Timestamp, origin: RecordOrigin?)?
    for (connected, ended, id, call) in calls {
      let origin = book.origin(of: call)
      if let before = open, connected < before.ended {
        findings.append(
          Finding(
            .recordingOverlap, .call(id), campaignID: book.string(.agent(.campaignID), of: call),
            measure: "recording_url",
            message: "The call has the same recording as another one that had not ended when it began.", origin: origin,
            firstOrigin: before.origin))
      }
      if ended > open?.ended ?? .earliest { open = (ended, origin) }
    }
  }
}
