package import CallModel
import Foundation
import Intake

/// A generator of realistic archives: a gzipped JSON Lines file `HH.jsonl.gz` for each hour in which events arrived.
///
/// Of the size and mixture that a customer of 200,000 calls a night has: 3.4 events and 3.1 kB of JSON a call, four
/// calls of five completed, a campaign for every 370 calls, and claims that equal what the calls add up to. With
/// `mess`, also what a real night has: duplicates, conflicts, late and lost events, wrong claims, broken lines and
/// damaged files.
///
/// The same `calls`, `seed`, `mess`, `day` and `compressionLevel` give the same bytes; `threads` changes only the time.
package struct SampleArchives: Sendable {
  /// The numbers of calls that a sample can have.
  package static let possibleCalls = 1...20_000_000

  package var directory: String
  package var calls: Int
  package var seed: UInt64
  package var mess: Bool
  package var day: Day
  package var threads: Int
  /// zlib's, 1 to 9.
  package var compressionLevel: Int
  /// The number of days, each in a directory of its own, `2026-04-08` and so on; nil for one day without one.
  package var days: Int?

  /// The numbers of days that a sample can have.
  package static let possibleDays = 1...366

  package init(
    directory: String, calls: Int, seed: UInt64, mess: Bool, day: Day = Day(number: 20_551), threads: Int,
    compressionLevel: Int = 6, days: Int? = nil
  ) {
    self.directory = directory
    self.calls = calls
    self.seed = seed
    self.mess = mess
    self.day = day
    self.threads = threads
    self.compressionLevel = compressionLevel
    self.days = days
  }

  /// Makes the directory where it is missing and writes the archives, at most `threads` hours at a time.
  ///
  /// Files are readable by their owner only. A directory that holds an archive already is refused.
  package func write() async throws(SampleError) -> SampleSummary {
    guard SampleArchives.possibleCalls.contains(calls) else { throw .impossibleCount(calls: calls) }
    guard let days else {
      let plan = SamplePlan(calls: calls, seed: seed, mess: mess, day: day)
      return try await write([], plan, to: directory)
    }
    var total = SampleSummary()
    var late: [PlannedDelivery] = []
    var before: SampleCampaign?
    for number in 0..<days {
      let plan = plan(ofDay: number, of: days, before: before)
      before = plan.campaigns.first
      let start = plan.day.midnight
      let due = late.filter { $0.delivery.time < start + 24 * SampleDay.hour }
      late = late.filter { $0.delivery.time >= start + 24 * SampleDay.hour }
      let name = Day(number: day.number + Int32(number)).description
      total = total + (try await write(due, plan, to: "\(directory)/\(name)"))
      late += plan.laterDeliveries().map { PlannedDelivery(delivery: $0, plan: plan) }
    }
    return total
  }

  private func plan(ofDay number: Int, of days: Int, before: SampleCampaign?) -> SamplePlan {
    func seed(_ number: Int) -> UInt64 {
      number == 0 ? self.seed : SampleRandom.scattered(self.seed &+ UInt64(number) &* 0x9e37_79b9_7f4a_7c15)
    }
    let (place, length) = SampleSequence.place(ofDay: number)
    let long = SampleSequence.Long(
      seed: seed(number - place), begins: place == 0, ends: place == length - 1, before: place == 0 ? nil : before)
    let day = Day(number: self.day.number + Int32(number))
    let end = Int64(self.day.number + Int32(days)) * 24 * SampleDay.hour
    return SamplePlan(
      calls: calls, seed: seed(number), mess: mess, day: day,
      sequence: SampleSequence(seed: self.seed, end: end, long: long))
  }

  /// Writes the archives of one day, with the deliveries of days before that arrive on it.
  private func write(
    _ late: [PlannedDelivery], _ plan: SamplePlan, to directory: String
  ) async throws(SampleError) -> SampleSummary {
    try prepare(directory)
    var used = Set(plan.hoursWithDeliveries())
    for late in late { used.insert(late.hour(of: plan.day)) }
    let hours = used.sorted()
    let result = await withTaskGroup(of: Result<SampleSummary, SampleError>.self) { group in
      var waiting = hours.indices.makeIterator()
      for _ in 0..<max(1, threads) {
        if let ordinal = waiting.next() { group.addTask { writeHour(hours, ordinal, late, plan, to: directory) } }
      }
      var total: Result<SampleSummary, SampleError> = .success(SampleSummary())
      while let one = await group.next() {
        total = total.flatMap { sum in one.map { sum + $0 } }
        if case .success = total, let ordinal = waiting.next() {
          group.addTask { writeHour(hours, ordinal, late, plan, to: directory) }
        }
      }
      return total
    }
    return try result.get()
  }

  private func prepare(_ directory: String) throws(SampleError) {
    let held: [String]
    do {
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      held = try FileManager.default.contentsOfDirectory(atPath: directory)
    } catch {
      throw .cannotUseDirectory(path: directory)
    }
    if let archive = held.filter({ $0.hasSuffix(".jsonl.gz") }).min() {
      throw .holdsArchives(path: directory, archive: archive)
    }
  }

  private func writeHour(
    _ hours: [Int], _ ordinal: Int, _ late: [PlannedDelivery], _ plan: SamplePlan, to directory: String
  ) -> Result<SampleSummary, SampleError> {
    let hour = hours[ordinal]
    let faults = mess ? ArchiveFaults.striking(ordinal: ordinal, of: hours.count, seed: seed) : ArchiveFaults()
    var archive = SampleArchive(plan, faults)
    let own = plan.deliveries(inHour: hour).map { PlannedDelivery(delivery: $0, plan: plan) }
    let due = late.filter { $0.hour(of: plan.day) == hour }
    archive.write(due.isEmpty ? own : (own + due).sorted { $0.delivery < $1.delivery })
    let bytes = archive.compressed(level: Int32(compressionLevel))
    let path = "\(directory)/\(hour < 10 ? "0" : "")\(hour).jsonl.gz"
    let isWritten = FileManager.default.createFile(
      atPath: path, contents: Data(bytes), attributes: [.posixPermissions: 0o600])
    guard isWritten else { return .failure(.cannotWrite(path: path)) }
    return .success(SampleSummary(files: 1, lines: archive.lines, jsonBytes: archive.jsonBytes, gzipBytes: bytes.count))
  }
}

/// What a sample came to. Lines and bytes of JSON are counted before an archive is torn.
package struct SampleSummary: Encodable, Equatable, Sendable {
  package var files = 0
  package var lines = 0
  package var jsonBytes = 0
  package var gzipBytes = 0

  static func + (left: SampleSummary, right: SampleSummary) -> SampleSummary {
    SampleSummary(
      files: left.files + right.files, lines: left.lines + right.lines, jsonBytes: left.jsonBytes + right.jsonBytes,
      gzipBytes: left.gzipBytes + right.gzipBytes)
  }
}

/// A delivery with the plan of the day that it is about.
private struct PlannedDelivery {
  let delivery: SampleDelivery
  let plan: SamplePlan

  /// The hour of the day on which it arrives.
  func hour(of day: SampleDay) -> Int { Int((delivery.time - day.midnight) / SampleDay.hour) }
}

/// One archive in the making.
private struct SampleArchive {
  private var writer: SampleWriter
  private let faults: ArchiveFaults
  /// Where each gzip member ends in the text.
  private var memberEnds: [Int] = []

  var lines: Int { writer.lines }
  var jsonBytes: Int { writer.out.count }

  init(_ plan: SamplePlan, _ faults: ArchiveFaults) {
    writer = SampleWriter(plan)
    self.faults = faults
    if faults.startsWithByteOrderMark { writer.out = [0xef, 0xbb, 0xbf] }
  }

  /// A receiver that was restarted goes on with a new member, so each ends with a whole line.
  mutating func write(_ deliveries: [PlannedDelivery]) {
    writer.out.reserveCapacity(deliveries.count * 1_000)
    for (index, delivery) in deliveries.enumerated() {
      writer.plan = delivery.plan
      writer.write(delivery.delivery)
      if (index + 1) * faults.members / deliveries.count > index * faults.members / deliveries.count {
        memberEnds.append(writer.out.count)
      }
    }
  }

  func compressed(level: Int32) -> [UInt8] {
    var bytes: [UInt8] = []
    if memberEnds.count == 1 {
      bytes = gzipMember(writer.out, level: level)
    } else {
      var start = 0
      for end in memberEnds {
        bytes += gzipMember(Array(writer.out[start..<end]), level: level)
        start = end
      }
    }
    if faults.endsWithZeros { bytes += [UInt8](repeating: 0, count: 512) }
    if faults.isTorn { bytes.removeLast(bytes.count / 3) }
    return bytes
  }
}
