import CallModel
import Glibc

/// The system calls that files need, as functions that throw. The only place of the module with unsafe code.
///
/// Nothing here follows a symbolic link that it did not expect: new files are created exclusively, directories are made
/// by `mkdir`, and kinds are asked with `lstat`.
enum SystemCalls {
  enum FileKind { case missing, directory, symbolicLink, other }

  // MARK: Files

  /// Creates a file that must not exist yet and opens it for writing.
  static func createFile(_ path: String, mode: UInt32) throws(TextTablesError) -> Int32 {
    let descriptor = retrying { unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode) }
    guard descriptor >= 0 else { throw .cannotCreate(path: path, reason: lastReason()) }
    guard fchmod(descriptor, mode) == 0 else {
      let reason = lastReason()
      close(descriptor)
      unsafe unlink(path)
      throw .cannotCreate(path: path, reason: reason)
    }
    return descriptor
  }

  static func openForReading(_ path: String) throws(TextTablesError) -> Int32 {
    let descriptor = retrying { unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw .inputOutput(path: path, action: "read", reason: lastReason()) }
    return descriptor
  }

  /// Writes all the bytes, in as few calls as the kernel allows.
  static func write(_ bytes: Span<UInt8>, to descriptor: Int32, path: String) throws(TextTablesError) {
    var done = 0
    while done < bytes.count {
      let written = unsafe bytes.withUnsafeBytes { buffer in
        unsafe Glibc.write(descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else {
        throw .inputOutput(path: path, action: "write", reason: written < 0 ? lastReason() : "nothing was written")
      }
      done += written
    }
  }

  /// Asks the kernel to begin writing a part of a file to the disk, and does not wait for it. Only a hint: where there is
  /// no such call, or it fails, the sync at the end has more to do and tells what went wrong.
  static func beginWriting(_ descriptor: Int32, from offset: Int, count: Int) {
    typealias SyncFileRange = @convention(c) (Int32, Int64, Int64, UInt32) -> Int32
    let write: UInt32 = 2
    guard let symbol = unsafe dlsym(nil, "sync_file_range") else { return }
    _ = unsafe unsafeBitCast(symbol, to: SyncFileRange.self)(descriptor, Int64(offset), Int64(count), write)
  }

  /// Reads up to `count` bytes; fewer, perhaps none, only at the end of the file.
  static func read(_ count: Int, from descriptor: Int32, path: String) throws(TextTablesError) -> [UInt8] {
    var failure: String?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, end in
      while end < count {
        let got = unsafe Glibc.read(descriptor, buffer.baseAddress.map { unsafe $0 + end }, count - end)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = lastReason() }
        if got <= 0 { break }
        end += got
      }
    }
    if let failure { throw .inputOutput(path: path, action: "read", reason: failure) }
    return bytes
  }

  /// All bytes of a file.
  static func contents(of path: String) throws(TextTablesError) -> [UInt8] {
    let descriptor = try openForReading(path)
    defer { closeFile(descriptor) }
    var bytes: [UInt8] = []
    while true {
      let piece = try read(1 << 16, from: descriptor, path: path)
      if piece.isEmpty { return bytes }
      bytes += piece
    }
  }

  /// Lets other threads go on for a millisecond.
  static func pause() { usleep(1_000) }

  static func closeFile(_ descriptor: Int32) { close(descriptor) }

  /// Closes a file that was written: some file systems say only now that they could not keep the bytes.
  static func closeWritten(_ descriptor: Int32, path: String) throws(TextTablesError) {
    // An interrupted close has closed the file all the same.
    guard close(descriptor) == 0 || errno == EINTR else {
      throw .inputOutput(path: path, action: "write", reason: lastReason())
    }
  }

  /// Brings a file's or a directory's content to the disk.
  static func synchronize(_ path: String) throws(TextTablesError) {
    let descriptor = retrying { unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
    guard descriptor >= 0 else { throw .inputOutput(path: path, action: "sync", reason: lastReason()) }
    defer { close(descriptor) }
    guard retrying({ fsync(descriptor) }) == 0 else {
      throw .inputOutput(path: path, action: "sync", reason: lastReason())
    }
  }

  // MARK: Memory

  /// Gives memory that is allocated no longer back to the kernel. The C library keeps it for later, and what one phase of a
  /// run has used is often of no use to the next.
  static func returnFreedMemory() {
    typealias MallocTrim = @convention(c) (Int) -> Int32
    guard let symbol = unsafe dlsym(nil, "malloc_trim") else { return }
    _ = unsafe unsafeBitCast(symbol, to: MallocTrim.self)(0)
  }

  // MARK: Directories

  /// Makes a directory that must not exist yet.
  static func makeDirectory(_ path: String, mode: UInt32) throws(TextTablesError) {
    guard unsafe mkdir(path, mode) == 0 else { throw .cannotCreate(path: path, reason: lastReason()) }
    guard unsafe chmod(path, mode) == 0 else {
      let reason = lastReason()
      unsafe rmdir(path)
      throw .cannotCreate(path: path, reason: reason)
    }
  }

  /// Lets the owner of a directory remove what is in it. Should that fail, removing says so.
  static func permitRemoval(in path: String) { _ = unsafe chmod(path, 0o700) }

  /// The names in a directory, in byte order.
  static func names(in path: String) throws(TextTablesError) -> [String] {
    guard let directory = unsafe opendir(path) else {
      throw .inputOutput(path: path, action: "list", reason: lastReason())
    }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    errno = 0
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
      errno = 0
    }
    guard errno == 0 else { throw .inputOutput(path: path, action: "list", reason: lastReason()) }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  static func kind(of path: String) throws(TextTablesError) -> FileKind {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else {
      guard errno == ENOENT else { throw .cannotCreate(path: path, reason: lastReason()) }
      return .missing
    }
    switch status.st_mode & S_IFMT {
    case S_IFDIR: return .directory
    case S_IFLNK: return .symbolicLink
    default: return .other
    }
  }

  /// The path without symbolic links and dots; what it names must exist.
  static func resolved(_ path: String) throws(TextTablesError) -> String {
    guard let real = unsafe realpath(path, nil) else { throw .cannotCreate(path: path, reason: lastReason()) }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  static func removeFile(_ path: String) throws(TextTablesError) {
    guard unsafe unlink(path) == 0 else { throw .inputOutput(path: path, action: "remove", reason: lastReason()) }
  }

  static func removeEmptyDirectory(_ path: String) throws(TextTablesError) {
    guard unsafe rmdir(path) == 0 else { throw .inputOutput(path: path, action: "remove", reason: lastReason()) }
  }

  // MARK: Renaming

  static func rename(_ path: String, to newPath: String) throws(TextTablesError) {
    guard unsafe Glibc.rename(path, newPath) == 0 else {
      throw .inputOutput(path: newPath, action: "publish", reason: lastReason())
    }
  }

  /// Gives a file a second name, which must not exist yet.
  static func link(_ path: String, to newPath: String) throws(TextTablesError) {
    guard unsafe Glibc.link(path, newPath) == 0 else {
      throw .inputOutput(path: newPath, action: "link", reason: lastReason())
    }
  }

  /// Swaps two existing paths in one step; false where the kernel or the file system cannot do that.
  ///
  /// Glibc declares `renameat2` only to GNU sources, and Swift does not read its headers as one: hence the look-up.
  static func exchange(_ path: String, _ other: String) throws(TextTablesError) -> Bool {
    typealias RenameAt2 = @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
    let renameExchange: UInt32 = 2
    guard let symbol = unsafe dlsym(nil, "renameat2") else { return false }
    let renameat2 = unsafe unsafeBitCast(symbol, to: RenameAt2.self)
    if unsafe renameat2(AT_FDCWD, path, AT_FDCWD, other, renameExchange) == 0 { return true }
    guard errno == EINVAL || errno == ENOSYS || errno == ENOTSUP else {
      throw .inputOutput(path: other, action: "publish", reason: lastReason())
    }
    return false
  }

  // MARK: Locking

  /// Opens or creates the file and locks it; nil when another open file holds the lock.
  static func lockedFile(_ path: String, mode: UInt32) throws(TextTablesError) -> Int32? {
    let descriptor = openLockFile(path, mode: mode)
    guard descriptor >= 0 else { throw .cannotCreate(path: path, reason: lastReason()) }
    if retrying({ flock(descriptor, LOCK_EX | LOCK_NB) }) == 0 { return descriptor }
    let isHeld = errno == EWOULDBLOCK
    let reason = lastReason()
    close(descriptor)
    if isHeld { return nil }
    throw .inputOutput(path: path, action: "lock", reason: reason)
  }

  /// A descriptor of the lock file, or a negative number with `errno` set.
  ///
  /// A file that is there is only opened: another user may have made it, and then reading is enough to lock it. One that
  /// is made gets its mode whatever the umask.
  private static func openLockFile(_ path: String, mode: UInt32) -> Int32 {
    let flags = O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    while true {
      var descriptor = retrying { unsafe open(path, O_RDWR | flags) }
      if descriptor < 0, errno == EACCES || errno == EPERM {
        descriptor = retrying { unsafe open(path, O_RDONLY | flags) }
      }
      guard descriptor < 0, errno == ENOENT else { return descriptor }
      descriptor = retrying { unsafe open(path, O_RDWR | O_CREAT | O_EXCL | flags, mode) }
      if descriptor < 0, errno == EEXIST { continue }
      if descriptor >= 0 { fchmod(descriptor, mode) }
      return descriptor
    }
  }

  private static func retrying(_ call: () -> Int32) -> Int32 {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }

  /// What the kernel said about the last call that failed.
  private static func lastReason() -> String { unsafe String(cString: strerror(errno)) }
}
