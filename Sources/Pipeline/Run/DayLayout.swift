import Foundation
import TextTables

/// Where the sets of days lie, told from the path of one of them and the label of its days.
///
/// Of `/srv/output/2026-04-08/tables` the root is `/srv/output`, and another day's set is `/srv/output/${day}/tables`. A set
/// whose path does not name its days lies beside those of other days, which are named by theirs.
struct DayLayout {
  /// The directory whose lock holds for all of the days.
  let root: String
  /// The path of a day's set, with `${day}` in the place of the day.
  let pattern: String

  init(of target: OutputPath, label: String?) {
    let components = target.path.split(separator: "/").map(String.init)
    let places = components.indices.filter { place in label.map { components[place].contains($0) } ?? false }
    let root = { (place: Int) in "/" + components[..<place].joined(separator: "/") }
    // Directories further up may be named like days too. Runs have left the file of their lock in the root.
    let locked = places.first { FileManager.default.fileExists(atPath: "\(root($0))/\(OutputLock.fileName)") }
    guard let label, let first = locked ?? places.last else {
      self.root = target.parent
      pattern = "\(target.parent)/\(PipelineFile.dayVariable)"
      return
    }
    self.root = root(first)
    let below = components[first...].map { $0.replacing(label, with: PipelineFile.dayVariable) }
    pattern = ([root(first) == "/" ? "" : root(first)] + below).joined(separator: "/")
  }
}
