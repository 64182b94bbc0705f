package import CallModel

/// How many accepted events of each kind every quarter of an hour has, on the events' own clock.
///
/// Zones differ by whole quarters, so a quarter of that clock lies in one hour of any other.
package struct EventTimes: Sendable {
  /// Microseconds.
  package static let quarter: Int64 = 900_000_000
  private static let kinds = EventKind.allCases.count

  /// By quarters since 1970, where its counts are, in units of `kinds`.
  private var places: [Int64: Int] = [:]
  private var counts: [Int] = []
  private var recent = (start: Int64.min, place: 0)

  package init() {}

  /// `timestamp` is in microseconds of the wall clock; events come nearly in order, so most fall into the last one's
  /// quarter.
  package mutating func add(_ timestamp: Int64, _ kind: EventKind) {
    guard timestamp != EventRecord.null else { return }
    if timestamp < recent.start || timestamp >= recent.start &+ EventTimes.quarter {
      let quarter = floorDivide(timestamp, by: EventTimes.quarter)
      let place = places[quarter] ?? counts.count
      if place == counts.count {
        places[quarter] = place
        counts.append(contentsOf: repeatElement(0, count: EventTimes.kinds))
      }
      recent = (quarter &* EventTimes.quarter, place)
    }
    counts[recent.place &+ Int(kind.rawValue)] &+= 1
  }

  /// Adds events by kind of a quarter, which is counted from 1970.
  package mutating func add(_ events: some Sequence<Int>, ofQuarter quarter: Int64) {
    let place = places[quarter] ?? counts.count
    if place == counts.count {
      places[quarter] = place
      counts.append(contentsOf: repeatElement(0, count: EventTimes.kinds))
    }
    for (kind, count) in events.enumerated() { counts[place + kind] += count }
  }

  package mutating func add(_ other: EventTimes) {
    for (quarter, events) in other.byQuarter { add(events, ofQuarter: quarter) }
  }

  /// Events by kind of every quarter since 1970 that has some.
  package var byQuarter: [Int64: ArraySlice<Int>] { places.mapValues { counts[$0..<($0 + EventTimes.kinds)] } }

  /// Events by kind of the quarter that begins at a time of the wall clock; nil where it has none.
  package func events(ofQuarterAt start: Timestamp) -> ArraySlice<Int>? {
    places[floorDivide(start.microseconds, by: EventTimes.quarter)].map { counts[$0..<($0 + EventTimes.kinds)] }
  }

  /// When the last quarter begins that has an event.
  package var last: Timestamp? {
    places.keys.max().map { Timestamp(microseconds: $0 * EventTimes.quarter) }
  }
}
