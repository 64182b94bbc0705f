/// A hidden folder for files that can be made again at any time, and whose loss or damage must not end a run.
///
/// Nothing of it throws: what cannot be read is not there, and what cannot be written is left out.
package struct CacheFolder: Sendable {
  private let path: String
  private let parent: String
  /// Only the owner may read: the files hold what the provider sent, before any privacy rule.
  private static let permissions = FilePermissions()

  /// The folder `.calltally-cache/NAME` of an output root.
  package init(below root: String, name: String) {
    parent = joined(root, Self.folderName)
    path = joined(parent, name)
  }

  package static let folderName = ".calltally-cache"

  package func contents(of name: String) -> [UInt8]? { try? SystemCalls.contents(of: joined(path, name)) }

  /// Puts a file in the place of an older one by a rename. It is not brought to the disk: whoever reads it finds out
  /// whether it is whole.
  package func write(_ bytes: [UInt8], to name: String) {
    let file = joined(path, name)
    let temporary = joined(path, ".\(name).tmp")
    do throws(TextTablesError) {
      for folder in [parent, path] where try SystemCalls.kind(of: folder) == .missing {
        try SystemCalls.makeDirectory(folder, mode: Self.permissions.directory)
      }
      if try SystemCalls.kind(of: temporary) != .missing { try SystemCalls.removeFile(temporary) }
      let descriptor = try SystemCalls.createFile(temporary, mode: Self.permissions.file)
      do throws(TextTablesError) {
        try SystemCalls.write(bytes.span, to: descriptor, path: file)
      } catch {
        SystemCalls.closeFile(descriptor)
        throw error
      }
      try SystemCalls.closeWritten(descriptor, path: file)
      try SystemCalls.rename(temporary, to: file)
    } catch {
      try? SystemCalls.removeFile(temporary)
    }
  }

  /// Removes the files whose names are no longer wanted, and the folders when they are empty.
  package func keepOnly(_ isWanted: (String) -> Bool) {
    for name in (try? SystemCalls.names(in: path)) ?? [] where !isWanted(name) {
      try? SystemCalls.removeFile(joined(path, name))
    }
    for folder in [path, parent] { try? SystemCalls.removeEmptyDirectory(folder) }
  }
}
