import Foundation
import Testing
import TextTables

struct OutputPathTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  @Test(arguments: ["x", "x/", "x/.", "./x", "x//", "y/../x", "disk/../x", "disk/link/../x", "link/x", "alias"])
  func everySpellingIsOnePath(spelling: String) throws {
    try directory.makeFile("disk/file", "")
    for (name, destination) in [("link", "."), ("disk/link", "../disk"), ("alias", "x")] {
      try FileManager.default.createSymbolicLink(
        atPath: "\(directory.path)/\(name)", withDestinationPath: destination)
    }
    // A link may lead to a directory only; x is made for the one that leads to it.
    if spelling == "alias" { try directory.makeFile("x/file", "") }
    let path = try OutputPath("\(directory.path)/\(spelling)")
    #expect(path.path == "\(directory.path)/x")
    #expect(path.parent == directory.path)
  }

  @Test func whatIsMissingIsTakenAsItWillBeMade() throws {
    #expect(try OutputPath("\(directory.path)/a/b/../c/./d").path == "\(directory.path)/a/c/d")
    #expect(try OutputPath("/no-such-top/x/y").parent == "/no-such-top/x")
    #expect(try OutputPath("/no-such-top").parent == "/")
    #expect(try OutputPath("output/night").path == FileManager.default.currentDirectoryPath + "/output/night")
  }

  @Test(arguments: [".", "./", "..", "../", "", "/", "//", "no-such-name/..", "./no-such-name/../."])
  func theWorkingDirectoryIsNoOutputDirectory(spelling: String) {
    let error = #expect(throws: TextTablesError.self) { try OutputPath(spelling) }
    #expect(error?.description.contains("needs a name of its own") == true)
  }

  @Test(arguments: [("loop", "loop"), ("dangling", "nowhere")])
  func aLinkThatLeadsNowhereIsNamed(name: String, destination: String) throws {
    let path = "\(directory.path)/\(name)"
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: destination)
    for below in ["", "/x"] {
      let error = #expect(throws: TextTablesError.self) { try OutputPath(path + below) }
      #expect(error?.description.hasPrefix("cannot create \(path): ") == true)
    }
  }
}
