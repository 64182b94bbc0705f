import CallModel

/// Bytes kept for the length of a run, addressed by 32 bits.
///
/// The memory is a list of blocks, so that growing never copies what is there: a night's texts are held once, not one and
/// a half times. An address is a block and a quarter of the offset in it; 0 is nobody's address.
package struct TextArena: Sendable {
  package typealias Address = UInt32

  private static let blockSize = 1 << 20
  /// 16,384 blocks of 262,144 aligned places: 16 GiB.
  private static let blockLimit = 1 << 14

  /// Bytes at the end of a block that are nobody's, so that words can be read and stored up to the last address.
  private static let padding = 16

  private var blocks: [[UInt8]] = []
  /// The end of what is kept in the last block; a multiple of 4.
  private var end = 0

  package init() {
    addBlock(TextArena.blockSize)
    end = 8
  }

  private mutating func addBlock(_ size: Int) {
    precondition(blocks.count < TextArena.blockLimit, "the open calls of one run have more than 16 GiB of texts")
    blocks.append([UInt8](repeating: 0, count: size))
    end = 0
  }

  /// Keeps a copy of `bytes`.
  package mutating func append(_ bytes: Span<UInt8>) -> Address {
    append(upTo: bytes.count) { block, offset in
      block.copy(bytes, at: offset)
      return offset &+ bytes.count
    }
  }

  /// Keeps what `write` puts at an offset of a block: `room` bytes at most; it returns their end.
  @inline(__always)
  mutating func append(upTo room: Int, _ write: (inout MutableSpan<UInt8>, Int) -> Int) -> Address {
    if end &+ room &+ TextArena.padding > blocks[blocks.count &- 1].count {
      addBlock(max(TextArena.blockSize, room + TextArena.padding))
    }
    let last = blocks.count &- 1
    let offset = end
    var block = blocks[last].mutableSpan
    end = (write(&block, offset) &+ 3) & ~3
    return UInt32(last) << 18 | UInt32(offset >> 2)
  }

  /// Lends the block that holds an address, and the offset in it.
  @inline(__always)
  func withBlock<Value, Failure: Error>(
    at address: Address, _ body: (Span<UInt8>, Int) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    // Through a span the block is borrowed; through the array it would be retained, by all tasks at once.
    let blocks = blocks.span
    return try body(blocks[Int(address >> 18)].span, Int(address & 0x3ffff) << 2)
  }

  /// Reads a byte at an address; only to bring its memory near.
  @inline(__always)
  func touch(_ address: Address) -> UInt64 { withBlock(at: address) { UInt64($0[$1]) } }

  /// Whether `bytes` stand at `address`.
  func holds(_ bytes: Span<UInt8>, at address: Address) -> Bool {
    withBlock(at: address) { block, offset in
      offset + bytes.count <= block.count && sameBytes(block.extracting(offset..<(offset + bytes.count)), bytes)
    }
  }
}

/// Equal-sized values kept in blocks, so that growing never copies what is there.
struct BlockArray<Element: Sendable>: Sendable {
  private static var shift: Int { 13 }

  private var blocks: [[Element]] = []
  private(set) var count = 0

  mutating func append(_ element: Element) {
    if count & ((1 << Self.shift) - 1) == 0 {
      blocks.append([])
      blocks[blocks.count - 1].reserveCapacity(1 << Self.shift)
    }
    blocks[count >> Self.shift].append(element)
    count += 1
  }

  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      let blocks = blocks.span
      return blocks[index >> Self.shift].span[index & ((1 << Self.shift) - 1)]
    }
    _modify { yield &blocks[index >> Self.shift][index & ((1 << Self.shift) - 1)] }
  }
}
