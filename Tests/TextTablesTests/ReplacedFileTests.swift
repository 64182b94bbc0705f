import Foundation
import Glibc
import Testing
import TextTables

struct ReplacedFileTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private var path: String { "\(directory.path)/a.prom" }

  @Test func oldBytesMakeNewOnes() throws {
    try replaceFile(path, mode: 0o644) { $0 ?? [65] }
    #expect(try directory.text("a.prom") == "A")
    try replaceFile(path, mode: 0o644) { ($0 ?? []) + [66] }
    #expect(try directory.text("a.prom") == "AB")
    #expect(try directory.names() == ["a.prom"])
  }

  @Test(arguments: [0o000, 0o077] as [mode_t])
  func itsModeHoldsUnderAnyUmask(mask: mode_t) throws {
    let before = umask(mask)
    defer { umask(before) }
    try replaceFile(path, mode: 0o644) { _ in [] }
    #expect(try directory.mode("a.prom") == 0o644)
  }

  @Test func aPlantedLinkIsNotFollowed() throws {
    try directory.makeFile("precious", "x")
    for name in [".a.prom.tmp", "a.prom"] {
      try FileManager.default.createSymbolicLink(atPath: "\(directory.path)/\(name)", withDestinationPath: "precious")
    }
    try replaceFile(path, mode: 0o644) { old in
      #expect(old == nil, "nor is one at the file's own place")
      return [65]
    }
    #expect(try directory.text("precious") == "x")
    #expect(try directory.names() == ["a.prom", "precious"])
    #expect(try directory.text("a.prom") == "A")
  }

  @Test func whatCannotBeReplacedLeavesNothing() throws {
    try directory.makeFile("a.prom/x", "x")
    #expect(throws: TextTablesError.self) { try replaceFile(path, mode: 0o644) { _ in [65] } }
    #expect(try directory.names() == ["a.prom"])
    #expect(throws: TextTablesError.self) { try replaceFile("\(path)/none/b", mode: 0o644) { _ in [] } }
  }
}
