import CallModel

extension EventDecoder {
  /// Reads the array of turns at the cursor, adding each to the batch; the event is level 1, so a turn is level 3.
  mutating func readTranscript(
    _ bytes: Span<UInt8>, _ cursor: inout JSONCursor, _ batch: inout EventBatch
  ) throws(JSONFault) -> JSONValue {
    let start = cursor.position
    if try cursor.open(UInt8(ascii: "["), UInt8(ascii: "]"), bytes) {
      repeat {
        if let turn = try EventDecoder.usualTurn(bytes, &cursor) {
          batch.turns.append(turn)
        } else {
          batch.turns.append(try readTurn(bytes, &cursor, &batch.arena))
        }
      } while try cursor.next(UInt8(ascii: "]"), bytes)
    }
    return JSONValue(.array, start, cursor.position)
  }

  /// Reads a turn that is written as the provider writes it, `{"role":"…","content":"…"}`, with no escape in either
  /// text; nil, and the cursor where it was, for any other.
  @inline(__always)
  private static func usualTurn(
    _ bytes: Span<UInt8>, _ cursor: inout JSONCursor
  ) throws(JSONFault) -> TranscriptTurn? {
    let start = cursor.position
    // `{"role":` and `,"content":`, each as the words that it fills.
    guard start &+ 8 < cursor.end, bytes.word(at: start) == 0x3a22_656c_6f72_227b, bytes[start &+ 8] == quote else {
      return nil
    }
    cursor.position = start &+ 8
    let role = try cursor.string(bytes)
    let next = cursor.position
    if !role.hasEscapes, next &+ 12 < cursor.end, bytes.word(at: next) == 0x6e65_746e_6f63_222c,
      bytes.word(at: next &+ 3) == 0x3a22_746e_6574_6e6f, bytes[next &+ 11] == quote
    {
      cursor.position = next &+ 11
      let content = try cursor.string(bytes)
      if !content.hasEscapes, cursor.byte(bytes) == UInt8(ascii: "}") {
        cursor.position &+= 1
        return TranscriptTurn(role: role.range, content: content.range)
      }
    }
    cursor.position = start
    return nil
  }

  private static let quote = UInt8(ascii: "\"")

  private mutating func readTurn(
    _ bytes: Span<UInt8>, _ cursor: inout JSONCursor, _ arena: inout [UInt8]
  ) throws(JSONFault) -> TranscriptTurn {
    let null = TranscriptTurn.Text(range: .empty, place: .null)
    var turn = TranscriptTurn(role: null, content: null)
    guard cursor.byte(bytes) == UInt8(ascii: "{") else {
      let value = try cursor.value(bytes, depth: 3)
      noteTypeChange(named: "transcripts[]", value.type)
      turn.content = turnText(bytes, value, named: nil, &arena)
      return turn
    }
    guard try cursor.open(UInt8(ascii: "{"), UInt8(ascii: "}"), bytes) else { return turn }
    repeat {
      let name = try cursor.key(bytes)
      let value = try cursor.value(bytes, depth: 4)
      switch name.hasEscapes ? escapedTurnMember(bytes, name) : turnMember(bytes, name) {
      case .role: turn.role = turnText(bytes, value, named: "transcripts[].role", &arena)
      case .content: turn.content = turnText(bytes, value, named: "transcripts[].content", &arena)
      case .unknown:
        drift.add(
          .unknownField, type: value.type, field: Array("transcripts[].\(text(bytes, name))".utf8).span)
      }
    } while try cursor.next(UInt8(ascii: "}"), bytes)
    return turn
  }

  /// A transcript that is no array, as one turn: what was said is kept, whoever said it.
  mutating func wholeTranscript(
    _ bytes: Span<UInt8>, _ value: JSONValue, _ arena: inout [UInt8]
  ) -> TranscriptTurn {
    TranscriptTurn(
      role: TranscriptTurn.Text(range: .empty, place: .null), content: turnText(bytes, value, named: nil, &arena))
  }

  private enum TurnMember { case role, content, unknown }

  @inline(__always)
  private func turnMember(_ bytes: Span<UInt8>, _ name: JSONValue) -> TurnMember {
    let letters = bytes.word(at: name.range.lowerBound)
    if name.count == 4, letters & 0xffff_ffff == 0x656c_6f72 { return .role }
    if name.count == 7, letters & 0x00ff_ffff_ffff_ffff == 0x0074_6e65_746e_6f63 { return .content }
    return .unknown
  }

  private func escapedTurnMember(_ bytes: Span<UInt8>, _ name: JSONValue) -> TurnMember {
    switch text(bytes, name) {
    case "role": .role
    case "content": .content
    default: .unknown
    }
  }

  /// Where a turn's text stands: in the chunk where it needs no change, else unescaped in the arena.
  @inline(__always)
  private mutating func turnText(
    _ bytes: Span<UInt8>, _ value: JSONValue, named name: String?, _ arena: inout [UInt8]
  ) -> TranscriptTurn.Text {
    if value.type == .string, !value.hasEscapes {
      return .init(range: ByteRange(value.range.lowerBound, value.range.upperBound), place: .chunk)
    }
    if value.type == .null { return .init(range: .empty, place: .null) }
    if value.type == .string {
      let start = arena.count
      appendUnescaped(bytes, value.range, to: &arena)
      return .init(range: ByteRange(start, arena.count), place: .arena)
    }
    // Other JSON may hold quotes, so it does not pass for plain text of the chunk.
    if let name { noteTypeChange(named: name, value.type) }
    let start = arena.count
    arena.append(copying: bytes.extracting(value.range))
    return .init(range: ByteRange(start, arena.count), place: .arena)
  }
}
