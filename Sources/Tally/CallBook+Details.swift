package import CallModel

extension CallBook {
  /// The `call.processed` of each call that counts and its rows in the detail tables, in the order of calls.
  package var detailRows: [(origin: RecordOrigin, rows: DetailRows)] {
    (0..<entries.count).compactMap { call in
      let winner = entries[call][EventKind.callProcessed.authority]
      guard winner != 0, let rows = eventNumbers(Int(winner) - 1).rows else { return nil }
      return (events[Int(winner) - 1].origin, rows)
    }
  }
}
