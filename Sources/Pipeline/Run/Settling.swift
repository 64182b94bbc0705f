import CallModel
import Synchronization
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
    // Whoever is free takes the next slice, so that no core waits long for another; no sum hangs on who did.
    let taken = Atomic(0)
    let settleSlices: @Sendable () -> Settled = {
      var part = Settled(totals: none)
      while true {
        let start = taken.add(JoinedBooks.callsAtOnce, ordering: .relaxed).oldValue
        guard start < count else { break }
        self.settle(calls.dropFirst(start).prefix(JoinedBooks.callsAtOnce), &part)
      }
      part.keys.sort()
      return part
    }
    let slices = (count + JoinedBooks.callsAtOnce - 1) / JoinedBooks.callsAtOnce
    let tasks = max(1, min(threads, slices))
    var parts = await inParallel(tasks, threads: tasks) { _ in settleSlices() }
    var settled = Settled(totals: none)
    settled.keys.reserve(parts.map(\.keys))
    // Each is let go when it has been taken.
    while let part = parts.popLast() {
      settled.totals.merge(part.totals)
      settled.keys.append(part.keys)
    }
    return finish(&settled)
  }

  /// Calls that a task settles before it asks for more.
  private static let callsAtOnce = 4_096

  /// Settles every call where it is called.
  func settle(_ judgement: CallJudgement) -> (totals: CallTotals, order: CallOrder) {
    var settled = Settled(totals: CallTotals(judgement))
    settle(0..<UInt32(ledger.calls.count), &settled)
    return finish(&settled)
  }

  private func finish(_ settled: inout Settled) -> (totals: CallTotals, order: CallOrder) {
    settled.totals.finish(in: ledger.calls, rule: rule)
    return (settled.totals, settled.keys.order(in: ledger.calls))
  }

  private func settle(_ calls: some RandomAccessCollection<UInt32>, _ settled: inout Settled) {
    JoinedBooks.settle(calls, ledger.calls, rule, clock, &settled)
  }

  /// The books are borrowed all the way down: to copy them for every call would have the cores fight over their counts of
  /// references.
  private static func settle(
    _ calls: some RandomAccessCollection<UInt32>, _ book: borrowing CallBook, _ rule: borrowing StatusRule,
    _ clock: borrowing BusinessClock, _ settled: inout Settled
  ) {
    var rest = calls[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(64))
      rest = rest.dropFirst(64)
      _ = book.warm(batch.span, texts: false)
      for number in batch {
        let call = Call(Int(number), in: book, rule: rule)
        settled.totals.add(call, in: book, rule: rule, clock: clock)
        if let connectedAt = call.connectedAt {
          settled.keys.connected.append(CallKeys.Connected(at: connectedAt.microseconds, call: number))
        } else {
          settled.keys.others.append(CallKeys.Other(idHead: book.conversationIDHead(of: Int(number)), call: number))
        }
      }
    }
  }
}

/// What has been made of some of the calls.
private struct Settled: Sendable {
  var totals: CallTotals
  var keys = CallKeys()
}

/// The places of calls in the order of the calls table as far as a few words tell them: by connection, and behind those
/// the calls without one, by id.
private struct CallKeys {
  struct Connected: CallKey {
    /// Microseconds.
    var at: Int64
    var call: UInt32

    func precedes(_ other: Connected) -> Bool { at < other.at }
    func isTied(with other: Connected) -> Bool { at == other.at }
  }

  struct Other: CallKey {
    /// The first bytes of the conversation id, as a big-endian number.
    var idHead: (UInt64, UInt64)
    var call: UInt32

    func precedes(_ other: Other) -> Bool {
      idHead.0 == other.idHead.0 ? idHead.1 < other.idHead.1 : idHead.0 < other.idHead.0
    }
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
    connected.sort { $0.precedes($1) }
    others.sort { $0.precedes($1) }
  }

  /// The calls in order; those that a key does not tell apart are sorted by their whole ids.
  mutating func order(in book: borrowing CallBook) -> CallOrder {
    // What was sorted in parts is only merged.
    sort()
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
  func precedes(_ other: Self) -> Bool
  func isTied(with other: Self) -> Bool
}
