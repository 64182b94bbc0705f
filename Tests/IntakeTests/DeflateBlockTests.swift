import CallModel
import Foundation
import Intake
import Testing

/// Deflate streams of every kind, against what Python's zlib makes of them: the same text, whichever library inflates.
@Suite(.enabled(if: isInstalled("python3"), "python3 is not installed"))
struct DeflateBlockTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// Archives `N.gz` and their text `N.txt`: stored, fixed and dynamic blocks, flushed in between, cut or whole.
  private static let archives = """
    import random, sys, zlib
    random.seed(1)
    words = [bytes(random.choices(b"etaoin shrdlu,:0123456789", k=random.randrange(2, 12))) for _ in range(60)]
    def lines(count):
      return b"".join(b" ".join(random.choices(words, k=random.randrange(1, 30))) + b"\\n" for _ in range(count))
    texts = [lines(20), lines(900), b"a" * 3000 + b"\\n", random.randbytes(3000), bytes(random.choices(b"ab\\n", k=5000))]
    number = 0
    for text in texts:
      for level, strategy in [(0, 0), (1, 0), (6, 0), (9, 1), (6, 2), (6, 3), (6, 4)]:
        for flush in [zlib.Z_NO_FLUSH, zlib.Z_SYNC_FLUSH, zlib.Z_FULL_FLUSH]:
          packer = zlib.compressobj(level, zlib.DEFLATED, 31, random.randrange(1, 10), strategy)
          archive = b""
          for start in range(0, len(text), 1500):
            archive += packer.compress(text[start:start + 1500]) + packer.flush(flush)
          archive += packer.flush()
          for cut in [len(archive)] + random.sample(range(11, len(archive)), 8):
            open(f"{number}.gz", "wb").write(archive[:cut])
            open(f"{number}.txt", "wb").write(zlib.decompressobj(31).decompress(archive[:cut]))
            number += 1
    """

  @Test(arguments: [100, 40_000])
  func `every kind of block gives the text that zlib makes of it, cut anywhere`(chunkSize: Int) throws {
    try directory.write(Array(DeflateBlockTests.archives.utf8), to: "archives.py")
    try directory.shell("python3 archives.py")
    for number in 0..<(5 * 7 * 3 * 9) {
      let expected = try directory.bytes("\(number).txt")
      #expect(try wholeText(of: "\(number).gz", chunkSize: chunkSize) == expected, "archive \(number)")
    }
  }

  @Test(arguments: 0..<16)
  func `a member ends where its stream ends, whatever stands behind it`(shift: Int) throws {
    let line = text([started(shift)])
    let members = (0..<40).map { count in
      gzipMember(Array(repeating: line, count: count * count).flatMap { $0 } + line.prefix(shift))
    }
    let joined = try directory.reading(members.flatMap { $0 }, chunkSize: 1 + 100 * shift)
    #expect(joined.members == 40 && joined.condition == .whole)
    #expect(joined.textBytes == Int64((0..<40).map { $0 * $0 * line.count + shift }.reduce(0, +)))
    for junk in [[0x1f], [0x1f, 0x8b], [0xff], [0xff, 0xff, 0xff, 0xff]] as [[UInt8]] {
      let reading = try directory.reading(members[3] + junk)
      #expect(reading.condition == (junk[0] == 0x1f ? .truncated : .trailingGarbage))
    }
  }

  private func wholeText(of name: String, chunkSize: Int) throws -> [UInt8] {
    var reader = try ArchiveReader(path: "\(directory.path)/\(name)", limits: IntakeLimits(), chunkSize: chunkSize)
    var chunk = Chunk()
    var text: [UInt8] = []
    while try reader.nextChunk(into: &chunk) { text += chunk.bytes[..<chunk.count] }
    return text
  }
}
