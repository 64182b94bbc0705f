import CallModel
import Intake
import Tally
import TextTables

/// The outputs that are written while archives are read; none of a table that privacy drops.
struct DetailOutputs: Sendable {
  let transcripts: [OutputTable]
  let insights: [OutputTable]
  /// For the raw events of disputes; nil where nobody asks for them.
  let recentLines: RecentLines?

  /// None: the archives are read for the books alone.
  init() { (transcripts, insights, recentLines) = ([], [], nil) }

  init(_ tables: TableSet, _ privacy: PipelineFile.Privacy) {
    transcripts = privacy.keeps("transcripts") ? tables.outputs(of: .transcripts) : []
    insights = privacy.keeps("call_insights") ? tables.outputs(of: .insights) : []
    recentLines = tables.recentLines
  }
}

/// What one task renders a chunk's detail rows with.
struct DetailEncoders {
  private var transcripts: [TranscriptRows]
  private var insights: [InsightRows]

  init(_ outputs: DetailOutputs) {
    transcripts = outputs.transcripts.map { TranscriptRows($0.encoder) }
    insights = outputs.insights.map { InsightRows($0.encoder) }
  }

  /// Renders the rows of a decoded chunk, and notes in its events how many insights each has.
  mutating func render(_ chunk: borrowing Chunk, _ decoded: inout DecodedChunk) {
    for index in transcripts.indices {
      transcripts[index].append(turnsOf: decoded.batch, in: chunk)
      decoded.transcripts.append(transcripts[index].take())
    }
    for index in insights.indices {
      for event in decoded.batch.events.indices where decoded.batch.events[event].kind == .callProcessed {
        let rows = insights[index].append(insightsOf: event, in: decoded.batch, chunk)
        decoded.batch.events[event].insightCount = UInt32(rows)
      }
      decoded.insights.append(insights[index].take())
    }
  }
}

/// Renders the insights table for one output, on one task.
struct InsightRows {
  private var encoder: RowEncoder
  /// The number of columns at the start that all members of a document share, and their cells.
  private let leadColumns: Int
  private var lead = RenderedCells()
  /// Whether what follows them is a member's name and value, in this order.
  private let isUsual: Bool

  init(_ encoder: RowEncoder) {
    self.encoder = encoder
    leadColumns = encoder.columns.prefix { $0 < 2 }.count
    isUsual = encoder.columns.dropFirst(leadColumns).elementsEqual(2...3)
  }

  mutating func take() -> RenderedRows { encoder.take() }

  /// Renders the members of an event's `call_insights`, one row each; the number of rows.
  mutating func append(
    insightsOf index: Int, in batch: borrowing EventBatch, _ chunk: borrowing Chunk
  ) -> Int {
    let event = batch.events[index]
    let arena = batch.arena.span
    guard event.insights.length > 0 else { return 0 }
    let campaign = batch.campaignID(of: event)
    encoder.moveLead(of: event, batch, columns: leadColumns, to: &lead)
    let before = encoder.rowCount
    // Of its own, so that the closure need not copy it for each row.
    let lead = lead
    JSONScratch.forEachMember(of: event.insights.bounds, in: chunk) { name, value, kind in
      if isUsual { return encoder.appendRow(lead, name, value, isNull: kind == .null) }
      encoder.append(lead)
      for place in leadColumns..<encoder.columns.count {
        switch encoder.columns[place] {
        case 0: encoder.text(arena.extracting(event.conversation.bounds))
        case 1: if let campaign { encoder.text(arena.extracting(campaign)) } else { encoder.null() }
        case 2: encoder.text(name)
        default: encoder.append(value, kind)
        }
      }
      encoder.endRow()
    }
    return encoder.rowCount - before
  }
}

extension RowEncoder {
  /// Renders the cells that all detail rows of an event begin with into `lead`: as many of the first columns as are
  /// `conversation_id` or `campaign_id`.
  mutating func moveLead(
    of event: EventRecord, _ batch: borrowing EventBatch, columns count: Int, to lead: inout RenderedCells
  ) {
    let arena = batch.arena.span
    let mark = mark
    for column in columns[..<count] {
      if column == 0 {
        text(arena.extracting(event.conversation.bounds))
      } else if let campaign = batch.campaignID(of: event) {
        text(arena.extracting(campaign))
      } else {
        null()
      }
    }
    moveCells(since: mark, to: &lead)
  }

  /// Renders the members of a call's `context_data`, one row each.
  mutating func append(contextOf call: Call, in book: borrowing CallBook, scratch: inout JSONScratch) {
    _ = book.lend(.contact(.contextData), of: call) { document in
      scratch.forEachMember(of: document) { name, value, kind in
        for column in columns {
          switch column {
          case 0: book.lendConversationID(of: call.number) { text($0) }
          case 1: if !book.lend(.agent(.campaignID), of: call, { text($0) }) { null() }
          case 2: text(name)
          default: append(value, kind)
          }
        }
        endRow()
      }
    }
  }

  fileprivate mutating func append(_ value: Span<UInt8>, _ kind: JSONMemberKind) {
    switch kind {
    case .null: null()
    case .text: text(value)
    case .json: json(value)
    }
  }
}
