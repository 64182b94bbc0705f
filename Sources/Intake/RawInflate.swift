import CallModel

/// A raw deflate stream being inflated (RFC 1951, no wrapper), in pieces of any size on both sides.
///
/// Everything that may lack input or room is a phase, and a phase takes bits only when it can do all of what they say:
/// a block's header, one code length with its repeat, one literal, one length with its distance. So there are no states
/// inside of symbols. When a call runs out of input, what it could not use stays in `bits`; on any other return, the whole
/// bytes behind the last bit used are given back, and the input's position is exact to the byte.
///
/// For example, fixed codewords for `a`, for a match of length 3 at distance 1, and for the block's end take 3 + 8 + 12 + 7
/// bits. Of the first two bytes alone `a` is decoded, and the 5 bits behind it are kept: they begin the match. With the
/// third byte its 12 bits are there. With room for one byte, that one is written and the other two are owed.
///
/// Most symbols are decoded far from both ends, by `decodeAmply`, which does not ask each time whether there is enough.
package struct RawInflate: ~Copyable {
  package enum Outcome { case inputUsedUp, outputFull, finished, invalid }

  enum Phase {
    case blockHeader, storedSize, stored, codeCounts, codeLengthLengths, codeLengths, symbols, owedMatch
    case finished, invalid
  }

  static let litlenWidth = 11
  static let distanceWidth = 8
  static let codeLengthWidth = 7

  /// Entries of the tables with their subtables, as `CanonicalCode.fill` counts them, up to a power of two.
  static let litlenEntries = 4096
  static let distanceEntries = 1024

  var bits = DeflateBits()
  var phase = Phase.blockHeader
  var isLastBlock = false

  /// Of a stored block, bytes still to come.
  var storedBytes = 0
  /// Of a match, bytes still to be written.
  var owedLength = 0
  var owedDistance = 0

  /// Of a dynamic block: how many code lengths of each kind it has, and how many were read.
  var litlenCount = 0
  var distanceCount = 0
  var codeLengthCount = 0
  var lengthsRead = 0
  var lengths = [UInt8](repeating: 0, count: 320)

  var litlens = [UInt32](repeating: HuffmanEntry.invalid, count: RawInflate.litlenEntries)
  var distances = [UInt32](repeating: HuffmanEntry.invalid, count: RawInflate.distanceEntries)
  var codeLengthTable = [UInt32](repeating: HuffmanEntry.invalid, count: 128)
  var holdsFixedCodes = false

  /// The end of the text that earlier calls wrote: at least the last 32 KiB of the member, where there are as many.
  private var history: [UInt8] = []

  static let reach = 32 * 1024

  package init() {
    history.reserveCapacity(2 * RawInflate.reach)
  }

  /// Makes the stream ready for the next member.
  package mutating func reset() {
    bits = DeflateBits()
    phase = .blockHeader
    isLastBlock = false
    history.removeAll(keepingCapacity: true)
  }

  /// Inflates from `input[position..<end]` into `output` from `filled` on and moves both positions.
  package mutating func inflate(
    _ input: borrowing [UInt8], from position: inout Int, to end: Int, into output: inout [UInt8], at filled: inout Int
  ) -> Outcome {
    precondition(position <= end && end <= input.count && filled <= output.count)
    let start = filled
    bits.position = position
    bits.end = end
    let outcome = run(input.span, &output, start, &filled)
    if outcome != .inputUsedUp { bits.giveBack(to: position) }
    position = bits.position
    if outcome != .finished { remember(output.span.extracting(start..<filled)) }
    return outcome
  }

  private mutating func run(
    _ input: Span<UInt8>, _ output: inout [UInt8], _ start: Int, _ filled: inout Int
  ) -> Outcome {
    while true {
      let isEnough: Bool
      switch phase {
      case .blockHeader: isEnough = readBlockHeader(input)
      case .storedSize: isEnough = readStoredSize(input)
      case .stored: isEnough = copyStored(input, &output, &filled)
      case .codeCounts: isEnough = readCodeCounts(input)
      case .codeLengthLengths: isEnough = readCodeLengthLengths(input)
      case .codeLengths: isEnough = readCodeLengths(input)
      case .symbols: isEnough = decodeSymbols(input, &output, start, &filled)
      case .owedMatch: isEnough = writeOwed(&output, start, &filled)
      case .finished:
        bits.drop(bits.count % 8)
        return .finished
      case .invalid: return .invalid
      }
      if !isEnough { return filled == output.count ? .outputFull : .inputUsedUp }
    }
  }

  // MARK: Symbols

  private mutating func decodeSymbols(
    _ input: Span<UInt8>, _ output: inout [UInt8], _ start: Int, _ filled: inout Int
  ) -> Bool {
    let result = bits.decodeAmply(
      litlens.span, distances.span, input, into: &output, at: filled, start: start, history.span)
    bits = result.bits
    filled = result.filled
    switch result.ending {
    case .scarce: break
    case .endOfBlock: phase = .blockHeader
    case .invalid: phase = .invalid
    }
    while phase == .symbols {
      guard decodeSymbol(input, &output, start, &filled) else { return false }
    }
    return true
  }

  /// Decodes one symbol with care for both ends; false when it lacks input or room, and then it takes nothing.
  private mutating func decodeSymbol(
    _ input: Span<UInt8>, _ output: inout [UInt8], _ start: Int, _ filled: inout Int
  ) -> Bool {
    // The longest symbol, a match, has 15 + 5 + 15 + 13 bits.
    _ = bits.need(48, from: input)
    var ahead = bits
    guard let entry = ahead.takeCodeword(litlens.span, width: RawInflate.litlenWidth) else { return false }
    if entry & HuffmanEntry.isLiteral != 0 {
      guard filled < output.count else { return false }
      output[filled] = UInt8(truncatingIfNeeded: entry >> 16)
      filled += 1
      bits = ahead
      return true
    }
    if entry & HuffmanEntry.isExceptional != 0 {
      phase = entry & HuffmanEntry.isEndOfBlock != 0 ? .blockHeader : .invalid
      bits = ahead
      return true
    }
    guard filled < output.count else { return false }
    guard let length = ahead.takeValue(entry) else { return false }
    guard let distanceEntry = ahead.takeCodeword(distances.span, width: RawInflate.distanceWidth) else { return false }
    if distanceEntry & HuffmanEntry.isExceptional != 0 {
      phase = .invalid
      bits = ahead
      return true
    }
    guard let distance = ahead.takeValue(distanceEntry) else { return false }
    bits = ahead
    (owedLength, owedDistance) = (length, distance)
    phase = distance > filled - start + history.count ? .invalid : .owedMatch
    return true
  }

  /// Writes as much of a match as there is room for.
  private mutating func writeOwed(_ output: inout [UInt8], _ start: Int, _ filled: inout Int) -> Bool {
    let count = min(owedLength, output.count - filled)
    for _ in 0..<count {
      let source = filled - owedDistance
      output[filled] = source >= start ? output[source] : history[history.count + source - start]
      filled += 1
    }
    owedLength -= count
    guard owedLength == 0 else { return false }
    phase = .symbols
    return true
  }

  // MARK: History

  /// Keeps the end of `text`, because the caller takes its buffer away.
  private mutating func remember(_ text: Span<UInt8>) {
    let count = min(text.count, RawInflate.reach)
    if count == RawInflate.reach {
      history.removeAll(keepingCapacity: true)
    } else if history.count + count > 2 * RawInflate.reach {
      history.removeFirst(history.count - RawInflate.reach)
    }
    history.append(copying: text.extracting(last: count))
  }
}

extension DeflateBits {
  /// Takes a codeword and gives its entry; nil when it has not all come.
  fileprivate mutating func takeCodeword(_ table: Span<UInt32>, width: Int) -> UInt32? {
    var entry = table[peek(width)]
    if entry & (HuffmanEntry.isLiteral | HuffmanEntry.isSubtable) == HuffmanEntry.isSubtable {
      guard count >= width else { return nil }
      drop(width)
      entry = table[Int(entry >> 16) + peek(Int(entry >> 8 & 15))]
    }
    let width = Int(entry >> 8 & 15)
    guard count >= width else { return nil }
    drop(width)
    return entry
  }

  /// Takes the extra bits of a length or distance and gives the whole; nil when they have not all come.
  fileprivate mutating func takeValue(_ entry: UInt32) -> Int? {
    let width = Int(entry & 0xff) - Int(entry >> 8 & 15)
    guard count >= width else { return nil }
    return Int(entry >> 16) + take(width)
  }
}
