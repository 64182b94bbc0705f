import CallModel

/// Makes one gzip member of a block. Members after one another are one valid gzip file.
package typealias Compressor = @Sendable ([UInt8]) -> [UInt8]

/// Settings of an output that do not change its rows.
package struct TableOptions: Sendable {
  /// Whether the summary holds SHA-256 digests.
  package var checksums: Bool
  /// Needed for `TableFormat.columnar(compress: true)`.
  package var compressor: Compressor?

  package init(checksums: Bool = true, compressor: Compressor? = nil) {
    self.checksums = checksums
    self.compressor = compressor
  }
}

/// What became of one output of one table.
package struct TableSummary: Equatable, Sendable {
  /// Rows that were published, without headers.
  package var rows: Int
  package var files: [FileSummary]
  /// Cells that had to be cut for a spreadsheet, in row order.
  package var cuts: [CellCut]

  package init(rows: Int, files: [FileSummary], cuts: [CellCut] = []) {
    self.rows = rows
    self.files = files
    self.cuts = cuts
  }
}

/// One output of one table, written in order by one consumer.
package struct TableWriter: ~Copyable {
  /// Rows appended so far, those to be omitted included.
  package private(set) var rowCount = 0

  private let columns: [Column]
  private let schema: TableSchema
  private let format: TableFormat
  private let file: String
  private let place: StagingPlace
  private let options: TableOptions
  /// The parts of a CSV, the last of them open, or the columns of columnar text.
  private var files: [BufferedFile] = []
  private var finished: [FileSummary] = []
  private var rowsInPart = 0
  /// Of a CSV, by part: rows and bytes of what was appended, so that most of it can be copied without a look for its rows.
  private var pieces: [[(rows: Int, bytes: Int)]] = []
  /// Bytes below which a piece is joined with the next one.
  private static let leastPiece = 1 << 16
  private var cuts: [CellCut] = []
  private var omitted: [Range<Int>] = []

  /// Creates the output's first file or files. `file` is relative to the staging directory: a CSV's path such as
  /// `calls.csv`, or the folder of columnar text such as `columns/calls`. Without `columns`, all of them.
  package init(
    schema: TableSchema, columns: [Int]? = nil, format: TableFormat, file: String,
    in staging: borrowing StagingDirectory, options: TableOptions = TableOptions()
  ) throws(TextTablesError) {
    try self.init(
      schema: schema, columns: schema.selection(columns), format: format, file: file, place: staging.place,
      options: options)
  }

  private init(
    schema: TableSchema, columns: [Column], format: TableFormat, file: String, place: StagingPlace,
    options: TableOptions
  ) throws(TextTablesError) {
    self.schema = schema
    self.columns = columns
    self.format = format
    self.file = file
    self.place = place
    self.options = options
    switch format {
    case .csv: try openPart()
    case .columnar(let compress):
      precondition(!compress || options.compressor != nil, "compressed columns need a compressor")
      for (index, column) in columns.enumerated() {
        let path = "\(file)/\(ColumnFile.name(of: column, at: index)).txt"
        files.append(
          try BufferedFile(creating: path, in: place, checksum: false, gathering: ColumnFile.gatheredBytes))
      }
    }
  }

  deinit { for file in files { file.abandon() } }

  /// Appends rows that an encoder of the same columns and format rendered.
  package mutating func append(_ rows: RenderedRows) throws(TextTablesError) {
    precondition(rows.texts.count == files.count, "rows belong to a writer of their own format and columns")
    for cut in rows.cuts { cuts.append(CellCut(row: rowCount + cut.row, column: cut.column)) }
    rowCount += rows.rowCount
    guard case .csv(let dialect) = format else {
      for index in files.indices { try files[index].append(rows.texts[index]) }
      return
    }
    if case .spreadsheet = dialect, rowsInPart + rows.rowCount > CSVRows.rowsPerSpreadsheetPart {
      try appendAcrossParts(rows)
    } else {
      try appendToPart(rows.texts[0], rows: rows.rowCount)
    }
  }

  /// Leaves rows out of the published table: ordinals, from 0, over everything appended. In any order, best few.
  package mutating func omit(rows: Range<Int>) {
    if !rows.isEmpty { omitted.append(rows) }
  }

  /// Completes the output. Omitted rows cost a second pass over it; the result is as if they had never been appended.
  package consuming func finish() throws(TextTablesError) -> TableSummary {
    let gaps = Self.merged(omitted)
    precondition(gaps.last.map { $0.upperBound <= rowCount } ?? true, "only rows that were appended can be omitted")
    switch format {
    case .csv where gaps.isEmpty:
      try closePart()
      return TableSummary(rows: rowCount, files: finished, cuts: cuts)
    case .csv:
      return try finishRewriting(without: gaps)
    case .columnar(let compress):
      return try finishColumns(without: gaps, compress: compress)
    }
  }

  // MARK: CSV

  private mutating func openPart() throws(TextTablesError) {
    guard case .csv(let dialect) = format else { return }
    let path = CSVRows.path(file, part: finished.count + 1)
    files = [try BufferedFile(creating: path, in: place, checksum: options.checksums)]
    try files[0].append(CSVRows.header(of: columns, dialect: dialect))
    rowsInPart = 0
    pieces.append([])
  }

  private mutating func appendToPart(_ text: [UInt8], rows: Int) throws(TextTablesError) {
    try files[0].append(text)
    rowsInPart += rows
    let part = pieces.count - 1
    if let last = pieces[part].last, last.bytes < TableWriter.leastPiece {
      pieces[part][pieces[part].count - 1] = (last.rows + rows, last.bytes + text.count)
    } else {
      pieces[part].append((rows, text.count))
    }
  }

  private mutating func closePart() throws(TextTablesError) {
    finished.append(try files[0].finish(rows: rowsInPart))
    files = []
  }

  private mutating func appendAcrossParts(_ rows: RenderedRows) throws(TextTablesError) {
    var row = 0
    while row < rows.rowCount {
      if rowsInPart == CSVRows.rowsPerSpreadsheetPart {
        try closePart()
        try openPart()
      }
      let next = min(rows.rowCount, row + CSVRows.rowsPerSpreadsheetPart - rowsInPart)
      let start = row == 0 ? 0 : rows.rowEnds[row - 1]
      try appendToPart(Array(rows.texts[0][start..<rows.rowEnds[next - 1]]), rows: next - row)
      row = next
    }
  }

  /// Moves the written parts aside and writes them again without some rows, so that every part is full but the last.
  private mutating func finishRewriting(without gaps: [Range<Int>]) throws(TextTablesError) -> TableSummary {
    guard case .csv(let dialect) = format else { return TableSummary(rows: 0, files: []) }
    try closePart()
    let header = CSVRows.header(of: columns, dialect: dialect).count
    let asides = finished.map { "\(place.path)/\($0.path).whole" }
    for (part, aside) in zip(finished, asides) { try SystemCalls.rename("\(place.path)/\(part.path)", to: aside) }
    var writer = try TableWriter(
      schema: schema, columns: columns, format: format, file: file, place: place, options: options)
    var row = 0
    for (pieces, aside) in zip(pieces, asides) {
      let reader = try PieceReader(aside)
      _ = try reader.next(header)
      for piece in pieces {
        let range = row..<row + piece.rows
        row = range.upperBound
        let local = RenderedRows.ranges(gaps, within: range)
        let text = try reader.next(piece.bytes)
        // Where parts may have to be cut anew, too, the ends of the rows are needed.
        let ends = local.isEmpty && dialect == .machine ? [] : try reader.ends(of: text, rows: piece.rows)
        let rows = RenderedRows(rowCount: piece.rows, texts: [text], rowEnds: ends)
        try writer.append(local.isEmpty ? rows : rows.removing(rows: local))
      }
      try reader.finish()
      try SystemCalls.removeFile(aside)
    }
    var summary = try writer.finish()
    summary.cuts = RenderedRows.cuts(cuts, without: gaps)
    return summary
  }

  // MARK: Columnar text

  private mutating func finishColumns(
    without gaps: [Range<Int>], compress: Bool
  ) throws(TextTablesError) -> TableSummary {
    let written = rowCount
    let expected = written - gaps.reduce(0) { $0 + $1.count }
    var described: [ColumnFile] = []
    for index in files.indices {
      _ = try files[index].finish(rows: written)
      let column = ColumnFile(column: columns[index], index: index, folder: file)
      described.append(
        try column.completed(
          in: place, without: gaps, compressor: compress ? options.compressor : nil, checksum: options.checksums))
      guard described[index].statistics.rows == expected else {
        throw .damaged(
          path: files[index].path,
          reason: "\(described[index].statistics.rows) lines were read back instead of \(expected)")
      }
    }
    files = []
    var summaries = described.map(\.summary)
    let folder = ColumnarFolder(schema: schema, columns: described, isCompressed: compress)
    for (name, bytes) in folder.documents() {
      var document = try BufferedFile(creating: "\(file)/\(name)", in: place, checksum: options.checksums)
      defer { document.abandon() }
      try document.append(bytes)
      summaries.append(try document.finish(rows: 0))
    }
    return TableSummary(rows: expected, files: summaries)
  }

  /// Ascending ranges without overlap.
  private static func merged(_ ranges: [Range<Int>]) -> [Range<Int>] {
    var merged: [Range<Int>] = []
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = merged.last, range.lowerBound <= last.upperBound {
        merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        merged.append(range)
      }
    }
    return merged
  }
}
