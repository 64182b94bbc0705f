extension PipelineFile {
  /// The keys of every section, by the section's path: what the reader knows, and what the schema must describe.
  package static let keys: [(section: String, keys: [String])] = [
    (
      "",
      [
        "version", "name", "input", "business", "billing", "tolerance", "window", "output", "checks", "privacy",
        "limits", "metrics", "hook", "retention",
      ]
    ),
    ("input", ["archives", "timezone"]),
    ("business", ["timezone"]),
    ("billing", ["pulse", "credits_per_pulse", "minimum_pulses", "billable", "successful"]),
    ("tolerance", ["credits", "duration", "calls", "awaiting"]),
    ("window", ["lookback", "restate"]),
    ("output", ["directory", "tables", "report", "file_mode", "directory_mode", "checksums"]),
    ("output.tables", ["csv", "columnar"]),
    ("output.tables.csv", ["table", "file", "dialect", "locale", "columns"]),
    ("output.tables.columnar", ["table", "compress", "columns"]),
    ("checks", ["rejected_lines", "credits_difference", "mismatched_campaigns", "damaged_archives"]),
    ("checks.rejected_lines", ["warn", "fail"]),
    ("checks.credits_difference", ["warn", "fail"]),
    ("privacy", Privacy.allowed.map(\.key)),
    ("limits", ["line", "depth", "archive"]),
    ("metrics", ["textfile"]),
    ("hook", ["command", "timeout"]),
    ("retention", ["days"]),
  ]

  /// The keys of a section that exists.
  package static func keys(of section: String) -> [String] {
    guard let known = keys.first(where: { $0.section == section }) else { preconditionFailure("no section \(section)") }
    return known.keys
  }
}
