import CallModel

/// One column of columnar text: its file and what is in it.
struct ColumnFile: Sendable {
  /// Columns gather less than other files, for there are many of them.
  static let gatheredBytes = 1 << 18
  /// The text in one gzip member. Fixed, so that the file's bytes depend on its rows alone.
  private static let memberBytes = 1 << 20

  let column: Column
  let index: Int
  /// Relative to the set, as all paths in summaries.
  let folder: String
  private(set) var statistics: ColumnStatistics
  private(set) var summary: FileSummary

  init(column: Column, index: Int, folder: String) {
    self.column = column
    self.index = index
    self.folder = folder
    statistics = ColumnStatistics(type: column.writtenType)
    summary = FileSummary(path: "", rows: 0, bytes: 0, sha256: nil)
  }

  /// `03_status`: the ordinal makes the order of a glob the order of the columns.
  static func name(of column: Column, at index: Int) -> String {
    index < 9 ? "0\(index + 1)_\(column.name)" : "\(index + 1)_\(column.name)"
  }

  /// The file's name inside the folder.
  var fileName: String { String(summary.path.dropFirst(folder.utf8.count + 1)) }

  /// Reads the plain column file back, counts what is in it, and leaves it as it shall be published.
  func completed(
    in place: StagingPlace, without gaps: [Range<Int>], compressor: Compressor?, checksum: Bool
  ) throws(TextTablesError) -> ColumnFile {
    var result = self
    let path = "\(folder)/\(Self.name(of: column, at: index)).txt"
    let isRewritten = compressor != nil || !gaps.isEmpty
    let source = isRewritten ? "\(place.path)/\(path).whole" : "\(place.path)/\(path)"
    if isRewritten { try SystemCalls.rename("\(place.path)/\(path)", to: source) }
    let name = compressor == nil ? path : "\(path).gz"
    var output = PublishedBytes(
      file: isRewritten ? try BufferedFile(creating: name, in: place, checksum: false) : nil,
      digest: FileDigest(checksum: checksum))
    defer { output.file?.abandon() }
    var gate = LineGate(gaps: gaps)
    var member: [UInt8] = []
    var reader = try BlockReader(source)
    while let ends = try reader.next(RenderedRows.lineEnds(of:)) {
      let kept = gate.isDone ? reader.whole : gate.kept(of: reader.whole, ends: ends)
      guard result.statistics.add(lines: kept.span) else {
        throw .damaged(path: source, reason: "a line is no \(column.writtenType.rawValue)")
      }
      guard let compressor else {
        try output.append(kept)
        continue
      }
      member += kept
      while member.count >= Self.memberBytes {
        try output.append(compressor(Array(member.prefix(Self.memberBytes))))
        member.removeFirst(Self.memberBytes)
      }
    }
    let rows = result.statistics.rows
    if let compressor, !member.isEmpty || rows == 0 { try output.append(compressor(member)) }
    _ = try output.file?.finish(rows: rows)
    result.summary = FileSummary(
      path: name, rows: rows, bytes: output.digest.bytes, sha256: output.digest.hexadecimalSHA256)
    if isRewritten { try SystemCalls.removeFile(source) }
    return result
  }
}

/// Bytes as they will be published: into a new file, unless the file that is there already holds them.
private struct PublishedBytes {
  var file: BufferedFile?
  var digest: FileDigest

  mutating func append(_ bytes: [UInt8]) throws(TextTablesError) {
    digest.add(bytes)
    try file?.append(bytes)
  }
}

/// Lets the lines through that are not to be omitted.
private struct LineGate {
  let gaps: [Range<Int>]
  private var row = 0

  init(gaps: [Range<Int>]) { self.gaps = gaps }

  /// Whether no gap lies ahead.
  var isDone: Bool { gaps.last.map { $0.upperBound <= row } ?? true }

  mutating func kept(of text: [UInt8], ends: [Int]) -> [UInt8] {
    let range = row..<row + ends.count
    let local = RenderedRows.ranges(gaps, within: range)
    row = range.upperBound
    guard !local.isEmpty else { return text }
    return RenderedRows(rowCount: ends.count, texts: [text], rowEnds: ends).removing(rows: local).texts[0]
  }
}
