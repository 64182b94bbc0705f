import CallModel
import Intake
import Synchronization
import Tally

/// What of billable calls a rule is inferred from, counted while archives are read.
///
/// Every delivery of a `call.processed` with a billable status, a duration and credits counts; nothing is joined or
/// deduplicated, so memory grows with the different pairs of duration and credits and not with the calls. Of each pair
/// the first record is kept, as an example of it.
struct BilledPairs: Sendable {
  struct Sighting: Sendable {
    var calls: Int64 = 0
    var first: RecordOrigin
    var conversationID = ""
  }

  private(set) var pairs: [BilledPair: Sighting] = [:]

  /// Counts a call; true where it is the first one of its pair, which then lacks its id.
  mutating func add(_ pair: BilledPair, _ origin: RecordOrigin) -> Bool {
    let isNew = pairs[pair] == nil
    pairs[pair, default: Sighting(first: origin)].calls += 1
    return isNew
  }

  mutating func name(_ pair: BilledPair, _ id: String) { pairs[pair]?.conversationID = id }

  var counts: [BilledPair: Int64] { pairs.mapValues(\.calls) }

  /// The pairs that a rule does not explain, in the order of their first records.
  func counterExamples(to rule: BillingRuleInference.Rule) -> [(pair: BilledPair, sighting: Sighting)] {
    pairs.filter { !rule.explains($0.key) }.sorted { $0.value.first < $1.value.first }
      .map { (pair: $0.key, sighting: $0.value) }
  }
}

/// Takes chunks of archives and counts what their calls were charged, of all calls and by agent, workspace and day.
final class RateTaker: ChunkTaker {
  enum Grouping: String, CaseIterable { case agent, workspace, day }

  struct Counts: Sendable {
    var all = BilledPairs()
    /// By the group's id; an empty text stands for calls that name none.
    var groups: [Grouping: [String: [BilledPair: Int64]]] = [:]
    /// Billable calls whose `call.processed` lacks a duration or credits.
    var incomplete: Int64 = 0
    var archives: [ArchiveTotals]
  }

  private let counts: Mutex<Counts>
  private let billable: Set<String>
  private let clock: BusinessClock

  init(_ paths: [String], _ file: PipelineFile) {
    counts = Mutex(Counts(archives: paths.map { ArchiveTotals(path: $0, summary: ArchiveSummary()) }))
    billable = file.billing.billable
    clock = BusinessClock(file)
  }

  var result: Counts { counts.withLock { $0 } }

  func commit(_ chunk: DecodedChunk) throws(RunError) {
    counts.withLock { counts in
      let place = chunk.archive
      if let end = chunk.end {
        let lines = counts.archives[place].lines
        counts.archives[place].summary = end
        counts.archives[place].summary.judge(lines: lines.lines, rejected: lines.rejected)
        return
      }
      add(chunk.batch, archive: UInt32(place), to: &counts)
      counts.archives[place].lines.lines += chunk.batch.lines
      counts.archives[place].lines.rejected += chunk.batch.rejects.count
    }
  }

  private func add(_ batch: borrowing EventBatch, archive: UInt32, to counts: inout Counts) {
    let firstLine = UInt32(truncatingIfNeeded: counts.archives[Int(archive)].lines.lines)
    let bytes = batch.arena.span
    // Events share their blocks, so each is read once.
    var isBillable: [Bool] = []
    for block in batch.outcomes {
      let status = RateTaker.text(TextBlock.Outcome.status.rawValue, block.range, bytes)
      isBillable.append(status.map(billable.contains) ?? false)
    }
    var agents: [(agent: String, workspace: String)] = []
    for block in batch.agents {
      let agent = RateTaker.text(TextBlock.Agent.agentID.rawValue, block.range, bytes) ?? ""
      agents.append((agent, RateTaker.text(TextBlock.Agent.workspaceID.rawValue, block.range, bytes) ?? ""))
    }
    for index in batch.events.indices {
      let event = batch.events[index]
      guard event.kind == .callProcessed, event.outcome > 0, isBillable[Int(event.outcome) - 1] else { continue }
      guard event.duration != EventRecord.null, event.credits != EventRecord.null else {
        counts.incomplete += 1
        continue
      }
      let pair = BilledPair(duration: event.duration, credits: Credits(millionths: Int128(event.credits)))
      let origin = RecordOrigin(archive: archive, line: firstLine &+ event.line)
      let own = event.agent > 0 ? agents[Int(event.agent) - 1] : (agent: "", workspace: "")
      let time = event.timestamp == EventRecord.null ? nil : Timestamp(microseconds: event.timestamp)
      let day = time.flatMap(clock.day)?.description ?? ""
      if counts.all.add(pair, origin) {
        counts.all.name(pair, RateTaker.text(bytes.extracting(event.conversation.bounds)))
      }
      for (grouping, group) in [(Grouping.agent, own.agent), (.workspace, own.workspace), (.day, day)] {
        counts.groups[grouping, default: [:]][group, default: [:]][pair, default: 0] += 1
      }
    }
  }

  private static func text(_ index: Int, _ block: ByteRange, _ bytes: Span<UInt8>) -> String? {
    TextBlock.text(index, at: block.start, of: bytes).map { text(bytes.extracting($0)) }
  }

  private static func text(_ bytes: Span<UInt8>) -> String {
    var copy: [UInt8] = []
    copy.append(copying: bytes)
    return String(decoding: copy, as: UTF8.self)
  }
}
