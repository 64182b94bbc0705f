import Foundation
import Pipeline
import Testing

@Suite("The command line as people and cron use it")
struct RunCommandTests {
  private static let event = """
    {"event":"call.processed","event_id":"evt_1","conversation_id":"c1","status":"completed","duration":61,"credits":2}

    """

  private func workspace() throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    try workspace.writePipeline()
    try workspace.write(Self.event, to: "archives/a.jsonl")
    return workspace
  }

  // MARK: run

  @Test func jsonIsOneDocumentWithTheControlTotals() async throws {
    let outcome = try await workspace().calltally(["run", "pipeline.yaml", "--json"])
    let summary = try object(outcome.output)
    #expect(outcome.errors.isEmpty)
    #expect(summary["pipeline"] as? String == "test")
    #expect(summary["output"] as? String == "output")
    #expect(summary["published"] as? Bool == true)
    #expect(summary["exit_status"] as? Int == 0)
    #expect(summary["lines"] as? Int == 1)
    #expect(summary["accepted"] as? Int == 1)
    #expect(summary["calls"] as? Int == 1)
    #expect(summary["billable_seconds"] as? Int == 120)
    #expect(summary["credits"] as? String == "2", "credits are exact texts")
    let checks = summary["checks"] as? [[String: Any]]
    #expect(checks?.map { $0["outcome"] as? String } == ["passed", "passed", "passed", "passed"])
  }

  @Test func theSummarySaysWhereTheTablesAreAndThatTheBooksBalance() async throws {
    let outcome = try await workspace().calltally(["run", "pipeline.yaml", "--summary"])
    #expect(outcome.output.contains("The books balance."))
    #expect(outcome.output.contains("The tables are in output."))
    #expect(outcome.errors.isEmpty)
  }

  @Test func aDashIsStandardInput() async throws {
    for input in [Data(Self.event.utf8), storedGzip(Data(Self.event.utf8))] {
      let workspace = try workspace()
      let outcome = try await workspace.calltally(["run", "pipeline.yaml", "--archives", "-"], input: input)
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(try workspace.table("calls").column("origin") == ["-:1"])
    }
  }

  @Test func archivesAndOutputCanBeGivenInPlaceOfThePipelines() async throws {
    let workspace = try workspace()
    try workspace.write(Self.event.replacing("c1", with: "c2"), to: "other/b.jsonl")
    let outcome = try await workspace.calltally(
      ["run", "pipeline.yaml", "--archives", "other/*.jsonl", "archives/a.jsonl", "--output", "deep/er/out"])
    // The one event_id with two contents: the first in archive order, archives/a.jsonl, is kept.
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try workspace.table("calls", in: "deep/er/out").column("conversation_id") == ["c1"])
    #expect(
      try workspace.table("findings", in: "deep/er/out").column("code") == ["conflict", "processed-without-completed"])
    #expect(try !workspace.names().contains("output"))
  }

  @Test func aDryRunWritesNothingAnywhere() async throws {
    let workspace = try workspace()
    try FileManager.default.createDirectory(atPath: workspace.path + "/tmp", withIntermediateDirectories: true)
    let outcome = try await workspace.calltally(
      ["run", "pipeline.yaml", "--dry-run", "--summary"], environment: ["TMPDIR": workspace.path + "/tmp"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("Dry run: nothing was written."))
    #expect(try workspace.names() == ["archives", "pipeline.yaml", "tmp"])
    #expect(try workspace.names(in: "tmp") == [])
  }

  @Test func whatIsPublishedIsForItsOwnerAlone() async throws {
    let workspace = try workspace()
    _ = try await workspace.shell("umask 000 && \"$calltally\" run pipeline.yaml")
    let modes = try await workspace.shell("stat -c '%a %F' output output/calls.csv .calltally.lock")
    #expect(modes.output == "700 directory\n600 regular file\n600 regular empty file\n")
  }

  // MARK: Standard files

  @Test func closedStandardFilesHarmNoTable() async throws {
    for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
      let workspace = try workspace()
      try workspace.write(Self.event.replacing("\"credits\":2", with: "\"credits\":3"), to: "archives/a.jsonl")
      let outcome = try await workspace.shell("\"$calltally\" run pipeline.yaml --json \(closed)")
      #expect(outcome.status == 1, "\(closed): \(outcome.text)")
      let (json, message) = ("\"exit_status\"", "calltally: test: failed")
      for (name, bytes) in try readTree(workspace.path) {
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.contains(json) && !text.contains(message), "\(closed): \(name) holds what was to be printed")
      }
      #expect(try workspace.table("calls").rows.count == 1)
    }
  }

  @Test func aFullStandardOutputIsToldAfterPublishing() async throws {
    let workspace = try workspace()
    let outcome = try await workspace.shell("\"$calltally\" run pipeline.yaml --json >/dev/full")
    #expect(outcome.status == 74)
    #expect(outcome.errors.contains("cannot write to standard output"))
    #expect(try workspace.table("calls").rows.count == 1)
  }

  @Test func aReaderThatHangsUpDoesNotUnpublish() async throws {
    let workspace = try workspace()
    _ = try await workspace.shell("\"$calltally\" run pipeline.yaml --json | true")
    #expect(try workspace.table("calls").rows.count == 1)
  }

  @Test(arguments: ["TERM", "KILL"])
  func aKilledRunLeavesTheOldSetAndTheNextOneWorks(signal: String) async throws {
    let workspace = try workspace()
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    let before = try readTree(workspace.path + "/output")
    // The run waits for more of a pipe that stays open, with its staging directory made.
    let outcome = try await workspace.shell(
      """
      mkfifo pipe
      "$calltally" run pipeline.yaml --archives - <pipe &
      run=$!
      exec 3>pipe
      while ! [ -d .output.staging ]; do kill -0 $run || exit 9; done
      kill -\(signal) $run
      wait $run
      """)
    #expect(outcome.status == (signal == "TERM" ? 143 : 137), "\(outcome.text)")
    #expect(try readTree(workspace.path + "/output") == before)
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
    #expect(try readTree(workspace.path + "/output") == before)
    #expect(try workspace.names() == [".calltally.lock", "archives", "output", "pipe", "pipeline.yaml"])
  }

  @Test(arguments: [("HUP", 129), ("TERM", 143)] as [(String, Int32)], [false, true])
  func aStoppedRunRemovesWhatItWroteAndSaysSo(signal: (name: String, status: Int32), isDry: Bool) async throws {
    let workspace = try workspace()
    try workspace.write("", to: "tmp/.keep")
    // The run waits for more of a pipe that stays open, with its staging directory made.
    let outcome = try await workspace.shell(
      """
      mkfifo pipe
      "$calltally" run pipeline.yaml --archives - \(isDry ? "--dry-run" : "") <pipe &
      run=$!
      exec 3>pipe
      until ls -d \(isDry ? "tmp/.calltally-*" : ".output").staging >/dev/null 2>&1; do kill -0 $run || exit 9; done
      kill -\(signal.name) $run
      wait $run
      """, environment: ["TMPDIR": workspace.path + "/tmp"])
    #expect(outcome.status == signal.status, "\(outcome.text)")
    #expect(outcome.errors == "calltally: stopped by SIG\(signal.name); nothing was published\n")
    #expect(try workspace.names().filter { $0 != ".calltally.lock" } == ["archives", "pipe", "pipeline.yaml", "tmp"])
    #expect(try workspace.names(in: "tmp") == [".keep"])
  }

  @Test func anInterruptedRunStopsWhileItWorks() async throws {
    let workspace = try workspace()
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    let before = try readTree(workspace.path + "/output")
    try await workspace.writeSample(calls: 20_000, seed: 5)
    let run = Process()
    run.executableURL = URL(fileURLWithPath: RunWorkspace.program)
    // It reads the sample and then a pipe that stays open, so that it cannot end before it is interrupted.
    run.arguments = ["run", "pipeline.yaml", "--archives", "archives/*", "-"]
    run.currentDirectoryURL = URL(fileURLWithPath: workspace.path)
    let (held, errors) = (Pipe(), Pipe())
    run.standardInput = held
    run.standardError = errors
    try run.run()
    while run.isRunning, try !workspace.names().contains(".output.staging") { await Task.yield() }
    run.interrupt()
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    run.waitUntilExit()
    try held.fileHandleForWriting.close()
    #expect(run.terminationStatus == 130, "\(said)")
    #expect(said == "calltally: stopped by SIGINT; nothing was published\n")
    #expect(try workspace.names() == [".calltally.lock", "archives", "output", "pipeline.yaml"])
    #expect(try readTree(workspace.path + "/output") == before)
  }

  @Test func anIgnoredSignalStaysIgnored() async throws {
    let workspace = try workspace()
    let outcome = try await workspace.shell(
      """
      mkfifo pipe
      trap '' HUP
      "$calltally" run pipeline.yaml --archives - <pipe &
      run=$!
      exec 3>pipe
      while ! [ -d .output.staging ]; do kill -0 $run || exit 9; done
      kill -HUP $run
      cat archives/a.jsonl >&3
      exec 3>&-
      wait $run
      """)
    #expect(outcome.text == "exit status 0\n--- standard output\n--- standard error\n")
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/usr/bin/script"), "script(1) makes the terminal"),
    arguments: [false, true])
  func aTerminalGetsASummaryAndNoColorWhereNoneIsWanted(noColor: Bool) async throws {
    let workspace = try workspace()
    // Long enough for the bar to be drawn: the writer of the pipe waits for it.
    let outcome = try await workspace.shell(
      """
      mkfifo pipe
      { cat archives/a.jsonl; while ! grep -q MB/s screen 2>/dev/null; do :; done; } >pipe &
      script --quiet --flush --return --command '"$calltally" run pipeline.yaml --archives - <pipe' screen >/dev/null </dev/null
      """, environment: noColor ? ["NO_COLOR": "1", "TERM": "xterm"] : ["TERM": "xterm"])
    let screen = String(decoding: try workspace.read("screen"), as: UTF8.self)
    #expect(outcome.status == 0, "\(outcome.text)\(screen)")
    #expect(screen.contains("The tables are in output."))
    #expect(screen.contains("\u{1b}[36m") == !noColor)
  }

  // MARK: check, inspect, sample

  @Test func checkIsSilentAboutAGoodFileAndTellsAllFaultsOfABadOne() async throws {
    let workspace = try workspace()
    let good = try await workspace.calltally(["check", "pipeline.yaml"])
    #expect(good.text == "exit status 0\n--- standard output\n--- standard error\n")
    try workspace.writePipeline("billing: {pulse: 0s}\nchekcs: {}\n")
    let bad = try await workspace.calltally(["check", "pipeline.yaml"])
    #expect(bad.status == 78)
    #expect(bad.errors.contains("pipeline.yaml:5:18: billing.pulse"))
    #expect(bad.errors.contains("pipeline.yaml:6:1: ") && bad.errors.contains("did you mean \"checks\"?"))
    #expect(try workspace.names() == ["archives", "pipeline.yaml"])
  }

  @Test func logsHoldTheFaultsOfAPipelineFile() async throws {
    let workspace = try workspace()
    try workspace.writePipeline("billing: {pulse: 0s}\nchekcs: {}\n")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml", "--log", "json"])
    #expect(outcome.status == 78)
    let records = try outcome.errors.split(separator: "\n").map { try object(String($0)) }
    #expect(records.count == 2 && records.allSatisfy { $0["exit_status"] as? String == "78" })
    #expect((records.first?["msg"] as? String)?.hasPrefix("pipeline.yaml:5:18: billing.pulse") == true)
  }

  @Test func inspectTellsWhatArchivesHold() async throws {
    let workspace = try workspace()
    try workspace.write(storedGzip(Data((Self.event + "oops\n").utf8)).dropLast(1), to: "archives/b.jsonl.gz")
    let text = try await workspace.calltally(["inspect", "archives/*"])
    #expect(text.status == 2, "b.jsonl.gz is cut off")
    #expect(text.output.contains("archives/a.jsonl: whole"))
    #expect(text.output.contains("archives/b.jsonl.gz: truncated"))
    #expect(text.output.contains("2 lines: 1 events, 1 rejected, 0 ignored, 0 blank"))
    #expect(text.output.contains("line 2: invalid-json"))
    let json = try await workspace.calltally(["inspect", "--json", "archives/a.jsonl"])
    #expect(json.status == 0)
    let found = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
    #expect(found?.map { $0["condition"] as? String } == ["whole"])
    #expect((found?.first?["events"] as? [String: Int])?["call.processed"] == 1)
    let nothing = try await workspace.calltally(["inspect", "none/*"])
    #expect(nothing.status == 66)
    #expect(nothing.output.isEmpty)
  }

  @Test func aSampleCanBeRunAndIsTheSameTwice() async throws {
    let workspace = try workspace()
    for directory in ["one", "two"] {
      let outcome = try await workspace.calltally(["sample", directory, "--calls", "50", "--seed", "3"])
      #expect(outcome.text == "exit status 0\n--- standard output\n--- standard error\n")
    }
    #expect(try readTree(workspace.path + "/one") == readTree(workspace.path + "/two"))
    let run = try await workspace.calltally(["run", "pipeline.yaml", "--archives", "one/*.jsonl.gz", "--summary"])
    #expect(run.status == 0, "a sample without mess is in order: \(run.text)")
    #expect(run.output.contains("50 calls"))
    let again = try await workspace.calltally(["sample", "one", "--calls", "50"])
    #expect(again.status == 73)
    #expect(again.errors.contains("one already holds"))
  }

  @Test func helpSaysTheExitStatuses() async throws {
    let help = try await workspace().calltally(["--help"])
    #expect(help.status == 0)
    for status in ["64 usage", "66 no input", "75 another run", "78 bad pipeline file", "143 stopped by"] {
      #expect(help.output.replacing("\n", with: " ").contains(status), "\(help.output)")
    }
  }
}
