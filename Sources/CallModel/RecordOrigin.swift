/// Where a record came from: an archive of the run and a line in it.
public struct RecordOrigin: Comparable, Hashable, Sendable {
  /// The archive's place in the run's archive order, from 0.
  public var archive: UInt32
  /// The line in the archive's inflated text, from 1.
  public var line: UInt32

  @inlinable
  public init(archive: UInt32, line: UInt32) {
    self.archive = archive
    self.line = line
  }

  @inlinable
  public static func < (left: RecordOrigin, right: RecordOrigin) -> Bool {
    (left.archive, left.line) < (right.archive, right.line)
  }
}
