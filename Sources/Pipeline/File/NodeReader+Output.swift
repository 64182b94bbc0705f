internal import Foundation

extension NodeReader {
  /// The section `output`, with the tables that every run writes among its tables.
  mutating func output(_ entry: Entry?) -> PipelineFile.Output {
    var output = PipelineFile.Output(directory: "")
    guard let section = section(entry) else { return output }
    let directory = value(
      required("directory", of: section), expected: "a path that ends in a name of its own, such as output/nightly",
      keepingDay: true
    ) { path in
      // What publishing replaces whole must not be the working directory, or one above it, by whatever spelling.
      let name = path.split(separator: "/").last { $0 != "." }
      return name == nil || name == ".." || path.utf8.contains(0) ? nil : path
    }
    output.directory = directory ?? ""
    pathsHoldDay = pathsHoldDay || output.directory.contains(PipelineFile.dayVariable)
    if let items = items(section["tables"], of: "outputs such as csv: {table: calls}") {
      output.tables = tables(items)
    }
    output.report = report(section["report"], over: output.tables)
    output.fileMode = mode(section["file_mode"], owner: 0o600, example: "0600") ?? output.fileMode
    output.directoryMode = mode(section["directory_mode"], owner: 0o700, example: "0700") ?? output.directoryMode
    output.checksums = choice(section["checksums"], of: ["true", "false"]).map { $0 == "true" } ?? output.checksums
    return output
  }

  private mutating func mode(_ entry: Entry?, owner: UInt32, example: String) -> UInt32? {
    value(entry, expected: "octal permissions that give the owner at least \(example), such as \(example)") {
      Units.permissions($0).flatMap { $0 & owner == owner ? $0 : nil }
    }
  }
}

// MARK: - The report

extension NodeReader {
  /// The report's file, which may be no table's, and of whose tables none may be missing.
  private mutating func report(_ entry: Entry?, over tables: [PipelineFile.TableOutput]) -> String? {
    let problemsBefore = problems.count
    let name = fileName(entry, expected: "a file name that ends in .html, such as report.html", keepingDay: false) {
      $0.hasSuffix(".html")
    }
    guard let entry, let name, problems.count == problemsBefore else { return nil }
    if tables.contains(where: { $0.file == name }) {
      report(entry.position, "\(entry.path) is \"\(name)\", but a table is written there: change one")
    }
    let missing = PipelineFile.Output.reportTables.filter { table in
      !tables.contains { $0.table == table && $0.isWholeMachineCSV }
    }
    if !missing.isEmpty {
      let lacking = list(missing.map(\.rawValue), "and")
      report(
        entry.keyPosition,
        "\(entry.path) is made from tables that the file does not write: list \(lacking) under output.tables as csv, in the "
          + "dialect machine and with all columns")
    }
    return name
  }
}

// MARK: - Tables

extension NodeReader {
  private mutating func tables(_ items: [Entry]) -> [PipelineFile.TableOutput] {
    var taken: [(name: String, entry: Entry)] = []
    var tables: [PipelineFile.TableOutput] = []
    for item in items {
      guard let (table, entry) = tableOutput(item) else { continue }
      tables.append(table)
      let name = table.file ?? "columns/\(table.table.rawValue)"
      // Runs for days read them again: the next run for the same day, and the report.
      if table.table.isOfDays, name == "\(table.table.rawValue).csv", !table.isWholeMachineCSV {
        report(
          entry.position,
          "\(entry.path) is written to \(name), which every run for a day writes whole in the dialect machine: "
            + "give this output a file of another name")
      }
      if let first = taken.first(where: { $0.name == name }) {
        let line = first.entry.position.line
        report(entry.position, "\(entry.path) is written to \(name), but so is the output at line \(line): change one")
      }
      taken.append((name, entry))
    }
    let listed = Set(tables.map(\.table))
    for table in TableName.allCases where table.isAlwaysWritten && !listed.contains(table) {
      let output = PipelineFile.TableOutput(table: table)
      if let first = taken.first(where: { $0.name == output.file }) {
        let entry = first.entry
        report(
          entry.position,
          "\(entry.path) is written to \(first.name), but that is where every run writes \(table.rawValue): change it")
      }
      tables.append(output)
    }
    return tables
  }

  /// One item of the list, with the entry that names its file.
  private mutating func tableOutput(_ item: Entry) -> (PipelineFile.TableOutput, Entry)? {
    let problemsBefore = problems.count
    guard let format = section(item) else { return nil }
    guard format.keys.count == 1, let entry = format[format.keys[0]] else {
      if problems.count == problemsBefore {
        report(
          item.position, "an item of \(item.path) holds \(format.keys.count) formats, but must hold csv or columnar")
      }
      for key in format.keys { _ = section(format[key]) }
      return nil
    }
    guard let section = section(entry) else { return nil }
    let table = choice(required("table", of: section), of: TableName.self)
    let columns = columns(section["columns"], of: table)
    if format["columnar"] != nil {
      let compress = choice(section["compress"], of: ["gzip", "none"]) == "gzip"
      guard let table else { return nil }
      checkDays(table, section)
      let output = PipelineFile.TableOutput(
        table: table, format: .columnar(compress: compress), file: nil, columns: columns)
      return (output, section["table"] ?? entry)
    }
    let csv = csvFormat(section)
    let file = fileName(section["file"])
    guard let table else { return nil }
    checkDays(table, section)
    let output = PipelineFile.TableOutput(
      table: table, format: csv, file: file ?? "\(table.rawValue).csv", columns: columns)
    return (output, section["file"] ?? section["table"] ?? entry)
  }

  /// A table of days needs a pipeline of days.
  private mutating func checkDays(_ table: TableName, _ section: Section) {
    guard table.isOfDays, !pathsHoldDay, let entry = section["table"] else { return }
    report(
      entry.position,
      "\(entry.path) is \"\(table.rawValue)\", but only runs for a day have it: add ${day} to output.directory")
  }

  /// The columns named; they are checked as far as the table is known.
  private mutating func columns(_ entry: Entry?, of table: TableName?) -> [String]? {
    guard let texts = texts(entry, of: "columns") else { return nil }
    guard let table else { return nil }
    let names = table.columns.map(\.name)
    return texts.filter { known($0, among: names) }.map(\.value)
  }

  private mutating func csvFormat(_ section: Section) -> PipelineFile.TableFormat {
    let dialect = choice(section["dialect"], of: PipelineFile.CSVDialect.self)
    let locale = value(section["locale"], expected: "a language such as de, or one with a country such as de-DE") {
      Locale.availableIdentifiers.contains($0.replacing("-", with: "_")) ? $0 : nil
    }
    if let entry = section["locale"], dialect == .machine || section["dialect"] == nil {
      report(entry.keyPosition, "\(entry.path) is given, but only the dialect spreadsheet has a locale")
    }
    return .csv(dialect: dialect ?? .machine, locale: locale)
  }

  /// A file's name in the output directory, which may not be one that a run writes itself.
  private mutating func fileName(
    _ entry: Entry?,
    expected: String = "a file name without \"/\" that does not begin with \".\" and has at most 200 bytes",
    keepingDay: Bool = true, where isRight: (String) -> Bool = { _ in true }
  ) -> String? {
    let name = value(entry, expected: expected, keepingDay: keepingDay) { name in
      let isName = !name.isEmpty && !name.hasPrefix(".") && name.utf8.count <= 200 && isRight(name)
      return isName && name.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "/") && $0 != 0x7F } ? name : nil
    }
    if let entry, let name, Self.reservedFiles.contains(name) {
      report(entry.position, "\(entry.path) is \"\(name)\", but every run has that name for its own use")
    }
    return name
  }

  /// What a run puts beside its tables.
  private static let reservedFiles: Set<String> = [
    "manifest.json", "datapackage.json", "rejects.jsonl.gz", "disputes.jsonl.gz", "restatements.csv", "open_items.csv",
    "columns",
  ]
}
