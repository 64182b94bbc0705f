// Who inflates and sums up: `RawInflate` and zlib, or ISA-L where the package trait FastInflate is on. What is read is the
// same.

#if FastInflate
  package typealias Inflater = IsalInflate
#else
  package typealias Inflater = RawInflate
#endif

/// The CRC-32 of gzip, continued over `bytes`.
func crc32(_ crc: UInt32, _ bytes: Span<UInt8>) -> UInt32 {
  #if FastInflate
    isalCRC32(crc, bytes)
  #else
    zlibCRC32(crc, bytes)
  #endif
}

/// Whether `crc32` itself is so fast that shortening its message costs more than it saves.
var isCRC32Fast: Bool {
  #if FastInflate
    true
  #else
    false
  #endif
}
