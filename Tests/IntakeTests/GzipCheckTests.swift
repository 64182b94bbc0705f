import CallModel
import Testing

import Intake

@Suite struct GzipCheckTests {
  /// CRC-32 bit by bit, as RFC 1952 defines it.
  private static func reference(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    return ~crc
  }

  @Test func `the check value of the standard`() {
    var check = GzipCheck()
    check.update(Array("123456789".utf8).span)
    #expect(check.value == 0xcbf4_3926)
  }

  @Test(arguments: [0, 1, 7, 8, 63, 64, 255, 256, 257, 319, 320, 321, 16_384, 100_003])
  func `any length in one piece`(length: Int) {
    var numbers = SystemRandomNumberGenerator()
    let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &numbers) }
    var check = GzipCheck()
    check.update(bytes.span)
    #expect(check.value == GzipCheckTests.reference(bytes))
  }

  @Test(arguments: [1, 255, 256, 5_000, 65_536])
  func `any pieces, short and long in turn`(length: Int) {
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7 ^ $0) }
    var check = GzipCheck()
    check.update(bytes.span.extracting(0..<100))
    check.reset()
    var start = 0
    var isLong = true
    while start < bytes.count {
      let end = min(bytes.count, start + (isLong ? max(length, 300) : length))
      check.update(bytes.span.extracting(start..<end))
      start = end
      isLong.toggle()
    }
    #expect(check.value == GzipCheckTests.reference(bytes))
  }
}
