import CallModel

/// What `calltally explain --codes` prints: every code of a finding with its meaning, an example and what to do.
package struct FindingCodesPage: Sendable {
  /// One code as a program reads it.
  package struct Entry: Encodable, Sendable {
    package let code: String
    package let severity: String
    package let meaning: String
    package let example: String
    package let action: String
    /// Whether a finding of the code belongs among what is held against the provider.
    package let againstProvider: Bool

    init(_ code: FindingCode) {
      self.code = code.rawValue
      severity = code.severity.rawValue
      meaning = code.meaning
      example = code.example
      action = code.action
      againstProvider = code.isAgainstProvider
    }
  }

  /// In the order of the catalogue.
  package let entries = FindingCode.allCases.map(Entry.init)

  package init() {}

  /// The page for a person, in lines of at most `width` characters where words allow it; without a final line break.
  package func text(width: Int) -> String {
    entries.map { entry in
      let title = "\(entry.code): \(entry.severity)\(entry.againstProvider ? ", against the provider" : "")"
      let sentences = [entry.meaning, "For example: \(entry.example)", "What to do: \(entry.action)"]
      return ([title] + sentences.flatMap { FindingCodesPage.lines(of: $0, width: width) }).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  /// The words of a sentence in lines that are two spaces in, and further lines two more.
  private static func lines(of sentence: String, width: Int) -> [String] {
    var lines = [" "]
    for word in sentence.split(separator: " ") {
      if lines[lines.count - 1].count + 1 + word.count > width, lines[lines.count - 1].contains(where: { $0 != " " }) {
        lines.append("   ")
      }
      lines[lines.count - 1] += " \(word)"
    }
    return lines
  }
}
