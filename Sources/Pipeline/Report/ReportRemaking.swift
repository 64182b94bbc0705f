import Crypto
import Foundation
import TextTables

/// Makes the report of a published directory again and publishes the set with it in one step; does nothing where that
/// would change nothing.
///
/// The other files are taken over as they are, and of the manifest all but what it says of the report.
package func remakeReport(in directory: String) throws(RunError) {
  // Before anything is made: what is no published directory gets no lock.
  let label = try publishedManifest(of: directory).manifest.label
  let place = try OutputPlace(published: directory, label: label)
  let target = place.target
  let manifest = try publishedManifest(of: directory).bytes
  let page = try ReportPage(
    manifest, in: target.path, place: directory, beside: PublishedDays(layout: DayLayout(of: target, label: label)))
  let name = page.manifest.report ?? "report.html"
  let bytes = page.bytes
  if page.manifest.report != nil, FileManager.default.contents(atPath: "\(target.path)/\(name)") == Data(bytes) {
    return
  }
  let staging = try place.makeStaging(endedBy: nil)
  do throws(TextTablesError) {
    for output in page.manifest.outputs where output.path != name {
      guard try staging.adopt(output.path, from: target.path) else {
        throw TextTablesError.damaged(
          path: "\(directory)/\(output.path)", reason: "the manifest lists it, and there is no such file")
      }
    }
    var document = ManifestDocument(manifest)
    let report = try staging.write(bytes, to: name, checksum: document.hasChecksums)
    document.list(report)
    _ = try staging.write(document.bytes, to: "manifest.json", checksum: false)
  } catch {
    throw .output(error)
  }
  try place.publish(staging)
}

private func publishedManifest(
  of directory: String
) throws(RunError) -> (bytes: [UInt8], manifest: PublishedManifest) {
  guard let bytes = FileManager.default.contents(atPath: "\(directory)/manifest.json") else {
    throw .report(.notPublished(directory))
  }
  do throws(ReportError) {
    return (Array(bytes), try PublishedManifest(Array(bytes), of: directory))
  } catch {
    throw .report(error)
  }
}

/// A manifest with everything that stands in it, whatever that is.
private struct ManifestDocument {
  private var members: [String: JSONValue]

  /// The bytes must be those of a manifest.
  init(_ bytes: [UInt8]) {
    members = (try? JSONDecoder().decode([String: JSONValue].self, from: Data(bytes))) ?? [:]
  }

  private var outputs: [[String: JSONValue]] {
    guard case .list(let outputs) = members["outputs"] else { return [] }
    return outputs.compactMap { if case .members(let output) = $0 { output } else { nil } }
  }

  /// Whether outputs are listed with their SHA-256.
  var hasChecksums: Bool { outputs.contains { $0["sha256"] != nil } }

  /// Puts the report among the outputs, in the place of one that was there.
  mutating func list(_ report: FileSummary) {
    var entry: [String: JSONValue] = [
      "path": .text(report.path), "rows": .number(Int64(report.rows)), "bytes": .number(Int64(report.bytes)),
    ]
    entry["sha256"] = report.sha256.map { .text($0) }
    let all = outputs.filter { $0["path"] != .text(report.path) } + [entry]
    members["outputs"] = .list(
      all.sorted { left, right in
        guard case .text(let first) = left["path"], case .text(let second) = right["path"] else { return false }
        return first.utf8.lexicographicallyPrecedes(second.utf8)
      }.map { .members($0) })
    members["report"] = .text(report.path)
  }

  var bytes: [UInt8] { jsonDocument(members) }
}

/// Any JSON that a manifest can hold.
private enum JSONValue: Codable, Equatable {
  case null
  case truth(Bool)
  case number(Int64)
  case text(String)
  case list([JSONValue])
  case members([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let truth = try? value.decode(Bool.self) {
      self = .truth(truth)
    } else if let number = try? value.decode(Int64.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSONValue].self) {
      self = .list(list)
    } else {
      self = .members(try value.decode([String: JSONValue].self))
    }
  }

  func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .null: try value.encodeNil()
    case .truth(let truth): try value.encode(truth)
    case .number(let number): try value.encode(number)
    case .text(let text): try value.encode(text)
    case .list(let list): try value.encode(list)
    case .members(let members): try value.encode(members)
    }
  }
}
