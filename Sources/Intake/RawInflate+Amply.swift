import CallModel

/// Decoding where there is ample input and ample room.
extension DeflateBits {
  /// How a stretch of symbols ended: `scarce` where input or room is no longer ample.
  enum Ending { case scarce, endOfBlock, invalid }

  static let litlenEntries = 4096
  static let distanceEntries = 1024

  /// Bytes of input that one round may look at.
  private static let ampleInput = 24
  /// Bytes of output that one round may write.
  private static let ampleRoom = 3 + 258 + 32

  mutating func decodeAmply(
    _ litlenTable: Span<UInt32>, _ distanceTable: Span<UInt32>,
    _ input: Span<UInt8>, _ output: inout MutableSpan<UInt8>, _ history: Span<UInt8>, _ start: Int, _ filled: inout Int
  ) -> Ending {
    let inputLimit = end - DeflateBits.ampleInput
    let outputLimit = output.count - DeflateBits.ampleRoom
    guard position <= inputLimit, filled <= outputLimit else { return .scarce }
    let litlens = litlenTable.extracting(0..<DeflateBits.litlenEntries)
    let distances = distanceTable.extracting(0..<DeflateBits.distanceEntries)
    var ending = Ending.scarce
    var buffer = bits
    var count = UInt32(truncatingIfNeeded: self.count)
    var position = self.position
    var place = filled

    while position <= inputLimit, place <= outputLimit {
      buffer |= input.word(at: position) &<< UInt64(truncatingIfNeeded: count)
      position &+= Int((63 &- (count & 63)) >> 3)
      count |= 56

      var entry = litlens[Int(buffer & 2047)]
      if Int32(bitPattern: entry) < 0 {
        buffer &>>= UInt64(entry & 63)
        count &-= entry & 63
        output[place] = UInt8(truncatingIfNeeded: entry >> 16)
        place &+= 1
        entry = litlens[Int(buffer & 2047)]
        if Int32(bitPattern: entry) < 0 {
          buffer &>>= UInt64(entry & 63)
          count &-= entry & 63
          output[place] = UInt8(truncatingIfNeeded: entry >> 16)
          place &+= 1
          entry = litlens[Int(buffer & 2047)]
          if Int32(bitPattern: entry) < 0 {
            buffer &>>= UInt64(entry & 63)
            count &-= entry & 63
            output[place] = UInt8(truncatingIfNeeded: entry >> 16)
            place &+= 1
            continue
          }
        }
      }
      if entry & HuffmanEntry.isExceptional != 0 {
        if entry & HuffmanEntry.isSubtable != 0 {
          buffer &>>= UInt64(entry & 63)
          count &-= entry & 63
          entry = litlens[(Int(entry >> 16) &+ Int(buffer & (1 &<< UInt64(entry >> 8 & 15) &- 1))) & 4095]
          if Int32(bitPattern: entry) < 0 {
            buffer &>>= UInt64(entry & 63)
            count &-= entry & 63
            output[place] = UInt8(truncatingIfNeeded: entry >> 16)
            place &+= 1
            continue
          }
        }
        if entry & HuffmanEntry.isExceptional != 0 {
          buffer &>>= UInt64(entry & 63)
          count &-= entry & 63
          ending = entry & HuffmanEntry.isEndOfBlock != 0 ? .endOfBlock : .invalid
          break
        }
      }
      let length =
        Int(entry >> 16) &+ Int((buffer & (1 &<< UInt64(entry & 63) &- 1)) &>> UInt64(entry >> 8 & 15))
      buffer &>>= UInt64(entry & 63)
      count &-= entry & 63

      buffer |= input.word(at: position) &<< UInt64(truncatingIfNeeded: count)
      position &+= Int((63 &- (count & 63)) >> 3)
      count |= 56

      entry = distances[Int(buffer & 255)]
      if entry & HuffmanEntry.isExceptional != 0 {
        if entry & HuffmanEntry.isSubtable != 0 {
          buffer &>>= UInt64(entry & 63)
          count &-= entry & 63
          entry = distances[(Int(entry >> 16) &+ Int(buffer & (1 &<< UInt64(entry >> 8 & 15) &- 1))) & 1023]
        }
        if entry & HuffmanEntry.isExceptional != 0 {
          buffer &>>= UInt64(entry & 63)
          count &-= entry & 63
          ending = .invalid
          break
        }
      }
      let distance =
        Int(entry >> 16) &+ Int((buffer & (1 &<< UInt64(entry & 63) &- 1)) &>> UInt64(entry >> 8 & 15))
      buffer &>>= UInt64(entry & 63)
      count &-= entry & 63

      let placeEnd = place &+ length
      var source = place &- distance
      if source < start {
        let missing = start &- source
        guard missing <= history.count else {
          ending = .invalid
          break
        }
        var there = history.count &- missing
        while place < placeEnd, there < history.count {
          output[place] = history[there]
          place &+= 1
          there &+= 1
        }
        source = place &- distance
        while place < placeEnd {
          output[place] = output[source]
          place &+= 1
          source &+= 1
        }
        continue
      }
      if distance >= 8 {
        repeat {
          output.store(output.word(at: source), at: place)
          source &+= 8
          place &+= 8
        } while place < placeEnd
      } else if distance == 1 {
        let run = UInt64(output[source]) &* 0x0101_0101_0101_0101
        repeat {
          output.store(run, at: place)
          place &+= 8
        } while place < placeEnd
      } else {
        while place < placeEnd {
          output[place] = output[source]
          place &+= 1
          source &+= 1
        }
      }
      place = placeEnd
    }
    self.position = position
    self.count = Int(count)
    bits = buffer & (1 &<< UInt64(count) &- 1)
    filled = place
    return ending
  }
}
