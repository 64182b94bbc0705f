/// Values written one after the other into bytes, for files that only this program reads again.
///
/// Whole numbers are base-128, least digits first, signed ones folded so that small ones either way of zero are short;
/// texts and lists have their length before them. What is written is read in the same order by `PackedReader`.
package struct PackedWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package mutating func put(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  package mutating func put(signed value: Int64) { put(UInt64(bitPattern: value &<< 1 ^ value &>> 63)) }

  package mutating func put(_ value: Int) { put(signed: Int64(value)) }

  package mutating func put(_ value: Int128) {
    put(UInt64(truncatingIfNeeded: value))
    put(signed: Int64(truncatingIfNeeded: value >> 64))
  }

  package mutating func put(_ text: Span<UInt8>) {
    put(UInt64(text.count))
    bytes.append(copying: text)
  }

  package mutating func put(_ text: [UInt8]) { put(text.span) }

  package mutating func put(_ text: String) { put(Array(text.utf8)) }

  package mutating func put(_ text: String?) {
    put(text == nil ? 0 : 1)
    if let text { put(text) }
  }

  /// Eight bytes a word.
  package mutating func put(words: [UInt64]) {
    put(UInt64(words.count))
    bytes.append(addingCapacity: words.count * 8) { (block: inout OutputSpan<UInt8>) in
      for word in words { block.append(word: word, count: 8) }
    }
  }
}

/// Reads what `PackedWriter` wrote. Once bytes are missing or make no value, `isIntact` is false and all values are zero
/// or empty; so it may be asked once, at the end.
package struct PackedReader: Sendable {
  private let bytes: [UInt8]
  private var position: Int
  private let end: Int
  package internal(set) var isIntact = true

  package init(_ bytes: [UInt8], from start: Int, to end: Int) {
    self.bytes = bytes
    position = start
    self.end = end
  }

  package var isAtEnd: Bool { position == end }

  package mutating func number() -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while isIntact, position < end, shift < 64 {
      let byte = bytes[position]
      position += 1
      value |= UInt64(byte & 0x7f) &<< shift
      if byte < 0x80 { return value }
      shift += 7
    }
    isIntact = false
    return 0
  }

  package mutating func signed() -> Int64 {
    let folded = number()
    return Int64(bitPattern: folded >> 1) ^ -Int64(bitPattern: folded & 1)
  }

  package mutating func int() -> Int { Int(signed()) }

  /// A number that fits 32 bits.
  package mutating func word() -> UInt32 { narrow(number()) }

  package mutating func day() -> Int32 { narrow(signed()) }

  package mutating func wide() -> Int128 {
    let low = number()
    return Int128(signed()) << 64 | Int128(low)
  }

  /// How many elements follow, each of at least `size` bytes.
  package mutating func count(ofSize size: Int = 1) -> Int {
    let count = number()
    guard isIntact, count <= UInt64((end - position) / size) else {
      isIntact = false
      return 0
    }
    return Int(count)
  }

  package mutating func text() -> [UInt8] {
    let length = count()
    defer { position += length }
    return Array(bytes[position..<(position + length)])
  }

  package mutating func string() -> String { String(decoding: text(), as: UTF8.self) }

  package mutating func optionalString() -> String? { int() == 0 ? nil : string() }

  package mutating func words() -> [UInt64] {
    let count = count(ofSize: 8)
    let start = position
    position += 8 * count
    let span = bytes.span
    return [UInt64](made: count) { span.word(at: start + 8 * $0) }
  }

  private mutating func narrow<Wide: FixedWidthInteger, Narrow: FixedWidthInteger>(_ value: Wide) -> Narrow {
    if let narrow = Narrow(exactly: value) { return narrow }
    isIntact = false
    return 0
  }
}

extension Array where Element == UInt64 {
  /// `count` words, each made from its place.
  fileprivate init(made count: Int, _ word: (Int) -> UInt64) {
    self.init()
    reserveCapacity(count)
    for place in 0..<count { append(word(place)) }
  }
}
