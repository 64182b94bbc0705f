/// The state in which an archive was found.
package enum ArchiveCondition: String, CaseIterable, Sendable {
  case whole, truncated, corrupt
  case trailingGarbage = "trailing_garbage"
  case empty
  case notGzip = "not_gzip"

  /// Whether data was lost or cannot be trusted. Plain text and an empty file are odd, not damaged.
  package var isDamaged: Bool {
    switch self {
    case .truncated, .corrupt, .trailingGarbage: true
    case .whole, .empty, .notGzip: false
    }
  }
}
