import CallModel

/// Why a line that is valid JSON is no event of the books.
enum LineRefusal: Error {
  case refused(RejectCode, String)
  /// A well-formed event of a name that is not known: counted as drift, and no reject.
  case unknownEvent
}

extension JSONFault {
  var rejectCode: RejectCode {
    switch code {
    case .syntax: .invalidJSON
    case .invalidUTF8: .invalidUTF8
    case .loneSurrogate: .loneSurrogate
    case .tooDeep: .tooDeep
    case .trailingContent: .trailingContent
    case .duplicateName: .duplicateKey
    case .notAnObject: .notAnObject
    }
  }

  /// One sentence; columns are counted in bytes from 1.
  func sentence(lineStart: Int) -> String {
    let column = offset - lineStart + 1
    return switch code {
    case .syntax: "The line is no valid JSON at column \(column)."
    case .invalidUTF8: "The line is no valid UTF-8 at column \(column)."
    case .loneSurrogate: "Half a surrogate pair is escaped at column \(column)."
    case .tooDeep: "The JSON is nested deeper than limits.depth at column \(column)."
    case .trailingContent: "Something follows the event's closing brace at column \(column)."
    case .duplicateName: "A member's name comes twice, the second time at column \(column)."
    case .notAnObject: "The line is JSON but no object."
    }
  }
}
