internal import Yams

/// Reads typed values from YAML nodes and collects what is wrong with them.
///
/// Every reader returns nil for a value that is absent or wrong, and reading goes on with its default to the end of the
/// file, so that all its problems are told at once. What was read counts only if there are none.
struct NodeReader {
  /// The environment that `${VAR}` refers to.
  let environment: [String: String]
  /// What `${pipeline}` stands for.
  var pipelineName = ""
  /// Whether the paths read so far hold `${day}`.
  var pathsHoldDay = false
  private(set) var problems: [PipelineFileError.Problem] = []
  /// What is no problem and most likely not meant.
  private(set) var remarks: [PipelineFileError.Problem] = []

  private let document: YAMLDocument

  init(_ document: YAMLDocument, environment: [String: String]) {
    self.document = document
    self.environment = environment
  }

  mutating func report(_ position: FilePosition, _ message: String) {
    problems.append(PipelineFileError.Problem(position: position, message: message))
  }

  mutating func remark(_ position: FilePosition, _ message: String) {
    remarks.append(PipelineFileError.Problem(position: position, message: "warning: \(message)"))
  }
}

extension NodeReader {
  /// A value, with the key that it stands under.
  struct Entry {
    /// The keys that lead to it, as a person would name it: `billing.pulse`. Empty for the whole file.
    let path: String
    let keyPosition: FilePosition
    let node: Node

    var position: FilePosition { node.mark.map(FilePosition.init) ?? keyPosition }
  }

  /// A mapping whose keys are known and differ.
  struct Section {
    let entry: Entry
    fileprivate var entries: [String: Entry] = [:]
    /// The keys that stand in the file, in its order.
    fileprivate(set) var keys: [String] = []

    fileprivate init(entry: Entry) { self.entry = entry }

    /// The section's name in a sentence.
    var name: String { entry.path.isEmpty ? "the file" : entry.path }

    subscript(key: String) -> Entry? { entries[key] }
  }

  /// The text of a scalar with its variables expanded.
  struct Text {
    let entry: Entry
    let value: String
    /// The text as a sentence quotes it: with the variables that it came from, if any.
    let quoted: String
  }
}

// MARK: - Structure

extension NodeReader {
  /// The whole file.
  mutating func root() -> Section? {
    let root = Entry(path: "", keyPosition: .start, node: document.root)
    return section(root, keys: PipelineFile.keys(of: ""))
  }

  /// A mapping of the keys that `PipelineFile.keys` lists for its path.
  mutating func section(_ entry: Entry?) -> Section? {
    guard let entry else { return nil }
    return section(entry, keys: PipelineFile.keys(of: entry.path))
  }

  private mutating func section(_ entry: Entry, keys: [String]) -> Section? {
    var section = Section(entry: entry)
    guard case .mapping(let mapping) = entry.node else {
      report(entry.position, "\(section.name) is \(found(entry.node)), but must be a mapping of \(list(keys, "and"))")
      return nil
    }
    for (key, value) in mapping {
      let position = key.mark.map(FilePosition.init) ?? entry.position
      guard let name = document.name(of: key) else {
        report(position, "\(section.name) has a list or a mapping as a key, but takes only \(list(keys, "and"))")
        continue
      }
      guard keys.contains(name) else {
        report(
          position, "\(section.name) has no key \"\(printable(name))\", only \(list(keys, "and"))\(advice(name, keys))")
        continue
      }
      if let first = section.entries[name] {
        let place = "line \(first.keyPosition.line), column \(first.keyPosition.column)"
        report(position, "\(section.name) holds the key \"\(name)\" twice, first at \(place), but may hold it once")
        continue
      }
      let path = entry.path.isEmpty ? name : "\(entry.path).\(name)"
      section.entries[name] = Entry(path: path, keyPosition: position, node: value)
      section.keys.append(name)
    }
    return section
  }

  /// The entry of a key that must be there.
  mutating func required(_ key: String, of section: Section) -> Entry? {
    if let entry = section[key] { return entry }
    report(section.entry.keyPosition, "\(section.name) lacks the key \"\(key)\"")
    return nil
  }

  /// The items of a list, each under the list's own path; nil when absent or no list.
  mutating func items(_ entry: Entry?, of content: String) -> [Entry]? {
    guard let entry else { return nil }
    guard case .sequence(let nodes) = entry.node else {
      report(entry.position, "\(entry.path) is \(found(entry.node)), but must be a list of \(content)")
      return nil
    }
    return nodes.map { Entry(path: entry.path, keyPosition: entry.position, node: $0) }
  }

  /// What helps someone who wrote a key that is not among `allowed`: the key meant, or where theirs belongs.
  private func advice(_ name: String, _ allowed: [String]) -> String {
    if let near = suggestion(for: name, among: allowed) { return "; did you mean \"\(near)\"?" }
    let homes = PipelineFile.keys.filter { $0.keys.contains(name) }.map { $0.section.isEmpty ? "the file" : $0.section }
    return homes.isEmpty ? "" : "; it belongs in \(list(homes, "or"))"
  }
}

// MARK: - Values

extension NodeReader {
  /// A scalar's text; nil when absent, nothing, a list, a mapping, or with a variable that cannot be expanded.
  mutating func text(_ entry: Entry?, expected: String, keepingDay: Bool = false) -> Text? {
    guard let entry else { return nil }
    guard case .scalar(let scalar) = entry.node, !isNothing(scalar) else {
      report(entry.position, "\(entry.path) is \(found(entry.node)), but must be \(expected)")
      return nil
    }
    guard let value = expanded(scalar.string, of: entry, keepingDay: keepingDay) else { return nil }
    let source = value == scalar.string ? "" : " (from \"\(printable(scalar.string))\")"
    return Text(entry: entry, value: value, quoted: "\"\(printable(value))\"\(source)")
  }

  /// A value that `parse` reads; nil when absent or wrong.
  mutating func value<Value>(
    _ entry: Entry?, expected: String, keepingDay: Bool = false, parse: (String) -> Value?
  ) -> Value? {
    guard let text = text(entry, expected: expected, keepingDay: keepingDay) else { return nil }
    if let value = parse(text.value) { return value }
    report(text.entry.position, "\(text.entry.path) is \(text.quoted), but must be \(expected)")
    return nil
  }

  /// One of a few words.
  mutating func choice(_ entry: Entry?, of allowed: [String]) -> String? {
    guard let text = text(entry, expected: list(allowed, "or")) else { return nil }
    return known(text, among: allowed) ? text.value : nil
  }

  /// One of the words of an enumeration; nil when absent or wrong.
  mutating func choice<Value: RawRepresentable<String> & CaseIterable>(
    _ entry: Entry?, of type: Value.Type
  ) -> Value? {
    choice(entry, of: Value.allCases.map(\.rawValue)).flatMap(Value.init)
  }

  /// Whether a text is among the words allowed; if not it is reported, with a suggestion.
  mutating func known(_ text: Text, among allowed: [String]) -> Bool {
    if allowed.contains(text.value) { return true }
    let near = suggestion(for: text.value, among: allowed).map { "; did you mean \"\($0)\"?" } ?? ""
    report(text.entry.position, "\(text.entry.path) is \(text.quoted), but must be \(list(allowed, "or"))\(near)")
    return false
  }

  /// One text or a list of at least one; each may stand once.
  mutating func texts(_ entry: Entry?, of content: String, keepingDay: Bool = false) -> [Text]? {
    guard let entry else { return nil }
    var entries = [entry]
    if case .sequence = entry.node { entries = items(entry, of: content) ?? [] }
    if entries.isEmpty {
      report(entry.position, "\(entry.path) is an empty list, but must name at least one of \(content)")
    }
    var texts: [Text] = []
    for item in entries {
      guard let text = text(item, expected: "one of \(content) or a list of them", keepingDay: keepingDay) else {
        continue
      }
      if text.value.isEmpty {
        report(item.position, "\(entry.path) holds an empty text, but must name \(content)")
      } else if let first = texts.first(where: { $0.value == text.value }) {
        report(
          item.position,
          "\(entry.path) names \(text.quoted) twice, first at line \(first.entry.position.line), but may name it once")
      } else {
        texts.append(text)
      }
    }
    return texts
  }
}

// MARK: - Words

/// What a node is, for someone who expected something else.
private func found(_ node: Node) -> String {
  switch node {
  case .scalar(let scalar) where isNothing(scalar): "nothing"
  case .scalar(let scalar): "the text \"\(printable(scalar.string))\""
  case .mapping: "a mapping"
  case .sequence: "a list"
  case .alias: "an alias"
  }
}

/// Whether a scalar is YAML's null.
private func isNothing(_ scalar: Node.Scalar) -> Bool {
  scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
}

/// A text that fits into a sentence: one line, no control characters, at most 60 characters.
private func printable(_ text: String) -> String {
  let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.isPrintable ? $0 : "\u{FFFD}" }))
  return line.count <= 60 ? line : "\(line.prefix(60))…"
}

extension Unicode.Scalar.Properties {
  fileprivate var isPrintable: Bool {
    switch generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate: false
    default: true
    }
  }
}

/// `a, b and c`.
func list(_ words: [String], _ conjunction: String) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return "\(words.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
}
