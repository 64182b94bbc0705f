import CallModel
import Intake
import TextTables

/// The days of a window while their digests are put together: out of the cache, or else of the archives.
///
/// What days have in common is found by comparing the hashes of every two of them. Those that an earlier run has compared
/// are known by their marks, so of a usual night only the new day is compared, with one day after the other, and no more
/// hashes are in memory than those of days whose calls are told.
struct KnownDays {
  private let days: [Int32]
  private let readings: [DayReading]
  private let cache: DigestCache?
  private let threads: Int
  private let own: OwnDay?
  /// What the archives of `own` were before it read them.
  private var ownIdentities: [ArchiveIdentity]?
  private var known: [DayDigest?]
  private var hashes: [RecordHashes?]

  init(_ archives: NightArchives, _ days: [Int32], _ reading: DayReading, _ cache: DigestCache?, own: OwnDay?) {
    self.days = days
    self.own = own
    self.cache = cache
    threads = reading.threads
    known = days.map { _ in nil }
    hashes = days.map { _ in nil }
    readings = days.map { day in
      var reading = reading
      reading.paths = archives.days.indices.filter { archives.days[$0] == day }.map { archives.paths[$0] }
      return reading
    }
  }

  var digests: [DayDigest] { known.compactMap { $0 } }

  /// By day: the hashes of those that hold settled calls of some days, nil of others; all of them where `told` is nil.
  func hashes(telling told: RunDays?) -> [RecordHashes?] {
    zip(digests, hashes).map { digest, hashes in told.map(digest.settles) ?? true ? hashes : nil }
  }

  /// Reads what the cache does not have; the hashes of what settled calls of the days `told` are among as well.
  mutating func load(telling told: RunDays?) async throws(RunError) {
    if let cache {
      let found = await inParallel(days.count, threads: threads) {
        [days, readings] index -> (digest: DayDigest, hashes: RecordHashes?)? in
        let day = Day(number: days[index])
        guard let identities = DigestCache.identities(of: readings[index].paths),
          let digest = cache.digest(of: day, identities)
        else { return nil }
        guard told.map(digest.settles) ?? true else { return (digest, nil) }
        return cache.hashes(of: day, with: digest).map { (digest, $0) }
      }
      for (index, day) in found.enumerated() { (known[index], hashes[index]) = (day?.digest, day?.hashes) }
    }
    for index in days.indices where known[index] == nil { try await read(index) }
  }

  /// Reads a day's archives for its digest, which goes into the cache if there is one and they did not change meanwhile.
  private mutating func read(_ index: Int, keeping: DayReading.Keeping = DayReading.Keeping()) async throws(RunError) {
    let paths = readings[index].paths
    var before = cache.flatMap { _ in DigestCache.identities(of: paths) }
    var day: KnownDay
    if let own, own.day == days[index] {
      // Asked again, it tells what it read the first time.
      before = ownIdentities ?? before
      ownIdentities = before
      day = try await own.known(readings[index], keeping: keeping, beside: digests)
    } else {
      day = await readings[index].known(try await readings[index].batches(), keeping: keeping)
    }
    returnFreedMemory()
    if let cache {
      let isUnchanged = before == DigestCache.identities(of: paths)
      cache.store(&day, of: Day(number: days[index]), isUnchanged ? before : nil)
    }
    (known[index], hashes[index]) = (day.digest, day.hashes)
  }

  // MARK: What days share

  /// Finds what days have in common that one of them counts as settled, and reads those once more to keep it.
  mutating func keepWhatIsShared() async throws(RunError) {
    let compared = cache?.compared ?? []
    var fresh = digests.map { !compared.contains($0.hashesMark) }
    guard fresh.contains(true) else { return }
    var shared: [DayReading.Keeping]?
    while shared == nil {
      // Those that are compared with all others are in memory.
      for index in days.indices where fresh[index] && hashes[index] == nil {
        hashes[index] = cached(index)
        if hashes[index] == nil { try await read(index) }
      }
      shared = try await compare(&fresh)
    }
    for (index, keeping) in (shared ?? []).enumerated() where !keeping.isEmpty {
      try await readAgain(index, keeping: keeping)
    }
    cache?.store(compared: digests.map(\.hashesMark))
  }

  private func cached(_ index: Int) -> RecordHashes? {
    known[index].flatMap { cache?.hashes(of: Day(number: days[index]), with: $0) }
  }

  /// By day what it has to keep; nil where the hashes of a day were lost, which has been read and is fresh then.
  private mutating func compare(_ fresh: inout [Bool]) async throws(RunError) -> [DayReading.Keeping]? {
    let found = await inParallel(days.count, threads: threads) { [self, fresh] index -> [(Int, DayReading.Keeping)]? in
      guard let own = hashes[index] ?? cached(index) else { return nil }
      var found: [(Int, DayReading.Keeping)] = []
      // Of two fresh days the later one is compared with the earlier one.
      for other in days.indices where fresh[other] && (fresh[index] ? other < index : true) {
        guard let hashes = hashes[other] else { continue }
        let (mine, others) = RecordHashes.shared(own, hashes)
        found += [(index, mine), (other, others)]
      }
      return found
    }
    let lost = days.indices.filter { found[$0] == nil }
    for index in lost {
      try await read(index)
      fresh[index] = true
    }
    guard lost.isEmpty else { return nil }
    var shared = days.map { _ in DayReading.Keeping() }
    for (index, keeping) in found.lazy.compactMap({ $0 }).joined() { shared[index].formUnion(keeping) }
    return shared
  }

  /// Reads a day once more so that it keeps what another day has something of, beside what it keeps already.
  private mutating func readAgain(_ index: Int, keeping: DayReading.Keeping) async throws(RunError) {
    var keeping = keeping
    let before = known[index]
    keeping.conversations.formUnion(before?.keptConversations ?? [])
    try await read(index, keeping: keeping)
    for (path, (old, new)) in zip(readings[index].paths, zip(before?.archives ?? [], known[index]?.archives ?? []))
    where !old.summary.isOf(new.summary) {
      throw .intake(.changedWhileRead(path: path))
    }
  }
}
