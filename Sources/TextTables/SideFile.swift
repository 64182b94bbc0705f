/// All bytes of a file, which is no link; nil where there is none.
package func contentsOfFile(_ path: String) throws(TextTablesError) -> [UInt8]? {
  try SystemCalls.kind(of: path) == .other ? try SystemCalls.contents(of: path) : nil
}

/// A small hidden file beside an output directory, for what must outlive a run that is killed.
package struct SideFile: Sendable {
  private let path: String
  private let parent: String
  private let name: String
  private let permissions: FilePermissions

  /// `.NAME.SUFFIX` beside the target NAME.
  package init(of target: OutputPath, suffix: String, permissions: FilePermissions) {
    name = ".\(target.name).\(suffix)"
    path = target.sibling(name)
    parent = target.parent
    self.permissions = permissions
  }

  /// Nil where there is no such file.
  package func contents() throws(TextTablesError) -> [UInt8]? { try contentsOfFile(path) }

  /// Replaces the file, in a directory that is made where it is missing; after a crash it holds the old bytes or the new
  /// ones.
  package func write(_ bytes: [UInt8]) throws(TextTablesError) {
    let fresh = "\(path).new"
    try makeDirectories(parent, mode: permissions.directory)
    if try SystemCalls.kind(of: fresh) != .missing { try SystemCalls.removeFile(fresh) }
    var file = try BufferedFile(
      creating: "\(name).new", in: StagingPlace(path: parent, permissions: permissions), checksum: false)
    defer { file.abandon() }
    try file.append(bytes)
    _ = try file.finish(rows: 0)
    try SystemCalls.synchronize(fresh)
    try SystemCalls.rename(fresh, to: path)
    try SystemCalls.synchronize(parent)
  }

  /// Removes the file, and what a dead run left of a next one.
  package func remove() throws(TextTablesError) {
    for path in [path, "\(path).new"] where try SystemCalls.kind(of: path) == .other {
      try SystemCalls.removeFile(path)
    }
  }
}
