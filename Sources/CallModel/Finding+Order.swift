extension Finding {
  /// An order that depends on nothing but the findings: by code, subject, measure, record and sentence.
  package func precedes(_ other: Finding) -> Bool {
    if code != other.code { return code.rawValue < other.code.rawValue }
    if subject.id != other.subject.id { return subject.id.utf8.lexicographicallyPrecedes(other.subject.id.utf8) }
    if measure != other.measure { return (measure ?? "") < (other.measure ?? "") }
    let none = RecordOrigin(archive: 0, line: 0)
    return (origin ?? none, message) < (other.origin ?? none, other.message)
  }
}
