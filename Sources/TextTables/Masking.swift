import CallModel
import Crypto

/// What is done to a column's values before anybody may see them. Null stays null.
package enum Masking: Sendable {
  case keep
  /// Every value becomes null.
  case drop
  /// `…1234`: the last four characters (Unicode scalars); a value of four or fewer shows none of them.
  case last4
  /// Lower-case hex HMAC-SHA-256 of the value's text, so that equal values stay equal.
  case hash(MaskingKey)

  /// The text as it may be shown in a table, a finding, a log or an error; nil for a dropped one.
  package func masked(_ text: String) -> String? {
    switch self {
    case .keep: text
    case .drop: nil
    case .last4, .hash: String(decoding: masked(bytes: Array(text.utf8)), as: UTF8.self)
    }
  }

  var isKeep: Bool {
    if case .keep = self { true } else { false }
  }

  /// The masked form of a value; empty for a dropped one.
  func masked(bytes: [UInt8]) -> [UInt8] {
    switch self {
    case .keep: bytes
    case .drop: []
    case .last4: lastFour(of: bytes)
    case .hash(let key): key.hexDigest(of: bytes)
    }
  }

  private func lastFour(of bytes: [UInt8]) -> [UInt8] {
    var shown = Array("…".utf8)
    var start = bytes.count
    var scalars = 0
    while start > 0, scalars < 4 {
      start -= 1
      if bytes[start] & 0xc0 != 0x80 { scalars += 1 }
    }
    if start > 0 { shown += bytes[start...] }
    return shown
  }
}

/// The secret under which values are hashed. It never appears in a description.
package struct MaskingKey: Sendable, CustomStringConvertible {
  private let key: SymmetricKey

  package init(_ secret: [UInt8]) { key = SymmetricKey(data: secret) }

  package var description: String { "(secret)" }

  func hexDigest(of bytes: [UInt8]) -> [UInt8] {
    hexadecimal(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
  }
}

/// Lower-case hex digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> [UInt8] {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  text.reserveCapacity(64)
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return text
}
