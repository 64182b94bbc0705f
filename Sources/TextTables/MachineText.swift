import CallModel

/// Numbers and times as text, eight digits at a time.
///
/// Two digits are one multiplication; eight are three multiplications on packed halves of a word. A word whose first
/// byte is its lowest is appended with the count of its bytes that matter, so no cell is written byte by byte, and
/// none costs an allocation or a `String`. Each cell is followed by the byte that ends it.
extension [UInt8] {
  /// Appends `-5`, `0`, `42`.
  mutating func append(decimal value: Int64, ending: UInt8) {
    append(addingCapacity: 40) { (out: inout OutputSpan<UInt8>) in
      if value < 0 { out.append(UInt8(ascii: "-")) }
      out.append(digits: value.magnitude)
      out.append(ending)
    }
  }

  /// Appends an exact amount without trailing zeros: `5`, `-0.25`.
  mutating func append(credits value: Credits, decimalPoint: UInt8 = UInt8(ascii: "."), ending: UInt8) {
    guard let small = Int64(exactly: value.millionths) else {
      for byte in value.description.utf8 { append(byte == UInt8(ascii: ".") ? decimalPoint : byte) }
      append(ending)
      return
    }
    let (whole, fraction) = small.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    append(addingCapacity: 48) { (out: inout OutputSpan<UInt8>) in
      if small < 0 { out.append(UInt8(ascii: "-")) }
      out.append(digits: whole)
      if fraction != 0 {
        let digits = eightDigits(fraction &* 100)
        let count = 8 &- digits.leadingZeroBitCount / 8
        out.append(word: UInt64(decimalPoint) | (digits &+ asciiZeros) << 8, count: count &+ 1)
      }
      out.append(ending)
    }
  }

  /// Appends `YYYY-MM-DD`.
  mutating func append(day: Day, ending: UInt8, remembering last: inout DayText) {
    if day.number != last.number { last = DayText(day) }
    let text = last
    append(addingCapacity: 16) { (out: inout OutputSpan<UInt8>) in
      out.append(word: text.yearAndMonth, count: 8)
      out.append(word: text.dayOfMonth | UInt64(ending) << 16, count: 3)
    }
  }

  /// Appends `YYYY-MM-DDTHH:MM:SS.ffffff`.
  mutating func append(timestamp: Timestamp, ending: UInt8, remembering last: inout DayText) {
    let time = Clock(timestamp, remembering: &last)
    append(addingCapacity: 32) { (out: inout OutputSpan<UInt8>) in
      out.append(word: time.date.yearAndMonth, count: 8)
      out.append(word: time.dayAndHour(dividedBy: UInt8(ascii: "T")), count: 8)
      let fraction = twoDigits(time.fraction / 10_000) << 32 | twoDigits(time.fraction / 100 % 100) << 48
      out.append(word: time.seconds | UInt64(UInt8(ascii: ".")) << 24 | fraction, count: 8)
      out.append(word: twoDigits(time.fraction % 100) | UInt64(ending) << 16, count: 3)
    }
  }

  /// Appends `YYYY-MM-DD HH:MM:SS`; the fraction is left off, not rounded, so that no call changes its day.
  mutating func append(secondsOf timestamp: Timestamp, ending: UInt8, remembering last: inout DayText) {
    let time = Clock(timestamp, remembering: &last)
    append(addingCapacity: 32) { (out: inout OutputSpan<UInt8>) in
      out.append(word: time.date.yearAndMonth, count: 8)
      out.append(word: time.dayAndHour(dividedBy: UInt8(ascii: " ")), count: 8)
      out.append(word: time.seconds | UInt64(ending) << 24, count: 4)
    }
  }
}

extension OutputSpan where Element == UInt8 {
  /// Appends a number's digits without leading zeros; needs room for 27 bytes.
  @inline(__always)
  mutating func append(digits value: UInt64) {
    guard value < 100_000_000 else { return append(manyDigits: value) }
    let digits = eightDigits(value)
    let skipped = Swift.min(digits.trailingZeroBitCount / 8, 7)
    append(word: (digits &+ asciiZeros) >> UInt64(skipped &* 8), count: 8 &- skipped)
  }

  private mutating func append(manyDigits value: UInt64) {
    let (upper, lower) = value.quotientAndRemainder(dividingBy: 100_000_000)
    if upper < 100_000_000 {
      append(digits: upper)
    } else {
      append(digits: upper / 100_000_000)
      append(word: eightDigits(upper % 100_000_000) &+ asciiZeros, count: 8)
    }
    append(word: eightDigits(lower) &+ asciiZeros, count: 8)
  }
}

/// A date's digits. A night's times fall on few days, so an encoder keeps the last one and rarely needs the calendar.
struct DayText: Sendable {
  let number: Int32
  /// `YYYY-MM-`.
  let yearAndMonth: UInt64
  /// `DD`.
  let dayOfMonth: UInt64

  init(_ day: Day) {
    let (year, month, dayOfMonth) = day.civil
    let dashes = UInt64(UInt8(ascii: "-")) << 32 | UInt64(UInt8(ascii: "-")) << 56
    number = day.number
    yearAndMonth = twoDigits(year / 100) | twoDigits(year % 100) << 16 | twoDigits(month) << 40 | dashes
    self.dayOfMonth = twoDigits(dayOfMonth)
  }
}

/// A timestamp's parts as words of text.
private struct Clock {
  let date: DayText
  /// Microseconds of the second.
  let fraction: Int
  private let minuteOfDay: Int
  private let second: Int

  @inline(__always)
  init(_ timestamp: Timestamp, remembering last: inout DayText) {
    // Counted from the year 1 no timestamp is negative, and unsigned division needs no correction.
    let elapsed = UInt64(truncatingIfNeeded: timestamp.microseconds &+ Int64(daysBefore1970) &* 86_400_000_000)
    let days = elapsed / 86_400_000_000
    let day = Day(number: Int32(truncatingIfNeeded: Int(days) &- daysBefore1970))
    if day.number != last.number { last = DayText(day) }
    date = last
    let micros = Int(elapsed &- days &* 86_400_000_000)
    let seconds = micros / 1_000_000
    fraction = micros % 1_000_000
    minuteOfDay = seconds / 60
    second = seconds % 60
  }

  /// `DDTHH:MM`.
  @inline(__always)
  func dayAndHour(dividedBy divider: UInt8) -> UInt64 {
    let minutes = UInt64(UInt8(ascii: ":")) << 40 | twoDigits(minuteOfDay % 60) << 48
    return date.dayOfMonth | UInt64(divider) << 16 | twoDigits(minuteOfDay / 60) << 24 | minutes
  }

  /// `:SS`.
  @inline(__always)
  var seconds: UInt64 { UInt64(UInt8(ascii: ":")) | twoDigits(second) << 8 }
}

/// Days from 0001-01-01 to 1970-01-01.
private let daysBefore1970 = 719_162

private let asciiZeros: UInt64 = 0x3030_3030_3030_3030

/// A number of 0 to 99 as two characters, the first in the lowest byte.
@inline(__always)
private func twoDigits(_ value: Int) -> UInt64 {
  let number = UInt64(truncatingIfNeeded: value)
  let tens = (number &* 103) >> 10
  return (tens | (number &- tens &* 10) << 8) &+ 0x3030
}

/// The eight digits of a number below 10⁸, each the value 0 to 9 in a byte of its own, the first in the lowest byte.
@inline(__always)
private func eightDigits(_ value: UInt64) -> UInt64 {
  let (upper, lower) = value.quotientAndRemainder(dividingBy: 10_000)
  let fours = upper | lower << 32
  let hundreds = ((fours &* 10_486) >> 20) & 0x0000_007f_0000_007f
  let pairs = hundreds | (fours &- hundreds &* 100) << 16
  let tens = ((pairs &* 103) >> 10) & 0x000f_000f_000f_000f
  return tens | (pairs &- tens &* 10) << 8
}
