package import CallModel

/// Something that still awaits an event at the end of a day, as the archives up to that day tell it.
package struct OpenItem: Equatable, Sendable {
  package enum Kind: String, Sendable { case call, campaign }

  /// What tells items apart in the ledger: one whose figures or whose awaited event change is closed and opened anew.
  package struct Identity: Hashable, Sendable {
    package var kind: Kind
    package var id: String
    package var awaits: EventKind
    /// Seconds of a call so far as its events tell; a campaign has none of its own.
    package var seconds: Int64?
    package var expectedCredits: Credits?

    package init(kind: Kind, id: String, awaits: EventKind, seconds: Int64?, expectedCredits: Credits?) {
      self.kind = kind
      self.id = id
      self.awaits = awaits
      self.seconds = seconds
      self.expectedCredits = expectedCredits
    }
  }

  package var identity: Identity
  package var campaignID: String?
  /// The business day under which the item is found first.
  package var firstDay: Day

  package init(identity: Identity, campaignID: String?, firstDay: Day) {
    self.identity = identity
    self.campaignID = campaignID
    self.firstDay = firstDay
  }
}

/// How many items there are and what they come to.
package struct OpenItemSums: Equatable, Sendable {
  package var items: Int64 = 0
  package var seconds: Int64 = 0
  package var expectedCredits = Credits.zero

  package init(_ items: some Sequence<OpenItem.Identity> = []) {
    for item in items {
      self.items += 1
      seconds += item.seconds ?? 0
      expectedCredits += item.expectedCredits ?? .zero
    }
  }

  static func + (left: OpenItemSums, right: OpenItemSums) -> OpenItemSums {
    var sum = left
    sum.items += right.items
    sum.seconds += right.seconds
    sum.expectedCredits += right.expectedCredits
    return sum
  }

  static func - (left: OpenItemSums, right: OpenItemSums) -> OpenItemSums {
    var difference = left
    difference.items -= right.items
    difference.seconds -= right.seconds
    difference.expectedCredits = difference.expectedCredits - right.expectedCredits
    return difference
  }
}

/// What awaited an event before some days and after them: opening + new − closed = ending.
package struct OpenItemsLedger: Sendable {
  /// The items at the end, by kind, first day and id.
  package let items: [OpenItem]
  package let opening: OpenItemSums
  package let new: OpenItemSums
  package let closed: OpenItemSums
  package let ending: OpenItemSums

  package init(opening: [OpenItem], ending: [OpenItem]) {
    let before = Set(opening.map(\.identity))
    let after = Set(ending.map(\.identity))
    self.opening = OpenItemSums(opening.map(\.identity))
    self.ending = OpenItemSums(ending.map(\.identity))
    new = OpenItemSums(after.subtracting(before))
    closed = OpenItemSums(before.subtracting(after))
    items = ending.sorted { left, right in
      let (first, second) = (left.identity, right.identity)
      if first.kind != second.kind { return first.kind == .call }
      if left.firstDay != right.firstDay { return left.firstDay < right.firstDay }
      if first.id != second.id { return first.id.utf8.lexicographicallyPrecedes(second.id.utf8) }
      return first.awaits.rawValue < second.awaits.rawValue
    }
  }

  /// Whether the four lines add up in items, seconds and credits.
  package var isBalanced: Bool { opening + new - closed == ending }
}
