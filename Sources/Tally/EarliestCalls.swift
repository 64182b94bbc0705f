package import CallModel

/// The three calls that came first by their times, then by their first records: examples that cost next to nothing to keep.
package struct EarliestCalls: Equatable, Sendable {
  package struct Example: Equatable, Sendable {
    /// Microseconds; `unknown` comes last.
    package let time: Int64
    /// The first record of the call in archive order.
    package var first: RecordOrigin
    /// The call's `conversation_id`.
    package let id: String

    package static let unknown = Int64.max - 1

    package init(time: Int64, first: RecordOrigin, id: String) {
      (self.time, self.first, self.id) = (time, first, id)
    }
  }

  /// In their order.
  package private(set) var examples: [Example] = []
  /// The time behind which no call is one of the three.
  private var last = Int64.max

  package init() {}

  @inline(__always)
  mutating func add(_ call: Call, in book: borrowing CallBook) {
    let time = call.time?.microseconds ?? Example.unknown
    guard time <= last else { return }
    add(Example(time: time, first: book.firstOrigin(of: call), id: book.conversationID(of: call)))
  }

  package mutating func add(_ example: Example) {
    let place =
      examples.firstIndex { (example.time, example.first) < ($0.time, $0.first) } ?? examples.count
    guard place < 3 else { return }
    examples.insert(example, at: place)
    if examples.count > 3 { examples.removeLast() }
    if examples.count == 3 { last = examples[2].time }
  }

  mutating func add(_ other: EarliestCalls) {
    for example in other.examples { add(example) }
  }
}

extension CallBook {
  /// The first record of a call in archive order, those of superseded events among them.
  fileprivate func firstOrigin(of call: Call) -> RecordOrigin {
    let others = call.kindsRepeated == 0 ? [] : supersededOrigins(of: call)
    return (origins(of: call) + others).min() ?? RecordOrigin(archive: UInt32.max, line: UInt32.max)
  }
}
