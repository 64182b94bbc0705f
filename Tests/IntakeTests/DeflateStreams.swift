import CZlib
import Intake

/// A deflate stream written by hand, bit by bit, for what no deflater writes.
struct DeflateWriter {
  private(set) var bytes: [UInt8] = []
  private var free = 0

  /// Writes a number of `width` bits, lowest first.
  mutating func number(_ value: Int, _ width: Int) {
    for bit in 0..<width {
      if free == 0 {
        bytes.append(0)
        free = 8
      }
      bytes[bytes.count - 1] |= UInt8(value >> bit & 1) << UInt8(8 - free)
      free -= 1
    }
  }

  /// Writes a codeword of `width` bits, highest first.
  mutating func codeword(_ value: Int, _ width: Int) {
    for bit in (0..<width).reversed() { number(value >> bit & 1, 1) }
  }

  mutating func stored(_ text: [UInt8], isLast: Bool = false) {
    number(isLast ? 1 : 0, 1)
    number(0, 2)
    free = 0
    number(text.count, 16)
    number(text.count ^ 0xffff, 16)
    bytes += text
  }

  mutating func beginFixed(isLast: Bool = true) {
    number(isLast ? 1 : 0, 1)
    number(1, 2)
  }

  /// A litlen symbol in the fixed code.
  mutating func fixed(_ symbol: Int) {
    switch symbol {
    case 0..<144: codeword(0x30 + symbol, 8)
    case 144..<256: codeword(0x190 + symbol - 144, 9)
    case 256..<280: codeword(symbol - 256, 7)
    default: codeword(0xc0 + symbol - 280, 8)
    }
  }

  mutating func match(length: Int, distance: Int) {
    // The last symbol whose base is not above the value; 285 is the only length without a range of its own.
    let lengthSymbol = length == 258 ? 28 : Self.lengthBases.lastIndex { $0 <= length } ?? 0
    fixed(257 + lengthSymbol)
    if lengthSymbol < 28 { number(length - Self.lengthBases[lengthSymbol], max(0, lengthSymbol / 4 - 1)) }
    let distanceSymbol = Self.distanceBases.lastIndex { $0 <= distance } ?? 0
    codeword(distanceSymbol, 5)
    number(distance - Self.distanceBases[distanceSymbol], max(0, distanceSymbol / 2 - 1))
  }

  /// The tables of RFC 1951, 3.2.5.
  private static let lengthBases = [
    3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
  ]
  private static let distanceBases = [
    1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
    8193, 12289, 16385, 24577,
  ]

  /// Begins a last dynamic block of so many code lengths; `codeLengths` are of the symbols 16, 17, 18, 0, 8, 7, …
  mutating func beginDynamic(litlens: Int, distances: Int, codeLengths: [Int]) {
    number(1, 1)
    number(2, 2)
    number(litlens - 257, 5)
    number(distances - 1, 5)
    number(codeLengths.count - 4, 4)
    for length in codeLengths { number(length, 3) }
  }
}

/// What inflating a stream came to: all the text there was, and how many bytes of the stream it took.
struct Inflated: Equatable {
  var outcome: RawInflate.Outcome
  var text: [UInt8] = []
  var used = 0
}

/// Inflates with `inflate`, which has the shape of `RawInflate.inflate`, in pieces and rooms of the given sizes in turn.
private func inflated(
  _ stream: [UInt8], pieces: [Int], rooms: [Int],
  _ inflate: (borrowing [UInt8], inout Int, Int, inout [UInt8], inout Int) -> RawInflate.Outcome
) -> Inflated {
  var result = Inflated(outcome: .inputUsedUp)
  var (piecesUsed, roomsUsed, end, filled) = (0, 0, 0, 0)
  var output: [UInt8] = []
  while true {
    if filled == output.count {
      result.text += output
      output = [UInt8](repeating: 0xee, count: rooms[roomsUsed % rooms.count])
      roomsUsed += 1
      filled = 0
    }
    result.outcome = inflate(stream, &result.used, end, &output, &filled)
    switch result.outcome {
    case .outputFull: precondition(filled == output.count)
    case .inputUsedUp where end < stream.count:
      precondition(result.used == end)
      end = min(stream.count, end + pieces[piecesUsed % pieces.count])
      piecesUsed += 1
    default:
      result.text += output[..<filled]
      return result
    }
  }
}

func inflated(_ stream: [UInt8], pieces: [Int] = [.max / 2], rooms: [Int] = [1 << 16]) -> Inflated {
  var inflater = Inflater()
  return inflated(stream, pieces: pieces, rooms: rooms) { inflater.inflate($0, from: &$1, to: $2, into: &$3, at: &$4) }
}

/// What `RawInflate` makes of a stream, whoever inflates archives: ISA-L notices some invalid data later than zlib.
func inflatedByRawInflate(_ stream: [UInt8], pieces: [Int] = [.max / 2], rooms: [Int] = [1 << 16]) -> Inflated {
  var inflater = RawInflate()
  return inflated(stream, pieces: pieces, rooms: rooms) { inflater.inflate($0, from: &$1, to: $2, into: &$3, at: &$4) }
}

/// What zlib makes of the same stream.
func inflatedByZlib(_ stream: [UInt8]) -> Inflated {
  var state = unsafe z_stream()
  let status = unsafe inflateInit2_(&state, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  precondition(status == Z_OK)
  defer { unsafe inflateEnd(&state) }
  return inflated(stream, pieces: [stream.count], rooms: [1 << 16]) { input, position, end, output, filled in
    let status = unsafe input.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe state.next_in = UnsafeMutablePointer(mutating: source.baseAddress?.advanced(by: position))
        unsafe state.avail_in = UInt32(end - position)
        unsafe state.next_out = target.baseAddress?.advanced(by: filled)
        unsafe state.avail_out = UInt32(target.count - filled)
        return unsafe CZlib.inflate(&state, Z_NO_FLUSH)
      }
    }
    unsafe position = end - Int(state.avail_in)
    unsafe filled = output.count - Int(state.avail_out)
    switch status {
    case Z_STREAM_END: return .finished
    case Z_OK, Z_BUF_ERROR: return filled == output.count ? .outputFull : .inputUsedUp
    default: return .invalid
    }
  }
}

/// What zlib deflates `text` to, raw.
func deflated(_ text: [UInt8], level: Int32 = 6, strategy: Int32 = Z_DEFAULT_STRATEGY) -> [UInt8] {
  var state = unsafe z_stream()
  let status = unsafe deflateInit2_(
    &state, level, Z_DEFLATED, -MAX_WBITS, 8, strategy, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  precondition(status == Z_OK)
  defer { unsafe deflateEnd(&state) }
  let bound = Int(unsafe deflateBound(&state, UInt(text.count)))
  return unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
    unsafe text.withUnsafeBufferPointer { source in
      unsafe state.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
      unsafe state.avail_in = UInt32(source.count)
      unsafe state.next_out = target.baseAddress
      unsafe state.avail_out = UInt32(target.count)
      let status = unsafe deflate(&state, Z_FINISH)
      precondition(status == Z_STREAM_END)
      count = unsafe target.count - Int(state.avail_out)
    }
  }
}
