package import Intake
package import CallModel
package import Tally

/// What a run is told to do: a pipeline file, read, checked and with its variables expanded.
///
/// Whoever holds one may rely on it: every value is in range, every table, column and time zone exists.
package struct PipelineFile: Equatable, Sendable {
  /// ASCII letters, digits, `-` and `_`.
  package var name: String
  package var input: Input
  package var business = Business()
  package var billing = BillingRule()
  package var tolerance = Tolerance()
  /// Given only where both the archives and the output directory hold `${day}`.
  package var window: Window?
  package var output: Output
  package var checks = Checks()
  package var privacy = Privacy()
  package var limits = Limits()
  package var metrics: Metrics?
  package var hook: Hook?
  package var retention: Retention?
  /// The SHA-256 of the file's bytes in lower-case hexadecimal.
  package var digest: String
  /// What is no mistake and most likely not meant, a line each as `PipelineFileError` prints them; nil for nothing.
  package var remarks: String?
}

extension PipelineFile {
  /// Where events come from.
  package struct Input: Equatable, Sendable {
    /// Glob patterns, relative to the working directory; they may hold `${day}`. At least one.
    package var archives: [String]
    /// The zone of the events' own clock, an identifier of the time zone database.
    package var timezone: String

    package init(archives: [String], timezone: String = "UTC") {
      self.archives = archives
      self.timezone = timezone
    }
  }

  /// How the business counts its days.
  package struct Business: Equatable, Sendable {
    /// The zone whose midnight ends a day, an identifier of the time zone database.
    package var timezone = "UTC"
  }

  /// Which days a run for one day looks at, in whole days.
  package struct Window: Equatable, Sendable {
    /// Days before the run's day whose archives are read.
    package var lookback: Int
    /// Days before the run's day that are published again if they changed; at most `lookback`, since a day can only be
    /// told anew from archives that are read.
    package var restate: Int

    package init(lookback: Int, restate: Int = 0) {
      self.lookback = lookback
      self.restate = restate
    }
  }

  /// How long, deep and large the input may be.
  package typealias Limits = IntakeLimits
}

// MARK: - Days

extension PipelineFile {
  /// Stands in paths for the day of the run.
  static let dayVariable = "${day}"

  /// Whether the run needs a day: some path holds `${day}`.
  package var usesDay: Bool {
    input.archives.contains { $0.contains(Self.dayVariable) } || output.directory.contains(Self.dayVariable)
      || output.tables.contains { $0.file?.contains(Self.dayVariable) ?? false }
  }

  /// The file as it reads for one day: every `${day}` in a path is `YYYY-MM-DD`.
  package func resolved(day: Day) -> PipelineFile { resolved(label: day.description) }

  /// The file with a text in place of every `${day}` in a path.
  func resolved(label: String) -> PipelineFile {
    var file = self
    file.input.archives = input.archives.map { $0.replacing(Self.dayVariable, with: label) }
    file.output.directory = output.directory.replacing(Self.dayVariable, with: label)
    for index in output.tables.indices {
      file.output.tables[index].file = output.tables[index].file?.replacing(Self.dayVariable, with: label)
    }
    return file
  }
}
