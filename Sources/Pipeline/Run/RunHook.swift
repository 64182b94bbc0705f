import CallModel
import Dispatch
import Foundation
import Synchronization

/// The program that a pipeline wants to be started when a run is over: a ping, a mail, a copy.
final class RunHook: Sendable {
  private struct State {
    var process: ChildProcess?
    var isStopped = false
    var isLate = false
  }

  private let hook: PipelineFile.Hook
  private let state = Mutex(State())

  init(_ hook: PipelineFile.Hook) { self.hook = hook }

  /// Runs the program to its end or its timeout; what was wrong with it as a sentence, nil when nothing was.
  ///
  /// No argument is in the sentence, for there may be a secret among them.
  func run(environment: [String: String]) async -> String? {
    let name = hook.command[0]
    guard let path = RunHook.executable(name, path: environment["PATH"]) else {
      return "the hook \(name.visible) cannot be started: there is no such program"
    }
    let process: ChildProcess?
    do throws(ChildProcess.Failure) {
      process = try start(path, environment)
    } catch {
      return "the hook \(name.visible) cannot be started: \(error.reason)"
    }
    guard let process else { return nil }
    let timeout = DispatchWorkItem { [self] in
      state.withLock { $0.isLate = $0.process != nil }
      stop()
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Int(hook.timeout)), execute: timeout)
    let ending = await withCheckedContinuation { continuation in
      Thread.detachNewThread { [self] in
        let ending = process.waitForEnd { state.withLock { $0.process = nil } }
        continuation.resume(returning: ending)
      }
    }
    timeout.cancel()
    if state.withLock({ $0.isLate }) { return "the hook \(name.visible) was killed after \(hook.timeout) s" }
    return switch ending {
    case .status(0): nil
    case .status(let status): "the hook \(name.visible) ended with status \(status)"
    case .signal(let signal): "the hook \(name.visible) was ended by signal \(signal)"
    }
  }

  /// Kills the program with what it has started, and keeps it from being started.
  func stop() {
    state.withLock { state in
      state.process?.kill()
      state.isStopped = true
    }
  }

  /// Nil when the hook has been stopped.
  private func start(_ path: String, _ environment: [String: String]) throws(ChildProcess.Failure) -> ChildProcess? {
    try state.withLock { state throws(ChildProcess.Failure) in
      guard !state.isStopped else { return nil }
      state.process = try ChildProcess(
        path: path, arguments: Array(hook.command.dropFirst()), environment: environment)
      return state.process
    }
  }

  /// The path of a program; a name without a slash is looked up as shells do.
  private static func executable(_ name: String, path: String?) -> String? {
    let directories = (path ?? "/usr/bin:/bin").split(separator: ":")
    let places = name.contains("/") ? [name] : directories.map { "\($0)/\(name)" }
    return places.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}
