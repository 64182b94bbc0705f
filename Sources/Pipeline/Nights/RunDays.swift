package import CallModel
package import Foundation

/// The days that a run publishes: one day, or the days of a range as one set of tables.
package enum RunDays: Equatable, Sendable {
  case day(Day)
  /// Both ends belong to it; the first is not after the last.
  case range(first: Day, last: Day)

  package var first: Day {
    switch self {
    case .day(let day): day
    case .range(let first, _): first
    }
  }

  package var last: Day {
    switch self {
    case .day(let day): day
    case .range(_, let last): last
    }
  }

  /// What `${day}` in the output's paths stands for: `2026-04-08`, or `2026-04-01_2026-04-30`.
  package var label: String {
    switch self {
    case .day(let day): day.description
    case .range(let first, let last): "\(first)_\(last)"
    }
  }

  /// The same for the same days, whether they were named as a day or as a range: `2026-04-08` for either.
  var span: String { first == last ? first.description : label }

  func contains(_ day: Int32) -> Bool { first.number <= day && day <= last.number }
}

/// A day as a command line names it.
package enum DayChoice: Equatable, Sendable {
  case date(Day)
  /// 0 is today, 1 yesterday.
  case daysAgo(Int32)

  /// `yesterday`, `today`, `YYYY-MM-DD`, or `-N` for N days ago, at most 36,600; nil for anything else.
  package init?(_ text: String) {
    switch text {
    case "today": self = .daysAgo(0)
    case "yesterday": self = .daysAgo(1)
    case _ where text.hasPrefix("-"):
      let digits = text.dropFirst()
      guard digits.utf8.allSatisfy({ $0.decimalDigit != nil }), let days = Int32(digits), days <= 36_600 else {
        return nil
      }
      self = .daysAgo(days)
    default:
      guard let day = Day(text) else { return nil }
      self = .date(day)
    }
  }

  package func day(today: Day) -> Day {
    switch self {
    case .date(let day): day
    case .daysAgo(let days): today.advanced(by: -days)
    }
  }
}

extension Day {
  /// `YYYY-MM-DD`, a date that the calendar has.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 0x2d || $0.decimalDigit != nil }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  package func advanced(by days: Int32) -> Day { Day(number: number + days) }
}

extension PipelineFile {
  /// The business day at a moment.
  package func businessDay(at moment: Date) -> Day {
    let instant = Int64((moment.timeIntervalSince1970 * 1_000_000).rounded(.down))
    return ZoneRules(named: business.timezone).wallClock(atInstant: instant).day
  }
}
