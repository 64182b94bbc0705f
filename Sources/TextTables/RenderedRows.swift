import CallModel

/// A cell of the spreadsheet dialect that was cut.
package struct CellCut: Equatable, Sendable {
  /// The row, from 0 and without the header: within the rendered rows, or in a summary within the published table.
  package var row: Int
  /// The column's index in the schema.
  package var column: Int

  package init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}

/// Rows as text, ready to be appended to a table: what an encoder hands to the table's one writer.
package struct RenderedRows: Sendable {
  package var rowCount: Int
  /// One text for CSV, one a column for columnar text.
  package var texts: [[UInt8]]
  /// For CSV, where each row ends in the text; empty for columnar text, whose rows end at every LF.
  package var rowEnds: [Int]
  /// Cut cells, in order.
  package var cuts: [CellCut]

  package init(rowCount: Int, texts: [[UInt8]], rowEnds: [Int], cuts: [CellCut] = []) {
    self.rowCount = rowCount
    self.texts = texts
    self.rowEnds = rowEnds
    self.cuts = cuts
  }

  /// The same rows without some of them. Ranges ascend and do not overlap.
  package func removing(rows: [Range<Int>]) -> RenderedRows {
    let kept = Self.complement(of: rows, in: rowCount)
    var result = self
    result.rowCount = kept.reduce(0) { $0 + $1.count }
    result.cuts = Self.cuts(cuts, without: rows)
    result.rowEnds = []
    for index in texts.indices {
      let ends = rowEnds.isEmpty ? Self.lineEnds(of: texts[index]) : rowEnds
      var text: [UInt8] = []
      for range in kept {
        let start = range.lowerBound == 0 ? 0 : ends[range.lowerBound - 1]
        if !rowEnds.isEmpty {
          let shift = text.count - start
          result.rowEnds.append(contentsOf: ends[range].lazy.map { $0 + shift })
        }
        text.append(contentsOf: texts[index][start..<ends[range.upperBound - 1]])
      }
      result.texts[index] = text
    }
    return result
  }

  /// The ranges of `0..<count` that the given ones leave.
  private static func complement(of ranges: [Range<Int>], in count: Int) -> [Range<Int>] {
    var kept: [Range<Int>] = []
    var next = 0
    for range in ranges {
      if range.lowerBound > next { kept.append(next..<range.lowerBound) }
      next = max(next, range.upperBound)
    }
    if next < count { kept.append(next..<count) }
    return kept
  }

  /// What of the ranges lies within `window`, counted from its start.
  static func ranges(_ ranges: [Range<Int>], within window: Range<Int>) -> [Range<Int>] {
    ranges.compactMap { range in
      let overlap = range.clamped(to: window)
      return overlap.isEmpty ? nil : overlap.lowerBound - window.lowerBound..<overlap.upperBound - window.lowerBound
    }
  }

  /// Where lines end in columnar text, each after its LF.
  static func lineEnds(of bytes: [UInt8]) -> [Int] {
    let text = bytes.span
    var ends: [Int] = []
    var end = ByteSearch.first(UInt8(ascii: "\n"), in: text, from: 0)
    while end < text.count {
      ends.append(end + 1)
      end = ByteSearch.first(UInt8(ascii: "\n"), in: text, from: end + 1)
    }
    return ends
  }

  /// The cuts of the rows that are left, under their new row numbers.
  static func cuts(_ cuts: [CellCut], without rows: [Range<Int>]) -> [CellCut] {
    var kept: [CellCut] = []
    var next = 0
    var removed = 0
    for cut in cuts {
      while next < rows.count, rows[next].upperBound <= cut.row {
        removed += rows[next].count
        next += 1
      }
      if next < rows.count, rows[next].contains(cut.row) { continue }
      kept.append(CellCut(row: cut.row - removed, column: cut.column))
    }
    return kept
  }
}
