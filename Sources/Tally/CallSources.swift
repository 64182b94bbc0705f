package import CallModel

/// Which of a call's events its figures come from: for each the one with the most authority that has it.
package struct CallSources: Sendable {
  package struct Source: Sendable {
    package let kind: EventKind
    package let origin: RecordOrigin
  }

  package private(set) var status: Source?
  package private(set) var connectedAt: Source?
  package private(set) var endedAt: Source?
  package private(set) var duration: Source?
  package private(set) var credits: Source?

  package init(of call: Call, in book: CallBook) {
    for place in Call.authorities where call.winners[place] >= 0 {
      let (event, numbers) = (book.events[Int(call.winners[place])], book.eventNumbers(Int(call.winners[place])))
      let source = Source(kind: event.kind, origin: event.origin)
      if event.outcome != 0, book.text(TextBlock.Outcome.status.rawValue, at: event.outcome) != nil {
        status = status ?? source
      }
      if numbers.connectedAt != EventRecord.null { connectedAt = connectedAt ?? source }
      if numbers.endedAt != EventRecord.null { endedAt = endedAt ?? source }
      if numbers.duration != EventRecord.null { duration = duration ?? source }
      if numbers.credits != EventRecord.null { credits = credits ?? source }
    }
  }
}

extension CallBook {
  /// The records of a call's events that another one of their kind has taken the place of or been preferred to.
  package func supersededOrigins(of call: Call) -> [RecordOrigin] {
    superseded.filter { Int($0.call) == call.number }.map { events[Int($0.event)].origin }
  }
}
