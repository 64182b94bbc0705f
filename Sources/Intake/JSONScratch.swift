import CallModel

/// What a member's value is: a scalar is its text, an object or array its JSON.
package enum JSONMemberKind: Sendable { case null, text, json }

/// Reads small JSON documents that events carried, after the events themselves have been found valid.
package struct JSONScratch: Sendable {
  private var document: [UInt8] = []

  package init() {}

  /// Lends each member of an object; a document that is no object is lent as one member with an empty name.
  package mutating func forEachMember(
    of source: Span<UInt8>, _ body: (_ name: Span<UInt8>, _ value: Span<UInt8>, _ kind: JSONMemberKind) -> Void
  ) {
    document.removeAll(keepingCapacity: true)
    document.append(copying: source)
    document.append(0x0a)
    document.append(contentsOf: repeatElement(0, count: Chunk.padding))
    try? JSONScratch.readMembers(document.span, 0..<source.count, body)
  }

  /// Lends each member of a document where it stands in a chunk.
  package static func forEachMember(
    of document: Range<Int>, in chunk: borrowing Chunk,
    _ body: (_ name: Span<UInt8>, _ value: Span<UInt8>, _ kind: JSONMemberKind) -> Void
  ) {
    try? readMembers(chunk.bytes.span, document, body)
  }

  private static func readMembers(
    _ bytes: Span<UInt8>, _ document: Range<Int>, _ body: (Span<UInt8>, Span<UInt8>, JSONMemberKind) -> Void
  ) throws(JSONFault) {
    var cursor = JSONCursor(from: document.lowerBound, to: document.upperBound, maximumDepth: 1024)
    cursor.skipSpace(bytes)
    guard cursor.byte(bytes) == UInt8(ascii: "{") else {
      return lend(
        JSONValue(.string, document.lowerBound, document.lowerBound), try cursor.value(bytes, depth: 1), bytes, body)
    }
    guard try cursor.open(UInt8(ascii: "{"), UInt8(ascii: "}"), bytes) else { return }
    repeat {
      let name = try cursor.key(bytes)
      lend(name, try cursor.value(bytes, depth: 2), bytes, body)
    } while try cursor.next(UInt8(ascii: "}"), bytes)
  }

  private static func lend(
    _ name: JSONValue, _ value: JSONValue, _ bytes: Span<UInt8>,
    _ body: (Span<UInt8>, Span<UInt8>, JSONMemberKind) -> Void
  ) {
    let kind: JSONMemberKind =
      switch value.type {
      case .null: .null
      case .object, .array: .json
      case .string, .number, .boolean: .text
      }
    guard name.hasEscapes || value.hasEscapes else {
      return body(bytes.extracting(name.range), bytes.extracting(value.range), kind)
    }
    var texts: [UInt8] = []
    appendUnescaped(bytes, name.range, to: &texts)
    let end = texts.count
    if value.hasEscapes {
      appendUnescaped(bytes, value.range, to: &texts)
    } else {
      texts.append(copying: bytes.extracting(value.range))
    }
    body(texts.span.extracting(0..<end), texts.span.extracting(end..<texts.count), kind)
  }
}
