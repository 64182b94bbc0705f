import CallModel
import Foundation
import Intake
import Testing

/// Mutated archives: no crash, no hang, and every line accounted for.
///
/// The seed is new in each run and stands in every failure; `CALLTALLY_FUZZ_SEED` repeats one.
@Suite struct ArchiveFuzzTests {
  private static let seed =
    ProcessInfo.processInfo.environment["CALLTALLY_FUZZ_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1 << 32)

  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test func `mutated text is accounted for, line by line`() throws {
    print("ArchiveFuzzTests: CALLTALLY_FUZZ_SEED=\(Self.seed)")
    var random = SeededGenerator(seed: Self.seed)
    let night = text(night + [started(7, #""a":1,"b":[[{"c":null}]],"ended_at":"2026-04-08T10:30:00+05:30""#)])
    for round in 0..<1_000 {
      let mutant = mutated(night, &random)
      let reading = try directory.reading(
        mutant, as: "a.jsonl", limits: IntakeLimits(line: 1_500, depth: 4),
        chunkSize: .random(in: 1...3_000, using: &random))
      let lineFeeds = mutant.count { $0 == 0x0a }
      let isGzip = mutant.starts(with: [0x1f, 0x8b])
      let lines = lineFeeds + (mutant.isEmpty || mutant.last == 0x0a ? 0 : 1)
      #expect(reading.balances, "seed \(Self.seed), round \(round)")
      #expect(isGzip || reading.lines == lines, "seed \(Self.seed), round \(round)")
    }
  }

  @Test func `mutated gzip is accounted for, and never passes for whole with other text`() throws {
    var random = SeededGenerator(seed: Self.seed &+ 1)
    let archive = gzipMember(text(Array(night[...4]))) + gzipMember(text(Array(night[5...])))
    let whole = try directory.reading(archive)
    for round in 0..<1_000 {
      let reading = try directory.reading(
        mutated(archive, &random), chunkSize: .random(in: 1...3_000, using: &random))
      #expect(reading.balances, "seed \(Self.seed), round \(round)")
      // A member cut off exactly, or one that comes twice, is a whole archive too.
      let known = Set(whole.ids)
      let isSane = reading.condition != .whole || reading.ids.allSatisfy(known.contains)
      #expect(isSane, "seed \(Self.seed), round \(round)")
    }
  }

  private func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      guard !bytes.isEmpty else { return bytes }
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, place + Int.random(in: 1...40, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 2: bytes.insert(contentsOf: (0..<(end - place)).map { _ in .random(in: 0...255, using: &random) }, at: place)
      case 3: bytes.removeSubrange(place..<end)
      case 4: bytes.insert(contentsOf: bytes[place..<end], at: Int.random(in: 0...bytes.count, using: &random))
      default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &random))
      }
    }
    if Int.random(in: 0..<4, using: &random) == 0 { bytes.removeLast(Int.random(in: 0...bytes.count, using: &random)) }
    return bytes
  }
}
