import CallModel

extension [UInt8] {
  /// Appends `"name":`.
  @inline(__always)
  mutating func append(member name: String) {
    append(UInt8(ascii: "\""))
    append(utf8: name)
    append(UInt8(ascii: "\""))
    append(UInt8(ascii: ":"))
  }

  /// Appends decimal digits, with zeros in front up to `width`.
  @inline(__always)
  mutating func append(decimal value: Int, width: Int = 1) {
    var rest = value.magnitude
    if value < 0 { append(UInt8(ascii: "-")) }
    let start = count
    repeat {
      append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    while count - start < width { append(UInt8(ascii: "0")) }
    var (low, high) = (start, count - 1)
    while low < high {
      swapAt(low, high)
      low += 1
      high -= 1
    }
  }

  /// Appends the lowest `digits` hexadecimal digits of a word, 16 at most.
  mutating func append(hex word: UInt64, digits: Int) {
    for place in stride(from: digits - 1, through: 0, by: -1) {
      let digit = UInt8(truncatingIfNeeded: word >> UInt64(place * 4)) & 15
      append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
    }
  }

  /// The forms in which a time is seen in archives.
  enum TimeForm { case published, colonBeforeFraction, zulu, indian, impossible }

  /// Appends a JSON string with a time in microseconds of the provider's clock.
  mutating func append(time: Int64, as form: TimeForm = .published) {
    let shown = Timestamp(microseconds: form == .indian ? time + 19_800_000_000 : time)
    let (year, month, day) = shown.day.civil
    let microseconds = Int(shown.microsecondOfDay)
    append(UInt8(ascii: "\""))
    append(decimal: year, width: 4)
    append(UInt8(ascii: "-"))
    append(decimal: form == .impossible ? 2 : month, width: 2)
    append(UInt8(ascii: "-"))
    append(decimal: form == .impossible ? 30 : day, width: 2)
    append(UInt8(ascii: "T"))
    append(clock: microseconds / 1_000_000)
    append(UInt8(ascii: form == .colonBeforeFraction ? ":" : "."))
    append(decimal: microseconds % 1_000_000, width: 6)
    switch form {
    case .zulu: append(UInt8(ascii: "Z"))
    case .indian: append(utf8: "+05:30")
    case .published, .colonBeforeFraction, .impossible: break
    }
    append(UInt8(ascii: "\""))
  }

  /// Appends seconds as HH:MM:SS; more than two digits of hours where it takes them.
  mutating func append(clock seconds: Int) {
    append(decimal: seconds / 3_600, width: 2)
    append(UInt8(ascii: ":"))
    append(decimal: seconds / 60 % 60, width: 2)
    append(UInt8(ascii: ":"))
    append(decimal: seconds % 60, width: 2)
  }

  /// Rewrites everything from `start` on that is not ASCII as `\u` escapes, with surrogate pairs, as some senders do.
  mutating func escapeNonASCII(from start: Int) {
    let text = Array(self[start...])
    removeSubrange(start...)
    var index = 0
    while index < text.count {
      let byte = text[index]
      guard byte >= 0x80 else {
        append(byte)
        index += 1
        continue
      }
      let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      var scalar = UInt32(byte & (0x7f >> UInt8(length)))
      for next in text[(index + 1)..<(index + length)] { scalar = scalar << 6 | UInt32(next & 0x3f) }
      index += length
      if scalar >= 0x1_0000 {
        append(escape: 0xd800 + (scalar - 0x1_0000) >> 10)
        append(escape: 0xdc00 + (scalar & 0x3ff))
      } else {
        append(escape: scalar)
      }
    }
  }

  private mutating func append(escape unit: UInt32) {
    append(utf8: "\\u")
    append(hex: UInt64(unit), digits: 4)
  }
}
