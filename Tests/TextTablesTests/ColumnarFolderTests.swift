import CallModel
import Foundation
import Testing
import TextTables

struct ColumnarFolderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Three rows: one with specials, one of nulls, one of empties and extremes.
  private func publishSamples(compress: Bool) throws -> TableSummary {
    let format = TableFormat.columnar(compress: compress)
    var encoder = RowEncoder(schema: everyType, format: format)
    encoder.text("tab\tlf\ncr\rback\\slash \\N")
    encoder.integer(-3)
    encoder.decimal(Credits(millionths: 1_500_000))
    encoder.timestamp(lastMoment)
    encoder.date(lastMoment.day)
    encoder.json(Array(#"{"k":"\n"}"#.utf8).span)
    encoder.endRow()
    for _ in 0..<6 { encoder.null() }
    encoder.endRow()
    encoder.text("")
    encoder.integer(10)
    encoder.decimal(Credits(millionths: -250_000))
    encoder.timestamp(Timestamp(microseconds: 0))
    encoder.date(Day(number: 0))
    encoder.json(Array("[]".utf8).span)
    encoder.endRow()
    let staging = try StagingDirectory(target: "\(directory.path)/set")
    var writer = try TableWriter(
      schema: everyType, format: format, file: "columns/samples", in: staging,
      options: TableOptions(compressor: storedMember))
    try writer.append(encoder.take())
    let summary = try writer.finish()
    try staging.publish()
    return summary
  }

  private let pasted =
    "tab\\tlf\\ncr\\rback\\\\slash \\\\N\t-3\t1.5\t2026-04-08T23:59:59.999999\t2026-04-08\t{\"k\":\"\\\\n\"}\n"
    + "\\N\t\\N\t\\N\t\\N\t\\N\t\\N\n\t10\t-0.25\t1970-01-01T00:00:00.000000\t1970-01-01\t[]\n"

  @Test func pastedColumnsAreTheTable() throws {
    let summary = try publishSamples(compress: false)
    #expect(summary.rows == 3)
    #expect(
      try directory.names("set/columns/samples") == [
        "01_id.txt", "02_count.txt", "03_amount.txt", "04_at.txt", "05_day.txt", "06_detail.txt", "load", "schema.json",
      ])
    let table = try output(of: ["sh", "-c", "paste *.txt"], in: "\(directory.path)/set/columns/samples")
    #expect(table.map { String(decoding: $0, as: UTF8.self) } == pasted)
  }

  @Test(.enabled(if: isInstalled("bash") && isInstalled("gzip"), "bash or gzip is not installed"))
  func compressedColumnsAreGzipFiles() throws {
    let summary = try publishSamples(compress: true)
    #expect(summary.files[0].path == "columns/samples/01_id.txt.gz")
    let command =
      "paste <(gzip -dc 01*) <(gzip -dc 02*) <(gzip -dc 03*) <(gzip -dc 04*) <(gzip -dc 05*) <(gzip -dc 06*)"
    let table = try output(of: ["bash", "-c", command], in: "\(directory.path)/set/columns/samples")
    #expect(table.map { String(decoding: $0, as: UTF8.self) } == pasted)
    #expect(try directory.text("set/columns/samples/load/postgres.sql").contains("<(gzip -dc 01_id.txt.gz)"))
  }

  @Test(
    .enabled(if: isInstalled("bash") && isInstalled("gzip"), "bash or gzip is not installed"), arguments: [true, false])
  func theScriptsReadWhatThePublishedFilesHold(compress: Bool) throws {
    _ = try publishSamples(compress: compress)
    let folder = "\(directory.path)/set/columns/samples"
    let postgres = try directory.text("set/columns/samples/load/postgres.sql")
    let command = try #require(postgres.split(separator: "FROM PROGRAM '").last?.split(separator: "' WITH").first)
    let table = try output(of: ["sh", "-c", String(command)], in: folder)
    #expect(table.map { String(decoding: $0, as: UTF8.self) } == pasted)
    for name in ["clickhouse", "duckdb"] {
      let script = try directory.text("set/columns/samples/load/\(name).sql")
      #expect(script.contains("--   \(command) | "))
      #expect(script.contains("INSERT INTO \"samples\" (\"id\", \"count\", \"amount\", \"at\", \"day\", \"detail\")"))
    }
  }

  @Test func theSchemaCountsWhatIsThere() throws {
    let summary = try publishSamples(compress: false)
    let document = try JSONSerialization.jsonObject(
      with: Data(try directory.bytes("set/columns/samples/schema.json")))
    let schema = try #require(document as? [String: Any])
    #expect(schema["table"] as? String == "samples")
    #expect(schema["rows"] as? Int == 3)
    #expect(schema["primary_key"] as? [String] == ["id"])
    let columns = try #require(schema["columns"] as? [[String: Any]])
    #expect(columns.map { $0["nulls"] as? Int } == [1, 1, 1, 1, 1, 1])
    #expect(columns.map { $0["empties"] as? Int } == [1, 0, 0, 0, 0, 0])
    #expect(
      columns.map { $0["minimum"] as? String }
        == [nil, "-3", "-0.25", "1970-01-01T00:00:00.000000", "1970-01-01", nil])
    #expect(
      columns.map { $0["maximum"] as? String } == [nil, "10", "1.5", "2026-04-08T23:59:59.999999", "2026-04-08", nil])
    #expect(columns.map { $0["sum"] as? String } == [nil, "7", "1.25", nil, nil, nil])
    #expect(columns.map { $0["sha256"] as? String } == summary.files.prefix(6).map(\.sha256))
    #expect(columns.map { $0["file"] as? String }.first == "01_id.txt")
    #expect(try directory.bytes("set/columns/samples/schema.json").last == UInt8(ascii: "\n"))
  }

  @Test func aNulIsWrittenSoThatNoReaderTakesItForAnOctalNumber() {
    #expect(cell("a\u{0}12", columnar) == "a\\x0012")
  }

  @Test func textInAColumnOfNumbersIsFoundBeforePublishing() throws {
    let staging = try StagingDirectory(target: "\(directory.path)/set")
    var encoder = RowEncoder(schema: everyType, columns: [1], format: columnar)
    encoder.text("many")
    encoder.endRow()
    var writer = try TableWriter(schema: everyType, columns: [1], format: columnar, file: "c", in: staging)
    try writer.append(encoder.take())
    let error = finishError(writer)
    #expect(
      error.map { "\($0)".contains("01_count.txt does not hold what was written to it: a line is no integer") } == true)
  }
}

/// What `finish` throws, or nil.
private func finishError(_ writer: consuming TableWriter) -> TextTablesError? {
  do throws(TextTablesError) {
    _ = try writer.finish()
    return nil
  } catch {
    return error
  }
}
