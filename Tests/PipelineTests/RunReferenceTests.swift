import Foundation
import Testing

/// The calls of a run, joined once more the simple way: all lines in memory, Foundation's JSON, dictionaries.
private struct ReferenceCall {
  var latest: [String: (time: String, event: [String: Any])] = [:]
  var deliveries = 0

  private static let authority = ["call.processed", "call.completed", "call.started", "call.recording"]

  /// The value of the event with the most authority that has it.
  func value(_ names: String...) -> Any? {
    for kind in Self.authority {
      guard let event = latest[kind]?.event else { continue }
      for name in names { if let value = event[name], !(value is NSNull) { return value } }
    }
    return nil
  }

  func text(_ names: String...) -> String? {
    for name in names { if let value = value(name) { return "\(value)" } }
    return nil
  }

  var events: String {
    ["started", "completed", "processed", "recording"].filter { latest["call.\($0)"] != nil }.joined(separator: "+")
  }
}

@Suite("Calls are what a plain join of the lines gives")
struct RunReferenceTests {
  @Test(arguments: [21, 22, 23] as [UInt64])
  func everyCallIsThatOfThePlainJoin(seed: UInt64) async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(lenientChecks)
    try workspace.writeArchives(
      RunSamples.archives(of: try await RunSamples.lines(calls: 400, seed: seed), cuts: [200, 500]))
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    let reference = try join(workspace)
    let calls = try workspace.table("calls")
    #expect(calls.rows.count == reference.count)
    for row in calls.rows {
      let call = try #require(reference[row.text("conversation_id") ?? ""])
      for name in ["campaign_id", "workspace_id", "agent_id", "agent_name", "to_number", "username", "status"] {
        #expect(row.text(name) == call.text(name), "\(name) of \(row)")
      }
      #expect(row.text("recording_url") == call.text("recording_url"))
      #expect(row.text("error_reason") == call.text("error_reason"))
      let duration =
        call.latest["call.processed"]?.event["duration"] ?? call.latest["call.completed"]?.event["call_duration"]
      #expect(row.text("duration_seconds") == duration.map { "\($0)" }, "\(row)")
      // A messy sample sends some credits as texts, which are read as the numbers that they show.
      let credits = call.latest["call.processed"]?.event["credits"].flatMap { Decimal(string: "\($0)") }
      #expect(row.text("credits").flatMap { Decimal(string: $0) } == credits, "\(row)")
      #expect(row.text("events") == call.events)
      #expect(row.integer("deliveries") == call.deliveries, "\(row)")
      let turns = call.latest["call.processed"]?.event["transcripts"] as? [Any]
      #expect(row.text("transcript_turns") == turns.map { "\($0.count)" })
    }
  }

  private func join(_ workspace: RunWorkspace) throws -> [String: ReferenceCall] {
    let refused = Set(try workspace.table("rejects").rows.map { "\($0.text("archive") ?? ""):\($0.integer("line"))" })
    var first: [String: String] = [:]
    var calls: [String: ReferenceCall] = [:]
    for name in try workspace.names(in: "archives") {
      let text =
        name.hasSuffix(".gz")
        ? try run("gzip", "-dc", "\(workspace.path)/archives/\(name)").output
        : String(decoding: try workspace.read("archives/\(name)"), as: UTF8.self)
      for (index, line) in text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        guard !refused.contains("archives/\(name):\(index + 1)") else { continue }
        let content = String(line).trimmingCharacters(in: ["\r", "\u{feff}", " "])
        guard !content.isEmpty else { continue }
        let event = try object(content)
        guard let kind = event["event"] as? String, let id = event["event_id"] as? String,
          let conversation = event["conversation_id"] as? String, Self.kinds.contains(kind)
        else { continue }
        if let known = first[id] {
          if known == content { calls[conversation]?.deliveries += 1 }
          continue
        }
        first[id] = content
        var call = calls[conversation, default: ReferenceCall()]
        call.deliveries += 1
        // Every time of a sample's `timestamp` has the documented form, so they compare as texts.
        let time = event["timestamp"] as? String ?? ""
        if (call.latest[kind]?.time ?? "") <= time { call.latest[kind] = (time, event) }
        calls[conversation] = call
      }
    }
    return calls
  }

  private static let kinds: Set<String> = ["call.started", "call.completed", "call.processed", "call.recording"]
}
