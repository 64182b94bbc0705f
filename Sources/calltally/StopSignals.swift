import Dispatch
import Foundation
import Pipeline

/// The signals that end a run: it removes what it has written, says so in a sentence, and ends with 128 and the signal's
/// number, as shells tell it.
struct StopSignals {
  private static let names = [(SIGHUP, "SIGHUP"), (SIGINT, "SIGINT"), (SIGTERM, "SIGTERM")]

  private let sources: [any DispatchSourceSignal]

  /// `say` prints a message with its exit status. A signal that the caller ignores, as `nohup` does, stays ignored.
  init(ending interruption: RunInterruption, say: @escaping @Sendable (String, Int32) -> Void) {
    let registered = DispatchGroup()
    sources = StopSignals.names.filter { StopSignals.hasDefaultAction($0.0) }.map { number, name in
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global(qos: .userInitiated))
      source.setEventHandler {
        guard let published = interruption.stop() else { return }
        let outcome =
          switch published {
          case .nothing: "nothing was published"
          case .some: "earlier days had been published again, and the run's own was not published"
          case .all: "the tables had been published"
          }
        say("stopped by \(name); \(outcome)", 128 + number)
        _exit(128 + number)
      }
      registered.enter()
      source.setRegistrationHandler { registered.leave() }
      source.activate()
      return source
    }
    // Until then a signal has its default action, and what the run has written would stay.
    registered.wait()
  }

  private static func hasDefaultAction(_ signal: Int32) -> Bool {
    var action = sigaction()
    return unsafe sigaction(signal, nil, &action) == 0 && action.__sigaction_handler.sa_handler == nil
  }
}
