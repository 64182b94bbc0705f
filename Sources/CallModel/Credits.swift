/// An exact amount of credits, counted in millionths.
///
/// Credits are money: they are read from the digits of the JSON, added as integers and printed without rounding. One
/// amount read from an event fits 64 bits of millionths (`Credits.largestAmount`); sums have 128 bits, which a thousand
/// million of the largest amounts cannot overflow.
public struct Credits: Hashable, Sendable {
  /// Millionths of a credit.
  public var millionths: Int128

  @inlinable
  public init(millionths: Int128) { self.millionths = millionths }

  /// A whole number of credits.
  @inlinable
  public init(_ whole: Int64) { millionths = Int128(whole) * 1_000_000 }

  @inlinable public static var zero: Credits { Credits(millionths: 0) }
  /// The largest amount that one event may state: 9,223,372,036,854.775807.
  @inlinable public static var largestAmount: Credits { Credits(millionths: Int128(Int64.max)) }

  @inlinable
  public var magnitude: Credits { Credits(millionths: millionths < 0 ? -millionths : millionths) }
}

extension Credits: Comparable {
  @inlinable
  public static func < (left: Credits, right: Credits) -> Bool { left.millionths < right.millionths }
}

extension Credits: AdditiveArithmetic {
  @inlinable
  public static func + (left: Credits, right: Credits) -> Credits {
    Credits(millionths: left.millionths + right.millionths)
  }

  @inlinable
  public static func - (left: Credits, right: Credits) -> Credits {
    Credits(millionths: left.millionths - right.millionths)
  }

  /// The price of `count` pulses at this amount each.
  @inlinable
  public static func * (count: Int64, amount: Credits) -> Credits {
    Credits(millionths: Int128(count) * amount.millionths)
  }
}

extension Credits {
  /// The amount of a thing, for sentences: `1 credit`, `2.5 credits`.
  package func counting(_ thing: String) -> String { "\(self) \(thing)\(self == Credits(1) ? "" : "s")" }
}

extension Credits: LosslessStringConvertible {
  /// A plain decimal with at most six places: `5`, `-0.25`. Nil for anything else.
  public init?(_ text: String) {
    guard text.utf8.count <= 40, !text.utf8.contains(where: { $0 | 0x20 == UInt8(ascii: "e") }),
      let value = Credits(decimal: Array(text.utf8).span)
    else { return nil }
    self = value
  }

  /// Decimal digits without trailing zeros: `5`, `-0.25`.
  public var description: String {
    let size = millionths.magnitude
    let (whole, fraction) = size.quotientAndRemainder(dividingBy: 1_000_000)
    var text = millionths < 0 ? "-\(whole)" : "\(whole)"
    if fraction != 0 {
      var digits = String(fraction)
      digits = "." + String(repeating: "0", count: 6 - digits.count) + digits
      while digits.hasSuffix("0") { digits.removeLast() }
      text += digits
    }
    return text
  }

  /// Reads a JSON number exactly, exponent included (`5`, `0.25`, `-1`, `25e-2`).
  ///
  /// Nil when the text is no JSON number, needs more than six decimal places, or is beyond `largestAmount`.
  public init?(decimal text: Span<UInt8>) {
    var index = 0
    let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
    if isNegative { index = 1 }
    let first = index
    var value: Int128 = 0
    var exponent = 0
    var digits = 0
    var sawPoint = false
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "."), !sawPoint, digits > 0 {
        sawPoint = true
      } else if let digit = byte.decimalDigit {
        guard value < 1_000_000_000_000_000_000_000_000_000 else {
          guard digit == 0 else { return nil }
          exponent += sawPoint ? 0 : 1
          digits += 1
          index += 1
          continue
        }
        value = value * 10 + Int128(digit)
        exponent -= sawPoint ? 1 : 0
        digits += 1
      } else {
        break
      }
      index += 1
    }
    guard digits > 0, text[index - 1].decimalDigit != nil else { return nil }
    if digits > 1, text[first] == UInt8(ascii: "0"), text[first + 1] != UInt8(ascii: ".") { return nil }
    if index < text.count {
      guard text[index] | 0x20 == UInt8(ascii: "e"), let power = Credits.exponent(text, from: index + 1) else {
        return nil
      }
      exponent += power
    }
    while value != 0, exponent < -6, value % 10 == 0 {
      value /= 10
      exponent += 1
    }
    if value == 0 { exponent = -6 }
    guard exponent >= -6 else { return nil }
    while exponent > -6 {
      guard value <= Credits.largestAmount.millionths else { return nil }
      value *= 10
      exponent -= 1
    }
    guard value <= Credits.largestAmount.millionths else { return nil }
    millionths = isNegative ? -value : value
  }

  /// An exponent's value with its sign; one of more than four digits counts as 9999, far beyond what an amount can use.
  private static func exponent(_ text: Span<UInt8>, from start: Int) -> Int? {
    var index = start
    var isNegative = false
    if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      isNegative = text[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < text.count else { return nil }
    var value = 0
    while index < text.count {
      guard let digit = text[index].decimalDigit else { return nil }
      value = min(value * 10 + digit, 9999)
      index += 1
    }
    return isNegative ? -value : value
  }
}

extension UInt8 {
  /// 0 to 9 for an ASCII digit, else nil.
  @inlinable @inline(__always)
  public var decimalDigit: Int? {
    let digit = self &- 0x30
    return digit < 10 ? Int(digit) : nil
  }
}
