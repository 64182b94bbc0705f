import Foundation
import Testing

import Pipeline

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
  .standardized
private let schemaPath = root.appendingPathComponent("pipelines/pipeline.schema.json").path

/// The schema that editors use says the same as the parser.
@Suite struct PipelineFileSchemaTests {
  private typealias Object = [String: Any]

  private let schema: [String: Any]

  init() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: schemaPath))
    schema = try #require(try JSONSerialization.jsonObject(with: data) as? Object)
  }

  /// The schema of a section, by the path that the parser gives it.
  private func section(_ path: String) -> Object {
    path.split(separator: ".").reduce(schema) { here, key in
      let holder = (here["items"] as? Object) ?? here
      return ((holder["properties"] as? Object)?[String(key)] as? Object) ?? [:]
    }
  }

  private func properties(_ path: String) -> Object {
    let section = section(path)
    return (((section["items"] as? Object) ?? section)["properties"] as? Object) ?? [:]
  }

  private func definition(_ name: String) -> Object {
    ((schema["$defs"] as? Object)?[name] as? Object) ?? [:]
  }

  private func words(_ schema: Object) -> [String] {
    let choices = schema["anyOf"] as? [Object] ?? []
    return choices.lazy.compactMap { $0["enum"] as? [String] }.first ?? []
  }

  @Test(arguments: PipelineFile.keys.map(\.section))
  func everySectionHasTheParsersKeys(path: String) {
    #expect(properties(path).keys.sorted() == PipelineFile.keys(of: path).sorted())
  }

  @Test(arguments: PipelineFile.keys.map(\.section))
  func everyKeyIsDescribedAndUnknownKeysAreRefused(path: String) {
    for (key, value) in properties(path) {
      let property = value as? Object ?? [:]
      let reference = (property["$ref"] as? String)?.split(separator: "/").last.map { definition(String($0)) }
      let description = (property["description"] ?? reference?["description"]) as? String
      #expect(description?.isEmpty == false, "\(path).\(key) has no description")
    }
    let section = section(path)
    #expect(((section["items"] as? Object) ?? section)["additionalProperties"] as? Bool == false)
  }

  @Test func tablesAndColumnsAreThose() {
    #expect(words(definition("table")) == TableName.allCases.map(\.rawValue))
    for table in TableName.allCases {
      #expect(words(definition("column_of_\(table.rawValue)")) == table.columns.map(\.name))
    }
  }

  @Test func privacyTakesTheSameWords() {
    for (key, value) in properties("privacy") {
      let property = value as? Object ?? [:]
      let reference = (property["$ref"] as? String)?.split(separator: "/").last.map { definition(String($0)) }
      let allowed = PipelineFile.Privacy.allowed.first { $0.key == key }?.values
      #expect(words(reference ?? property) == allowed, "privacy.\(key)")
    }
  }

  @Test func theDefaultsAreThose() throws {
    let least: Object = [
      "version": 1, "name": "night", "input": ["archives": "a/${day}"], "output": ["directory": "o/${day}"],
      "window": ["lookback": "3d"],
    ]
    func parse(_ settings: Object) throws -> PipelineFile {
      // JSON is YAML, so the defaults can be handed to the parser as they stand in the schema.
      let data = try JSONSerialization.data(withJSONObject: settings, options: .withoutEscapingSlashes)
      var file = try PipelineFile(text: String(decoding: data, as: UTF8.self), path: "defaults", environment: [:])
      file.digest = ""
      return file
    }
    var settings = least
    var count = 0
    for path in PipelineFile.keys.map(\.section) where !path.isEmpty && !path.contains(".") {
      var values = settings[path] as? Object ?? [:]
      for (key, value) in properties(path) {
        guard let standard = (value as? Object)?["default"] else { continue }
        values[key] = standard
        count += 1
      }
      if !values.isEmpty { settings[path] = values }
    }
    #expect(count >= 20)
    #expect(try parse(settings) == parse(least))
  }

  @Test(.enabled(if: Python.hasSchemaLibraries, "python3 with jsonschema and yaml is not installed"))
  func schemaAndParserAgreeOnExamples() throws {
    let texts = valid + invalid
    let verdicts = try Python.verdicts(on: texts)
    try #require(verdicts.count == texts.count)
    for (text, verdict) in zip(texts, verdicts) {
      let expected = valid.contains(text)
      let isAccepted = (try? PipelineFile(text: text, path: "example", environment: ["V": "3"])) != nil
      #expect(isAccepted == expected, "the parser on \(text)")
      #expect(verdict == expected, "the schema on \(text)")
    }
  }

  private let valid =
    [
      "", "window: {lookback: 35d, restate: 7d}", "business: {timezone: Europe/Berlin}",
      "billing: {pulse: 1m, credits_per_pulse: 0.25, minimum_pulses: 0, billable: [a, b], successful: a}",
      "billing: {pulse: 60, credits_per_pulse: \"0.000001\"}", "tolerance: {credits: 0, duration: 1h, calls: 2}",
      "tolerance: {awaiting: 2d}", "tolerance: {awaiting: 36h}",
      "checks: {rejected_lines: {warn: 3, fail: 0.5%}, credits_difference: {fail: 12.5}, damaged_archives: ignore}",
      "privacy: {to_number: last4, username: drop, context_data: drop, transcripts: drop, raw: keep}",
      "limits: {line: 16MiB, depth: 1024, archive: 1TB}",
      "limits: {line: 100, depth: \"${V}\", archive: \"${V}GB\"}",
      "metrics: {textfile: /var/lib/x/calltally.prom}", "metrics: {textfile: a.prom}",
      "hook: {command: [/bin/echo, -n, \"\", 5, 5], timeout: 1h}", "hook: {command: [\"${V}\"]}",
      "retention: {days: 400d}",
    ].map { example($0) }
    + [
      "csv: {table: calls, file: a.csv, dialect: spreadsheet, locale: de-DE, columns: [credits, day]}",
      "columnar: {table: drift, compress: gzip, columns: event}", "csv: {table: totals, dialect: machine}",
    ].map { example(output: "tables: [\($0)]") }
    + [
      example(output: "file_mode: 0640, directory_mode: \"750\", checksums: false"),
      example(output: "report: night.html"),
    ]

  private let invalid =
    [
      "nights: 1", "window: {restate: 7d}", "window: {lookback: 35}", "business: UTC", "billing: {pulse: 0s}",
      "billing: {pulse: 1d}", "billing: {credits_per_pulse: -1}", "billing: {credits_per_pulse: 1x}",
      "billing: {billable: []}", "billing: {billable: [a, a]}", "billing: {pulses: 1}", "tolerance: {calls: 1.5}",
      "tolerance: {awaiting: 1w}",
      "checks: {rejected_lines: 1%}", "checks: {rejected_lines: {}}", "checks: {rejected_lines: {fail: 101%}}",
      "checks: {rejected_lines: {fail: 1.5}}", "checks: {damaged_archives: never}", "privacy: {to_nmber: drop}",
      "privacy: {to_number: last5}", "privacy: {context_data: hash}", "privacy: {raw: last4}", "limits: {line: 0}",
      "limits: {line: 16mib}", "limits: {depth: 0}", "limits: {depth: 1025}", "metrics: {}",
      "metrics: {textfile: a.txt}",
      "metrics: {textfile: .prom}", "metrics: {textfile: a/.b.prom}", "hook: {timeout: 5s}", "hook: {command: []}",
      "hook: {command: /bin/true}", "hook: {command: [\"\"]}", "hook: {command: [a, [b]]}",
      "hook: {command: [a, null]}",
      "hook: {command: [a], timeout: 0s}", "retention: {}", "retention: {days: 400}", "retention: {days: 0d}",
    ].map { example($0) }
    + [
      "calls", "{}", "xml: {table: calls}", "csv: {file: a.csv}", "csv: {table: cals}",
      "csv: {table: calls, columns: [staus]}", "csv: {table: calls, columns: [day, day]}",
      "csv: {table: calls, columns: []}", "csv: {table: calls, file: a/b}", "csv: {table: calls, file: ..}",
      "csv: {table: calls, file: manifest.json}", "csv: {table: calls, locale: de}",
      "columnar: {table: calls, file: a}", "columnar: {table: calls, compress: zip}",
    ].map { example(output: "tables: [\($0)]") }
    + [
      example("output: {directory: ./}").replacing("output: {directory: \"o/${day}\"}\n", with: ""),
      example(output: "file_mode: \"0o600\""), example(output: "checksums: maybe"), example("version: 2", version: ""),
    ]
}

/// A complete pipeline file with something added at its end or to its section `output`.
private func example(_ lines: String = "", output: String = "", version: String = "version: 1") -> String {
  """
  \(version)
  name: night
  input: {archives: ["a/${day}/*.gz"], timezone: UTC}
  output: {directory: "o/${day}"\(output.isEmpty ? "" : ", \(output)")}
  \(lines)

  """
}

/// A second opinion on the schema, where its library is installed.
private enum Python {
  static let hasSchemaLibraries = (try? run("import jsonschema, yaml", [])) != nil

  /// Whether each YAML text is valid under the schema.
  static func verdicts(on texts: [String]) throws -> [Bool] {
    let program = """
      import json, sys, jsonschema, yaml
      schema = json.load(open(sys.argv[1]))
      jsonschema.Draft202012Validator.check_schema(schema)
      validator = jsonschema.Draft202012Validator(schema)
      print(json.dumps([validator.is_valid(yaml.safe_load(text)) for text in sys.argv[2:]]))
      """
    return try JSONDecoder().decode([Bool].self, from: run(program, [schemaPath] + texts))
  }

  private struct Failure: Error {}

  private static func run(_ program: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure() }
    return data
  }
}
