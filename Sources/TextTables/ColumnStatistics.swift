import CallModel

/// What a column holds, counted from its published lines.
struct ColumnStatistics: Sendable {
  let type: ColumnType
  private(set) var rows = 0
  private(set) var nulls = 0
  /// Cells that hold the empty text.
  private(set) var empties = 0
  /// The smallest and the greatest number or time as written; nil for texts, whose values do not belong in a summary.
  var minimum: String? { least.map(written) }
  var maximum: String? { greatest.map(written) }
  /// The exact sum of a column of numbers.
  var sum: String? { isNumeric ? total.description : nil }

  private var total = Credits.zero
  private var least: Extreme?
  private var greatest: Extreme?

  private enum Extreme: Sendable {
    case number(Credits)
    case time([UInt8])
  }

  init(type: ColumnType) { self.type = type }

  private var isNumeric: Bool { type == .integer || type == .decimal }

  /// Counts whole lines; false when one of them is no value of the column's type.
  mutating func add(lines: Span<UInt8>) -> Bool {
    var start = 0
    while start < lines.count {
      let end = ByteSearch.first(UInt8(ascii: "\n"), in: lines, from: start)
      guard add(line: lines.extracting(start..<end)) else { return false }
      start = end + 1
    }
    return true
  }

  private mutating func add(line: Span<UInt8>) -> Bool {
    rows += 1
    if line.count == 2, line[0] == UInt8(ascii: "\\"), line[1] == UInt8(ascii: "N") {
      nulls += 1
      return true
    }
    if line.count == 0 { empties += 1 }
    switch type {
    case .text, .json: return true
    case .integer, .decimal:
      guard let number = Self.number(line) else { return false }
      total += number
      if case .number(let least)? = least, least <= number {} else { least = .number(number) }
      if case .number(let greatest)? = greatest, greatest >= number {} else { greatest = .number(number) }
    case .timestamp, .date:
      guard line.count == (type == .date ? 10 : 26) else { return false }
      if case .time(let least)? = least, !Self.precedes(line, least.span) {} else { least = .time(Self.copy(line)) }
      if case .time(let greatest)? = greatest, !Self.precedes(greatest.span, line) {
      } else {
        greatest = .time(Self.copy(line))
      }
    }
    return true
  }

  /// Digits with a sign and at most six decimal places, of any size that a sum of credits can have.
  private static func number(_ text: Span<UInt8>) -> Credits? {
    let isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
    var millionths: Int128 = 0
    var places: Int?
    guard text.count > (isNegative ? 1 : 0), text.count <= 38 else { return nil }
    for index in (isNegative ? 1 : 0)..<text.count {
      if text[index] == UInt8(ascii: "."), places == nil {
        places = 0
      } else {
        guard let digit = text[index].decimalDigit, places ?? 0 < 6 else { return nil }
        millionths = millionths * 10 + Int128(digit)
        if let count = places { places = count + 1 }
      }
    }
    for _ in (places ?? 0)..<6 {
      let (product, overflow) = millionths.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      millionths = product
    }
    return Credits(millionths: isNegative ? -millionths : millionths)
  }

  /// Whether one time of the same form is earlier: its bytes come first.
  private static func precedes(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
      return left[index] < right[index]
    }
    return false
  }

  private static func copy(_ bytes: Span<UInt8>) -> [UInt8] {
    var copy: [UInt8] = []
    copy.append(copying: bytes)
    return copy
  }

  private func written(_ extreme: Extreme) -> String {
    switch extreme {
    case .number(let number): number.description
    case .time(let text): String(decoding: text, as: UTF8.self)
    }
  }
}
