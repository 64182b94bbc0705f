import ArgumentParser
import Dispatch
import Intake
import Synchronization

/// Inflates archives and does nothing with their text: the least that any program can spend on them.
struct InflateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inflate", abstract: "Inflate archives with the library in use and print the bytes of their text.")

  @Option(help: "Archives inflated at a time.")
  var threads = 1

  @Argument(help: "The archives.")
  var archives: [String]

  func run() throws {
    let archives = archives
    let next = Atomic<Int>(0)
    let total = Mutex<Result<Int, IntakeError>>(.success(0))
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      var bytes = 0
      do throws(IntakeError) {
        while case let archive = next.add(1, ordering: .relaxed).oldValue, archive < archives.count {
          bytes += try InflateCommand.inflate(archives[archive])
        }
        total.withLock { $0 = $0.map { $0 + bytes } }
      } catch {
        total.withLock { $0 = .failure(error) }
      }
    }
    print(try total.withLock { try $0.get() })
  }

  private static func inflate(_ path: String) throws(IntakeError) -> Int {
    var buffer = [UInt8](repeating: 0, count: ArchiveReader.usualChunkSize)
    var text = try ArchiveText(path: path)
    var bytes = 0
    while case let count = try text.read(into: &buffer), count > 0 { bytes += count }
    return bytes
  }
}
