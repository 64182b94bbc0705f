import CallModel
import Intake

/// What one archive holds, as `calltally inspect` reports it.
package struct Inspection: Encodable, Sendable {
  package struct Problem: Encodable, Sendable {
    package let line: Int
    package let code: String
    package let message: String
  }

  package let archive: String
  package let condition: String
  /// Whether data was lost or cannot be trusted.
  package let isDamaged: Bool
  package let fault: String?
  package let bytes: Int64
  package let textBytes: Int64
  package let members: Int
  package private(set) var lines = 0
  package private(set) var rejected = 0
  package private(set) var ignored = 0
  package private(set) var blank = 0
  /// Events by name, before any deduplication.
  package private(set) var events: [String: Int] = [:]
  /// The least and the greatest event timestamp.
  package private(set) var earliest: String?
  package private(set) var latest: String?
  /// The first problems, at most `Inspection.problemLimit`.
  package private(set) var problems: [Problem] = []

  package static let problemLimit = 20

  /// Reads one archive to its end; memory does not grow with it.
  init(path: String, limits: IntakeLimits = IntakeLimits()) throws(IntakeError) {
    var reader = try ArchiveReader(path: path, limits: limits)
    var decoder = EventDecoder(limits: limits, zone: .utc)
    var batch = EventBatch()
    var chunk = Chunk()
    var counts = [Int](repeating: 0, count: EventKind.allCases.count)
    var (earliest, latest): (Timestamp?, Timestamp?)
    var (lines, rejected, ignored, blank) = (0, 0, 0, 0)
    var problems: [Problem] = []
    while try reader.nextChunk(into: &chunk) {
      decoder.decode(chunk, into: &batch)
      for event in batch.events { counts[Int(event.kind.rawValue)] += 1 }
      for reject in batch.rejects where problems.count < Inspection.problemLimit {
        problems.append(
          Problem(line: lines + Int(reject.line), code: reject.code.rawValue, message: reject.message))
      }
      lines += batch.lines
      rejected += batch.rejects.count
      ignored += batch.ignoredLines
      blank += batch.blankLines
      if let first = batch.earliest { earliest = min(earliest ?? first, first) }
      if let last = batch.latest { latest = max(latest ?? last, last) }
      batch.removeAll()
    }
    var summary = reader.summary
    summary.judge(lines: lines, rejected: rejected)
    archive = path
    condition = summary.condition.rawValue
    isDamaged = summary.isDamaged
    fault = summary.fault
    bytes = summary.bytes
    textBytes = summary.textBytes
    members = summary.members
    (self.lines, self.rejected, self.ignored, self.blank) = (lines, rejected, ignored, blank)
    for kind in EventKind.allCases { events[kind.name] = counts[Int(kind.rawValue)] }
    self.earliest = earliest?.description
    self.latest = latest?.description
    self.problems = problems
  }

  /// Several lines for a person.
  package var text: String {
    var lines = [
      "\(archive.visible): \(condition)\(fault.map { " (\($0))" } ?? "")",
      "  \(bytes) bytes, \(members) members, \(textBytes) bytes of text",
      "  \(self.lines) lines: \(events.values.reduce(0, +)) events, \(rejected) rejected, \(ignored) ignored, "
        + "\(blank) blank",
    ]
    for kind in EventKind.allCases {
      if let count = events[kind.name], count > 0 { lines.append("  \(kind.name): \(count)") }
    }
    if let earliest, let latest { lines.append("  from \(earliest) to \(latest)") }
    for problem in problems { lines.append("  line \(problem.line): \(problem.code): \(problem.message)") }
    if rejected > problems.count { lines.append("  and \(rejected - problems.count) more rejected lines") }
    return lines.joined(separator: "\n")
  }
}

/// Inspects archives on several tasks, in archive order.
package func inspect(_ patterns: [String], threads: Int) async throws(RunError) -> [Inspection] {
  let paths: [String]
  do throws(IntakeError) {
    paths = try ArchiveList(patterns: patterns).paths
  } catch {
    throw .intake(error)
  }
  let results = await withTaskGroup(of: (Int, Result<Inspection, RunError>).self) { group in
    var started = 0
    func start() {
      guard started < paths.count else { return }
      let index = started
      group.addTask {
        do throws(IntakeError) {
          return (index, .success(try Inspection(path: paths[index])))
        } catch {
          return (index, .failure(.intake(error)))
        }
      }
      started += 1
    }
    for _ in 0..<threads { start() }
    var results: [(Int, Result<Inspection, RunError>)] = []
    for await result in group {
      results.append(result)
      start()
    }
    return results.sorted { $0.0 < $1.0 }.map(\.1)
  }
  var inspections: [Inspection] = []
  for result in results { inspections.append(try result.get()) }
  return inspections
}
