import CallModel
import Intake
import Testing

/// Archives that are cut, bent or followed by something: what can be read is kept, and nothing is lost without a count.
@Suite struct ArchiveDamageTests {
  private let directory: TemporaryDirectory
  private let first = gzipMember(text(Array(night[...4])))
  private let second = gzipMember(text(Array(night[5...])))
  private let whole: Reading

  init() throws {
    directory = try TemporaryDirectory()
    whole = try directory.reading(first + second)
  }

  @Test func `cut at any byte, the whole lines before are kept and the torn one is rejected`() throws {
    let archive = first + second
    for cut in 0...archive.count {
      let reading = try directory.reading(Array(archive[..<cut]), chunkSize: 2_048)
      let expected: ArchiveCondition =
        switch cut {
        case 0: .empty
        case first.count, archive.count: .whole
        default: .truncated
        }
      #expect(reading.condition == expected, "cut at \(cut)")
      #expect(reading.balances, "cut at \(cut)")
      #expect(reading.events == Array(whole.events.prefix(reading.events.count)), "cut at \(cut)")
      #expect(reading.events.count >= (cut >= first.count ? 4 : 0), "cut at \(cut)")
      let torn = reading.rejects.filter { $0.code == .truncatedLine }
      #expect(torn.count <= 1 && torn.allSatisfy { night[$0.line - 1].utf8.starts(with: $0.raw) }, "cut at \(cut)")
      #expect(torn.count == 0 || torn == [reading.rejects.last].compactMap { $0 })
      let others = reading.rejects.filter { $0.code != .truncatedLine }
      #expect(others == Array(whole.rejects.prefix(others.count)), "cut at \(cut)")
      // The lines and the torn one make up all the text there was.
      let kept = text(Array(night.prefix(reading.lines - torn.count))).count + (torn.first?.raw.count ?? 0)
      #expect(reading.textBytes == Int64(kept), "cut at \(cut)")
      #expect((reading.fault == nil) == (expected == .whole || expected == .empty))
    }
  }

  @Test(.enabled(if: isInstalled("python3"), "python3 is not installed"))
  func `all the text that zlib can make of a cut archive is handed out, whatever the chunk size`() throws {
    let lines = (0..<40).map { started($0, #""username":"\#(String(repeating: "a", count: 300))""#) }
    let archive = gzipMember(text(lines))
    try directory.write(archive, to: "whole.gz")
    try directory.shell(
      """
      python3 -c 'import zlib
      archive = open("whole.gz", "rb").read()
      for cut in range(1, len(archive)):
        print(len(zlib.decompressobj(31).decompress(archive[:cut])))' > sizes
      """)
    let sizes = String(decoding: try directory.bytes("sizes"), as: UTF8.self).split(separator: "\n").map { Int64($0) }
    #expect(sizes.count == archive.count - 1)
    for cut in 1..<archive.count {
      for chunkSize in [64, 1_000] {
        let reading = try directory.reading(Array(archive[..<cut]), chunkSize: chunkSize)
        #expect(reading.textBytes == sizes[cut - 1], "cut at \(cut), chunks of \(chunkSize)")
      }
    }
  }

  @Test func `a line that was to go on in a member cut off inside its header is torn`() throws {
    let line = text([started(2)])
    let archive = gzipMember(text([started(1)]) + line[..<40]) + gzipMember(Array(line[40...]))[..<7]
    let reading = try directory.reading(archive)
    #expect(reading.condition == .truncated)
    #expect(reading.events.count == 1)
    #expect(reading.rejects == [ReadReject(line: 2, code: .truncatedLine, raw: started(2).utf8.prefix(40))])
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8])
  func `a wrong CRC or length keeps the rows and says corrupt`(fromEnd: Int) throws {
    var archive = first
    archive[archive.count - fromEnd] ^= 0x40
    let reading = try directory.reading(archive + second)
    #expect(reading.condition == .corrupt)
    #expect(reading.events == whole.events)
    #expect(reading.members == 2)
    #expect(reading.fault == "fails its \(fromEnd > 4 ? "CRC" : "length") check in member 1")
  }

  @Test(arguments: [0x01, 0x90] as [UInt8])
  func `a flipped bit anywhere is noticed or harmless`(mask: UInt8) throws {
    let archive = first + second
    for place in archive.indices {
      var bent = archive
      bent[place] ^= mask
      let reading = try directory.reading(bent, chunkSize: 2_048)
      #expect(reading.balances, "bit of byte \(place)")
      #expect(reading.bytes == Int64(archive.count))
      let isHarmless = reading.events == whole.events && reading.lines == whole.lines
      #expect(reading.condition.isDamaged || reading.condition == .notGzip || isHarmless, "bit of byte \(place)")
    }
  }

  @Test(arguments: [1, 2, 511, 10_000])
  func `trailing NULs are padding`(count: Int) throws {
    let reading = try directory.reading(first + second + [UInt8](repeating: 0, count: count))
    #expect(reading.condition == .whole && reading.fault == nil)
    #expect(reading.events == whole.events && reading.members == 2)
    #expect(reading.bytes == Int64(first.count + second.count + count))
  }

  @Test(arguments: ["x", "\n", "junk behind the archive\n", "\0\0junk", "{\"event\":\"call.started\"}\n"])
  func `bytes behind the last member are no rows, and are told`(junk: String) throws {
    let reading = try directory.reading(first + second + Array(junk.utf8))
    #expect(reading.condition == .trailingGarbage)
    #expect(reading.fault?.contains("behind its last member") == true)
    #expect(reading.events == whole.events && reading.rejects == whole.rejects)
  }

  @Test func `a member may follow padding`() throws {
    let reading = try directory.reading(first + [0, 0, 0] + second)
    #expect(reading.condition == .whole && reading.events == whole.events)
  }

  @Test func `an archive that is both wrong and followed by junk stays corrupt, with its first fault`() throws {
    var archive = first
    archive[archive.count - 8] ^= 1
    let reading = try directory.reading(archive + [0x78])
    #expect(reading.condition == .corrupt && reading.fault?.contains("CRC") == true)
  }

  @Test(arguments: ["archive.jsonl.gz", "archive.jsonl"])
  func `an empty file is empty`(name: String) throws {
    let reading = try directory.reading([], as: name)
    #expect(reading.condition == .empty)
    #expect(reading.lines == 0 && reading.bytes == 0 && !reading.condition.isDamaged)
  }

  @Test func `plain text named gz is read and told`() throws {
    let reading = try directory.reading(text(night), as: "archive.jsonl.gz")
    #expect(reading.condition == .notGzip && !reading.condition.isDamaged)
    #expect(reading.events == whole.events && reading.members == 0)
    #expect(reading.fault == "is named .gz and holds plain text")
    #expect(try directory.reading(text(night), as: "archive.jsonl").condition == .whole)
  }

  @Test func `what is named gz and holds no event at all is damaged`() {
    var summary = ArchiveSummary()
    summary.condition = .notGzip
    summary.judge(lines: 3, rejected: 2)
    #expect(!summary.isDamaged)
    summary.judge(lines: 3, rejected: 3)
    #expect(summary.isDamaged)
    #expect(summary.fault == "is named .gz and is no gzip; read as plain text, none of its lines is an event")
    summary.condition = .whole
    summary.judge(lines: 3, rejected: 3)
    #expect(!summary.isDamaged)
  }

  @Test func `gzip named plain is read as gzip`() throws {
    let reading = try directory.reading(first + second, as: "archive.jsonl")
    #expect(reading.condition == .whole && reading.events == whole.events)
  }

  @Test func `gzip inside gzip is refused by name, never read as rows`() throws {
    let reading = try directory.reading(gzipMember(first))
    #expect(reading.condition == .corrupt)
    #expect(reading.fault == "holds gzip inside gzip; unpack it once and run again")
    #expect(reading.codes == [.nestedGzip])
    #expect(reading.events.isEmpty && reading.balances)
  }

  @Test(arguments: [1, 2, 3, 4, 100, 1 << 19])
  func `gzip inside a later member is refused by the same name, behind the lines before it`(chunkSize: Int) throws {
    let (lines, alone) = (text(Array(night[...4])), try directory.reading(first))
    for torn in 0...1 {
      let archive = gzipMember(lines.dropLast(torn)) + gzipMember(second) + second
      let reading = try directory.reading(archive, chunkSize: chunkSize)
      #expect(reading.condition == .corrupt)
      #expect(reading.fault == "holds gzip inside gzip; unpack it once and run again")
      #expect(reading.codes.suffix(torn + 1) == [.truncatedLine, .nestedGzip].suffix(torn + 1))
      #expect(reading.rejects.last?.line == alone.lines + 1 && reading.lines == alone.lines + 1 && reading.balances)
      #expect(reading.events == alone.events.dropLast(torn))
      #expect(reading.members == 2 && reading.bytes == Int64(archive.count))
    }
  }
}
