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

  private static let form: UInt64 = 1

  /// What is kept of a day, by the ends of the files' names.
  private enum Part: String, CaseIterable { case digest = ".digest", index = ".index" }

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
    guard var reader = contents(.digest, of: day, archives) else { return nil }
    let digest = reader.digest()
    return reader.isIntact && reader.isAtEnd && digest.archives.count == archives.count ? digest : nil
  }

  /// The index of a day's archives, nil where there is none that can be believed.
  func index(of day: Day, _ archives: [ArchiveIdentity]) -> DayIndex? {
    guard var reader = contents(.index, of: day, archives) else { return nil }
    let index = DayIndex(&reader)
    return reader.isIntact && reader.isAtEnd ? index : nil
  }

  /// What stands behind the key of a file that is whole and about these archives.
  private func contents(_ part: Part, of day: Day, _ archives: [ArchiveIdentity]) -> PackedReader? {
    guard let bytes = folder.contents(of: DigestCache.name(part, of: day)), bytes.count > 8 else { return nil }
    let end = bytes.count - 8
    guard hash64(bytes.span.extracting(0..<end)) == bytes.span.word(at: end) else { return nil }
    var reader = PackedReader(bytes, from: 0, to: end)
    return reader.text() == key(of: part, archives) ? reader : nil
  }

  /// Keeps a digest, and its index if the digest was made just now. The index goes first: whoever finds the digest makes
  /// neither anew.
  func store(_ digest: DayDigest, of day: Day, _ archives: [ArchiveIdentity]) {
    guard isWritten else { return }
    if let entries = digest.indexEntries {
      let index = DayIndex(entries, events: digest.settledEvents + digest.keptEvents)
      write(.index, of: day, archives) { $0.put(index) }
    }
    write(.digest, of: day, archives) { $0.put(digest) }
  }

  private func write(
    _ part: Part, of day: Day, _ archives: [ArchiveIdentity], _ put: (inout PackedWriter) -> Void
  ) {
    var writer = PackedWriter()
    writer.put(key(of: part, archives))
    put(&writer)
    var bytes = writer.bytes
    let checksum = hash64(bytes.span)
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: checksum >> UInt64(8 * shift))) }
    folder.write(bytes, to: DigestCache.name(part, of: day))
  }

  /// Removes what no later run will ask for: what is kept of days before `first`, and what dead runs have left.
  func removeAll(before first: Day) {
    guard isWritten else { return }
    folder.keepOnly { name in
      guard let part = Part.allCases.first(where: { name.hasSuffix($0.rawValue) }) else { return false }
      return Day(String(name.dropLast(part.rawValue.count))).map { $0 >= first } ?? false
    }
  }

  private static func name(_ part: Part, of day: Day) -> String { "\(day)\(part.rawValue)" }

  private func key(of part: Part, _ archives: [ArchiveIdentity]) -> [UInt8] {
    var writer = PackedWriter()
    writer.put(DigestCache.form)
    writer.put(part.rawValue)
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
