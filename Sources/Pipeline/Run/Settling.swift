import CallModel
import Tally

/// The order of the calls table: by connection, unknown last, then by conversation id.
struct CallOrder: Sendable {
  let calls: [UInt32]
}

extension JoinedBooks {
  /// Settles every call on all cores: what calls add up to and show, and the order in which they are written.
  func settle(_ judgement: CallJudgement, threads: Int) async -> (totals: CallTotals, order: CallOrder) {
    await settle(0..<UInt32(ledger.calls.count), judgement, threads: threads)
  }

  /// Settles some calls, given by their numbers. Where `finds` is false, nothing is looked for but sums.
  func settle<Calls: RandomAccessCollection<UInt32> & Sendable>(
    _ calls: Calls, _ judgement: CallJudgement, finds: Bool = true, threads: Int
  ) async -> (totals: CallTotals, order: CallOrder) where Calls.SubSequence: Sendable {
    let none = CallTotals(judgement, finds: finds)
    let count = calls.count
    let size = max(4_096, (count + 2 * threads - 1) / (2 * threads))
    var parts = await withTaskGroup(of: (Int, (CallTotals, CallKeys)).self) { group in
      for start in stride(from: 0, to: count, by: size) {
        let part = calls.dropFirst(start).prefix(size)
        group.addTask { (start, self.settle(part, none)) }
      }
      var parts: [(start: Int, totals: CallTotals, keys: CallKeys)] = []
      for await part in group { parts.append((part.0, part.1.0, part.1.1)) }
      // The first one last, so that each can be let go when it has been taken.
      return parts.sorted { $0.start > $1.start }
    }
    var totals = none
    var keys = CallKeys()
    keys.reserve(parts.map(\.keys))
    while let part = parts.popLast() {
      totals.merge(part.totals)
      keys.append(part.keys)
    }
    totals.finish(in: ledger.calls, rule: rule)
    // The parts are sorted, so this only merges them.
    keys.sort()
    return (totals, keys.order(in: ledger.calls))
  }

  /// Settles every call where it is called.
  func settle(_ judgement: CallJudgement) -> (totals: CallTotals, order: CallOrder) {
    var (totals, keys) = settle(0..<UInt32(ledger.calls.count), CallTotals(judgement))
    totals.finish(in: ledger.calls, rule: rule)
    keys.sort()
    return (totals, keys.order(in: ledger.calls))
  }

  /// Settles calls on one task; `none` is what totals begin with.
  private func settle(
    _ calls: some RandomAccessCollection<UInt32>, _ none: CallTotals
  ) -> (CallTotals, CallKeys) {
    var totals = none
    var keys = JoinedBooks.settle(calls, ledger.calls, rule, clock, &totals)
    keys.sort()
    return (totals, keys)
  }

  /// The books are borrowed all the way down: to copy them for every call would have the cores fight over their counts of
  /// references.
  private static func settle(
    _ calls: some RandomAccessCollection<UInt32>, _ book: borrowing CallBook, _ rule: borrowing StatusRule,
    _ clock: borrowing BusinessClock, _ totals: inout CallTotals
  ) -> CallKeys {
    var keys = CallKeys()
    var rest = calls[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(64))
      rest = rest.dropFirst(64)
      _ = book.warm(batch.span, texts: false)
      for number in batch {
        let call = Call(Int(number), in: book, rule: rule)
        totals.add(call, in: book, rule: rule, clock: clock)
        if let connectedAt = call.connectedAt {
          keys.connected.append(CallKeys.Connected(at: connectedAt.microseconds, call: number))
        } else {
          keys.others.append(CallKeys.Other(idHead: book.conversationIDHead(of: Int(number)), call: number))
        }
      }
    }
    return keys
  }
}

/// The places of calls in the order of the calls table as far as a few words tell them: by connection, and behind those
/// the calls without one, by id.
private struct CallKeys {
  struct Connected: CallKey {
    /// Microseconds.
    var at: Int64
    var call: UInt32

    static func < (left: Connected, right: Connected) -> Bool { left.at < right.at }
    func isTied(with other: Connected) -> Bool { at == other.at }
  }

  struct Other: CallKey {
    /// The first bytes of the conversation id, as a big-endian number.
    var idHead: (UInt64, UInt64)
    var call: UInt32

    static func < (left: Other, right: Other) -> Bool { left.idHead < right.idHead }
    func isTied(with other: Other) -> Bool { idHead == other.idHead }
  }

  var connected: [Connected] = []
  var others: [Other] = []

  /// Makes room, so that appending all of `parts` copies nothing.
  mutating func reserve(_ parts: [CallKeys]) {
    connected.reserveCapacity(parts.reduce(0) { $0 + $1.connected.count })
    others.reserveCapacity(parts.reduce(0) { $0 + $1.others.count })
  }

  mutating func append(_ keys: CallKeys) {
    connected.append(contentsOf: keys.connected)
    others.append(contentsOf: keys.others)
  }

  mutating func sort() {
    connected.sort(by: <)
    others.sort(by: <)
  }

  /// The calls of sorted keys; those that a key does not tell apart are sorted by their whole ids.
  consuming func order(in book: borrowing CallBook) -> CallOrder {
    CallKeys.sortTies(&connected, in: book)
    CallKeys.sortTies(&others, in: book)
    return CallOrder(calls: connected.map(\.call) + others.map(\.call))
  }

  private static func sortTies<Key: CallKey>(_ keys: inout [Key], in book: borrowing CallBook) {
    var start = 0
    for index in 1..<max(keys.count, 1) + 1 where index >= keys.count || !keys[index].isTied(with: keys[start]) {
      if index - start > 1 {
        keys[start..<index].sort { book.hasLesserID(Int($0.call), than: Int($1.call)) }
      }
      start = index
    }
  }
}

private protocol CallKey: Sendable {
  var call: UInt32 { get }
  static func < (left: Self, right: Self) -> Bool
  func isTied(with other: Self) -> Bool
}
