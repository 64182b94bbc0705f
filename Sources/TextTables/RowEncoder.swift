package import CallModel

/// Renders rows in memory. Many tasks render at once, each with an encoder of its own, and hand `take()` to the writer.
///
/// A row is its cells in the order of `columns`, one call a cell, then `endRow()`:
///
///     encoder.text(conversationID)
///     encoder.integer(turn)
///     encoder.null()
///     encoder.endRow()
///
/// Texts must be valid UTF-8. A row with too few or too many cells is a mistake of the caller and traps.
package struct RowEncoder: Sendable {
  enum Layout { case machine, spreadsheet, columnar }

  /// The columns of the output, in its order, as indexes into the schema's columns.
  package let columns: [Int]
  /// Rows since the last `take()`.
  package private(set) var rowCount = 0

  let layout: Layout
  private let locale: SpreadsheetLocale
  private let maskings: [Masking]
  private let isMasked: [Bool]
  let hasMasking: Bool
  /// The next cell's place in the row.
  var cell = 0
  /// The text of CSV rows; every cell ends with a separator, the last one of a row with CR LF.
  var text: [UInt8] = []
  /// The texts of columnar rows.
  var columnTexts: [[UInt8]]
  private var rowEnds: [Int] = []
  private var lastDay = DayText(Day(number: 0))
  var cuts: [CellCut] = []

  /// An encoder for the given columns of the schema, or for all of them.
  package init(schema: TableSchema, columns: [Int]? = nil, format: TableFormat) {
    let selected = columns ?? Array(schema.columns.indices)
    precondition(!selected.isEmpty, "a table has at least one column")
    self.columns = selected
    maskings = selected.map { schema.columns[$0].masking }
    isMasked = maskings.map { !$0.isKeep }
    hasMasking = isMasked.contains(true)
    switch format {
    case .csv(.machine): (layout, locale) = (.machine, .comma)
    case .csv(.spreadsheet(let locale)): (layout, self.locale) = (.spreadsheet, locale)
    case .columnar: (layout, locale) = (.columnar, .comma)
    }
    columnTexts = layout == .columnar ? Array(repeating: [], count: selected.count) : []
  }

  package mutating func null() {
    switch layout {
    case .machine, .spreadsheet: text.append(locale.separator)
    case .columnar: columnTexts[cell].appendColumnarNull()
    }
    cell &+= 1
  }

  package mutating func text(_ bytes: Span<UInt8>) {
    guard !isMaskedCell else { return masked { $0.append(copying: bytes) } }
    plainText(bytes)
  }

  package mutating func text(_ bytes: [UInt8]) { text(bytes.span) }

  package mutating func text(_ string: String) {
    let utf8 = string.utf8
    text(utf8.span)
  }

  /// A text that is promised to hold no `"`, no `\` and no control bytes, so that it can be copied without a look.
  package mutating func cleanText(_ bytes: Span<UInt8>) {
    guard !isMaskedCell else { return masked { $0.append(copying: bytes) } }
    switch layout {
    case .machine: text.append(cleanMachineText: bytes)
    case .spreadsheet: return plainText(bytes)
    case .columnar:
      columnTexts[cell].append(cleanColumnarText: bytes)
    }
    cell &+= 1
  }

  /// A JSON document, written as the text that it is.
  package mutating func json(_ bytes: Span<UInt8>) { text(bytes) }

  package mutating func integer(_ value: Int64) {
    guard !isMaskedCell else { return masked { $0.append(utf8: "\(value)") } }
    switch layout {
    case .machine:
      text.append(decimal: value, ending: UInt8(ascii: ","))
    case .spreadsheet: text.append(spreadsheetInteger: value, separator: locale.separator)
    case .columnar:
      columnTexts[cell].append(decimal: value, ending: UInt8(ascii: "\n"))
    }
    cell &+= 1
  }

  package mutating func decimal(_ value: Credits) {
    guard !isMaskedCell else { return masked { $0.append(utf8: "\(value)") } }
    switch layout {
    case .machine:
      text.append(credits: value, ending: UInt8(ascii: ","))
    case .spreadsheet: text.append(spreadsheetCredits: value, locale: locale)
    case .columnar:
      columnTexts[cell].append(credits: value, ending: UInt8(ascii: "\n"))
    }
    cell &+= 1
  }

  package mutating func timestamp(_ value: Timestamp) {
    guard !isMaskedCell else { return masked { $0.append(utf8: "\(value)") } }
    switch layout {
    case .machine:
      text.append(timestamp: value, ending: UInt8(ascii: ","), remembering: &lastDay)
    case .spreadsheet:
      text.append(secondsOf: value, ending: locale.separator, remembering: &lastDay)
    case .columnar:
      columnTexts[cell].append(timestamp: value, ending: UInt8(ascii: "\n"), remembering: &lastDay)
    }
    cell &+= 1
  }

  package mutating func date(_ value: Day) {
    guard !isMaskedCell else { return masked { $0.append(utf8: "\(value)") } }
    switch layout {
    case .machine, .spreadsheet:
      text.append(day: value, ending: locale.separator, remembering: &lastDay)
    case .columnar:
      columnTexts[cell].append(day: value, ending: UInt8(ascii: "\n"), remembering: &lastDay)
    }
    cell &+= 1
  }

  package mutating func endRow() {
    precondition(cell == columns.count, "a row has one cell a column")
    cell = 0
    rowCount &+= 1
    guard layout != .columnar else { return }
    text.endCSVRow()
    rowEnds.append(text.count)
  }

  /// Counts a CSV row whose text is already complete.
  mutating func endWholeRow() {
    rowCount &+= 1
    rowEnds.append(text.count)
  }

  /// Hands over the rows since the last call and leaves the encoder empty, with room for as many again.
  package mutating func take() -> RenderedRows {
    precondition(cell == 0, "rows are taken whole")
    let rows = RenderedRows(
      rowCount: rowCount, texts: layout == .columnar ? columnTexts : [text], rowEnds: rowEnds, cuts: cuts)
    text = Self.room(like: text)
    for index in columnTexts.indices { columnTexts[index] = Self.room(like: columnTexts[index]) }
    rowEnds = []
    rowEnds.reserveCapacity(rows.rowEnds.count)
    cuts = []
    rowCount = 0
    return rows
  }

  private static func room(like used: [UInt8]) -> [UInt8] {
    var fresh: [UInt8] = []
    fresh.reserveCapacity(used.count + used.count / 16)
    return fresh
  }

  @inline(__always)
  private var isMaskedCell: Bool { hasMasking && isMasked[cell] }

  @inline(__always)
  private mutating func plainText(_ bytes: Span<UInt8>) {
    switch layout {
    case .machine: text.append(machineText: bytes)
    case .spreadsheet:
      if text.append(spreadsheetText: bytes, separator: locale.separator) {
        cuts.append(CellCut(row: rowCount, column: columns[cell]))
      }
    case .columnar: columnTexts[cell].append(columnarText: bytes)
    }
    cell &+= 1
  }

  /// Writes a masked cell; `write` gives the value's machine text.
  private mutating func masked(_ write: (inout [UInt8]) -> Void) {
    if case .drop = maskings[cell] { return null() }
    var value: [UInt8] = []
    write(&value)
    plainText(maskings[cell].masked(bytes: value).span)
  }
}
