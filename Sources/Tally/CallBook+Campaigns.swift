import CallModel

extension CallBook {
  /// The first record in archive order that names each of these campaigns, which are given by the bytes of their ids.
  func firstRecords(naming campaigns: Set<[UInt8]>) -> [[UInt8]: RecordOrigin] {
    var missing = campaigns
    var found: [[UInt8]: RecordOrigin] = [:]
    // Events share their agent blocks, so each is looked at once.
    var seen: Set<TextArena.Address> = [0]
    for number in 0..<events.count where !missing.isEmpty {
      let event = events[number]
      guard seen.insert(event.agent).inserted,
        let id = text(TextBlock.Agent.campaignID.rawValue, at: event.agent).map({ Array($0.utf8) }),
        missing.remove(id) != nil
      else { continue }
      found[id] = event.origin
    }
    return found
  }
}
