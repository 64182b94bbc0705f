import CallModel
import Testing

@Suite struct EventKindTests {
  @Test func `calls and campaigns are told apart, and processed calls are believed most`() {
    #expect(EventKind.allCases.filter(\.isCall).map(\.shortName) == ["started", "completed", "processed", "recording"])
    let order = EventKind.allCases.filter(\.isCall).sorted { $0.authority > $1.authority }
    #expect(order == [.callProcessed, .callCompleted, .callStarted, .callRecording])
    #expect(EventKind.campaignEnded.shortName == "ended")
  }

  @Test func `only lost or doubtful data is damage`() {
    #expect(ArchiveCondition.allCases.filter(\.isDamaged) == [.truncated, .corrupt, .trailingGarbage])
  }
}
