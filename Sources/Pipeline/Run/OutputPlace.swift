import CallModel
import Foundation
import TextTables

/// Where a run publishes, and the lock that makes it the only one there.
struct OutputPlace: ~Copyable {
  /// As the pipeline file names it.
  let directory: String
  let target: OutputPath
  let permissions: FilePermissions
  private let lock: OutputLock?

  /// Takes the lock of the output root, which is the directory above the one that is published. A dry run writes only to
  /// a directory for temporary files.
  ///
  /// `root` is the output root where it is not that one.
  init(_ file: PipelineFile, dryRun: Bool, root: String? = nil) throws(RunError) {
    let permissions = FilePermissions(file: file.output.fileMode, directory: file.output.directoryMode)
    let temporary = dryRun ? NSTemporaryDirectory() + "/calltally-\(UUID().uuidString)" : nil
    let target = try OutputPlace.path(temporary ?? file.output.directory)
    let lockedAbove = try root.map { root throws(RunError) in try OutputPlace.path("\(root)/root") } ?? target
    lock = dryRun ? nil : try OutputPlace.lock(lockedAbove, permissions)
    directory = file.output.directory
    self.target = target
    self.permissions = permissions
  }

  /// A further place below the root whose lock another one holds.
  init(_ file: PipelineFile, below other: borrowing OutputPlace) throws(RunError) {
    directory = file.output.directory
    target = try OutputPlace.path(directory)
    permissions = other.permissions
    lock = nil
  }

  /// The place of a set that a run has published, with the modes that its files have. Takes the lock that the run took;
  /// `label` is what its days are called in paths.
  init(published directory: String, label: String?) throws(RunError) {
    let mode = { (path: String) in
      (try? FileManager.default.attributesOfItem(atPath: path))?[.posixPermissions] as? NSNumber
    }
    let target = try OutputPlace.path(directory)
    let standard = FilePermissions()
    let permissions = FilePermissions(
      file: mode("\(target.path)/manifest.json")?.uint32Value ?? standard.file,
      directory: mode(target.path)?.uint32Value ?? standard.directory)
    let root = DayLayout(of: target, label: label).root
    lock = try OutputPlace.lock(try OutputPlace.path("\(root)/root"), permissions)
    self.directory = directory
    self.target = target
    self.permissions = permissions
  }

  private static func path(_ spelling: String) throws(RunError) -> OutputPath {
    do throws(TextTablesError) {
      return try OutputPath(spelling)
    } catch {
      throw .output(error)
    }
  }

  private static func lock(_ target: OutputPath, _ permissions: FilePermissions) throws(RunError) -> OutputLock {
    do throws(TextTablesError) {
      return try OutputLock(directory: target.parent, permissions: permissions)
    } catch {
      throw .output(error)
    }
  }

  /// Mends what dead runs left at the places that runs for other days have, by the pattern of the output directory.
  func recover(like pattern: String) throws(RunError) {
    let components = pattern.split(separator: "/", omittingEmptySubsequences: false)
    guard let place = components.firstIndex(where: { $0.contains(PipelineFile.dayVariable) }) else { return }
    let parts = components[place].split(
      separator: PipelineFile.dayVariable, maxSplits: 1, omittingEmptySubsequences: false)
    let isLast = components[(place + 1)...].allSatisfy { $0.isEmpty || $0 == "." }
    do throws(TextTablesError) {
      let names =
        isLast ? try StagingDirectory.leftovers(beside: target) : OutputPlace.names(above: place, of: components)
      for name in names where name.hasPrefix(parts[0]) && name.hasSuffix(parts[1]) {
        let label = name.dropFirst(parts[0].count).dropLast(parts[1].count)
        guard !label.isEmpty, label.split(separator: "_").allSatisfy({ Day(String($0)) != nil }) else { continue }
        try StagingDirectory.recover(try OutputPath(pattern.replacing(PipelineFile.dayVariable, with: label)))
      }
    } catch {
      throw .output(error)
    }
  }

  private static func names(above place: Int, of components: [Substring]) -> [String] {
    let directory = components[..<place].joined(separator: "/")
    let root = !directory.isEmpty ? directory : place == 0 ? "." : "/"
    return (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
  }

  /// Removes a file that lay beside the place for the time of a run.
  func remove(_ side: SideFile) throws(RunError) {
    do throws(TextTablesError) {
      try side.remove()
    } catch {
      throw .output(error)
    }
  }

  /// `interruption` can end what is written there from its first moment.
  func makeStaging(endedBy interruption: RunInterruption?) throws(RunError) -> StagingDirectory {
    do throws(TextTablesError) {
      return try StagingDirectory(target: target, permissions: permissions, replacing: .ofRuns) {
        interruption?.watch($0)
      }
    } catch {
      throw .output(error)
    }
  }

  consuming func publish(_ staging: consuming StagingDirectory) throws(RunError) {
    do throws(TextTablesError) {
      try staging.publish()
    } catch {
      throw .output(error)
    }
  }
}
