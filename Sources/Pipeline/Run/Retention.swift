import CallModel
import TextTables

/// Removes the published days that are older than a pipeline keeps them.
///
/// The clock has no part in it: a day is old by the day that was just published beside it. So a run for a day of last year
/// removes nothing of this year.
struct Retention {
  /// Days before the published one that stay.
  let days: Int

  /// Removes old days beside a published directory, which must be named by its day, and returns their names.
  ///
  /// Where another run holds the lock nothing is removed: there will be a next night.
  func removeDays(beside published: OutputPath) throws(TextTablesError) -> [String] {
    guard let day = Retention.day(published.name) else { return [] }
    let lock: OutputLock
    do throws(TextTablesError) {
      lock = try OutputLock(directory: published.parent)
    } catch .locked {
      return []
    }
    return try lock.holding { () throws(TextTablesError) in
      try removeSets(in: published.parent, recognizing: .ofRuns) { name in
        Retention.day(name).map { Int($0.number) < Int(day.number) - days } ?? false
      }
    }
  }

  /// The day that a directory is named by: `YYYY-MM-DD` and nothing else.
  static func day(_ name: String) -> Day? {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false).map { part in
      part.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? Int(part) : nil
    }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let number = parts[2] else { return nil }
    let day = Day(year: year, month: month, day: number)
    return day?.description == name ? day : nil
  }
}
