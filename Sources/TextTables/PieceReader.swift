/// Reads a written CSV back in the pieces in which it was appended.
struct PieceReader: ~Copyable {
  private let path: String
  private let descriptor: Int32

  init(_ path: String) throws(TextTablesError) {
    self.path = path
    descriptor = try SystemCalls.openForReading(path)
  }

  deinit { SystemCalls.closeFile(descriptor) }

  /// The next bytes of the file.
  func next(_ bytes: Int) throws(TextTablesError) -> [UInt8] {
    let text = try SystemCalls.read(bytes, from: descriptor, path: path)
    guard text.count == bytes else { throw .damaged(path: path, reason: "it has fewer bytes than were written") }
    return text
  }

  /// Where the rows of a piece end.
  func ends(of text: [UInt8], rows: Int) throws(TextTablesError) -> [Int] {
    let ends = CSVRows.ends(in: text)
    guard ends.count == rows, ends.last ?? 0 == text.count else {
      throw .damaged(path: path, reason: "\(ends.count) rows were read back and \(rows) written")
    }
    return ends
  }

  /// Makes sure that nothing stands behind the last piece.
  consuming func finish() throws(TextTablesError) {
    guard try SystemCalls.read(1, from: descriptor, path: path).isEmpty else {
      throw .damaged(path: path, reason: "it has more bytes than were written")
    }
  }
}
