import CallModel

/// Bytes kept for the length of a run, addressed by 32 bits.
///
/// The memory is a list of blocks, so that growing never copies what is there: a night's texts are held once, not one and
/// a half times. An address is a block and an eighth of the offset in it; 0 is nobody's address.
package struct TextArena: Sendable {
  package typealias Address = UInt32

  private static let blockSize = 1 << 20
  /// 32,768 blocks of 131,072 aligned places: 32 GiB.
  private static let blockLimit = 1 << 15

  private var blocks: [[UInt8]] = []

  package init() { addBlock(TextArena.blockSize) }

  private mutating func addBlock(_ capacity: Int) {
    precondition(blocks.count < TextArena.blockLimit, "the open calls of one run have more than 32 GiB of texts")
    var block: [UInt8] = []
    block.reserveCapacity(capacity)
    if blocks.isEmpty { block.append(contentsOf: repeatElement(0, count: 8)) }
    blocks.append(block)
  }

  /// Keeps a copy of `bytes`.
  package mutating func append(_ bytes: Span<UInt8>) -> Address {
    var last = blocks.count - 1
    if blocks[last].count + bytes.count + 8 > TextArena.blockSize {
      addBlock(max(TextArena.blockSize, bytes.count + 8))
      last += 1
    }
    let offset = blocks[last].count
    blocks[last].append(copying: bytes)
    for _ in 0..<(-blocks[last].count & 7) { blocks[last].append(0) }
    return UInt32(last) << 17 | UInt32(offset >> 3)
  }

  /// Lends the block that holds an address, and the offset in it.
  @inline(__always)
  func withBlock<Value, Failure: Error>(
    at address: Address, _ body: (Span<UInt8>, Int) throws(Failure) -> Value
  ) throws(Failure) -> Value {
    // Through a span the block is borrowed; through the array it would be retained, by all tasks at once.
    let blocks = blocks.span
    return try body(blocks[Int(address >> 17)].span, Int(address & 0x1ffff) << 3)
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
