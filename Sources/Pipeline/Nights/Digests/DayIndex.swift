import CallModel

/// Which of a day's archives hold something of a call, a campaign or an agent, and which `event_id`s they hold.
///
/// A digest says what a day comes to and not where its lines stand. This is what `calltally explain` asks before it opens
/// an archive. It is written with the day's digest, in a file of its own since no night needs it.
///
/// Ids are known by the upper halves of their hashes: what is asked for is never overlooked, and some archive may be
/// opened in vain. For example, with 3 archives, an id of hash 5 that the archives 0 and 2 hold makes the numbers 15 and 17.
struct DayIndex: Sendable {
  private let archives: Int
  /// Hash times archives plus archive: of conversations, and of campaigns and agents.
  private let calls: PackedNumbers
  private let others: PackedNumbers
  /// Hashes of `event_id`s, one for each line.
  private let events: PackedNumbers

  /// `events` are the hashes of the ids of all events, in any order.
  init(_ entries: DayIndexEntries, events: [UInt64]) {
    archives = entries.archives
    calls = PackedNumbers(entries.calls.sorted())
    others = PackedNumbers(entries.others.sorted())
    self.events = PackedNumbers(events.map { $0 >> 32 }.sorted())
  }

  init(_ reader: inout PackedReader) {
    archives = reader.int()
    calls = PackedNumbers(bytes: reader.text())
    others = PackedNumbers(bytes: reader.text())
    events = PackedNumbers(bytes: reader.text())
  }

  /// Archives, by their places in the day, that hold lines of a call, given by the hash of its id.
  func archives(ofCall hash: UInt64) -> [Int] { places(of: hash, in: calls) }

  /// Those that hold lines which name a campaign or an agent.
  func archives(ofOther hash: UInt64) -> [Int] { places(of: hash, in: others) }

  private func places(of hash: UInt64, in numbers: PackedNumbers) -> [Int] {
    let first = (hash >> 32) * UInt64(archives)
    var places: [Int] = []
    numbers.forEach { number in
      if number >= first, number < first + UInt64(archives) { places.append(Int(number - first)) }
      return number < first + UInt64(archives)
    }
    return places
  }

  /// Whether lines beside some of the day's have their `event_id`s, or any of `all` where the day has none of these lines.
  func holdsEvents(_ all: [UInt64], beside own: [UInt64]) -> Bool {
    var left: [UInt64: Int] = [:]
    for hash in all { left[hash >> 32] = 0 }
    for hash in own { left[hash >> 32, default: 0] += 1 }
    let wanted = left.keys.sorted()
    var next = 0
    var isFound = false
    events.forEach { hash in
      while next < wanted.count, wanted[next] < hash { next += 1 }
      if next < wanted.count, wanted[next] == hash {
        left[hash, default: 0] -= 1
        isFound = left[hash, default: 0] < 0
      }
      return !isFound && next < wanted.count
    }
    return isFound
  }
}

extension PackedWriter {
  mutating func put(_ index: DayIndex) { index.put(into: &self) }
}

extension DayIndex {
  fileprivate func put(into writer: inout PackedWriter) {
    writer.put(archives)
    for numbers in [calls, others, events] { writer.put(numbers.bytes) }
  }
}

/// What an index is made of, collected while a day's events pass.
struct DayIndexEntries: Sendable {
  let archives: Int
  /// Some of them several times, in any order.
  fileprivate private(set) var calls: [UInt64] = []
  fileprivate private(set) var others: Set<UInt64> = []
  /// Numbers that came lately, by their lowest bits: a call's events mostly come close together.
  private var recent = [UInt64](repeating: UInt64.max, count: 1 << 15)

  init(archives: Int) { self.archives = archives }

  /// `archive` is the batch's place in the day.
  mutating func add(_ batch: borrowing EventBatch, archive: Int) {
    for event in batch.events where event.kind.isCall {
      let number = number(event.conversationHash, archive)
      let place = Int(truncatingIfNeeded: event.conversationHash >> 32) & (recent.count - 1)
      guard recent[place] != number else { continue }
      recent[place] = number
      calls.append(number)
    }
    let arena = batch.arena.span
    for block in batch.agents {
      for text in [TextBlock.Agent.campaignID, .agentID] {
        guard let range = TextBlock.text(text.rawValue, at: block.range.start, of: arena) else { continue }
        others.insert(number(hash64(arena.extracting(range)), archive))
      }
    }
    for event in batch.campaigns { others.insert(number(hash64(Array(event.campaignID.utf8).span), archive)) }
  }

  private func number(_ hash: UInt64, _ archive: Int) -> UInt64 { (hash >> 32) * UInt64(archives) + UInt64(archive) }
}

/// Ascending numbers, each as its difference from the one before, in base 128 with the least digits first.
private struct PackedNumbers: Sendable {
  let bytes: [UInt8]

  init(bytes: [UInt8]) { self.bytes = bytes }

  init(_ numbers: [UInt64]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * numbers.count)
    var before: UInt64 = 0
    for number in numbers {
      var rest = number - before
      before = number
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
    self.bytes = bytes
  }

  /// Hands out the numbers until `body` returns false.
  func forEach(_ body: (UInt64) -> Bool) {
    let bytes = bytes.span
    var (position, number, difference, shift) = (0, UInt64(0), UInt64(0), UInt64(0))
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      difference |= UInt64(byte & 0x7f) &<< shift
      shift += 7
      guard byte < 0x80 else { continue }
      number &+= difference
      (difference, shift) = (0, 0)
      guard body(number) else { return }
    }
  }
}
