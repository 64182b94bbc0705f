import CallModel
import Intake
import Tally
import TextTables

/// The outputs that are written while archives are read; none of a table that privacy drops.
struct DetailOutputs: Sendable {
  let transcripts: [OutputTable]
  let insights: [OutputTable]

  init(_ tables: TableSet, _ privacy: PipelineFile.Privacy) {
    transcripts = privacy.keeps("transcripts") ? tables.outputs(of: .transcripts) : []
    insights = privacy.keeps("call_insights") ? tables.outputs(of: .insights) : []
  }
}

/// What one task renders a chunk's detail rows with.
struct DetailEncoders {
  private var transcripts: [RowEncoder]
  private var insights: [RowEncoder]
  private var scratch = JSONScratch()

  init(_ outputs: DetailOutputs) {
    transcripts = outputs.transcripts.map(\.encoder)
    insights = outputs.insights.map(\.encoder)
  }

  /// Renders the rows of a decoded chunk, and notes in its events how many insights each has.
  mutating func render(_ chunk: borrowing Chunk, _ decoded: inout DecodedChunk) {
    for index in transcripts.indices {
      transcripts[index].append(turnsOf: decoded.batch, in: chunk)
      decoded.transcripts.append(transcripts[index].take())
    }
    for index in insights.indices {
      for event in decoded.batch.events.indices where decoded.batch.events[event].kind == .callProcessed {
        let before = insights[index].rowCount
        insights[index].append(insightsOf: event, in: decoded.batch, &scratch)
        decoded.batch.events[event].insightCount = UInt32(insights[index].rowCount - before)
      }
      decoded.insights.append(insights[index].take())
    }
  }
}

extension RowEncoder {
  /// Renders the members of an event's `call_insights`, one row each.
  fileprivate mutating func append(insightsOf index: Int, in batch: borrowing EventBatch, _ scratch: inout JSONScratch)
  {
    let event = batch.events[index]
    let arena = batch.arena.span
    guard event.result.length > 0,
      let document = TextBlock.text(
        TextBlock.Result.callInsights.rawValue, at: event.result.start, of: arena)
    else { return }
    let campaign = batch.campaignID(of: event)
    scratch.forEachMember(of: arena.extracting(document)) { name, value, kind in
      for column in columns {
        switch column {
        case 0: text(arena.extracting(event.conversation.start..<event.conversation.end))
        case 1: if let campaign { text(arena.extracting(campaign)) } else { null() }
        case 2: text(name)
        default: append(value, kind)
        }
      }
      endRow()
    }
  }

  /// Renders the members of a call's `context_data`, one row each.
  mutating func append(contextOf call: Call, in book: CallBook, scratch: inout JSONScratch) {
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

  private mutating func append(_ value: Span<UInt8>, _ kind: JSONMemberKind) {
    switch kind {
    case .null: null()
    case .text: text(value)
    case .json: json(value)
    }
  }
}
