import CallModel
import Intake
import Testing

/// Lines and limits: how the text of an archive is cut into chunks.
@Suite struct ArchiveReaderTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A line of exactly `length` bytes.
  private func line(_ number: Int, length: Int) -> String {
    let bare = started(number, #""username":"""#).utf8.count
    return started(number, #""username":"\#(String(repeating: "x", count: length - bare))""#)
  }

  @Test(arguments: [65_536, 65_537, 1 << 20, (1 << 20) + 1, 3 << 20])
  func `long lines under the limit are read`(length: Int) throws {
    let lines = [started(1), line(2, length: length), started(3)]
    let reading = try directory.reading(gzipMember(text(lines)))
    #expect(reading.events.map(\.line) == [1, 2, 3])
    #expect(reading.events[1].contact[1]?.utf8.count == length - started(2, #""username":"""#).utf8.count)
  }

  @Test(arguments: [2_000, 70_000, 1 << 20, (1 << 20) + 64], [64, 50_000, 1 << 20])
  func `the limit is the longest line that is read`(limit: Int, chunkSize: Int) throws {
    let lengths = [limit - 1, limit, limit + 1, 3 * limit + 5, 2 * limit]
    let lines = lengths.enumerated().flatMap { [line($0 * 2, length: $1), started($0 * 2 + 1)] }
    let limits = IntakeLimits(line: limit)
    let reading = try directory.reading(gzipMember(text(lines)), limits: limits, chunkSize: chunkSize)
    #expect(reading.lines == 10 && reading.balances)
    #expect(reading.events.map(\.line) == [1, 2, 3, 4, 6, 8, 10])
    #expect(reading.rejects.map(\.line) == [5, 7, 9] && Set(reading.codes) == [.lineTooLong])
    for reject in reading.rejects {
      #expect(reject.raw.count <= 4_096 && lines[reject.line - 1].utf8.starts(with: reject.raw) && !reject.raw.isEmpty)
    }
    #expect(reading.textBytes == Int64(text(lines).count))
  }

  @Test(arguments: [64, 999, 1_000, 1_001, 1 << 20])
  func `a carriage return is no part of a line at the limit`(chunkSize: Int) throws {
    let lines = [
      line(1, length: 1_000) + "\r", line(2, length: 1_001) + "\r", line(3, length: 1_001), started(4) + "\r",
    ]
    let reading = try directory.reading(
      text(lines), as: "a.jsonl", limits: IntakeLimits(line: 1_000), chunkSize: chunkSize)
    #expect(reading.events.map(\.line) == [1, 4])
    #expect(reading.rejects.map(\.line) == [2, 3] && Set(reading.codes) == [.lineTooLong])
  }

  @Test func `a file of nothing but a byte order mark is blank`() throws {
    for end in ["", "\n", "\r\n"] {
      let reading = try directory.reading(Array("\u{feff}\(end)".utf8), as: "a.jsonl")
      #expect(reading.blank == 1 && reading.lines == 1 && reading.balances)
    }
  }

  @Test func `a line over the limit may be the last, with or without its line feed`() throws {
    let limits = IntakeLimits(line: 1_000)
    for tail in ["", "\n", "\r\n"] {
      let bytes = text([started(1)]) + Array((line(2, length: 9_000) + tail).utf8)
      let reading = try directory.reading(bytes, as: "a.jsonl", limits: limits, chunkSize: 256)
      #expect(reading.codes == [.lineTooLong] && reading.lines == 2 && reading.events.count == 1)
    }
  }

  @Test func `a line over the limit in a cut archive is counted once`() throws {
    let archive = gzipMember(text([started(1), line(2, length: 9_000), started(3)]))
    for cut in 1..<archive.count {
      let reading = try directory.reading(
        Array(archive[..<cut]), limits: IntakeLimits(line: 1_000), chunkSize: 256)
      #expect(reading.balances && reading.lines <= 3 && reading.rejects.count <= 2)
    }
  }

  @Test(arguments: ["plain.jsonl", "packed.jsonl.gz"])
  func `the same archive gives the same events whatever the chunk size`(name: String) throws {
    let lines = Array(repeating: night, count: 3).joined() + [line(40, length: 700), "{}TRAILER", "", "\r"]
    let bytes = Array(text(Array(lines)).dropLast())
    let archive = name.hasSuffix(".gz") ? gzipMember(bytes) : bytes
    let whole = try directory.reading(archive, as: name)
    #expect(whole.events.count == 19 && whole.balances)
    for chunkSize in Array(1...260) + Array(stride(from: 261, to: 1_000, by: 11)) + [
      1_023, 1_024, bytes.count - 1, bytes.count, bytes.count + 1,
    ] {
      let reading = try directory.reading(archive, as: name, chunkSize: chunkSize)
      #expect(reading == whole, "chunks of \(chunkSize)")
    }
  }

  @Test func `what was read before leaves nothing behind`() throws {
    let noise = [
      "{", #"{"event":"call.processed","transcripts":[{"role":"\u0061","tone":1}],"mood":1}"#,
      call("call.processed", 8, #""transcripts":[{"role":"a","tone":1}],"mood":1,"credits":9,"duration":9"#),
      #"{"event":"other","mood":[]}"#, campaignEnded(#""total_calls":9,"mood":2"#),
      started(9, (0..<50).map { "\"m\($0)\":0" }.joined(separator: ",")),
    ]
    let paths = try [noise, night, Array(noise.reversed())].enumerated().map { place, lines in
      try directory.write(text(lines), to: "\(place).jsonl")
    }
    let fresh = try Reading(path: paths[1])
    #expect(try Reading(path: paths[1], after: [paths[0]]) == fresh)
    #expect(try Reading(path: paths[1], after: paths) == fresh)
  }

  @Test func `the last line needs no line feed, and CRLF ends a line like LF`() throws {
    let bytes = Array((started(1) + "\r\n" + started(2) + "\n\r\n\n" + started(3)).utf8)
    let reading = try directory.reading(bytes, as: "a.jsonl")
    #expect(reading.events.map(\.line) == [1, 2, 5])
    #expect(reading.blank == 2 && reading.lines == 5)
  }

  @Test func `lines of white space are blank`() throws {
    let reading = try directory.reading(Array(" \n\t \n\n".utf8) + text([started(1)]), as: "a.jsonl")
    #expect(reading.blank == 3 && reading.events.map(\.line) == [4])
  }

  @Test func `an archive of exactly limits-archive is read, and one byte more stops it`() throws {
    let bytes = text(Array(repeating: started(1), count: 5_000))
    let size = Int64(bytes.count)
    let archive = gzipMember(bytes)
    #expect(try directory.reading(archive, limits: IntakeLimits(archive: size)).events.count == 5_000)
    let path = "\(directory.path)/archive.jsonl.gz"
    let error = #expect(throws: IntakeError.self) { try Reading(path: path, limits: IntakeLimits(archive: size - 1)) }
    #expect(error == .archiveTooLarge(path: path, limit: size - 1))
    #expect(error?.description.contains(path) == true && error?.description.contains("limits.archive") == true)
  }

  @Test(arguments: [0x0a, 0x20] as [UInt8])
  func `a gzip bomb stops at the limit, and no chunk is larger than a chunk`(filler: UInt8) throws {
    let path = try directory.write(gzipMember([UInt8](repeating: filler, count: 40 << 20), level: 9), to: "bomb.gz")
    #expect(try directory.bytes("bomb.gz").count < 100_000)
    var reader = try ArchiveReader(path: path, limits: IntakeLimits(line: 1 << 20, archive: 16 << 20))
    var handedOut = 0
    #expect(throws: IntakeError.archiveTooLarge(path: path, limit: 16 << 20)) {
      while let chunk = try reader.nextChunk() {
        handedOut += chunk.count
        #expect(chunk.bytes.count <= 4 << 20)
      }
    }
    #expect(handedOut <= 16 << 20)
  }
}
