/// A moment as the provider's own clock showed it, to the microsecond, without a zone.
///
/// The provider writes wall-clock times without an offset; which zone that clock keeps is a setting (`input.timezone`).
public struct Timestamp: Comparable, Hashable, Sendable {
  /// Microseconds since 1970-01-01T00:00:00 on the same clock; years 1 to 9999.
  public var microseconds: Int64

  @inlinable
  public init(microseconds: Int64) { self.microseconds = microseconds }

  /// The time of a calendar date and time of day, or nil where there is no such date or time.
  @inlinable
  public init?(
    year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, microsecond: Int
  ) {
    guard let date = Day(year: year, month: month, day: day),
      0..<24 ~= hour, 0..<60 ~= minute, 0..<60 ~= second, 0..<1_000_000 ~= microsecond
    else { return nil }
    let seconds = Int64(date.number) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
    self.init(microseconds: seconds * 1_000_000 + Int64(microsecond))
  }

  public static let earliest = Timestamp(year: 1, month: 1, day: 1)
  public static let latest = Timestamp(microseconds: Timestamp(year: 10_000, month: 1, day: 1).microseconds - 1)

  private init(year: Int, month: Int, day: Int) {
    microseconds = Int64(Day.number(year: year, month: month, day: day)) * 86_400_000_000
  }

  @inlinable
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

  /// The calendar day this moment falls on.
  @inlinable
  public var day: Day { Day(number: Int32(floorDivide(microseconds, by: 86_400_000_000))) }

  /// Microseconds since the midnight before.
  @inlinable
  public var microsecondOfDay: Int64 { microseconds - Int64(day.number) * 86_400_000_000 }
}

/// A calendar day in the proleptic Gregorian calendar.
public struct Day: Comparable, Hashable, Sendable {
  /// Days since 1970-01-01.
  public var number: Int32

  @inlinable
  public init(number: Int32) { self.number = number }

  /// The day of a date of the years 1 to 9999, or nil where the calendar has none.
  @inlinable
  public init?(year: Int, month: Int, day: Int) {
    guard 1...9999 ~= year, 1...12 ~= month, 1...Day.length(ofMonth: month, year: year) ~= day else { return nil }
    number = Day.number(year: year, month: month, day: day)
  }

  @inlinable
  public static func < (left: Day, right: Day) -> Bool { left.number < right.number }

  /// Year, month (1 to 12) and day of the month (from 1), after Howard Hinnant's `civil_from_days`.
  @inlinable
  public var civil: (year: Int, month: Int, day: Int) {
    let shifted = Int(number) + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The inverse of `civil`; any year, month and day in range are taken as they are.
  @inlinable
  public static func number(year: Int, month: Int, day: Int) -> Int32 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int32(truncatingIfNeeded: era * 146_097 + dayOfEra - 719_468)
  }

  /// The number of days of a month.
  @inlinable
  public static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}

/// Division that rounds towards minus infinity; `divisor` is positive.
@inlinable
public func floorDivide(_ value: Int64, by divisor: Int64) -> Int64 {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient - 1 : quotient
}

extension Day: CustomStringConvertible {
  /// `YYYY-MM-DD`.
  public var description: String {
    let (year, month, day) = civil
    return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
  }
}

extension Timestamp: CustomStringConvertible {
  /// `YYYY-MM-DDTHH:MM:SS.ffffff`.
  public var description: String {
    let (seconds, fraction) = microsecondOfDay.quotientAndRemainder(dividingBy: 1_000_000)
    let (minutes, second) = seconds.quotientAndRemainder(dividingBy: 60)
    let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
    return "\(day)T\(padded(Int(hour), to: 2)):\(padded(Int(minute), to: 2)):\(padded(Int(second), to: 2))"
      + ".\(padded(Int(fraction), to: 6))"
  }
}

private func padded(_ value: Int, to width: Int) -> String {
  let digits = String(value)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
