/// How the set of an earlier run is told from somebody's own files: only such a set may be replaced.
package struct PublishedSet: Sendable {
  /// The file at the top of a set that lists the others.
  let mark: String
  /// The paths that a mark of these bytes lists, relative to the set; nil where no run has written it.
  let listed: @Sendable ([UInt8]) -> [String]?

  package init(mark: String, listed: @escaping @Sendable ([UInt8]) -> [String]?) {
    self.mark = mark
    self.listed = listed
  }

  /// Whether a directory holds a set and nothing else.
  func isAll(of directory: String) throws(TextTablesError) -> Bool {
    guard try SystemCalls.names(in: directory).contains(mark) else { return false }
    return try foreignEntry(in: directory) == nil
  }

  /// The first entry of a directory that no run has put there, relative to it; nil where all of them may be replaced.
  func foreignEntry(in directory: String) throws(TextTablesError) -> String? {
    let names = try SystemCalls.names(in: directory).filter { $0 != OutputLock.fileName }
    guard names.contains(mark) else { return names.first }
    let path = joined(directory, mark)
    guard try SystemCalls.kind(of: path) == .other, let listed = listed(try SystemCalls.contents(of: path)) else {
      return mark
    }
    var known: Set<String> = [mark]
    for path in listed {
      var path = path
      while known.insert(path).inserted, path.contains("/") { path = splitPath(path).parent }
    }
    return try foreignEntry(names, in: directory, below: "", known)
  }

  private func foreignEntry(
    _ names: [String], in directory: String, below folder: String, _ known: Set<String>
  ) throws(TextTablesError) -> String? {
    for name in names {
      guard known.contains(folder + name) else { return folder + name }
      let path = joined(directory, name)
      guard try SystemCalls.kind(of: path) == .directory else { continue }
      let below = try SystemCalls.names(in: path)
      if let found = try foreignEntry(below, in: path, below: "\(folder)\(name)/", known) { return found }
    }
    return nil
  }
}
