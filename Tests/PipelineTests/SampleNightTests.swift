import Foundation
import Testing

/// The small night that is committed for newcomers to run.
struct SampleNightTests {
  private static let directory = PublishedPayloads.checkout
    .appendingPathComponent("pipelines/sample/archives/2026-04-08").path

  private static func archives() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted().map { "\(directory)/\($0)" }
  }

  @Test func itHoldsThePublishedExamplesAsTheyStand() throws {
    let lines = try Set(
      SampleNightTests.archives().flatMap { try run("gzip", "-dcq", $0).output.split(separator: "\n").map(String.init) }
    )
    let examples = try PublishedPayloads().lines
    #expect(examples.count == 6)
    for example in examples { #expect(lines.contains(example), "not in the archives: \(example.prefix(80))") }
  }

  @Test func itIsSmallAndSpansSeveralHours() throws {
    let sizes = try SampleNightTests.archives().map { try Data(contentsOf: URL(fileURLWithPath: $0)).count }
    #expect(sizes.count >= 4)
    #expect(sizes.reduce(0, +) < 300_000)
  }

  @Test func itsLastArchiveIsTornAndTheOthersAreWhole() throws {
    let archives = try SampleNightTests.archives()
    let isWhole = try archives.map { try run("gzip", "-t", $0).isSuccess }
    #expect(isWhole == archives.indices.map { $0 < archives.count - 1 })
  }
}
