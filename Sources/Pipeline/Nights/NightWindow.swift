import CallModel
import Intake
import Tally
import TextTables

/// The archives of a window, day by day: their digests, and the books that are made of them.
///
///     digests of all days, out of the cache or the archives → what days share → digests of those days once more
///       → books of what is kept → what each published day is made of
///       → of a day that is to be written: books with its settled calls as well, out of its archives
struct NightWindow: Sendable {
  let file: PipelineFile
  let archives: NightArchives
  let threads: Int
  /// By archive: its day's digest, and its place in it.
  private let places: [(digest: Int, place: Int)]
  private let digests: [DayDigest]
  private let days: [Int32]

  /// Reads what the cache does not have; `reading` is how.
  init(_ archives: NightArchives, _ reading: DayReading, cache: DigestCache?) async throws(RunError) {
    (file, threads) = (reading.file, reading.threads)
    self.archives = archives
    days = Set(archives.days).sorted()
    var places: [(digest: Int, place: Int)] = []
    var counts = days.map { _ in 0 }
    for day in archives.days {
      let digest = days.firstIndex(of: day) ?? 0
      places.append((digest, counts[digest]))
      counts[digest] += 1
    }
    self.places = places
    var digests: [DayDigest] = []
    let readings = days.map { day in
      var reading = reading
      reading.paths = archives.days.indices.filter { archives.days[$0] == day }.map { archives.paths[$0] }
      return reading
    }
    for (day, reading) in zip(days, readings) {
      digests.append(try await NightWindow.digest(of: Day(number: day), reading, cache))
    }
    let shared = await SharedRecords.find(in: digests, threads: threads)
    for (index, keeping) in shared.enumerated() where !keeping.conversations.isEmpty || !keeping.events.isEmpty {
      var keeping = keeping
      keeping.conversations.formUnion(digests[index].keptConversations)
      let before = digests[index].archives
      digests[index] = try await NightWindow.digest(
        of: Day(number: days[index]), readings[index], keeping: keeping, cache)
      for (path, (old, new)) in zip(readings[index].paths, zip(before, digests[index].archives))
      where !old.summary.isOf(new.summary) {
        throw .intake(.changedWhileRead(path: path))
      }
    }
    // They have said what they were for.
    for index in digests.indices {
      digests[index].settledEvents = []
      digests[index].keptEvents = []
    }
    self.digests = digests
    returnFreedMemory()
  }

  /// A day's digest out of the cache, or else of its archives.
  private static func digest(
    of day: Day, _ reading: DayReading, _ cache: DigestCache?
  ) async throws(RunError) -> DayDigest {
    if let cache, let identities = DigestCache.identities(of: reading.paths),
      let known = cache.digest(of: day, identities)
    {
      return known
    }
    return try await digest(of: day, reading, keeping: DayReading.Keeping(), cache)
  }

  /// A day's digest of its archives, which goes into the cache if there is one and they did not change meanwhile.
  private static func digest(
    of day: Day, _ reading: DayReading, keeping: DayReading.Keeping, _ cache: DigestCache?
  ) async throws(RunError) -> DayDigest {
    let before = cache.flatMap { _ in DigestCache.identities(of: reading.paths) }
    var digest = try await reading.digest(keeping: keeping)
    returnFreedMemory()
    if let cache, let before, before == DigestCache.identities(of: reading.paths) {
      cache.store(digest, of: day, before)
    }
    digest.indexEntries = nil
    return digest
  }

  // MARK: Archives

  /// What an archive turned out to be.
  func facts(of archive: Int) -> ArchiveSummary { part(archive).summary }

  /// What is kept of an archive, as if it were all that it holds.
  func keptChunk(of archive: Int) -> DecodedChunk {
    DecodedChunk(archive: archive, sequence: 0, batch: part(archive).kept)
  }

  private func part(_ archive: Int) -> DayDigest.Archive {
    digests[places[archive].digest].archives[places[archive].place]
  }

  // MARK: Books

  /// The books of what is kept, with the settled calls of all days as sums: enough to tell what each day is made of, but
  /// not to write it.
  func books(
    cuts: [OpenItemsBook.Cut], lookback: Int32
  ) async throws(RunError) -> NightBooks {
    var committer = Committer(
      paths: archives.paths, details: DetailOutputs(), rejects: nil, driftByArchive: true, countingTimes: true)
    for archive in archives.paths.indices { try committer.commit(keptChunk(of: archive)) }
    committer.closeLedger()
    var times = committer.ledger.times ?? EventTimes()
    for digest in digests { times.add(digest.times) }
    let totals = archives.paths.indices.map { archive in
      let part = part(archive)
      var lines = part.lines
      lines.add(committer.archives[archive].lines)
      return ArchiveTotals(path: archives.paths[archive], summary: part.summary, lines: lines)
    }
    let books = joined(committer.ledger)
    let days = await DayBooks(books, of: self, whole: nil)
    try ControlTotals(totals).check(
      committer.ledger, callsInTotals: days.callCount,
      settled: (
        events: digests.reduce(0) { $0 + $1.settledEventCount }, calls: digests.reduce(0) { $0 + $1.settledCallCount }
      ))
    return NightBooks(
      file: file, archives: archives, days: days, archiveTotals: totals,
      drift: archives.paths.indices.map { part($0).drift.placed(at: UInt32($0)) },
      openItems: OpenItemsBook(
        committer.ledger, settled: settledCampaigns, days: days.days, archiveDays: archives.days, cuts: cuts,
        rule: books.rule, clock: books.clock),
      firstCut: cuts[0].day,
      findings: DayFindings(archives: archives, hours: DayHours(times, file), lookback: lookback),
      threads: threads)
  }

  /// How to read the archives of which some days are made once more: into books, and rows of transcripts, insights and
  /// rejects into `tables`.
  func secondReading(
    of published: RunDays, in light: NightBooks, writingTo tables: TableSet
  ) -> (reading: ArchiveReading, taker: DayTaker) {
    let shown = light.days.calls(of: published)
    let book = light.days.books.ledger.calls
    var processed: Set<UInt32> = []
    var conversations: Set<UInt64> = []
    for number in shown {
      book.lendConversationID(of: Int(number)) { _ = conversations.insert(hash64($0)) }
      let call = Call(Int(number), in: book, rule: light.days.books.rule)
      if let origin = book.origin(of: .callProcessed, of: call) { processed.insert(origin.archive) }
    }
    return secondReading(of: published, shown: conversations, processed: processed, writingTo: tables)
  }

  /// How to read the archives that hold settled calls of some days once more, into books alone; nil for no days. What is
  /// told of an id is noted.
  func secondReading(
    of whole: RunDays?, notes: TimelineNotes
  ) -> (reading: ArchiveReading, taker: DayTaker) {
    secondReading(of: whole, shown: [], processed: [], writingTo: nil, notes: notes)
  }

  /// `shown` are the kept calls, by hashes, of which rows are written, and `processed` the archives that hold those.
  private func secondReading(
    of whole: RunDays?, shown conversations: Set<UInt64>, processed: Set<UInt32>, writingTo tables: TableSet?,
    notes: TimelineNotes? = nil
  ) -> (reading: ArchiveReading, taker: DayTaker) {
    let settled = digests.map { digest in whole.map(digest.conversations(of:)) ?? [] }
    let kept = digests.map(\.conversationsKept)
    var sources: [Int] = []
    var choices: [EventChoice.OfArchive] = []
    for archive in archives.paths.indices {
      let digest = places[archive].digest
      let wantsRejects =
        tables != nil && (whole?.contains(archives.days[archive]) ?? false) && part(archive).lines.rejected > 0
      guard wantsRejects || processed.contains(UInt32(archive)) || !settled[digest].isEmpty else { continue }
      sources.append(archive)
      choices.append(
        EventChoice.OfArchive(settled: settled[digest], kept: kept[digest], wantsRejects: wantsRejects))
    }
    let details = tables.map { DetailOutputs($0, file.privacy) } ?? DetailOutputs()
    let taker = DayTaker(
      self, reading: sources, Committer(paths: archives.paths, details: details, rejects: tables?.rejects),
      notes: notes)
    let reading = ArchiveReading(
      sources.map { archives.paths[$0] }, file, details: details, threads: threads, progress: ReadingProgress(),
      choice: EventChoice(archives: choices, shown: conversations))
    return (reading, taker)
  }

  /// The books of days that were read once more.
  func books(of published: RunDays, in light: NightBooks, _ ledger: EventLedger) async -> NightBooks {
    let begin = file.window.map { published.first.number - Int32($0.lookback) } ?? Int32.min
    return light.with(await dayBooks(of: published, ledger, from: begin))
  }

  /// The joined books of a second reading of some days; nil for none. Campaigns are named by what happened from `begin` on.
  func dayBooks(of whole: RunDays?, _ ledger: EventLedger, from begin: Int32 = Int32.min) async -> DayBooks {
    await DayBooks(joined(ledger, from: begin), of: self, whole: whole)
  }

  /// Campaigns are named by what happened from the day `begin` on.
  private func joined(_ ledger: EventLedger, from begin: Int32 = Int32.min) -> JoinedBooks {
    let clock = BusinessClock(file)
    return JoinedBooks(ledger: ledger, archiveNames: archives.paths, billing: file.billing, clock: clock) {
      ($0.time.flatMap(clock.day)?.number ?? archives.days[Int($1.archive)]) >= begin
    }
  }

  /// What settled calls add up to, but for those of days whose calls are in the books themselves.
  func settledRows(without published: RunDays?) -> [DayBooks.SettledRow] {
    zip(days, digests).flatMap { day, digest in
      digest.rows.filter { row in published.map { !$0.contains(row.day?.number ?? Int32.max) } ?? true }
        .map { DayBooks.SettledRow(seen: day, row: $0) }
    }
  }

  /// The prints of settled calls by day.
  var prints: [Int32: CallPrint] {
    digests.reduce(into: [:]) { prints, digest in
      for (day, print) in digest.prints { prints[day, default: CallPrint()] += print }
    }
  }

  /// The day of a settled call that is not kept, by the hash of its conversation.
  func settledDay(ofConversation hash: UInt64) -> Int32? {
    digests.lazy.compactMap { $0.settledDay(ofConversation: hash) }.first
  }

  private var settledCampaigns: [OpenItemsBook.SettledCalls] {
    zip(days, digests).flatMap { seen, digest in
      digest.rows.compactMap { row in
        guard let campaign = row.campaignID, let day = row.day else { return nil }
        return OpenItemsBook.SettledCalls(campaignID: campaign, day: day.number, seen: seen)
      }
    }
  }
}
