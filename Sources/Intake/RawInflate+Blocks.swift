import CallModel

/// What stands around the symbols: block headers, stored bytes, and the code lengths of dynamic blocks.
///
/// Each function does one phase and gives false when it lacks input or room.
extension RawInflate {
  mutating func readBlockHeader(_ input: Span<UInt8>) -> Bool {
    if isLastBlock {
      phase = .finished
      return true
    }
    guard bits.need(3, from: input) else { return false }
    isLastBlock = bits.take(1) == 1
    switch bits.take(2) {
    case 0:
      bits.drop(bits.count % 8)
      phase = .storedSize
    case 1: useFixedCodes()
    case 2: phase = .codeCounts
    default: phase = .invalid
    }
    return true
  }

  // MARK: Stored

  mutating func readStoredSize(_ input: Span<UInt8>) -> Bool {
    guard bits.need(32, from: input) else { return false }
    storedBytes = bits.take(16)
    phase = bits.take(16) == storedBytes ^ 0xffff ? .stored : .invalid
    return true
  }

  mutating func copyStored(_ input: Span<UInt8>, _ output: inout [UInt8], _ filled: inout Int) -> Bool {
    while storedBytes > 0, bits.count > 0, filled < output.count {
      output[filled] = UInt8(truncatingIfNeeded: bits.take(8))
      filled += 1
      storedBytes -= 1
    }
    if storedBytes > 0, bits.count > 0 { return false }
    let count = min(storedBytes, bits.end - bits.position, output.count - filled)
    var text = output.mutableSpan
    text.copy(input.extracting(bits.position..<(bits.position + count)), at: filled)
    bits.position += count
    filled += count
    storedBytes -= count
    guard storedBytes == 0 else { return false }
    phase = .blockHeader
    return true
  }

  // MARK: Codes

  private mutating func useFixedCodes() {
    phase = .symbols
    if holdsFixedCodes { return }
    for symbol in 0..<288 { lengths[symbol] = symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8 }
    for symbol in 288..<320 { lengths[symbol] = 5 }
    let isCode = buildTables(litlenCount: 288, distanceCount: 32)
    precondition(isCode, "the fixed codes are complete")
    holdsFixedCodes = true
  }

  mutating func readCodeCounts(_ input: Span<UInt8>) -> Bool {
    guard bits.need(14, from: input) else { return false }
    litlenCount = bits.take(5) + 257
    distanceCount = bits.take(5) + 1
    codeLengthCount = bits.take(4) + 4
    lengthsRead = 0
    phase = litlenCount <= 286 && distanceCount <= 30 ? .codeLengthLengths : .invalid
    return true
  }

  /// The order in which a dynamic block gives the lengths of the code length code (RFC 1951, 3.2.7).
  private static let codeLengthOrder: [Int] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  mutating func readCodeLengthLengths(_ input: Span<UInt8>) -> Bool {
    while lengthsRead < codeLengthCount {
      guard bits.need(3, from: input) else { return false }
      lengths[RawInflate.codeLengthOrder[lengthsRead]] = UInt8(bits.take(3))
      lengthsRead += 1
    }
    for place in codeLengthCount..<19 { lengths[RawInflate.codeLengthOrder[place]] = 0 }
    lengthsRead = 0
    // A code length code without codewords reads as length 0 at a bit each, as it does in zlib.
    let isCode = CanonicalCode(lengths.span.extracting(0..<19)).fill(
      &codeLengthTable, width: RawInflate.codeLengthWidth, entries: HuffmanEntry.codeLengths, mayBeIncomplete: false,
      unassigned: 0x101)
    phase = isCode ? .codeLengths : .invalid
    return true
  }

  mutating func readCodeLengths(_ input: Span<UInt8>) -> Bool {
    let total = litlenCount + distanceCount
    while lengthsRead < total {
      // The longest codeword and the longest repeat count have 7 bits each.
      _ = bits.need(14, from: input)
      let entry = codeLengthTable[bits.peek(RawInflate.codeLengthWidth)]
      let width = Int(entry & 0xff)
      let symbol = Int(entry >> 16)
      let extra = symbol < 16 ? 0 : symbol == 16 ? 2 : symbol == 17 ? 3 : 7
      guard bits.count >= width + extra else { return false }
      bits.drop(width)
      if symbol < 16 {
        lengths[lengthsRead] = UInt8(symbol)
        lengthsRead += 1
        continue
      }
      let count = bits.take(extra) + (symbol == 18 ? 11 : 3)
      guard lengthsRead + count <= total, symbol > 16 || lengthsRead > 0 else {
        phase = .invalid
        return true
      }
      let length = symbol == 16 ? lengths[lengthsRead - 1] : 0
      for place in lengthsRead..<(lengthsRead + count) { lengths[place] = length }
      lengthsRead += count
    }
    holdsFixedCodes = false
    // A block that cannot end is invalid.
    let isCode = lengths[256] != 0 && buildTables(litlenCount: litlenCount, distanceCount: distanceCount)
    phase = isCode ? .symbols : .invalid
    return true
  }

  private mutating func buildTables(litlenCount: Int, distanceCount: Int) -> Bool {
    CanonicalCode(lengths.span.extracting(0..<litlenCount)).fill(
      &litlens, width: RawInflate.litlenWidth, entries: HuffmanEntry.litlens, mayBeIncomplete: true,
      unassigned: HuffmanEntry.invalid, pairsLiterals: true)
      && CanonicalCode(lengths.span.extracting(litlenCount..<(litlenCount + distanceCount))).fill(
        &distances, width: RawInflate.distanceWidth, entries: HuffmanEntry.distances, mayBeIncomplete: true,
        unassigned: HuffmanEntry.invalid)
  }
}
