import Foundation
import Testing

@Suite("What follows a run: metrics, hook, retention")
struct RunEndingTests {
  private static let event = """
    {"event":"call.processed","event_id":"evt_1","conversation_id":"c1","status":"completed","duration":61,"credits":3}

    """

  /// A workspace whose one call costs a credit too much: its runs publish, and end with 1.
  private func workspace(_ rest: String) throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(rest)
    try workspace.write(Self.event, to: "archives/a.jsonl")
    return workspace
  }

  private func text(_ workspace: RunWorkspace, _ name: String) throws -> String {
    String(decoding: try workspace.read(name), as: UTF8.self)
  }

  /// The samples of a textfile by name and labels.
  private func samples(_ text: String) -> [String: String] {
    var samples: [String: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let parts = line.split(separator: " ")
      samples[String(parts[0])] = parts.count == 2 ? String(parts[1]) : "not one value"
    }
    return samples
  }

  // MARK: Metrics

  private static let metrics = "metrics: {textfile: calltally.prom}\n"

  @Test func theFiguresOfARunAreLeftForPrometheus() async throws {
    let workspace = try workspace(Self.metrics)
    let before = Date().timeIntervalSince1970
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 1)
    let text = try text(workspace, "calltally.prom")
    var samples = samples(text)
    let time = samples.removeValue(forKey: "calltally_run_timestamp_seconds{pipeline=\"test\"}").flatMap { Double($0) }
    #expect((time ?? 0) >= before.rounded(.down))
    #expect(samples.removeValue(forKey: "calltally_published_timestamp_seconds{pipeline=\"test\"}") != nil)
    let seconds = samples.removeValue(forKey: "calltally_run_duration_seconds{pipeline=\"test\"}")
    #expect(seconds?.wholeMatch(of: /\d+\.\d{3}/) != nil)
    let expected = [
      "run_exit_status": "1", "archives": "1", "damaged_archives": "0", "lines": "1", "rejected_lines": "0",
      "calls": "1",
      "billable_seconds": "120", "credits": "3", "expected_credits": "2", "credits_difference,of=\"campaigns\"": "0",
      "credits_difference,of=\"calls\"": "1", "findings,severity=\"info\"": "1", "findings,severity=\"warning\"": "0",
      "findings,severity=\"error\"": "1", "check_failed,check=\"rejected_lines\"": "0",
      "check_failed,check=\"credits_difference\"": "1", "check_failed,check=\"mismatched_campaigns\"": "0",
      "check_failed,check=\"damaged_archives\"": "0",
    ]
    for (key, value) in expected {
      let parts = key.split(separator: ",", maxSplits: 1)
      let labels = parts.count == 2 ? "pipeline=\"test\",\(parts[1])" : "pipeline=\"test\""
      #expect(samples.removeValue(forKey: "calltally_\(parts[0]){\(labels)}") == value, "\(key)")
    }
    #expect(samples.isEmpty)
    #expect(try await workspace.shell("stat -c %a calltally.prom").output == "644\n")
  }

  @Test func everyFigureIsExplainedAndTyped() async throws {
    let workspace = try workspace(Self.metrics)
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    var current = ""
    for line in try text(workspace, "calltally.prom").split(separator: "\n") {
      if let help = line.wholeMatch(of: /# HELP (calltally_[a-z_]+) [A-Z].*\./) { current = String(help.1) }
      #expect(!current.isEmpty && line.contains(current), "\(line)")
      if line.hasPrefix("# TYPE") { #expect(line == "# TYPE \(current) gauge") }
    }
  }

  @Test func aRunThatFailsLeavesItsStatusAndWhenOneLastPublished() async throws {
    let workspace = try workspace(Self.metrics)
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    let published = "calltally_published_timestamp_seconds{pipeline=\"test\"}"
    let text = try text(workspace, "calltally.prom")
    let time = try #require(samples(text)[published])
    try workspace.write(text.replacing(time, with: "1234567890"), to: "calltally.prom")
    #expect(try await workspace.calltally(["run", "pipeline.yaml", "--archives", "none"]).status == 66)
    let left = try samples(self.text(workspace, "calltally.prom"))
    #expect(left["calltally_run_exit_status{pipeline=\"test\"}"] == "66")
    #expect(left[published] == "1234567890")
    #expect(left["calltally_calls{pipeline=\"test\"}"] == nil)
    #expect(left.count == 4)
  }

  @Test func aRunThatFindsTheLockHeldLeavesTheFiguresOfTheOneThatHoldsIt() async throws {
    let workspace = try workspace(Self.metrics)
    #expect(try await workspace.shell("flock .calltally.lock \"$calltally\" run pipeline.yaml").status == 75)
    #expect(try !workspace.names().contains("calltally.prom"))
  }

  @Test func metricsThatCannotBeWrittenAreOneSentenceAndNoOtherStatus() async throws {
    let workspace = try workspace("metrics: {textfile: none/calltally.prom}\n")
    try workspace.write(Self.event.replacing("\"credits\":3", with: "\"credits\":2"), to: "archives/a.jsonl")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 0)
    #expect(outcome.errors == "calltally: cannot create none/.calltally.prom.tmp: No such file or directory\n")
  }

  @Test func aDryRunLeavesNoFiguresAndCallsNoHook() async throws {
    let workspace = try workspace(Self.metrics + "hook: {command: [touch, called]}\n")
    _ = try await workspace.calltally(["run", "pipeline.yaml", "--dry-run"])
    #expect(try workspace.names() == ["archives", "pipeline.yaml"])
  }

  @Test func aStoppedRunLeavesItsStatus() async throws {
    let workspace = try workspace(Self.metrics)
    let outcome = try await workspace.shell(
      """
      mkfifo pipe
      "$calltally" run pipeline.yaml --archives - <pipe &
      run=$!
      exec 3>pipe
      until [ -d .output.staging ]; do kill -0 $run || exit 9; done
      kill -TERM $run
      wait $run
      """)
    #expect(outcome.status == 143)
    #expect(try samples(text(workspace, "calltally.prom"))["calltally_run_exit_status{pipeline=\"test\"}"] == "143")
  }

  // MARK: Hook

  @Test func theHookKnowsHowTheRunEnded() async throws {
    let hook = "hook: {command: [sh, -c, 'env >hook.env; echo said; cat; pwd >hook.pwd']}\n"
    let workspace = try workspace(hook)
    let outcome = try await workspace.calltally(
      ["run", "pipeline.yaml", "--json"], environment: ["CALLTALLY_HASH_KEY": "secret", "OTHER": "x"])
    #expect(outcome.status == 1)
    #expect(outcome.errors.hasSuffix("said\n"), "what it prints is no data")
    #expect(try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) is [String: Any])
    let variables = Set(try text(workspace, "hook.env").split(separator: "\n").map(String.init))
    #expect(variables.isSuperset(of: ["CALLTALLY_STATUS=1", "CALLTALLY_PIPELINE=test", "OTHER=x"]))
    let manifest = try #require(variables.first { $0.hasPrefix("CALLTALLY_MANIFEST=") }?.dropFirst(19))
    #expect(manifest.hasPrefix("/") && manifest.hasSuffix("/output/manifest.json"))
    #expect(FileManager.default.fileExists(atPath: String(manifest)))
    #expect(!variables.contains { $0.contains("secret") }, "the key of hashes is nobody else's")
    #expect(try await workspace.calltally(["run", "pipeline.yaml", "--archives", "none"]).status == 66)
    let failed = Set(try text(workspace, "hook.env").split(separator: "\n").map(String.init))
    #expect(failed.isSuperset(of: ["CALLTALLY_STATUS=66", "CALLTALLY_MANIFEST="]))
  }

  @Test func argumentsAreReadByNoShell() async throws {
    let workspace = try workspace("hook: {command: [touch, '$(id); rm -rf *', '*']}\n")
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 1)
    #expect(try workspace.names().contains("$(id); rm -rf *"))
    #expect(try workspace.names().contains("*"))
  }

  @Test(
    arguments: [
      ("[sh, -c, 'exit 7', 'https://example.invalid/secret']", "sh ended with status 7"),
      ("[/none/ping]", "/none/ping cannot be started: there is no such program"),
      ("[none]", "none cannot be started: there is no such program"),
      ("[./archives]", "./archives cannot be started: "),
      ("[sh, -c, 'kill -USR1 $$']", "sh was ended by signal 10"),
      ("[sh, -c, 'sleep 1000 & echo $! >hook.pid; wait'], timeout: 1s", "sh was killed after 1 s"),
    ])
  func aHookThatFailsIsOneSentenceAndNoOtherStatus(command: String, sentence: String) async throws {
    let workspace = try workspace(
      "hook: {command: \(command)}\nchecks: {credits_difference: {fail: 1}}\n")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 0)
    #expect(outcome.errors.hasPrefix("calltally: the hook \(sentence)"), "\(outcome.errors)")
    #expect(outcome.errors.hasSuffix("\n") && outcome.errors.count { $0 == "\n" } == 1)
    if command.contains("hook.pid") {
      #expect(try await workspace.shell(Self.waiting).status == 0, "what it had started is killed too")
    }
    #expect(try workspace.table("calls").rows.count == 1)
  }

  @Test func aSignalWhileTheHookRunsKillsTheHook() async throws {
    let workspace = try workspace(
      Self.metrics + "hook: {command: [sh, -c, 'echo $$ >pid; mv pid hook.pid; sleep 1000']}\n")
    let outcome = try await workspace.shell(
      """
      "$calltally" run pipeline.yaml &
      run=$!
      until [ -e hook.pid ]; do kill -0 $run || exit 9; done
      kill -TERM $run
      wait $run
      """)
    #expect(outcome.status == 143)
    #expect(outcome.errors.hasSuffix("calltally: stopped by SIGTERM; the tables had been published\n"))
    #expect(try await workspace.shell(Self.waiting).status == 0)
    #expect(
      try samples(text(workspace, "calltally.prom"))["calltally_run_exit_status{pipeline=\"test\"}"] == "1",
      "the figures of the run itself stay")
  }

  /// Looks for the end of the process whose number is in hook.pid; one that nobody has waited for yet has ended too.
  private static let waiting = """
    for i in $(seq 1000); do
      case $(cut -d' ' -f3 "/proc/$(cat hook.pid)/stat" 2>/dev/null) in '' | Z) exit 0 ;; esac
    done
    exit 1
    """

  @Test func noSignalIsBlockedInTheHook() async throws {
    let workspace = try workspace("hook: {command: [sh, -c, 'grep -c \"^Sig[B]lk:.0*$\" /proc/self/status']}\n")
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).errors.hasSuffix("\n1\n"))
  }

  @Test func theHookRunsWhenTheLockIsFree() async throws {
    let workspace = try workspace("hook: {command: [flock, -n, .calltally.lock, touch, was-free]}\n")
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(try workspace.names().contains("was-free"))
  }

  // MARK: Retention

  @Test func oldDaysGo() async throws {
    let workspace = try RunWorkspace()
    try workspace.write(Self.event, to: "archives/a.jsonl")
    try workspace.write(
      "version: 1\nname: test\ninput: {archives: archives/*}\noutput: {directory: \"out/${day}\"}\n"
        + "retention: {days: 2d}\n", to: "pipeline.yaml")
    func publish(_ name: String) async throws {
      let outcome = try await workspace.calltally(["run", "pipeline.yaml", "--output", "out/\(name)"])
      #expect(outcome.status == 1, "\(outcome.text)")
    }
    for name in ["2026-02-26", "2026-02-27", "2026-02-28", "latest", "2027-01-01"] { try await publish(name) }
    #expect(
      try workspace.names(in: "out") == [".calltally.lock", "2027-01-01", "latest"], "the newest day decides")
    for name in ["2026-02-26", "2026-02-27", "2026-02-28"] { try await publish(name) }
    #expect(
      try workspace.names(in: "out")
        == [".calltally.lock", "2026-02-26", "2026-02-27", "2026-02-28", "2027-01-01", "latest"])
    try await publish("2026-03-01")
    #expect(
      try workspace.names(in: "out")
        == [".calltally.lock", "2026-02-27", "2026-02-28", "2026-03-01", "2027-01-01", "latest"])
  }
}
