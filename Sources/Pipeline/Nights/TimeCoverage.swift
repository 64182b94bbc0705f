import CallModel
import Synchronization

/// The quarters of an hour in which anything happened, on the events' own clock.
///
/// Zones differ by whole quarters, so a quarter of that clock lies in one hour of the business's.
final class TimeCoverage: Sendable {
  private static let quarter: Int64 = 900_000_000

  private let quarters = Mutex<Set<Int64>>([])

  func add(_ batch: borrowing EventBatch) {
    var found: Set<Int64> = []
    var recent = Int64.min
    for index in batch.events.indices where batch.events[index].timestamp != EventRecord.null {
      let quarter = floorDivide(batch.events[index].timestamp, by: TimeCoverage.quarter)
      if quarter != recent { found.insert(quarter) }
      recent = quarter
    }
    let new = found
    quarters.withLock { $0.formUnion(new) }
  }

  /// The hours of a business day without any event, between the first and the last that has some, as its clock shows
  /// their beginnings. A day has the hours between its midnight and the next: 23 or 25 where clocks are changed.
  func emptyHours(of day: Day, provider: ZoneRules, business: ZoneRules) -> [Timestamp] {
    let midnight = { (day: Day) in
      business.instant(ofWallClock: Timestamp(microseconds: Int64(day.number) * 86_400_000_000))
    }
    let end = midnight(day.advanced(by: 1))
    let known = quarters.withLock(\.self)
    let hours = Array(stride(from: midnight(day), to: end, by: 4 * Int(TimeCoverage.quarter)))
    let isUsed = hours.map { hour in
      stride(from: hour, to: min(hour + 4 * TimeCoverage.quarter, end), by: Int(TimeCoverage.quarter)).contains {
        known.contains(floorDivide(provider.wallClock(atInstant: $0).microseconds, by: TimeCoverage.quarter))
      }
    }
    guard let first = isUsed.firstIndex(of: true), let last = isUsed.lastIndex(of: true) else { return [] }
    return (first...last).filter { !isUsed[$0] }.map { business.wallClock(atInstant: hours[$0]) }
  }
}
