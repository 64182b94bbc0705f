import CallModel

/// The text of one archive as a stream: gzip of any number of members (RFC 1952), or plain bytes.
///
/// The framing of members is done here and not by the inflater, because the books want to know more than whether a file
/// is valid: how many members, cut off where, wrong in which way, and what stands behind the last one. All text that can
/// be had is handed out; what was wrong is in `condition` and `fault` at the end.
struct GzipText: ~Copyable {
  private enum Phase { case start, header, deflate, trailer, betweenMembers, plain, ended }

  private static let inputSize = 256 * 1024

  private let path: String
  private let file: InputFile
  private let opened: FileStatus
  private var inflater: Inflater
  private var phase = Phase.start

  /// `input[position..<limit]` has been read from the file and not yet been used.
  private var input = zeroedBytes(GzipText.inputSize)
  private var position = 0
  private var limit = 0
  private var sawEnd = false

  /// Whether the inflater stopped for want of space, so that it may hold text which needs no more input.
  private var mayHoldText = false
  private var memberCheck = GzipCheck()
  private var memberSize: UInt32 = 0

  /// Bytes read from the file so far.
  private(set) var bytesRead: Int64 = 0
  /// CRC-32 of the file's bytes as they stand.
  var fileCRC: UInt32 { fileCheck.value }
  private var fileCheck = GzipCheck()
  /// Whether CRCs are computed and held against the trailers.
  private let isChecked: Bool
  /// Members whose header was whole.
  private(set) var members = 0
  private(set) var condition = ArchiveCondition.whole
  /// One sentence about what is wrong, without the path.
  private(set) var fault: String?
  /// Whether the text stopped where more was to come, so that a last line without line feed is torn.
  private(set) var isTorn = false
  /// Whether a member turned out to hold gzip, which is not handed out.
  private(set) var holdsGzip = false

  /// `isChecked` may be false for an archive that has been read before in this run.
  init(path: String, isChecked: Bool = true) throws(IntakeError) {
    let file = try GzipText.open(path)
    let opened: FileStatus
    do throws(ErrorNumber) {
      opened = try file.status()
    } catch {
      throw .opening(path, error)
    }
    if path != ArchiveList.standardInput { try opened.requireFile(path) }
    self.path = path
    self.isChecked = isChecked
    self.file = file
    self.opened = opened
    inflater = Inflater()
  }

  private static func open(_ path: String) throws(IntakeError) -> InputFile {
    do throws(ErrorNumber) {
      return try InputFile(path: path == ArchiveList.standardInput ? nil : path)
    } catch {
      throw .opening(path, error)
    }
  }

  var hasEnded: Bool { phase == .ended }

  /// Adds text to `output` from `filled` on until it is full or the archive ends; true when more may come.
  mutating func read(into output: inout [UInt8], at filled: inout Int) throws(IntakeError) -> Bool {
    while filled < output.count {
      switch phase {
      case .start: try begin()
      case .header: try readHeader()
      case .deflate: try inflate(into: &output, at: &filled)
      case .trailer: try readTrailer()
      case .betweenMembers: try findNextMember()
      case .plain: try copyPlain(into: &output, at: &filled)
      case .ended: return false
      }
    }
    return phase != .ended
  }

  // MARK: Phases

  private mutating func begin() throws(IntakeError) {
    while limit < 2, try refill() {}
    if limit == 0 {
      condition = .empty
      try end()
    } else if limit >= 2, input[0] == 0x1f, input[1] == 0x8b {
      phase = .header
    } else if limit == 1, input[0] == 0x1f {
      try stopInsideHeader()
    } else {
      phase = .plain
      if path.hasSuffix(".gz") { note(.notGzip, "is named .gz and holds plain text") }
    }
  }

  private mutating func readHeader() throws(IntakeError) {
    var fixed: [UInt8] = []
    while fixed.count < 10, let byte = try nextByte() { fixed.append(byte) }
    guard fixed.count == 10 else { return try stopInsideHeader() }
    let flags = fixed[3]
    guard fixed[2] == 8, flags & 0xe0 == 0 else {
      isTorn = true
      return try stop(.corrupt, "has a gzip header of an unknown kind in member \(members + 1)")
    }
    var skipped = true
    if flags & 0x04 != 0 {
      guard let low = try nextByte(), let high = try nextByte() else {
        return try stopInsideHeader()
      }
      for _ in 0..<(Int(low) | Int(high) << 8) where skipped { skipped = try nextByte() != nil }
    }
    for flag: UInt8 in [0x08, 0x10] where flags & flag != 0 && skipped { skipped = try skipPastZero() }
    for _ in 0..<(flags & 0x02 != 0 ? 2 : 0) where skipped { skipped = try nextByte() != nil }
    guard skipped else { return try stopInsideHeader() }
    members += 1
    memberCheck.reset()
    memberSize = 0
    inflater.reset()
    phase = .deflate
  }

  private mutating func inflate(into output: inout [UInt8], at filled: inout Int) throws(IntakeError) {
    if position == limit, !mayHoldText, try !refill() {
      isTorn = true
      return try stop(.truncated, "is cut off inside member \(members)")
    }
    let start = filled
    let outcome = inflater.inflate(input, from: &position, to: limit, into: &output, at: &filled)
    if isChecked { memberCheck.update(output, start..<filled) }
    let isHead = memberSize < 3
    memberSize &+= UInt32(truncatingIfNeeded: filled - start)
    if isHead, let head = headOfGzip(in: output, filled) {
      filled = head
      (isTorn, holdsGzip) = (true, true)
      return try stop(.corrupt, "holds gzip inside gzip; unpack it once and run again")
    }
    mayHoldText = outcome == .outputFull
    switch outcome {
    case .inputUsedUp, .outputFull: break
    case .finished: phase = .trailer
    case .invalid:
      isTorn = true
      try stop(.corrupt, "holds invalid compressed data in member \(members), before byte \(bytesUsed)")
    }
  }

  /// Where the member's text begins in `output[..<filled]` if it is gzip itself; its first bytes have been read last.
  ///
  /// No text of events begins so, nor can it in the middle of a line, since JSON holds no byte 1F.
  private func headOfGzip(in output: borrowing [UInt8], _ filled: Int) -> Int? {
    let head = filled - Int(memberSize)
    guard memberSize >= 3, head >= 0, output[head] == 0x1f, output[head + 1] == 0x8b, output[head + 2] == 8 else {
      return nil
    }
    return head
  }

  private mutating func readTrailer() throws(IntakeError) {
    var stored: [UInt32] = []
    while stored.count < 2 {
      var word: UInt32 = 0
      for shift: UInt32 in [0, 8, 16, 24] {
        guard let byte = try nextByte() else {
          return try stop(.truncated, "ends inside the trailer of member \(members)")
        }
        word |= UInt32(byte) << shift
      }
      stored.append(word)
    }
    if isChecked, stored[0] != memberCheck.value {
      note(.corrupt, "fails its CRC check in member \(members)")
    } else if stored[1] != memberSize {
      note(.corrupt, "fails its length check in member \(members)")
    }
    phase = .betweenMembers
  }

  /// Behind a member may stand another, zeros (padding, ignored as gzip does), or something that belongs to no archive.
  private mutating func findNextMember() throws(IntakeError) {
    while let byte = try peekByte() {
      if byte == 0 {
        position += 1
        continue
      }
      while limit - position < 2, try refill() {}
      if byte == 0x1f, limit - position < 2 { return try stopInsideHeader() }
      if byte == 0x1f, input[position + 1] == 0x8b {
        phase = .header
        return
      }
      return try stop(
        .trailingGarbage, "has bytes behind its last member that are no gzip data, from byte \(bytesUsed)")
    }
    try end()
  }

  private mutating func copyPlain(into output: inout [UInt8], at filled: inout Int) throws(IntakeError) {
    if position == limit, try !refill() { return try end() }
    let count = min(limit - position, output.count - filled)
    output.replaceSubrange(filled..<(filled + count), with: input[position..<(position + count)])
    filled += count
    position += count
  }

  // MARK: Input

  private var bytesUsed: Int64 { bytesRead - Int64(limit - position) }

  /// Reads more of the file behind what is unused; false at its end.
  private mutating func refill() throws(IntakeError) -> Bool {
    if sawEnd { return false }
    if position > 0 {
      let unused = limit - position
      for index in 0..<unused { input[index] = input[position + index] }
      (position, limit) = (0, unused)
    }
    let count: Int
    do throws(ErrorNumber) {
      count = try file.read(into: &input, from: limit)
    } catch {
      throw .cannotRead(path: path, byte: bytesRead, reason: error.description)
    }
    if isChecked { fileCheck.update(input, limit..<(limit + count)) }
    bytesRead += Int64(count)
    limit += count
    sawEnd = count == 0
    return count > 0
  }

  private mutating func peekByte() throws(IntakeError) -> UInt8? {
    if position == limit, try !refill() { return nil }
    return input[position]
  }

  private mutating func nextByte() throws(IntakeError) -> UInt8? {
    guard let byte = try peekByte() else { return nil }
    position += 1
    return byte
  }

  private mutating func skipPastZero() throws(IntakeError) -> Bool {
    while let byte = try nextByte() {
      if byte == 0 { return true }
    }
    return false
  }

  // MARK: Ending

  /// Keeps the first fault's sentence; a corrupt archive stays corrupt whatever follows.
  private mutating func note(_ found: ArchiveCondition, _ sentence: String) {
    if fault == nil { fault = sentence }
    if condition != .corrupt { condition = found }
  }

  private mutating func stop(_ found: ArchiveCondition, _ sentence: String) throws(IntakeError) {
    note(found, sentence)
    try end()
  }

  /// A line that the member before left open was to go on behind this header.
  private mutating func stopInsideHeader() throws(IntakeError) {
    isTorn = true
    try stop(.truncated, "ends inside a gzip header")
  }

  /// Counts and checks the rest of the file, so that size, CRC and the check for changes cover all of it.
  private mutating func end() throws(IntakeError) {
    position = limit
    while try refill() { position = limit }
    phase = .ended
    guard path != ArchiveList.standardInput else { return }
    let closing: FileStatus
    do throws(ErrorNumber) {
      closing = try file.status()
    } catch {
      throw .cannotRead(path: path, byte: bytesRead, reason: error.description)
    }
    guard closing == opened, bytesRead == opened.size else { throw .changedWhileRead(path: path) }
  }
}
