import CallModel
import Foundation
import Tally
import Testing

import Intake
import Pipeline

/// A complete pipeline file of four lines; what a test adds begins at line 5.
private let header = """
  version: 1
  name: night
  input: {archives: archives/*.jsonl.gz}
  output: {directory: out}

  """

private func parse(_ text: String, _ environment: [String: String] = [:]) throws -> PipelineFile {
  try PipelineFile(text: text, path: "night.yaml", environment: environment)
}

@Suite struct PipelineFileTests {
  @Test func theLeastFileHasTheDefaults() throws {
    let file = try parse(header)
    #expect(file.name == "night")
    #expect(file.input.archives == ["archives/*.jsonl.gz"])
    #expect(file.input.timezone == "UTC")
    #expect(file.business.timezone == "UTC")
    #expect(file.billing == BillingRule())
    #expect(file.tolerance == Tolerance())
    #expect(file.window == nil)
    #expect(file.output.directory == "out")
    let tables = TableName.allCases.filter { !$0.isOfDays }
    #expect(file.output.tables.map(\.table) == tables)
    #expect(file.output.tables.allSatisfy { $0.format == .csv(dialect: .machine, locale: nil) && $0.columns == nil })
    #expect(file.output.tables.map(\.file) == tables.map { "\($0.rawValue).csv" })
    #expect(file.output.fileMode == 0o600)
    #expect(file.output.directoryMode == 0o700)
    #expect(!file.output.checksums)
    #expect(file.checks.rejectedLines.warn == nil)
    #expect(file.checks.rejectedLines.fail == .percentage(.init(millionths: 1_000_000)))
    #expect(file.checks.creditsDifference.warn == nil)
    #expect(file.checks.creditsDifference.fail == .amount(.zero))
    #expect(file.checks.damagedArchives == .fail)
    #expect(file.privacy == PipelineFile.Privacy())
    #expect(file.limits.line == 16_777_216)
    #expect(file.limits.depth == 128)
    #expect(file.limits.archive == 68_719_476_736)
    #expect(!file.usesDay)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: design), "the design page is not beside the checkout"))
  func theExampleOfTheDesignReads() throws {
    let page = try String(contentsOfFile: design, encoding: .utf8)
    let section = try #require(page.range(of: "## The pipeline file"))
    let start = try #require(page.range(of: "```yaml\n", range: section.upperBound..<page.endIndex))
    let end = try #require(page.range(of: "```", range: start.upperBound..<page.endIndex))
    let file = try parse(String(page[start.upperBound..<end.lowerBound]))

    #expect(file.name == "nightly")
    #expect(file.input.archives == ["archives/${day}/*.jsonl.gz"])
    #expect(file.output.directory == "output/nightly/${day}")
    #expect(file.usesDay)
    #expect(file.billing == BillingRule())
    #expect(file.window == .init(lookback: 35, restate: 7))
    #expect(
      file.output.tables.prefix(3) == [
        .init(table: .calls, format: .csv(dialect: .machine, locale: nil), file: "calls.csv", columns: nil),
        .init(
          table: .calls, format: .csv(dialect: .spreadsheet, locale: nil), file: "calls-finance.csv",
          columns: ["conversation_id", "credits", "billable_seconds"]),
        .init(table: .calls, format: .columnar(compress: true), file: nil, columns: nil),
      ])
    #expect(file.output.tables.dropFirst(3).map(\.table) == [.findings, .archives, .rejects, .drift])
    #expect(file.checks == PipelineFile.Checks())
    #expect(file.privacy.columns == ["to_number": .last4, "username": .drop])
    #expect(file.limits == PipelineFile.Limits())

    let night = file.resolved(day: try #require(Day(year: 2026, month: 4, day: 8)))
    #expect(night.input.archives == ["archives/2026-04-08/*.jsonl.gz"])
    #expect(night.output.directory == "output/nightly/2026-04-08")
    #expect(!night.usesDay)
  }

  @Test func everySettingIsRead() throws {
    let file = try parse(
      """
      version: 1
      name: Month_end-2
      input:
        archives: [a/*.gz, 'b/*.gz']
        timezone: Europe/Berlin
      business: {timezone: America/New_York}
      billing:
        pulse: 1m
        credits_per_pulse: 0.25
        minimum_pulses: 2
        billable: [completed, busy]
        successful: done
      tolerance: {credits: 0.000001, duration: 2h, calls: 3, awaiting: 2d}
      output:
        directory: out
        file_mode: 0640
        directory_mode: "750"
        checksums: true
        tables:
          - csv: {table: totals, dialect: spreadsheet, locale: de-DE, file: "totals-${day}.csv"}
          - columnar: {table: drift, columns: [event, count]}
      checks:
        rejected_lines: {warn: 10, fail: 0.5%}
        credits_difference: {warn: 1%, fail: 12.5}
        damaged_archives: warn
      privacy: {from_number: hash, context_data: drop, transcripts: drop, raw: keep}
      limits: {line: 10MB, depth: 1024, archive: 1TiB}
      """, ["CALLTALLY_HASH_KEY": "secret"])
    #expect(file.name == "Month_end-2")
    #expect(file.input == .init(archives: ["a/*.gz", "b/*.gz"], timezone: "Europe/Berlin"))
    #expect(file.business.timezone == "America/New_York")
    #expect(
      file.billing
        == BillingRule(
          pulse: 60, creditsPerPulse: Credits(millionths: 250_000), minimumPulses: 2,
          billable: ["completed", "busy"], successful: ["done"]))
    #expect(file.tolerance == Tolerance(credits: Credits(millionths: 1), duration: 7_200, calls: 3, awaiting: 172_800))
    #expect(file.output.fileMode == 0o640)
    #expect(file.output.directoryMode == 0o750)
    #expect(file.output.checksums)
    #expect(file.output.tables[0].format == .csv(dialect: .spreadsheet, locale: "de-DE"))
    #expect(file.output.tables[0].file == "totals-${day}.csv")
    #expect(file.output.tables[1].format == .columnar(compress: false))
    #expect(file.output.tables[1].columns == ["event", "count"])
    #expect(file.output.tables.dropFirst(2).map(\.table) == [.findings, .archives, .rejects])
    #expect(file.checks.rejectedLines == .init(warn: .amount(10), fail: .percentage(.init(millionths: 500_000))))
    #expect(
      file.checks.creditsDifference
        == .init(
          warn: .percentage(.init(millionths: 1_000_000)), fail: .amount(Credits(millionths: 12_500_000))))
    #expect(file.checks.damagedArchives == .warn)
    #expect(file.privacy.columns == ["from_number": .hash, "context_data": .drop, "transcripts": .drop])
    #expect(file.privacy.kept == ["raw"])
    #expect(file.privacy.hashKey == "secret")
    #expect(file.limits == .init(line: 10_000_000, depth: 1_024, archive: 1_099_511_627_776))
    #expect(file.usesDay)
    let night = file.resolved(day: Day(number: 0))
    #expect(night.output.tables[0].file == "totals-1970-01-01.csv")
  }

  @Test func theDigestIsThatOfTheBytes() throws {
    // From `sha256sum` of the four lines.
    let file = try parse(header)
    #expect(file.digest == "a816427070d78b7d7dc4aa9888412e3f948c8beb9c9357ea93b0bb89a31ad3e3")
    #expect(try parse(header + "# a comment\n").digest != file.digest)
  }

  @Test func byteOrderMarkAndWindowsLineEndsAreAccepted() throws {
    let text = "\u{FEFF}" + header.replacing("\n", with: "\r\n")
    #expect(try parse(text).name == "night")
  }

  @Test func aCheckThatIsGivenHasOnlyTheBoundsGiven() throws {
    let file = try parse(header + "checks: {credits_difference: {warn: 0}}\n")
    #expect(file.checks.creditsDifference == .init(warn: .amount(.zero), fail: nil))
    #expect(file.checks.rejectedLines.fail == .percentage(.init(millionths: 1_000_000)))
  }

  @Test(arguments: [("90", 90), ("90s", 90), ("5m", 300), ("1h", 3_600), ("0", 0)] as [(String, Int64)])
  func durationsHaveUnits(text: String, seconds: Int64) throws {
    #expect(try parse(header + "tolerance: {duration: \(text)}\n").tolerance.duration == seconds)
  }

  @Test(
    arguments: [
      ("1", 1), ("7B", 7), ("10kB", 10_000), ("10KiB", 10_240), ("3MB", 3_000_000), ("1GB", 1_000_000_000),
      ("1GiB", 1_073_741_824),
    ])
  func sizesHaveUnits(text: String, bytes: Int) throws {
    #expect(try parse(header + "limits: {line: \(text)}\n").limits.line == bytes)
  }

  @Test func boundsAreExceededOnlyAboveThem() throws {
    let onePercent = PipelineFile.Bound<Int64>.percentage(.init(millionths: 1_000_000))
    #expect(!onePercent.isExceeded(by: 1, of: 100))
    #expect(onePercent.isExceeded(by: 2, of: 100))
    #expect(onePercent.isExceeded(by: 1, of: 99))
    #expect(!onePercent.isExceeded(by: 0, of: 0))
    #expect(!PipelineFile.Bound<Int64>.amount(3).isExceeded(by: 3, of: 3))
    #expect(PipelineFile.Bound<Int64>.amount(3).isExceeded(by: 4, of: 1_000))
    let half = PipelineFile.Bound<Credits>.percentage(.init(millionths: 50_000_000))
    #expect(!half.isExceeded(by: Credits(-5), of: Credits(10)))
    #expect(half.isExceeded(by: Credits(-6), of: Credits(10)))
    #expect(PipelineFile.Bound<Credits>.amount(.zero).isExceeded(by: Credits(millionths: -1), of: .zero))
  }
}

private let design = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../../shared/DESIGN.md").standardized.path
