import Foundation
import Pipeline

/// Messy samples as lines, to be packed into archives in any way.
enum RunSamples {
  /// The whole lines of a messy sample's archives, in archive order; what was torn off stays out.
  static func lines(calls: Int, seed: UInt64) async throws -> [Data] {
    let (directory, _) = try await sample(calls: calls, seed: seed, mess: true)
    return try directory.texts().flatMap { text in
      var lines = Data(text.utf8).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      lines.removeLast()
      return lines
    }
  }

  /// Archives of consecutive lines, cut where `cuts` say and packed in turns as gzip, as gzip of two members, and plain.
  static func archives(of lines: [Data], cuts: [Int]) -> [String: Data] {
    var archives: [String: Data] = [:]
    for (number, (start, end)) in zip([0] + cuts, cuts + [lines.count]).enumerated() {
      let (middle, name) = ((start + end) / 2, number < 10 ? "0\(number)" : "\(number)")
      switch number % 3 {
      case 0: archives["\(name).jsonl.gz"] = storedGzip(text(lines[start..<end]))
      case 1:
        archives["\(name).jsonl.gz"] = storedGzip(text(lines[start..<middle])) + storedGzip(text(lines[middle..<end]))
      default: archives["\(name).jsonl"] = text(lines[start..<end])
      }
    }
    return archives
  }

  private static func text(_ lines: ArraySlice<Data>) -> Data {
    lines.reduce(into: Data()) { text, line in
      text += line
      text.append(UInt8(ascii: "\n"))
    }
  }

  /// The lines in another order, in which lines of one `event_id` keep theirs: of two contents the first one counts.
  static func shuffled(_ lines: [Data], seed: UInt64) -> [Data] {
    var numbers = SeededNumbers(seed: seed)
    var byID: [String: [Data]] = [:]
    let ids = lines.map { line in
      String(decoding: line, as: UTF8.self).firstMatch(of: /"event_id":"([^"]*)"/).map { String($0.1) } ?? ""
    }
    for (id, line) in zip(ids, lines) { byID[id, default: []].append(line) }
    return ids.shuffled(using: &numbers).map { byID[$0]?.removeFirst() ?? Data() }
  }
}

/// Numbers that look random and are the same on every machine.
struct SeededNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }
}

extension RunWorkspace {
  /// Writes a pipeline file that reads archives/* and publishes to output, with further lines of YAML.
  func writePipeline(_ rest: String = "") throws {
    try write(
      "version: 1\nname: test\ninput: {archives: archives/*}\noutput: {directory: output}\n" + rest,
      to: "pipeline.yaml")
  }

  /// Replaces what stands in archives/.
  func writeArchives(_ archives: [String: Data]) throws {
    try? FileManager.default.removeItem(atPath: path + "/archives")
    for (name, bytes) in archives { try write(bytes, to: "archives/\(name)") }
  }

  /// Makes a messy sample in archives/.
  func writeSample(calls: Int, seed: UInt64) async throws {
    let sample = SampleArchives(directory: path + "/archives", calls: calls, seed: seed, mess: true, threads: 2)
    _ = try await sample.write()
  }
}

/// Checks that only warn: a messy sample fails them on purpose.
let lenientChecks = """
  checks: {rejected_lines: {warn: 0}, credits_difference: {warn: 0}, mismatched_campaigns: warn, damaged_archives: warn}

  """
