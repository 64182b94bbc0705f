import CallModel
import Intake
import TextTables

extension RowEncoder {
  /// Renders the turns of a chunk's events, one row a turn, in the order of the batch's `turns`.
  mutating func append(turnsOf batch: borrowing EventBatch, in chunk: borrowing Chunk) {
    let arena = batch.arena.span
    let text = chunk.bytes.span
    for index in batch.events.indices {
      let event = batch.events[index]
      guard event.turnCount > 0 else { continue }
      let campaign = batch.campaignID(of: event)
      for turn in 0..<Int(event.turnCount) {
        for column in columns {
          switch column {
          case 0: self.text(arena.extracting(event.conversation.start..<event.conversation.end))
          case 1: if let campaign { self.text(arena.extracting(campaign)) } else { null() }
          case 2: integer(Int64(turn + 1))
          case 3: append(batch.turns[Int(event.firstTurn) + turn].role, arena, text)
          default: append(batch.turns[Int(event.firstTurn) + turn].content, arena, text)
          }
        }
        endRow()
      }
    }
  }

  @inline(__always)
  private mutating func append(_ text: TranscriptTurn.Text, _ arena: Span<UInt8>, _ chunk: Span<UInt8>) {
    switch text.place {
    case .null: null()
    // A JSON string without escapes holds no quote, backslash or control character.
    case .chunk: cleanText(chunk.extracting(text.range.start..<text.range.end))
    case .arena: self.text(arena.extracting(text.range.start..<text.range.end))
    }
  }
}
