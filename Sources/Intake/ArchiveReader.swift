package import CallModel

/// A piece of an archive's text that consists of whole lines, cut so that it can be decoded on its own.
package struct Chunk: Sendable {
  /// What the lines of a chunk are.
  package enum Kind: Sendable {
    case lines
    /// Like `lines`, but the last one was cut off by the end of a damaged archive.
    case linesLastTorn
    /// The head of a line that is longer than `limits.line`; the rest of it was skipped.
    case headOfLongLine
    /// The archive holds gzip inside gzip; the text is not handed out.
    case nestedGzip
  }

  /// Text in `bytes[..<count]`, a line feed that ends any scan, then bytes that belong to nobody, so that words can be
  /// read up to the end.
  package var bytes: [UInt8] = []
  package var count = 0
  package var kind = Kind.lines
  /// The lines to be decoded; nil for all of them.
  package internal(set) var chosen: ChosenLines?

  static let padding = 64

  /// A chunk to read into, again and again.
  package init() {}
}

/// One archive read from start to end in chunks of whole lines.
///
/// A rolling buffer carries the unfinished last line from one chunk to the next: a chunk is filled behind that remainder,
/// cut after its last line feed, and what follows becomes the next remainder.
package struct ArchiveReader: ~Copyable {
  /// Text bytes a chunk aims at where the caller does not say; only a longer line makes a larger one.
  package static let usualChunkSize = 1 << 19
  private static let headOfLongLine = 4096

  private let path: String
  private let limits: IntakeLimits
  private let chunkSize: Int
  private var text: GzipText
  private var remainder: [UInt8] = []
  private var isSkippingLine = false
  private var hasToldOfGzip = false
  private var textBytes: Int64 = 0

  /// `chunkSize`, at least 1, decides how the text is cut and never what is read from it. An archive that has been read
  /// before in the same run needs no check of its CRCs again; then the summary has none.
  package init(
    path: String, limits: IntakeLimits, chunkSize: Int = ArchiveReader.usualChunkSize, isChecked: Bool = true
  ) throws(IntakeError) {
    self.path = path
    self.limits = limits
    self.chunkSize = chunkSize
    text = try GzipText(path: path, isChecked: isChecked)
  }

  /// The facts of the archive; final once `nextChunk` has returned false.
  package var summary: ArchiveSummary {
    var summary = ArchiveSummary()
    summary.bytes = text.bytesRead
    summary.crc = text.fileCRC
    summary.textBytes = textBytes
    summary.members = text.members
    summary.condition = text.condition
    summary.fault = text.fault
    return summary
  }

  /// Compressed bytes read so far, for progress.
  package var bytesRead: Int64 { text.bytesRead }

  /// Puts the next chunk in the place of an earlier one, whose memory it takes; false at the end.
  package mutating func nextChunk(into chunk: inout Chunk) throws(IntakeError) -> Bool {
    // Moved, not copied: a second reference would make every write copy the whole buffer.
    var buffer: [UInt8] = []
    swap(&buffer, &chunk.bytes)
    let found = try fill(&buffer)
    if found == nil, path == ArchiveList.standardInput, text.condition == .empty { throw .standardInputIsEmpty }
    if let found {
      buffer[found.count] = 0x0a
      (chunk.count, chunk.kind) = found
    }
    swap(&buffer, &chunk.bytes)
    return found != nil
  }

  private mutating func fill(_ buffer: inout [UInt8]) throws(IntakeError) -> (count: Int, kind: Chunk.Kind)? {
    let wanted = chunkSize + Chunk.padding
    if buffer.count < wanted || buffer.count > 4 * wanted { buffer = zeroedBytes(wanted) }
    if isSkippingLine, try !skipRestOfLine(&buffer) { return tellOfGzip() }

    var filled = remainder.count
    if filled + chunkSize / 2 + Chunk.padding > buffer.count { buffer = zeroedBytes(filled * 2 + wanted) }
    for index in remainder.indices { buffer[index] = remainder[index] }
    remainder.removeAll(keepingCapacity: true)
    while true {
      let more = try read(into: &buffer, at: &filled)
      if !more {
        guard filled > 0 else { return tellOfGzip() }
        let isTorn = text.isTorn && buffer[filled - 1] != 0x0a
        return (filled, isTorn ? .linesLastTorn : .lines)
      }
      if let end = endOfLastLine(buffer, filled) {
        remainder.append(contentsOf: buffer[end..<filled])
        return (end, .lines)
      }
      // A carriage return before the line feed is no part of the line.
      if filled > limits.line + 1 {
        isSkippingLine = true
        return (min(filled, ArchiveReader.headOfLongLine), .headOfLongLine)
      }
      buffer.append(contentsOf: zeroedBytes(buffer.count))
    }
  }

  /// What follows the last line: once, that a member holds gzip, if one does.
  private mutating func tellOfGzip() -> (count: Int, kind: Chunk.Kind)? {
    guard text.holdsGzip, !hasToldOfGzip else { return nil }
    hasToldOfGzip = true
    return (0, .nestedGzip)
  }

  /// The offset just after the last line feed of `buffer[..<count]`, or nil.
  private func endOfLastLine(_ buffer: borrowing [UInt8], _ count: Int) -> Int? {
    var end = count
    while end > 0, buffer[end - 1] != 0x0a { end -= 1 }
    return end > 0 ? end : nil
  }

  /// Fills the buffer up to its padding; false when the archive has ended.
  private mutating func read(into buffer: inout [UInt8], at filled: inout Int) throws(IntakeError) -> Bool {
    let before = filled
    // The inflater fills a whole array, so the padding is taken off for the call and put back: both are moves of a length.
    buffer.removeLast(Chunk.padding)
    let more = try text.read(into: &buffer, at: &filled)
    buffer.append(contentsOf: repeatElement(0, count: Chunk.padding))
    textBytes += Int64(filled - before)
    guard textBytes <= limits.archive else { throw .archiveTooLarge(path: path, limit: limits.archive) }
    return more
  }

  /// Drops text up to and with the next line feed; false when the archive ends first.
  private mutating func skipRestOfLine(_ buffer: inout [UInt8]) throws(IntakeError) -> Bool {
    remainder.removeAll(keepingCapacity: true)
    while true {
      var filled = 0
      let more = try read(into: &buffer, at: &filled)
      let end = lineFeed(in: buffer.span, from: 0, to: filled)
      if end < filled {
        isSkippingLine = false
        remainder.append(contentsOf: buffer[(end + 1)..<filled])
        return true
      }
      if !more { return false }
    }
  }
}

/// What of an archive may be how large; a file from outside must not decide how much memory a run takes.
package struct IntakeLimits: Equatable, Sendable {
  /// Bytes of one line: 1 to 1 GiB.
  package var line: Int
  /// Nesting of one line's JSON, 1 to 1,024; the event itself is level 1.
  package var depth: Int
  /// Bytes of one archive's inflated text.
  package var archive: Int64

  package init(line: Int = 16 << 20, depth: Int = 128, archive: Int64 = 64 << 30) {
    self.line = line
    self.depth = depth
    self.archive = archive
  }
}

/// What an archive turned out to be as a file.
package struct ArchiveSummary: Sendable {
  /// Bytes of the file.
  package var bytes: Int64 = 0
  /// CRC-32 of the file's bytes.
  package var crc: UInt32 = 0
  /// Bytes of its inflated text.
  package var textBytes: Int64 = 0
  /// gzip members; 0 for plain text.
  package var members = 0
  package var condition = ArchiveCondition.whole
  /// What is wrong, as a sentence that goes on from the archive's path.
  package var fault: String?
  /// Whether data was lost or cannot be trusted.
  package private(set) var isDamaged = false

  package init() {}

  /// Decides whether the archive is damaged, now that its lines are known.
  ///
  /// What is named .gz and is no gzip may be plain text; where every line of it was rejected, it is not even that.
  package mutating func judge(lines: Int, rejected: Int) {
    isDamaged = condition.isDamaged
    if condition == .notGzip, lines > 0, rejected == lines {
      isDamaged = true
      fault = "is named .gz and is no gzip; read as plain text, none of its lines is an event"
    }
  }
}
