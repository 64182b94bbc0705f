import Foundation
import Testing
import TextTables

struct DataPackageTests {
  private func package() throws -> [String: Any] {
    var package = DataPackage(name: "nightly", title: "Nightly", description: "A night.")
    package.add(
      schema: everyType, dialect: .machine,
      summary: TableSummary(rows: 1, files: [FileSummary(path: "samples.csv", rows: 1, bytes: 9, sha256: "ab")]))
    package.add(
      schema: everyType, columns: [2, 3], dialect: .spreadsheet(.semicolon),
      summary: TableSummary(
        rows: 2,
        files: [
          FileSummary(path: "Samples-2.csv", rows: 1, bytes: 9, sha256: nil),
          FileSummary(path: "Samples-2.part2.csv", rows: 1, bytes: 9, sha256: nil),
        ]))
    let bytes = package.json()
    #expect(bytes.last == UInt8(ascii: "\n"))
    return try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  @Test func aPackageDescribesItsTables() throws {
    let package = try package()
    #expect(package["$schema"] as? String == "https://datapackage.org/profiles/2.0/datapackage.json")
    #expect(package["name"] as? String == "nightly")
    let resources = try #require(package["resources"] as? [[String: Any]])
    let resource = resources[0]
    #expect(resource["name"] as? String == "samples")
    #expect(resource["path"] as? String == "samples.csv")
    #expect(resource["bytes"] as? Int == 9)
    #expect(resource["hash"] as? String == "sha256:ab")
    #expect(resource["format"] as? String == "csv")
    #expect(resource["mediatype"] as? String == "text/csv")
    #expect(resource["encoding"] as? String == "utf-8")
    let schema = try #require(resource["schema"] as? [String: Any])
    #expect(schema["primaryKey"] as? [String] == ["id"])
    #expect(schema["missingValues"] as? [String] == [""])
    let fields = try #require(schema["fields"] as? [[String: String]])
    #expect(fields.map { $0["type"] } == ["string", "integer", "number", "datetime", "date", "string"])
    #expect(fields[3]["format"] == "%Y-%m-%dT%H:%M:%S.%f")
    let dialect = try #require(resource["dialect"] as? [String: Any])
    #expect(dialect["delimiter"] as? String == ",")
    #expect(dialect["quoteChar"] as? String == "\"")
    #expect(dialect["doubleQuote"] as? Bool == true)
    #expect(dialect["header"] as? Bool == true)
  }

  @Test func partsAreAListAndLocalesAreTold() throws {
    let resources = try #require(try package()["resources"] as? [[String: Any]])
    let resource = resources[1]
    #expect(resource["name"] as? String == "samples-2")
    #expect(resource["path"] as? [String] == ["Samples-2.csv", "Samples-2.part2.csv"])
    #expect(resource["bytes"] == nil)
    #expect((resource["dialect"] as? [String: Any])?["delimiter"] as? String == ";")
    let schema = try #require(resource["schema"] as? [String: Any])
    #expect(schema["primaryKey"] == nil)
    let fields = try #require(schema["fields"] as? [[String: String]])
    #expect(fields[0]["decimalChar"] == ",")
    #expect(fields[1]["format"] == "%Y-%m-%d %H:%M:%S")
  }

  @Test func aBlurredKeyIsNoKey() throws {
    for (masking, isKey) in [(Masking.last4, false), (.drop, false), (.hash(MaskingKey([1])), true)] {
      var schema = everyType
      schema.columns[0].masking = masking
      var package = DataPackage(name: "p", title: "", description: "")
      package.add(schema: schema, dialect: .machine, summary: TableSummary(rows: 0, files: []))
      #expect(String(decoding: package.json(), as: UTF8.self).contains("primaryKey") == isKey)
    }
  }
}
