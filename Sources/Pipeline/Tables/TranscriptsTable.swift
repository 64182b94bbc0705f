import CallModel
import Intake
import TextTables

/// Renders the transcripts table for one output, on one task.
struct TranscriptRows {
  private var encoder: RowEncoder
  /// The number of columns at the start that all turns of an event share, and their cells.
  private let leadColumns: Int
  private var lead = RenderedCells()
  /// Whether what follows them is a turn's number, role and content, in this order.
  private let isUsual: Bool

  init(_ encoder: RowEncoder) {
    self.encoder = encoder
    leadColumns = encoder.columns.prefix { $0 < 2 }.count
    isUsual = encoder.columns.dropFirst(leadColumns).elementsEqual(2...4)
  }

  mutating func take() -> RenderedRows { encoder.take() }

  /// Renders the turns of a chunk's events, one row a turn, in the order of the batch's `turns`.
  mutating func append(turnsOf batch: borrowing EventBatch, in chunk: borrowing Chunk) {
    for index in batch.events.indices where batch.events[index].turnCount > 0 {
      append(turnsOf: batch.events[index], batch, chunk)
    }
  }

  private mutating func append(turnsOf event: EventRecord, _ batch: borrowing EventBatch, _ chunk: borrowing Chunk) {
    let (arena, text) = (batch.arena.span, chunk.bytes.span)
    let campaign = batch.campaignID(of: event)
    encoder.moveLead(of: event, batch, columns: leadColumns, to: &lead)
    for number in 1...Int(event.turnCount) {
      let turn = batch.turns[Int(event.firstTurn) + number - 1]
      // A JSON string without escapes holds no quote, backslash or control character.
      if isUsual, turn.role.place == .chunk, turn.content.place == .chunk {
        encoder.appendRow(
          lead, Int64(number), cleanTextsOf: text, turn.role.range.bounds, turn.content.range.bounds)
        continue
      }
      encoder.append(lead)
      for place in leadColumns..<encoder.columns.count {
        switch encoder.columns[place] {
        case 0: encoder.text(arena.extracting(event.conversation.bounds))
        case 1: if let campaign { encoder.text(arena.extracting(campaign)) } else { encoder.null() }
        case 2: encoder.integer(Int64(number))
        case 3: append(turn.role, arena, text)
        default: append(turn.content, arena, text)
        }
      }
      encoder.endRow()
    }
  }

  private mutating func append(_ part: TranscriptTurn.Text, _ arena: Span<UInt8>, _ chunk: Span<UInt8>) {
    switch part.place {
    case .null: encoder.null()
    case .chunk: encoder.cleanText(chunk.extracting(part.range.bounds))
    case .arena: encoder.text(arena.extracting(part.range.bounds))
    }
  }
}
