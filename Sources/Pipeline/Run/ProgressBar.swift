import Foundation
import Intake

/// A progress bar on standard error, drawn only where somebody watches: bytes, rate and the time left.
package struct ProgressBar: Sendable {
  private let progress: ReadingProgress
  private let total: Int64
  private let usesColor: Bool

  /// A bar for the archives that match; nil when standard error is no terminal.
  package init?(_ progress: ReadingProgress, archives patterns: [String], environment: [String: String]) {
    guard isatty(STDERR_FILENO) == 1, let archives = try? ArchiveList(patterns: patterns) else { return nil }
    self.progress = progress
    total = archives.paths.reduce(0) { sum, path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return sum + ((attributes?[.size] as? NSNumber)?.int64Value ?? 0)
    }
    usesColor = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }

  /// Draws until it is cancelled, then clears its line.
  package func draw() async {
    let clock = ContinuousClock()
    let start = clock.now
    while !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(100))
      let elapsed = (clock.now - start) / .seconds(1)
      show(ProgressBar.line(done: progress.bytesRead, total: total, seconds: elapsed, usesColor: usesColor))
    }
    show("")
  }

  /// What takes the bar's line back.
  package static let clearedLine = "\r\u{1b}[K"

  private func show(_ line: String) {
    FileHandle.standardError.write(Data("\(ProgressBar.clearedLine)\(line)".utf8))
  }

  /// One line of 24 cells, `12.3 of 115.0 MB, 98.1 MB/s, 1 s left`; the color is the bar's alone.
  static func line(done: Int64, total: Int64, seconds: Double, usesColor: Bool) -> String {
    let part = total > 0 ? min(Double(done) / Double(total), 1) : 1
    let cells = Int(part * 24)
    let bar = String(repeating: "█", count: cells) + String(repeating: "░", count: 24 - cells)
    let rate = seconds > 0 ? Double(done) / seconds : 0
    let left = rate > 0 && total > done ? ", \(Int((Double(total - done) / rate).rounded(.up))) s left" : ""
    let colored = usesColor ? "\u{1b}[36m\(bar)\u{1b}[0m" : bar
    return "\(colored) \(megabytes(Double(done))) of \(megabytes(Double(total))) MB, \(megabytes(rate)) MB/s\(left)"
  }

  private static func megabytes(_ bytes: Double) -> String { String(format: "%.1f", bytes / 1e6) }
}
