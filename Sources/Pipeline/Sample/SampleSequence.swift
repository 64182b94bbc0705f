/// A day of a sample of several: what it has in common with the others, and what goes on from one to the next.
struct SampleSequence: Sendable {
  /// The first campaign of every day is part of a long one.
  struct Long: Sendable {
    /// The seed of its first day.
    let seed: UInt64
    /// Whether it begins and ends on this day.
    let begins, ends: Bool
    /// What its days before add up to.
    let before: SampleCampaign?
  }

  /// The seed of the whole sample.
  let seed: UInt64
  /// Microseconds of the midnight after which nothing arrives any more.
  let end: Int64
  let long: Long

  /// Days that long campaigns last, in turns.
  static let lengths = [21, 9]

  /// The place of a day in the long campaign of that day, and the campaign's length.
  static func place(ofDay day: Int) -> (place: Int, length: Int) {
    var place = day
    var index = 0
    while place >= lengths[index % lengths.count] {
      place -= lengths[index % lengths.count]
      index += 1
    }
    return (place, lengths[index % lengths.count])
  }
}
