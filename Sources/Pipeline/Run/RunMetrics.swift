import TextTables

/// The figures of a run in Prometheus's text format, as node_exporter's textfile collector reads them.
struct RunMetrics {
  let pipeline: String
  let exitStatus: Int32
  /// What the run found; nil when it published nothing.
  let summary: RunSummary?
  /// Seconds since 1970 at which the run ended.
  let time: Int64
  let seconds: Double

  /// Replaces the textfile. It is readable for everybody, since node_exporter runs as a user of its own.
  func write(to path: String) throws(TextTablesError) {
    try replaceFile(path, mode: 0o644) { old in
      let before = old.flatMap { lastPublication(in: String(decoding: $0, as: UTF8.self)) }
      return Array(text(published: summary == nil ? before : time).utf8)
    }
  }

  /// The whole textfile; `published` is when a run last published, as far as anybody knows.
  func text(published: Int64?) -> String {
    var lines: [String] = []
    func gauge(_ name: String, _ help: String, _ samples: [(labels: [(String, String)], value: String)]) {
      lines.append("# HELP calltally_\(name) \(help)")
      lines.append("# TYPE calltally_\(name) gauge")
      for sample in samples {
        let labels = ([("pipeline", pipeline)] + sample.labels).map { "\($0)=\"\($1)\"" }
        lines.append("calltally_\(name){\(labels.joined(separator: ","))} \(sample.value)")
      }
    }
    func gauge(_ name: String, _ help: String, _ value: String) { gauge(name, help, [([], value)]) }
    func gauge(_ name: String, _ help: String, by label: String, _ values: [(String, String)]) {
      gauge(name, help, values.map { ([(label, $0)], $1) })
    }

    gauge("run_exit_status", "Exit status of the last run.", "\(exitStatus)")
    gauge("run_timestamp_seconds", "When the last run ended.", "\(time)")
    gauge("run_duration_seconds", "How long the last run took.", decimal(seconds))
    if let published {
      gauge("published_timestamp_seconds", "When a run last published its tables.", "\(published)")
    }
    if let summary {
      gauge("archives", "Archives read.", "\(summary.archives)")
      gauge("damaged_archives", "Archives that are damaged.", "\(summary.damagedArchives)")
      gauge("lines", "Lines of all archives.", "\(summary.lines)")
      gauge("rejected_lines", "Lines that could not become an event.", "\(summary.rejected)")
      gauge("calls", "Calls in the tables.", "\(summary.calls)")
      gauge("billable_seconds", "Billable seconds of the calls.", "\(summary.billableSeconds)")
      gauge("credits", "Credits that the provider charges for the calls.", summary.credits)
      gauge("expected_credits", "Credits of the calls by the billing rule.", summary.expectedCredits)
      gauge(
        "credits_difference", "Credits by which campaigns differ from their calls, and calls from the billing rule.",
        by: "of", [("campaigns", summary.campaignCreditsDifference), ("calls", summary.callCreditsDifference)])
      gauge(
        "campaigns", "Campaigns by the verdict on their claims.", by: "verdict",
        summary.verdicts.sorted { $0.key < $1.key }.map { ($0, "\($1)") })
      gauge(
        "findings", "Findings by severity.", by: "severity",
        ["info", "warning", "error"].map { ($0, "\(summary.findingsBySeverity[$0] ?? 0)") })
      gauge(
        "check_failed", "Whether a check failed: 0 passed, 0.5 warns, 1 failed.", by: "check",
        summary.checks.map { ($0.check, ["passed": "0", "warning": "0.5", "failed": "1"][$0.outcome.rawValue] ?? "1") })
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// When a run last published, by the textfile that the last run has left.
  private func lastPublication(in text: String) -> Int64? {
    let name = "calltally_published_timestamp_seconds{pipeline=\"\(pipeline)\"} "
    return text.split(separator: "\n").first { $0.hasPrefix(name) }.flatMap { Int64($0.dropFirst(name.count)) }
  }

  /// Seconds with three places.
  private func decimal(_ seconds: Double) -> String {
    let thousandths = Int64((seconds * 1_000).rounded())
    let places = "\(1_000 + thousandths % 1_000)".dropFirst()
    return "\(thousandths / 1_000).\(places)"
  }
}
