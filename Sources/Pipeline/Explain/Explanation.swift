import CallModel
import Tally

/// What the books know of one call, campaign, agent or day, with where each figure comes from.
///
/// Ids and values are shown under the masks of the pipeline's privacy.
package struct Explanation: Encodable, Sendable {
  package enum Kind: String, CaseIterable, Encodable, Sendable { case call, campaign, agent, day }

  /// A figure with its inputs.
  package struct Figure: Encodable, Sendable {
    package let name: String
    /// Nil where it is unknown.
    package let value: String?
    /// What it was computed from, as a formula or a clause.
    package var how: String?
    /// Archive and line of the record that says it.
    package var origin: String?
  }

  /// One line of an archive that tells of the subject.
  package struct Event: Encodable, Sendable {
    /// What became of a line in the books.
    package enum Delivery: String, Encodable, Sendable {
      case counted
      /// Another event of its kind, with another id, counts.
      case superseded
      /// The same event once more, byte for byte.
      case duplicate
      /// A known `event_id` with another content.
      case conflict
    }

    package let time: String?
    package let event: String
    package let says: [Figure]
    package let archive: String
    package let line: UInt32
    /// Nil where it holds an id that is masked.
    package let eventID: String?
    package let delivery: Delivery
  }

  /// A call in a list of calls.
  package struct CallLine: Encodable, Sendable {
    package let conversationID: String?
    package let credits: String?
    package let expectedCredits: String?
    package let creditsDifference: String?
    package let settlement: String
    package let origin: String?
  }

  /// One cause of a campaign's difference.
  package struct Cause: Encodable, Sendable {
    package let measure: String
    package let cause: String
    /// Nil of what is unexplained.
    package let calls: Int64?
    package let difference: String
    package let examples: String?
  }

  /// A finding, or of an agent or a day all findings of one code.
  package struct Finding: Encodable, Sendable {
    package let code: String
    package let severity: String
    package var count: Int
    /// Of its measure, nil where it stands for several.
    package var claimed, counted, difference: String?
    /// Nil where it stands for several.
    package let message: String?
    package let origin: String?
    /// What findings of the code mean, and what to do.
    package let meaning: String
    package let action: String
  }

  package let kind: Kind
  package let id: String?
  package internal(set) var figures: [Figure] = []
  package internal(set) var causes: [Cause] = []
  /// By time, then in archive order; of agents and days none are told.
  package internal(set) var events: [Event] = []
  /// The calls that need a look, the worst first, at most `mostCalls`.
  package internal(set) var calls: [CallLine] = []
  /// How many more there are.
  package internal(set) var furtherCalls = 0
  package internal(set) var findings: [Finding] = []

  static let mostCalls = 20

  init(_ kind: Kind, id: String?) {
    self.kind = kind
    self.id = id
  }
}
