import CallModel

/// What is wrong with a JSON text, and at which byte of it.
package struct JSONFault: Error, Equatable {
  package enum Code: UInt8, Sendable {
    case syntax, invalidUTF8, loneSurrogate, tooDeep, trailingContent, duplicateName, notAnObject
  }

  package var code: Code
  /// The offset in the bytes that the cursor runs over.
  package var offset: Int
}

/// The JSON type of a value; `null` is one.
enum JSONType: UInt8 {
  case null, string, number, boolean, object, array

  /// As drift reports it.
  var name: String {
    switch self {
    case .null: "null"
    case .string: "string"
    case .number: "number"
    case .boolean: "boolean"
    case .object: "object"
    case .array: "array"
    }
  }
}

/// Where a value stands. A string's range is what is between its quotes.
struct JSONValue {
  var type = JSONType.null
  /// For a string: whether it has escapes, so that its bytes are not its text.
  var hasEscapes = false
  var start: Int32 = 0
  var end: Int32 = 0

  @inline(__always)
  init(_ type: JSONType, _ start: Int, _ end: Int, hasEscapes: Bool = false) {
    self.type = type
    self.hasEscapes = hasEscapes
    self.start = Int32(truncatingIfNeeded: start)
    self.end = Int32(truncatingIfNeeded: end)
  }

  @inline(__always) init() {}
  @inline(__always) var range: Range<Int> { Int(start)..<Int(end) }
  @inline(__always) var count: Int { Int(end &- start) }
  /// The whole value, the quotes of a string among it.
  var document: Range<Int> { type == .string ? (Int(start) - 1)..<(Int(end) + 1) : range }
}

/// A strict, forward-only reader of JSON (RFC 8259) over bytes; it builds nothing and allocates nothing.
///
/// The cursor is a position; the bytes are lent with each call. Behind `end` there must be a line feed and at least
/// `Chunk.padding` readable bytes, because strings are scanned a word at a time: a line feed can stand in no string, so a
/// scan never runs past the line, and no check against `end` is needed inside the loop. Example, with `^` the position:
///
///     {"event":"call.started"}       nextKey  → 2..<7, position behind the colon
///              ^                     value    → string 10..<22
///                             ^      endOfObject
package struct JSONCursor {
  var position: Int
  let end: Int
  let maximumDepth: Int

  /// A cursor over `bytes[start..<end]` of what each call lends; `maximumDepth` is 1 to 1,024 levels.
  package init(from start: Int, to end: Int, maximumDepth: Int) {
    position = start
    self.end = end
    self.maximumDepth = maximumDepth
  }

  /// Checks that the bytes are one JSON text and nothing else.
  package mutating func validate(_ bytes: Span<UInt8>) throws(JSONFault) {
    skipSpace(bytes)
    _ = try value(bytes, depth: 1)
    try expectEnd(bytes)
  }

  mutating func expectEnd(_ bytes: Span<UInt8>) throws(JSONFault) {
    skipSpace(bytes)
    if position < end { throw fault(.trailingContent) }
  }

  @inline(__always)
  func fault(_ code: JSONFault.Code) -> JSONFault { JSONFault(code: code, offset: min(position, end)) }

  @inline(__always)
  mutating func skipSpace(_ bytes: Span<UInt8>) {
    while position < end {
      let byte = bytes[position]
      if byte > 0x20 || !(byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) { return }
      position &+= 1
    }
  }

  /// The byte at the position, or 0 at the end.
  @inline(__always)
  func byte(_ bytes: Span<UInt8>) -> UInt8 { position < end ? bytes[position] : 0 }

  /// Reads any value; `depth` is the nesting level that it would have as a container.
  @inline(__always)
  mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(JSONFault) -> JSONValue {
    let start = position
    switch byte(bytes) {
    case UInt8(ascii: "\""): return try string(bytes)
    case UInt8(ascii: "{"):
      try skipContainer(bytes, depth: depth)
      return JSONValue(.object, start, position)
    case UInt8(ascii: "["):
      try skipContainer(bytes, depth: depth)
      return JSONValue(.array, start, position)
    default: return try scalar(bytes)
    }
  }

  /// Reads a number or a literal.
  mutating func scalar(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONValue {
    let start = position
    switch byte(bytes) {
    case UInt8(ascii: "n"):
      try literal(0x6c6c_756e, 4, bytes)
      return JSONValue(.null, start, position)
    case UInt8(ascii: "t"):
      try literal(0x6575_7274, 4, bytes)
      return JSONValue(.boolean, start, position)
    case UInt8(ascii: "f"):
      try literal(0x65_736c_6166, 5, bytes)
      return JSONValue(.boolean, start, position)
    default:
      try number(bytes)
      return JSONValue(.number, start, position)
    }
  }

  /// Passes `null`, `true` or `false`, given as the little-endian word of its letters.
  @inline(__always)
  private mutating func literal(_ letters: UInt64, _ length: Int, _ bytes: Span<UInt8>) throws(JSONFault) {
    let mask = UInt64.max >> UInt64(64 &- 8 &* length)
    guard position &+ length <= end, bytes.word(at: position) & mask == letters else { throw fault(.syntax) }
    position &+= length
  }

  @inline(__always)
  private mutating func number(_ bytes: Span<UInt8>) throws(JSONFault) {
    if byte(bytes) == UInt8(ascii: "-") { position &+= 1 }
    if byte(bytes) == UInt8(ascii: "0") { position &+= 1 } else { try digits(bytes) }
    if byte(bytes) == UInt8(ascii: ".") {
      position &+= 1
      try digits(bytes)
    }
    if byte(bytes) | 0x20 == UInt8(ascii: "e") {
      position &+= 1
      if byte(bytes) == UInt8(ascii: "+") || byte(bytes) == UInt8(ascii: "-") { position &+= 1 }
      try digits(bytes)
    }
  }

  /// One digit or more.
  @inline(__always)
  private mutating func digits(_ bytes: Span<UInt8>) throws(JSONFault) {
    let start = position
    while byte(bytes) &- 0x30 < 10 { position &+= 1 }
    if position == start { throw fault(.syntax) }
  }

  /// Skips an object or array whole, checking all of it; containers open are bits: 1 for an object.
  mutating func skipContainer(_ bytes: Span<UInt8>, depth outerDepth: Int) throws(JSONFault) {
    var open = InlineArray<16, UInt64>(repeating: 0)
    var depth = outerDepth &- 1
    let floor = depth
    while true {
      // Here a value begins.
      let first = byte(bytes)
      if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
        let isObject = first == UInt8(ascii: "{")
        guard depth < maximumDepth else { throw fault(.tooDeep) }
        if isObject {
          open[depth >> 6] |= 1 << UInt64(depth & 63)
        } else {
          open[depth >> 6] &= ~(1 << UInt64(depth & 63))
        }
        depth &+= 1
        position &+= 1
        skipSpace(bytes)
        if byte(bytes) != (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
          if isObject { try memberName(bytes) }
          continue
        }
        position &+= 1
        depth &-= 1
      } else if first == UInt8(ascii: "\"") {
        _ = try string(bytes)
      } else {
        _ = try scalar(bytes)
      }
      // Here a value has ended.
      while true {
        if depth == floor { return }
        skipSpace(bytes)
        let isObject = open[(depth &- 1) >> 6] >> UInt64((depth &- 1) & 63) & 1 == 1
        let next = byte(bytes)
        if next == UInt8(ascii: ",") {
          position &+= 1
          skipSpace(bytes)
          if isObject { try memberName(bytes) }
          break
        }
        guard next == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else { throw fault(.syntax) }
        position &+= 1
        depth &-= 1
      }
    }
  }

  private mutating func memberName(_ bytes: Span<UInt8>) throws(JSONFault) {
    _ = try key(bytes)
  }

  /// Reads a member's name, its colon and the space around it.
  @inline(__always)
  mutating func key(_ bytes: Span<UInt8>) throws(JSONFault) -> JSONValue {
    guard byte(bytes) == UInt8(ascii: "\"") else { throw fault(.syntax) }
    let name = try string(bytes)
    skipSpace(bytes)
    guard byte(bytes) == UInt8(ascii: ":") else { throw fault(.syntax) }
    position &+= 1
    skipSpace(bytes)
    return name
  }

  /// Steps into an object or array that `first` opens; false when it is empty and has been closed.
  @inline(__always)
  mutating func open(_ first: UInt8, _ last: UInt8, _ bytes: Span<UInt8>) throws(JSONFault) -> Bool {
    guard byte(bytes) == first else { throw fault(.syntax) }
    position &+= 1
    skipSpace(bytes)
    guard byte(bytes) == last else { return true }
    position &+= 1
    return false
  }

  /// After a member or element: true behind a comma, false behind the closing `last`.
  @inline(__always)
  mutating func next(_ last: UInt8, _ bytes: Span<UInt8>) throws(JSONFault) -> Bool {
    // Mostly a comma with no space about it, before a quote or brace; neither can stand behind the line.
    let pair = bytes.word(at: position) & 0xffff
    if pair == 0x222c || pair == 0x7b2c, position &+ 1 < end {
      position &+= 1
      return true
    }
    skipSpace(bytes)
    let found = byte(bytes)
    if found == UInt8(ascii: ",") {
      position &+= 1
      skipSpace(bytes)
      return true
    }
    guard found == last else { throw fault(.syntax) }
    position &+= 1
    return false
  }
}
