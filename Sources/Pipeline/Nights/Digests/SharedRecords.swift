import CallModel

/// What settled calls of a day have in common with another day of the window.
///
/// Hashes are dealt by their upper bits into shares that fit a core's cache, and each share is put into a table that knows
/// which day a hash came from first; one that comes again from another day is shared.
struct SharedRecords {
  private static let shares = 512
  private static let shift = 64 - 9

  /// By day's place in `digests`: what it has to keep that it counts as settled.
  static func find(in digests: [DayDigest], threads: Int) async -> [DayReading.Keeping] {
    let conversations = await shared(digests.map { [$0.settledConversations, $0.keptConversations] }, threads)
    let events = await shared(digests.map { [$0.settledEvents, $0.keptEvents] }, threads)
    return digests.map { digest in
      DayReading.Keeping(
        conversations: Set(conversations.filter { holds(digest.settledConversations, $0) }),
        events: Set(events.filter { holds(digest.settledEvents, $0) }))
    }
  }

  /// The hashes that lists of several days have; a list ascends.
  private static func shared(_ days: [[[UInt64]]], _ threads: Int) async -> [UInt64] {
    await withTaskGroup(of: [UInt64].self) { group in
      for task in 0..<threads {
        group.addTask {
          var table = OwnerTable()
          var found: [UInt64] = []
          for share in stride(from: task, to: shares, by: threads) { shared(days, share, &table, &found) }
          return found
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
  }

  private static func shared(
    _ days: [[[UInt64]]], _ share: Int, _ table: inout OwnerTable, _ found: inout [UInt64]
  ) {
    let bounds = days.map { lists in lists.map { list in place(of: share, in: list)..<place(of: share + 1, in: list) } }
    table.clear(for: bounds.joined().reduce(0) { $0 + $1.count })
    for (day, lists) in days.enumerated() {
      for (list, range) in zip(lists, bounds[day]) { table.insert(list.span, range, day: UInt16(day), &found) }
    }
  }

  /// Where the hashes of a share begin.
  private static func place(of share: Int, in list: [UInt64]) -> Int {
    share == shares ? list.count : lowerBound(list) { $0 < UInt64(share) << UInt64(shift) }
  }

  private static func holds(_ list: [UInt64], _ hash: UInt64) -> Bool {
    let place = lowerBound(list) { $0 < hash }
    return place < list.count && list[place] == hash
  }
}

/// Which day each hash of a share came from first.
private struct OwnerTable {
  private var hashes: [UInt64] = []
  /// The day plus 1; 0 where a slot is free.
  private var owners: [UInt16] = []

  mutating func clear(for count: Int) {
    var size = 1 << 10
    while size < 2 * count { size *= 2 }
    if size != hashes.count {
      hashes = Array(repeating: 0, count: size)
      owners = Array(repeating: 0, count: size)
    } else {
      for place in owners.indices { owners[place] = 0 }
    }
  }

  /// Puts a day's hashes in; those that another day has are added to `found`.
  mutating func insert(_ list: Span<UInt64>, _ range: Range<Int>, day: UInt16, _ found: inout [UInt64]) {
    let mask = hashes.count - 1
    for index in range {
      let hash = list[index]
      var place = Int(truncatingIfNeeded: hash) & mask
      while owners[place] != 0, hashes[place] != hash { place = (place &+ 1) & mask }
      if owners[place] == 0 {
        hashes[place] = hash
        owners[place] = day &+ 1
      } else if owners[place] != day &+ 1 {
        found.append(hash)
      }
    }
  }
}

/// The first place of an ascending list whose hash is not below.
func lowerBound(_ list: [UInt64], _ isBelow: (UInt64) -> Bool) -> Int {
  var (low, high) = (0, list.count)
  while low < high {
    let middle = (low + high) / 2
    if isBelow(list[middle]) { low = middle + 1 } else { high = middle }
  }
  return low
}
