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
  /// The text of CSV cells, or of each cell of columnar text.
  fileprivate var texts: [[UInt8]] = []
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
      cells.texts = (mark.cell..<cell).map { Array(columnTexts[$0][mark.columnStarts[$0]...]) }
    } else {
      if cells.texts.isEmpty { cells.texts.append([]) }
      cells.texts[0].removeAll(keepingCapacity: true)
      cells.texts[0].append(copying: text.span.extracting(mark.start..<text.count))
    }
  }

  /// Renders cells again that this encoder, or a copy of it, rendered in the same columns.
  package mutating func append(_ cells: borrowing RenderedCells) {
    if layout == .columnar {
      for index in 0..<cells.count { columnTexts[cell &+ index].append(contentsOf: cells.texts[index]) }
    } else {
      text.append(contentsOf: cells.texts[0])
    }
    for cut in cells.cuts { cuts.append(CellCut(row: rowCount, column: columns[cell + cut])) }
    cell &+= cells.count
  }
}
