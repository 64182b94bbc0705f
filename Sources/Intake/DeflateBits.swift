/// The bits of a deflate stream, lowest of each byte first (RFC 1951, 3.1.1), and how far its bytes have been used.
///
/// `bits` holds `count` bits that were taken from the input and not yet used; above them it is zero. They outlive a call
/// only where they are the beginning of something whose end has not come yet.
struct DeflateBits {
  var bits: UInt64 = 0
  var count = 0
  /// The next byte of the input that is not in `bits`.
  var position = 0
  /// Where this call's input ends.
  var end = 0

  /// Takes bytes until at least `wanted` bits are there, 56 at most; false when the input ends first.
  @inline(__always)
  mutating func need(_ wanted: Int, from input: Span<UInt8>) -> Bool {
    while count < wanted {
      guard position < end else { return false }
      bits |= UInt64(input[position]) &<< UInt64(count)
      count += 8
      position += 1
    }
    return true
  }

  /// The lowest `width` bits as a number.
  @inline(__always)
  func peek(_ width: Int) -> Int { Int(bits & (1 &<< UInt64(width) &- 1)) }

  @inline(__always)
  mutating func drop(_ width: Int) {
    bits &>>= UInt64(width)
    count -= width
  }

  @inline(__always)
  mutating func take(_ width: Int) -> Int {
    let value = peek(width)
    drop(width)
    return value
  }

  /// Gives back the whole bytes that were taken and not used, as far as this call's input goes, which began at `start`.
  mutating func giveBack(to start: Int) {
    let bytes = min(count / 8, position - start)
    position -= bytes
    count -= 8 * bytes
    bits &= 1 &<< UInt64(count) &- 1
  }
}
