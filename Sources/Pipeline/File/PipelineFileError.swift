import CallModel

/// Everything that is wrong with a pipeline file, in the order of its lines. Exit status 78 but for `isOfTheMachine`.
package struct PipelineFileError: Error, Equatable, Sendable {
  /// One thing to mend.
  package struct Problem: Error, Equatable, Sendable {
    /// Where it stands; nil when the file as a whole is meant, because it cannot be read.
    package var position: FilePosition?
    /// What was found, what is allowed and, where something similar exists, a suggestion: one sentence.
    package var message: String
  }

  /// The file's path as it was given.
  package var path: String
  /// At least one.
  package var problems: [Problem]
  /// Whether the file may be good, and the machine could not read it: exit status 74 in place of 78.
  package var isOfTheMachine = false

  /// Puts the problems in the order of their lines.
  init(path: String, _ problems: [Problem]) {
    self.path = path
    self.problems = problems.sorted { ($0.position ?? .start) < ($1.position ?? .start) }
  }
}

/// A place in a text; line and column count from 1, columns in Unicode scalars.
package struct FilePosition: Comparable, Hashable, Sendable {
  package var line: Int
  package var column: Int

  package static func < (left: FilePosition, right: FilePosition) -> Bool {
    (left.line, left.column) < (right.line, right.column)
  }
}

extension FilePosition {
  static let start = FilePosition(line: 1, column: 1)

  /// The position behind `scalar`; line breaks are those of YAML 1.1, as its parser counts them.
  mutating func advance(over scalar: Unicode.Scalar, after previous: Unicode.Scalar?) {
    switch scalar {
    case "\n" where previous == "\r": break
    case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}": self = FilePosition(line: line + 1, column: 1)
    default: column += 1
    }
  }

  /// The position behind a whole text.
  init(behind text: Substring) {
    self = .start
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      advance(over: scalar, after: previous)
      previous = scalar
    }
  }
}

extension PipelineFileError: CustomStringConvertible {
  /// One line a problem, as compilers print them: `path:line:column: message`.
  package var description: String {
    problems.map { problem in
      guard let position = problem.position else { return "\(path.visible): \(problem.message.visible)" }
      return "\(path.visible):\(position.line):\(position.column): \(problem.message.visible)"
    }
    .joined(separator: "\n")
  }
}
