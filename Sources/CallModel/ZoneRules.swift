/// A time zone's offsets from UTC as a table, so that converting a time needs no calendar library.
package struct ZoneRules: Sendable {
  package struct Transition: Sendable {
    /// The instant from which the offset holds, in microseconds since 1970-01-01T00:00:00Z.
    package var instant: Int64
    /// Seconds east of UTC.
    package var offset: Int32

    package init(instant: Int64, offset: Int32) {
      self.instant = instant
      self.offset = offset
    }
  }

  /// The offset before the first transition, in seconds east of UTC.
  package var initialOffset: Int32
  /// In order of time.
  package var transitions: [Transition]

  package static let utc = ZoneRules(initialOffset: 0, transitions: [])

  package init(initialOffset: Int32, transitions: [Transition]) {
    self.initialOffset = initialOffset
    self.transitions = transitions
  }

  /// What a clock in this zone shows at an instant.
  package func wallClock(atInstant instant: Int64) -> Timestamp {
    Timestamp(microseconds: instant + Int64(offset(atInstant: instant)) * 1_000_000)
  }

  /// The instant at which a clock in this zone shows `time`; of a repeated hour the first, of a skipped one as if the
  /// clock had not yet been put forward.
  package func instant(ofWallClock time: Timestamp) -> Int64 {
    var offset = initialOffset
    for transition in transitions {
      let before = transition.instant + Int64(offset) * 1_000_000
      let after = transition.instant + Int64(transition.offset) * 1_000_000
      guard time.microseconds >= max(before, after) else { break }
      offset = transition.offset
    }
    return time.microseconds - Int64(offset) * 1_000_000
  }

  private func offset(atInstant instant: Int64) -> Int32 {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].instant <= instant { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? initialOffset : transitions[low - 1].offset
  }
}
