import Foundation
import Testing

@Suite("What is private is nowhere")
struct RunPrivacyTests {
  private static let secrets = [
    "Jane", "Doe", "John", "Roe", "078-05-1120", "4155551234", "14155559876", "conv-secret", "jane@example.com",
    "I am", "Hello", "cdn.example.com",
  ]

  /// The golden case `privacy` once more, with everything that it does not compare: each published file, what was
  /// printed, as text and as JSON and as a log.
  @Test(arguments: [["--summary"], ["--json"], ["--log", "logfmt"], ["--log", "json"]])
  func noFileAndNoMessageHoldsAPrivateValue(arguments: [String]) async throws {
    let workspace = try RunWorkspace()
    let golden = GoldenCase.folder.appendingPathComponent("privacy").path
    for (name, bytes) in try readTree(golden + "/archives") { try workspace.write(bytes, to: "archives/\(name)") }
    try workspace.write(try Data(contentsOf: URL(fileURLWithPath: golden + "/pipeline.yaml")), to: "pipeline.yaml")
    let outcome = try await workspace.calltally(
      ["run", "pipeline.yaml"] + arguments, environment: ["CALLTALLY_HASH_KEY": "night-key"])
    #expect(outcome.status == 0, "\(outcome.text)")
    var texts = try workspace.published()
    texts["what was printed"] = Data(outcome.text.utf8)
    for (name, bytes) in texts {
      let text = String(decoding: bytes, as: UTF8.self)
      for secret in Self.secrets + ["night-key"] { #expect(!text.contains(secret), "\(name) holds \(secret)") }
    }
  }

  private static let call = """
    {"event":"call.processed","event_id":"evt_1","conversation_id":"conv-secret","status":"completed","duration":60,\
    "credits":2,"campaign_id":"k","recording_url":"https://cdn/conv-secret.mp3","context_data":{"crm":"c"},\
    "call_insights":{"mood":"m"}}
    {"event":"campaign.ended","event_id":"evt_2","campaign_id":"k","total_credits":1}

    """

  @Test(arguments: [
    ("", ["https://cdn/conv-secret.mp3", #"{"crm":"c"}"#, #"{"mood":"m"}"#]),
    ("conversation_id: last4", ["", #"{"crm":"c"}"#, #"{"mood":"m"}"#]),
    ("conversation_id: drop, recording_url: keep", ["https://cdn/conv-secret.mp3", #"{"crm":"c"}"#, #"{"mood":"m"}"#]),
    ("conversation_id: drop, recording_url: last4", ["….mp3", #"{"crm":"c"}"#, #"{"mood":"m"}"#]),
    ("name: drop", ["https://cdn/conv-secret.mp3", "", ""]),
    ("value: last4, context_data: keep", ["https://cdn/conv-secret.mp3", #"{"crm":"c"}"#, ""]),
  ])
  func whatRepeatsAMaskedValueGoesWithIt(privacy: String, shown: [String]) async throws {
    let workspace = try RunWorkspace()
    try workspace.writePipeline("privacy: {\(privacy)}\n")
    try workspace.write(Self.call, to: "archives/a.jsonl")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    let calls = try workspace.table("calls")
    let columns = ["recording_url", "context_data", "call_insights"].flatMap { calls.column($0).map { $0 ?? "" } }
    #expect(columns == shown, "\(outcome.text)")
    for table in ["context", "insights"] {
      #expect(try workspace.table(table).rows.count == 1, "the tables themselves are masked column by column")
    }
    let id = privacy.contains("drop, rec") ? "" : privacy.contains("conv") ? " (…cret)" : " (conv-secret)"
    #expect(try workspace.table("reconciliation").column("explanation") == ["1 call off the billing rule\(id): -1"])
  }

  @Test func inspectShowsNoValueOfARejectedLine() async throws {
    let workspace = try RunWorkspace()
    try workspace.write(
      #"{"event":"call.completed","event_id":"evt_1","username":"Jane Doe","call_duration":"+14155551234"}"#
        + "\n{\"username\":\"Jane Doe\"\n", to: "a.jsonl")
    let outcome = try await workspace.calltally(["inspect", "a.jsonl"])
    #expect(outcome.output.contains("2 rejected"))
    for secret in Self.secrets { #expect(!outcome.text.contains(secret)) }
  }
}
