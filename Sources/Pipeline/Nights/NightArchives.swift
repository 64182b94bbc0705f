import CallModel
import Intake

/// The archives that a run for some days reads, each with the day that it belongs to.
struct NightArchives {
  /// A day for which nothing matches, or of several patterns one that matches nothing.
  struct Gap {
    let day: Day
    /// Nil where no pattern matches anything.
    let pattern: String?
  }

  /// In archive order.
  let paths: [String]
  /// By archive, as days since 1970. One whose pattern holds no `${day}` belongs to the last day published.
  let days: [Int32]
  /// In order of days; only of days that the window wants, none before the first day that has an archive.
  let gaps: [Gap]

  /// Lists the archives from `first` to `end`. Throws when the published days have none, and for whatever `ArchiveList`
  /// throws but a pattern without a match.
  init(_ patterns: [String], from first: Day, to end: Day, publishing published: RunDays) throws(RunError) {
    let daily = patterns.filter { $0.contains(PipelineFile.dayVariable) }
    let fixed = patterns.filter { !$0.contains(PipelineFile.dayVariable) }
    var days: [String: Int32] = [:]
    var gaps: [Gap] = []
    if !fixed.isEmpty {
      for path in try NightArchives.list(fixed) { days[path] = published.last.number }
    }
    for number in first.number...end.number where !daily.isEmpty {
      let day = Day(number: number)
      var missing: [Gap] = []
      var isFound = false
      for pattern in daily {
        let resolved = pattern.replacing(PipelineFile.dayVariable, with: day.description)
        let paths = try NightArchives.listIfAny(resolved)
        if paths.isEmpty { missing.append(Gap(day: day, pattern: resolved)) } else { isFound = true }
        for path in paths where days[path] == nil { days[path] = number }
      }
      if number <= published.last.number { gaps += isFound ? missing : [Gap(day: day, pattern: nil)] }
    }
    guard days.values.contains(where: published.contains) else {
      throw .intake(
        .nothingMatches(
          patterns: patterns.map { $0.replacing(PipelineFile.dayVariable, with: published.last.description) }))
    }
    paths = days.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    self.days = paths.compactMap { days[$0] }
    self.gaps = gaps
  }

  /// The archives' places in `paths` that belong to days published.
  func own(of published: RunDays) -> [Int] { days.indices.filter { published.contains(days[$0]) } }

  private static func list(_ patterns: [String]) throws(RunError) -> [String] {
    do throws(IntakeError) {
      return try ArchiveList(patterns: patterns).paths
    } catch {
      throw .intake(error)
    }
  }

  private static func listIfAny(_ pattern: String) throws(RunError) -> [String] {
    do throws(IntakeError) {
      return try ArchiveList(patterns: [pattern]).paths
    } catch .nothingMatches {
      return []
    } catch {
      throw .intake(error)
    }
  }
}
