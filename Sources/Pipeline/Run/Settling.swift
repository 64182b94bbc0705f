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
    let size = max(4_096, (count + 4 * threads - 1) / (4 * threads))
    var parts = await withTaskGroup(of: (Int, (CallTotals, [CallKey])).self) { group in
      for start in stride(from: 0, to: count, by: size) {
        let part = calls.dropFirst(start).prefix(size)
        group.addTask { (start, self.settle(part, none)) }
      }
      var parts: [(start: Int, totals: CallTotals, keys: [CallKey])] = []
      for await part in group { parts.append((part.0, part.1.0, part.1.1)) }
      // The first one last, so that each can be let go when it has been taken.
      return parts.sorted { $0.start > $1.start }
    }
    var totals = none
    var keys: [CallKey] = []
    keys.reserveCapacity(count)
    while let part = parts.popLast() {
      totals.merge(part.totals)
      keys.append(contentsOf: part.keys)
    }
    totals.finish(in: ledger.calls, rule: rule)
    // The parts are sorted, so this only merges them.
    keys.sort()
    sortTies(&keys)
    return (totals, CallOrder(calls: keys.map(\.call)))
  }

  /// Settles every call where it is called.
  func settle(_ judgement: CallJudgement) -> (totals: CallTotals, order: CallOrder) {
    var (totals, keys) = settle(0..<UInt32(ledger.calls.count), CallTotals(judgement))
    totals.finish(in: ledger.calls, rule: rule)
    sortTies(&keys)
    return (totals, CallOrder(calls: keys.map(\.call)))
  }

  /// A call's place in the order as far as a few words tell it.
  private struct CallKey: Comparable {
    /// Microseconds; `Int64.max` for an unknown connection.
    var connectedAt = Int64.max
    /// The first bytes of the conversation id of a call without connection, as a big-endian number.
    var idHead: (UInt64, UInt64) = (0, 0)
    var call: UInt32

    static func < (left: CallKey, right: CallKey) -> Bool {
      if left.connectedAt != right.connectedAt { return left.connectedAt < right.connectedAt }
      return left.idHead < right.idHead
    }

    static func == (left: CallKey, right: CallKey) -> Bool {
      left.connectedAt == right.connectedAt && left.idHead == right.idHead
    }
  }

  /// Sorts calls that a key does not tell apart by their whole ids.
  private func sortTies(_ keys: inout [CallKey]) {
    var start = 0
    for index in 1..<max(keys.count, 1) + 1 where index >= keys.count || keys[index] != keys[start] {
      if index - start > 1 {
        keys[start..<index].sort { ledger.calls.hasLesserID(Int($0.call), than: Int($1.call)) }
      }
      start = index
    }
  }

  /// Settles calls on one task; `none` is what totals begin with.
  private func settle(
    _ calls: some RandomAccessCollection<UInt32>, _ none: CallTotals
  ) -> (CallTotals, [CallKey]) {
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
  ) -> [CallKey] {
    var keys: [CallKey] = []
    keys.reserveCapacity(calls.count)
    var rest = calls[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(64))
      rest = rest.dropFirst(64)
      _ = book.warm(batch.span, texts: false)
      for number in batch {
        let call = Call(Int(number), in: book, rule: rule)
        totals.add(call, in: book, rule: rule, clock: clock)
        if let connectedAt = call.connectedAt {
          keys.append(CallKey(connectedAt: connectedAt.microseconds, call: number))
        } else {
          keys.append(CallKey(idHead: book.conversationIDHead(of: Int(number)), call: number))
        }
      }
    }
    return keys
  }
}
