/// Canonical Huffman codes as tables that are looked up with the next bits of the input.
///
/// A deflate block names only the length of each symbol's codeword; the codewords follow from them (RFC 1951, 3.2.2):
/// shorter before longer, symbols of one length in order, counting up. They come with their first bit lowest, so the
/// table is indexed by bits in that order. With the lengths A 1, B 2, C 3, D 3 the codewords are 0, 10, 110, 111, and a
/// table of 2 bits, indexed by second bit and first bit, is
///
///     00 → A 1    01 → B 2    10 → A 1    11 → subtable
///
/// where the subtable takes one bit more: 0 → C, 1 → D. It is filled by length: the codewords of length n fill a table of
/// 2^n entries, which is then doubled by copying itself, because entries of shorter codewords do not look at the new bit.
///
/// An entry is 32 bits:
///
///     bits 0...7     bits to drop: the codeword and the extra bits that follow it, or the codewords of two literals
///     bits 8...11    bits of the first codeword alone; of a subtable's pointer, the bits that index the subtable
///     bits 12...15   flags, see below
///     bits 16...31   one or two literals, the length or distance without extra bits, the code length, or the subtable's
///                    place
///
/// Entries of a subtable count only the bits that are left after the main table's.
enum HuffmanEntry {
  static let isLiteral: UInt32 = 1 << 15
  /// Of a literal: another follows it.
  static let isPair: UInt32 = 1 << 14
  /// Neither literal nor value: one of the two that follow, or invalid.
  static let isExceptional: UInt32 = 1 << 14
  static let isSubtable: UInt32 = 1 << 13
  static let isEndOfBlock: UInt32 = 1 << 12

  /// How many literals a literal's entry holds.
  @inline(__always)
  static func literalCount(_ entry: UInt32) -> Int { 1 &+ Int(entry >> 14 & 1) }

  /// What bits that begin no codeword lead to. It takes one bit, because only a code of one bit or none has such bits.
  static let invalid = isExceptional | 0x101

  /// Of the litlen symbols: literals, end of block, lengths, and two that no valid stream uses.
  static let litlens = entries(count: 288) { symbol in
    switch symbol {
    case 0..<256: isLiteral | UInt32(symbol) << 16
    case 256: isExceptional | isEndOfBlock
    case 285: 258 << 16
    case 286...: isExceptional
    default: value(symbol - 257, steps: 4, from: 3)
    }
  }

  /// Of the distance symbols, the last two of which no valid stream uses.
  static let distances = entries(count: 32) { symbol in
    symbol < 30 ? value(symbol, steps: 2, from: 1) : isExceptional
  }

  /// Of the symbols in which the code lengths themselves are written.
  static let codeLengths = entries(count: 19) { UInt32($0) << 16 }

  private static func entries(count: Int, _ entry: (Int) -> UInt32) -> [UInt32] { (0..<count).map(entry) }

  /// The base and the extra bits of a length or distance: `steps` symbols share each number of extra bits, after twice as
  /// many have none.
  private static func value(_ symbol: Int, steps: Int, from first: Int) -> UInt32 {
    let extra = max(0, symbol / steps - 1)
    let base = extra == 0 ? symbol : (steps + symbol % steps) << extra
    return UInt32(first + base) << 16 | UInt32(extra)
  }
}

/// A prefix code, as the lengths of its codewords sorted in the order of the codewords.
struct CanonicalCode: ~Copyable {
  static let longest = 15

  /// How many symbols have codewords of each length.
  private var counts = [Int](repeating: 0, count: CanonicalCode.longest + 1)
  /// The symbols that have codewords, `used` of them, shorter before longer, and the lengths.
  private var symbols: [UInt16]
  private var lengths: [UInt8]
  /// Their codewords, first bit lowest, as far as they were laid out in the main table.
  private var codewords: [UInt16]
  private var used = 0
  /// Codewords that no symbol has, in units of the longest; negative where too many symbols want short ones.
  private var free = 1 << CanonicalCode.longest

  /// Sorts the symbols of `lengths`, each at most 15; a symbol of length 0 has no codeword.
  init(_ lengths: Span<UInt8>) {
    symbols = [UInt16](repeating: 0, count: lengths.count)
    codewords = symbols
    self.lengths = [UInt8](repeating: 0, count: lengths.count)
    for symbol in lengths.indices { counts[Int(lengths[symbol] & 15)] += 1 }
    var starts = counts
    for length in 1...CanonicalCode.longest {
      starts[length] = used
      used += counts[length]
      free -= counts[length] << (CanonicalCode.longest - length)
    }
    for symbol in lengths.indices where lengths[symbol] != 0 {
      let length = Int(lengths[symbol] & 15)
      let place = starts[length]
      symbols[place] = UInt16(truncatingIfNeeded: symbol)
      self.lengths[place] = UInt8(truncatingIfNeeded: length)
      starts[length] = place + 1
    }
  }

  /// Fills a table of `width` bits and its subtables with `entries` by symbol; false when this is no code to decode with.
  ///
  /// The code must be complete. As in zlib, one codeword alone, of one bit, will do where `mayBeIncomplete`, and none at
  /// all always; bits that begin no codeword then lead to `unassigned`. A table of 2^width entries needs room for its
  /// subtables: one of b bits is full and holds a codeword of b bits, so at least b + 1 symbols, hence all take at most
  /// 2^b / (b + 1) entries for each symbol: 3.2 with b = 4, and 16 with b = 7. With
  /// `pairsLiterals`, one entry may hold two literals.
  consuming func fill(
    _ target: inout [UInt32], width: Int, entries: [UInt32], mayBeIncomplete: Bool, unassigned: UInt32,
    pairsLiterals: Bool = false
  ) -> Bool {
    guard free == 0 else {
      guard used == 0 || mayBeIncomplete && used == 1 && counts[1] == 1 else { return false }
      for index in 0..<(1 << width) { target[index] = unassigned }
      if used == 1 {
        let entry = entries[Int(symbols[0])] &+ 0x101
        for index in 0..<(1 << (width - 1)) { target[2 * index] = entry }
      }
      return true
    }
    let entries = entries.span
    var table = target.mutableSpan
    var codeword = 0
    var next = 0
    for length in 1...width {
      let half = 1 << (length - 1)
      for index in 0..<half { table[index &+ half] = table[index] }
      for _ in 0..<counts[length] {
        table[codeword] = entries[Int(symbols[next])] &+ UInt32(truncatingIfNeeded: length) &* 0x101
        codewords[next] = UInt16(truncatingIfNeeded: codeword)
        codeword = CanonicalCode.successor(codeword, length)
        next &+= 1
      }
    }
    if pairsLiterals { pairLiterals(&table, width) }
    var place = 1 << width
    while next < used {
      let end = endOfSubtable(next, width)
      let bits = Int(lengths[end - 1]) - width
      table[codeword & (1 << width - 1)] =
        HuffmanEntry.isExceptional | HuffmanEntry.isSubtable | UInt32(place) << 16 | UInt32(bits) << 8 | UInt32(width)
      while next < end {
        let length = Int(lengths[next])
        let entry = entries[Int(symbols[next])] &+ UInt32(length - width) &* 0x101
        for index in stride(from: codeword >> width, to: 1 << bits, by: 1 << (length - width)) {
          table[place + index] = entry
        }
        codeword = CanonicalCode.successor(codeword, length)
        next += 1
      }
      place += 1 << bits
    }
    return true
  }

  /// Makes one entry of two literals where the codewords of both fit into the main table's index.
  ///
  /// Goes through the pairs that do, which are few, and not through the table: blocks can be short.
  private func pairLiterals(_ table: inout MutableSpan<UInt32>, _ width: Int) {
    let symbols = symbols.span
    let lengths = lengths.span
    let codewords = codewords.span
    for first in 0..<used {
      let length = Int(lengths[first])
      guard length + Int(lengths[0]) <= width else { break }
      guard symbols[first] < 256 else { continue }
      let entry =
        HuffmanEntry.isLiteral | HuffmanEntry.isPair | UInt32(symbols[first]) << 16 | UInt32(length) &* 0x101
      for second in 0..<used {
        let bits = length &+ Int(lengths[second])
        guard bits <= width else { break }
        guard symbols[second] < 256 else { continue }
        let pair = entry &+ (UInt32(symbols[second]) << 24 | UInt32(lengths[second]))
        var index = Int(codewords[first]) | Int(codewords[second]) &<< length
        while index < 1 &<< width {
          table[index] = pair
          index &+= 1 &<< bits
        }
      }
    }
  }

  /// Where the codewords end that have their first `width` bits in common with the one at `start`.
  ///
  /// They fill their part of a complete code exactly; the last is the longest.
  private func endOfSubtable(_ start: Int, _ width: Int) -> Int {
    var end = start
    var free = 1 << (CanonicalCode.longest - width)
    while free > 0 {
      free -= 1 << (CanonicalCode.longest - Int(lengths[end]))
      end += 1
    }
    return end
  }

  /// The codeword after this one of `length` bits, both with their first bit lowest.
  ///
  /// Counting up clears the ones at the end and sets the zero before them; the end is here the highest bit. After the last
  /// codeword of a complete code comes 0, which nobody uses.
  @inline(__always)
  private static func successor(_ codeword: Int, _ length: Int) -> Int {
    let zeros = codeword ^ (1 &<< length &- 1)
    guard zeros != 0 else { return 0 }
    let bit = 1 &<< (Int.bitWidth &- 1 &- zeros.leadingZeroBitCount)
    return codeword & (bit &- 1) | bit
  }
}
