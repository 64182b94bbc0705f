import Foundation
import TextTables

/// Where a run publishes, and the lock that makes it the only one there.
struct OutputPlace: ~Copyable {
  /// As the pipeline file names it.
  let directory: String
  private let target: OutputPath
  private let permissions: FilePermissions
  private let lock: OutputLock?

  /// Takes the lock of the output root, which is the directory above the one that is published. A dry run writes only to
  /// a directory for temporary files.
  init(_ file: PipelineFile, dryRun: Bool) throws(RunError) {
    let permissions = FilePermissions(file: file.output.fileMode, directory: file.output.directoryMode)
    let temporary = dryRun ? NSTemporaryDirectory() + "/calltally-\(UUID().uuidString)" : nil
    let target = try OutputPlace.path(temporary ?? file.output.directory)
    lock = dryRun ? nil : try OutputPlace.lock(target, permissions)
    directory = file.output.directory
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
