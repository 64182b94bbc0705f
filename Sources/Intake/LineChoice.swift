import CallModel

/// Which lines of an archive are decoded. The others are only counted, so that every line keeps its number.
package enum LineChoice: Sendable {
  /// Those that may hold one of some texts as a member's value; see `TextSearch`.
  case holding([TextSearch])
  /// Those with these numbers, which count from 1 and ascend.
  case numbered([UInt32])
}

/// The lines of one chunk that a choice means.
package struct ChosenLines: Sendable {
  package struct Line: Sendable {
    /// Within the chunk, from 1.
    package var number: UInt32
    /// Without the line feed.
    package var range: Range<Int>
  }

  /// Lines of the archive before the chunk.
  package var firstLine: UInt32 = 0
  /// Lines of the chunk, of every kind.
  package var count = 0
  package var lines: [Line] = []
}

extension Chunk {
  /// Lines of an archive by themselves, without their line feeds, as if they were the chosen ones of a single chunk that
  /// holds it all. The numbers count from 1 and ascend.
  package init(choosing lines: some Sequence<(number: UInt32, text: ArraySlice<UInt8>)>) {
    var chosen = ChosenLines()
    for line in lines {
      let start = bytes.count
      bytes.append(contentsOf: line.text)
      chosen.lines.append(.init(number: line.number, range: start..<bytes.count))
      chosen.count = Int(line.number)
      bytes.append(0x0a)
    }
    count = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: Chunk.padding))
    self.chosen = chosen
  }
}

/// Picks the chosen lines out of the chunks of one archive, which come in their order.
package struct LinePicker: Sendable {
  private let choice: LineChoice
  private var linesBefore: UInt32 = 0
  /// The first of the wanted numbers that has not been passed.
  private var nextNumber = 0

  package init(_ choice: LineChoice) { self.choice = choice }

  /// Whether no line of the rest of the archive is wanted.
  package var isDone: Bool {
    if case .numbered(let numbers) = choice { nextNumber == numbers.count } else { false }
  }

  /// Sets the chosen lines of the archive's next chunk.
  package mutating func pick(in chunk: inout Chunk) {
    var chosen = ChosenLines()
    chosen.firstLine = linesBefore
    switch chunk.kind {
    case .headOfLongLine, .nestedGzip: chosen.count = 1
    case .lines, .linesLastTorn:
      switch choice {
      case .holding(let searches): pick(searches, chunk.bytes.span, chunk.count, &chosen)
      case .numbered(let numbers): pick(numbers, chunk.bytes.span, chunk.count, &chosen)
      }
    }
    linesBefore &+= UInt32(truncatingIfNeeded: chosen.count)
    chunk.chosen = chosen
  }

  private func pick(_ searches: [TextSearch], _ bytes: Span<UInt8>, _ count: Int, _ chosen: inout ChosenLines) {
    var hits = searches.map { $0.place(in: bytes, from: 0, to: count) }
    var next = hits.min() ?? count
    LinePicker.forEachLine(bytes, count) { range in
      chosen.count += 1
      guard next < range.upperBound else { return }
      chosen.lines.append(.init(number: UInt32(chosen.count), range: range))
      for index in hits.indices where hits[index] < range.upperBound {
        hits[index] = searches[index].place(in: bytes, from: range.upperBound, to: count)
      }
      next = hits.min() ?? count
    }
  }

  private mutating func pick(_ numbers: [UInt32], _ bytes: Span<UInt8>, _ count: Int, _ chosen: inout ChosenLines) {
    LinePicker.forEachLine(bytes, count) { range in
      chosen.count += 1
      guard nextNumber < numbers.count, numbers[nextNumber] == linesBefore &+ UInt32(chosen.count) else { return }
      nextNumber += 1
      chosen.lines.append(.init(number: UInt32(chosen.count), range: range))
    }
  }

  private static func forEachLine(_ bytes: Span<UInt8>, _ count: Int, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < count {
      let end = lineFeed(in: bytes, from: start, to: count)
      body(start..<end)
      start = end + 1
    }
  }
}

/// A search for the places where lines may hold a text, before anything of them is decoded.
///
/// Senders may write any character of a JSON string as an escape. An id of plain ASCII is found by its bytes, and where a
/// line escapes a printable character that needs no escape (`\u0061`), which could be one of it. An id with a quote, a slash,
/// a backslash or anything beyond ASCII is found by its bytes and by any backslash. So no line that holds the text is missed, and
/// what else is found the decoder tells apart.
package struct TextSearch: Sendable {
  private let text: [UInt8]
  /// How far the search moves on when a window ends in a byte; see Horspool, "Practical fast searching in strings", 1980.
  private let steps: [Int]
  private let isPlain: Bool

  /// `text` is not empty.
  package init(_ text: String) {
    precondition(!text.isEmpty, "an empty text is everywhere")
    let bytes = Array(text.utf8)
    var steps = Array(repeating: bytes.count, count: 256)
    for (place, byte) in bytes.dropLast().enumerated() { steps[Int(byte)] = bytes.count - 1 - place }
    self.text = bytes
    self.steps = steps
    let special = [UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/")]
    isPlain = bytes.allSatisfy { 0x20..<0x7f ~= $0 && !special.contains($0) }
  }

  /// The first place of `bytes[start..<end]` whose line may hold the text, or `end`.
  func place(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    let found = exactPlace(in: bytes, from: start, to: end)
    return escape(in: bytes, from: start, to: found)
  }

  private func exactPlace(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    let last = text.count - 1
    var place = start
    while place + last < end {
      let byte = bytes[place + last]
      if byte == text[last] {
        var length = 0
        while length < last, bytes[place + length] == text[length] { length += 1 }
        if length == last { return place }
      }
      place += steps[Int(byte)]
    }
    return end
  }

  /// The first escape that could stand for a byte of the text.
  private func escape(in bytes: Span<UInt8>, from start: Int, to end: Int) -> Int {
    var place = firstByte(UInt8(ascii: "\\"), in: bytes, from: start, to: end)
    while place < end {
      if !isPlain || TextSearch.isPrintable(bytes, escapedAt: place, before: end) { return place }
      // An escaped backslash begins no other escape.
      place = firstByte(UInt8(ascii: "\\"), in: bytes, from: min(place + 2, end), to: end)
    }
    return end
  }

  /// Whether `\u0020` to `\u007f` stands there.
  private static func isPrintable(_ bytes: Span<UInt8>, escapedAt place: Int, before end: Int) -> Bool {
    place + 5 < end && bytes[place + 1] == UInt8(ascii: "u") && bytes[place + 2] == UInt8(ascii: "0")
      && bytes[place + 3] == UInt8(ascii: "0") && UInt8(ascii: "2")...UInt8(ascii: "7") ~= bytes[place + 4]
  }
}
