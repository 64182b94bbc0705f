import CVector
import CZlib
import CallModel
import Glibc

// The one file of this module that touches unsafe memory: calls into zlib and the C library. Each is wrapped so that what
// leaves this file is bounds-checked and owned.

/// The CRC-32 of gzip, continued over `bytes`: a long piece is folded into 64 bytes first, where the processor can.
func crc32(_ crc: UInt32, _ bytes: Span<UInt8>) -> UInt32 {
  guard bytes.count >= 256, fold_is_supported() != 0 else { return zlibCRC32(crc, bytes) }
  var rest = InlineArray<64, UInt8>(repeating: 0)
  var target = rest.mutableSpan
  unsafe bytes.withUnsafeBufferPointer { source in
    unsafe target.withUnsafeMutableBufferPointer { target in
      guard let from = source.baseAddress, let to = target.baseAddress else { return }
      unsafe fold_crc32(~crc, from, source.count / 64, to)
    }
  }
  // What the CRC was is in these bytes; as zlib sees it, an empty register comes before them.
  return zlibCRC32(zlibCRC32(UInt32.max, rest.span), bytes.extracting((bytes.count / 64 * 64)...))
}

private func zlibCRC32(_ crc: UInt32, _ bytes: Span<UInt8>) -> UInt32 {
  unsafe bytes.withUnsafeBufferPointer {
    UInt32(truncatingIfNeeded: unsafe CZlib.crc32_z(UInt(crc), $0.baseAddress, $0.count))
  }
}

/// One whole gzip member that holds `text`.
///
/// The header names no file, time or system, so that the same text gives the same bytes. `level` is zlib's, 1 to 9.
package func gzipMember(_ text: [UInt8], level: Int32 = 6) -> [UInt8] {
  var stream = unsafe z_stream()
  let initialized = unsafe deflateInit2_(
    &stream, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
    Int32(MemoryLayout<z_stream>.size))
  precondition(initialized == Z_OK, "zlib cannot allocate its state")
  defer { unsafe deflateEnd(&stream) }
  let bound = Int(unsafe deflateBound(&stream, UInt(text.count)))
  return unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, count in
    unsafe text.withUnsafeBufferPointer { source in
      unsafe stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
      unsafe stream.avail_in = UInt32(source.count)
      unsafe stream.next_out = target.baseAddress
      unsafe stream.avail_out = UInt32(target.count)
      let status = unsafe deflate(&stream, Z_FINISH)
      precondition(status == Z_STREAM_END, "deflateBound was too small")
      count = unsafe target.count - Int(stream.avail_out)
    }
  }
}

/// The offset of the first line feed of `bytes[start..<end]`, or `end`.
func lineFeed(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
  firstByte(0x0a, in: bytes, from: start, to: end)
}

/// The offset of the first `byte` of `bytes[start..<end]`, or `end`.
@inline(__always)
func firstByte(_ byte: UInt8, in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
  precondition(start >= 0 && start <= end && end <= bytes.count)
  return unsafe bytes.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress, let found = unsafe memchr(base + start, Int32(byte), end - start) else {
      return end
    }
    return unsafe UnsafeRawPointer(base).distance(to: found)
  }
}

/// A chunk's bytes before anything has been read into it.
func zeroedBytes(_ count: Int) -> [UInt8] { [UInt8](repeating: 0, count: count) }

/// What the file system says of a path or an open file.
struct FileStatus: Equatable {
  enum Kind { case regular, directory, fifo, socket, device }

  var kind: Kind
  var size: Int64
  /// Seconds and nanoseconds of the last change of content.
  var modified: [Int]
  var device: UInt
  var inode: UInt

  fileprivate init(_ status: stat) {
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFIFO: .fifo
      case S_IFSOCK: .socket
      default: .device
      }
    size = Int64(status.st_size)
    modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
  }

  /// The status of what `path` leads to, following links; the error number where that fails.
  static func of(_ path: String) -> Result<FileStatus, ErrorNumber> {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .failure(ErrorNumber(errno)) }
    return .success(FileStatus(status))
  }
}

/// An `errno` with its text.
package struct ErrorNumber: Error, Equatable, CustomStringConvertible, Sendable {
  package let code: Int32

  init(_ code: Int32) { self.code = code }

  package static let noSuchFile = ErrorNumber(ENOENT)

  /// Whether a path simply leads to nothing.
  var saysThereIsNone: Bool { code == ENOENT || code == ENOTDIR }

  /// Whether the machine has too few files or too little memory to open anything.
  var isOfTheMachine: Bool { [EMFILE, ENFILE, ENOMEM, EIO].contains(code) }

  static func ~= (pattern: ErrorNumber, value: ErrorNumber) -> Bool { pattern == value }

  /// What the C library calls it, such as `Permission denied`.
  package var description: String { unsafe String(cString: strerror(code)) }
}

/// An open file descriptor that is read from start to end.
struct InputFile: ~Copyable {
  private let descriptor: Int32
  private let closes: Bool

  static let standardInput = 0 as Int32

  /// Opens `path` without waiting, so that a FIFO without a writer cannot hang the run; nil is standard input.
  init(path: String?) throws(ErrorNumber) {
    guard let path else {
      descriptor = InputFile.standardInput
      closes = false
      return
    }
    var opened: Int32
    repeat {
      opened = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    } while opened < 0 && errno == EINTR
    guard opened >= 0 else { throw ErrorNumber(errno) }
    descriptor = opened
    closes = true
  }

  deinit {
    if closes { close(descriptor) }
  }

  func status() throws(ErrorNumber) -> FileStatus {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw ErrorNumber(errno) }
    return FileStatus(status)
  }

  /// The last bytes of a file of a known size, at most `count`; where it is read next stays as it is.
  func lastBytes(_ count: Int, of size: Int64) throws(ErrorNumber) -> [UInt8] {
    let wanted = min(count, Int(size))
    var buffer = [UInt8](repeating: 0, count: wanted)
    while true {
      let got = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe pread(descriptor, bytes.baseAddress, wanted, off_t(size) - off_t(wanted))
      }
      if got == wanted { return buffer }
      guard got < 0, errno == EINTR else { throw ErrorNumber(got < 0 ? errno : EIO) }
    }
  }

  /// Reads into `buffer` from `start` on; the number of bytes read, 0 at the end.
  func read(into buffer: inout [UInt8], from start: Int) throws(ErrorNumber) -> Int {
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(descriptor, bytes.baseAddress?.advanced(by: start), bytes.count - start)
      }
      if count >= 0 { return count }
      guard errno == EINTR else { throw ErrorNumber(errno) }
    }
  }
}

/// All bytes of a small file.
package func fileBytes(_ path: String) throws(ErrorNumber) -> [UInt8] {
  let file = try InputFile(path: path)
  var bytes: [UInt8] = []
  var end = 0
  while true {
    if end == bytes.count { bytes.append(contentsOf: [UInt8](repeating: 0, count: max(end, 1 << 14))) }
    let count = try file.read(into: &bytes, from: end)
    if count == 0 { return Array(bytes[..<end]) }
    end += count
  }
}

/// The bytes of the names in a directory that a shell pattern without slashes matches, in no order.
func names(in directory: String, matching pattern: String) throws(ErrorNumber) -> [[UInt8]] {
  guard let stream = unsafe opendir(directory) else { throw ErrorNumber(errno) }
  defer { unsafe closedir(stream) }
  var names: [[UInt8]] = []
  errno = 0
  while let entry = unsafe readdir(stream) {
    unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { name in
        guard unsafe fnmatch(pattern, name, FNM_PERIOD) == 0 else { return }
        unsafe names.append(UnsafeBufferPointer(start: name, count: strlen(name)).map { UInt8(bitPattern: $0) })
      }
    }
    errno = 0
  }
  guard errno == 0 else { throw ErrorNumber(errno) }
  return names
}
