import CallModel
import Tally

/// The joined books by business day: which calls belong to a day, and which campaigns its tables tell of.
struct DayBooks {
  /// What settled calls that are not in the books add up to.
  struct SettledRow: Sendable {
    /// The day of the archives that hold their events.
    let seen: Int32
    let row: TotalsRow
  }

  let books: JoinedBooks
  private(set) var settled: [SettledRow] = []
  /// Of settled calls that are not in the books, by day.
  private(set) var prints: [Int32: CallPrint] = [:]
  /// The days whose calls are all in the books, so that each record of theirs can be told; nil for none.
  let whole: RunDays?
  let archiveDays: [Int32]
  /// The day of each call by its number: its business day, or where it has no time at all that of its first archive.
  let days: [Int32]
  private let calls: [Int32: [UInt32]]
  /// By day: what the calls of each campaign add up to.
  private var campaigns: [Int32: [[UInt8]: CampaignSums]] = [:]
  /// By day: the campaigns of which a `campaign.ended` is of the day.
  private var ended: [Int32: Set<[UInt8]>] = [:]

  /// Of books that hold every call; `whole` are the days whose records are told.
  init(_ books: JoinedBooks, archiveDays: [Int32], whole: RunDays?, threads: Int) async {
    self.books = books
    self.whole = whole
    self.archiveDays = archiveDays
    days = await books.days(archiveDays: archiveDays, threads: threads)
    var calls: [Int32: [UInt32]] = [:]
    for (number, day) in days.enumerated() { calls[day, default: []].append(UInt32(number)) }
    self.calls = calls
    for (day, numbers) in calls {
      campaigns[day] = await books.settle(numbers, CallJudgement(), finds: false, threads: threads).totals.campaigns
    }
    for id in books.ledger.campaigns.sortedIDs {
      for (event, origin) in books.ledger.campaigns[id]?.events ?? [] where event.kind == .campaignEnded {
        ended[day(of: event, origin), default: []].insert(Array(id.utf8))
      }
    }
  }

  /// The calls of `whole` are all in the books; of other days the settled ones are not.
  init(_ books: JoinedBooks, of window: NightWindow, whole: RunDays?) async {
    await self.init(books, archiveDays: window.archives.days, whole: whole, threads: window.threads)
    settled = window.settledRows(without: whole)
    if whole == nil { prints = window.prints }
    window.forEachSettledCampaign(without: whole) { campaign, day, sums in
      campaigns[day, default: [:]][campaign, default: CampaignSums()].add(sums)
    }
  }

  /// The calls of all days together.
  var callCount: Int64 {
    calls.values.reduce(0) { $0 + Int64($1.count) } + settled.reduce(0) { $0 + $1.row.sums.calls }
  }

  /// What the settled calls of the days published add up to that are not in the books.
  func settled(of published: RunDays) -> [TotalsRow] {
    settled.lazy.map(\.row).filter { published.contains($0.day?.number ?? Int32.max) }
  }

  /// The calls of the days published, by number.
  func calls(of published: RunDays) -> [UInt32] {
    (published.first.number...published.last.number).flatMap { calls[$0] ?? [] }.sorted()
  }

  /// A day that is not published again, and what of it has events in the archives of the days published.
  struct LateDay {
    let day: Day
    var calls = 0
    /// Campaigns that ended on the day.
    var campaigns = 0
  }

  /// The days before `first` of which events came only now.
  func lateDays(before first: Day, of published: RunDays) -> [LateDay] {
    var late: [Int32: LateDay] = [:]
    let book = books.ledger.calls
    let isNew = { (origin: RecordOrigin) in published.contains(archiveDays[Int(origin.archive)]) }
    // Of a delivery that conflicts with one of before the call has nothing but the finding.
    let conflicting = Set(
      books.ledger.findings.compactMap { finding -> Int? in
        guard case .call(let id) = finding.subject, let origin = finding.origin, isNew(origin) else { return nil }
        return book.number(ofCall: id)
      })
    for (day, numbers) in calls where day < first.number {
      let count = numbers.count { number in
        conflicting.contains(Int(number))
          || book.origins(of: Call(Int(number), in: book, rule: books.rule)).contains(where: isNew)
      }
      if count > 0 { late[day] = LateDay(day: Day(number: day), calls: count) }
    }
    for settled in settled where published.contains(settled.seen) {
      guard let day = settled.row.day, day < first else { continue }
      late[day.number, default: LateDay(day: day)].calls += Int(settled.row.sums.calls)
    }
    for id in books.ledger.campaigns.sortedIDs {
      guard let ended = books.ledger.campaigns[id]?.latest(.campaignEnded) else { continue }
      let day = day(of: ended.event, ended.origin)
      guard day < first.number, published.contains(archiveDays[Int(ended.origin.archive)]) else { continue }
      late[day, default: LateDay(day: Day(number: day))].campaigns += 1
    }
    return late.values.sorted { $0.day < $1.day }
  }
}

// MARK: - Campaigns

extension DayBooks {
  /// The campaigns of the days published, by id: those that ended then, over their calls from `lookback` days before
  /// the end on; and those with calls then that had not ended by the last of them, as they stood then. What happened more
  /// than `lookback` days before counts nowhere: not every run that tells the days has read so far back. The first records
  /// that name them are only told of days that are whole.
  func campaigns(of published: RunDays, lookback: Int32) -> [CampaignRecord] {
    let (first, last) = (published.first.number, published.last.number)
    var own: Set<[UInt8]> = []
    for (day, campaigns) in campaigns where published.contains(day) { own.formUnion(campaigns.keys) }
    let ids = ended.reduce(into: own) { ids, ended in
      if published.contains(ended.key) { ids.formUnion(ended.value) }
    }
    let origins = published == whole ? firstRecords(of: published) : [:]
    let strays = books.ledger.calls.strayChanges(books.rule)
    return ids.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { bytes in
      let id = String(decoding: bytes, as: UTF8.self)
      let entry = books.ledger.campaigns[id]?.knowing { day(of: $0, $1) >= first - lookback }
      if let end = entry?.latest(.campaignEnded).map({ day(of: $0.event, $0.origin) }), end <= last {
        guard end >= first else { return nil }
        return CampaignRecord(
          id, entry: entry, days: sums(of: bytes), counting: (end - lookback)...Int32.max, end: end,
          strays: strays[bytes], firstRecord: nil)
      }
      guard own.contains(bytes) else { return nil }
      let known = entry?.knowing { $0.kind == .campaignStarted && day(of: $0, $1) <= last }
      return CampaignRecord(
        id, entry: known, days: sums(of: bytes), counting: (last - lookback)...last, end: nil,
        strays: strays[bytes], firstRecord: origins[bytes])
    }
  }

  /// The business day of a campaign's event; that of its archive where it names no time.
  func day(of event: CampaignEvent, _ origin: RecordOrigin) -> Int32 {
    event.time.flatMap(books.clock.day)?.number ?? archiveDays[Int(origin.archive)]
  }

  /// What the campaign's calls of each day add up to.
  private func sums(of campaign: [UInt8]) -> [Int32: CampaignSums] { campaigns.compactMapValues { $0[campaign] } }

  /// By campaign: the first record of the published days' calls that name it.
  private func firstRecords(of published: RunDays) -> [[UInt8]: RecordOrigin] {
    let book = books.ledger.calls
    // Calls share their agent blocks, so that few names are read.
    var firsts: [SIMD4<UInt32>: (call: Call, first: RecordOrigin)] = [:]
    for number in calls(of: published) {
      let call = Call(Int(number), in: book, rule: books.rule)
      guard let first = book.origins(of: call).min() else { continue }
      let blocks = book.agentBlocks(of: call)
      if firsts[blocks].map({ $0.first > first }) ?? true { firsts[blocks] = (call, first) }
    }
    var found: [[UInt8]: RecordOrigin] = [:]
    for (call, first) in firsts.values {
      guard let id = book.string(.agent(.campaignID), of: call) else { continue }
      let bytes = Array(id.utf8)
      found[bytes] = min(found[bytes] ?? first, first)
    }
    return found
  }
}

// MARK: - Days

extension JoinedBooks {
  /// The day of each call by its number.
  fileprivate func days(archiveDays: [Int32], threads: Int) async -> [Int32] {
    let count = ledger.calls.count
    let size = max(4_096, (count + 4 * threads - 1) / (4 * threads))
    let parts = await withTaskGroup(of: (Int, [Int32]).self) { group in
      for start in stride(from: 0, to: count, by: size) {
        group.addTask { (start, self.days(of: start..<min(start + size, count), archiveDays)) }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    return parts.sorted { $0.0 < $1.0 }.flatMap(\.1)
  }

  private func days(of range: Range<Int>, _ archiveDays: [Int32]) -> [Int32] {
    let book = ledger.calls
    return range.map { number in
      let call = Call(number, in: book, rule: rule)
      if let day = call.day(clock) { return day.number }
      return book.origins(of: call).map { archiveDays[Int($0.archive)] }.min() ?? Int32.min
    }
  }
}
