import Foundation
import Testing
import TextTables

struct SetRemovalTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func publish(_ name: String) throws {
    let staging = try StagingDirectory(target: "\(directory.path)/\(name)")
    _ = try staging.write([1], to: "manifest.json")
    _ = try staging.write([1], to: "tables/deep/a.csv")
    try staging.publish()
  }

  private func remove(_ old: Set<String>) throws -> [String] {
    try removeSets(in: directory.path, recognizing: .ofTests) { old.contains($0) }
  }

  @Test func onlyOldSetsGo() throws {
    for name in ["a", "b", "c"] { try publish(name) }
    #expect(try remove(["a", "c", "d"]) == ["a", "c"])
    #expect(try directory.names() == ["b"])
    #expect(try directory.text("b/tables/deep/a.csv") == "\u{1}")
  }

  @Test func whateverElseHasSuchANameStays() throws {
    try publish("mixed")
    try directory.makeFile("mixed/notes.txt", "mine")
    try directory.makeFile("foreign/manifest.json", "")
    try directory.makeFile("bare/tables/deep/a.csv", "x")
    try directory.makeFile("file", "x")
    try FileManager.default.createDirectory(atPath: "\(directory.path)/empty", withIntermediateDirectories: false)
    try publish("set")
    try FileManager.default.createSymbolicLink(atPath: "\(directory.path)/link", withDestinationPath: "set")
    let names = try directory.names()
    #expect(try remove(Set(names).subtracting(["set"])) == [])
    #expect(try directory.names() == names)
    #expect(try directory.text("mixed/tables/deep/a.csv") == "\u{1}")
  }

  @Test func whatADeadRunLeftOfASetGoes() throws {
    try publish("a")
    try directory.makeFile(".a.staging/tables/deep/a.csv", "half")
    try directory.makeFile(".b.staging/tables/deep/a.csv", "of a run that is to come")
    try directory.makeFile("elsewhere/x", "x")
    try FileManager.default.createSymbolicLink(atPath: "\(directory.path)/.c.staging", withDestinationPath: "elsewhere")
    #expect(try remove(["a", "c"]) == ["a"])
    #expect(try directory.names() == [".b.staging", ".c.staging", "elsewhere"])
    #expect(try directory.names("elsewhere") == ["x"])
  }
}
