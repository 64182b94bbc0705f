internal import CallModel
internal import Foundation
internal import Intake
internal import Tally

extension NodeReader {
  /// The whole file; counts only if no problem was reported.
  mutating func pipelineFile(digest: String) -> PipelineFile {
    var file = PipelineFile(
      name: "", input: .init(archives: []), output: .init(directory: ""), digest: digest)
    guard let root = root() else { return file }
    checkVersion(required("version", of: root))
    pipelineName = name(required("name", of: root)) ?? ""
    file.name = pipelineName
    file.input = input(required("input", of: root))
    file.business = business(root["business"])
    file.billing = billing(root["billing"])
    file.tolerance = tolerance(root["tolerance"])
    file.output = output(required("output", of: root))
    file.window = window(root["window"], of: file)
    file.checks = checks(root["checks"])
    file.privacy = privacy(root["privacy"])
    file.limits = limits(root["limits"])
    file.metrics = metrics(root["metrics"])
    file.hook = hook(root["hook"])
    file.retention = retention(root["retention"], of: file)
    return file
  }

  private mutating func checkVersion(_ entry: Entry?) {
    _ = value(entry, expected: "1, the version of pipeline files that this program reads") { $0 == "1" ? 1 : nil }
  }

  private mutating func name(_ entry: Entry?) -> String? {
    value(entry, expected: "a name of letters, digits, - and _") { text in
      let isName = text.utf8.allSatisfy { $0.isWordCharacter || $0 == UInt8(ascii: "-") }
      return isName && !text.isEmpty ? text : nil
    }
  }

  private mutating func input(_ entry: Entry?) -> PipelineFile.Input {
    var input = PipelineFile.Input(archives: [])
    guard let section = section(entry) else { return input }
    let patterns = texts(required("archives", of: section), of: "glob patterns of archives", keepingDay: true) ?? []
    for pattern in patterns where pattern.value.utf8.contains(0) {
      report(pattern.entry.position, "\(pattern.entry.path) is \(pattern.quoted), but a path may not hold a NUL")
    }
    input.archives = patterns.map(\.value)
    pathsHoldDay = input.archives.contains { $0.contains(PipelineFile.dayVariable) }
    input.timezone = timezone(section["timezone"]) ?? input.timezone
    return input
  }

  private mutating func business(_ entry: Entry?) -> PipelineFile.Business {
    var business = PipelineFile.Business()
    guard let section = section(entry) else { return business }
    business.timezone = timezone(section["timezone"]) ?? business.timezone
    return business
  }

  private mutating func timezone(_ entry: Entry?) -> String? {
    let expected = "a time zone such as UTC or Europe/Berlin"
    guard let text = text(entry, expected: expected) else { return nil }
    if TimeZone(identifier: text.value) != nil { return text.value }
    let near = suggestion(for: text.value, among: ["UTC"] + TimeZone.knownTimeZoneIdentifiers)
    let advice = near.map { "; did you mean \"\($0)\"?" } ?? ""
    report(text.entry.position, "\(text.entry.path) is \(text.quoted), but must be \(expected)\(advice)")
    return nil
  }

  private mutating func billing(_ entry: Entry?) -> BillingRule {
    var rule = BillingRule()
    guard let section = section(entry) else { return rule }
    // Both have an end, so that no call's billable seconds can overflow.
    let pulse = value(section["pulse"], expected: "a duration from 1s to 24h, such as 60s or 1m") {
      Units.seconds($0).flatMap { 1...86_400 ~= $0 ? $0 : nil }
    }
    let minimumPulses = value(section["minimum_pulses"], expected: "a whole number from 0 to 1000000") {
      Units.count($0).flatMap { $0 <= 1_000_000 ? $0 : nil }
    }
    rule.pulse = pulse ?? rule.pulse
    rule.creditsPerPulse = credits(section["credits_per_pulse"]) ?? rule.creditsPerPulse
    rule.minimumPulses = minimumPulses ?? rule.minimumPulses
    rule.billable = texts(section["billable"], of: "statuses").map { Set($0.map(\.value)) } ?? rule.billable
    rule.successful = texts(section["successful"], of: "statuses").map { Set($0.map(\.value)) } ?? rule.successful
    return rule
  }

  private mutating func tolerance(_ entry: Entry?) -> Tolerance {
    var tolerance = Tolerance()
    guard let section = section(entry) else { return tolerance }
    tolerance.credits = credits(section["credits"]) ?? tolerance.credits
    let expected = "a duration such as 30s, 5m or 1h"
    tolerance.duration =
      value(section["duration"], expected: expected, parse: Units.seconds) ?? tolerance.duration
    tolerance.calls = count(section["calls"]) ?? tolerance.calls
    tolerance.awaiting =
      value(section["awaiting"], expected: "a duration such as 1d, 36h or 90m", parse: Units.time)
      ?? tolerance.awaiting
    return tolerance
  }

  private mutating func window(_ entry: Entry?, of file: PipelineFile) -> PipelineFile.Window? {
    guard let entry, let section = section(entry) else { return nil }
    let lookback = days(required("lookback", of: section))
    let restate = days(section["restate"])
    if let lookback, let restate, restate > lookback {
      report(
        section["restate"]?.position ?? entry.position,
        "window.restate is \"\(restate)d\", but must be at most window.lookback, which is \(lookback)d")
    }
    let paths = [("input.archives", file.input.archives), ("output.directory", [file.output.directory])]
    for (path, texts) in paths where !texts.allSatisfy(\.isEmpty) {
      guard !texts.contains(where: { $0.contains(PipelineFile.dayVariable) }) else { continue }
      report(entry.keyPosition, "window is given, but \(path) holds no ${day}: add ${day} there or leave window out")
    }
    if let restate, restate > 0, let key = section["restate"]?.keyPosition {
      for table in Restatement.tablesWithoutKeys(in: file.output) {
        let keys = list(Restatement.keyColumns(of: table), "and")
        remark(
          key,
          "restatements.csv will not say what late events change in \(table.rawValue), for no file of it has \(keys): "
            + "list csv: {table: \(table.rawValue)} under output.tables too")
      }
    }
    return PipelineFile.Window(lookback: lookback ?? 0, restate: restate ?? 0)
  }

  private mutating func limits(_ entry: Entry?) -> PipelineFile.Limits {
    var limits = PipelineFile.Limits()
    guard let section = section(entry) else { return limits }
    let line = value(section["line"], expected: "a size from 1B to 1GiB, such as 16MiB") {
      Units.bytes($0).flatMap { 1...(1 << 30) ~= $0 ? Int($0) : nil }
    }
    let depth = value(section["depth"], expected: "a number from 1 to 1024") {
      Units.count($0).flatMap { 1...1_024 ~= $0 ? Int($0) : nil }
    }
    let archive = value(section["archive"], expected: "a size of at least 1B, such as 64GiB") {
      Units.bytes($0).flatMap { $0 >= 1 ? $0 : nil }
    }
    limits.line = line ?? limits.line
    limits.depth = depth ?? limits.depth
    limits.archive = archive ?? limits.archive
    return limits
  }
}

// MARK: - Checks and privacy

extension NodeReader {
  private mutating func checks(_ entry: Entry?) -> PipelineFile.Checks {
    var checks = PipelineFile.Checks()
    guard let section = section(entry) else { return checks }
    checks.rejectedLines = check(
      section["rejected_lines"], checks.rejectedLines, expected: "a number of lines such as 10, or a part such as 1%",
      parse: Units.count)
    checks.creditsDifference = check(
      section["credits_difference"], checks.creditsDifference,
      expected: "an amount of credits such as 0.5, or a part such as 1%", parse: Credits.init(plainDecimal:))
    checks.mismatchedCampaigns =
      choice(section["mismatched_campaigns"], of: PipelineFile.CheckPolicy.self) ?? checks.mismatchedCampaigns
    checks.damagedArchives =
      choice(section["damaged_archives"], of: PipelineFile.CheckPolicy.self) ?? checks.damagedArchives
    return checks
  }

  private mutating func check<Amount: Comparable & Sendable>(
    _ entry: Entry?, _ fallback: PipelineFile.Check<Amount>, expected: String, parse: (String) -> Amount?
  ) -> PipelineFile.Check<Amount> {
    guard let section = section(entry) else { return fallback }
    let problemsBefore = problems.count
    var check = PipelineFile.Check<Amount>()
    check.warn = bound(section["warn"], expected: expected, parse: parse)
    check.fail = bound(section["fail"], expected: expected, parse: parse)
    if section.keys.isEmpty, problems.count == problemsBefore {
      report(section.entry.position, "\(section.name) is empty, but must hold warn, fail or both")
    }
    if let warn = section["warn"], check.isOutOfOrder {
      report(
        warn.position, "\(warn.path) is above \(section.name).fail, but must be at most as much, or it never warns")
    }
    return check
  }

  private mutating func bound<Amount>(
    _ entry: Entry?, expected: String, parse: (String) -> Amount?
  ) -> PipelineFile.Bound<Amount>? {
    value(entry, expected: expected) { text in
      if text.hasSuffix("%") { return PipelineFile.Percentage(text).map { .percentage($0) } }
      return parse(text).map { .amount($0) }
    }
  }

  private mutating func privacy(_ entry: Entry?) -> PipelineFile.Privacy {
    var privacy = PipelineFile.Privacy()
    guard let section = section(entry) else { return privacy }
    var hashed: Entry?
    for key in section.keys {
      let values = PipelineFile.Privacy.allowed.first { $0.key == key }?.values ?? []
      guard let word = choice(section[key], of: values) else { continue }
      if word == "keep" { privacy.kept.insert(key) }
      privacy.columns[key] = PipelineFile.PrivacyRule(rawValue: word)
      if privacy.columns[key] == .hash, hashed == nil { hashed = section[key] }
    }
    guard let hashed else { return privacy }
    privacy.hashKey = environment[PipelineFile.Privacy.hashKeyVariable].flatMap { $0.isEmpty ? nil : $0 }
    if privacy.hashKey == nil {
      report(
        hashed.position,
        "\(hashed.path) is \"hash\", which needs a key: set the environment variable "
          + "\(PipelineFile.Privacy.hashKeyVariable) to a secret text")
    }
    return privacy
  }
}

extension PipelineFile.Check {
  /// Whether the warning comes only after the failure, as far as the two can be compared.
  fileprivate var isOutOfOrder: Bool {
    switch (warn, fail) {
    case (.amount(let warn), .amount(let fail)): warn > fail
    case (.percentage(let warn), .percentage(let fail)): warn > fail
    default: false
    }
  }
}

// MARK: - Amounts

extension NodeReader {
  private mutating func credits(_ entry: Entry?) -> Credits? {
    value(
      entry, expected: "an amount of credits from 0 with at most six decimal places, such as 1 or 0.25",
      parse: Credits.init(plainDecimal:))
  }

  private mutating func count(_ entry: Entry?) -> Int64? {
    value(entry, expected: "a whole number from 0", parse: Units.count)
  }

  private mutating func days(_ entry: Entry?) -> Int? {
    value(entry, expected: "whole days from 0d to 3660d, such as 35d") {
      Units.days($0).flatMap { 0...3_660 ~= $0 ? Int($0) : nil }
    }
  }
}
