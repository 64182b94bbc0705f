/// The one path of an output directory, whatever links and dots its user wrote.
///
/// Two spellings of a directory must meet at one lock and in one staging directory, so both are found through this path:
/// links are followed as far as the directories exist, and what is missing below them is taken as it will be made.
/// `link/../a/./b` is `/disk/a/b` where `link` leads to `/disk/x` and `/disk/a` is missing.
package struct OutputPath: Equatable, Sendable {
  /// Absolute, without links, dots and doubled slashes.
  package let path: String
  /// The directory above; it may be missing.
  package let parent: String
  package let name: String

  /// Throws `.cannotCreate` for a path that leads nowhere, and for the working directory and those above it: publishing
  /// moves the directory aside, and with it everything else that a run's paths start from.
  package init(_ spelling: String) throws(TextTablesError) {
    let workingDirectory = spelling.hasPrefix("/") ? try? SystemCalls.resolved(".") : try SystemCalls.resolved(".")
    var path = spelling.hasPrefix("/") ? "" : workingDirectory ?? ""
    if path == "/" { path = "" }
    for component in spelling.split(separator: "/") where component != "." {
      if component == ".." {
        path = splitPath(path).parent
        if path == "/" { path = "" }
        continue
      }
      path += "/\(component)"
      if try SystemCalls.kind(of: path) == .symbolicLink { path = try SystemCalls.resolved(path) }
      if path == "/" { path = "" }
    }
    if path.isEmpty || "\(workingDirectory ?? "")/".hasPrefix("\(path)/") {
      throw .cannotCreate(
        path: spelling.isEmpty ? "an output directory without a name" : spelling,
        reason: "an output directory needs a name of its own, and this is the working directory or one above it")
    }
    self.path = path
    (parent, name) = splitPath(path)
  }

  /// The path of something beside the output directory.
  func sibling(_ name: String) -> String { joined(parent, name) }
}

/// The path of a name in a directory.
func joined(_ directory: String, _ name: String) -> String {
  directory.hasSuffix("/") ? directory + name : "\(directory)/\(name)"
}

/// A path's directory and last component: `a/b` is `a` and `b`, `b` is `.` and `b`, `/b` is `/` and `b`.
func splitPath(_ path: String) -> (parent: String, name: String) {
  guard let slash = path.lastIndex(of: "/") else { return (".", path) }
  let parent = path[..<slash]
  return (parent.isEmpty ? "/" : String(parent), String(path[path.index(after: slash)...]))
}
