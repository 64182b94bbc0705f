import Foundation
import Pipeline

/// Events of calls and campaigns as short lines, for nights that are played by hand.
enum NightEvents {
  private static func line(_ event: String, _ id: String, _ time: String, _ rest: String) -> String {
    "{\"event\":\"\(event)\",\"event_id\":\"\(event)-\(id)-\(time)\",\"timestamp\":\"\(time)\",\(rest)}\n"
  }

  static func completed(_ id: String, _ time: String, seconds: Int = 60, campaign: String? = nil) -> String {
    let campaign = campaign.map { ",\"campaign_id\":\"\($0)\"" } ?? ""
    return line(
      "call.completed", id, time,
      "\"conversation_id\":\"\(id)\",\"status\":\"completed\",\"call_duration\":\(seconds),\"ended_at\":\"\(time)\"\(campaign)"
    )
  }

  static func processed(_ id: String, _ time: String, credits: Int = 1) -> String {
    line(
      "call.processed", id, time,
      "\"conversation_id\":\"\(id)\",\"credits\":\(credits),\"transcripts\":[{\"role\":\"agent\",\"content\":\"hi \(id)\"}]"
    )
  }

  static func campaignStarted(_ id: String, _ time: String) -> String {
    line(
      "campaign.started", id, time,
      "\"campaign_id\":\"\(id)\",\"campaign_name\":\"name of \(id)\",\"started_at\":\"\(time)\"")
  }

  static func campaignEnded(_ id: String, _ time: String, calls: Int, credits: Int) -> String {
    line(
      "campaign.ended", id, time,
      "\"campaign_id\":\"\(id)\",\"ended_at\":\"\(time)\",\"total_calls\":\(calls),\"total_credits\":\(credits)")
  }
}

extension RunWorkspace {
  /// A pipeline of nights over archives/DAY/*.jsonl into output/DAY.
  func writeNightly(_ rest: String = "", window: String? = "{lookback: 35d, restate: 7d}") throws {
    try write(
      "version: 1\nname: nightly\ninput: {archives: \"archives/${day}/*\"}\noutput: {directory: \"output/${day}\"}\n"
        + (window.map { "window: \($0)\n" } ?? "") + lenientChecks + rest,
      to: "nightly.yaml")
  }

  func writeArchive(_ day: String, _ lines: [String], name: String = "00.jsonl") throws {
    try write(lines.joined(), to: "archives/\(day)/\(name)")
  }

  func night(_ day: String, _ arguments: [String] = []) async throws -> Outcome {
    try await calltally(["run", "nightly.yaml", "--day", day] + arguments)
  }

  func nightTable(_ name: String, _ day: String) throws -> MachineTable { try table(name, in: "output/\(day)") }

  /// `opening`, `new`, `closed` and `ending` of the open items, each as `items seconds credits`.
  func openItemLines(_ day: String) throws -> [String: String] {
    let manifest = try JSONSerialization.jsonObject(with: read("output/\(day)/manifest.json")) as? [String: Any]
    let lines = manifest?["open_items"] as? [String: [String: Any]] ?? [:]
    return lines.mapValues { line in
      ["items", "seconds", "expected_credits"].map { "\(line[$0] ?? "")" }.joined(separator: " ")
    }
  }
}
