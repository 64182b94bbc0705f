#if FastInflate
  import CIsal

  // All that touches ISA-L, wrapped like the calls in SystemCalls.swift: what leaves this file is bounds-checked and owned.
  //
  // ISA-L differs from `RawInflate` in two ways that must not show. It reads up to eight bytes ahead, which are given back so
  // that `position` ends just behind the stream. And it decodes up to three symbols by one look-up that counts only when
  // all their bits are there: where the input ends, up to two literals before the incomplete symbol would not be handed
  // out, and a cut archive could lose its last whole line. `takeCompleteLiteral` finds them.
  //
  // One difference stays: ISA-L takes incomplete Huffman codes, which are refused elsewhere, and notices the damage at the
  // first codeword that stands for nothing. Flipped bits make an archive corrupt either way, with some bytes of nonsense
  // more or less before that is noticed.

  /// A raw deflate stream being inflated by ISA-L, with the interface and outcomes of `RawInflate`.
  @safe
  package struct IsalInflate: ~Copyable {
    package typealias Outcome = RawInflate.Outcome

    /// On the heap because it is large: tables, and text that waits for space.
    private let state: UnsafeMutablePointer<inflate_state>
    private var isInvalid = false

    package init() {
      unsafe state = .allocate(capacity: 1)
      unsafe state.initialize(to: inflate_state())
      unsafe isal_inflate_init(state)
    }

    deinit { unsafe state.deallocate() }

    /// Makes the stream ready for the next member.
    package mutating func reset() {
      unsafe isal_inflate_reset(state)
      isInvalid = false
    }

    /// Inflates from `input[position..<end]` into `output` from `filled` on and moves both positions.
    package mutating func inflate(
      _ input: borrowing [UInt8], from position: inout Int, to end: Int, into output: inout [UInt8],
      at filled: inout Int
    ) -> Outcome {
      precondition(0 <= position && position <= end && end <= input.count && 0 <= filled && filled <= output.count)
      let (given, space) = (UInt32(end - position), UInt32(clamping: output.count - filled))
      unsafe input.withUnsafeBufferPointer { source in
        unsafe output.withUnsafeMutableBufferPointer { target in
          unsafe state.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress?.advanced(by: position))
          unsafe state.pointee.avail_in = given
          unsafe state.pointee.next_out = target.baseAddress?.advanced(by: filled)
          unsafe state.pointee.avail_out = space
          repeat {
            if !isInvalid { isInvalid = unsafe isal_inflate(state) < 0 }
            if isInvalid {
              handOutGatheredText()
              // Behind an invalid symbol neither length needs to make sense.
              unsafe state.pointee.avail_in = min(state.pointee.avail_in, given)
            }
          } while takeCompleteLiteral()
        }
      }
      let isFinished = unsafe state.pointee.block_state == ISAL_BLOCK_FINISH
      let isFull = unsafe state.pointee.avail_out == 0
      if isFinished || isFull || isInvalid { giveBackUnusedBytes(of: given) }
      unsafe position = end - Int(state.pointee.avail_in)
      unsafe filled += Int(space - state.pointee.avail_out)
      if isInvalid { return gatheredCount > 0 ? .outputFull : .invalid }
      if isFinished { return .finished }
      precondition(isFull || position == end, "ISA-L stopped before the input's end")
      return isFull ? .outputFull : .inputUsedUp
    }

    /// Text decoded before there was space for it.
    private var gatheredCount: Int { unsafe Int(state.pointee.tmp_out_valid - state.pointee.tmp_out_processed) }

    /// Hands out what was gathered before invalid data was met; ISA-L itself drops it.
    private func handOutGatheredText() {
      let count = unsafe min(gatheredCount, Int(state.pointee.avail_out))
      guard count > 0 else { return }
      let text = unsafe isal_gathered_text(state).advanced(by: Int(state.pointee.tmp_out_processed))
      unsafe state.pointee.next_out.update(from: text, count: count)
      unsafe state.pointee.next_out += count
      unsafe state.pointee.avail_out -= UInt32(count)
      unsafe state.pointee.tmp_out_processed += Int32(count)
    }

    /// Gives whole bytes that were read ahead back to the input.
    ///
    /// Only at the stream's end or when ISA-L stopped for want of space: when it stopped for want of input, what it holds
    /// is the beginning of a symbol, or of a block's header that stands in a buffer of its own.
    private func giveBackUnusedBytes(of given: UInt32) {
      guard unsafe state.pointee.tmp_in_size == 0 else { return }
      let taken = unsafe given - state.pointee.avail_in
      let held = unsafe UInt32(max(0, state.pointee.read_in_length) / 8)
      precondition(isInvalid || held <= taken, "ISA-L holds bytes of an earlier input")
      let bytes = min(held, taken)
      unsafe state.pointee.next_in -= Int(bytes)
      unsafe state.pointee.avail_in += bytes
      if !isInvalid { dropHighBits(unsafe state.pointee.read_in_length - Int32(bytes * 8)) }
    }

    private func dropHighBits(_ left: Int32) {
      unsafe state.pointee.read_in &= (1 << UInt64(left)) - 1
      unsafe state.pointee.read_in_length = left
    }

    // MARK: Literals at the end of the input

    // An entry of the table for the next 12 bits: symbols of eight bits each, the last of more; a flag for codes that
    // are longer; the number of symbols; and the bits of them all.
    private static let indexBits: Int32 = 12
    private static let longCode: UInt32 = 1 << 25

    private static func symbolCount(_ entry: UInt32) -> UInt32 { entry >> 26 & 3 }

    /// The literal that an entry begins with.
    private static func literal(_ entry: UInt32) -> UInt8? {
      guard entry & longCode == 0 else { return nil }
      switch symbolCount(entry) {
      case 0: return nil
      case 1: return UInt8(exactly: entry & (longCode - 1))
      default: return UInt8(truncatingIfNeeded: entry)
      }
    }

    /// Where decoding stopped for want of input: takes a literal whose bits are all there, and puts it behind the text so
    /// far, for ISA-L to hand out and go on.
    private func takeCompleteLiteral() -> Bool {
      guard unsafe !isInvalid && state.pointee.block_state == ISAL_BLOCK_CODED else { return false }
      guard unsafe state.pointee.avail_in == 0 && state.pointee.avail_out > 0 else { return false }
      let held = unsafe state.pointee.read_in_length
      let bits = unsafe Int(state.pointee.read_in & ((1 << UInt64(held)) - 1))
      let codes = unsafe UnsafeBufferPointer(start: isal_short_codes(state), count: 1 << Int(IsalInflate.indexBits))
      let entry = unsafe codes[bits & (codes.count - 1)]
      guard IsalInflate.symbolCount(entry) > 1, let literal = IsalInflate.literal(entry) else { return false }
      // A code has as many bits as it takes for the literal to be sure, whatever bits may follow.
      for length in 1...IsalInflate.indexBits where length <= held {
        let step = 1 << Int(length)
        let isSure = stride(from: bits & (step - 1), to: codes.count, by: step).allSatisfy {
          unsafe IsalInflate.literal(codes[$0]) == literal
        }
        guard isSure else { continue }
        precondition(unsafe state.pointee.tmp_out_valid < 2 * ISAL_DEF_HIST_SIZE, "ISA-L left no space for a literal")
        unsafe isal_gathered_text(state)[Int(state.pointee.tmp_out_valid)] = literal
        unsafe state.pointee.tmp_out_valid += 1
        unsafe state.pointee.read_in >>= UInt64(length)
        dropHighBits(held - length)
        return true
      }
      return false
    }
  }
#endif
