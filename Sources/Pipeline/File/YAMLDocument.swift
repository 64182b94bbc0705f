internal import Yams

/// A YAML text as nodes, with the keys that it gives twice.
///
/// The parser refuses a mapping with a repeated key and then tells nothing else of the file. So the first of two equal
/// keys is given an alias, which has a private-use character in place of its first one, and the text is parsed again
/// until all keys differ: of two keys `name` the first becomes `⟨U+E000⟩ame`. `name(of:)` undoes the alias, so who
/// reads the mapping finds the key twice, with both positions.
struct YAMLDocument {
  let root: Node
  /// The keys behind the aliases.
  private let keys: [String: String]

  /// Throws the one problem that keeps a text from being YAML.
  init(_ text: String) throws(PipelineFileError.Problem) {
    try self.init(text, keys: [:])
  }

  private init(_ text: String, keys: [String: String]) throws(PipelineFileError.Problem) {
    let root: Node?
    do {
      // Texts are read by the keys they belong to; the default resolver would compile expressions to guess types by.
      root = try Yams.compose(yaml: text, .basic)
    } catch YamlError.duplicatedKeysInMapping(let duplicates, let context) {
      let position = FilePosition(context.mark)
      let key = duplicates.first ?? ""
      guard let (alias, renamed) = Self.alias(of: key, number: keys.count, at: position, in: text) else {
        throw PipelineFileError.Problem(
          position: position, message: "a mapping holds the key \"\(key)\" twice, but may hold it once")
      }
      try self.init(renamed, keys: keys.merging([alias: key]) { first, _ in first })
      return
    } catch {
      throw PipelineFileError.Problem(syntax: error, in: text)
    }
    guard let root else { throw PipelineFileError.Problem(position: .start, message: "the file is empty") }
    self.init(root: root, keys: keys)
  }

  private init(root: Node, keys: [String: String]) {
    self.root = root
    self.keys = keys
  }

  /// A key as it stands in the file; nil when it is a list or a mapping.
  func name(of key: Node) -> String? {
    guard case .scalar(let scalar) = key else { return nil }
    return keys[scalar.string] ?? scalar.string
  }

  /// The alias and the text with the key at `position` replaced by it.
  ///
  /// Nil past a hundred aliases, and for a key whose text is not what it means (escapes, tags, anchors).
  private static func alias(
    of key: String, number: Int, at position: FilePosition, in text: String
  ) -> (alias: String, text: String)? {
    guard number < 100, let mark = Unicode.Scalar(0xE000 + UInt32(number)) else { return nil }
    var scalars = text.unicodeScalars
    guard var start = scalars.index(of: position) else { return nil }
    if scalars[start] == "\"" || scalars[start] == "'" { start = scalars.index(after: start) }
    guard !key.isEmpty, scalars[start...].starts(with: key.unicodeScalars) else { return nil }
    scalars.replaceSubrange(start...start, with: CollectionOfOne(mark))
    let tail = String(String.UnicodeScalarView(key.unicodeScalars.dropFirst()))
    return (String(mark) + tail, String(scalars))
  }
}

extension String.UnicodeScalarView {
  /// Where the scalar at `position` stands; nil past the end.
  fileprivate func index(of position: FilePosition) -> Index? {
    var here = FilePosition.start
    var previous: Unicode.Scalar?
    for index in indices {
      if here == position { return index }
      here.advance(over: self[index], after: previous)
      previous = self[index]
    }
    return nil
  }
}

extension FilePosition {
  init(_ mark: Mark) { self.init(line: mark.line, column: mark.column) }
}

extension PipelineFileError.Problem {
  /// Says in this project's words what the YAML parser says in its own.
  fileprivate init(syntax error: any Error, in text: String) {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      self.init(
        position: FilePosition(mark), message: Self.sentence(problem, since: context.map { FilePosition($0.mark) }))
    case .reader(_, let offset?, _, _):
      self.init(
        position: FilePosition(behind: text.prefix(offset)),
        message: "a control character stands here, but YAML allows none but tab and line breaks")
    default:
      self.init(position: .start, message: "the file is not valid YAML")
    }
  }

  private static func sentence(_ problem: String, since begin: FilePosition?) -> String {
    let block = begin.map { "what begins at line \($0.line), column \($0.column)" } ?? "what comes before"
    return switch problem {
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      "a tab stands here, but YAML is indented with spaces only"
    case "found character that cannot start any token":
      "no value can begin with this character: quote a value that begins with @, ` or %, and indent with spaces"
    case "block sequence entries are not allowed in this context":
      "no list item is allowed here: put each \"-\" on a line of its own, below its key"
    case "did not find expected node content":
      "no value can begin with this character: write one, and quote it if it begins with one of , ] }"
    case "mapping values are not allowed in this context", "found unexpected ':'":
      "no \":\" is allowed here: put each key on a line of its own, and quote a value that holds \":\""
    case "did not find expected key", "did not find expected '-' indicator":
      "this does not continue \(block): indent it like its neighbours, and close every quote and bracket"
    case "could not find expected ':'":
      "\(block) is neither a key with \":\" nor a value: write `key: value`, and close every quote and bracket"
    case "did not find expected ',' or '}'":
      "\(block) lacks \",\" or \"}\" here: close the mapping, and quote a value that holds { or }, such as \"${day}\""
    case "did not find expected ',' or ']'":
      "\(block) lacks \",\" or \"]\" here: close the list, and quote a value that holds { or }, such as \"${day}\""
    case "found unexpected end of stream": "the file ends inside a quoted text: \(block) lacks its closing quote"
    case "did not find expected alphabetic or numeric character":
      "this names no anchor or alias: quote a value that begins with * or &"
    case "found unknown escape character":
      "\(block) holds an unknown escape here: use single quotes for a text with backslashes"
    case "found undefined alias": "this alias names no anchor: quote a value that begins with *"
    case "but found another document": "a second document begins here, but a pipeline file holds one"
    default: "the file is not valid YAML here: \(problem)"
    }
  }
}
