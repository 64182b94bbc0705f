import CallModel
import Tally

/// The order of the calls table: by connection, unknown last, then by conversation id.
struct CallOrder: Sendable {
  let calls: [UInt32]
}

extension JoinedBooks {
  /// Settles every call on all cores: what calls add up to and show, and the order in which they are written.
  func settle(tolerance: Tolerance, threads: Int) async -> (totals: CallTotals, order: CallOrder) {
    let none = CallTotals(toleratedCredits: tolerance.credits)
    let count = ledger.calls.count
    let size = max(4_096, (count + 4 * threads - 1) / (4 * threads))
    let parts = await withTaskGroup(of: (Int, CallTotals, [CallKey]).self) { group in
      for start in stride(from: 0, to: count, by: size) {
        group.addTask { self.settle(start..<min(start + size, count), none) }
      }
      var parts: [(start: Int, totals: CallTotals, keys: [CallKey])] = []
      for await part in group { parts.append((part.0, part.1, part.2)) }
      return parts.sorted { $0.start < $1.start }
    }
    var totals = none
    var keys: [CallKey] = []
    keys.reserveCapacity(count)
    for part in parts {
      totals.merge(part.totals)
      keys.append(contentsOf: part.keys)
    }
    let book = ledger.calls
    keys.sort { precedes($0, $1, book) }
    return (totals, CallOrder(calls: keys.map(\.call)))
  }

  private struct CallKey {
    /// Microseconds; `Int64.max` for an unknown connection.
    var connectedAt: Int64
    var call: UInt32
  }

  /// Settles the calls of a range; `none` is what totals begin with.
  private func settle(_ range: Range<Int>, _ none: CallTotals) -> (Int, CallTotals, [CallKey]) {
    var totals = none
    var keys: [CallKey] = []
    keys.reserveCapacity(range.count)
    let book = ledger.calls
    let rule = rule
    for start in stride(from: range.lowerBound, to: range.upperBound, by: 64) {
      let batch = (start..<min(start + 64, range.upperBound)).map { UInt32($0) }
      _ = book.warm(batch.span, texts: false)
      for number in batch {
        let call = Call(Int(number), in: book, rule: rule)
        totals.add(call, in: book, rule: rule, clock: clock)
        keys.append(CallKey(connectedAt: call.connectedAt?.microseconds ?? Int64.max, call: number))
      }
    }
    return (range.lowerBound, totals, keys)
  }

  private func precedes(_ left: CallKey, _ right: CallKey, _ book: borrowing CallBook) -> Bool {
    if left.connectedAt != right.connectedAt { return left.connectedAt < right.connectedAt }
    return book.hasLesserID(Int(left.call), than: Int(right.call))
  }
}
