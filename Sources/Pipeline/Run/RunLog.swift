import Foundation
package import Logging

/// How log records are written: one line each on standard error.
package enum LogFormat: String, CaseIterable, Sendable { case logfmt, json }

/// Writes log records as logfmt (`level=info msg="…" key=value`) or as one JSON object a line, keys in order.
package struct LineLogHandler: LogHandler {
  package var metadata: Logger.Metadata = [:]
  package var logLevel = Logger.Level.info
  private let format: LogFormat
  private let write: @Sendable (String) -> Void

  package init(_ format: LogFormat, write: @escaping @Sendable (String) -> Void) {
    self.format = format
    self.write = write
  }

  package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  package func log(event: LogEvent) {
    let time = Date().formatted(.iso8601)
    var fields = [("time", time), ("level", event.level.rawValue), ("msg", event.message.description)]
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) { fields.append((key, value.description)) }
    let line =
      switch format {
      case .logfmt: fields.map { "\($0)=\(LineLogHandler.logfmt($1))" }.joined(separator: " ")
      case .json:
        "{" + fields.map { "\(LineLogHandler.json($0)):\(LineLogHandler.json($1))" }.joined(separator: ",") + "}"
      }
    write(line)
  }

  /// A value bare where it is one word, else quoted.
  static func logfmt(_ value: String) -> String {
    let isWord =
      !value.isEmpty && value.unicodeScalars.allSatisfy { $0.value > 0x20 && $0 != "\"" && $0 != "=" && $0 != "\\" }
    return isWord ? value : json(value)
  }

  static func json(_ value: String) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .withoutEscapingSlashes
    guard let data = try? encoder.encode(value) else { preconditionFailure("a string is always encodable") }
    return String(decoding: data, as: UTF8.self)
  }
}

extension RunSummary {
  /// Records of what the run did and found; no value of a record is among them.
  package func log(to logger: Logger) {
    for result in checks where result.outcome != .passed {
      logger.log(
        level: result.outcome == .failed ? .error : .warning, "\(result.finding)",
        metadata: ["check": "\(result.check)"])
    }
    var metadata: Logger.Metadata = [
      "pipeline": "\(pipeline)", "output": "\(output)", "archives": "\(archives)", "lines": "\(lines)",
      "accepted": "\(accepted)", "rejected": "\(rejected)", "calls": "\(calls)", "credits": "\(credits)",
      "findings": "\(findings)", "exit_status": "\(exitStatus)",
    ]
    if let restatedDays, !restatedDays.isEmpty { metadata["restated"] = "\(restatedDays.joined(separator: " "))" }
    logger.info("\(published ? "published" : "dry run")", metadata: metadata)
  }
}
