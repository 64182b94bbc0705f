import CallModel
import Tally
import TextTables

extension RowEncoder {
  /// Renders one row of the calls table, of the columns that this output has.
  ///
  /// `book` is that of `books`, taken out of it once for many calls: taking it costs more than a cell.
  mutating func append(_ call: Call, _ book: CallBook, in books: JoinedBooks) {
    for column in columns {
      switch column {
      case 0: book.lendConversationID(of: call.number) { text($0) }
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
      case 11: if let day = call.day(books.clock) { date(day) } else { null() }
      case 12: append(call.connectedAt)
      case 13: append(call.endedAt)
      case 14: append(call.duration)
      case 15: append(call.billableSeconds)
      case 16: append(call.credits)
      case 17: append(call.expectedCredits)
      case 18: append(call.creditsDifference)
      case 19: text(call.settlement.rawValue)
      case 20: if !book.lendRecordingURL(of: call, { text($0) }) { null() }
      case 21: append(.outcome(.errorCode), of: call, book)
      case 22: append(.outcome(.errorReason), of: call, book)
      case 23: append(call.turnCount)
      case 24: appendJSON(.contact(.contextData), of: call, book)
      case 25: appendJSON(.callInsights, of: call, book)
      case 26: appendKinds(of: call)
      case 27: integer(Int64(call.deliveries))
      default: append(book.origin(of: call), books.archiveNames)
      }
    }
    endRow()
  }

  @inline(__always)
  private mutating func append(_ text: CallText, of call: Call, _ book: CallBook) {
    if !book.lend(text, of: call, { self.text($0) }) { null() }
  }

  private mutating func appendJSON(_ text: CallText, of call: Call, _ book: CallBook) {
    if !book.lend(text, of: call, { json($0) }) { null() }
  }

  private mutating func appendName(ofCampaignOf call: Call, _ book: CallBook, _ books: JoinedBooks) {
    var name: [UInt8]?
    _ = book.lend(.agent(.campaignID), of: call) { name = books.campaignNames.name(of: $0) }
    if let name { text(name.span) } else { null() }
  }

  private mutating func appendKinds(of call: Call) {
    let kinds = JoinedBooks.kindTexts[Int(call.kindsSeen)]
    text(kinds.span)
  }

  mutating func append(_ value: Int64?) {
    if let value { integer(value) } else { null() }
  }

  mutating func append(_ value: Credits?) {
    if let value { decimal(value) } else { null() }
  }

  mutating func append(_ value: Timestamp?) {
    if let value { timestamp(value) } else { null() }
  }

  mutating func append(_ value: String?) {
    if let value { text(value) } else { null() }
  }

  /// `archive:line`.
  mutating func append(_ origin: RecordOrigin?, _ archives: [String]) {
    if let origin { text("\(archives[Int(origin.archive)]):\(origin.line)") } else { null() }
  }
}
