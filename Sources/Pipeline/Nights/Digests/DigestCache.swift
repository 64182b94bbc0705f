import CallModel
import Foundation
import Intake
import Tally
import TextTables

/// The digests of days whose archives were read before, and their indexes, each in a file that is believed only when it is
/// whole and about exactly these archives.
///
/// The archives are the truth: the cache may be deleted or damaged at any time, and a run without it writes the same bytes.
final class DigestCache: Sendable {
  private let folder: CacheFolder
  /// What a digest hangs on beside the archives.
  private let settings: [UInt8]
  /// Whether digests are put into it, and those removed that nobody needs any more.
  private let isWritten: Bool

  private static let form: UInt64 = 2
  private static let comparedName = "compared"

  init(below root: String, _ file: PipelineFile, isWritten: Bool) {
    self.isWritten = isWritten
    folder = CacheFolder(below: root, name: file.name)
    settings = DigestCache.settings(file)
  }

  /// What tells archives from others; nil where one of them cannot be read.
  static func identities(of paths: [String]) -> [ArchiveIdentity]? {
    let identities = paths.compactMap(ArchiveIdentity.init)
    return identities.count == paths.count ? identities : nil
  }

  /// The digest of a day's archives, nil where there is none that can be believed.
  func digest(of day: Day, _ archives: [ArchiveIdentity]) -> DayDigest? {
    guard let (bytes, _) = contents(of: DigestCache.name(of: day)) else { return nil }
    let key = key(of: archives)
    var reader = PackedReader(bytes, from: 0, to: bytes.count - 8)
    guard reader.text() == key else { return nil }
    let digest = reader.digest()
    return reader.isIntact && reader.isAtEnd && digest.archives.count == archives.count ? digest : nil
  }

  /// The hashes of a day's records that belong to its digest, nil where they cannot be believed.
  func hashes(of day: Day, with digest: DayDigest) -> RecordHashes? {
    guard let (bytes, mark) = contents(of: DigestCache.hashesName(of: day)), mark == digest.hashesMark else {
      return nil
    }
    var reader = PackedReader(bytes, from: 0, to: bytes.count - 8)
    guard reader.day() == day.number else { return nil }
    let hashes = reader.recordHashes()
    return reader.isIntact && reader.isAtEnd ? hashes : nil
  }

  func known(_ day: Day, _ archives: [ArchiveIdentity]) -> KnownDay? {
    guard let digest = digest(of: day, archives), let hashes = hashes(of: day, with: digest) else { return nil }
    return KnownDay(digest: digest, hashes: hashes)
  }

  /// The index of a day's archives, nil where there is none that can be believed.
  func index(of day: Day, _ archives: [ArchiveIdentity]) -> DayIndex? {
    guard let (bytes, _) = contents(of: DigestCache.indexName(of: day)) else { return nil }
    var reader = PackedReader(bytes, from: 0, to: bytes.count - 8)
    guard reader.string() == DigestCache.indexName(of: day), reader.text() == key(of: archives) else { return nil }
    let index = DayIndex(&reader)
    return reader.isIntact && reader.isAtEnd ? index : nil
  }

  private func store(_ index: DayIndex, of day: Day, _ archives: [ArchiveIdentity]) {
    var writer = PackedWriter()
    writer.put(DigestCache.indexName(of: day))
    writer.put(key(of: archives))
    writer.put(index)
    folder.write(DigestCache.marked(writer.bytes).bytes, to: DigestCache.indexName(of: day))
  }

  /// Marks a day's digest as that of its hashes, and puts the day into the cache; only the first where `archives` is nil,
  /// because they changed while they were read.
  func store(_ known: inout KnownDay, of day: Day, _ archives: [ArchiveIdentity]?) {
    var writer = PackedWriter()
    writer.put(Int(day.number))
    writer.put(known.hashes)
    let (hashes, mark) = DigestCache.marked(writer.bytes)
    known.digest.hashesMark = mark
    guard isWritten, let archives else { return }
    if let entries = known.indexEntries {
      // Before the digest: whoever finds that makes neither anew.
      store(DayIndex(entries, events: known.hashes.settledEvents + known.hashes.keptEvents), of: day, archives)
    }
    writer = PackedWriter()
    writer.put(key(of: archives))
    writer.put(known.digest)
    folder.write(hashes, to: DigestCache.hashesName(of: day))
    folder.write(DigestCache.marked(writer.bytes).bytes, to: DigestCache.name(of: day))
  }

  /// The marks of days of which no two have anything in common that one of them does not keep, as an earlier run has found.
  var compared: Set<UInt64> {
    guard let (bytes, _) = contents(of: DigestCache.comparedName) else { return [] }
    var reader = PackedReader(bytes, from: 0, to: bytes.count - 8)
    let isOfNow = reader.number() == DigestCache.form
    let marks = reader.words()
    return isOfNow && reader.isIntact && reader.isAtEnd ? Set(marks) : []
  }

  func store(compared marks: [UInt64]) {
    guard isWritten else { return }
    var writer = PackedWriter()
    writer.put(DigestCache.form)
    writer.put(words: marks)
    folder.write(DigestCache.marked(writer.bytes).bytes, to: DigestCache.comparedName)
  }

  /// A file that is whole, and the hash of its bytes, which are its last eight.
  private func contents(of name: String) -> (bytes: [UInt8], mark: UInt64)? {
    guard let bytes = folder.contents(of: name), bytes.count > 8 else { return nil }
    let mark = bytes.span.word(at: bytes.count - 8)
    return hash64(bytes.span.extracting(0..<bytes.count - 8)) == mark ? (bytes, mark) : nil
  }

  private static func marked(_ bytes: [UInt8]) -> (bytes: [UInt8], mark: UInt64) {
    let mark = hash64(bytes.span)
    return (bytes + (0..<8).map { UInt8(truncatingIfNeeded: mark >> UInt64(8 * $0)) }, mark)
  }

  /// Removes what no later run will ask for: the digests of days before `first`, and what dead runs have left.
  func removeAll(before first: Day) {
    guard isWritten else { return }
    folder.keepOnly { name in
      if name == DigestCache.comparedName { return true }
      guard let day = Day(String(name.prefix(10))), day >= first else { return false }
      return [DigestCache.name(of: day), DigestCache.hashesName(of: day), DigestCache.indexName(of: day)].contains(name)
    }
  }

  private static func name(of day: Day) -> String { "\(day).digest" }
  private static func hashesName(of day: Day) -> String { "\(day).hashes" }
  private static func indexName(of day: Day) -> String { "\(day).index" }

  private func key(of archives: [ArchiveIdentity]) -> [UInt8] {
    var writer = PackedWriter()
    writer.put(DigestCache.form)
    writer.put(settings)
    for archive in archives { writer.put(archive) }
    return writer.bytes
  }

  /// All that decides what a line means and what a call is, the program among it: another one might read otherwise.
  private static func settings(_ file: PipelineFile) -> [UInt8] {
    var writer = PackedWriter()
    if let program = ArchiveIdentity("/proc/self/exe") { writer.put(program) }
    for limit in [file.limits.line, file.limits.depth, Int(file.limits.archive)] { writer.put(limit) }
    for name in [file.input.timezone, file.business.timezone] {
      let zone = ZoneRules(named: name)
      writer.put(name)
      writer.put(Int(zone.initialOffset))
      for transition in zone.transitions {
        writer.put(signed: transition.instant)
        writer.put(Int(transition.offset))
      }
    }
    let billing = file.billing
    writer.put(signed: billing.pulse)
    writer.put(billing.creditsPerPulse.millionths)
    writer.put(signed: billing.minimumPulses)
    for statuses in [billing.billable, billing.successful] {
      writer.put(UInt64(statuses.count))
      for status in statuses.sorted() { writer.put(status) }
    }
    return writer.bytes
  }
}

extension PackedWriter {
  fileprivate mutating func put(_ archive: ArchiveIdentity) {
    put(archive.path)
    put(signed: archive.size)
    for part in archive.modified { put(part) }
    put(archive.lastBytes)
  }
}
