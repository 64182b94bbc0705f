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
