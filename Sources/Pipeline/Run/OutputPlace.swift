import Foundation
import TextTables

/// Where a run publishes, and the lock that makes it the only one there.
struct OutputPlace: ~Copyable {
  /// As the pipeline file names it.
  let directory: String
  private let target: String
  private let permissions: FilePermissions
  private let lock: OutputLock?

  /// Takes the lock of the output root, which is the directory above the one that is published. A dry run writes only to
  /// a directory for temporary files.
  init(_ file: PipelineFile, dryRun: Bool) throws(RunError) {
    directory = file.output.directory
    permissions = FilePermissions(file: file.output.fileMode, directory: file.output.directoryMode)
    if dryRun {
      target = NSTemporaryDirectory() + "/calltally-\(UUID().uuidString)"
      lock = nil
      return
    }
    target = directory
    let root = (directory as NSString).deletingLastPathComponent
    do throws(TextTablesError) {
      lock = try OutputLock(directory: root.isEmpty ? "." : root, permissions: permissions)
    } catch {
      throw .output(error)
    }
  }

  func makeStaging() throws(RunError) -> StagingDirectory {
    do throws(TextTablesError) {
      return try StagingDirectory(target: target, permissions: permissions)
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
