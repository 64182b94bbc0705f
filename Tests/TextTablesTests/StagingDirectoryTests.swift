import Foundation
import Glibc
import Testing
import TextTables

struct StagingDirectoryTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private var target: String { "\(directory.path)/set" }

  private func publish(_ text: String, to target: String, exchanging: Bool = true) throws {
    let staging = try StagingDirectory(target: target)
    _ = try staging.write(Array(text.utf8), to: "manifest.json")
    _ = try staging.write(Array(text.utf8), to: "tables/deep/a.csv")
    try staging.publish(exchanging: exchanging)
  }

  /// What publishing throws, as a person reads it.
  private func refusal(publishing staging: consuming StagingDirectory) -> String? {
    do throws(TextTablesError) {
      try staging.publish()
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// What preparing to publish throws, as a person reads it.
  private func refusal() -> String? {
    do throws(TextTablesError) {
      let staging = try StagingDirectory(target: target)
      staging.discard()
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test func nothingShowsBeforePublishing() throws {
    let staging = try StagingDirectory(target: target)
    _ = try staging.write([1], to: "a")
    #expect(try directory.names() == [".set.staging"])
    try staging.publish()
    #expect(try directory.names() == ["set"])
    #expect(try directory.names("set") == ["a"])
  }

  @Test func missingParentsAreMade() throws {
    try publish("x", to: "\(directory.path)/output/nightly/2026-04-08/")
    #expect(try directory.text("output/nightly/2026-04-08/tables/deep/a.csv") == "x")
    #expect(try directory.mode("output/nightly") == 0o700)
  }

  @Test(arguments: [true, false])
  func aNewSetReplacesTheOldOneWhole(exchanging: Bool) throws {
    try publish("old", to: target)
    try directory.makeFile("set/only-in-the-old.csv", "x")
    try publish("new", to: target, exchanging: exchanging)
    #expect(try directory.text("set/tables/deep/a.csv") == "new")
    #expect(try directory.names() == ["set"])
    #expect(try directory.names("set") == ["manifest.json", "tables"])
  }

  @Test func anUnpublishedSetIsRemoved() throws {
    try publish("old", to: target)
    let discarded = try StagingDirectory(target: target)
    _ = try discarded.write([1], to: "deep/a")
    discarded.discard()
    do {
      let dropped = try StagingDirectory(target: target)
      _ = try dropped.write([1], to: "a")
    }
    #expect(try directory.names() == ["set"])
    #expect(try directory.text("set/manifest.json") == "old")
  }

  @Test func aSetThatAnotherThreadHasEndedIsNotPublished() throws {
    try publish("old", to: target)
    let staging = try StagingDirectory(target: target)
    _ = try staging.write([1], to: "deep/a")
    #expect(!staging.state.end())
    #expect(try directory.names() == ["set"])
    #expect(refusal(publishing: staging)?.hasPrefix("cannot ") == true)
    #expect(try directory.text("set/manifest.json") == "old")
  }

  @Test func aPublishedSetIsNotEnded() throws {
    let staging = try StagingDirectory(target: target)
    let state = staging.state
    _ = try staging.write([1], to: "a")
    try staging.publish()
    #expect(state.end())
    #expect(try directory.names("set") == ["a"])
  }

  @Test func leftoversOfADeadRunAreRemoved() throws {
    try directory.makeFile(".set.staging/half/written.csv", "x")
    try directory.makeFile(".set.old/manifest.json", "x")
    try publish("old", to: target)
    try directory.makeFile(".set.old/manifest.json", "x")
    try publish("new", to: target)
    #expect(try directory.names() == ["set"])
    #expect(try directory.text("set/manifest.json") == "new")
  }

  @Test func anOldSetThatWasMovedAsideComesBack() throws {
    try directory.makeFile(".set.old/manifest.json", "old")
    try directory.makeFile(".set.staging/manifest.json", "torn")
    let staging = try StagingDirectory(target: target)
    #expect(try directory.text("set/manifest.json") == "old")
    staging.discard()
    #expect(try directory.names() == ["set"])
  }

  @Test(arguments: [".set.staging", ".set.old"])
  func plantedLinksAndFilesAreRefused(name: String) throws {
    let path = "\(directory.path)/\(name)"
    try directory.makeFile("elsewhere/precious", "x")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "\(directory.path)/elsewhere")
    #expect(refusal() == "cannot create \(path): a symbolic link has this name; remove it")
    try FileManager.default.removeItem(atPath: path)
    try directory.makeFile(name, "x")
    #expect(refusal() == "cannot create \(path): a file has this name; remove it")
    #expect(try directory.text("elsewhere/precious") == "x")
  }

  @Test func aLinkInsideALeftoverIsNotFollowed() throws {
    try directory.makeFile("elsewhere/precious", "x")
    try directory.makeFile(".set.staging/a", "x")
    try FileManager.default.createSymbolicLink(
      atPath: "\(directory.path)/.set.staging/link", withDestinationPath: "\(directory.path)/elsewhere")
    #expect(refusal() == nil)
    #expect(try directory.text("elsewhere/precious") == "x")
  }

  /// What is said of a file or folder that no run has written.
  private func refusal(naming entry: String) -> String {
    "cannot create \(target): the directory holds \(entry), which no run has written; move it away or name another "
      + "directory"
  }

  @Test func somebodysDirectoryIsNotReplaced() throws {
    try directory.makeFile("set/thesis.txt", "x")
    #expect(refusal() == refusal(naming: "thesis.txt"))
    #expect(try directory.text("set/thesis.txt") == "x")
    try FileManager.default.removeItem(atPath: "\(target)/thesis.txt")
    #expect(refusal() == nil)
    try FileManager.default.removeItem(atPath: target)
    try directory.makeFile("set", "a file")
    #expect(refusal() == "cannot create \(target): something that is no directory has this name")
  }

  @Test func aManifestOfAnotherProgramMarksNoSet() throws {
    try directory.makeFile("set/manifest.json", "")
    #expect(refusal() == refusal(naming: "manifest.json"))
    try FileManager.default.removeItem(atPath: "\(target)/manifest.json")
    try directory.makeFile("elsewhere/manifest.json", "x")
    try FileManager.default.createSymbolicLink(
      atPath: "\(target)/manifest.json", withDestinationPath: "\(directory.path)/elsewhere/manifest.json")
    #expect(refusal() == refusal(naming: "manifest.json"))
  }

  @Test(arguments: ["notes.txt", "tables/deep/b.csv", "tables/notes.txt", "z/a.csv"])
  func aFileBesideAPublishedSetIsNotLost(name: String) throws {
    try publish("old", to: target)
    try directory.makeFile("set/\(name)", "mine")
    #expect(refusal() == refusal(naming: name == "z/a.csv" ? "z" : name))
    #expect(try directory.text("set/\(name)") == "mine")
    #expect(try directory.text("set/tables/deep/a.csv") == "old")
  }

  @Test func aFileThatComesWhileARunWritesIsNotLost() throws {
    try publish("old", to: target)
    let staging = try StagingDirectory(target: target)
    _ = try staging.write([1], to: "manifest.json")
    try directory.makeFile("set/notes.txt", "mine")
    let said = refusal(publishing: staging)
    #expect(said == refusal(naming: "notes.txt"))
    #expect(try directory.text("set/notes.txt") == "mine")
    #expect(try directory.text("set/manifest.json") == "old")
    #expect(try directory.names() == ["set"])
  }

  @Test func aTargetThatIsALinkIsPublishedWhereItLeads() throws {
    try directory.makeFile("disk/set/manifest.json", "old")
    try FileManager.default.createSymbolicLink(atPath: target, withDestinationPath: "disk/set")
    try publish("new", to: target)
    #expect(try directory.text("disk/set/manifest.json") == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: target) == "disk/set")
  }

  @Test(arguments: [0o000, 0o077] as [mode_t])
  func modesHoldUnderAnyUmask(mask: mode_t) throws {
    let before = umask(mask)
    defer { umask(before) }
    try publish("x", to: "\(directory.path)/deep/private")
    let staging = try StagingDirectory(
      target: "\(directory.path)/shared", permissions: FilePermissions(file: 0o640, directory: 0o750))
    var file = try OutputFile("tables/stream", in: staging)
    try file.append([1, 2])
    try file.append([3])
    #expect(
      try file.finish(rows: 3)
        == FileSummary(
          path: "tables/stream", rows: 3, bytes: 3,
          sha256: "039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81"))
    try staging.publish()
    #expect(try directory.mode("deep") == 0o700)
    #expect(try directory.mode("deep/private") == 0o700)
    #expect(try directory.mode("deep/private/tables/deep") == 0o700)
    #expect(try directory.mode("deep/private/tables/deep/a.csv") == 0o600)
    #expect(try directory.mode("shared") == 0o750)
    #expect(try directory.mode("shared/tables") == 0o750)
    #expect(try directory.mode("shared/tables/stream") == 0o640)
  }

  @Test(arguments: ["/", "", "/proc/no-such-place/set", "/dev/null/set"])
  func placesWhereNothingCanBeCreated(target: String) {
    do throws(TextTablesError) {
      let staging = try StagingDirectory(target: target)
      staging.discard()
      Issue.record("\(target) was accepted")
    } catch {
      #expect("\(error)".hasPrefix("cannot create "))
    }
  }

  @Test func linksPlantedInsideTheSetAreNotFollowed() throws {
    let staging = try StagingDirectory(target: target)
    try directory.makeFile("elsewhere/a", "x")
    try FileManager.default.createSymbolicLink(
      atPath: "\(staging.path)/tables", withDestinationPath: "\(directory.path)/elsewhere")
    try FileManager.default.createSymbolicLink(
      atPath: "\(staging.path)/b", withDestinationPath: "\(directory.path)/elsewhere/b")
    #expect(throws: TextTablesError.self) { _ = try staging.write([1], to: "tables/new") }
    #expect(throws: TextTablesError.self) { _ = try staging.write([1], to: "b") }
    #expect(try directory.names("elsewhere") == ["a"])
  }
}
