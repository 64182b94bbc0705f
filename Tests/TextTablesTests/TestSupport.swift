import CallModel
import Foundation
import Testing
import TextTables

/// A fresh directory that is removed with the value.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("TextTablesTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The bytes of a file inside.
  func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
  }

  /// The text of a file inside.
  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(path)/\(name)") }

  /// Names in the directory or a folder of it, sorted.
  func names(_ folder: String = "") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
  }

  func makeFile(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.posixPermissions] as? Int
  }
}

/// Runs a program and returns what it prints; nil when it fails.
func output(of arguments: [String], in directory: String) throws -> [UInt8]? {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = arguments
  process.currentDirectoryURL = URL(fileURLWithPath: directory)
  let out = Pipe()
  process.standardOutput = out
  process.standardError = FileHandle.nullDevice
  process.standardInput = FileHandle.nullDevice
  try process.run()
  let data = out.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return process.terminationStatus == 0 ? Array(data) : nil
}

func isInstalled(_ program: String) -> Bool {
  ((try? output(of: ["sh", "-c", "command -v \(program)"], in: "/")) ?? nil) != nil
}

/// A table with a column of each type.
let everyType = TableSchema(
  name: "samples", title: "Samples", description: "A column of each type.",
  columns: [
    Column(name: "id", type: .text, description: "A name."),
    Column(name: "count", type: .integer, description: "A number."),
    Column(name: "amount", type: .decimal, description: "Credits."),
    Column(name: "at", type: .timestamp, description: "A time."),
    Column(name: "day", type: .date, description: "A day."),
    Column(name: "detail", type: .json, description: "A document."),
  ], primaryKey: ["id"])

/// A table of texts.
func texts(_ names: String..., masking: Masking = .keep) -> TableSchema {
  TableSchema(
    name: "notes", title: "Notes", description: "Texts.",
    columns: names.map { Column(name: $0, type: .text, description: "A text.", masking: masking) })
}

/// One text as the only cell of a row, without the row's end.
func cell(_ text: String, _ format: TableFormat, masking: Masking = .keep) -> String {
  var encoder = RowEncoder(schema: texts("a", masking: masking), format: format)
  encoder.text(text)
  encoder.endRow()
  let row = String(decoding: encoder.take().texts[0], as: UTF8.self)
  return String(row.dropLast())
}

/// Rows of texts, rendered at once.
func rendered(_ rows: [[String?]], _ schema: TableSchema, _ format: TableFormat) -> RenderedRows {
  var encoder = RowEncoder(schema: schema, format: format)
  for row in rows {
    for text in row {
      if let text { encoder.text(text) } else { encoder.null() }
    }
    encoder.endRow()
  }
  return encoder.take()
}

let spreadsheet = TableFormat.csv(.spreadsheet(.comma))
let machine = TableFormat.csv(.machine)
let columnar = TableFormat.columnar(compress: false)
let lastMoment = Timestamp(
  microseconds: Int64(Day.number(year: 2026, month: 4, day: 8)) * 86_400_000_000 + 86_399_999_999)

/// A gzip member that stores its bytes: what the compressor of these tests makes.
@Sendable func storedMember(_ bytes: [UInt8]) -> [UInt8] {
  var member: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
  var start = 0
  repeat {
    let end = min(bytes.count, start + 65_535)
    let size = UInt16(end - start)
    member.append(end == bytes.count ? 1 : 0)
    for value in [size, ~size] { member += [UInt8(value & 255), UInt8(value >> 8)] }
    member += bytes[start..<end]
    start = end
  } while start < bytes.count
  var crc: UInt32 = .max
  for byte in bytes {
    crc ^= UInt32(byte)
    for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
  }
  for value in [~crc, UInt32(bytes.count)] {
    for shift in [0, 8, 16, 24] { member.append(UInt8(value >> shift & 255)) }
  }
  return member
}

extension PublishedSet {
  /// Sets as these tests publish them, whatever their manifest says.
  static let ofTests = PublishedSet(mark: "manifest.json") { mark in
    mark.isEmpty ? nil : ["tables/deep/a.csv", "only-in-the-old.csv"]
  }
}

extension StagingDirectory {
  init(target: String, permissions: FilePermissions = FilePermissions()) throws(TextTablesError) {
    try self.init(target: OutputPath(target), permissions: permissions, replacing: .ofTests)
  }
}
