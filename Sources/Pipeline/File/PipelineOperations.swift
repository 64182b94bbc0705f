extension PipelineFile {
  /// Where the figures of the last run are kept for Prometheus's node_exporter.
  package struct Metrics: Equatable, Sendable {
    /// Ends in `.prom`; relative to the working directory.
    package var textfile: String
  }

  /// A program that is started when a run is over, however it ended.
  package struct Hook: Equatable, Sendable {
    /// The program, then its arguments; no shell reads them. A name without a slash is looked up in `PATH`.
    package var command: [String]
    /// Seconds after which it is killed, 1 to 3600.
    package var timeout: Int64 = 60
  }

  /// How long published days are kept.
  package struct Retention: Equatable, Sendable {
    /// Days before the published one that stay, at least 1 and at least `window.restate`.
    package var days: Int
  }
}
