package import CallModel

/// The books while archives are being read: everything that depends on the order of events passes through here.
///
/// Batches come in archive order, one at a time; each event is deduplicated and then added to its call or campaign.
package struct EventLedger: Sendable {
  package private(set) var calls = CallBook()
  package private(set) var campaigns = CampaignBook()
  /// Conflicts and bad timestamps, in archive order.
  package private(set) var findings: [Finding] = []
  /// Accepted events, those of campaigns among them.
  package var events: Int { calls.events.count }
  private var verbatimIDs = IdentifierTable()
  /// Rows of the detail tables so far, those that were superseded among them.
  private var turnRows = 0
  private var insightRows = 0
  private var warmScratch: [Int32] = []
  private var warmth: UInt64 = 0
  /// When events happened; nil where nobody asks.
  package private(set) var times: EventTimes?

  package init(countingTimes: Bool = false) {
    if countingTimes { times = EventTimes() }
  }

  /// What committing a batch decided.
  package struct Outcome: Sendable {
    package var accepted = 0
    package var duplicates = 0
    package var conflicts = 0
    /// Accepted events by kind.
    package var acceptedByKind = [Int](repeating: 0, count: EventKind.allCases.count)
    package fileprivate(set) var turns = RowChanges()
    package fileprivate(set) var insights = RowChanges()
  }

  /// What a batch means for a table that is written while archives are read.
  package struct RowChanges: Sendable {
    /// Ranges of the batch's rows that are not to be written, ascending.
    package fileprivate(set) var leftOut: [Range<Int>] = []
    /// Ranges of rows over the whole run, written by now, that are no longer valid.
    package fileprivate(set) var replaced: [Range<Int>] = []
    /// Rows of the batch judged so far, and those of them that are left out.
    fileprivate var seen = 0
    fileprivate var out = 0

    /// The batch's next `count` rows, as they would stand behind `written` rows of the run.
    fileprivate func rows(_ count: UInt32, behind written: Int) -> Range<Int> {
      let first = written + seen - out
      return first..<(first + Int(count))
    }

    fileprivate mutating func pass(_ count: UInt32, leaveOut: Bool) {
      if leaveOut, count > 0 {
        leftOut.append(seen..<(seen + Int(count)))
        out += Int(count)
      }
      seen += Int(count)
    }

    fileprivate mutating func replace(_ rows: Range<Int>) {
      if !rows.isEmpty { replaced.append(rows) }
    }
  }

  /// Adds a batch's events; `firstLine` is the number of lines of the archive before the batch.
  package mutating func commit(_ batch: borrowing EventBatch, archive: UInt32, firstLine: UInt32) -> Outcome {
    var outcome = Outcome()
    let bytes = batch.arena.span
    calls.begin(batch)
    warmth &+= calls.warm(batch, &warmScratch)
    var fault = 0
    for index in batch.events.indices {
      let record = batch.events[index]
      let origin = RecordOrigin(archive: archive, line: firstLine &+ record.line)
      var key = record.key
      if key.digits == 0 {
        let id = bytes.extracting(record.verbatimID.start..<record.verbatimID.end)
        key.low = UInt64(verbatimIDs.number(of: id, hash: hash64(id)))
      }
      var isNew = false
      var leavesOut = true
      switch calls.delivery(key, contentHash: record.contentHash) {
      case .new:
        isNew = true
        outcome.accepted += 1
        outcome.acceptedByKind[Int(record.kind.rawValue)] += 1
        times?.add(record.timestamp, record.kind)
        leavesOut = accept(record, key, batch, origin, &outcome)
      case .duplicate:
        outcome.duplicates += 1
        if record.kind.isCall { calls.addDuplicate(record, bytes) }
      case .conflict(let first):
        outcome.conflicts += 1
        addConflict(record, batch, origin, first: first)
        if record.kind.isCall { calls.addConflict(record, batch, first: first) }
      }
      outcome.turns.pass(record.turnCount, leaveOut: leavesOut)
      outcome.insights.pass(record.insightCount, leaveOut: leavesOut)
      while fault < batch.timestampFaults.count, Int(batch.timestampFaults[fault].event) == index {
        if isNew { addTimestampFault(batch.timestampFaults[fault], record, batch, origin) }
        fault += 1
      }
    }
    turnRows += outcome.turns.seen - outcome.turns.out
    insightRows += outcome.insights.seen - outcome.insights.out
    return outcome
  }

  /// Adds an event to its call or campaign; true when its rows stay out of the detail tables.
  private mutating func accept(
    _ record: EventRecord, _ key: EventKey, _ batch: borrowing EventBatch, _ origin: RecordOrigin,
    _ outcome: inout Outcome
  ) -> Bool {
    guard record.kind.isCall else {
      calls.addCampaignEvent(record, key: key, origin: origin)
      campaigns.add(batch.campaigns[Int(record.campaign)], origin: origin)
      return false
    }
    let rows = DetailRows(
      turns: outcome.turns.rows(record.turnCount, behind: turnRows),
      insights: outcome.insights.rows(record.insightCount, behind: insightRows))
    switch calls.add(record, key: key, batch, origin: origin, rows: rows) {
    case .append: return false
    case .leaveOut: return true
    case .replace(let rows):
      outcome.turns.replace(rows.turns)
      outcome.insights.replace(rows.insights)
      return false
    }
  }

  private mutating func addConflict(
    _ record: EventRecord, _ batch: borrowing EventBatch, _ origin: RecordOrigin, first: RecordOrigin
  ) {
    let subject = subject(of: record, batch)
    findings.append(
      Finding(
        .conflict, subject.subject, campaignID: subject.campaignID, measure: record.kind.name,
        message: "The event_id was delivered again with other content; the first delivery counts.", origin: origin,
        firstOrigin: first))
  }

  private mutating func addTimestampFault(
    _ fault: TimestampFault, _ record: EventRecord, _ batch: borrowing EventBatch, _ origin: RecordOrigin
  ) {
    let subject = subject(of: record, batch)
    findings.append(
      Finding(
        .badTimestamp, subject.subject, campaignID: subject.campaignID, measure: fault.field,
        message: "\(fault.field) is an impossible time, and counts as unknown.", origin: origin))
  }

  private func subject(
    of record: EventRecord, _ batch: borrowing EventBatch
  ) -> (subject: Finding.Subject, campaignID: String?) {
    guard record.kind.isCall else {
      let id = batch.campaigns[Int(record.campaign)].campaignID
      return (.campaign(id), id)
    }
    let bytes = batch.arena.span
    var id: [UInt8] = []
    id.append(copying: bytes.extracting(record.conversation.start..<record.conversation.end))
    var campaignID: String?
    if let range = batch.campaignID(of: record) {
      var text: [UInt8] = []
      text.append(copying: bytes.extracting(range))
      campaignID = String(decoding: text, as: UTF8.self)
    }
    return (.call(String(decoding: id, as: UTF8.self)), campaignID)
  }

  /// Ends committing and gives back the memory that only it needs.
  package mutating func close() {
    calls.close()
    verbatimIDs = IdentifierTable()
  }
}
