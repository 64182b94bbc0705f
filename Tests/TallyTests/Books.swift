import CallModel
import Foundation
import Intake
import Tally

/// The books of a few lines of JSON, as a run would keep them.
struct Books {
  let ledger: EventLedger
  let outcomes: [EventLedger.Outcome]
  let rule: StatusRule

  /// Each element of `archives` is one archive's lines.
  init(archives: [[String]], billing: BillingRule = BillingRule()) throws {
    var ledger = EventLedger()
    var outcomes: [EventLedger.Outcome] = []
    for (number, lines) in archives.enumerated() {
      outcomes.append(ledger.commit(try Books.batch(lines), archive: UInt32(number), firstLine: 0))
    }
    ledger.close()
    self.ledger = ledger
    self.outcomes = outcomes
    rule = StatusRule(billing, of: ledger.calls)
  }

  init(_ lines: [String], billing: BillingRule = BillingRule()) throws {
    try self.init(archives: [lines], billing: billing)
  }

  /// The lines as one decoded batch.
  static func batch(_ lines: [String]) throws -> EventBatch {
    let path = NSTemporaryDirectory() + "/calltally-books-\(UUID().uuidString).jsonl"
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    var reader = try ArchiveReader(path: path, limits: IntakeLimits())
    var decoder = EventDecoder(limits: IntakeLimits(), zone: .utc)
    var batch = EventBatch()
    var chunk = Chunk()
    if try reader.nextChunk(into: &chunk) { decoder.decode(chunk, into: &batch) }
    return batch
  }

  var calls: [Call] { (0..<ledger.calls.count).map { Call($0, in: ledger.calls, rule: rule) } }

  /// The call of a conversation.
  func call(_ id: String) -> Call? { calls.first { ledger.calls.conversationID(of: $0) == id } }

  func text(_ text: CallText, of call: Call) -> String? { ledger.calls.string(text, of: call) }

  /// What the calls add up to, added in ranges that end at `cuts` and then merged.
  func totals(cuts: [Int] = [], _ judgement: CallJudgement = CallJudgement()) -> CallTotals {
    var totals = CallTotals(judgement)
    for (start, end) in zip([0] + cuts, cuts + [ledger.calls.count]) {
      var part = CallTotals(judgement)
      for call in calls[start..<end] { part.add(call, in: ledger.calls, rule: rule, clock: .utc) }
      totals.merge(part)
    }
    totals.finish(in: ledger.calls, rule: rule)
    return totals
  }

  func reconciliation(
    tolerance: Tolerance = Tolerance(), shown: (String) -> String? = { $0 }
  ) -> Reconciliation {
    Reconciliation(
      CampaignRecord.all(ledger, totals().campaignDays, rule: rule, clock: .utc), tolerance: tolerance,
      billing: rule.billing,
      shown: shown)
  }
}

extension BusinessClock {
  static let utc = BusinessClock(provider: .utc, business: .utc, isSame: true)
}

/// A line of a call event: `members` are further members as JSON.
func line(_ event: String, _ id: String, _ conversation: String, at time: String? = nil, _ members: String = "")
  -> String
{
  let timestamp = time.map { ",\"timestamp\":\"2026-04-08T\($0)\"" } ?? ""
  let rest = members.isEmpty ? "" : ",\(members)"
  return "{\"event\":\"\(event)\",\"event_id\":\"\(id)\",\"conversation_id\":\"\(conversation)\"\(timestamp)\(rest)}"
}

/// A line of a campaign event.
func campaign(_ event: String, _ id: String, _ campaign: String, _ members: String = "") -> String {
  let rest = members.isEmpty ? "" : ",\(members)"
  return "{\"event\":\"\(event)\",\"event_id\":\"\(id)\",\"campaign_id\":\"\(campaign)\"\(rest)}"
}

/// Numbers that look random and are the same on every machine.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}
