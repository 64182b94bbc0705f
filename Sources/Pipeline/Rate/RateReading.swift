import CallModel
import Intake
import Synchronization
import Tally

/// What of billable calls a rule is inferred from.
struct BilledPairs: Sendable {
  struct Sighting: Sendable {
    var calls: Int64 = 0
    /// The first record of a call of this duration and amount, and whose it is.
    var first: RecordOrigin
    var call: Int
  }

  private(set) var pairs: [BilledPair: Sighting] = [:]

  mutating func add(_ pair: BilledPair, _ origin: RecordOrigin, call: Int) {
    var sighting = pairs[pair] ?? Sighting(first: origin, call: call)
    sighting.calls += 1
    if origin < sighting.first { (sighting.first, sighting.call) = (origin, call) }
    pairs[pair] = sighting
  }

  var counts: [BilledPair: Int64] { pairs.mapValues(\.calls) }

  /// The pairs that a rule does not explain, in the order of their first records.
  func counterExamples(to rule: BillingRuleInference.Rule) -> [(pair: BilledPair, sighting: Sighting)] {
    pairs.filter { !rule.explains($0.key) }.sorted { $0.value.first < $1.value.first }
      .map { (pair: $0.key, sighting: $0.value) }
  }
}

/// The `call.processed` of each call that counts, as in the books: of one delivered again the first delivery, of several
/// the latest by `timestamp`, then the later in archive order.
///
/// Nothing else of a call is kept, so a month of archives needs a small part of the memory that its books would.
struct ProcessedCalls: Sendable {
  private struct Charge {
    /// A hash of the `event_id`.
    var event: UInt64
    var timestamp: Int64
    var origin: RecordOrigin
    /// Places in `pairs`, `ids` and `ids`; a pair is below 0 where the call is not billable or lacks a figure.
    var pair, agent, workspace: Int32

    static let unbillable: Int32 = -1
    static let incomplete: Int32 = -2
  }

  enum Grouping: String, CaseIterable { case agent, workspace, day }

  /// What the calls come to.
  struct Counts: Sendable {
    var all = BilledPairs()
    /// By the group's id; an empty text stands for calls that name none.
    var groups: [Grouping: [String: [BilledPair: Int64]]] = [:]
    /// Billable calls whose `call.processed` lacks a duration or credits.
    var incomplete: Int64 = 0
  }

  private var conversations = IdentifierTable()
  private var charges: [Charge] = []
  private var pairs: [BilledPair] = []
  private var pairPlaces: [BilledPair: Int32] = [:]
  private var ids = IdentifierTable()
  private let billable: Set<String>

  init(billable: Set<String>) { self.billable = billable }

  /// `firstLine` is the number of lines of the archive before the batch.
  mutating func add(_ batch: borrowing EventBatch, archive: UInt32, firstLine: UInt32) {
    let bytes = batch.arena.span
    // Events share their blocks, so each is read once.
    let isBillable = batch.outcomes.map { block in
      batch.text(TextBlock.Outcome.status.rawValue, of: block).map(billable.contains) ?? false
    }
    var agents: [(agent: Int32, workspace: Int32)] = [number(of: nil, nil)]
    for block in batch.agents {
      agents.append(
        number(
          of: batch.text(TextBlock.Agent.agentID.rawValue, of: block),
          batch.text(TextBlock.Agent.workspaceID.rawValue, of: block)))
    }
    for event in batch.events where event.kind == .callProcessed {
      let call = conversations.number(
        of: bytes.extracting(event.conversation.bounds), hash: event.conversationHash)
      let id = batch.idHash(of: event)
      if call < charges.count, charges[call].event == id || event.timestamp < charges[call].timestamp { continue }
      let own = agents[Int(event.agent)]
      let charge = Charge(
        event: id, timestamp: event.timestamp, origin: RecordOrigin(archive: archive, line: firstLine &+ event.line),
        pair: pair(of: event, isBillable: event.outcome > 0 && isBillable[Int(event.outcome) - 1]), agent: own.agent,
        workspace: own.workspace)
      if call < charges.count { charges[call] = charge } else { charges.append(charge) }
    }
  }

  private mutating func number(of agent: String?, _ workspace: String?) -> (agent: Int32, workspace: Int32) {
    let numbers = [agent ?? "", workspace ?? ""].map { text in
      let bytes = Array(text.utf8)
      return Int32(ids.number(of: bytes.span, hash: hash64(bytes.span)))
    }
    return (numbers[0], numbers[1])
  }

  private mutating func pair(of event: EventRecord, isBillable: Bool) -> Int32 {
    guard isBillable else { return Charge.unbillable }
    guard event.duration != EventRecord.null, event.credits != EventRecord.null else { return Charge.incomplete }
    let pair = BilledPair(duration: event.duration, credits: Credits(millionths: Int128(event.credits)))
    if let known = pairPlaces[pair] { return known }
    let place = Int32(pairs.count)
    pairs.append(pair)
    pairPlaces[pair] = place
    return place
  }

  func counts(_ clock: BusinessClock) -> Counts {
    var counts = Counts()
    for (call, charge) in charges.enumerated() where charge.pair != Charge.unbillable {
      guard charge.pair >= 0 else {
        counts.incomplete += 1
        continue
      }
      let pair = pairs[Int(charge.pair)]
      counts.all.add(pair, charge.origin, call: call)
      let time = charge.timestamp == EventRecord.null ? nil : Timestamp(microseconds: charge.timestamp)
      let day = time.flatMap(clock.day)?.description ?? ""
      let groups = [
        (Grouping.agent, ids.text(Int(charge.agent))), (.workspace, ids.text(Int(charge.workspace))), (.day, day),
      ]
      for (grouping, group) in groups {
        counts.groups[grouping, default: [:]][group, default: [:]][pair, default: 0] += 1
      }
    }
    return counts
  }

  func conversationID(ofCall call: Int) -> String { conversations.text(call) }
}

/// Takes chunks of archives and keeps what their calls were charged.
final class RateTaker: ChunkTaker {
  struct Reading: Sendable {
    var calls: ProcessedCalls
    var archives: [ArchiveTotals]
  }

  private let reading: Mutex<Reading>

  init(_ paths: [String], _ file: PipelineFile) {
    reading = Mutex(
      Reading(
        calls: ProcessedCalls(billable: file.billing.billable),
        archives: paths.map { ArchiveTotals(path: $0, summary: ArchiveSummary()) }))
  }

  var result: Reading { reading.withLock { $0 } }

  func commit(_ chunk: DecodedChunk) throws(RunError) {
    reading.withLock { reading in
      let place = chunk.archive
      let lines = reading.archives[place].lines
      if let end = chunk.end {
        reading.archives[place].summary = end
        reading.archives[place].summary.judge(lines: lines.lines, rejected: lines.rejected)
        return
      }
      reading.calls.add(
        chunk.batch, archive: UInt32(place), firstLine: UInt32(truncatingIfNeeded: lines.lines))
      reading.archives[place].lines.lines += chunk.batch.lines
      reading.archives[place].lines.rejected += chunk.batch.rejects.count
    }
  }
}
