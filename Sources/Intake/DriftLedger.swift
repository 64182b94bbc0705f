import CallModel

/// Drift of the chunk being decoded, counted by event, member, kind and type: once for each line that shows it.
///
/// A new member of the provider's comes with every event, so counting it again costs a look-up and no `String`. What a
/// line shows counts only once the line is known to be no reject.
struct DriftLedger: Sendable {
  private struct Sighting: Hashable {
    var field: UInt64
    var kind: DriftNote.Kind
    var type: JSONType
  }

  private struct Key: Hashable {
    var event: UInt64
    var sighting: Sighting
  }

  private var notes: [DriftNote] = []
  /// The line that each note was counted for last.
  private var lastLines: [UInt32] = []
  private var places: [Key: Int] = [:]
  /// Members' names by their hashes, made once for each chunk.
  private var fieldNames: [UInt64: String] = [:]
  private var pending: [Sighting] = []

  var hasSightings: Bool { !pending.isEmpty }

  /// Notes that the line being decoded shows a member; `field` is empty for an unknown event.
  mutating func add(_ kind: DriftNote.Kind, type: JSONType, field: Span<UInt8>) {
    var hash = hash64(field)
    if fieldNames[hash] == nil {
      if fieldNames.count < DriftLedger.mostNames {
        fieldNames[hash] = DriftLedger.text(field)
      } else {
        hash = DriftLedger.otherMembers
        fieldNames[hash] = DriftNote.otherMembers
      }
    }
    pending.append(Sighting(field: hash, kind: kind, type: type))
  }

  /// Names that are told apart in one chunk; a sender that makes up a name for every value must not fill the memory.
  private static let mostNames = 1000
  /// Stands for the hash of all other names.
  private static let otherMembers: UInt64 = 1

  /// Counts what the line showed, for the event that it turned out to be.
  mutating func commitLine(_ line: UInt32, event: Span<UInt8>) {
    let name = hash64(event)
    for sighting in pending {
      let key = Key(event: name, sighting: sighting)
      if let place = places[key] {
        if lastLines[place] != line { notes[place].count += 1 }
        lastLines[place] = line
      } else {
        places[key] = notes.count
        lastLines.append(line)
        notes.append(
          DriftNote(
            event: DriftLedger.text(event), field: fieldNames[sighting.field] ?? "", kind: sighting.kind,
            type: sighting.type.name, line: line, count: 1))
      }
    }
    forgetLine()
  }

  mutating func forgetLine() {
    pending.removeAll(keepingCapacity: true)
  }

  /// Hands the chunk's notes over and starts anew.
  mutating func move(to output: inout [DriftNote]) {
    guard !fieldNames.isEmpty else { return }
    output.append(contentsOf: notes)
    notes.removeAll(keepingCapacity: true)
    lastLines.removeAll(keepingCapacity: true)
    places.removeAll(keepingCapacity: true)
    fieldNames.removeAll(keepingCapacity: true)
  }

  /// Names come from outside: a long one is cut, so that the report stays a report.
  private static func text(_ bytes: Span<UInt8>) -> String {
    var text: [UInt8] = []
    text.append(copying: bytes.extracting(0..<min(bytes.count, 400)))
    return String(String(decoding: text, as: UTF8.self).prefix(100))
  }
}
