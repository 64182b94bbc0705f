import CallModel
import Foundation
import Glibc
import Intake
import Testing

/// Paths that are no readable archive: each gets one sentence that names it.
@Suite struct ArchiveListTests {
  private let directory: TemporaryDirectory
  private let archive = gzipMember(text(night))

  init() throws { directory = try TemporaryDirectory() }

  private func path(_ name: String) -> String { "\(directory.path)/\(name)" }

  /// The error that a run over `name` ends with, and whether opening it alone says the same.
  private func failure(_ name: String) -> IntakeError? {
    #expect(throws: IntakeError.self) { _ = try ArchiveReader(path: path(name), limits: IntakeLimits()) }
    return #expect(throws: IntakeError.self) { try ArchiveList(patterns: [path(name)]) }
  }

  @Test func `archives are listed once, in byte order`() throws {
    for name in ["b.gz", "a.gz", "B.gz", "a-.gz", "é.gz", "notes.txt"] { try directory.write(archive, to: name) }
    let list = try ArchiveList(patterns: [path("*.gz"), path("a.gz"), path("[ab].gz")])
    #expect(list.paths == ["B.gz", "a-.gz", "a.gz", "b.gz", "é.gz"].map(path))
  }

  @Test func `standard input is read where a list names it`() throws {
    #expect(try ArchiveList(patterns: ["-"]).paths == ["-"])
  }

  @Test func `a name that looks like a pattern is still a name`() throws {
    try directory.write(archive, to: "night[1].gz")
    #expect(try ArchiveList(patterns: [path("night[1].gz")]).paths == [path("night[1].gz")])
  }

  @Test func `a pattern that matches nothing is an error, whatever the others match`() throws {
    try directory.write(archive, to: "a.gz")
    let error = #expect(throws: IntakeError.self) { try ArchiveList(patterns: [path("*.gz"), path("*.jsonl")]) }
    #expect(error == .nothingMatches(patterns: [path("*.jsonl")]))
    #expect(error?.description == "no archive matches \(path("*.jsonl"))")
    #expect(throws: IntakeError.nothingMatches(patterns: [])) { try ArchiveList(patterns: []) }
  }

  @Test func `a missing archive is named`() {
    #expect(failure("gone.gz")?.description.contains(path("gone.gz")) == true)
    let error = #expect(throws: IntakeError.self) {
      _ = try ArchiveReader(path: path("gone.gz"), limits: IntakeLimits())
    }
    #expect(error?.description == "cannot open \(path("gone.gz")): No such file or directory")
  }

  @Test(arguments: [("mkdir it.gz", "a directory"), ("mkfifo it.gz", "a FIFO"), ("ln -s /dev/null it.gz", "a device")])
  func `what is no file is refused at once, by its kind`(command: String, kind: String) throws {
    try directory.shell(command)
    let error = failure("it.gz")
    #expect(error == .notAFile(path: path("it.gz"), what: kind))
    #expect(error?.description.hasPrefix("\(path("it.gz")) is \(kind), not an archive") == true)
  }

  @Test func `a symlink loop is named`() throws {
    try directory.shell("ln -s loop.gz loop.gz")
    #expect(failure("loop.gz")?.description == "cannot open \(path("loop.gz")): Too many levels of symbolic links")
  }

  @Test func `a directory that cannot be listed is named, where a pattern looks into it`() throws {
    try directory.shell("mkdir in in/good && ln -s loop in/loop")
    try directory.write(archive, to: "in/good/a.gz")
    let error = #expect(throws: IntakeError.self) { try ArchiveList(patterns: [path("in/*/*.gz")]) }
    #expect(error?.description == "cannot open \(path("in/loop")): Too many levels of symbolic links")
    let unreached = #expect(throws: IntakeError.self) { try ArchiveList(patterns: [path("in/*/a.gz")]) }
    #expect(unreached?.description == "cannot open \(path("in/loop/a.gz")): Too many levels of symbolic links")
    #expect(try ArchiveList(patterns: [path("in/g*/*.gz")]).paths == [path("in/good/a.gz")])
  }

  @Test(arguments: [
    ("*/*.gz", ["a/1.gz", "a/é.gz", "b/1.gz"]), ("*/1.gz", ["a/1.gz", "b/1.gz"]), ("[!a]/?.gz", ["b/1.gz"]),
    ("a/.*.gz", ["a/.hidden.gz"]), ("./a/[1-3].gz", ["./a/1.gz"]), ("a/\\*.gz", ["a/*.gz"]),
    ("a/../b/*", ["a/../b/1.gz"]),
  ])
  func `a pattern matches as in a shell`(pattern: String, found: [String]) throws {
    try directory.shell("mkdir a b && ln -s nowhere dangling")
    for name in ["a/1.gz", "a/é.gz", "a/.hidden.gz", "b/1.gz", "c.gz"] { try directory.write(archive, to: name) }
    if pattern.contains("\\") { try directory.write(archive, to: "a/*.gz") }
    #expect(try ArchiveList(patterns: [path(pattern)]).paths == found.map(path))
  }

  @Test func `a name that is no text is told and not looked for under another name`() throws {
    try directory.shell("printf x > \"$(printf 'a\\377.gz')\"")
    let error = #expect(throws: IntakeError.self) { try ArchiveList(patterns: [path("*.gz")]) }
    #expect(error?.description.hasPrefix("cannot open \(path("a\u{fffd}.gz")): its name is not UTF-8") == true)
  }

  @Test func `a name that would break the line is shown escaped`() {
    let error = #expect(throws: IntakeError.self) { try ArchiveList(patterns: [path("a\n\u{1b}[31m\u{202e}.gz")]) }
    #expect(error?.description == "no archive matches \(path("a\\n\\u{1b}[31m\\u{202e}.gz"))")
  }

  @Test func `a symlink to an archive is read`() throws {
    try directory.write(archive, to: "a.gz")
    try directory.shell("ln -s a.gz b.gz")
    #expect(try Reading(path: path("b.gz")).events.count == 6)
  }

  @Test(.enabled(if: geteuid() != 0, "root can read everything"))
  func `an unreadable archive is named`() throws {
    try directory.write(archive, to: "secret.gz")
    try directory.shell("chmod 000 secret.gz")
    let error = #expect(throws: IntakeError.self) {
      _ = try ArchiveReader(path: path("secret.gz"), limits: IntakeLimits())
    }
    #expect(error?.description == "cannot open \(path("secret.gz")): Permission denied")
  }

  @Test(arguments: ["printf x >> big.jsonl", "truncate -s 400000 big.jsonl", "cp other.jsonl big.jsonl"])
  func `an archive that changes while it is read stops the run`(command: String) throws {
    let lines = Array(repeating: started(1), count: 10_000)
    let path = try directory.write(text(lines), to: "big.jsonl")
    try directory.write(text(lines + [started(2)]), to: "other.jsonl")
    var reader = try ArchiveReader(path: path, limits: IntakeLimits(), chunkSize: 10_000)
    let first = try reader.nextChunk()
    #expect(first != nil)
    try directory.shell(command)
    let error = #expect(throws: IntakeError.self) { while try reader.nextChunk() != nil {} }
    #expect(error == .changedWhileRead(path: path))
    #expect(error?.description == "\(path) changed while it was read; run again when its writer has finished")
  }

  @Test func `an archive whose name vanishes while it is read is read to its end`() throws {
    let path = try directory.write(text(Array(repeating: started(1), count: 10_000)), to: "big.jsonl")
    var reader = try ArchiveReader(path: path, limits: IntakeLimits(), chunkSize: 10_000)
    var size = try reader.nextChunk()?.count ?? 0
    try directory.shell("rm big.jsonl")
    while let chunk = try reader.nextChunk() { size += chunk.count }
    #expect(size == text([started(1)]).count * 10_000)
    #expect(reader.summary.condition == .whole)
  }
}
