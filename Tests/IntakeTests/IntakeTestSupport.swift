import CallModel
import Foundation
import Intake

/// A fresh directory that is removed with the value.
final class TemporaryDirectory: Sendable {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("IntakeTests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let file = "\(path)/\(name)"
    try Data(bytes).write(to: URL(fileURLWithPath: file))
    return file
  }

  func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)"))) }

  /// Runs a shell command inside and fails where it fails.
  func shell(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-ec", command]
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.executableLoad) }
  }

  /// What reading a file of these bytes gives.
  func reading(
    _ bytes: [UInt8], as name: String = "archive.jsonl.gz", limits: IntakeLimits = IntakeLimits(),
    chunkSize: Int = ArchiveReader.usualChunkSize
  ) throws -> Reading {
    try Reading(path: write(bytes, to: name), limits: limits, chunkSize: chunkSize)
  }
}

func isInstalled(_ program: String) -> Bool {
  guard let directory = try? TemporaryDirectory() else { return false }
  return (try? directory.shell("\(program) --version > version.txt 2>&1")) != nil
}

/// What reading a plain archive of these lines gives.
func reading(
  lines: [String], limits: IntakeLimits = IntakeLimits(), zone: ZoneRules = .utc
) throws -> Reading {
  try reading(bytes: Array((lines.joined(separator: "\n") + "\n").utf8), limits: limits, zone: zone)
}

func reading(
  bytes: [UInt8], limits: IntakeLimits = IntakeLimits(), zone: ZoneRules = .utc
) throws -> Reading {
  let directory = try TemporaryDirectory()
  return try Reading(path: directory.write(bytes, to: "archive.jsonl"), limits: limits, zone: zone)
}

/// The line of a `call.started` event; `more` is members in JSON, and stands last.
func started(_ number: Int, _ more: String = "") -> String {
  call("call.started", number, more)
}

/// The line of a call event of the conversation `conv_N`, with its id in the provider's form.
func call(_ event: String, _ number: Int, _ more: String = "") -> String {
  let digits = String(number, radix: 16)
  let id = "evt_" + String(repeating: "0", count: 24 - digits.count) + digits
  let rest = more.isEmpty ? "" : "," + more
  return #"{"event":"\#(event)","event_id":"\#(id)","conversation_id":"conv_\#(number)"\#(rest)}"#
}

/// The line of a `campaign.ended` event of the campaign `camp_1`.
func campaignEnded(_ more: String) -> String {
  #"{"event":"campaign.ended","event_id":"evt_77","campaign_id":"camp_1",\#(more)}"#
}

/// Lines of the given events, each with its line feed.
func text(_ lines: [String]) -> [UInt8] { lines.flatMap { Array($0.utf8) + [0x0a] } }

/// The six published events and what goes with them: each line another shape.
let night: [String] = [
  started(1, #""agent_id":"a1","to_number":"+14155551234","context_data":{"crm":[1,{"x":null}]}"#),
  call("call.completed", 1, #""status":"completed","call_duration":300,"ended_at":"2026-04-08T10:35:00.000000""#),
  call(
    "call.processed", 1,
    #""credits":5.25,"transcripts":[{"role":"user","content":"a \"b\" é 😀"},{"role":"assistant","content":null}]"#),
  "",
  call("call.recording", 1, #""recording_url":"https:\/\/cdn.example.com\/1.mp3""#),
  #"{"event":"call.transferred","event_id":"evt_9"}"#,
  #"{"event":"call.started","event_id":"evt_8"}"#,
  #"{"event":"campaign.started","event_id":"evt_5","campaign_id":"camp_1","total_contacts":500}"#,
  campaignEnded(#""total_calls":2,"total_duration":"00:00:16","total_credits":2"#),
]

/// A seeded generator (SplitMix64), so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}

extension ArchiveReader {
  /// The next chunk in memory of its own, or nil at the end.
  mutating func nextChunk() throws(IntakeError) -> Chunk? {
    var chunk = Chunk()
    return try nextChunk(into: &chunk) ? chunk : nil
  }
}
