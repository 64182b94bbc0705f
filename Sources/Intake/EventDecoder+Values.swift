import CallModel

/// Reading one noted member as a text, number, time or duration.
extension EventDecoder {
  @inline(__always)
  func value(_ field: EventField) -> JSONValue? {
    guard seen & field.bit != 0 else { return nil }
    let value = fields[Int(field.rawValue)]
    return value.type == .null ? nil : value
  }

  /// Counts a member whose JSON type is not the documented one.
  mutating func noteTypeChange(_ field: EventField, _ type: JSONType) {
    noteTypeChange(named: field.name, type)
  }

  mutating func noteTypeChange(named name: String, _ type: JSONType) {
    drift.add(.typeChange, type: type, field: Array(name.utf8).span)
  }

  // MARK: Texts

  /// A member that identifies something; nil when it is missing or empty.
  mutating func identifier(
    _ field: EventField, _ bytes: Span<UInt8>, to arena: inout [UInt8]
  ) throws(LineRefusal) -> ByteRange? {
    guard let value = value(field) else { return nil }
    let start = arena.count
    switch value.type {
    case .string where value.hasEscapes: appendUnescaped(bytes, value.range, to: &arena)
    case .string: arena.append(copying: bytes.extracting(value.range))
    case .number:
      noteTypeChange(field, value.type)
      arena.append(copying: bytes.extracting(value.range))
    default: throw .refused(.badField, "\(field.name) is neither a string nor a number.")
    }
    return arena.count == start ? nil : ByteRange(start, arena.count)
  }

  /// A text member of a campaign event.
  mutating func string(_ field: EventField, _ bytes: Span<UInt8>) -> String? {
    guard let value = value(field) else { return nil }
    if value.type != .string { noteTypeChange(field, value.type) }
    return text(bytes, value)
  }

  // MARK: Numbers

  /// Credits, exactly; a plain decimal in quotes is taken and counted as drift.
  mutating func credits(_ field: EventField, _ bytes: Span<UInt8>) throws(LineRefusal) -> Credits? {
    guard let value = value(field) else { return nil }
    if value.type == .number || isPlainDecimal(bytes, value),
      let credits = Credits(decimal: bytes.extracting(value.range))
    {
      if value.type != .number { noteTypeChange(field, value.type) }
      return credits
    }
    throw .refused(
      .badField, "\(field.name) is no decimal with at most six places up to \(Credits.largestAmount).")
  }

  /// A whole number from 0 on, exactly.
  mutating func count(_ field: EventField, _ bytes: Span<UInt8>) throws(LineRefusal) -> Int64? {
    guard let value = value(field) else { return nil }
    if value.type == .number || isPlainDecimal(bytes, value), let number = wholeNumber(bytes, value.range) {
      if value.type != .number { noteTypeChange(field, value.type) }
      return number
    }
    throw .refused(.badField, "\(field.name) is no whole number from 0 to \(EventDecoder.largestCount).")
  }

  /// A duration in seconds: a number, or a text such as `00:05:00`, `3m 45s` or `16`.
  mutating func seconds(
    _ field: EventField, as documented: JSONType, _ bytes: Span<UInt8>
  ) throws(LineRefusal) -> Int64? {
    guard let value = value(field) else { return nil }
    var number: Int64?
    switch value.type {
    case .number: number = wholeNumber(bytes, value.range)
    case .string where !value.hasEscapes:
      number = wholeNumber(bytes, value.range, plain: true) ?? durationText(bytes.extracting(value.range))
    default: break
    }
    guard let number, number <= EventDecoder.longestDuration else {
      throw .refused(.badField, "\(field.name) is no duration in whole seconds, such as 300, 00:05:00 or 3m 45s.")
    }
    if value.type != documented { noteTypeChange(field, value.type) }
    return number
  }

  /// 9,223,372,036,854, what fits the same sums as credits.
  static var largestCount: Int64 { Int64.max / 1_000_000 }
  /// About 3,000 years: no call or campaign is longer, and a hundred million of them can be added.
  static var longestDuration: Int64 { 99_999_999_999 }

  private func wholeNumber(_ bytes: Span<UInt8>, _ range: Range<Int>, plain: Bool = false) -> Int64? {
    if range.count <= 10 {
      var number: Int64 = 0
      var index = range.lowerBound
      while index < range.upperBound, let digit = bytes[index].decimalDigit {
        number = number * 10 + Int64(digit)
        index &+= 1
      }
      if index == range.upperBound, index > range.lowerBound { return number }
    }
    guard !plain, let exact = Credits(decimal: bytes.extracting(range)), exact.millionths >= 0,
      exact.millionths % 1_000_000 == 0
    else { return nil }
    return Int64(exact.millionths / 1_000_000)
  }

  /// Whether a string is digits with at most one point between them and at most a minus in front.
  private func isPlainDecimal(_ bytes: Span<UInt8>, _ value: JSONValue) -> Bool {
    guard value.type == .string else { return false }
    var cursor = JSONCursor(from: value.range.lowerBound, to: value.range.upperBound, maximumDepth: 1)
    guard let number = try? cursor.scalar(bytes), number.type == .number, number.range == value.range else {
      return false
    }
    for index in value.range where bytes[index] | 0x20 == UInt8(ascii: "e") { return false }
    return true
  }

  // MARK: Times

  /// A time member in microseconds of the provider's clock, or null; one that no calendar has is reported as a fault.
  @inline(__always)
  mutating func time(_ field: EventField, _ bytes: Span<UInt8>, _ faults: inout [EventField]) -> Int64 {
    guard let value = value(field) else { return EventRecord.null }
    if value.type == .string, !value.hasEscapes {
      if let time = recentDay.time(bytes, value.range) { return time }
      if let time = timestampText(bytes.extracting(value.range), zone: zone) {
        recentDay.remember(bytes, value.range, time)
        return time
      }
    } else if value.type == .string {
      // Some writers escape the plus of an offset.
      scratch.removeAll(keepingCapacity: true)
      appendUnescaped(bytes, value.range, to: &scratch)
      if let time = timestampText(scratch.span, zone: zone) { return time }
    }
    if value.type != .string { noteTypeChange(field, value.type) }
    faults.append(field)
    return EventRecord.null
  }
}
