package import CallModel

/// The calls that the sums of a campaign's day may name or go by: the three that came first, and the one connected last.
///
/// Of some calls, so that the others can be replaced by what they add up to: what `CampaignSums` holds of all of them is
/// then what it holds of these.
package struct CampaignEdges: Sendable {
  private struct Key: Hashable {
    /// The campaign's number in `names`.
    var campaign: Int
    /// Days since 1970, or `Int32.max` for calls without one.
    var day: Int32
  }

  private struct Edge {
    var earliest = EarliestCalls()
    var last: (connection: Timestamp, call: Int)?

    mutating func add(last other: (connection: Timestamp, call: Int)) {
      guard let last, last.connection >= other.connection else {
        last = other
        return
      }
    }
  }

  private var names = IdentifierTable()
  private var edges: [Key: Edge] = [:]
  /// Campaigns of calls with the same agent blocks; -1 for none.
  private var recent = BlockCache(repeating: -1)

  package init() {}

  package mutating func add(_ call: Call, in book: borrowing CallBook, day: Day?) {
    let (index, isKnown) = recent.place(of: book.agentBlocks(of: call))
    if !isKnown {
      var number = -1
      _ = book.withText(.agent(.campaignID), of: call) { bytes in
        if bytes.count > 0 { number = names.number(of: bytes, hash: hash64(bytes)) }
      }
      recent.values[index] = number
    }
    guard recent.values[index] >= 0 else { return }
    let key = Key(campaign: recent.values[index], day: day?.number ?? Int32.max)
    edges[key, default: Edge()].earliest.add(call)
    if let connection = call.connectedAt { edges[key]?.add(last: (connection, call.number)) }
  }

  package mutating func merge(_ other: CampaignEdges) {
    for (key, edge) in other.edges {
      let campaign = other.names.withBytes(key.campaign) { names.number(of: $0, hash: hash64($0)) }
      let own = Key(campaign: campaign, day: key.day)
      edges[own, default: Edge()].earliest.add(edge.earliest)
      if let last = edge.last { edges[own]?.add(last: last) }
    }
  }

  /// By their numbers in the book.
  package var calls: Set<Int> {
    edges.values.reduce(into: []) { calls, edge in
      calls.formUnion(edge.earliest.calls)
      if let last = edge.last { calls.insert(last.call) }
    }
  }
}
