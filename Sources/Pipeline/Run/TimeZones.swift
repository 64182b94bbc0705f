package import CallModel
import Foundation
import Tally

extension ZoneRules {
  /// The rules of a zone of the system's time zone database, for the years 1970 to 2100; a pipeline file has checked
  /// that the zone exists.
  package init(named name: String) {
    guard let zone = TimeZone(identifier: name) else { preconditionFailure("no time zone \(name)") }
    let start = Date(timeIntervalSince1970: 0)
    let end = Date(timeIntervalSince1970: 4_102_444_800)
    var transitions: [Transition] = []
    var moment = start
    while let next = zone.nextDaylightSavingTimeTransition(after: moment), next > moment, next < end {
      transitions.append(
        Transition(
          instant: Int64(next.timeIntervalSince1970) * 1_000_000, offset: Int32(zone.secondsFromGMT(for: next))))
      moment = next
    }
    self.init(initialOffset: Int32(zone.secondsFromGMT(for: start)), transitions: transitions)
  }
}

extension BusinessClock {
  init(_ file: PipelineFile) {
    self.init(
      provider: ZoneRules(named: file.input.timezone), business: ZoneRules(named: file.business.timezone),
      isSame: file.input.timezone == file.business.timezone)
  }
}
