import CallModel
import Intake
import Tally

extension PackedWriter {
  mutating func put(_ digest: DayDigest) {
    put(UInt64(digest.archives.count))
    for archive in digest.archives { put(archive) }
    put(UInt64(digest.rows.count))
    for row in digest.rows { put(row) }
    put(UInt64(digest.prints.count))
    for (day, print) in digest.prints.sorted(by: { $0.key < $1.key }) {
      put(Int(day))
      for lane in 0..<4 { put(print.lanes[lane]) }
    }
    put(UInt64(digest.times.byQuarter.count))
    for (quarter, counts) in digest.times.byQuarter.sorted(by: { $0.key < $1.key }) {
      put(signed: quarter)
      for count in counts { put(count) }
    }
    put(UInt64(digest.campaigns.count))
    for (id, days) in digest.campaigns.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      put(id)
      put(UInt64(days.count))
      for (day, sums) in days.sorted(by: { $0.key < $1.key }) {
        put(Int(day))
        put(sums)
      }
    }
    put(digest.settledCallCount)
    put(digest.hashesMark)
  }

  mutating func put(_ hashes: RecordHashes) {
    for words in [
      hashes.settledConversations, hashes.settledEvents, hashes.keptConversations, hashes.keptEvents,
    ] { put(words: words) }
    put(UInt64(hashes.settledDays.count))
    var before: Int32 = 0
    for day in hashes.settledDays {
      put(Int(day) - Int(before))
      before = day
    }
  }

  private mutating func put(_ campaign: CampaignSums) {
    put(campaign.sums)
    put(UInt64(campaign.earliest.examples.count))
    for example in campaign.earliest.examples {
      put(signed: example.time)
      put(UInt64(example.first.archive))
      put(UInt64(example.first.line))
      put(example.id)
    }
    put(signed: campaign.lastConnection?.microseconds ?? EventRecord.null)
  }

  private mutating func put(_ archive: DayDigest.Archive) {
    let (summary, lines) = (archive.summary, archive.lines)
    put(signed: summary.bytes)
    put(UInt64(summary.crc))
    put(signed: summary.textBytes)
    put(summary.members)
    put(summary.condition.rawValue)
    put(summary.fault)
    for count in [
      lines.lines, lines.accepted, lines.duplicates, lines.conflicts, lines.rejected, lines.ignored, lines.blank,
    ] + lines.acceptedByKind { put(count) }
    let drift = archive.drift.sorted
    put(UInt64(drift.count))
    for (key, total) in drift {
      for text in [key.event, key.field, key.kind.rawValue, key.type] { put(text) }
      put(total.count)
      put(UInt64(total.first.line))
    }
    put(archive.kept)
  }

  private mutating func put(_ row: TotalsRow) {
    put(Int(row.day?.number ?? Int32.max))
    for text in [row.workspaceID, row.campaignID, row.agentID] { put(text) }
    put(row.sums)
  }

  private mutating func put(_ sums: CallSums) {
    for number in [
      sums.calls, sums.successfulCalls, sums.failedCalls, sums.duration, sums.billableSeconds,
    ] { put(signed: number) }
    put(sums.credits.millionths)
    put(sums.expectedCredits.millionths)
  }
}

extension PackedReader {
  mutating func digest() -> DayDigest {
    var digest = DayDigest()
    for _ in 0..<count() { digest.archives.append(archive()) }
    for _ in 0..<count() { digest.rows.append(row()) }
    for _ in 0..<count() {
      digest.prints[day()] = CallPrint(lanes: SIMD4(number(), number(), number(), number()))
    }
    for _ in 0..<count() {
      let quarter = signed()
      digest.times.add(EventKind.allCases.map { _ in int() }, ofQuarter: quarter)
    }
    for _ in 0..<count() {
      let id = text()
      for _ in 0..<count() { digest.campaigns[id, default: [:]][day()] = campaign() }
    }
    (digest.settledCallCount, digest.hashesMark) = (int(), number())
    return digest
  }

  mutating func recordHashes() -> RecordHashes {
    var hashes = RecordHashes()
    hashes.settledConversations = words()
    hashes.settledEvents = words()
    hashes.keptConversations = words()
    hashes.keptEvents = words()
    let count = count()
    hashes.settledDays.reserveCapacity(count)
    var before: Int32 = 0
    for _ in 0..<count {
      before = Int32(truncatingIfNeeded: Int(before) &+ int())
      hashes.settledDays.append(before)
    }
    return hashes
  }

  private mutating func campaign() -> CampaignSums {
    let sums = sums()
    var earliest = EarliestCalls()
    for _ in 0..<count() {
      let (time, first) = (signed(), RecordOrigin(archive: word(), line: word()))
      earliest.add(EarliestCalls.Example(time: time, first: first, id: string()))
    }
    let connection = signed()
    return CampaignSums(
      settled: sums, earliest: earliest,
      lastConnection: connection == EventRecord.null ? nil : Timestamp(microseconds: connection))
  }

  private mutating func archive() -> DayDigest.Archive {
    var archive = DayDigest.Archive()
    (archive.summary.bytes, archive.summary.crc) = (signed(), word())
    (archive.summary.textBytes, archive.summary.members) = (signed(), int())
    archive.summary.condition = ArchiveCondition(rawValue: string()) ?? .corrupt
    archive.summary.fault = optionalString()
    (archive.lines.lines, archive.lines.accepted, archive.lines.duplicates) = (int(), int(), int())
    (archive.lines.conflicts, archive.lines.rejected, archive.lines.ignored) = (int(), int(), int())
    archive.lines.blank = int()
    archive.lines.acceptedByKind = EventKind.allCases.map { _ in int() }
    archive.summary.judge(lines: archive.lines.lines, rejected: archive.lines.rejected)
    for _ in 0..<count() {
      let (event, field, kind, type) = (string(), string(), string(), string())
      let key = DriftTotals.Key(
        event: event, field: field, kind: DriftNote.Kind(rawValue: kind) ?? .unknownField, type: type)
      archive.drift.totals[key] = DriftTotals.Total(count: int(), first: RecordOrigin(archive: 0, line: word()))
    }
    archive.kept = batch()
    return archive
  }

  private mutating func row() -> TotalsRow {
    let day = day()
    let (workspace, campaign, agent) = (optionalString(), optionalString(), optionalString())
    return TotalsRow(
      day: day == Int32.max ? nil : Day(number: day), workspaceID: workspace, campaignID: campaign, agentID: agent,
      sums: sums())
  }

  private mutating func sums() -> CallSums {
    var sums = CallSums()
    (sums.calls, sums.successfulCalls, sums.failedCalls) = (signed(), signed(), signed())
    (sums.duration, sums.billableSeconds) = (signed(), signed())
    sums.credits = Credits(millionths: wide())
    sums.expectedCredits = Credits(millionths: wide())
    return sums
  }
}
