import Foundation
import Testing

/// A golden case: a folder that a person can read, with archives, a pipeline file and what a run must write.
///
///     Tests/Cases/NAME/archives/*.jsonl   what is read, one event a line
///                      pipeline.yaml      what is done; its comment says what the case shows, with the sums by hand
///                      case.txt           how archives are packed and the like; may be missing
///                      expected/          what must be published, and outcome.txt: exit status and what was printed
///
/// Lines of `case.txt`, where `#` begins a comment:
///
///     archive two.jsonl.gz = gzip a.jsonl + gzip b.jsonl    two members; pieces are files of archives/
///     archive cut.jsonl.gz = gzip a.jsonl + cut 20          without its last 20 bytes
///     archive odd.jsonl.gz = gzip a.jsonl + plain b.jsonl + zeros 8
///     archive two.jsonl.gz = gzip a.jsonl + again            all that comes before, compressed once more
///     set NAME=VALUE                                        an environment variable of the run
///     arguments --threads 1                                 further arguments of `calltally run`
///     ignore manifest.json                                  published files that the case does not care about
///
/// Files of `archives/` that no `archive` line uses are read as they stand. What is published gzipped is expected as
/// the text that it holds, under its name without `.gz`.
struct GoldenCase: CustomTestStringConvertible, Sendable {
  let name: String

  var testDescription: String { name }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Cases")

  static var all: [GoldenCase] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted().map(GoldenCase.init)
  }

  private var path: String { GoldenCase.folder.appendingPathComponent(name).path }

  /// Runs the case and returns what was published, by file name, with `outcome.txt`.
  func run() async throws -> [String: Data] {
    let script = try CaseScript(folder: path)
    let workspace = try RunWorkspace()
    try workspace.write(try Data(contentsOf: URL(fileURLWithPath: path + "/pipeline.yaml")), to: "pipeline.yaml")
    for (name, bytes) in try script.archives() { try workspace.write(bytes, to: "archives/\(name)") }
    let outcome = try await workspace.calltally(
      ["run", "pipeline.yaml", "--summary"] + script.arguments, environment: script.environment)
    var files = try workspace.published().filter { !script.ignored.contains($0.key) }
    files["outcome.txt"] = Data(outcome.text.utf8)
    return files
  }

  func expected() throws -> [String: Data] { try readTree(path + "/expected") }

  /// Replaces what is expected.
  func record(_ files: [String: Data]) throws {
    try? FileManager.default.removeItem(atPath: path + "/expected")
    for (name, bytes) in files { try writeFile(bytes, to: "\(path)/expected/\(name)") }
  }
}

/// What a case's `case.txt` says.
struct CaseScript {
  private(set) var environment: [String: String] = [:]
  private(set) var arguments: [String] = []
  private(set) var ignored: Set<String> = []
  private var packed: [(name: String, pieces: [[String]])] = []
  private let folder: String

  enum Fault: Error { case unknownLine(String), unknownPiece(String) }

  init(folder: String) throws {
    self.folder = folder
    guard FileManager.default.fileExists(atPath: folder + "/case.txt") else { return }
    let text = try String(contentsOfFile: folder + "/case.txt", encoding: .utf8)
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ").map(String.init)
      switch words[0] {
      case "ignore": ignored.formUnion(words.dropFirst())
      case "arguments": arguments += words.dropFirst()
      case "set":
        let parts = words[1].split(separator: "=", maxSplits: 1).map(String.init)
        environment[parts[0]] = parts[1]
      case "archive" where words[2] == "=":
        packed.append((words[1], words[3...].split(separator: "+").map(Array.init)))
      default: throw Fault.unknownLine(String(line))
      }
    }
  }

  /// The archives as the run finds them, by name.
  func archives() throws -> [String: Data] {
    var files = try readTree(folder + "/archives")
    let sources = files
    for (_, pieces) in packed {
      for piece in pieces where piece.count > 1 { files[piece[1]] = nil }
    }
    for (name, pieces) in packed {
      var bytes = Data()
      for piece in pieces {
        let name = piece.count > 1 ? piece[1] : ""
        switch (piece[0], Int(name)) {
        case ("gzip", _): bytes += storedGzip(try #require(sources[name]))
        case ("plain", _): bytes += try #require(sources[name])
        case ("again", _): bytes = storedGzip(bytes)
        case ("zeros", let count?): bytes += Data(count: count)
        case ("cut", let count?): bytes.removeLast(count)
        default: throw Fault.unknownPiece(piece.joined(separator: " "))
        }
      }
      files[name] = bytes
    }
    return files
  }
}

/// A gzip member that stores its text without compressing it: the same bytes whatever zlib a machine has.
func storedGzip(_ text: Data) -> Data {
  var bytes = Data([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])
  var rest = text[...]
  repeat {
    let block = rest.prefix(0xffff)
    rest = rest.dropFirst(block.count)
    let count = UInt16(block.count)
    bytes.append(rest.isEmpty ? 1 : 0)
    for word in [count, ~count] { bytes += [UInt8(word & 0xff), UInt8(word >> 8)] }
    bytes += block
  } while !rest.isEmpty
  for word in [crc32(text), UInt32(truncatingIfNeeded: text.count)] {
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
  }
  return bytes
}

private func crc32(_ bytes: Data) -> UInt32 {
  var crc: UInt32 = 0xffff_ffff
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc >> 1 ^ (crc & 1 == 1 ? 0xedb8_8320 : 0) }
  }
  return ~crc
}
