import CallModel
import Foundation
import TextTables

/// What a report reads of a manifest.
struct PublishedManifest: Decodable {
  struct Pipeline: Decodable {
    let name: String
    let digest: String
  }

  struct Input: Decodable {
    let archive: String
    let bytes: Int64
    let crc32: String
    let condition: String
    let lines: Int64
  }

  struct Output: Decodable { let path: String }

  struct Days: Decodable { let first, last: String }

  struct OpenItems: Decodable {
    struct Line: Decodable {
      let items: Int64
      let expectedCredits: String

      enum CodingKeys: String, CodingKey {
        case items
        case expectedCredits = "expected_credits"
      }
    }

    let opening, new, closed, ending: Line
  }

  /// Sums of the run; sets of older programs have none.
  struct Books: Decodable {
    let calls: Int64
    let credits: String
    let creditsDifference: String
    let unexplainedCredits: String
    let toleranceCredits: String

    enum CodingKeys: String, CodingKey {
      case calls, credits
      case creditsDifference = "credits_difference"
      case unexplainedCredits = "unexplained_credits"
      case toleranceCredits = "tolerance_credits"
    }
  }

  let pipeline: Pipeline
  let inputs: [Input]
  let outputs: [Output]
  let days: Days?
  let openItems: OpenItems?
  let books: Books?
  /// The report's own file.
  let report: String?

  enum CodingKeys: String, CodingKey {
    case pipeline, inputs, outputs, days, books, report
    case openItems = "open_items"
  }

  /// What the days of the set are called in paths; nil for a set that is not of days.
  var label: String? { days.map { $0.first == $0.last ? $0.first : "\($0.first)_\($0.last)" } }

  /// The one day of the set, if it is of one.
  var day: Day? { days.flatMap { $0.first == $0.last ? Day($0.first) : nil } }

  /// Reads `manifest.json`; `place` is the directory that errors name.
  init(_ bytes: [UInt8], of place: String) throws(ReportError) {
    struct Version: Decodable { let version: Int }
    guard let version = (try? JSONDecoder().decode(Version.self, from: Data(bytes)))?.version else {
      throw .notPublished(place)
    }
    guard version == 1 else { throw .unknownVersion(place, version) }
    do {
      self = try JSONDecoder().decode(PublishedManifest.self, from: Data(bytes))
    } catch {
      throw .notPublished(place)
    }
  }
}

/// Why no report can be made of a directory.
package enum ReportError: Error, Sendable {
  /// It has no manifest, or one that no run has written.
  case notPublished(String)
  case unknownVersion(String, Int)
  case missingTable(String, TableName)
}

extension ReportError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notPublished(let place):
      "\(place.visible) is no directory that a run has published: there is no manifest.json of a run in it"
    case .unknownVersion(let place, let version):
      "the manifest of \(place.visible) is of version \(version), and this program knows version 1"
    case .missingTable(let place, let table):
      "\(place.visible) has no table \(table.rawValue) that a report can be made from: list csv: {table: \(table.rawValue)} "
        + "under output.tables, in the dialect machine and with all columns, and run again"
    }
  }
}

/// The sets of other days.
struct PublishedDays {
  let layout: DayLayout
  /// Where the sets lie that are about to be published there, by their days.
  var staged: [String: String] = [:]

  /// Days that a report looks back on, its own among them.
  static let shown: Int32 = 30

  /// The manifests of the days before one, the oldest first; a directory that holds no set of the pipeline is none.
  func manifests(before day: Day, of pipeline: String) -> [(day: Day, manifest: PublishedManifest)] {
    (1..<PublishedDays.shown).reversed().compactMap { age in
      let day = day.advanced(by: -age)
      let directory = staged["\(day)"] ?? layout.pattern.replacing(PipelineFile.dayVariable, with: "\(day)")
      guard let bytes = FileManager.default.contents(atPath: "\(directory)/manifest.json"),
        let manifest = try? PublishedManifest(Array(bytes), of: directory), manifest.pipeline.name == pipeline,
        manifest.day == day
      else { return nil }
      return (day, manifest)
    }
  }
}
