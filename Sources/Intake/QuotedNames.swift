import CallModel

/// The names of members as they stand in a line, `"name":`, to be compared with one that is guessed.
///
/// Three words that overlap hold all of it: with `^` for the first, the middle and the last one,
///
///     "recording_url":        "event":
///     ^^^^^^^^                ^^^^^^^^  all three
///             ^^^^^^^^
///     ^^^^^^^^ the middle one, which only 17 bytes and more need
struct QuotedNames {
  private struct Entry {
    var first: UInt64 = 0
    var middle: UInt64 = 0
    var last: UInt64 = 0
    /// Of the whole, with quotes and colon.
    var length = 0
  }

  private var entries = [Entry](repeating: Entry(), count: 64)

  /// Names of 5 to 20 bytes; each is known by its place among them, at most 64.
  init(_ names: [String]) {
    for (place, name) in names.enumerated() {
      let text = Array("\"\(name)\":".utf8)
      precondition(text.count >= 8 && text.count <= 23, "three words hold the name")
      entries[place] = Entry(
        first: text.span.word(at: 0), middle: text.span.word(at: max(0, text.count - 16)),
        last: text.span.word(at: text.count - 8), length: text.count)
    }
  }

  /// The length of the name in this place, with quotes and colon, if it stands at `start`, else 0. From there on 32 bytes
  /// must be readable.
  @inline(__always)
  func length(of place: UInt8, _ bytes: Span<UInt8>, at start: Int) -> Int {
    let text = bytes.extracting(start..<(start &+ 32))
    let entry = entries[Int(place & 63)]
    let last = entry.length &- 8
    guard text.word(at: 0) == entry.first, text.word(at: last & 15) == entry.last,
      text.word(at: max(0, last &- 8) & 15) == entry.middle
    else { return 0 }
    return entry.length
  }
}
