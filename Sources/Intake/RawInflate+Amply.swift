import CallModel

/// Decoding where there is ample input and ample room, which is nearly everywhere.
///
/// A round decodes one match, or up to four entries of literals and then perhaps a match, and asks for input and room once.
/// What makes it fast is that nothing waits for memory: the entry of the next symbol is looked up before the bytes of the
/// last match are copied, and the input is read into the buffer while that look-up is under way. The bits must suffice
/// for this, and they do:
///
///     a refill leaves at least                                                  56
///     four entries of literals take at most 4 × 11, and the next look-up 11     55
///     a match takes at most 15 + 5 for its length, 15 + 13 for its distance     48
///
/// so a match needs no refill of its own, but where a long one leaves fewer than 11 bits, there is one before the look-up.
extension DeflateBits {
  /// How a stretch of symbols ended: `scarce` where input or room is no longer ample.
  enum Ending { case scarce, endOfBlock, invalid }

  struct AmpleResult {
    var ending: Ending
    var bits: DeflateBits
    var filled: Int
  }

  /// Bytes of input that one round may look at: two refills that move on by 7 each, and the word of the second.
  private static let ampleInput = 24
  /// Bytes of output that one round may write: four pairs, a match, and what its copy writes behind it.
  private static let ampleRoom = 4 * 2 + 258 + MutableSpan<UInt8>.copyOvershoot

  /// Decodes symbols into `text` from `filled` on; `history` is what lies before `text[start]`.
  ///
  /// Not `mutating` and not inlined, so that the state is in registers.
  @inline(never)
  func decodeAmply(
    _ litlenTable: Span<UInt32>, _ distanceTable: Span<UInt32>, _ input: Span<UInt8>, into text: inout [UInt8],
    at filled: Int, start: Int, _ history: Span<UInt8>
  ) -> AmpleResult {
    let inputLimit = end - DeflateBits.ampleInput
    let outputLimit = text.count - DeflateBits.ampleRoom
    guard position <= inputLimit, filled <= outputLimit else {
      return AmpleResult(ending: .scarce, bits: self, filled: filled)
    }
    // Their sizes are known here, so that an index cut to bits needs no check.
    let litlens = litlenTable.extracting(0..<RawInflate.litlenEntries)
    let distances = distanceTable.extracting(0..<RawInflate.distanceEntries)
    var output = text.mutableSpan
    var place = filled
    var ahead = AmpleBits(buffer: bits, count: UInt64(truncatingIfNeeded: count), position: position)
    var ending = Ending.scarce

    ahead.refill(input)
    var entry = litlens[ahead.litlenIndex]
    while ahead.position <= inputLimit, place <= outputLimit {
      ahead.refill(input)
      if entry & HuffmanEntry.isLiteral != 0 {
        var literals = 1
        ahead.takeLiterals(&entry, litlens, &output, &place)
        while literals < 4, entry & HuffmanEntry.isLiteral != 0 {
          ahead.takeLiterals(&entry, litlens, &output, &place)
          literals &+= 1
        }
        if literals == 4 { continue }
        ahead.refill(input)
      }

      if entry & HuffmanEntry.isExceptional != 0 {
        if entry & HuffmanEntry.isSubtable != 0 {
          entry = litlens[ahead.takeSubtableIndex(entry) & (RawInflate.litlenEntries - 1)]
          if entry & HuffmanEntry.isLiteral != 0 {
            ahead.takeLiterals(&entry, litlens, &output, &place)
            continue
          }
        }
        if entry & HuffmanEntry.isExceptional != 0 {
          ahead.drop(entry)
          ending = entry & HuffmanEntry.isEndOfBlock != 0 ? .endOfBlock : .invalid
          break
        }
      }
      let length = ahead.value(entry)
      ahead.drop(entry)

      entry = distances[ahead.distanceIndex]
      if entry & HuffmanEntry.isExceptional != 0 {
        if entry & HuffmanEntry.isSubtable != 0 {
          entry = distances[ahead.takeSubtableIndex(entry) & (RawInflate.distanceEntries - 1)]
        }
        if entry & HuffmanEntry.isExceptional != 0 {
          ahead.drop(entry)
          ending = .invalid
          break
        }
      }
      let distance = ahead.value(entry)
      ahead.drop(entry)
      if ahead.count & 63 < UInt64(RawInflate.litlenWidth) { ahead.refill(input) }
      entry = litlens[ahead.litlenIndex]

      if distance >= 16, distance <= place &- start {
        output.copyFar(length, from: distance, to: place)
      } else {
        guard distance <= place &- start &+ history.count else {
          ending = .invalid
          break
        }
        output.copyAgain(length, from: distance, to: place, start: start, history)
      }
      place &+= length
    }
    return AmpleResult(ending: ending, bits: ahead.bits(to: end), filled: place)
  }
}

/// The bits of the ample loop. `count` counts in its lowest 6 bits; what stands above them is left over from subtracting
/// whole entries, of which only the lowest byte is meant. Shifts look at 6 bits, so neither need be cut off.
private struct AmpleBits {
  var buffer: UInt64
  var count: UInt64
  var position: Int

  /// Fills up to 56 to 63 bits with a whole word. Bits above `count` are the same ones that the next refill brings, so
  /// nothing is lost and no branch is needed.
  @inline(__always)
  mutating func refill(_ input: Span<UInt8>) {
    buffer |= input.word(at: position) &<< count
    position &+= Int((63 &- (count & 63)) >> 3)
    count |= 56
  }

  @inline(__always)
  mutating func drop(_ entry: UInt32) {
    buffer &>>= UInt64(entry)
    count &-= UInt64(entry)
  }

  /// Writes the one or two literals of `entry` and looks the next one up.
  @inline(__always)
  mutating func takeLiterals(
    _ entry: inout UInt32, _ litlens: Span<UInt32>, _ output: inout MutableSpan<UInt8>, _ place: inout Int
  ) {
    drop(entry)
    output.store(UInt16(truncatingIfNeeded: entry >> 16), at: place)
    place &+= HuffmanEntry.literalCount(entry)
    entry = litlens[litlenIndex]
  }

  @inline(__always)
  var litlenIndex: Int { Int(buffer & (1 << RawInflate.litlenWidth - 1)) }

  @inline(__always)
  var distanceIndex: Int { Int(buffer & (1 << RawInflate.distanceWidth - 1)) }

  /// Drops the main table's bits and gives the place in the subtable that `entry` points to.
  @inline(__always)
  mutating func takeSubtableIndex(_ entry: UInt32) -> Int {
    drop(entry)
    return Int(entry >> 16) &+ Int(buffer & (1 &<< UInt64(entry >> 8 & 15) &- 1))
  }

  /// The length or distance of `entry`: its base and the extra bits behind its codeword, which are not yet dropped.
  @inline(__always)
  func value(_ entry: UInt32) -> Int {
    Int(entry >> 16) &+ Int((buffer & (1 &<< UInt64(entry) &- 1)) &>> UInt64(entry >> 8 & 15))
  }

  func bits(to end: Int) -> DeflateBits {
    let count = count & 63
    return DeflateBits(bits: buffer & (1 &<< count &- 1), count: Int(count), position: position, end: end)
  }
}

extension MutableSpan<UInt8> {
  /// Writes a match of any distance, which may begin in `history`, the text before `start`.
  @inline(never)
  fileprivate mutating func copyAgain(
    _ length: Int, from distance: Int, to place: Int, start: Int, _ history: Span<UInt8>
  ) {
    // Nothing of it lies in the history where that ends before the match begins.
    let reach = max(0, distance - (place - start))
    let count = min(length, reach)
    copy(history.extracting((history.count - reach)..<(history.count - reach + count)), at: place)
    if length > count { copyAgain(length - count, from: distance, to: place + count) }
  }
}
