import Glibc

/// What is timed by itself, in the order of a record's journey.
enum Stage: String, CaseIterable {
  /// Reading the file, inflating, and the CRC-32 of both.
  case inflating
  /// The CRC-32 of the text alone, which `inflating` holds too.
  case checksum
  /// What `ArchiveReader` does: inflating, and cutting the text into chunks of whole lines.
  case reading
  case decoding
  case committing
  case renderingDetails = "rendering-details"
  case settling
  case renderingCalls = "rendering-calls"
  case writing
}

/// Gathers the processor's seconds for each stage: on one thread they are those of the wall, less what other programs took.
struct Stopwatch {
  private(set) var seconds = [Double](repeating: 0, count: Stage.allCases.count)
  /// The stage that goes through `measuredRegion`; all others are only timed.
  private let counted: Stage?

  init(counting stage: Stage? = nil) { counted = stage }

  mutating func time<Failure: Error>(_ stage: Stage, _ body: () throws(Failure) -> Void) throws(Failure) {
    let start = clock()
    if stage == counted { try measuredRegion(body) } else { try body() }
    seconds[stage.place] += Double(clock() - start) / Double(CLOCKS_PER_SEC)
  }
}

/// Where callgrind counts: it is told to switch on and off when this function is entered and left.
@inline(never)
func measuredRegion<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) { try body() }

extension Stage {
  var place: Int { Stage.allCases.firstIndex(of: self) ?? 0 }
}
