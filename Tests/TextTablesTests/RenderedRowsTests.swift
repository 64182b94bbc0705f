import Testing
import TextTables

struct RenderedRowsTests {
  private let rows: [[String?]] = [["0", "a\r\nb"], ["1", nil], ["2", "\"quoted\""], ["3", ""], ["4", "e"]]

  @Test(
    arguments: [
      ([0..<1], [1, 2, 3, 4]), ([4..<5], [0, 1, 2, 3]), ([1..<3], [0, 3, 4]), ([0..<1, 2..<3, 4..<5], [1, 3]),
      ([0..<5], []),
      ([], [0, 1, 2, 3, 4]),
    ] as [([Range<Int>], [Int])])
  func removedRowsAreAsIfNeverRendered(removed: [Range<Int>], kept: [Int]) {
    for format in [machine, spreadsheet, columnar] {
      let all = rendered(rows, texts("key", "note"), format)
      let expected = rendered(kept.map { rows[$0] }, texts("key", "note"), format)
      let result = all.removing(rows: removed)
      #expect(result.rowCount == kept.count)
      #expect(result.texts == expected.texts)
      #expect(result.rowEnds == expected.rowEnds)
    }
  }

  @Test func cutsMoveWithTheirRows() {
    let long = String(repeating: "x", count: 40_000)
    let all = rendered([["a"], [long], ["b"], [long], [long]], texts("note"), spreadsheet)
    #expect(all.cuts.map(\.row) == [1, 3, 4])
    #expect(all.removing(rows: [0..<2, 3..<4]).cuts == [CellCut(row: 1, column: 0)])
  }
}
