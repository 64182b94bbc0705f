import Foundation
import Pipeline

/// A directory that is removed with the value that stands for it.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/calltally-sample-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A sample's archives, read with the tools that users have.
struct SampleDirectory {
  private let holder: TemporaryDirectory

  var path: String { holder.path + "/archives" }

  init() throws { holder = try TemporaryDirectory() }

  func files() throws -> [String: Data] { try holder.files(under: "archives") }

  /// What gzip(1) makes of each archive, in order of name; what it can, of a damaged one.
  func texts() throws -> [String] {
    try files().keys.sorted().map { try run("gzip", "-dcq", "\(path)/\($0)").output }
  }

  func lines() throws -> [String] {
    try texts().flatMap { text in
      var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
      if lines.last == "" { lines.removeLast() }
      return lines
    }
  }
}

extension TemporaryDirectory {
  /// The files' contents by name.
  func files(under folder: String = ".") throws -> [String: Data] {
    let directory = "\(path)/\(folder)"
    let names = try FileManager.default.contentsOfDirectory(atPath: directory)
    return try Dictionary(
      uniqueKeysWithValues: names.map { ($0, try Data(contentsOf: URL(fileURLWithPath: "\(directory)/\($0)"))) })
  }
}

func sample(
  calls: Int, seed: UInt64, mess: Bool = false, threads: Int = 2
) async throws -> (directory: SampleDirectory, summary: SampleSummary) {
  let directory = try SampleDirectory()
  let archives = SampleArchives(directory: directory.path, calls: calls, seed: seed, mess: mess, threads: threads)
  return (directory, try await archives.write())
}

/// Runs a program and waits for it; damaged UTF-8 at the end of its output is mended.
func run(_ program: String, _ arguments: String...) throws -> (output: String, isSuccess: Bool) {
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = [program] + arguments
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  let output = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return (String(decoding: output, as: UTF8.self), process.terminationStatus == 0)
}

/// A line's members; nil for anything but a JSON object.
func object(_ line: String) throws -> [String: Any] {
  guard let members = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
    throw CocoaError(.coderReadCorrupt)
  }
  return members
}

/// The provider's published examples.
struct PublishedPayloads {
  static let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Names of an event's members in the published order.
  let membersByEvent: [String: [String]]
  /// Each example on one line: what is published less the white space between its tokens.
  let lines: [String]

  init() throws {
    let file = PublishedPayloads.checkout.appendingPathComponent("../shared/reference/webhook-payloads.txt")
    var membersByEvent: [String: [String]] = [:]
    var lines: [String] = []
    for block in try String(contentsOf: file, encoding: .utf8).components(separatedBy: "\n{\n").dropFirst() {
      let body = block.components(separatedBy: "\n}")[0]
      let members = body.split(separator: "\n").compactMap { $0.firstMatch(of: /^  "(\w+)":/)?.1 }.map(String.init)
      if let event = body.firstMatch(of: /"event": "([a-z.]+)"/)?.1 { membersByEvent[String(event)] = members }
      // The examples hold no escaped quote, so every other piece between quotes is a string.
      let pieces = body.components(separatedBy: "\"").enumerated().map { place, text in
        place % 2 == 1 ? text : text.filter { !$0.isWhitespace }
      }
      lines.append("{" + pieces.joined(separator: "\"") + "}")
    }
    self.membersByEvent = membersByEvent
    self.lines = lines
  }
}
