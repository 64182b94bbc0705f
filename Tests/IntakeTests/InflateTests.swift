import CZlib
import CallModel
import Foundation
import Intake
import Testing

/// Inflating: the text and the end that zlib finds, however input and output are cut.
///
/// The seed of the random tests is new in each run and stands in every failure; `CALLTALLY_FUZZ_SEED` repeats one.
@Suite struct InflateTests {
  private static let seed =
    ProcessInfo.processInfo.environment["CALLTALLY_FUZZ_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0..<1 << 32)

  /// Text with matches near and far, short and long, and with some that nothing resembles.
  private static func mixedText(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
    var text: [UInt8] = []
    while text.count < count {
      if text.count > 8, Int.random(in: 0..<3, using: &random) > 0 {
        let distance = Int.random(
          in: 1...min(text.count, [8, 300, 32_000].randomElement(using: &random) ?? 8), using: &random)
        for _ in 0..<Int.random(in: 3...300, using: &random) { text.append(text[text.count - distance]) }
      } else {
        // Rarer bytes have longer codewords, past the width of the tables.
        for _ in 0..<Int.random(in: 1...40, using: &random) {
          text.append(UInt8(UInt64.random(in: 1...UInt64.max, using: &random).leadingZeroBitCount * 4 + text.count % 3))
        }
      }
    }
    return text
  }

  /// A small stream with all three types of block, in which every byte counts.
  private static func allBlockTypes(_ text: [UInt8]) -> [UInt8] {
    var writer = DeflateWriter()
    writer.stored(Array(text[..<20]))
    writer.stored([])
    writer.beginFixed(isLast: false)
    for byte in text[20..<60] { writer.fixed(Int(byte)) }
    writer.match(length: 60, distance: 60)
    writer.match(length: 258, distance: 1)
    writer.fixed(256)
    writer.stored([])
    return writer.bytes + deflated(text)
  }

  // MARK: Streams

  @Test(arguments: [1, 6, 9] as [Int32], [0, 1, 2, 100, 70_000, 3_000_000])
  func `what zlib deflates comes back`(level: Int32, count: Int) {
    var random = SeededGenerator(seed: Self.seed)
    let texts: [[UInt8]] = [
      Self.mixedText(count, &random), [UInt8](repeating: 0x61, count: count),
      (0..<count).map { _ in .random(in: 0...255, using: &random) },
      (0..<count).map { _ in .random(in: 0x61...0x62, using: &random) },
    ]
    for text in texts {
      let stream = Array(gzipMember(text, level: level)[10...])
      let expected = Inflated(outcome: .finished, text: text, used: stream.count - 8)
      #expect(inflated(stream, pieces: [262_144], rooms: [1 << 20]) == expected, "seed \(Self.seed)")
      #expect(inflated(stream, pieces: [1_000, 1, 77], rooms: [5_000, 300, 64]) == expected, "seed \(Self.seed)")
    }
  }

  @Test(arguments: [Z_DEFAULT_STRATEGY, Z_FILTERED, Z_HUFFMAN_ONLY, Z_RLE, Z_FIXED], [0, 1, 9] as [Int32])
  func `so does what it deflates by other strategies`(strategy: Int32, level: Int32) {
    var random = SeededGenerator(seed: Self.seed)
    let text = Self.mixedText(200_000, &random)
    let stream = deflated(text, level: level, strategy: strategy)
    let expected = Inflated(outcome: .finished, text: text, used: stream.count)
    #expect(inflated(stream + [0x1f, 0x8b]) == expected, "seed \(Self.seed)")
    #expect(inflated(stream + [0x1f, 0x8b], pieces: [1], rooms: [1]) == expected, "seed \(Self.seed)")
  }

  @Test func `every split in two pieces and any room give the same`() {
    let text = text(night)
    let stream = Self.allBlockTypes(text)
    let whole = inflated(stream + [0])
    #expect(whole.outcome == .finished && whole.used == stream.count)
    #expect(whole == inflatedByZlib(stream + [0]))
    #expect(whole.text.suffix(text.count) == text[...])
    for split in 1...stream.count {
      #expect(inflated(stream + [0], pieces: [split, .max / 2]) == whole, "split at \(split)")
    }
    for size in [1, 2, 3, 7, 16, 31] {
      #expect(inflated(stream + [0], pieces: [size]) == whole)
      #expect(inflated(stream + [0], rooms: [size]) == whole)
      #expect(inflated(stream + [0], pieces: [size], rooms: [1]) == whole)
    }
  }

  @Test(arguments: Array(1...300) + [32_767, 32_768])
  func `a match repeats what lies at its distance`(distance: Int) {
    let text = (0..<32_768).map { UInt8(truncatingIfNeeded: $0 &* 0x9e37 >> 7) }
    var writer = DeflateWriter()
    var expected = text
    writer.stored(text)
    writer.beginFixed()
    for length in [3, 4, 7, 8, 9, 15, 16, 17, 31, 33, 64, 65, 257, 258] {
      writer.match(length: length, distance: distance)
      for _ in 0..<length { expected.append(expected[expected.count - distance]) }
      writer.fixed(length & 0xff)
      expected.append(UInt8(length & 0xff))
    }
    writer.fixed(256)
    let stream = writer.bytes + [UInt8](repeating: 0, count: 64)
    let whole = Inflated(outcome: .finished, text: expected, used: writer.bytes.count)
    for rooms in [[1 << 16], [32_768, 500], [33_000, 1], [100]] { #expect(inflated(stream, rooms: rooms) == whole) }
  }

  @Test func `a stream starts anew after a reset`() {
    let text = text(night)
    let stream = deflated(text)
    var inflater = Inflater()
    for cut in 0...stream.count {
      inflater.reset()
      for end in [cut, stream.count] {
        if end == stream.count { inflater.reset() }
        var output = [UInt8](repeating: 0, count: text.count + 1)
        var (position, filled) = (0, 0)
        let outcome = inflater.inflate(stream, from: &position, to: end, into: &output, at: &filled)
        #expect(outcome == (end == stream.count ? .finished : .inputUsedUp))
        #expect(output[..<filled] == text[..<filled])
      }
    }
  }

  // MARK: Damage

  @Test func `of a stream cut at any byte, all the text that zlib can make is given`() {
    var random = SeededGenerator(seed: Self.seed)
    for stream in [Self.allBlockTypes(text(night)), deflated(Self.mixedText(3_000, &random), level: 1)] {
      for cut in stream.indices {
        let expected = inflatedByZlib(Array(stream[..<cut]))
        #expect(expected.outcome == .inputUsedUp)
        #expect(inflated(Array(stream[..<cut])) == expected, "seed \(Self.seed), cut at \(cut)")
        #expect(
          inflated(Array(stream[..<cut]), pieces: [1], rooms: [1]) == expected, "seed \(Self.seed), cut at \(cut)")
      }
    }
  }

  @Test(arguments: InvalidStream.all) func `what is no deflate is invalid, after the text before it`(
    _ stream: InvalidStream
  ) {
    for padding in [0, 400] {
      let bytes = stream.bytes + [UInt8](repeating: 0, count: padding)
      let result = inflatedByRawInflate(bytes)
      #expect(result.outcome == .invalid && result.text == stream.text)
      #expect(result == inflatedByZlib(bytes))
      #expect(inflatedByRawInflate(bytes, pieces: [1], rooms: [1]) == result)
    }
  }

  @Test func `a code of one codeword and one of none are codes`() {
    var writer = InvalidStream.shortCodes(endOfBlock: 1, distance: 0)
    writer.codeword(0, 1)
    #expect(inflated(writer.bytes) == Inflated(outcome: .finished, used: writer.bytes.count))
  }

  @Test func `mutated streams give what zlib makes of them`() {
    print("InflateTests: CALLTALLY_FUZZ_SEED=\(Self.seed)")
    var random = SeededGenerator(seed: Self.seed)
    let end = ContinuousClock.now + .seconds(1.5)
    var round = 0
    while ContinuousClock.now < end {
      let text = Self.mixedText([50, 1_000, 20_000].randomElement(using: &random) ?? 0, &random)
      let stream = deflated(
        text, level: .random(in: 0...9, using: &random),
        strategy: [Z_DEFAULT_STRATEGY, Z_DEFAULT_STRATEGY, Z_FIXED].randomElement(using: &random) ?? 0)
      for _ in 0..<20 {
        let mutant = Self.mutated(stream, &random)
        func sizes() -> [Int] {
          let largest = [1, 40, 1_000, 50_000].randomElement(using: &random) ?? 1
          return (0..<5).map { _ in .random(in: 1...largest, using: &random) }
        }
        let expected = inflatedByZlib(mutant)
        let result = inflatedByRawInflate(mutant, pieces: sizes(), rooms: sizes())
        #expect(result == expected, "seed \(Self.seed), round \(round)")
        round += 1
      }
    }
  }

  private static func mutated(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      guard !bytes.isEmpty else { return bytes }
      // A dynamic block's header is short, and what is wrong in it counts for most.
      let place = Int.random(
        in: 0..<(Bool.random(using: &random) ? min(bytes.count, 100) : bytes.count), using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0, 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: bytes[place] = .random(in: 0...255, using: &random)
      case 3: bytes.remove(at: place)
      default: bytes.removeLast(Int.random(in: 0...bytes.count, using: &random))
      }
    }
    return bytes
  }
}

/// A stream with one thing in it that deflate forbids.
struct InvalidStream: CustomTestStringConvertible, Sendable {
  var testDescription: String
  var bytes: [UInt8]
  var text: [UInt8] = []

  /// The code lengths of a code length code with 0, 1, 2 and 18 of two bits each, which are the codewords 0, 1, 2, 3.
  private static let simple = [0, 0, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2]

  /// A dynamic block up to its symbols, with the literals `a` and `b` and the end of block of these lengths, 0 to 2, and
  /// one distance.
  static func shortCodes(a: Int = 0, b: Int = 0, endOfBlock: Int, distance: Int) -> DeflateWriter {
    var writer = DeflateWriter()
    writer.beginDynamic(litlens: 257, distances: 1, codeLengths: simple)
    writer.codeword(3, 2)
    writer.number(97 - 11, 7)
    writer.codeword(a, 2)
    writer.codeword(b, 2)
    writer.codeword(3, 2)
    writer.number(138 - 11, 7)
    writer.codeword(3, 2)
    writer.number(256 - 99 - 138 - 11, 7)
    writer.codeword(endOfBlock, 2)
    writer.codeword(distance, 2)
    return writer
  }

  private static func stream(_ name: String, text: String = "", _ write: (inout DeflateWriter) -> Void) -> InvalidStream
  {
    var writer = DeflateWriter()
    write(&writer)
    return InvalidStream(testDescription: name, bytes: writer.bytes, text: Array(text.utf8))
  }

  static let all: [InvalidStream] = [
    stream("block type 3") { $0.number(7, 3) },
    stream("a stored size and its complement that disagree") {
      $0.number(1, 8)
      $0.number(3, 16)
      $0.number(3, 16)
    },
    stream("287 litlens") { $0.beginDynamic(litlens: 287, distances: 1, codeLengths: simple) },
    stream("31 distances") { $0.beginDynamic(litlens: 257, distances: 31, codeLengths: simple) },
    stream("an oversubscribed code length code") {
      $0.beginDynamic(litlens: 257, distances: 1, codeLengths: [1, 1, 1, 0])
    },
    stream("an incomplete code length code") {
      $0.beginDynamic(litlens: 257, distances: 1, codeLengths: [1, 2, 0, 0])
    },
    stream("a code length code of one codeword") {
      $0.beginDynamic(litlens: 257, distances: 1, codeLengths: [0, 0, 0, 1])
    },
    stream("a code length code without codewords") {
      $0.beginDynamic(litlens: 257, distances: 1, codeLengths: [0, 0, 0, 0])
      $0.number(0, 258)
    },
    stream("a repeat before the first code length") {
      $0.beginDynamic(litlens: 257, distances: 1, codeLengths: [1, 0, 0, 1])
      $0.codeword(1, 1)
      $0.number(0, 2)
    },
    stream("a repeat past the last code length") {
      $0.beginDynamic(litlens: 257, distances: 1, codeLengths: [0, 0, 1, 1])
      for _ in 0..<2 {
        $0.codeword(1, 1)
        $0.number(127, 7)
      }
    },
    stream("no codeword for the end of block") { $0 = shortCodes(a: 1, b: 1, endOfBlock: 0, distance: 1) },
    stream("oversubscribed litlens") { $0 = shortCodes(a: 1, b: 1, endOfBlock: 1, distance: 1) },
    stream("incomplete litlens") { $0 = shortCodes(a: 2, b: 2, endOfBlock: 2, distance: 1) },
    stream("one litlen of two bits") { $0 = shortCodes(endOfBlock: 2, distance: 1) },
    stream("one distance of two bits") { $0 = shortCodes(a: 1, endOfBlock: 1, distance: 2) },
    stream("bits that are no litlen") {
      $0 = shortCodes(endOfBlock: 1, distance: 1)
      $0.codeword(1, 1)
    },
    stream("litlen 286", text: "a") {
      $0.beginFixed()
      $0.fixed(97)
      $0.fixed(286)
    },
    stream("litlen 287", text: "a") {
      $0.beginFixed()
      $0.fixed(97)
      $0.fixed(287)
    },
    stream("distance symbol 30", text: "ab") {
      $0.beginFixed()
      $0.fixed(97)
      $0.fixed(98)
      $0.fixed(257)
      $0.codeword(30, 5)
    },
    stream("distance symbol 31", text: "ab") {
      $0.beginFixed()
      $0.fixed(97)
      $0.fixed(98)
      $0.fixed(257)
      $0.codeword(31, 5)
    },
    stream("a match before any text") {
      $0.beginFixed()
      $0.match(length: 3, distance: 1)
    },
    stream("a match from before the start", text: "ab") {
      $0.beginFixed()
      $0.fixed(97)
      $0.fixed(98)
      $0.match(length: 3, distance: 3)
    },
  ]
}
