/// The paths that match a shell pattern, in byte order; empty when none does.
///
/// The C library's `glob` passes over directories that it cannot look into, and archives in them would be missing from the
/// books without a word. So a pattern is followed here, directory by directory: a name that is missing or no directory
/// matches nothing, and whatever else keeps a directory from being listed is an error, as is a name that is no UTF-8:
/// paths are texts here, and it would be looked for under another one.
func paths(matching pattern: String) throws(IntakeError) -> [String] {
  let components = pattern.split(separator: "/").map(String.init)
  guard components.contains(where: isPattern) else { return try exists(pattern) ? [pattern] : [] }
  var found = [pattern.hasPrefix("/") ? "/" : ""]
  for component in components {
    var next: [String] = []
    for directory in found {
      let names = isPattern(component) ? try names(in: directory, matching: component) : [component]
      let prefix = directory.isEmpty || directory == "/" ? directory : "\(directory)/"
      next += names.map { prefix + $0 }
    }
    found = next
  }
  if !isPattern(components[components.count - 1]) {
    var existing: [String] = []
    for path in found where try exists(path) { existing.append(path) }
    found = existing
  }
  return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

private func isPattern(_ component: String) -> Bool { component.utf8.contains { "*?[\\".utf8.contains($0) } }

private func exists(_ path: String) throws(IntakeError) -> Bool {
  switch FileStatus.of(path) {
  case .success: return true
  case .failure(let reason):
    guard reason.saysThereIsNone else { throw .opening(path, reason) }
    return false
  }
}

private func names(in directory: String, matching pattern: String) throws(IntakeError) -> [String] {
  let path = directory.isEmpty ? "." : directory
  let names: [[UInt8]]
  do throws(ErrorNumber) {
    names = try Intake.names(in: path, matching: pattern)
  } catch {
    guard error.saysThereIsNone else { throw .opening(path, error) }
    return []
  }
  var texts: [String] = []
  for name in names {
    guard let text = String(validating: name, as: UTF8.self) else {
      throw .cannotOpen(
        path: "\(directory)\(directory.isEmpty ? "" : "/")\(String(decoding: name, as: UTF8.self))",
        reason: "its name is not UTF-8, and tables could not show it; give it another one")
    }
    texts.append(text)
  }
  return texts
}
