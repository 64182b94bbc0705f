/// The modes of everything that is created; they hold under any umask.
package struct FilePermissions: Equatable, Sendable {
  /// Twelve permission bits, such as `0o600`.
  package var file: UInt32
  package var directory: UInt32

  package init(file: UInt32 = 0o600, directory: UInt32 = 0o700) {
    self.file = file
    self.directory = directory
  }
}
