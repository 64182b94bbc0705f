import CallModel

/// The hashes by which the records of a day's archives are known, ascending: of the conversations, and of the `event_id`s.
struct RecordHashes: Sendable {
  /// Of the settled calls, and beside each the day of its call.
  var settledConversations: [UInt64] = []
  var settledDays: [Int32] = []
  /// Of the settled calls' events.
  var settledEvents: [UInt64] = []
  /// The same of what is kept.
  var keptConversations: [UInt64] = []
  var keptEvents: [UInt64] = []

  /// The settled calls of some days, by the hashes of their conversations.
  func conversations(of days: RunDays) -> Set<UInt64> {
    var found: Set<UInt64> = []
    for (conversation, day) in zip(settledConversations, settledDays) where days.contains(day) {
      found.insert(conversation)
    }
    return found
  }

  /// The day of a settled call, by the hash of its conversation.
  func settledDay(ofConversation hash: UInt64) -> Int32? {
    RecordHashes.place(of: hash, in: settledConversations).map { settledDays[$0] }
  }

  /// Whether a call of the day has a conversation of this hash.
  func holdsConversation(_ hash: UInt64) -> Bool {
    [settledConversations, keptConversations].contains { RecordHashes.place(of: hash, in: $0) != nil }
  }

  /// Whether events of the day have one of these ids, by their hashes.
  func holdsEvents(_ ids: [UInt64]) -> Bool {
    [settledEvents, keptEvents].contains { events in
      ids.contains { RecordHashes.place(of: $0, in: events) != nil }
    }
  }

  private static func place(of hash: UInt64, in list: [UInt64]) -> Int? {
    let place = lowerBound(list.span) { $0 < hash }
    return place < list.count && list[place] == hash ? place : nil
  }
}

// MARK: - What two days share

extension RecordHashes {
  /// What each of two days has to keep that it counts as settled, for the other day has something of it.
  static func shared(_ left: RecordHashes, _ right: RecordHashes) -> (
    left: DayReading.Keeping, right: DayReading.Keeping
  ) {
    var keeping = (left: DayReading.Keeping(), right: DayReading.Keeping())
    for (part, settled, kept) in [
      (\DayReading.Keeping.conversations, \RecordHashes.settledConversations, \RecordHashes.keptConversations),
      (\.events, \.settledEvents, \.keptEvents),
    ] {
      let both = common(left[keyPath: settled], right[keyPath: settled])
      keeping.left[keyPath: part].formUnion(both + common(left[keyPath: settled], right[keyPath: kept]))
      keeping.right[keyPath: part].formUnion(both + common(left[keyPath: kept], right[keyPath: settled]))
    }
    return keeping
  }

  /// The hashes that two ascending lists have in common.
  private static func common(_ one: [UInt64], _ other: [UInt64]) -> [UInt64] {
    let (left, right) = (one.span, other.span)
    if left.count > 64 * right.count { return common(few: right, many: left) }
    if right.count > 64 * left.count { return common(few: left, many: right) }
    var found: [UInt64] = []
    var (first, second) = (0, 0)
    while first < left.count, second < right.count {
      let (one, other) = (left[first], right[second])
      if one == other { found.append(one) }
      // Without a branch, for nobody can foretell it.
      first &+= one <= other ? 1 : 0
      second &+= other <= one ? 1 : 0
    }
    return found
  }

  private static func common(few: Span<UInt64>, many: Span<UInt64>) -> [UInt64] {
    var found: [UInt64] = []
    for index in few.indices {
      let place = lowerBound(many) { $0 < few[index] }
      if place < many.count, many[place] == few[index] { found.append(few[index]) }
    }
    return found
  }
}

/// The first place of an ascending list whose hash is not below.
private func lowerBound(_ list: Span<UInt64>, _ isBelow: (UInt64) -> Bool) -> Int {
  var (low, high) = (0, list.count)
  while low < high {
    let middle = (low + high) / 2
    if isBelow(list[middle]) { low = middle + 1 } else { high = middle }
  }
  return low
}
