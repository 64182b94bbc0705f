import CallModel

/// The CRC-32 of gzip (RFC 1952) over bytes that come in pieces.
///
/// A CRC is the remainder of the message, as a polynomial over GF(2), by a fixed polynomial P. Words can therefore be
/// taken out of the message and added back, by XOR, wherever a multiple of P says so. The sparse multiple used here,
///
///     x^(64·300) + x^(64·155) + x^(64·117) + x^(64·89) + 1  ≡  0  (mod P)
///
/// lets each 64-bit word move to the places 145, 183, 211 and 300 words further on. Word by word the message is so
/// shortened to its last 300 words, with five loads and four XORs a word and no table; zlib's own function then
/// finishes these. The multiple was found by search over all of that form; the tests hold the result against zlib's.
package struct GzipCheck {
  /// The CRC of all bytes so far.
  package private(set) var value: UInt32 = 0
  /// Shortened words: those that others may still reach, then those of the block being worked on.
  private var words = [UInt8](repeating: 0, count: 8 * (GzipCheck.reach + GzipCheck.block))

  /// Words that a word can move on.
  private static let reach = 300
  /// Words worked on at once; more than `reach`, and few enough to stay in the first-level cache.
  private static let block = 1024
  /// Bytes below which shortening is not worth its start.
  private static let least = 8 * 2 * block

  package init() {}

  package mutating func reset() { value = 0 }

  mutating func update(_ bytes: borrowing [UInt8], _ range: Range<Int>) { update(bytes.span.extracting(range)) }

  package mutating func update(_ bytes: Span<UInt8>) {
    guard bytes.count >= GzipCheck.least, !isCRC32Fast else {
      value = crc32(value, bytes)
      return
    }
    let blocks = (bytes.count / 8 - GzipCheck.reach) / GzipCheck.block
    let done = shorten(bytes, blocks: blocks)
    // What is left is a message of its own that begins with the words that were moved into it.
    value = crc32(UInt32.max, words.span.extracting(0..<8 * GzipCheck.reach))
    value = crc32(value, bytes.extracting(done..<bytes.count))
  }

  /// Shortens whole blocks and the 300 words behind them into the first words of `words`; the number of bytes read.
  private mutating func shorten(_ bytes: Span<UInt8>, blocks: Int) -> Int {
    let (reach, block) = (8 * GzipCheck.reach, 8 * GzipCheck.block)
    let start = UInt64(~value)
    var words = words.mutableSpan
    // The CRC so far is what the first bytes are XORed with; it moves there from 300 words before them.
    words.store(start, at: 0)
    for offset in stride(from: 8, to: reach, by: 8) { words.store(0 as UInt64, at: offset) }
    var position = 0
    for _ in 0..<blocks {
      for offset in stride(from: reach, to: reach + block, by: 32) {
        let moved =
          words.span.fourWords(at: offset &- 8 &* 145) ^ words.span.fourWords(at: offset &- 8 &* 183)
          ^ words.span.fourWords(at: offset &- 8 &* 211) ^ words.span.fourWords(at: offset &- 8 &* 300)
        words.store(bytes.fourWords(at: position) ^ moved, at: offset)
        position &+= 32
      }
      for offset in stride(from: 0, to: reach, by: 8) { words.store(words.span.word(at: block &+ offset), at: offset) }
    }
    // Now a word reaches only into those behind the blocks, which come from the message as they are.
    for offset in stride(from: reach, to: 2 * reach, by: 8) { words.store(0 as UInt64, at: offset) }
    for offset in stride(from: reach, to: 2 * reach, by: 8) {
      var word = bytes.word(at: position)
      for distance in [145, 183, 211, 300] where offset - 8 * distance < reach {
        word ^= words.span.word(at: offset - 8 * distance)
      }
      words.store(word, at: offset)
      position += 8
    }
    for offset in stride(from: 0, to: reach, by: 8) { words.store(words.span.word(at: reach + offset), at: offset) }
    return position
  }
}
