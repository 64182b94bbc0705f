package import CallModel

/// Turns chunks of lines into batches of events; one decoder for each task, since it keeps scratch memory.
///
/// A line is read once. Its members are noted as ranges (`fields`), transcripts are noted turn by turn as they are passed,
/// and when the closing brace is reached the event's name says how to read what was noted.
package struct EventDecoder: Sendable {
  let limits: IntakeLimits
  /// The zone of the provider's clock, for times that come with an offset of their own.
  let zone: ZoneRules
  let names = WordTable(EventField.allCases.map(\.name))
  let guesses = QuotedNames(EventField.allCases.map(\.name))
  let kinds = WordTable(EventKind.allCases.map(\.name))
  let documented = EventKind.allCases.map(EventField.documented)

  /// Values of the members in `seen`, by field.
  var fields = [JSONValue](repeating: JSONValue(), count: 64)
  /// The member that last followed another in an event of the same kind. The provider writes members in a fixed order,
  /// so a name is mostly compared with one guess instead of being scanned and looked up.
  private var successors = [UInt8](repeating: 0, count: 8 * 64)
  /// One bit for each member of the line, by field.
  var seen: UInt64 = 0
  /// The members whose value is a string without escapes, whose bytes are its text.
  var plain: UInt64 = 0
  /// The members whose value is neither such a string nor null.
  var odd: UInt64 = 0
  /// Where the batch's shared blocks are looked for, and the number of the batch.
  var agents = BlockPlaces()
  var outcomes = BlockPlaces()
  var batchNumber: UInt32 = 0
  /// Names and values of the line's members that no event is known to have.
  var strangers: [(name: JSONValue, value: JSONValue)] = []
  var recentDay = RecentDay()
  /// Text of a string that had escapes, while it is being copied.
  var scratch: [UInt8] = []
  var drift = DriftLedger()
  /// The line being decoded, within its chunk, from 1.
  var line: UInt32 = 0

  package init(limits: IntakeLimits, zone: ZoneRules) {
    self.limits = limits
    self.zone = zone
  }

  /// Decodes every line of a chunk, or those chosen, into `batch`, which must be empty.
  package mutating func decode(_ chunk: borrowing Chunk, into batch: inout EventBatch) {
    let bytes = chunk.bytes.span
    line = 0
    batchNumber &+= 1
    if let chosen = chunk.chosen {
      decodeLines(chosen, bytes, count: chunk.count, lastIsTorn: chunk.kind == .linesLastTorn, into: &batch)
      return drift.move(to: &batch.drift)
    }
    switch chunk.kind {
    case .nestedGzip:
      batch.lines = 1
      batch.rejects.append(
        Reject(line: 1, code: .nestedGzip, message: "The archive holds gzip inside gzip; unpack it once.", raw: []))
    case .headOfLongLine:
      batch.lines = 1
      line = 1
      reject(.lineTooLong, tooLong, bytes, 0..<chunk.count, &batch)
    case .lines, .linesLastTorn:
      decodeLines(bytes, count: chunk.count, lastIsTorn: chunk.kind == .linesLastTorn, into: &batch)
    }
    batch.lines = max(batch.lines, Int(line))
    drift.move(to: &batch.drift)
  }

  private mutating func decodeLines(_ bytes: Span<UInt8>, count: Int, lastIsTorn: Bool, into batch: inout EventBatch) {
    var start = 0
    while start < count {
      let end = lineFeed(in: bytes, from: start, to: count)
      line &+= 1
      judgeLine(bytes, start, end, isTorn: lastIsTorn && end == count, &batch)
      start = end &+ 1
    }
  }

  private mutating func decodeLines(
    _ chosen: ChosenLines, _ bytes: Span<UInt8>, count: Int, lastIsTorn: Bool, into batch: inout EventBatch
  ) {
    for chosen in chosen.lines {
      line = chosen.number
      let range = chosen.range
      judgeLine(
        bytes, range.lowerBound, range.upperBound, isTorn: lastIsTorn && range.upperBound == count, &batch)
    }
    batch.lines = chosen.count
  }

  /// Decodes a line unless its mere length or end says that it is no event.
  @inline(__always)
  private mutating func judgeLine(
    _ bytes: Span<UInt8>, _ start: Int, _ end: Int, isTorn: Bool, _ batch: inout EventBatch
  ) {
    if isTorn {
      reject(.truncatedLine, "The archive ends inside this line.", bytes, start..<end, &batch)
    } else if end &- start > limits.line, end &- start > limits.line &+ 1 || bytes[end &- 1] != 0x0d {
      reject(.lineTooLong, tooLong, bytes, start..<min(end, start + 4096), &batch)
    } else {
      decodeLine(bytes, start, end, &batch)
    }
  }

  private var tooLong: String {
    "The line is longer than limits.line (\(limits.line) bytes): only its head was kept, and rejects.jsonl.gz lacks it."
  }

  private mutating func decodeLine(_ bytes: Span<UInt8>, _ start: Int, _ lineEnd: Int, _ batch: inout EventBatch) {
    var end = lineEnd
    if end > start, bytes[end &- 1] == 0x0d { end &-= 1 }
    var cursor = JSONCursor(from: start, to: end, maximumDepth: limits.depth)
    let hasMark = end &- start >= 3 && bytes[start] == 0xef && bytes[start &+ 1] == 0xbb && bytes[start &+ 2] == 0xbf
    if hasMark { cursor.position &+= 3 }
    cursor.skipSpace(bytes)
    if cursor.position == end {
      batch.blankLines &+= 1
      return
    }
    let (turns, arena) = (batch.turns.count, batch.arena.count)
    let content = cursor.position
    do throws(LineRefusal) {
      do throws(JSONFault) {
        try readMembers(bytes, &cursor, &batch)
      } catch {
        throw .refused(error.rejectCode, error.sentence(lineStart: start))
      }
      try readEvent(
        bytes, ByteRange(start, lineEnd), content: content..<end, firstTurn: turns, &batch)
      commitDrift(bytes)
    } catch {
      batch.turns.removeLast(batch.turns.count - turns)
      batch.arena.removeLast(batch.arena.count - arena)
      switch error {
      case .unknownEvent:
        commitDrift(bytes)
        batch.ignoredLines &+= 1
      case .refused(let code, let message):
        drift.forgetLine()
        reject(code, message, bytes, start..<lineEnd, &batch)
      }
    }
  }

  /// Counts what the line showed; only now is its event's name known for certain.
  private mutating func commitDrift(_ bytes: Span<UInt8>) {
    guard drift.hasSightings else { return }
    let name = fields[Int(EventField.event.rawValue)]
    if name.hasEscapes {
      drift.commitLine(line, event: utf8(bytes, name).span)
    } else {
      drift.commitLine(line, event: bytes.extracting(name.range))
    }
  }

  /// One pass over the line's object: notes where the members stand and reads transcripts as they pass.
  private mutating func readMembers(
    _ bytes: Span<UInt8>, _ cursor: inout JSONCursor, _ batch: inout EventBatch
  ) throws(JSONFault) {
    (seen, plain, odd) = (0, 0, 0)
    strangers.removeAll(keepingCapacity: true)
    guard cursor.byte(bytes) == UInt8(ascii: "{") else {
      let start = cursor.position
      try cursor.validate(bytes)
      throw JSONFault(code: .notAnObject, offset: start)
    }
    if try cursor.open(UInt8(ascii: "{"), UInt8(ascii: "}"), bytes) {
      // Lent apart from the decoder, so that noting a member does not ask each time who else refers to them.
      var known: [JSONValue] = []
      swap(&known, &fields)
      defer { swap(&known, &fields) }
      var values = known.mutableSpan
      // Which member came last, and of which kind of event as far as that is known.
      var context = EventDecoder.noMember
      repeat {
        let start = cursor.position
        let guess = successors[context]
        let length = guesses.length(of: guess, bytes, at: start)
        var place: UInt8? = guess
        if length > 0 {
          // Mostly a plain string, and another member right behind it.
          if let value = JSONCursor.stringBeforeMember(bytes, at: start &+ length) {
            try note(guess, value, at: start, in: &values)
            cursor.position = Int(value.end) &+ 2
            context = EventDecoder.context(context, behind: guess, value, bytes)
            continue
          }
          cursor.position = start &+ length
          cursor.skipSpace(bytes)
        } else {
          let name = try cursor.key(bytes)
          place =
            name.hasEscapes ? escapedField(bytes, name) : names.find(bytes, at: Int(name.start), count: name.count)
          if let place {
            successors[context] = place
          } else {
            try addStranger(bytes, name, try cursor.value(bytes, depth: 2))
          }
        }
        if let place {
          let value = try readMember(place, bytes, start, &cursor, &batch)
          try note(place, value, at: start, in: &values)
          context = EventDecoder.context(context, behind: place, value, bytes)
        }
        guard try cursor.next(UInt8(ascii: "}"), bytes) else { break }
      } while true
    }
    try cursor.expectEnd(bytes)
    try checkManyStrangers(bytes)
  }

  static let noMember = 63

  /// The context behind a member, which the member `event` gives the kind of event: eight values, as the upper bits,
  /// that tell the six events apart well enough to guess the order of their members.
  @inline(__always)
  private static func context(_ context: Int, behind place: UInt8, _ value: JSONValue, _ bytes: Span<UInt8>) -> Int {
    guard place == EventField.event.rawValue else { return context & ~63 | Int(place) }
    guard value.count > 6 else { return Int(place) }
    return ((Int(bytes[Int(value.start) &+ 6] &>> 1) ^ value.count) & 7) &<< 6 | Int(place)
  }

  /// Reads the value of a known member whose name begins at `start`.
  @inline(__always)
  private mutating func readMember(
    _ place: UInt8, _ bytes: Span<UInt8>, _ start: Int, _ cursor: inout JSONCursor, _ batch: inout EventBatch
  ) throws(JSONFault) -> JSONValue {
    guard seen & 1 &<< UInt64(place) == 0 else { throw JSONFault(code: .duplicateName, offset: start) }
    guard place == EventField.transcripts.rawValue, cursor.byte(bytes) == UInt8(ascii: "["), limits.depth >= 3 else {
      return try cursor.value(bytes, depth: 2)
    }
    return try readTranscript(bytes, &cursor, &batch)
  }

  /// Notes the value of a member whose name begins at `start`.
  @inline(__always)
  private mutating func note(
    _ place: UInt8, _ value: JSONValue, at start: Int, in values: inout MutableSpan<JSONValue>
  ) throws(JSONFault) {
    let bit: UInt64 = 1 &<< UInt64(place)
    guard seen & bit == 0 else { throw JSONFault(code: .duplicateName, offset: start) }
    seen |= bit
    values[Int(place & 63)] = value
    if value.type == .string, !value.hasEscapes { plain |= bit } else if value.type != .null { odd |= bit }
  }

  /// The field that a name with escapes stands for, such as `"\u0065vent"`.
  private mutating func escapedField(_ bytes: Span<UInt8>, _ name: JSONValue) -> UInt8? {
    scratch.removeAll(keepingCapacity: true)
    appendUnescaped(bytes, name.range, to: &scratch)
    let text = scratch
    return EventField.allCases.first { text.elementsEqual($0.name.utf8) }?.rawValue
  }

  private func duplicateName(_ name: JSONValue) -> JSONFault {
    JSONFault(code: .duplicateName, offset: Int(name.start) - 1)
  }

  /// Notes a member that no event is known to have, unless the line already has one of its name.
  private mutating func addStranger(_ bytes: Span<UInt8>, _ name: JSONValue, _ value: JSONValue) throws(JSONFault) {
    if strangers.count < EventDecoder.fewStrangers {
      for other in strangers where sameText(bytes, other.name, name) { throw duplicateName(name) }
    }
    strangers.append((name, value))
  }

  /// With many strangers the search for a name that comes twice is left to a set, so that no line can be slow.
  private mutating func checkManyStrangers(_ bytes: Span<UInt8>) throws(JSONFault) {
    guard strangers.count > EventDecoder.fewStrangers else { return }
    var known: Set<[UInt8]> = []
    for stranger in strangers where !known.insert(utf8(bytes, stranger.name)).inserted {
      throw duplicateName(stranger.name)
    }
  }

  private static let fewStrangers = 32

  /// Names are compared byte by byte: to Unicode an accented letter equals its decomposed form, to JSON it does not.
  private func sameText(_ bytes: Span<UInt8>, _ left: JSONValue, _ right: JSONValue) -> Bool {
    if left.hasEscapes || right.hasEscapes { return utf8(bytes, left) == utf8(bytes, right) }
    return sameBytes(bytes.extracting(left.range), bytes.extracting(right.range))
  }

  /// A string's text, or any other value's JSON.
  func text(_ bytes: Span<UInt8>, _ value: JSONValue) -> String {
    String(decoding: utf8(bytes, value), as: UTF8.self)
  }

  private func utf8(_ bytes: Span<UInt8>, _ value: JSONValue) -> [UInt8] {
    var text: [UInt8] = []
    if value.hasEscapes {
      appendUnescaped(bytes, value.range, to: &text)
    } else {
      text.append(copying: bytes.extracting(value.range))
    }
    return text
  }

  private func reject(
    _ code: RejectCode, _ message: String, _ bytes: Span<UInt8>, _ range: Range<Int>, _ batch: inout EventBatch
  ) {
    var raw: [UInt8] = []
    raw.append(copying: bytes.extracting(range))
    if raw.last == 0x0d { raw.removeLast() }
    batch.rejects.append(Reject(line: line, code: code, message: message, raw: raw))
  }
}
