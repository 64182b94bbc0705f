/// Where to remember what hangs on the blocks of a call's events, see `CallBook.agentBlocks(of:)`: one place for each of
/// the sets of blocks that come often, the last one that came.
package struct BlockCache<Value: Sendable>: Sendable {
  private var keys: [SIMD4<UInt32>]
  package var values: [Value]

  /// `value` fills the places that nothing was remembered in.
  package init(repeating value: Value) {
    // No address is all ones.
    keys = Array(repeating: SIMD4(repeating: UInt32.max), count: 1024)
    values = Array(repeating: value, count: 1024)
  }

  /// The place in `values` for these blocks, and whether what stands there is theirs; if not, it is from now on.
  package mutating func place(of blocks: SIMD4<UInt32>) -> (index: Int, isKnown: Bool) {
    let sums = blocks &* SIMD4(0x9e37_79b1, 0x85eb_ca77, 0xc2b2_ae3d, 0x27d4_eb2f)
    let index = Int((sums[0] ^ sums[1] ^ sums[2] ^ sums[3]) >> 22)
    if keys[index] == blocks { return (index, true) }
    keys[index] = blocks
    return (index, false)
  }
}
