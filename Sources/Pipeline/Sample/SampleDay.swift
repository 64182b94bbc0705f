import CallModel

/// When a sample's calls start: the day's ups and downs, and which calls an hour can have to do with.
///
/// Calls are numbered in the order of their start, so that an hour needs only a stretch of the numbers.
struct SampleDay: Sendable {
  static let hour: Int64 = 3_600_000_000
  /// No event is delivered later than this after its call's start: talk, processing, and in a messy sample the delays.
  static let longestDelay = 4 * hour

  /// Microseconds of the day's midnight.
  let midnight: Int64
  let calls: Int
  private let seed: UInt64
  /// The share of calls that start before each hour; 25 values from 0 to 1.
  private let shareBefore: [Double]

  private static let busyDay = [3, 2, 2, 2, 3, 5, 8, 14, 24, 34, 38, 37, 30, 33, 38, 39, 36, 31, 24, 19, 13, 8, 0, 0]
  /// A small sample has a working day, so that its few archives hold something.
  private static let shortDay = [0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 8, 8, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  /// One of several days has calls around midnight, too.
  private static let longDay = [4, 0, 0, 0, 0, 0, 0, 0, 0, 5, 8, 8, 6, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 6]
  private static let smallSample = 5_000

  init(_ day: Day, calls: Int, seed: UInt64, isOneOfSeveral: Bool) {
    midnight = Int64(day.number) * 24 * SampleDay.hour
    self.calls = calls
    self.seed = seed
    let short = isOneOfSeveral ? SampleDay.longDay : SampleDay.shortDay
    let weights = calls < SampleDay.smallSample ? short : SampleDay.busyDay
    let total = Double(weights.reduce(0, +))
    var sum = 0
    var shares = [0.0]
    for weight in weights {
      sum += weight
      shares.append(Double(sum) / total)
    }
    shareBefore = shares
  }

  /// When a call starts, in microseconds of the provider's clock; greater for a greater number.
  func start(ofCall call: Int) -> Int64 {
    var random = SampleRandom(seed: seed, .start, call)
    let share = (Double(call) + random.unit()) / Double(calls)
    var hour = 0
    while hour < 23, shareBefore[hour + 1] <= share { hour += 1 }
    let width = shareBefore[hour + 1] - shareBefore[hour]
    let fraction = width > 0 ? min(0.999_999, max(0, (share - shareBefore[hour]) / width)) : 0
    return midnight + Int64(hour) * SampleDay.hour + Int64(fraction * Double(SampleDay.hour))
  }

  /// The calls whose events can be delivered in an hour of the day (0 to 23); more than do, never fewer.
  func calls(deliveredInHour hour: Int) -> Range<Int> {
    let first = max(0, hour - Int(SampleDay.longestDelay / SampleDay.hour))
    let low = Int(shareBefore[first] * Double(calls)) - 2
    let high = Int(shareBefore[hour + 1] * Double(calls)) + 2
    return max(0, low)..<max(0, min(calls, high))
  }
}
