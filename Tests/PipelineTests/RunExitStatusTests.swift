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

  @Test func outputThatCannotBeMadeIs73() async throws {
    let workspace = try workspace()
    try workspace.write("mine", to: "output/letter.txt")
    try await expectRefusal(workspace, status: 73, naming: "output")
    #expect(try workspace.names(in: "output") == ["letter.txt"], "somebody's own directory is not replaced")
    try workspace.write("a file", to: "file")
    try await expectRefusal(
      workspace, ["run", "pipeline.yaml", "--output", "file/below"], status: 73, naming: "file")
  }

  @Test func unreadableInputIs74() async throws {
    let workspace = try workspace()
    try await expectRefusal(
      workspace, ["run", "pipeline.yaml", "--archives", "/proc/self/mem"], status: 74, naming: "/proc/self/mem")
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

