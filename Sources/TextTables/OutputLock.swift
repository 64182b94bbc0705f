/// The right to publish into a directory, held by one run at a time.
///
/// The kernel holds the lock for the open file and frees it with the process, so a crash leaves nothing to clean up;
/// the empty file itself stays.
package struct OutputLock: ~Copyable {
  package static let fileName = ".calltally.lock"

  private let descriptor: Int32

  /// Takes the lock of a directory, which is made where it is missing; throws `.locked` at once when it is held.
  package init(directory: String, permissions: FilePermissions = FilePermissions()) throws(TextTablesError) {
    try makeDirectories(directory, mode: permissions.directory)
    let path = joined(directory, Self.fileName)
    guard let descriptor = try SystemCalls.lockedFile(path, mode: permissions.file) else { throw .locked(path: path) }
    self.descriptor = descriptor
  }

  /// Does something under the lock.
  package func holding<Value>(_ body: () throws(TextTablesError) -> Value) throws(TextTablesError) -> Value {
    try body()
  }

  deinit { SystemCalls.closeFile(descriptor) }
}
