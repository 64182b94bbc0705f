import CallModel
import Foundation
import Synchronization
import TextTables

/// What follows a run, however it ended: old days go, its figures are left for Prometheus, and its hook is called.
///
/// None of it changes the exit status: the tables are as they are. What fails is told in a sentence.
package final class RunEnding: Sendable {
  private let file: PipelineFile
  private let hook: RunHook?
  private let start = ContinuousClock.now
  /// Whether the figures have been written, or are about to be.
  private let hasBegun = Mutex(false)

  /// To be made when the run begins, which is when its time starts.
  package init(_ file: PipelineFile) {
    self.file = file
    hook = file.hook.map { RunHook($0) }
  }

  /// Does what the pipeline file asks for; returns what could not be done, a sentence each.
  ///
  /// `summary` is nil when nothing was published. A run that found the lock held was none: the figures stay those of the
  /// run that holds it.
  package func follow(
    _ summary: RunSummary?, exitStatus: Int32, environment: [String: String]
  ) async -> [String] {
    var sentences: [String] = []
    if let summary, let retention = file.retention {
      do throws(TextTablesError) {
        _ = try Retention(days: retention.days).removeDays(beside: OutputPath(summary.output))
      } catch {
        sentences.append("\(error)")
      }
    }
    if exitStatus != ExitStatus.locked.rawValue, let sentence = writeMetrics(summary, exitStatus) {
      sentences.append(sentence)
    }
    if let hook, let sentence = await hook.run(environment: variables(summary, exitStatus, in: environment)) {
      sentences.append(sentence)
    }
    return sentences
  }

  /// For a run that a signal ends: leaves its figures unless that was done, and kills a hook that is running.
  package func stop(exitStatus: Int32) {
    _ = writeMetrics(nil, exitStatus)
    hook?.stop()
  }

  private func writeMetrics(_ summary: RunSummary?, _ exitStatus: Int32) -> String? {
    let isFirst = hasBegun.withLock { hasBegun in
      defer { hasBegun = true }
      return !hasBegun
    }
    guard let metrics = file.metrics, isFirst else { return nil }
    let figures = RunMetrics(
      pipeline: file.name, exitStatus: exitStatus, summary: summary, time: Int64(Date().timeIntervalSince1970),
      seconds: (ContinuousClock.now - start) / .seconds(1))
    do throws(TextTablesError) {
      try figures.write(to: metrics.textfile)
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// The hook's environment: the caller's without the key of hashes, and what the hook is to know.
  private func variables(
    _ summary: RunSummary?, _ exitStatus: Int32, in environment: [String: String]
  ) -> [String: String] {
    var variables = environment
    variables[PipelineFile.Privacy.hashKeyVariable] = nil
    variables["CALLTALLY_PIPELINE"] = file.name
    variables["CALLTALLY_STATUS"] = "\(exitStatus)"
    variables["CALLTALLY_MANIFEST"] =
      summary.map { URL(fileURLWithPath: $0.output).appendingPathComponent("manifest.json").path } ?? ""
    return variables
  }
}
