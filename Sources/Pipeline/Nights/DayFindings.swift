import CallModel
import Tally

/// Findings of a set of tables that are about days and hours.
struct DayFindings {
  let archives: NightArchives
  let hours: DayHours
  /// Days before those published whose archives belong to their window.
  let lookback: Int32

  /// Days of the window without an archive: those before the first archive of the window are one finding of little
  /// weight, for then the archives begin there.
  func missingDays(of published: RunDays) -> [Finding] {
    let window = published.first.advanced(by: -lookback)...published.last
    let gaps = archives.gaps.filter { window.contains($0.day) }
    let empty = Set(gaps.filter { $0.pattern == nil }.map(\.day.number))
    let begin = (window.lowerBound.number...window.upperBound.number).first { !empty.contains($0) }
    var findings: [Finding] = []
    if let begin, begin > window.lowerBound.number {
      let count = begin - window.lowerBound.number
      findings.append(
        Finding(
          .missingDay, .day(window.lowerBound.description), counted: "0", severity: .info,
          message: "The window's archives begin on \(Day(number: begin)): the \(count == 1 ? "day" : "\(count) days") "
            + "before \(count == 1 ? "has" : "have") none."))
    }
    for gap in gaps where gap.pattern != nil || gap.day.number > begin ?? Int32.max {
      let what = gap.pattern.map { "No archive of the day matches \($0.visible)." }
      findings.append(
        Finding(
          .missingDay, .day(gap.day.description), counted: "0",
          message: what ?? "The day has no archive, so its events are missing from the books."))
    }
    return findings
  }

  func missingHours(of published: RunDays) -> [Finding] {
    (published.first.number...published.last.number).flatMap { number in
      hours.emptyHours(of: Day(number: number)).map { hour in
        Finding(
          .missingHour, .day(String(hour.shown.description.prefix(16))), counted: "0",
          message: "The hour has no event, though hours before and after it have.")
      }
    }
  }

  /// Events that came too late to be told: those of calls and campaigns of days that are not published again.
  func late(_ days: [DayBooks.LateDay]) -> [Finding] {
    days.map { late in
      var parts: [String] = []
      if late.calls > 0 { parts.append(late.calls == 1 ? "1 call" : "\(late.calls) calls") }
      if late.campaigns > 0 { parts.append(late.campaigns == 1 ? "1 campaign" : "\(late.campaigns) campaigns") }
      return Finding(
        .lateBeyondRestate, .day(late.day.description),
        message: "Events of \(parts.joined(separator: " and ")) of this day came so late that its tables are not "
          + "published again.")
    }
  }
}
