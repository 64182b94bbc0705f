import CallModel
import Foundation
import Intake
import Testing

/// Archives as real tools write them, and headers as the format allows them (RFC 1952).
@Suite struct GzipTextTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private static let python = """
    python3 -c 'import gzip
    with gzip.open("archive.jsonl.gz", "wb") as archive: archive.write(open("night.jsonl", "rb").read())'
    """

  @Test(arguments: [
    "gzip -1 -c night.jsonl > archive.jsonl.gz", "gzip -9 -k night.jsonl && mv night.jsonl.gz archive.jsonl.gz",
    "gzip -n < night.jsonl > archive.jsonl.gz", "pigz -p 2 -c night.jsonl > archive.jsonl.gz",
    "pigz -i -b 128 -c night.jsonl > archive.jsonl.gz", python,
  ])
  func `whatever tool packed an archive, it holds the same events`(command: String) throws {
    guard isInstalled(String(command.prefix { $0 != " " })) else { return }
    let lines = Array(repeating: night, count: 700).joined() + [started(4_000)]
    let plain = try Reading(path: directory.write(text(Array(lines)), to: "night.jsonl"))
    try directory.shell(command)
    var packed = try Reading(path: "\(directory.path)/archive.jsonl.gz")
    #expect(packed.members == 1)
    #expect(packed.condition == .whole && packed.fault == nil)
    #expect(packed.bytes == Int64(try directory.bytes("archive.jsonl.gz").count))
    (packed.members, packed.bytes) = (plain.members, plain.bytes)
    #expect(packed == plain)
    #expect(plain.events.count == 700 * 6 + 1)
  }

  @Test func `several members are one text, and are counted`() throws {
    let parts = ["a": [night[0]], "b": Array(night[1...4]), "c": Array(night[5...])]
    for (name, lines) in parts { try directory.write(text(lines), to: name) }
    try directory.shell(
      "gzip -c a > m.gz; gzip -c b >> m.gz; : | gzip -c >> m.gz; gzip -c c > c.gz; cat m.gz c.gz > x.gz")
    let reading = try Reading(path: "\(directory.path)/x.gz")
    #expect(reading.members == 4)
    #expect(reading.condition == .whole)
    #expect(reading.ids == (try directory.reading(text(night), as: "night.jsonl")).ids)
  }

  @Test func `a line may go on in the next member`() throws {
    let line = text([started(1)])
    for cut in 0...line.count {
      let reading = try directory.reading(gzipMember(Array(line[..<cut])) + gzipMember(Array(line[cut...])))
      #expect(reading.events.count == 1 && reading.lines == 1 && reading.members == 2)
    }
  }

  @Test func `an archive of nothing is whole and has no line`() throws {
    let reading = try directory.reading(gzipMember([]))
    #expect(reading.condition == .whole && reading.members == 1 && reading.lines == 0)
  }

  @Test(arguments: 0..<32 as Range<UInt8>)
  func `every combination of header fields is passed over`(flags: UInt8) throws {
    let archive = member(text(night), flags: flags)
    let whole = try directory.reading(archive)
    #expect(whole.condition == .whole)
    #expect(whole.events.count == 6)
    let header = archive.count - (gzipMember(text(night)).count - 10)
    for cut in stride(from: 1, to: header, by: flags % 4 == 0 ? 1 : 5) {
      let reading = try directory.reading(Array(archive[..<cut]), chunkSize: 1_024)
      #expect(reading.condition == .truncated && reading.members == 0 && reading.lines == 0)
    }
  }

  @Test(arguments: [[0x1f, 0x8b, 7], [0x1f, 0x8b, 8, 0x20], [0x1f, 0x8b, 8, 0x80]] as [[UInt8]])
  func `a header of no known kind is corrupt`(start: [UInt8]) throws {
    let reading = try directory.reading(start + [UInt8](repeating: 0, count: 40))
    #expect(reading.condition == .corrupt && reading.lines == 0)
    #expect(reading.fault?.contains("header") == true)
  }

  @Test func `headers, data and trailers may fall anywhere on the reader's own input blocks`() throws {
    let (first, second) = (
      Array(gzipMember(text(Array(night[...3]))).dropFirst(10)), gzipMember(text(Array(night[4...])))
    )
    let block = 256 * 1024
    for shift in stride(from: 0, to: first.count + 12, by: 3) {
      let name = [UInt8](repeating: 0x61, count: block - 11 - shift)
      let archive = [0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3] + name + [0] + first + second
      let reading = try directory.reading(archive, chunkSize: 4_096)
      #expect(reading.condition == .whole && reading.members == 2 && reading.events.count == 6)
    }
  }

  /// A member with any of FTEXT, FHCRC, FEXTRA, FNAME and FCOMMENT, by their bits.
  private func member(_ text: [UInt8], flags: UInt8) -> [UInt8] {
    var bytes: [UInt8] = [0x1f, 0x8b, 8, flags, 1, 2, 3, 4, 2, 3]
    if flags & 4 != 0 { bytes += [5, 0] + [0x1f, 0x8b, 0, 8, 0] }
    if flags & 8 != 0 { bytes += Array("calls.jsonl".utf8) + [0] }
    if flags & 16 != 0 { bytes += Array("a night".utf8) + [0] }
    if flags & 2 != 0 { bytes += [0, 0] }
    return bytes + gzipMember(text).dropFirst(10)
  }
}
