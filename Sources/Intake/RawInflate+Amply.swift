import CallModel

/// Decoding where there is ample input and ample room.
extension DeflateBits {
  /// How a stretch of symbols ended: `scarce` where input or room is no longer ample.
  enum Ending { case scarce, endOfBlock, invalid }

  static let litlenEntries = 4096
  static let distanceEntries = 1024

  struct AmpleResult {
    var ending: Ending
    var bits: DeflateBits
    var filled: Int
  }

  /// Bytes of input that one round may look at.
  private static let ampleInput = 24
  /// Bytes of output that one round may write.
  private static let ampleRoom = 8 + 258 + 32

  @inline(never)
  consuming func decodeAmply(
    _ litlenTable: Span<UInt32>, _ distanceTable: Span<UInt32>,
    _ input: Span<UInt8>, _ text: inout [UInt8], _ history: Span<UInt8>, _ start: Int, _ filled: Int
  ) -> AmpleResult {
    let inputLimit = end - DeflateBits.ampleInput
    let outputLimit = text.count - DeflateBits.ampleRoom
    guard position <= inputLimit, filled <= outputLimit else {
      return AmpleResult(ending: .scarce, bits: self, filled: filled)
    }
    let litlens = litlenTable.extracting(0..<DeflateBits.litlenEntries)
    let distances = distanceTable.extracting(0..<DeflateBits.distanceEntries)
    var output = text.mutableSpan
    var ending = Ending.scarce
    var buffer = bits
    var count = UInt64(truncatingIfNeeded: self.count)
    var position = self.position
    var place = filled

    buffer |= input.word(at: position) &<< count
    position &+= Int((63 &- (count & 63)) >> 3)
    count |= 56
    var entry = litlens[Int(buffer & 2047)]
    while position <= inputLimit, place <= outputLimit {
      buffer |= input.word(at: position) &<< count
      position &+= Int((63 &- (count & 63)) >> 3)
      count |= 56

      if entry & HuffmanEntry.isLiteral != 0 {
        buffer &>>= UInt64(entry)
        count &-= UInt64(entry)
        output.store(UInt16(truncatingIfNeeded: entry >> 16), at: place)
        place &+= 1 &+ Int(entry >> 14 & 1)
        entry = litlens[Int(buffer & 2047)]
        if entry & HuffmanEntry.isLiteral != 0 {
          buffer &>>= UInt64(entry)
          count &-= UInt64(entry)
          output.store(UInt16(truncatingIfNeeded: entry >> 16), at: place)
          place &+= 1 &+ Int(entry >> 14 & 1)
          entry = litlens[Int(buffer & 2047)]
          if entry & HuffmanEntry.isLiteral != 0 {
            buffer &>>= UInt64(entry)
            count &-= UInt64(entry)
            output.store(UInt16(truncatingIfNeeded: entry >> 16), at: place)
            place &+= 1 &+ Int(entry >> 14 & 1)
            entry = litlens[Int(buffer & 2047)]
            if entry & HuffmanEntry.isLiteral != 0 {
              buffer &>>= UInt64(entry)
              count &-= UInt64(entry)
              output.store(UInt16(truncatingIfNeeded: entry >> 16), at: place)
              place &+= 1 &+ Int(entry >> 14 & 1)
              entry = litlens[Int(buffer & 2047)]
              continue
            }
          }
        }
        buffer |= input.word(at: position) &<< count
        position &+= Int((63 &- (count & 63)) >> 3)
        count |= 56
      }
      if entry & HuffmanEntry.isExceptional != 0 {
        if entry & HuffmanEntry.isSubtable != 0 {
          buffer &>>= UInt64(entry)
          count &-= UInt64(entry)
          entry = litlens[(Int(entry >> 16) &+ Int(buffer & (1 &<< UInt64(entry >> 8 & 15) &- 1))) & 4095]
          if entry & HuffmanEntry.isLiteral != 0 {
            buffer &>>= UInt64(entry)
            count &-= UInt64(entry)
            output.store(UInt16(truncatingIfNeeded: entry >> 16), at: place)
            place &+= 1 &+ Int(entry >> 14 & 1)
            entry = litlens[Int(buffer & 2047)]
            continue
          }
        }
        if entry & HuffmanEntry.isExceptional != 0 {
          buffer &>>= UInt64(entry)
          count &-= UInt64(entry)
          ending = entry & HuffmanEntry.isEndOfBlock != 0 ? .endOfBlock : .invalid
          break
        }
      }
      let length =
        Int(entry >> 16) &+ Int((buffer & (1 &<< UInt64(entry) &- 1)) &>> UInt64(entry >> 8 & 15))
      buffer &>>= UInt64(entry)
      count &-= UInt64(entry)

      entry = distances[Int(buffer & 255)]
      if entry & HuffmanEntry.isExceptional != 0 {
        if entry & HuffmanEntry.isSubtable != 0 {
          buffer &>>= UInt64(entry)
          count &-= UInt64(entry)
          entry = distances[(Int(entry >> 16) &+ Int(buffer & (1 &<< UInt64(entry >> 8 & 15) &- 1))) & 1023]
        }
        if entry & HuffmanEntry.isExceptional != 0 {
          buffer &>>= UInt64(entry)
          count &-= UInt64(entry)
          ending = .invalid
          break
        }
      }
      let distance =
        Int(entry >> 16) &+ Int((buffer & (1 &<< UInt64(entry) &- 1)) &>> UInt64(entry >> 8 & 15))
      buffer &>>= UInt64(entry)
      count &-= UInt64(entry)
      if count & 63 < 11 {
        buffer |= input.word(at: position) &<< count
        position &+= Int((63 &- (count & 63)) >> 3)
        count |= 56
      }
      entry = litlens[Int(buffer & 2047)]

      let written = place &- start
      if distance <= written {
        output.copyAgain(length, from: distance, to: place)
        place &+= length
      } else {
        guard distance <= written &+ history.count else {
          ending = .invalid
          break
        }
        output.copyAgain(length, from: distance, to: place, start: start, history)
        place &+= length
      }
    }
    count &= 63
    let rest = DeflateBits(bits: buffer & (1 &<< count &- 1), count: Int(count), position: position, end: end)
    return AmpleResult(ending: ending, bits: rest, filled: place)
  }
}

extension MutableSpan<UInt8> {
  /// Writes a match that begins in `history`, which lies before `start`, and may go on behind it.
  @inline(never)
  fileprivate mutating func copyAgain(
    _ length: Int, from distance: Int, to place: Int, start: Int, _ history: Span<UInt8>
  ) {
    let reach = distance - (place - start)
    let count = min(length, reach)
    copy(history.extracting((history.count - reach)..<(history.count - reach + count)), at: place)
    if length > count { copyAgain(length - count, from: distance, to: place + count) }
  }
}
