import CallModel

/// Reads a time as the provider writes it, in microseconds of the provider's own clock; nil when there is no such time.
///
/// `2026-04-08T10:30:00.000000` as documented; also a blank for the `T`, any number of decimals or none (what is finer
/// than a microsecond is cut), a colon before them (`09:00:00:000000`, as one published example has it), and an offset
/// (`Z`, `+05:30`, `+0530`, `+05`), which is turned into the provider's clock of `zone`.
func timestampText(_ text: Span<UInt8>, zone: ZoneRules) -> Int64? {
  guard text.count >= 19, text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
    text[10] | 0x20 == UInt8(ascii: "t") || text[10] == 0x20, text[13] == UInt8(ascii: ":"),
    text[16] == UInt8(ascii: ":"),
    let century = twoDigits(text, 0), let year = twoDigits(text, 2), let month = twoDigits(text, 5),
    let day = twoDigits(text, 8), let hour = twoDigits(text, 11), let minute = twoDigits(text, 14),
    let second = twoDigits(text, 17)
  else { return nil }
  var index = 19
  var fraction = 0
  if index < text.count, text[index] == UInt8(ascii: ".") || text[index] == UInt8(ascii: ":") {
    index += 1
    var digits = 0
    while index < text.count, let digit = text[index].decimalDigit {
      if digits < 6 { fraction = fraction * 10 + digit }
      digits += 1
      index += 1
    }
    guard digits > 0 else { return nil }
    while digits < 6 {
      fraction *= 10
      digits += 1
    }
  }
  guard
    let time = Timestamp(
      year: century * 100 + year, month: month, day: day, hour: hour, minute: minute, second: second,
      microsecond: fraction)
  else { return nil }
  if index == text.count { return time.microseconds }
  guard let offset = offsetText(text, from: index) else { return nil }
  let local = zone.wallClock(atInstant: time.microseconds - offset * 1_000_000)
  return local >= Timestamp.earliest && local <= Timestamp.latest ? local.microseconds : nil
}

/// The last date that was read. A night's times fall on few days, and nearly all are written in one way.
///
/// Of `2026-04-08T10:30:00.000000` the first ten bytes are then only compared, and no calendar is asked.
struct RecentDay: Sendable {
  private static let usualLength = 26

  /// `YYYY-MM-` and `DD` as words.
  private var yearAndMonth: UInt64 = 0
  private var dayOfMonth: UInt64 = 0
  /// Microseconds since 1970 at the day's start.
  private var start: Int64 = 0

  /// The time at `range` where it is written in the usual way and falls on the day remembered; else nil.
  @inline(__always)
  func time(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
    guard range.count == RecentDay.usualLength, bytes.word(at: range.lowerBound) == yearAndMonth,
      bytes.word(at: range.lowerBound &+ 8) & 0xffff == dayOfMonth,
      let clock = RecentDay.clock(bytes, range.lowerBound)
    else { return nil }
    return start &+ clock
  }

  /// Takes the day of a time that was read at `range`, unless it was written in another way.
  mutating func remember(_ bytes: Span<UInt8>, _ range: Range<Int>, _ time: Int64) {
    guard range.count == RecentDay.usualLength, let clock = RecentDay.clock(bytes, range.lowerBound) else { return }
    yearAndMonth = bytes.word(at: range.lowerBound)
    dayOfMonth = bytes.word(at: range.lowerBound + 8) & 0xffff
    start = time - clock
  }

  /// Microseconds since midnight of a time written in the usual way from `offset` on; nil for another.
  @inline(__always)
  private static func clock(_ bytes: Span<UInt8>, _ offset: Int) -> Int64? {
    // `DDTHH:MM`, `:SS.ffff`, and what begins two bytes further on, `S.ffffff`.
    let hours = bytes.word(at: offset &+ 8)
    let seconds = bytes.word(at: offset &+ 16)
    let fraction = bytes.word(at: offset &+ 18)
    guard hours & 0x0000_ff00_00ff_0000 == 0x0000_3a00_0054_0000, seconds & 0xff00_00ff == 0x2e00_003a,
      areDigits(hours & ~0x0000_ff00_00ff_0000 | 0x0000_3000_0030_0000),
      areDigits(seconds & ~0xff00_00ff | 0x3000_0030), areDigits(fraction & ~0xff00 | 0x3000)
    else { return nil }
    let (hour, minute, second) = (pair(hours, at: 3), pair(hours, at: 6), pair(seconds, at: 1))
    guard hour < 24, minute < 60, second < 60 else { return nil }
    let micros = (pair(fraction, at: 2) &* 100 &+ pair(fraction, at: 4)) &* 100 &+ pair(fraction, at: 6)
    return ((hour &* 60 &+ minute) &* 60 &+ second) &* 1_000_000 &+ micros
  }

  /// Whether all eight bytes are decimal digits.
  @inline(__always)
  private static func areDigits(_ word: UInt64) -> Bool {
    let highs: UInt64 = 0xf0f0_f0f0_f0f0_f0f0
    return word & highs == 0x3030_3030_3030_3030 && (word &+ 0x0606_0606_0606_0606) & highs == 0x3030_3030_3030_3030
  }

  /// The value of the two digits that stand at a byte of a word.
  @inline(__always)
  private static func pair(_ word: UInt64, at byte: UInt64) -> Int64 {
    let digits = Int64(truncatingIfNeeded: word &>> (byte &* 8) & 0x0f0f)
    return (digits & 0xf) &* 10 &+ digits &>> 8
  }
}

/// An offset from UTC in seconds: `Z`, or a sign, hours up to 23 and minutes; nil unless it is the rest of the text.
private func offsetText(_ text: Span<UInt8>, from start: Int) -> Int64? {
  let rest = text.count - start
  if text[start] | 0x20 == UInt8(ascii: "z") { return rest == 1 ? 0 : nil }
  guard text[start] == UInt8(ascii: "+") || text[start] == UInt8(ascii: "-"), rest >= 3,
    let hours = twoDigits(text, start + 1), hours < 24
  else { return nil }
  var minutes = 0
  switch rest {
  case 3: break
  case 5, 6:
    if rest == 6, text[start + 3] != UInt8(ascii: ":") { return nil }
    guard let read = twoDigits(text, text.count - 2), read < 60 else { return nil }
    minutes = read
  default: return nil
  }
  let seconds = Int64(hours * 3_600 + minutes * 60)
  return text[start] == UInt8(ascii: "-") ? -seconds : seconds
}

@inline(__always)
private func twoDigits(_ text: Span<UInt8>, _ index: Int) -> Int? {
  guard let tens = text[index].decimalDigit, let ones = text[index &+ 1].decimalDigit else { return nil }
  return tens &* 10 &+ ones
}

/// Reads a duration in words: `HH:MM:SS` with any number of hours, or `1h 3m 45s` with its parts in that order.
///
/// Minutes and seconds of the first form are below 60 and one or two digits; `00:60:00` says two things at once and is
/// refused. Nil for anything else, a negative duration among it.
func durationText(_ text: Span<UInt8>) -> Int64? {
  var parts: [(value: Int64, digits: Int, unit: UInt8)] = []
  var index = 0
  while index < text.count {
    var value: Int64 = 0
    let start = index
    while index < text.count, let digit = text[index].decimalDigit {
      guard index - start < 11 else { return nil }
      value = value * 10 + Int64(digit)
      index += 1
    }
    guard index > start else { return nil }
    let unit = index < text.count ? text[index] : 0
    parts.append((value, index - start, unit))
    guard parts.count <= 3 else { return nil }
    index += 1
    if unit != UInt8(ascii: ":"), unit != 0, index < text.count, text[index] == 0x20 { index += 1 }
    if index >= text.count, unit == UInt8(ascii: ":") { return nil }
  }
  switch parts.map(\.unit) {
  case [UInt8(ascii: ":"), UInt8(ascii: ":"), 0]:
    guard parts[1...].allSatisfy({ $0.value < 60 && $0.digits <= 2 }) else { return nil }
    return parts[0].value * 3_600 + parts[1].value * 60 + parts[2].value
  case let units where !units.isEmpty:
    var seconds: Int64 = 0
    var last = Int64.max
    for part in parts {
      let size: Int64
      switch part.unit {
      case UInt8(ascii: "h"): size = 3_600
      case UInt8(ascii: "m"): size = 60
      case UInt8(ascii: "s"): size = 1
      default: return nil
      }
      guard size < last else { return nil }
      last = size
      seconds += part.value * size
    }
    return seconds
  default: return nil
  }
}
