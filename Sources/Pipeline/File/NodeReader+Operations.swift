extension NodeReader {
  mutating func metrics(_ entry: Entry?) -> PipelineFile.Metrics? {
    guard let section = section(entry) else { return nil }
    // node_exporter reads no other names, and says nothing of them.
    let textfile = value(required("textfile", of: section), expected: "a path that ends in a name with .prom") { path in
      let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
      return name.hasSuffix(".prom") && !name.hasPrefix(".") && !path.utf8.contains(0) ? path : nil
    }
    return textfile.map { PipelineFile.Metrics(textfile: $0) }
  }

  mutating func hook(_ entry: Entry?) -> PipelineFile.Hook? {
    guard let section = section(entry) else { return nil }
    let command = command(required("command", of: section))
    let timeout = value(section["timeout"], expected: "a duration from 1s to 1h, such as 60s") {
      Units.seconds($0).flatMap { 1...3_600 ~= $0 ? $0 : nil }
    }
    guard let command else { return nil }
    var hook = PipelineFile.Hook(command: command)
    hook.timeout = timeout ?? hook.timeout
    return hook
  }

  /// A program with its arguments; arguments may be empty and may stand twice.
  private mutating func command(_ entry: Entry?) -> [String]? {
    guard let entry, let items = items(entry, of: "a program and its arguments") else { return nil }
    let words = items.compactMap { text($0, expected: "a list of a program and its arguments") }
    if let bad = words.first(where: { $0.value.utf8.contains(0) }) {
      report(bad.entry.position, "\(entry.path) holds \(bad.quoted), but an argument may not hold a NUL")
    }
    if items.isEmpty || words.first?.value.isEmpty == true {
      report(entry.position, "\(entry.path) names no program, but must be a list of a program and its arguments")
      return nil
    }
    return words.map(\.value)
  }

  mutating func retention(_ entry: Entry?, of file: PipelineFile) -> PipelineFile.Retention? {
    guard let entry, let section = section(entry) else { return nil }
    let days = value(required("days", of: section), expected: "whole days from 1d to 36600d, such as 400d") {
      Units.days($0).flatMap { 1...36_600 ~= $0 ? Int($0) : nil }
    }
    let last = file.output.directory.split(separator: "/").last { $0 != "." }
    if let last, last != PipelineFile.dayVariable {
      report(entry.keyPosition, "retention is given, but output.directory does not end in ${day}: no day would ever go")
    }
    if let days, let restate = file.window?.restate, days < restate {
      report(
        section["days"]?.position ?? entry.position,
        "retention.days is \"\(days)d\", but must be at least window.restate, which is \(restate)d")
    }
    return days.map { PipelineFile.Retention(days: $0) }
  }
}
