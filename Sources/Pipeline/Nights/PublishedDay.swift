import Foundation
import TextTables

/// A set of tables that an earlier run has published for a day.
struct PublishedDay {
  /// What its manifest says that the tables are made of; nil where an older program wrote it.
  let content: String?

  private struct Manifest: Decodable {
    struct Output: Decodable {
      let path: String
      let bytes: Int
    }

    struct Days: Decodable { let content: String }

    let outputs: [Output]
    let days: Days?
  }

  /// Nil where no run has published there. Throws where one may have, and its manifest cannot be read.
  ///
  /// Where a file that the manifest lists is gone or has another size, nothing is known of the content.
  init?(_ directory: String) throws(TextTablesError) {
    guard let bytes = try contentsOfFile("\(directory)/manifest.json"),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(bytes))
    else { return nil }
    let isWhole = manifest.outputs.allSatisfy { output in
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(directory)/\(output.path)")
      return (attributes?[.size] as? NSNumber)?.intValue == output.bytes
    }
    content = isWhole ? manifest.days?.content : nil
  }
}
