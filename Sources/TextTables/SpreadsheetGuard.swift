import CallModel

/// Decides whether a spreadsheet would turn a text into something else on opening: a formula, number, date, time,
/// percentage, amount of money, boolean or error value, or a text without its outer white space.
///
/// A number-like text is one with a digit in it whose every piece could be part of a number or date somewhere in the
/// world: digits, the punctuation of numbers and dates, currency signs, and words such as `e`, `pm`, `EUR` or `Mar`. So
/// `66401122334455667788e901`, `+1 (415) 555-1234`, `1 1/2`, `3月5日` and `Mar 5` are guarded; `5 apples`, `A-17` and a
/// UUID are not, for their first foreign piece ends the scan. Where programs and countries differ, it guards: an
/// apostrophe too many can be seen and removed, a changed value cannot be got back.
enum SpreadsheetGuard {
  static func isNeeded(for bytes: Span<UInt8>) -> Bool {
    guard bytes.count > 0 else { return false }
    return startsDangerously(bytes) || endsWithSpace(bytes) || looksLikeNumber(bytes) || isConstant(bytes)
  }

  private static func startsDangerously(_ bytes: Span<UInt8>) -> Bool {
    switch bytes[0] {
    case 0...0x20, UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), UInt8(ascii: "'"),
      UInt8(ascii: "|"), UInt8(ascii: "%"):
      return true
    case 0x80...:
      var index = 0
      let scalar = decodedScalar(bytes, &index)
      return isSpace(scalar) || scalar == 0x2212 || 0xff01...0xff5e ~= scalar
    default:
      return false
    }
  }

  private static func endsWithSpace(_ bytes: Span<UInt8>) -> Bool {
    var start = bytes.count &- 1
    if bytes[start] < 0x80 { return bytes[start] <= 0x20 }
    while start > 0, bytes[start] & 0xc0 == 0x80 { start &-= 1 }
    return isSpace(decodedScalar(bytes, &start))
  }

  /// Whether the whole text is made of pieces of numbers and dates, with a digit among them.
  private static func looksLikeNumber(_ bytes: Span<UInt8>) -> Bool {
    guard mayHoldDigit(bytes) else { return false }
    var index = 0
    var sawDigit = false
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x30...0x39:
        sawDigit = true
        index &+= 1
      case UInt8(ascii: " "), UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "/"),
        UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "'"), UInt8(ascii: "%"), UInt8(ascii: "("),
        UInt8(ascii: ")"), UInt8(ascii: "$"), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        index &+= 1
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
        guard acceptWord(bytes, &index, afterDigit: sawDigit) else { return false }
      case 0x80...:
        var next = index
        switch kind(of: decodedScalar(bytes, &next)) {
        case .digit:
          sawDigit = true
          index = next
        case .mark: index = next
        case .letter: guard acceptWord(bytes, &index, afterDigit: sawDigit) else { return false }
        }
      default:
        return false
      }
    }
    return sawDigit
  }

  /// A quick no for short texts, which most cells are, before any word is looked up.
  private static func mayHoldDigit(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count <= 64 else { return true }
    for index in 0..<bytes.count where bytes[index] &- 0x30 < 10 || bytes[index] >= 0x80 { return true }
    return false
  }

  /// Steps over a run of letters if it is a word of numbers or dates; one letter only after a digit (`1e5`, `3 p`), or
  /// where it is money's (`R$ 5`, `R5`, `S/ 5`).
  private static func acceptWord(_ bytes: Span<UInt8>, _ index: inout Int, afterDigit: Bool) -> Bool {
    let start = index
    while index < bytes.count, isLetter(bytes[index] | 0x20) || bytes[index] >= 0x80 {
      var next = index
      guard bytes[index] < 0x80 || kind(of: decodedScalar(bytes, &next)) == .letter else { break }
      index = max(next, index &+ 1)
    }
    guard index &- start > 1 || afterDigit || isMoney(bytes, start, index),
      let word = SpreadsheetWords.packed(bytes, start..<index)
    else { return false }
    return SpreadsheetWords.numeric.contains(word)
  }

  /// Whether a single letter is the sign of a currency: the real's and the rand's `R`, the sol's `S/`.
  private static func isMoney(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    switch bytes[start] | 0x20 {
    case UInt8(ascii: "r"): true
    case UInt8(ascii: "s"): end < bytes.count && bytes[end] == UInt8(ascii: "/")
    default: false
    }
  }

  /// `TRUE`, `wahr`, `#N/A`: whole texts that stand for a boolean or an error value.
  private static func isConstant(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count <= 16 else { return false }
    if bytes[0] == UInt8(ascii: "#") {
      for index in 1..<bytes.count {
        switch bytes[index] {
        case UInt8(ascii: "!"), UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "_"), 0x30...0x39, 0x80...: continue
        default: guard isLetter(bytes[index] | 0x20) else { return false }
        }
      }
      return true
    }
    guard let word = SpreadsheetWords.packed(bytes, 0..<bytes.count) else { return false }
    return SpreadsheetWords.booleans.contains(word)
  }

  private static func isLetter(_ lowered: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= lowered }

  private enum Kind { case digit, mark, letter }

  /// What a character beyond ASCII can be in a number or date.
  private static func kind(of scalar: UInt32) -> Kind {
    switch scalar {
    case 0x660...0x669, 0x6f0...0x6f9, 0x966...0x96f, 0xff10...0xff19: return .digit
    case 0xa2...0xa5, 0x20a0...0x20cf, 0xe3f, 0x2030, 0x2019, 0x2212, 0x66a...0x66c: return .mark
    case 0xff01...0xff0f, 0xff1a...0xff20, 0xffe0...0xffe6: return .mark
    // Year, month, day, hour, minute, second, before and after noon, in Chinese, Japanese and Korean.
    case 0x5e74, 0x6708, 0x65e5, 0x53f7, 0x6642, 0x65f6, 0x70b9, 0x5206, 0x79d2, 0x4e0a, 0x4e0b, 0x5348, 0x524d, 0x5f8c,
      0xb144, 0xc6d4, 0xc77c, 0xc2dc, 0xbd84, 0xcd08, 0xc624, 0xc804, 0xd6c4:
      return .mark
    default: return isSpace(scalar) ? .mark : .letter
    }
  }

  private static func isSpace(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0...0x20, 0x85, 0xa0, 0x1680, 0x2000...0x200b, 0x2028, 0x2029, 0x202f, 0x205f, 0x2060, 0x3000, 0xfeff: true
    default: false
    }
  }

  /// The scalar at `index`, which moves past it; the text is valid UTF-8, and a torn end is read as far as it goes.
  private static func decodedScalar(_ bytes: Span<UInt8>, _ index: inout Int) -> UInt32 {
    let lead = bytes[index]
    index &+= 1
    guard lead >= 0xc0 else { return UInt32(lead) }
    var scalar = UInt32(lead) & (lead < 0xe0 ? 0x1f : lead < 0xf0 ? 0x0f : 0x07)
    while index < bytes.count, bytes[index] & 0xc0 == 0x80 {
      scalar = scalar << 6 | UInt32(bytes[index] & 0x3f)
      index &+= 1
    }
    return scalar
  }
}
