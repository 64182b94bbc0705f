/// Something about the books that a person should know: a value beside the tables, not a log line.
package struct Finding: Sendable {
  package enum Severity: String, Comparable, Sendable {
    case info, warning, error

    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .info: 0
      case .warning: 1
      case .error: 2
      }
    }
  }

  /// What a finding is about.
  package enum Subject: Hashable, Sendable {
    case call(String)
    case campaign(String)
    case archive(String)
    case table(String)
    /// A business day, or an hour of one such as `2026-04-08T14:00`.
    case day(String)

    /// The column `subject_type`.
    package var type: String {
      switch self {
      case .call: "call"
      case .campaign: "campaign"
      case .archive: "archive"
      case .table: "table"
      case .day: "day"
      }
    }

    /// The column `subject_id`.
    package var id: String {
      switch self {
      case .call(let id), .campaign(let id), .archive(let id), .table(let id), .day(let id): id
      }
    }
  }

  package var code: FindingCode
  /// The code's, unless this one weighs more or less.
  package var severity: Severity
  package var subject: Subject
  package var campaignID: String?
  /// The quantity in question, by its column's or member's name.
  package var measure: String?
  package var claimed: String?
  package var counted: String?
  /// Always claimed − counted.
  package var difference: String?
  /// One sentence, without personal values.
  package var message: String
  /// The record that shows it.
  package var origin: RecordOrigin?
  /// Of a conflict: the delivery that was kept.
  package var firstOrigin: RecordOrigin?

  package init(
    _ code: FindingCode, _ subject: Subject, campaignID: String? = nil, measure: String? = nil,
    claimed: String? = nil, counted: String? = nil, difference: String? = nil, severity: Severity? = nil,
    message: String, origin: RecordOrigin? = nil, firstOrigin: RecordOrigin? = nil
  ) {
    self.code = code
    self.severity = severity ?? code.severity
    self.subject = subject
    self.campaignID = campaignID
    self.measure = measure
    self.claimed = claimed
    self.counted = counted
    self.difference = difference
    self.message = message
    self.origin = origin
    self.firstOrigin = firstOrigin
  }
}
