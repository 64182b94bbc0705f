/// The six webhook events, in the order of their columns in the `archives` table.
public enum EventKind: UInt8, CaseIterable, Sendable {
  case callStarted, callCompleted, callProcessed, callRecording, campaignStarted, campaignEnded

  /// The provider's name: the value of the member `event`.
  public var name: String {
    switch self {
    case .callStarted: "call.started"
    case .callCompleted: "call.completed"
    case .callProcessed: "call.processed"
    case .callRecording: "call.recording"
    case .campaignStarted: "campaign.started"
    case .campaignEnded: "campaign.ended"
    }
  }

  /// The name without its family, as the column `events` of the calls table joins it: `started`, `processed`.
  public var shortName: String { String(name.drop { $0 != "." }.dropFirst()) }

  /// Written out so that a comparison in another module is one of two bytes and no call.
  @inlinable @inline(__always)
  public static func == (left: EventKind, right: EventKind) -> Bool { left.rawValue == right.rawValue }

  @inlinable
  public var isCall: Bool { rawValue <= EventKind.callRecording.rawValue }

  /// How much a call event's word counts; for each column the highest that has a value is believed.
  @inlinable
  public var authority: Int {
    switch self {
    case .callProcessed: 3
    case .callCompleted: 2
    case .callStarted: 1
    default: 0
    }
  }
}
