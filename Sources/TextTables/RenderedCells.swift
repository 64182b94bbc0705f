import CallModel

/// Cells that follow one another in a row, as they were rendered: for the other rows that have the same ones.
///
/// Most cells of a large table repeat those of other rows. An encoder that has rendered them once appends them again
/// with one copy, whatever they cost to find and to quote:
///
///     let mark = encoder.mark
///     encoder.text(agentID)
///     encoder.text(agentName)
///     encoder.keep(since: mark, in: &agentCells)   // the same row goes on
///     …
///     encoder.append(agentCells)                   // in another row, in the same place
package struct RenderedCells: Sendable {
  fileprivate var count = 0
  /// The text of CSV cells, and behind it what may be read with it.
  fileprivate var text: [UInt8] = []
  fileprivate var textCount = 0
  /// The text of each cell of columnar text.
  fileprivate var columnTexts: [[UInt8]] = []
  /// Cells that were cut, by their place among these.
  fileprivate var cuts: [Int] = []

  package init() {}
}

/// A place between two cells of the row that an encoder is at.
package struct CellMark {
  fileprivate var cell: Int
  fileprivate var cuts: Int
  /// Where the next text begins, for each text of the encoder.
  fileprivate var start: Int
  fileprivate var columnStarts: [Int]
}

extension RowEncoder {
  /// The place before the next cell.
  package var mark: CellMark {
    CellMark(
      cell: cell, cuts: cuts.count, start: text.count,
      columnStarts: layout == .columnar ? columnTexts.map(\.count) : [])
  }

  /// Keeps the cells since `mark`, which must be of the same row, in the place of others.
  package func keep(since mark: CellMark, in cells: inout RenderedCells) {
    cells.count = cell - mark.cell
    cells.cuts.removeAll(keepingCapacity: true)
    for cut in cuts[mark.cuts...] {
      cells.cuts.append((columns[mark.cell..<cell].firstIndex(of: cut.column) ?? mark.cell) - mark.cell)
    }
    if layout == .columnar {
      cells.columnTexts = (mark.cell..<cell).map { Array(columnTexts[$0][mark.columnStarts[$0]...]) }
    } else {
      let ample = OutputSpan<UInt8>.ample
      cells.textCount = text.count - mark.start
      cells.text.removeAll(keepingCapacity: true)
      cells.text.reserveCapacity(cells.textCount + ample)
      cells.text.append(copying: text.span.extracting(mark.start..<text.count))
      cells.text.append(addingCapacity: ample) { (zeros: inout OutputSpan<UInt8>) in
        for _ in 0..<(ample / 16) { zeros.append(words: .zero, count: 16) }
      }
    }
  }

  /// Renders cells again that this encoder, or a copy of it, rendered in the same columns.
  package mutating func append(_ cells: borrowing RenderedCells) {
    if layout == .columnar {
      for index in 0..<cells.count { columnTexts[cell &+ index].append(contentsOf: cells.columnTexts[index]) }
    } else {
      let (kept, count) = (cells.text.span, cells.textCount)
      text.append(addingCapacity: count &+ OutputSpan<UInt8>.ample) { (row: inout OutputSpan<UInt8>) in
        row.append(kept, 0..<count)
      }
    }
    for cut in cells.cuts { cuts.append(CellCut(row: rowCount, column: columns[cell + cut])) }
    cell &+= cells.count
  }

  /// Like `keep`, and takes the cells out of the row again.
  package mutating func moveCells(since mark: CellMark, to cells: inout RenderedCells) {
    keep(since: mark, in: &cells)
    cell = mark.cell
    cuts.removeLast(cuts.count - mark.cuts)
    if layout == .columnar {
      for index in columnTexts.indices {
        columnTexts[index].removeLast(columnTexts[index].count - mark.columnStarts[index])
      }
    } else {
      text.removeLast(text.count - mark.start)
    }
  }

  /// Renders a whole row: kept cells, a text and a text or null.
  package mutating func appendRow(
    _ lead: borrowing RenderedCells, _ name: Span<UInt8>, _ value: Span<UInt8>, isNull: Bool
  ) {
    guard layout == .machine, !hasMasking else {
      append(lead)
      text(name)
      if isNull { null() } else { text(value) }
      return endRow()
    }
    precondition(lead.count + 2 == columns.count, "a row has one cell a column")
    let (kept, count) = (lead.text.span, lead.textCount)
    let room = count &+ 2 &* name.count &+ 2 &* value.count &+ 64
    text.append(addingCapacity: room) { (row: inout OutputSpan<UInt8>) in
      row.append(kept, 0..<count)
      row.append(machineText: name)
      row.append(UInt8(ascii: ","))
      if !isNull { row.append(machineText: value) }
      row.append(word: 0x0a0d, count: 2)
    }
    endWholeRow()
  }

  /// Renders a whole row: kept cells, a number from 0 on, and two texts of `bytes` that hold no `"`, no `\` and no control
  /// bytes; `OutputSpan.ample` bytes behind each must be readable.
  package mutating func appendRow(
    _ lead: borrowing RenderedCells, _ number: Int64, cleanTextsOf bytes: Span<UInt8>, _ first: Range<Int>,
    _ second: Range<Int>
  ) {
    guard layout == .machine, !hasMasking else {
      append(lead)
      integer(number)
      cleanText(bytes.extracting(first))
      cleanText(bytes.extracting(second))
      return endRow()
    }
    precondition(number >= 0 && lead.count + 3 == columns.count, "a row has one cell a column, and no number below 0")
    let (kept, count) = (lead.text.span, lead.textCount)
    text.append(addingCapacity: count &+ first.count &+ second.count &+ 80) { (row: inout OutputSpan<UInt8>) in
      row.append(kept, 0..<count)
      row.append(digits: number.magnitude)
      row.append(word: 0x222c, count: 2)
      row.append(bytes, first)
      row.append(word: 0x22_2c22, count: 3)
      row.append(bytes, second)
      row.append(word: 0x0a_0d22, count: 3)
    }
    endWholeRow()
  }
}
