import Foundation
import Testing

import Pipeline

/// What is wrong with a file, one `line:column: message` a problem.
func problems(inPipelineFile text: String, _ environment: [String: String] = [:]) -> [String] {
  do {
    _ = try PipelineFile(text: text, path: "p", environment: environment)
    return []
  } catch {
    return error.description.split(separator: "\n").map { $0.hasPrefix("p:") ? String($0.dropFirst(2)) : String($0) }
  }
}

/// The same for lines added to a complete file; they begin at line 5.
func problems(addingToPipelineFile lines: String, _ environment: [String: String] = [:]) -> [String] {
  problems(
    inPipelineFile: """
      version: 1
      name: night
      input: {archives: "a/${day}/*.gz"}
      output: {directory: "out/${day}"}
      \(lines)
      """, environment)
}

/// The same for outputs; they begin at line 6.
private func problems(tables lines: String) -> [String] {
  problems(
    inPipelineFile: """
      version: 1
      name: night
      input: {archives: a/*.gz}
      output: {directory: out, tables: [
      # the outputs
      \(lines)
      ]}
      """)
}

/// Whether exactly one problem was found and begins as `message` does; what follows its `…` must be the end.
func isOne(_ problems: [String], _ message: String) -> Bool {
  let parts = message.split(separator: "…", maxSplits: 1)
  guard problems.count == 1, problems[0].hasPrefix(parts[0]) else { return false }
  return parts.count == 1 || problems[0].hasSuffix(parts[1])
}

@Suite struct PipelineFileErrorTests {
  @Test func allProblemsAreToldAtOnceInTheOrderOfTheLines() {
    let text = """
      nam: night
      input:
        archives: []
        timezon: UTC
      output:
        directory: out
        directory: other
        tables:
          - csv: {table: cals}
          - csv: {table: calls, columns: [credits, staus]}
      billing: {pulse: 60x}
      limits: 5
      """
    let lines = problems(inPipelineFile: text)
    #expect(
      lines == [
        "1:1: the file has no key \"nam\", only \(list(PipelineFile.keys(of: ""), "and")); did you mean \"name\"?",
        "1:1: the file lacks the key \"version\"",
        "1:1: the file lacks the key \"name\"",
        "3:13: input.archives is an empty list, but must name at least one of glob patterns of archives",
        "4:3: input has no key \"timezon\", only archives and timezone; did you mean \"timezone\"?",
        "7:3: output holds the key \"directory\" twice, first at line 6, column 3, but may hold it once",
        "9:20: output.tables.csv.table is \"cals\", but must be calls, transcripts, insights, context, campaigns, "
          + "reconciliation, differences, findings, totals, finance, archives, hours, rejects, drift, disputes, "
          + "restatements or open_items; did you mean \"calls\"?",
        "10:46: output.tables.csv.columns is \"staus\", but must be \(calls); did you mean \"status\"?",
        "11:18: billing.pulse is \"60x\", but must be a duration from 1s to 24h, such as 60s or 1m",
        "12:9: limits is the text \"5\", but must be a mapping of line, depth and archive",
      ])
  }

  private func list(_ words: [String], _ conjunction: String) -> String {
    "\(words.dropLast().joined(separator: ", ")) \(conjunction) \(words[words.count - 1])"
  }

  private var calls: String { list(TableName.calls.columns.map(\.name), "or") }

  @Test(
    arguments: [
      ("", "1:1: the file is empty"),
      ("# nothing\n", "1:1: the file is empty"),
      ("night", "1:1: the file is the text \"night\", but must be a mapping of version, name, input, business, "),
      ("- a\n", "1:1: the file is a list, but must be a mapping of version"),
      ("version: 1\n\tname: a\n", "2:1: a tab stands here, but YAML is indented with spaces only"),
      ("version: 1\nname: a: b\n", "2:8: no \":\" is allowed here"),
      ("version: 1\n name: a\n", "2:6: no \":\" is allowed here"),
      ("input:\n    archives: a\n  timezone: b\n", "3:3: this does not continue what begins at line 1, column 1"),
      ("version: 1\nname\ninput: a\n", "3:1: what begins at line 2, column 1 is neither a key with \":\" nor a value"),
      ("input: {archives: a\nname: b\n", "2:5: what begins at line 1, column 8 lacks \",\" or \"}\" here"),
      ("input: {archives: a/${day}/b}\n", "1:22: what begins at line 1, column 8 lacks \",\" or \"}\" here"),
      ("input: [a\nname: b", "2:5: what begins at line 1, column 8 lacks \",\" or \"]\" here"),
      ("name: \"a\n", "2:1: the file ends inside a quoted text: what begins at line 1, column 7 lacks its closing"),
      ("name: @a\n", "1:7: no value can begin with this character: quote a value that begins with @, ` or %"),
      ("input: [a, , b]\n", "1:12: no value can begin with this character: write one"),
      ("input: {timezone: UTC:}\n", "1:22: no \":\" is allowed here"),
      ("input: - a\n", "1:8: no list item is allowed here"),
      ("input: *.gz\n", "1:9: this names no anchor or alias: quote a value that begins with * or &"),
      ("name: \"a\\.b\"\n", "1:9: what begins at line 1, column 7 holds an unknown escape here: use single quotes"),
      ("name: *a\n", "1:7: this alias names no anchor"),
      ("name: a\n---\nname: b\n", "2:1: a second document begins here, but a pipeline file holds one"),
      ("name: a\ninput: \u{1}\n", "2:8: a control character stands here"),
    ])
  func whatIsNoYAMLIsToldInPlainWords(text: String, message: String) {
    let lines = problems(inPipelineFile: text)
    #expect(isOne(lines, message), "\(lines)")
  }

  @Test(
    arguments: [
      ("nights: 3", "5:1: the file has no key \"nights\", only version, name, input, business, "),
      ("lookback: 3d", "5:1: the file has no key \"lookback\", only version, …; it belongs in window"),
      ("timezone: UTC", "5:1: the file has no key \"timezone\", only version, …; it belongs in input or business"),
      ("[a, b]: 3", "5:1: the file has a list or a mapping as a key, but takes only version, "),
      ("<<: {}", "5:1: the file has no key \"<<\", only version, name, input, business, "),
      ("name: other", "5:1: the file holds the key \"name\" twice, first at line 2, column 1, but may hold it once"),
      ("'name': other", "5:1: the file holds the key \"name\" twice, first at line 2, column 1, but may hold it once"),
      ("business:", "5:10: business is nothing, but must be a mapping of timezone"),
      ("business: ~", "5:11: business is nothing, but must be a mapping of timezone"),
      ("business: [UTC]", "5:11: business is a list, but must be a mapping of timezone"),
      ("business: {timezone: [UTC]}", "5:22: business.timezone is a list, but must be a time zone such as UTC"),
      ("business: {timezone: }", "5:22: business.timezone is nothing, but must be a time zone such as UTC"),
      (
        "business: {timezone: Europe/Berln}",
        "5:22: business.timezone is \"Europe/Berln\", but must be a time zone such as UTC or Europe/Berlin; "
          + "did you mean \"Europe/Berlin\"?"
      ),
      ("business: {timezone: utc}", "5:22: business.timezone is \"utc\", but must be a time zone such as UTC or Eu"),
      (
        "billing: {credits-per-pulse: 1}",
        "5:11: billing has no key \"credits-per-pulse\", only pulse, credits_per_pulse, minimum_pulses, billable and "
          + "successful; did you mean \"credits_per_pulse\"?"
      ),
      ("billing: {pulse: 0s}", "5:18: billing.pulse is \"0s\", but must be a duration from 1s to 24h"),
      ("billing: {pulse: -60}", "5:18: billing.pulse is \"-60\", but must be a duration from 1s to 24h"),
      ("billing: {pulse: 99999999999999999h}", "5:18: billing.pulse is \"99999999999999999h\", but must be a durat"),
      ("billing: {credits_per_pulse: 1e2}", "5:30: billing.credits_per_pulse is \"1e2\", but must be an amount of"),
      ("billing: {credits_per_pulse: 0.1234567}", "5:30: billing.credits_per_pulse is \"0.1234567\", but must be"),
      ("billing: {pulse: 25h}", "5:18: billing.pulse is \"25h\", but must be a duration from 1s to 24h"),
      ("billing: {minimum_pulses: one}", "5:27: billing.minimum_pulses is \"one\", but must be a whole number from 0"),
      (
        "billing: {minimum_pulses: 9223372036854775807}",
        "5:27: billing.minimum_pulses is \"9223372036854775807\", but must be a whole number from 0 to 1000000"
      ),
      ("billing: {billable: [done, '']}", "5:28: billing.billable holds an empty text, but must name statuses"),
      (
        "billing: {billable: [done, ok, done]}",
        "5:32: billing.billable names \"done\" twice, first at line 5, but may name it once"
      ),
      ("billing: {billable: {a: b}}", "5:21: billing.billable is a mapping, but must be one of statuses or a list"),
      ("tolerance: {credits: -1}", "5:22: tolerance.credits is \"-1\", but must be an amount of credits from 0"),
      ("tolerance: {duration: 1d}", "5:23: tolerance.duration is \"1d\", but must be a duration such as 30s, 5m or 1h"),
      (
        "tolerance: {awaiting: 1w}",
        "5:23: tolerance.awaiting is \"1w\", but must be a duration such as 1d, 36h or 90m"
      ),
      ("tolerance: {calls: 1.5}", "5:20: tolerance.calls is \"1.5\", but must be a whole number from 0"),
      ("window: {restate: 7d}", "5:1: window lacks the key \"lookback\""),
      (
        "window: {lookback: 35}",
        "5:20: window.lookback is \"35\", but must be whole days from 0d to 3660d, such as 35d"
      ),
      ("window: {lookback: 9999d}", "5:20: window.lookback is \"9999d\", but must be whole days from 0d to 3660d"),
      (
        "window: {lookback: 3d, restate: 4d}",
        "5:33: window.restate is \"4d\", but must be at most window.lookback, which is 3d"
      ),
      ("checks: {rejected_lines: 1%}", "5:26: checks.rejected_lines is the text \"1%\", but must be a mapping of warn"),
      ("checks: {rejected_lines: {}}", "5:26: checks.rejected_lines is empty, but must hold warn, fail or both"),
      ("checks: {rejected_lines: {fail: 1.5}}", "5:33: checks.rejected_lines.fail is \"1.5\", but must be a number of"),
      ("checks: {rejected_lines: {fail: 101%}}", "5:33: checks.rejected_lines.fail is \"101%\", but must be a number"),
      (
        "checks: {credits_difference: {fail: 5 credits}}",
        "5:37: checks.credits_difference.fail is \"5 credits\", but must be an amount of credits such as 0.5, or a "
          + "part such as 1%"
      ),
      (
        "checks: {credits_difference: {warn: 5%, fail: 1%}}",
        "5:37: checks.credits_difference.warn is above checks.credits_difference.fail, but must be at most as much"
      ),
      (
        "checks: {damaged_archives: fial}",
        "5:28: checks.damaged_archives is \"fial\", but must be fail, warn or ignore; did you mean \"fail\"?"
      ),
      ("privacy: {to_numbr: drop}", "5:11: privacy has no key \"to_numbr\", only …; did you mean \"to_number\"?"),
      ("privacy: {credits: drop}", "5:11: privacy has no key \"credits\", only …; it belongs in tolerance"),
      (
        "privacy: {username: dorp}", "5:21: privacy.username is \"dorp\", but must be drop, last4 or hash; did you mean"
      ),
      ("privacy: {context_data: last4}", "5:25: privacy.context_data is \"last4\", but must be drop"),
      ("privacy: {transcripts: hash}", "5:24: privacy.transcripts is \"hash\", but must be drop"),
      ("privacy: {raw: hash}", "5:16: privacy.raw is \"hash\", but must be drop or keep"),
      (
        "privacy: {username: hash}",
        "5:21: privacy.username is \"hash\", which needs a key: set the environment variable CALLTALLY_HASH_KEY to"
      ),
      ("limits: {line: 0}", "5:16: limits.line is \"0\", but must be a size from 1B to 1GiB, such as 16MiB"),
      ("limits: {line: 2GiB}", "5:16: limits.line is \"2GiB\", but must be a size from 1B to 1GiB, such as 16MiB"),
      ("limits: {line: 16mib}", "5:16: limits.line is \"16mib\", but must be a size from 1B to 1GiB, such as 16MiB"),
      ("limits: {depth: 1025}", "5:17: limits.depth is \"1025\", but must be a number from 1 to 1024"),
      ("limits: {archive: 0GiB}", "5:19: limits.archive is \"0GiB\", but must be a size of at least 1B, such as 64GiB"),
      ("limits: {line: \"a\\nb\\e\"}", "5:16: limits.line is \"a\u{FFFD}b\u{FFFD}\", but must be a size from 1B to"),
    ])
  func aWrongSettingIsToldWithItsPlaceAndWhatIsAllowed(lines: String, message: String) {
    let found = problems(addingToPipelineFile: lines)
    #expect(isOne(found, message), "\(found)")
  }

  @Test(
    arguments: [
      ("version: 2", "1:10: version is \"2\", but must be 1, the version of pipeline files that this program reads"),
      ("name: a/b", "2:7: name is \"a/b\", but must be a name of letters, digits, - and _"),
      ("name: é", "2:7: name is \"é\", but must be a name of letters, digits, - and _"),
      ("name: ''", "2:7: name is \"\", but must be a name of letters, digits, - and _"),
      ("input: {timezone: UTC}", "3:1: input lacks the key \"archives\""),
      ("input: {archives: ''}", "3:19: input.archives holds an empty text, but must name glob patterns of archives"),
      ("input: {archives: [a, [b]]}", "3:23: input.archives is a list, but must be one of glob patterns of archives"),
      ("input: {archives: \"a\\0\"}", "3:19: input.archives is \"a\u{FFFD}\", but a path may not hold a NUL"),
      ("output: {checksums: true}", "4:1: output lacks the key \"directory\""),
      ("output: {directory: ''}", "4:21: output.directory is \"\", but must be a path that ends in a name of its own"),
      ("output: {directory: .}", "4:21: output.directory is \".\", but must be a path that ends in a name of its own"),
      ("output: {directory: ./}", "4:21: output.directory is \"./\", but must be a path that ends in a name"),
      ("output: {directory: o/..}", "4:21: output.directory is \"o/..\", but must be a path that ends in a name"),
      ("output: {directory: /}", "4:21: output.directory is \"/\", but must be a path that ends in a name of its own"),
      ("output: {directory: o, tables: calls}", "4:32: output.tables is the text \"calls\", but must be a list of out"),
      ("output: {directory: o, file_mode: 0400}", "4:35: output.file_mode is \"0400\", but must be octal permissions"),
      ("output: {directory: o, file_mode: 0o600}", "4:35: output.file_mode is \"0o600\", but must be octal permissio"),
      ("output: {directory: o, directory_mode: 0600}", "4:40: output.directory_mode is \"0600\", but must be octal"),
      (
        "output: {directory: o, report: a/b.html}",
        "4:32: output.report is \"a/b.html\", but must be a file name that ends"
      ),
      (
        "output: {directory: o, report: r.txt}",
        "4:32: output.report is \"r.txt\", but must be a file name that ends in"
      ),
      (
        "output: {directory: o, report: r.html, tables: [csv: {table: totals}, csv: {table: hours, columns: hour}]}",
        "4:24: output.report is made from tables that the file does not write: list reconciliation, differences and hours "
          + "under output.tables as csv, in the dialect machine and with all columns"
      ),
      ("output: {directory: o, checksums: yes}", "4:35: output.checksums is \"yes\", but must be true or false"),
    ])
  func aWrongRequiredSettingIsTold(line: String, message: String) {
    var lines = ["version: 1", "name: night", "input: {archives: a}", "output: {directory: o}"]
    for index in lines.indices where lines[index].prefix(4) == line.prefix(4) { lines[index] = line }
    let found = problems(inPipelineFile: lines.joined(separator: "\n"))
    #expect(isOne(found, message), "\(found)")
  }

  @Test(
    arguments: [
      ("calls", "6:1: output.tables is the text \"calls\", but must be a mapping of csv and columnar"),
      ("{cvs: {table: calls}}", "6:2: output.tables has no key \"cvs\", only csv and columnar; did you mean \"csv\"?"),
      (
        "{csv: {table: calls}, columnar: {table: calls}}",
        "6:1: an item of output.tables holds 2 formats, but must hold csv or columnar"
      ),
      ("{}", "6:1: an item of output.tables holds 0 formats, but must hold csv or columnar"),
      ("csv: {file: a.csv}", "6:1: output.tables.csv lacks the key \"table\""),
      (
        "csv: {table: calls, compress: gzip}",
        "6:21: output.tables.csv has no key \"compress\", only …; it belongs in output.tables.columnar"
      ),
      (
        "columnar: {table: calls, file: a}",
        "6:26: output.tables.columnar has no key \"file\", only …; it belongs in output.tables.csv"
      ),
      (
        "columnar: {table: calls, compress: zip}",
        "6:36: output.tables.columnar.compress is \"zip\", but must be gzip or"
      ),
      (
        "csv: {table: drift, columns: [event, fields]}",
        "6:38: output.tables.csv.columns is \"fields\", but must be event, field, kind, type, count or first_origin; "
          + "did you mean \"field\"?"
      ),
      (
        "csv: {table: drift, columns: [event, event]}",
        "6:38: output.tables.csv.columns names \"event\" twice, first at line 6, but may name it once"
      ),
      (
        "csv: {table: calls, dialect: spreadshet}",
        "6:30: output.tables.csv.dialect is \"spreadshet\", but must be machine or spreadsheet; did you mean \"spreads"
      ),
      ("csv: {table: calls, locale: de}", "6:21: output.tables.csv.locale is given, but only the dialect spreadsheet"),
      (
        "csv: {table: calls, dialect: spreadsheet, locale: german}",
        "6:51: output.tables.csv.locale is \"german\", but must be a language such as de, or one with a country such"
      ),
      ("csv: {table: calls, file: a/b.csv}", "6:27: output.tables.csv.file is \"a/b.csv\", but must be a file name"),
      ("csv: {table: calls, file: ..}", "6:27: output.tables.csv.file is \"..\", but must be a file name"),
      ("csv: {table: calls, file: .a}", "6:27: output.tables.csv.file is \".a\", but must be a file name"),
      ("csv: {table: calls, file: manifest.json}", "6:27: output.tables.csv.file is \"manifest.json\", but every run"),
      (
        "csv: {table: open_items}",
        "6:14: output.tables.csv.table is \"open_items\", but only runs for a day have it: add ${day} to output.directory"
      ),
      (
        "csv: {table: calls, file: drift.csv}",
        "6:27: output.tables.csv.file is written to drift.csv, but that is where every run writes drift: change it"
      ),
      (
        "csv: {table: calls},\ncsv: {table: calls, dialect: spreadsheet}",
        "7:14: output.tables.csv.table is written to calls.csv, but so is the output at line 6: change one"
      ),
      (
        "csv: {table: calls},\ncsv: {table: totals, file: calls.csv}",
        "7:28: output.tables.csv.file is written to calls.csv, but so is the output at line 6: change one"
      ),
      (
        "columnar: {table: calls},\ncolumnar: {table: calls, compress: gzip}",
        "7:19: output.tables.columnar.table is written to columns/calls, but so is the output at line 6: change one"
      ),
    ])
  func aWrongOutputIsTold(lines: String, message: String) {
    let found = problems(tables: lines)
    #expect(isOne(found, message), "\(found)")
  }

  @Test func aWindowNeedsDaysInBothPaths() {
    let text = """
      version: 1
      name: night
      input: {archives: a}
      window: {lookback: 3d}
      output: {directory: o}
      """
    #expect(
      problems(inPipelineFile: text) == [
        "4:1: window is given, but input.archives holds no ${day}: add ${day} there or leave window out",
        "4:1: window is given, but output.directory holds no ${day}: add ${day} there or leave window out",
      ])
  }

  @Test func anEmptyHashKeyIsNoKey() {
    let found = problems(addingToPipelineFile: "privacy: {username: hash}", ["CALLTALLY_HASH_KEY": ""])
    #expect(found.count == 1)
  }

  @Test func threeEqualKeysAreTwoProblems() {
    let found = problems(addingToPipelineFile: "limits: {depth: 1, depth: 2, depth: 3}")
    #expect(
      found == [
        "5:20: limits holds the key \"depth\" twice, first at line 5, column 10, but may hold it once",
        "5:30: limits holds the key \"depth\" twice, first at line 5, column 10, but may hold it once",
      ])
  }

  @Test func aRepeatedKeyThatIsWrittenOddlyIsToldAlone() {
    let found = problems(addingToPipelineFile: "limits: {\"dep\\x74h\": 1, depth: 2}")
    #expect(found == ["5:10: a mapping holds the key \"depth\" twice, but may hold it once"])
  }

  @Test func problemsOfAFileNameIt() throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    let missing = directory.appendingPathComponent("missing.yaml").path
    let latin = directory.appendingPathComponent("latin.yaml").path
    try Data("version: 1\nname: caf".utf8 + [0xE9, 0x0A]).write(to: URL(fileURLWithPath: latin))

    #expect(message(missing) == "\(missing): there is no such pipeline file")
    #expect(message(directory.path) == "\(directory.path): the pipeline file is a directory, but must be a YAML file")
    #expect(message(latin) == "\(latin):2:10: the file is not UTF-8 text here")
  }

  @Test func aByteOrderMarkIsPartOfTheDigestAndOfNoColumn() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).yaml")
    defer { try? FileManager.default.removeItem(at: file) }
    try Data([0xEF, 0xBB, 0xBF] + "nam: a".utf8).write(to: file)
    #expect(message(file.path)?.hasPrefix("\(file.path):1:1: the file has no key") == true)
    try Data([0xEF, 0xBB, 0xBF] + "version: 1\nname: a\ninput: {archives: a}\noutput: {directory: o}\n".utf8).write(
      to: file)
    // From `sha256sum` of the file.
    #expect(
      try PipelineFile(path: file.path, environment: [:]).digest
        == "0f6a6636b29eb934ce70f42149df5ff896bec65ccc77487731a79a0c48dded8d")
  }

  private func message(_ path: String) -> String? {
    do throws(PipelineFileError) {
      _ = try PipelineFile(path: path, environment: [:])
      return nil
    } catch {
      return error.description
    }
  }
}
