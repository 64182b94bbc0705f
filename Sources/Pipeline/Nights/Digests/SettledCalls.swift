import CallModel
import Tally

/// The calls of a day's own books, parted into those that are settled with nothing to tell but sums, and those that are
/// kept.
struct SettledCalls: Sendable {
  /// What a call that is settled is known by.
  struct Name: Sendable {
    /// The call's number in the books.
    let number: Int
    /// The hash of its conversation.
    let conversation: UInt64
    /// The days since 1970 of its day.
    let day: Int32
  }

  private(set) var totals = CallTotals(finds: false)
  private(set) var prints: [Int32: CallPrint] = [:]
  private(set) var times = EventTimes()
  /// Accepted events by archive and kind.
  private(set) var accepted: [[Int]]
  /// By the hashes of their conversations, ascending.
  private(set) var names: [Name]
  /// The hashes of all other conversations.
  private(set) var kept: Set<UInt64>

  private init(_ names: [Name], archives: Int, kept: Set<UInt64> = []) {
    self.names = names
    self.kept = kept
    accepted = Array(repeating: Array(repeating: 0, count: EventKind.allCases.count), count: archives)
  }

  /// Parts all calls; those in `kept`, by the hashes of their conversations, are kept in any case. Where two calls have one
  /// hash, both are.
  static func all(of books: JoinedBooks, keeping kept: Set<UInt64>, threads: Int) async -> SettledCalls {
    var candidates = await Candidates.all(of: books, keeping: kept, threads: threads)
    while !candidates.clashes.isEmpty {
      candidates = await Candidates.all(of: books, keeping: kept.union(candidates.clashes), threads: threads)
    }
    var all = SettledCalls(candidates.names, archives: books.archiveNames.count, kept: candidates.kept)
    let parts = await inParts(of: all.names.count, threads: threads) { [names = all.names] range in
      var part = SettledCalls([], archives: books.archiveNames.count)
      part.add(names[range], books.ledger.calls, books.rule, books.clock, CallPrint.hashes(of: books.archiveNames))
      return part
    }
    for part in parts { all.merge(part) }
    return all
  }

  private mutating func add(
    _ names: ArraySlice<Name>, _ book: borrowing CallBook, _ rule: borrowing StatusRule,
    _ clock: borrowing BusinessClock, _ paths: [UInt64]
  ) {
    for name in names {
      let call = Call(name.number, in: book, rule: rule)
      totals.add(call, in: book, rule: rule, clock: clock)
      prints[name.day, default: CallPrint()] += CallPrint(call, in: book, paths: paths)
      for event in book.countedEvents(of: call) {
        accepted[Int(event.origin.archive)][Int(event.kind.rawValue)] += 1
        times.add(event.timestamp, event.kind)
      }
    }
  }

  private mutating func merge(_ other: SettledCalls) {
    totals.merge(other.totals)
    for (day, print) in other.prints { prints[day, default: CallPrint()] += print }
    times.add(other.times)
    for (archive, kinds) in other.accepted.enumerated() {
      for (kind, count) in kinds.enumerated() { accepted[archive][kind] += count }
    }
  }
}

/// The calls that may count as settled, before those are known whose hashes clash.
private struct Candidates: Sendable {
  private(set) var names: [SettledCalls.Name] = []
  private(set) var kept: Set<UInt64>

  /// Calls with an event so near a midnight are kept: the other day most likely has some of it, and then the day would
  /// have to be read once more. Microseconds. Nothing but time hangs on it.
  private static let margin: Int64 = 1_200_000_000
  private static let dayLength: Int64 = 86_400_000_000

  static func all(of books: JoinedBooks, keeping kept: Set<UInt64>, threads: Int) async -> Candidates {
    let parts = await inParts(of: books.ledger.calls.count, threads: threads) { range in
      var part = Candidates(kept: kept)
      part.add(range, books.ledger.calls, books.rule, books.clock)
      return part
    }
    var all = Candidates(kept: kept)
    for part in parts {
      all.names += part.names
      all.kept.formUnion(part.kept)
    }
    all.names.sort { $0.conversation < $1.conversation }
    return all
  }

  private init(kept: Set<UInt64>) { self.kept = kept }

  private mutating func add(
    _ calls: Range<Int>, _ book: borrowing CallBook, _ rule: borrowing StatusRule, _ clock: borrowing BusinessClock
  ) {
    for number in calls {
      let call = Call(number, in: book, rule: rule)
      var conversation: UInt64 = 0
      book.lendConversationID(of: number) { conversation = hash64($0) }
      guard call.settlement == .settled, call.kindsRepeated == 0, let day = call.day(clock),
        !kept.contains(conversation), !CampaignSums.tells(call, in: book, rule: rule),
        !book.countedEvents(of: call).contains(where: { Candidates.isNearMidnight($0.timestamp) })
      else {
        kept.insert(conversation)
        continue
      }
      names.append(SettledCalls.Name(number: number, conversation: conversation, day: day.number))
    }
  }

  private static func isNearMidnight(_ timestamp: Int64) -> Bool {
    guard timestamp != EventRecord.null else { return false }
    let time = timestamp - floorDivide(timestamp, by: dayLength) * dayLength
    return time < margin || time >= dayLength - margin
  }

  /// Hashes that several calls have.
  var clashes: Set<UInt64> {
    var clashes = Set(names.map(\.conversation).filter(kept.contains))
    for (one, next) in zip(names, names.dropFirst()) where one.conversation == next.conversation {
      clashes.insert(one.conversation)
    }
    return clashes
  }
}
