import Crypto

/// What was written to one file of a set.
package struct FileSummary: Equatable, Sendable {
  /// Relative to the set's directory.
  package var path: String
  /// Rows of a table, without headers; 0 for files that hold no rows.
  package var rows: Int
  package var bytes: Int
  /// Lower-case hex; nil where checksums were not asked for.
  package var sha256: String?

  package init(path: String, rows: Int, bytes: Int, sha256: String?) {
    self.path = path
    self.rows = rows
    self.bytes = bytes
    self.sha256 = sha256
  }
}

/// A new file of a set, written from start to end: for streams that are no tables.
package struct OutputFile: ~Copyable {
  private var file: BufferedFile

  /// Creates the file, which must not exist yet, and the directories on its way.
  package init(_ path: String, in staging: borrowing StagingDirectory, checksums: Bool = true) throws(TextTablesError) {
    file = try BufferedFile(creating: path, in: staging.place, checksum: checksums)
  }

  package mutating func append(_ bytes: [UInt8]) throws(TextTablesError) { try file.append(bytes) }

  /// Writes what is left and closes the file; `rows` is what the summary shall say.
  package consuming func finish(rows: Int = 0) throws(TextTablesError) -> FileSummary {
    try file.finish(rows: rows)
  }

  deinit { file.abandon() }
}

/// Where new files go: a staging directory's path and the modes that hold there.
struct StagingPlace: Sendable {
  var path: String
  var permissions: FilePermissions

  /// The absolute path of a file of the set; its directories are made where they are missing.
  func prepare(_ relativePath: String) throws(TextTablesError) -> String {
    let parts = relativePath.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." && !$0.utf8.contains(0) }) else {
      throw .cannotCreate(path: relativePath, reason: "an output's path is relative and stays inside its directory")
    }
    var directory = path
    for part in parts.dropLast() {
      directory += "/\(part)"
      switch try SystemCalls.kind(of: directory) {
      case .missing: try SystemCalls.makeDirectory(directory, mode: permissions.directory)
      case .directory: continue
      case .symbolicLink, .other: throw .cannotCreate(path: directory, reason: "something else has this name")
      }
    }
    return "\(path)/\(relativePath)"
  }
}

/// An open file that gathers small pieces to about a megabyte. Whoever holds it must end with `finish` or `abandon`.
struct BufferedFile: Sendable {
  static let gatheredBytes = 1 << 20

  let relativePath: String
  let path: String
  private var descriptor: Int32
  private var pending: [UInt8] = []
  private let limit: Int
  private var digest: FileDigest
  /// Bytes that the kernel has been asked to bring to the disk, so that the sync before publishing has little to wait for.
  private var begun = 0
  private static let begunAtOnce = 8 << 20

  init(
    creating relativePath: String, in place: StagingPlace, checksum: Bool, gathering limit: Int = gatheredBytes
  ) throws(TextTablesError) {
    self.relativePath = relativePath
    self.limit = limit
    path = try place.prepare(relativePath)
    digest = FileDigest(checksum: checksum)
    descriptor = try SystemCalls.createFile(path, mode: place.permissions.file)
  }

  mutating func append(_ piece: [UInt8]) throws(TextTablesError) {
    if pending.count + piece.count > limit { try flush() }
    // A piece that is worth a call of its own is not copied to wait for others.
    if piece.count >= limit / 16 {
      try flush()
      try put(piece)
    } else {
      pending.append(contentsOf: piece)
    }
  }

  mutating func finish(rows: Int) throws(TextTablesError) -> FileSummary {
    try flush()
    pending = []
    let written = descriptor
    descriptor = -1
    try SystemCalls.closeWritten(written, path: path)
    return FileSummary(path: relativePath, rows: rows, bytes: digest.bytes, sha256: digest.hexadecimalSHA256)
  }

  /// Closes an unfinished file as it is; nothing may be done with it afterwards.
  func abandon() {
    if descriptor >= 0 { SystemCalls.closeFile(descriptor) }
  }

  private mutating func flush() throws(TextTablesError) {
    guard !pending.isEmpty else { return }
    try put(pending)
    pending.removeAll(keepingCapacity: true)
  }

  private mutating func put(_ piece: [UInt8]) throws(TextTablesError) {
    try SystemCalls.write(piece.span, to: descriptor, path: path)
    digest.add(piece)
    guard digest.bytes - begun >= BufferedFile.begunAtOnce else { return }
    SystemCalls.beginWriting(descriptor, from: begun, count: digest.bytes - begun)
    begun = digest.bytes
  }
}

/// The size and, when asked for, the SHA-256 of bytes that pass by.
struct FileDigest: Sendable {
  private(set) var bytes = 0
  private var hash: SHA256?

  init(checksum: Bool) { hash = checksum ? SHA256() : nil }

  mutating func add(_ piece: [UInt8]) {
    bytes += piece.count
    hash?.update(data: piece)
  }

  var hexadecimalSHA256: String? {
    hash.map { String(decoding: hexadecimal($0.finalize()), as: UTF8.self) }
  }
}
