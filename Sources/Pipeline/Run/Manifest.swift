import CallModel
import Foundation
import Intake
import Tally
import TextTables

/// `manifest.json`: what a set of tables was made of and consists of. Nothing in it depends on the clock or the machine.
private struct Manifest: Encodable {
  struct Input: Encodable {
    let archive: String
    let bytes: Int64
    /// Of the file's bytes, in hexadecimal.
    let crc32: String
    let condition: String
    let lines: Int
  }

  struct Output: Encodable {
    let path: String
    let rows: Int
    let bytes: Int
    let sha256: String?
  }

  struct Pipeline: Encodable {
    let name: String
    /// SHA-256 of the pipeline file.
    let digest: String
  }

  struct Lines: Encodable {
    let lines, accepted, duplicates, conflicts, rejected, ignored, blank: Int
    let events: [String: Int]
  }

  /// Of the tables of a day or a range of days.
  struct Days: Encodable {
    let first, last: String
    /// SHA-256 of what the tables are made of: as long as it stays, so do they.
    let content: String
  }

  struct OpenItems: Encodable {
    struct Line: Encodable {
      let items, seconds: Int64
      let expectedCredits: String

      enum CodingKeys: String, CodingKey {
        case items, seconds
        case expectedCredits = "expected_credits"
      }
    }

    let opening, new, closed, ending: Line
  }

  /// What the whole set adds up to. Credits are decimals.
  struct Books: Encodable {
    let calls, billableSeconds: Int64
    let credits, expectedCredits: String
    /// What campaigns claim, what their calls add up to, the difference, and what of it nothing explains.
    let claimedCredits, countedCredits, creditsDifference, unexplainedCredits: String
    /// What one campaign's claim may differ by.
    let toleranceCredits: String

    enum CodingKeys: String, CodingKey {
      case calls, credits
      case billableSeconds = "billable_seconds"
      case expectedCredits = "expected_credits"
      case claimedCredits = "claimed_credits"
      case countedCredits = "counted_credits"
      case creditsDifference = "credits_difference"
      case unexplainedCredits = "unexplained_credits"
      case toleranceCredits = "tolerance_credits"
    }
  }

  let version = 1
  let pipeline: Pipeline
  let inputs: [Input]
  let outputs: [Output]
  let controlTotals: Lines
  let days: Days?
  let openItems: OpenItems?
  let books: Books
  /// The file of the report, if there is one.
  let report: String?

  enum CodingKeys: String, CodingKey {
    case version, pipeline, inputs, outputs, days, books, report
    case controlTotals = "control_totals"
    case openItems = "open_items"
  }
}

/// What a manifest says of the days of its tables.
struct ManifestDays {
  let days: RunDays
  let content: String
  let openItems: OpenItemsLedger
}

extension TableSet {
  /// Writes `datapackage.json`, the report and, as the last file of a set, `manifest.json`.
  ///
  /// `directory` is what errors call the set, and `beside` are the days that the report looks back on.
  func describe(
    _ file: PipelineFile, _ control: ControlTotals, _ tables: SmallTables, days: ManifestDays? = nil,
    in staging: borrowing StagingDirectory, of directory: String, beside: PublishedDays
  ) throws(RunError) {
    var package = DataPackage(
      name: file.name, title: file.name, description: "Call and campaign tables of the pipeline \(file.name).")
    for output in outputs {
      guard let dialect = output.dialect, let summary = output.summary else { continue }
      package.add(schema: output.schema, columns: output.encoder.columns, dialect: dialect, summary: summary)
    }
    var files = outputs.flatMap { $0.summary?.files ?? [] }
    files += [rejects.rawSummary, disputes?.summary].compactMap(\.self)
    func write(_ bytes: [UInt8], to name: String, checksum: Bool) throws(RunError) -> FileSummary {
      do throws(TextTablesError) {
        return try staging.write(bytes, to: name, checksum: checksum)
      } catch {
        throw .output(error)
      }
    }
    files.append(try write(package.json(), to: "datapackage.json", checksum: file.output.checksums))
    if let report = file.output.report {
      let page = try ReportPage(
        jsonDocument(Manifest(file, control, tables, files, days)), in: staging.path, place: directory, beside: beside)
      files.append(try write(page.bytes, to: report, checksum: file.output.checksums))
    }
    let manifest = Manifest(file, control, tables, files, days)
    _ = try write(jsonDocument(manifest), to: "manifest.json", checksum: false)
  }
}

extension Manifest {
  init(
    _ file: PipelineFile, _ control: ControlTotals, _ tables: SmallTables, _ files: [FileSummary], _ days: ManifestDays?
  ) {
    books = Books(FinanceRow.total(tables.totals, tables.reconciliation), file.tolerance)
    report = file.output.report
    self.days = days.map {
      Days(first: "\($0.days.first)", last: "\($0.days.last)", content: $0.content)
    }
    openItems = days.map { OpenItems($0.openItems) }
    pipeline = Pipeline(name: file.name, digest: file.digest)
    inputs = control.archives.map { archive in
      let crc = String(archive.summary.crc, radix: 16)
      return Input(
        archive: archive.path, bytes: archive.summary.bytes,
        crc32: String(repeating: "0", count: 8 - crc.count) + crc,
        condition: archive.summary.condition.rawValue, lines: archive.lines.lines)
    }
    outputs = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }.map {
      Output(path: $0.path, rows: $0.rows, bytes: $0.bytes, sha256: $0.sha256)
    }
    let lines = control.lines
    controlTotals = Lines(
      lines: lines.lines, accepted: lines.accepted, duplicates: lines.duplicates, conflicts: lines.conflicts,
      rejected: lines.rejected, ignored: lines.ignored, blank: lines.blank,
      events: Dictionary(
        uniqueKeysWithValues: zip(EventKind.allCases.map(\.name), lines.acceptedByKind)))
  }
}

extension Manifest.Books {
  init(_ total: FinanceRow, _ tolerance: Tolerance) {
    calls = total.sums.calls
    billableSeconds = total.sums.billableSeconds
    credits = total.sums.credits.description
    expectedCredits = total.sums.expectedCredits.description
    claimedCredits = (total.claimedCredits ?? .zero).description
    countedCredits = (total.countedCredits ?? .zero).description
    creditsDifference = (total.claimedDifference ?? .zero).description
    unexplainedCredits = (total.unexplainedCredits ?? .zero).description
    toleranceCredits = tolerance.credits.description
  }
}

extension Manifest.OpenItems {
  init(_ ledger: OpenItemsLedger) {
    opening = Line(ledger.opening)
    new = Line(ledger.new)
    closed = Line(ledger.closed)
    ending = Line(ledger.ending)
  }
}

extension Manifest.OpenItems.Line {
  init(_ sums: OpenItemSums) {
    items = sums.items
    seconds = sums.seconds
    expectedCredits = sums.expectedCredits.description
  }
}

extension PublishedSet {
  /// The sets that runs publish, by what every version of their manifest holds.
  static let ofRuns = PublishedSet(mark: "manifest.json") { bytes in
    struct Mark: Decodable {
      struct Pipeline: Decodable { let digest: String }
      struct Output: Decodable { let path: String }
      struct Lines: Decodable { let lines: Int }

      let version: Int
      let pipeline: Pipeline
      let outputs: [Output]
      let controlTotals: Lines

      enum CodingKeys: String, CodingKey {
        case version, pipeline, outputs
        case controlTotals = "control_totals"
      }
    }
    return (try? JSONDecoder().decode(Mark.self, from: Data(bytes)))?.outputs.map(\.path)
  }
}
