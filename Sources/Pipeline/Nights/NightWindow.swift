import CallModel
import Intake
import Tally
import TextTables

/// The archives of a window, day by day: their digests, and the books that are made of them.
///
///     digests of all days, out of the cache or the archives, with what days share (`KnownDays`)
///       → books of what is kept → what each published day is made of
///       → of a day that is to be written: books with its settled calls as well, out of its archives
struct NightWindow: Sendable {
  let file: PipelineFile
  let archives: NightArchives
  let threads: Int
  /// By archive: its day's digest, and its place in it.
  private let places: [(digest: Int, place: Int)]
  private let days: [Int32]
  private let digests: [DayDigest]
  /// By day: the hashes of its records; nil where nobody asks for them.
  private let hashes: [RecordHashes?]

  /// Reads what the cache does not have; `reading` is how. `told` are the days whose calls may be asked for, nil for all;
  /// `own` is a day whose rows are written while it is read.
  init(
    _ archives: NightArchives, _ reading: DayReading, cache: DigestCache?, telling told: RunDays?,
    own: OwnDay? = nil
  ) async throws(RunError) {
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
    var known = KnownDays(archives, days, reading, cache, own: own)
    try await known.load(telling: told)
    try await known.keepWhatIsShared()
    (digests, hashes) = (known.digests, known.hashes(telling: told))
    returnFreedMemory()
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

  /// What is wanted of the archives of which some days are made, the rows of their details and rejects among it.
  func choice(of published: RunDays, in light: NightBooks) -> DayChoiceOfEvents {
    let shown = light.days.calls(of: published)
    let book = light.days.books.ledger.calls
    var processed: Set<UInt32> = []
    var conversations: Set<UInt64> = []
    for number in shown {
      book.lendConversationID(of: Int(number)) { _ = conversations.insert(hash64($0)) }
      let call = Call(Int(number), in: book, rule: light.days.books.rule)
      if let origin = book.origin(of: .callProcessed, of: call) { processed.insert(origin.archive) }
    }
    return choice(of: published, shown: conversations, processed: processed, wantsRows: true)
  }

  /// What is wanted of the archives that hold settled calls of some days, for books alone; nothing for no days.
  func choice(of whole: RunDays?) -> DayChoiceOfEvents {
    choice(of: whole, shown: [], processed: [], wantsRows: false)
  }

  /// `shown` are the kept calls, by hashes, of which rows are written, and `processed` the archives that hold those.
  private func choice(
    of whole: RunDays?, shown conversations: Set<UInt64>, processed: Set<UInt32>, wantsRows: Bool
  ) -> DayChoiceOfEvents {
    let settled = hashes.map { hashes in whole.flatMap { hashes?.conversations(of: $0) } ?? [] }
    var sources: [Int] = []
    var choices: [EventChoice.OfArchive] = []
    for archive in archives.paths.indices {
      let digest = places[archive].digest
      let wantsRejects =
        wantsRows && (whole?.contains(archives.days[archive]) ?? false) && part(archive).lines.rejected > 0
      guard wantsRejects || processed.contains(UInt32(archive)) || !settled[digest].isEmpty else { continue }
      sources.append(archive)
      choices.append(
        EventChoice.OfArchive(
          settled: settled[digest], kept: digests[digest].keptConversations, wantsRejects: wantsRejects))
    }
    return DayChoiceOfEvents(sources: sources, events: EventChoice(archives: choices, shown: conversations))
  }

  /// How to read archives once more: into books, and rows of transcripts, insights and rejects into `tables`. What is told
  /// of an id is noted.
  func secondReading(
    _ choice: DayChoiceOfEvents, writingTo tables: TableSet?, notes: TimelineNotes? = nil
  ) -> (reading: ArchiveReading, taker: DayTaker) {
    let details = tables.map { DetailOutputs($0, file.privacy) } ?? DetailOutputs()
    let taker = DayTaker(
      self, reading: choice.sources, Committer(paths: archives.paths, details: details, rejects: tables?.rejects),
      notes: notes)
    let reading = ArchiveReading(
      choice.sources.map { archives.paths[$0] }, file, details: details, threads: threads,
      progress: ReadingProgress(), choice: choice.events)
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

  /// What settled calls are to their campaigns, but for those of days whose calls are in the books themselves.
  func forEachSettledCampaign(without published: RunDays?, _ body: (_ id: [UInt8], _ day: Int32, CampaignSums) -> Void)
  {
    var archives: [[UInt32]] = digests.map { _ in [] }
    for (archive, place) in places.enumerated() { archives[place.digest].append(UInt32(archive)) }
    for (index, digest) in digests.enumerated() {
      for (id, days) in digest.campaigns {
        for (day, sums) in days where !(published?.contains(day) ?? false) {
          body(id, day, sums.placed { archives[index][Int($0)] })
        }
      }
    }
  }

  /// The day of a settled call that is not kept, by the hash of its conversation.
  func settledDay(ofConversation hash: UInt64) -> Int32? {
    hashes.lazy.compactMap { $0?.settledDay(ofConversation: hash) }.first
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

/// What is wanted of the archives of a window to tell some days.
struct DayChoiceOfEvents {
  /// The archives, by their places in the window, ascending.
  let sources: [Int]
  /// Of these archives.
  let events: EventChoice
}
