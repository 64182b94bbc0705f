import CallModel

/// The CRC-32 of gzip (RFC 1952) over bytes that come in pieces.
package struct GzipCheck {
  /// The CRC of all bytes so far.
  package private(set) var value: UInt32 = 0

  package init() {}

  package mutating func reset() { value = 0 }

  mutating func update(_ bytes: borrowing [UInt8], _ range: Range<Int>) { update(bytes.span.extracting(range)) }

  package mutating func update(_ bytes: Span<UInt8>) { value = crc32(value, bytes) }
}
