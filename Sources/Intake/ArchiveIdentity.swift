/// What tells whether a file is still the one that was read: its path, size, time of change and last bytes.
///
/// The last eight bytes of a gzip member are the CRC-32 and the length of its text, so another text of the same size and
/// time is told from this one.
package struct ArchiveIdentity: Equatable, Sendable {
  package let path: String
  /// Bytes.
  package let size: Int64
  /// Seconds and nanoseconds of the last change of content.
  package let modified: [Int]
  package let lastBytes: [UInt8]

  /// Nil where the file cannot be read, which whoever opens it next will tell.
  package init?(_ path: String) {
    guard let file = try? InputFile(path: path), let status = try? file.status(),
      let lastBytes = try? file.lastBytes(8, of: status.size)
    else { return nil }
    self.path = path
    size = status.size
    modified = status.modified
    self.lastBytes = lastBytes
  }
}
