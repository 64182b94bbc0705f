import Foundation
import Glibc
import Testing
import TextTables

struct OutputLockTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Why the lock cannot be had, or nil.
  private func refusal(of path: String) -> TextTablesError? {
    do throws(TextTablesError) {
      _ = try OutputLock(directory: path)
      return nil
    } catch {
      return error
    }
  }

  @Test func oneRunAtATime() throws {
    let path = "\(directory.path)/output"
    do {
      let lock = try OutputLock(directory: path)
      #expect(refusal(of: path) == .locked(path: "\(path)/.calltally.lock"))
      #expect(
        refusal(of: path).map { "\($0)" }
          == "another run holds the lock \(path)/.calltally.lock; wait for it to end and run again")
      _ = consume lock
    }
    #expect(refusal(of: path) == nil)
    #expect(try directory.mode("output/.calltally.lock") == 0o600)
  }

  @Test func aProcessThatDiedHoldsNothing() throws {
    let path = "\(directory.path)/output"
    try directory.makeFile("output/.calltally.lock", "")
    #expect(refusal(of: path) == nil)
    guard isInstalled("flock") else { return }
    _ = try output(of: ["flock", "-n", "\(path)/.calltally.lock", "sh", "-c", "kill -9 $$"], in: path)
    #expect(refusal(of: path) == nil)
  }

  @Test(arguments: [0o000, 0o077] as [mode_t])
  func theLockHasTheModeOfFilesUnderAnyUmask(mask: mode_t) throws {
    let before = umask(mask)
    defer { umask(before) }
    _ = try OutputLock(directory: directory.path, permissions: FilePermissions(file: 0o664))
    #expect(try directory.mode(".calltally.lock") == 0o664)
  }

  @Test func aLockThatMayOnlyBeReadIsStillALock() throws {
    try directory.makeFile(".calltally.lock", "")
    let path = "\(directory.path)/.calltally.lock"
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    do {
      let lock = try OutputLock(directory: directory.path)
      #expect(refusal(of: directory.path) == .locked(path: path))
      _ = consume lock
    }
    #expect(refusal(of: directory.path) == nil)
  }

  @Test func aPlantedLinkIsRefused() throws {
    try directory.makeFile("precious", "x")
    try FileManager.default.createSymbolicLink(
      atPath: "\(directory.path)/.calltally.lock", withDestinationPath: "\(directory.path)/precious")
    #expect(refusal(of: directory.path)?.description.hasPrefix("cannot create") == true)
  }
}
