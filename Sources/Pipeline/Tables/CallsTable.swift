import CallModel
import Tally
import TextTables

/// Renders the calls table for one output, on one task.
///
/// What an agent's columns and a status say is the same for many calls, so their cells are rendered once for each set of
/// blocks that they come from.
struct CallRows {
  private enum Step { case cell(Int), agent, status, errors }

  private var encoder: RowEncoder
  private let steps: [Step]
  /// Cells of agents, statuses and errors.
  private var caches = (0..<3).map { _ in BlockCache(repeating: RenderedCells()) }
  private var lent = RenderedCells()
  /// `archive:` for each archive.
  private let originHeads: [[UInt8]]
  /// What the column `events` says, by the kinds seen.
  private let kindTexts = (0..<16).map(JoinedBooks.kindText)
  private var scratch: [UInt8] = []

  init(_ encoder: RowEncoder, archives: [String]) {
    self.encoder = encoder
    originHeads = archives.map { Array("\($0):".utf8) }
    var steps: [Step] = []
    var columns = encoder.columns[...]
    while let column = columns.first {
      if columns.starts(with: CallRows.agentColumns) {
        steps.append(.agent)
        columns = columns.dropFirst(CallRows.agentColumns.count)
      } else if columns.starts(with: CallRows.errorColumns) {
        steps.append(.errors)
        columns = columns.dropFirst(CallRows.errorColumns.count)
      } else {
        steps.append(column == CallRows.statusColumn ? .status : .cell(column))
        columns = columns.dropFirst()
      }
    }
    self.steps = steps
  }

  /// `campaign_id` to `from_number`, where an output has them in this order.
  private static let agentColumns = 1...7
  private static let statusColumn = 10
  private static let errorColumns = 21...22

  mutating func take() -> RenderedRows { encoder.take() }

  /// Renders one row, of the columns that this output has.
  ///
  /// `book` is that of `books`, taken out of it once for many calls: taking it costs more than a cell.
  mutating func append(_ call: Call, _ book: borrowing CallBook, in books: JoinedBooks) {
    let outcomes = book.outcomeBlocks(of: call)
    for index in steps.indices {
      switch steps[index] {
      case .cell(let column): append(column, of: call, book, books)
      case .agent: append(CallRows.agentColumns, 0, book.agentBlocks(of: call), call, book, books)
      case .status: append(CallRows.statusColumn...CallRows.statusColumn, 1, outcomes, call, book, books)
      case .errors: append(CallRows.errorColumns, 2, outcomes, call, book, books)
      }
    }
    encoder.endRow()
  }

  /// Renders cells that hang on `blocks` alone.
  @inline(__always)
  private mutating func append(
    _ columns: ClosedRange<Int>, _ cache: Int, _ blocks: SIMD4<UInt32>, _ call: Call, _ book: borrowing CallBook,
    _ books: JoinedBooks
  ) {
    let (index, isKnown) = caches[cache].place(of: blocks)
    if isKnown {
      // Taken out for the moment, because to lend them counts references, which costs more than to copy their text.
      swap(&lent, &caches[cache].values[index])
      encoder.append(lent)
      return swap(&lent, &caches[cache].values[index])
    }
    let mark = encoder.mark
    for column in columns { append(column, of: call, book, books) }
    encoder.keep(since: mark, in: &caches[cache].values[index])
  }

  private mutating func append(_ column: Int, of call: Call, _ book: borrowing CallBook, _ books: JoinedBooks) {
    switch column {
    case 0: book.lendConversationID(of: call.number) { encoder.text($0) }
    case 1: append(.agent(.campaignID), of: call, book)
    case 2: appendName(ofCampaignOf: call, book, books)
    case 3: append(.agent(.workspaceID), of: call, book)
    case 4: append(.agent(.agentID), of: call, book)
    case 5: append(.agent(.agentName), of: call, book)
    case 6: append(.agent(.callType), of: call, book)
    case 7: append(.agent(.fromNumber), of: call, book)
    case 8: append(.contact(.toNumber), of: call, book)
    case 9: append(.contact(.username), of: call, book)
    case 10: append(.outcome(.status), of: call, book)
    case 11: if let day = call.day(books.clock) { encoder.date(day) } else { encoder.null() }
    case 12: encoder.append(call.connectedAt)
    case 13: encoder.append(call.endedAt)
    case 14: encoder.append(call.duration)
    case 15: encoder.append(call.billableSeconds)
    case 16: encoder.append(call.credits)
    case 17: encoder.append(call.expectedCredits)
    case 18: encoder.append(call.creditsDifference)
    case 19: encoder.text(call.settlement.rawValue)
    case 20: if !book.lendRecordingURL(of: call, &scratch, { encoder.text($0) }) { encoder.null() }
    case 21: append(.outcome(.errorCode), of: call, book)
    case 22: append(.outcome(.errorReason), of: call, book)
    case 23: encoder.append(call.turnCount)
    case 24: append(.contact(.contextData), of: call, book)
    case 25: append(.callInsights, of: call, book)
    case 26: encoder.text(kindTexts[Int(call.kindsSeen)])
    case 27: encoder.integer(Int64(call.deliveries))
    default: appendOrigin(of: call, book)
    }
  }

  @inline(__always)
  private mutating func append(_ text: CallText, of call: Call, _ book: borrowing CallBook) {
    if !book.lend(text, of: call, { encoder.text($0) }) { encoder.null() }
  }

  private mutating func appendName(ofCampaignOf call: Call, _ book: borrowing CallBook, _ books: JoinedBooks) {
    var name: [UInt8]?
    _ = book.lend(.agent(.campaignID), of: call) { name = books.campaignNames.name(of: $0) }
    if let name { encoder.text(name.span) } else { encoder.null() }
  }

  /// `archive:line`.
  private mutating func appendOrigin(of call: Call, _ book: borrowing CallBook) {
    guard let origin = book.origin(of: call) else { return encoder.null() }
    scratch.removeAll(keepingCapacity: true)
    let head = originHeads[Int(origin.archive)]
    scratch.append(copying: head.span)
    scratch.append(decimal: origin.line)
    encoder.text(scratch)
  }
}

extension RowEncoder {
  mutating func append(_ value: Int64?) {
    if let value { integer(value) } else { null() }
  }

  mutating func append(_ value: Credits?) {
    if let value { decimal(value) } else { null() }
  }

  mutating func append(_ value: Timestamp?) {
    if let value { timestamp(value) } else { null() }
  }
}
