package import CallModel
internal import OrderedCollections

/// The campaigns of a run: their own events, by `campaign_id`.
package struct CampaignBook: Sendable {
  /// One campaign's events as far as they arrived.
  package struct Entry: Sendable {
    package var events: [(event: CampaignEvent, origin: RecordOrigin)] = []

    /// The event of a kind that counts: the latest by its own clock, then the later in archive order.
    package func latest(_ kind: EventKind) -> (event: CampaignEvent, origin: RecordOrigin)? {
      var latest: (event: CampaignEvent, origin: RecordOrigin)?
      for candidate in events where candidate.event.kind == kind {
        if let known = latest, (candidate.event.timestamp ?? .earliest) < (known.event.timestamp ?? .earliest) {
          continue
        }
        latest = candidate
      }
      return latest
    }

    /// A value of the event with the most authority that has it: `campaign.ended`, then `campaign.started`.
    package func value<Value>(_ read: (CampaignEvent) -> Value?) -> Value? {
      for kind in [EventKind.campaignEnded, .campaignStarted] {
        if let found = latest(kind), let value = read(found.event) { return value }
      }
      return nil
    }

    /// The campaign as some of its events tell it; nil where none of them does.
    package func knowing(_ isKnown: (CampaignEvent, RecordOrigin) -> Bool) -> Entry? {
      let known = Entry(events: events.filter { isKnown($0.event, $0.origin) })
      return known.events.isEmpty ? nil : known
    }

    package func count(of kind: EventKind) -> Int { events.count { $0.event.kind == kind } }
  }

  /// By the bytes of the id: as strings, é and e with an accent would be one campaign.
  private var entries: OrderedDictionary<[UInt8], Entry> = [:]

  mutating func add(_ event: CampaignEvent, origin: RecordOrigin) {
    entries[Array(event.campaignID.utf8), default: Entry()].events.append((event, origin))
  }

  package subscript(campaignID: String) -> Entry? { entries[Array(campaignID.utf8)] }

  /// The campaigns of which an event was seen, by id, byte by byte.
  package var sortedIDs: [String] {
    entries.keys.sorted { $0.lexicographicallyPrecedes($1) }.map { String(decoding: $0, as: UTF8.self) }
  }
}
