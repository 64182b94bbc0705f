import CallModel
import Intake

/// Which archives of a window are to be searched for an id, by what nights have left of its days in the cache.
///
/// A day's index names the archives. Of a day without one the digest says whether the day has anything of the id, and of a
/// day without either all archives are searched.
struct WindowIndex {
  private struct OneDay {
    let day: Day
    /// By their places in the window, ascending.
    let archives: [Int]
    /// Nil where one of them cannot be read.
    let identities: [ArchiveIdentity]?
  }

  /// Where something of an id may be.
  struct Places {
    /// Ascending.
    var archives: [Int] = []
    var mayBeCall = false
  }

  private let cache: DigestCache
  private let days: [OneDay]

  /// `days` says which day each archive belongs to.
  init(_ paths: [String], days: [Int32], _ cache: DigestCache) {
    self.cache = cache
    self.days = Set(days).sorted().map { day in
      let archives = paths.indices.filter { days[$0] == day }
      return OneDay(
        day: Day(number: day), archives: archives, identities: DigestCache.identities(of: archives.map { paths[$0] }))
    }
  }

  /// The archives that may hold something of a call, a campaign or an agent.
  func places(of id: String) -> Places {
    let hash = hash64(Array(id.utf8).span)
    var places = Places()
    for day in days {
      if let index = day.identities.flatMap({ cache.index(of: day.day, $0) }) {
        let calls = index.archives(ofCall: hash)
        if !calls.isEmpty { places.mayBeCall = true }
        places.archives += Set(calls + index.archives(ofOther: hash)).map { day.archives[$0] }
      } else if known(day).map({ $0.digest.mayTell(of: id, $0.hashes) }) ?? true {
        places.mayBeCall = true
        places.archives += day.archives
      }
    }
    places.archives.sort()
    return places
  }

  /// The archives that have to be searched beside `archives` for other lines with the `event_id`s of events that are there;
  /// nil where no line has one.
  ///
  /// Of the events their archives are given, and the hashes of their ids.
  func places(ofEvents events: [(archive: Int, idHash: UInt64)], beside archives: [Int]) -> [Int]? {
    let hashes = events.map(\.idHash)
    let further = days.filter { day in
      guard let index = day.identities.flatMap({ cache.index(of: day.day, $0) }) else {
        return known(day)?.hashes.holdsEvents(hashes) ?? true
      }
      return index.holdsEvents(hashes, beside: events.filter { day.archives.contains($0.archive) }.map(\.idHash))
    }
    return further.isEmpty ? nil : Set(further.flatMap(\.archives)).union(archives).sorted()
  }

  private func known(_ day: OneDay) -> KnownDay? { day.identities.flatMap { cache.known(day.day, $0) } }
}
