import CallModel
import Intake
import Tally

/// What the archives of one day come to in the books of any window: sums where nothing else can matter, and the events
/// themselves where it can.
///
/// A call of which no other day's archives hold anything is the same call in every window. Where it is settled and can
/// explain no difference, a window needs no more of it than its share of sums, but for the days that are written: their
/// archives are read once more. All other calls are *kept*: their records are here whole, with those of campaigns, to be
/// entered into the window's books in archive order.
///
/// That nothing else holds anything of a settled call is known by hashes: of the conversations and of the `event_id`s of
/// everything here. One that two days have means that the call is to be kept on both, see `SharedRecords`. So two records
/// that could be the same delivery, or of the same call, are always in the books together, and judged there as bytes.
struct DayDigest: Sendable {
  struct Archive: Sendable {
    var summary = ArchiveSummary()
    /// Every line of the archive but those that are kept.
    var lines = LineTotals()
    /// The records that show it are of archive 0.
    var drift = DriftTotals()
    /// With the lines of the archive.
    var kept = EventBatch()
  }

  /// In archive order.
  var archives: [Archive] = []
  /// What the settled calls add up to, by their days and whatever else totals tell apart.
  var rows: [TotalsRow] = []
  /// Of the settled calls, by day.
  var prints: [Int32: CallPrint] = [:]
  /// Accepted events of settled calls.
  var times = EventTimes()
  /// Hashes of the settled calls' conversations, ascending, and beside each the day of its call, or that it is an edge.
  ///
  /// Edges are listed here and not with what is kept: should another day have something of one, it is none any more.
  var settledConversations: [UInt64] = []
  var settledDays: [Int32] = []
  /// Hashes of their events' ids, ascending.
  var settledEvents: [UInt64] = []
  /// The same of what is kept.
  var keptConversations: [UInt64] = []
  var keptEvents: [UInt64] = []
  /// What the day's index is made of; nil of a digest that was not made just now.
  var indexEntries: DayIndexEntries?

  /// The settled calls of some days, by the hashes of their conversations.
  func conversations(of days: RunDays) -> Set<UInt64> {
    var found: Set<UInt64> = []
    for (conversation, day) in zip(settledConversations, settledDays) where days.contains(day) {
      found.insert(conversation)
    }
    return found
  }

  /// The day of a settled call that is not kept, by the hash of its conversation.
  func settledDay(ofConversation hash: UInt64) -> Int32? {
    DayDigest.place(of: hash, in: settledConversations).map { settledDays[$0] }
      .flatMap { $0 == SettledCalls.Name.edge ? nil : $0 }
  }

  /// Whether anything of the day goes by an id, as that of a call, a campaign or an agent. Sometimes true of one that does
  /// not, never false of one that does.
  func mayTell(of id: String) -> Bool {
    let bytes = Array(id.utf8)
    let hash = hash64(bytes.span)
    for conversations in [settledConversations, keptConversations]
    where DayDigest.place(of: hash, in: conversations) != nil { return true }
    if rows.contains(where: { $0.campaignID == id || $0.agentID == id }) { return true }
    return archives.lazy.map(\.kept).contains { kept in
      kept.campaigns.contains { $0.campaignID == id }
        || kept.agents.contains { block in
          [TextBlock.Agent.campaignID, .agentID].contains { kept.text($0.rawValue, of: block) == id }
        }
    }
  }

  /// Whether events of the day have one of these ids, by their hashes.
  func holdsEvents(_ ids: [UInt64]) -> Bool {
    [settledEvents, keptEvents].contains { events in
      ids.contains { DayDigest.place(of: $0, in: events) != nil }
    }
  }

  private static func place(of hash: UInt64, in list: [UInt64]) -> Int? {
    let place = lowerBound(list) { $0 < hash }
    return place < list.count && list[place] == hash ? place : nil
  }

  /// All conversations whose records are kept, those of edges among them.
  var conversationsKept: Set<UInt64> {
    var kept = Set(keptConversations)
    for (conversation, day) in zip(settledConversations, settledDays) where day == SettledCalls.Name.edge {
      kept.insert(conversation)
    }
    return kept
  }

  /// The settled calls that are not kept.
  var settledCallCount: Int { settledDays.count { $0 != SettledCalls.Name.edge } }
  var settledEventCount: Int { archives.reduce(0) { $0 + $1.lines.accepted } }
}
