import CallModel

/// An open-addressed index from 64-bit hashes to numbers below 2³².
///
/// A slot holds the upper half of the hash beside the number, so that nearly every comparison of keys is of equal ones, and
/// so that the index grows without asking for hashes again: that half says as well where to look first. The caller compares
/// keys; the index only says where they may be.
struct HashSlots: Sendable {
  private var slots: [UInt64]
  private var used = 0

  init(minimumCapacity: Int = 1 << 10) {
    slots = Array(repeating: 0, count: minimumCapacity)
  }

  /// The number that has this hash and for which `matches` is true, or nil.
  @inline(__always)
  func find(_ hash: UInt64, _ matches: (Int) -> Bool) -> Int? {
    let mask = slots.count &- 1
    var place = Int(hash >> 32) & mask
    while true {
      let slot = slots[place]
      if slot == 0 { return nil }
      if slot >> 32 == hash >> 32 {
        let number = Int(slot & 0xffff_ffff) &- 1
        if matches(number) { return number }
      }
      place = (place &+ 1) & mask
    }
  }

  /// The number in the first slot where a hash would be looked for, or -1; only to bring memory near.
  @inline(__always)
  func peek(_ hash: UInt64) -> Int {
    let slot = slots[Int(hash >> 32) & (slots.count &- 1)]
    return slot >> 32 == hash >> 32 ? Int(slot & 0xffff_ffff) &- 1 : -1
  }

  /// Adds a number that `find` did not find.
  @inline(__always)
  mutating func insert(_ hash: UInt64, _ number: Int) {
    if (used + 1) * 4 > slots.count * 3 { grow() }
    place((hash & 0xffff_ffff_0000_0000) | UInt64(number &+ 1))
    used += 1
  }

  @inline(__always)
  private mutating func place(_ slot: UInt64) {
    let mask = slots.count &- 1
    var place = Int(slot >> 32) & mask
    while slots[place] != 0 { place = (place &+ 1) & mask }
    slots[place] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: old.count * 2)
    for slot in old where slot != 0 { place(slot) }
  }
}

/// Texts numbered from 0 in the order in which they were first seen.
package struct IdentifierTable: Sendable {
  private struct Entry {
    var address: TextArena.Address
    var length: UInt32
  }

  private var index = HashSlots()
  private var entries = BlockArray<Entry>()
  private var arena = TextArena()

  package init() {}

  package var count: Int { entries.count }

  /// The number of an identifier, given with its `hash64`; a new one gets the next.
  package mutating func number(of bytes: Span<UInt8>, hash: UInt64) -> Int {
    if let known = index.find(hash, { holds(bytes, $0) }) { return known }
    let number = entries.count
    index.insert(hash, number)
    entries.append(Entry(address: arena.append(bytes), length: UInt32(bytes.count)))
    return number
  }

  /// The number that a hash most likely has, or -1; only to bring memory near.
  @inline(__always)
  func peek(_ hash: UInt64) -> Int { index.peek(hash) }

  /// Reads a byte of an identifier; only to bring its memory near.
  @inline(__always)
  func touch(_ number: Int) -> UInt64 { arena.touch(entries[number].address) }

  package func find(_ bytes: Span<UInt8>, hash: UInt64) -> Int? {
    index.find(hash) { holds(bytes, $0) }
  }

  private func holds(_ bytes: Span<UInt8>, _ number: Int) -> Bool {
    let entry = entries[number]
    return Int(entry.length) == bytes.count && arena.holds(bytes, at: entry.address)
  }

  /// Lends an identifier's bytes.
  @inline(__always)
  func withBytes<Value>(_ number: Int, _ body: (Span<UInt8>) -> Value) -> Value {
    let entry = entries[number]
    return arena.withBlock(at: entry.address) { block, offset in
      body(block.extracting(offset..<(offset &+ Int(entry.length))))
    }
  }

  package func text(_ number: Int) -> String {
    withBytes(number) { bytes in
      var copy: [UInt8] = []
      copy.append(copying: bytes)
      return String(decoding: copy, as: UTF8.self)
    }
  }
}
