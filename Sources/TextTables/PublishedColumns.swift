import CallModel

/// Lends each line of a gzipped column file, without its line feed.
package typealias ColumnLines =
  @Sendable (_ path: String, _ body: (Span<UInt8>) -> Void) throws(TextTablesError) -> Void

/// Columnar text that a run has written, to be read a column at a time.
struct PublishedColumns {
  /// In the order of the columns.
  let files: [String]
  /// How gzipped files are read; nil for plain ones.
  private let compressed: ColumnLines?

  /// Nil where a column's file is missing.
  init?(_ folder: String, columns: [Column], compressed: ColumnLines?) throws(TextTablesError) {
    files = columns.enumerated().map { index, column in
      "\(folder)/\(ColumnFile.name(of: column, at: index)).txt\(compressed == nil ? "" : ".gz")"
    }
    self.compressed = compressed
    for file in files where try SystemCalls.kind(of: file) != .other { return nil }
  }

  func forEachLine(of file: String, _ body: (Span<UInt8>) -> Void) throws(TextTablesError) {
    if let compressed { return try compressed(file, body) }
    var reader = try BlockReader(file)
    while let ends = try reader.next(RenderedRows.lineEnds(of:)) {
      var start = 0
      for end in ends {
        body(reader.whole.span.extracting(start..<(end - 1)))
        start = end
      }
    }
  }

  /// The text of a line without its escapes; nil for null.
  static func cell(_ line: Span<UInt8>) -> String? {
    if line.count == 2, line[0] == UInt8(ascii: "\\"), line[1] == UInt8(ascii: "N") { return nil }
    var text: [UInt8] = []
    var index = 0
    while index < line.count {
      guard line[index] == UInt8(ascii: "\\"), index + 1 < line.count else {
        text.append(line[index])
        index += 1
        continue
      }
      switch line[index + 1] {
      case UInt8(ascii: "t"): text.append(UInt8(ascii: "\t"))
      case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
      case UInt8(ascii: "r"): text.append(UInt8(ascii: "\r"))
      case UInt8(ascii: "x"):
        // Nothing else is written so.
        text.append(0)
        index += 2
      case let byte: text.append(byte)
      }
      index += 2
    }
    return String(decoding: text, as: UTF8.self)
  }
}
