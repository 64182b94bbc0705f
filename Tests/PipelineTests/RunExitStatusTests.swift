import Foundation
import Glibc
import Testing

@Suite("Exit statuses, and what is said with them")
struct RunExitStatusTests {
  private static let settled = """
    {"event":"call.processed","event_id":"evt_1","conversation_id":"c1","status":"completed","duration":60,"credits":1}

    """
  private static let dear = settled.replacing("\"credits\":1", with: "\"credits\":2")

  /// A workspace with a pipeline and one plain archive.
  private func workspace(_ archive: String = settled, _ rest: String = "") throws -> RunWorkspace {
    let workspace = try RunWorkspace()
    try workspace.writePipeline(rest)
    try workspace.write(archive, to: "archives/a.jsonl")
    return workspace
  }

  private func isOneLine(_ text: String) -> Bool { text.hasSuffix("\n") && !text.dropLast().contains("\n") }

  /// A run that publishes nothing says why in one line, and leaves nothing behind.
  private func expectRefusal(
    _ workspace: RunWorkspace, _ arguments: [String] = ["run", "pipeline.yaml"], status: Int32, naming text: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let outcome = try await workspace.calltally(arguments)
    #expect(outcome.status == status, "\(outcome.text)", sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
    #expect(isOneLine(outcome.errors), "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.errors.contains(text), "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(try !workspace.names().contains(".output.staging"), sourceLocation: sourceLocation)
  }

  @Test func successIsSilent() async throws {
    let workspace = try workspace()
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.text == "exit status 0\n--- standard output\n--- standard error\n")
    #expect(try workspace.table("calls").rows.count == 1)
  }

  @Test func aFailedCheckPublishesAndIs1() async throws {
    let workspace = try workspace(Self.dear)
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 1)
    #expect(outcome.output.isEmpty)
    #expect(isOneLine(outcome.errors) && outcome.errors.contains("failed"), "\(outcome.errors)")
    #expect(try workspace.table("calls").column("credits_difference") == ["1"])
  }

  private static func ended(_ id: String, calls: Int, credits: Int) -> String {
    """
    {"event":"campaign.ended","event_id":"end-\(id)","campaign_id":"\(id)","total_calls":\(calls),\
    "total_duration":0,"total_credits":\(credits)}

    """
  }

  @Test(arguments: [("", 1), ("fail", 1), ("warn", 0), ("ignore", 0)] as [(String, Int32)])
  func aMismatchedCampaignIs1EvenWhereItsCreditsAgree(policy: String, status: Int32) async throws {
    let checks = policy.isEmpty ? "" : "checks: {mismatched_campaigns: \(policy)}\n"
    let workspace = try workspace(Self.settled + Self.ended("camp_x", calls: 700, credits: 0), checks)
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == status, "\(outcome.text)")
    let said = "1 campaign differs from its calls beyond tolerance: camp_x claims 700 calls, counted 0\n"
    let word = ["": "failed: ", "fail": "failed: ", "warn": "warning: "][policy]
    #expect(outcome.errors == (word.map { "calltally: test: \($0)\(said)" } ?? ""))
    try workspace.writePipeline("tolerance: {calls: 700}\n")
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0, "within tolerance")
  }

  @Test func campaignsThatDifferInCreditsAreSaidOnce() async throws {
    let ends = Self.ended("camp_b", calls: 0, credits: 3) + Self.ended("camp_a", calls: 0, credits: 2)
    let campaigns =
      "2 campaigns differ from their calls beyond tolerance, by 5 credits, first camp_a: claims 2 credits, "
    var outcome = try await workspace(ends).calltally(["run", "pipeline.yaml"])
    #expect(outcome.errors == "calltally: test: failed: \(campaigns)counted 0\n")
    outcome = try await workspace(Self.dear + ends, "privacy: {campaign_id: drop}\n").calltally([
      "run", "pipeline.yaml",
    ])
    let masked = campaigns.replacing(" camp_a", with: "")
    #expect(
      outcome.errors == "calltally: test: failed: calls differ by 1 credit from the billing rule; "
        + "failed: \(masked)counted 0\n")
  }

  @Test func aCallWithinToleranceIsNoFailure() async throws {
    let workspace = try workspace(Self.dear, "tolerance: {credits: 1}\n")
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
    #expect(try workspace.table("findings").row("code", "credits-differ")?.text("severity") == "info")
    try workspace.writePipeline("tolerance: {credits: 0.999999}\n")
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 1)
  }

  @Test func aCheckThatOnlyWarnsIs0AndIsSaid() async throws {
    let workspace = try workspace(Self.dear, "checks: {credits_difference: {warn: 0}}\n")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 0)
    #expect(isOneLine(outcome.errors) && outcome.errors.contains("warning"), "\(outcome.errors)")
  }

  @Test func rejectedLinesPastTheCheckAre2EvenWhenCreditsDiffer() async throws {
    let workspace = try workspace(Self.dear + "no json\n")
    let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 2)
    #expect(isOneLine(outcome.errors) && outcome.errors.contains("1 of 2 lines were rejected"), "\(outcome.errors)")
    #expect(try workspace.table("rejects").column("raw") == ["no json"])
  }

  @Test func aDamagedArchiveIs2UnlessThePipelineOnlyWarns() async throws {
    for (policy, status) in [("fail", 2), ("warn", 0), ("ignore", 0)] as [(String, Int32)] {
      let workspace = try RunWorkspace()
      try workspace.writePipeline("checks: {damaged_archives: \(policy)}\n")
      try workspace.write(storedGzip(Data(Self.settled.utf8)).dropLast(4), to: "archives/a.jsonl.gz")
      let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
      #expect(outcome.status == status)
      #expect(outcome.errors.contains("archives/a.jsonl.gz") == (policy != "ignore"), "\(outcome.errors)")
    }
  }

  @Test func aFileNamedGzThatHoldsNoEventIsDamaged() async throws {
    for (text, status) in [("<html>Not found</html>\n", 2), (Self.settled + "<html>\n", 0)] as [(String, Int32)] {
      let workspace = try workspace(Self.settled, "checks: {rejected_lines: {fail: 99}}\n")
      try workspace.write(text, to: "archives/b.jsonl.gz")
      let outcome = try await workspace.calltally(["run", "pipeline.yaml"])
      #expect(outcome.status == status, "\(outcome.text)")
      let sentence = "is named .gz and is no gzip; read as plain text, none of its lines is an event"
      #expect(outcome.errors.contains("archives/b.jsonl.gz \(sentence)") == (status == 2))
      #expect(try workspace.table("archives").column("condition") == ["whole", "not_gzip"])
      let findings = try workspace.table("findings")
      #expect(findings.column("code") == ["archive-not-gzip", "processed-without-completed"])
      #expect(findings.column("severity") == [status == 2 ? "error" : "info", "info"])
      let inspected = try await workspace.calltally(["inspect", "archives/b.jsonl.gz"])
      #expect(inspected.status == status && inspected.output.contains(sentence) == (status == 2))
    }
  }

  @Test func threeDamagedArchivesAreNamedAndTheOthersCounted() async throws {
    let workspace = try workspace()
    let names = ["1", "2", "3", "4\nfailed: \u{1b}[31m", "5"]
    for name in names {
      try workspace.write(storedGzip(Data(Self.settled.utf8)).dropLast(4), to: "archives/\(name).gz")
    }
    var outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(outcome.status == 2 && isOneLine(outcome.errors), "\(outcome.text)")
    #expect(outcome.errors.contains("archives/3.gz ends inside the trailer of member 1, and 2 more"))
    for name in names.prefix(3) { try workspace.write("", to: "archives/\(name).gz") }
    outcome = try await workspace.calltally(["run", "pipeline.yaml"])
    #expect(isOneLine(outcome.errors) && outcome.errors.contains("archives/4\\nfailed: \\u{1b}[31m.gz ends inside"))
    #expect(!outcome.errors.contains("more"))
  }

  @Test(
    arguments: [
      ["run"], ["run", "pipeline.yaml", "--nope"], ["run", "pipeline.yaml", "--threads", "0"], ["nope"],
      ["run", "pipeline.yaml", "--json", "--summary"], ["sample", "new", "--calls", "0"], ["inspect"],
    ])
  func usageIs64(arguments: [String]) async throws {
    let workspace = try workspace()
    let outcome = try await workspace.calltally(arguments)
    #expect(outcome.status == 64, "\(outcome.text)")
    #expect(outcome.errors.contains("Usage:"))
    #expect(try workspace.names() == ["archives", "pipeline.yaml"])
  }

  @Test func anArchiveOverTheLimitIs65() async throws {
    try await expectRefusal(
      try workspace(Self.settled, "limits: {archive: 100B}\n"), status: 65, naming: "archives/a.jsonl")
  }

  @Test func noArchiveIs66() async throws {
    let workspace = try workspace()
    for arguments in [["--archives", "none/*.gz"], ["--archives", "archives"], ["--archives", "gone.jsonl"]] {
      try await expectRefusal(workspace, ["run", "pipeline.yaml"] + arguments, status: 66, naming: arguments[1])
    }
    #expect(try workspace.names() == ["archives", "pipeline.yaml"], "not even a lock is made")
  }

  @Test func emptyStandardInputIs66() async throws {
    let workspace = try workspace()
    try await expectRefusal(
      workspace, ["run", "pipeline.yaml", "--archives", "-"], status: 66, naming: "standard input held nothing")
    #expect(try workspace.names() == [".calltally.lock", "archives", "pipeline.yaml"])
    try workspace.write("", to: "archives/a.jsonl")
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0, "an hour without a call is none")
  }

  @Test func aDirectoryThatCannotBeListedIs66() async throws {
    let workspace = try RunWorkspace()
    try workspace.write(
      "version: 1\nname: test\ninput: {archives: in/*/*.jsonl}\noutput: {directory: output}\n", to: "pipeline.yaml")
    for hour in ["a", "b"] { try workspace.write(Self.settled, to: "in/\(hour)/1.jsonl") }
    let user = geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups" : ""
    let outcome = try await workspace.shell("chmod 777 . && chmod 0 in/b && \(user) \"$calltally\" run pipeline.yaml")
    _ = try await workspace.shell("chmod 755 in/b")
    #expect(outcome.status == 66, "\(outcome.text)")
    #expect(outcome.errors == "calltally: cannot open in/b: Permission denied\n")
    #expect(try workspace.names() == ["in", "pipeline.yaml"])
  }

  @Test func publishedTablesThatWereMadeReadOnlyAreReplaced() async throws {
    let workspace = try workspace()
    let user = geteuid() == 0 ? "setpriv --reuid=65534 --clear-groups" : ""
    for _ in 0..<3 {
      let outcome = try await workspace.shell(
        "chmod 777 . && \(user) \"$calltally\" run pipeline.yaml --output own/x && chmod -R a-w own/x")
      #expect(outcome.status == 0, "\(outcome.text)")
    }
    #expect(try workspace.names(in: "own") == [".calltally.lock", "x"])
    _ = try await workspace.shell("chmod -R u+w own")
  }

  @Test func outputThatCannotBeMadeIs73() async throws {
    let workspace = try workspace()
    try workspace.write("mine", to: "output/letter.txt")
    try await expectRefusal(workspace, status: 73, naming: "output")
    #expect(try workspace.names(in: "output") == ["letter.txt"], "somebody's own directory is not replaced")
    try workspace.write("a file", to: "file")
    try await expectRefusal(
      workspace, ["run", "pipeline.yaml", "--output", "file/below"], status: 73, naming: "file")
  }

  @Test(arguments: [".", "./", "..", "archives/.."])
  func anOutputWithoutANameOfItsOwnIs73(spelling: String) async throws {
    let workspace = try workspace()
    try await expectRefusal(
      workspace, ["run", "pipeline.yaml", "--output", spelling], status: 73, naming: "a name of its own")
    #expect(try workspace.names() == ["archives", "pipeline.yaml"])
    try workspace.write(
      "version: 1\nname: test\ninput: {archives: archives/*}\noutput: {directory: \(spelling)}\n", to: "pipeline.yaml")
    for command in ["check", "run"] {
      try await expectRefusal(
        workspace, [command, "pipeline.yaml"], status: 78, naming: "pipeline.yaml:4:21: output.directory")
    }
  }

  @Test func aFileBesidePublishedTablesIsKept() async throws {
    let workspace = try workspace()
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0)
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0, "a set of tables is replaced")
    try workspace.write("mine", to: "output/notes.xlsx")
    try await expectRefusal(workspace, status: 73, naming: "notes.xlsx")
    #expect(try workspace.names(in: "output").contains("notes.xlsx"))
    try FileManager.default.removeItem(atPath: workspace.path + "/output")
    try workspace.write("{\"version\": 1, \"icons\": []}", to: "output/manifest.json")
    try await expectRefusal(workspace, status: 73, naming: "manifest.json")
    #expect(try workspace.names(in: "output") == ["manifest.json"])
  }

  @Test(arguments: ["disk/x", "link/x", "disk/./x", "disk/x/.", "disk/x/", "alias", "disk/x/../x"])
  func everySpellingOfADirectoryHasOneLock(spelling: String) async throws {
    let workspace = try workspace()
    #expect(try await workspace.calltally(["run", "pipeline.yaml", "--output", "disk/x"]).status == 0)
    for (name, destination) in [("link", "disk"), ("alias", "disk/x")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(workspace.path)/\(name)", withDestinationPath: destination)
    }
    let outcome = try await workspace.shell(
      "flock disk/.calltally.lock \"$calltally\" run pipeline.yaml --output \(spelling)")
    #expect(outcome.status == 75, "\(outcome.text)")
    #expect(try await workspace.calltally(["run", "pipeline.yaml", "--output", spelling]).status == 0)
    #expect(try workspace.names() == ["alias", "archives", "disk", "link", "pipeline.yaml"])
    #expect(try workspace.names(in: "disk") == [".calltally.lock", "x"])
  }

  @Test(.enabled(if: geteuid() == 0, "only root can make a directory at the top"))
  func missingDirectoriesAreMadeFromTheTop() async throws {
    let workspace = try workspace()
    let top = "/calltally-test-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: top) }
    let outcome = try await workspace.calltally(["run", "pipeline.yaml", "--output", "\(top)/x/y"])
    #expect(outcome.status == 0, "\(outcome.text)")
    #expect(FileManager.default.fileExists(atPath: "\(top)/x/y/manifest.json"))
  }

  @Test func unreadableInputIs74() async throws {
    let workspace = try workspace()
    try await expectRefusal(
      workspace, ["run", "pipeline.yaml", "--archives", "/proc/self/mem"], status: 74, naming: "/proc/self/mem")
  }

  @Test func aMachineShortOfFilesIs74() async throws {
    let workspace = try workspace(Self.settled, "checks: {rejected_lines: {warn: 0}}\n")
    // With how many files the archive is the one too many depends on what the program's libraries open.
    let outcome = try await workspace.shell(
      """
      for files in $(seq 8 60); do
        (ulimit -n $files; "$calltally" run pipeline.yaml --threads 1; echo "ends with $?" >&2)
      done
      """)
    let endings = outcome.errors.split(separator: "\n")
    #expect(endings.contains("calltally: cannot read archives/a.jsonl beyond byte 0: Too many open files"))
    #expect(endings.contains("ends with 74") && endings.contains("ends with 0") && !endings.contains("ends with 66"))
  }

  @Test func aHeldLockIs75AtOnce() async throws {
    let workspace = try workspace()
    let outcome = try await workspace.shell("flock .calltally.lock \"$calltally\" run pipeline.yaml")
    #expect(outcome.status == 75, "\(outcome.text)")
    #expect(isOneLine(outcome.errors) && outcome.errors.contains(".calltally.lock"))
    #expect(try await workspace.calltally(["run", "pipeline.yaml"]).status == 0, "the lock went with its holder")
  }

  @Test func aBadPipelineFileIs78() async throws {
    let workspace = try workspace(Self.settled, "biling: {}\n")
    try await expectRefusal(workspace, status: 78, naming: "pipeline.yaml:5:1")
    try await expectRefusal(workspace, ["run", "gone.yaml"], status: 78, naming: "gone.yaml")
    try workspace.writePipeline("privacy: {username: hash}\n")
    try await expectRefusal(workspace, status: 78, naming: "CALLTALLY_HASH_KEY")
  }

  @Test func aRefusedRunKeepsWhatWasPublished() async throws {
    let workspace = try workspace()
    _ = try await workspace.calltally(["run", "pipeline.yaml"])
    let before = try readTree(workspace.path + "/output")
    try workspace.writePipeline("limits: {archive: 100B}\n")
    try await expectRefusal(workspace, status: 65, naming: "archives/a.jsonl")
    #expect(try readTree(workspace.path + "/output") == before)
  }
}
