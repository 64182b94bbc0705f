extension NodeReader {
  /// The text with its variables replaced; nil when one of them cannot be, which is reported.
  ///
  /// - `${VAR}` is the environment's value, `${VAR:-default}` the same unless it is unset or empty.
  /// - `${pipeline}` is the pipeline's name.
  /// - `${day}` stays as it is, since the day is known only when the pipeline runs; only paths may hold it.
  /// - A `$` without `{` is itself. What a value brings in is not expanded again, but for `${day}` in a path.
  mutating func expanded(_ text: String, of entry: Entry, keepingDay: Bool) -> String? {
    var result = ""
    var rest = text[...]
    var isWhole = true
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
        report(entry.position, "\(entry.path) holds \"${\" without \"}\", but a variable is written ${NAME}")
        return nil
      }
      if let value = variable(rest[start.upperBound..<end], of: entry, keepingDay: keepingDay) {
        result += value
      } else {
        isWhole = false
      }
      rest = rest[rest.index(after: end)...]
    }
    return isWhole ? result + rest : nil
  }

  /// The value of what stands between the braces.
  private mutating func variable(_ content: Substring, of entry: Entry, keepingDay: Bool) -> String? {
    let mark = content.firstRange(of: ":-")
    let name = String(mark.map { content[..<$0.lowerBound] } ?? content)
    let fallback = mark.map { String(content[$0.upperBound...]) }
    guard isVariableName(name), fallback?.contains("${") != true else {
      report(
        entry.position,
        "\(entry.path) holds \"${\(content)}\", but a variable is written ${NAME} or ${NAME:-plain default}")
      return nil
    }
    if name == "day" || name == "pipeline" {
      guard fallback == nil else {
        report(entry.position, "\(entry.path) gives ${\(name)} a default, but it always has a value: write ${\(name)}")
        return nil
      }
      guard name == "day" else { return pipelineName }
      if !keepingDay {
        report(entry.position, "\(entry.path) holds ${day}, but only input.archives, output.directory and file may")
      }
      return keepingDay ? PipelineFile.dayVariable : nil
    }
    let value = environment[name]
    if let fallback, value?.isEmpty ?? true { return fallback }
    if value == nil {
      report(
        entry.position,
        "\(entry.path) needs the environment variable \(name), which is not set: set it, or write ${\(name):-default}")
    }
    return value
  }

  /// Letters, digits and underscores, not beginning with a digit, as shells have it.
  private func isVariableName(_ name: String) -> Bool {
    guard let first = name.utf8.first, !(0x30...0x39 ~= first) else { return false }
    return name.utf8.allSatisfy { $0.isWordCharacter }
  }
}

extension UInt8 {
  /// An ASCII letter, a digit or `_`.
  var isWordCharacter: Bool {
    switch self {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
    default: false
    }
  }
}
