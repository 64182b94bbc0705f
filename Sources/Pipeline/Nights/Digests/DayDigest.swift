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
/// everything here (`RecordHashes`). One that two days have means that the call is to be kept on both, see `NightWindow`.
/// So two records that could be the same delivery, or of the same call, are always in the books together, and judged there
/// as bytes.
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
  /// What the settled calls are to their campaigns, by the campaigns' ids and by day. Records are of archives by their
  /// places in the day.
  var campaigns: [[UInt8]: [Int32: CampaignSums]] = [:]
  var settledCallCount = 0
  /// What tells the day's `RecordHashes` from any others.
  var hashesMark: UInt64 = 0

  /// Whether anything of the day goes by an id, as that of a call, a campaign or an agent; `hashes` are the day's. Sometimes
  /// true of one that does not, never false of one that does.
  func mayTell(of id: String, _ hashes: RecordHashes) -> Bool {
    if hashes.holdsConversation(hash64(Array(id.utf8).span)) { return true }
    if rows.contains(where: { $0.campaignID == id || $0.agentID == id }) { return true }
    return archives.lazy.map(\.kept).contains { kept in
      kept.campaigns.contains { $0.campaignID == id }
        || kept.agents.contains { block in
          [TextBlock.Agent.campaignID, .agentID].contains { kept.text($0.rawValue, of: block) == id }
        }
    }
  }

  /// The hashes of the conversations that are kept.
  var keptConversations: Set<UInt64> {
    archives.reduce(into: []) { hashes, archive in
      for event in archive.kept.events where event.kind.isCall { hashes.insert(event.conversationHash) }
    }
  }

  /// Whether calls of some days are among the settled ones.
  func settles(_ days: RunDays) -> Bool { prints.keys.contains(where: days.contains) }

  var settledEventCount: Int { archives.reduce(0) { $0 + $1.lines.accepted } }
}

/// A day of which everything is known: its digest, and the hashes of its records.
struct KnownDay: Sendable {
  var digest: DayDigest
  var hashes: RecordHashes
  /// What the day's index is made of; nil of one that was not read just now.
  var indexEntries: DayIndexEntries?
}
