import CallModel

/// A piece of a page. What a literal says is markup, and a text put into it is data, so nothing from outside can become
/// markup: `"<td>\(name)</td>"` escapes the name.
struct HTML: ExpressibleByStringInterpolation, Sendable {
  private(set) var markup: String

  init(stringLiteral value: String) { markup = value }

  init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

  /// Takes markup that was made elsewhere as it is.
  init(markup: String) { self.markup = markup }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var markup = ""

    init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(2 * literalCapacity) }

    mutating func appendLiteral(_ literal: String) { markup += literal }

    /// Data: what would end a text or an attribute is escaped, and what a reader could not see is spelt out.
    mutating func appendInterpolation(_ text: String) {
      for scalar in text.shown.unicodeScalars {
        switch scalar {
        case "&": markup += "&amp;"
        case "<": markup += "&lt;"
        case ">": markup += "&gt;"
        case "\"": markup += "&quot;"
        case "'": markup += "&#39;"
        default: markup.unicodeScalars.append(scalar)
        }
      }
    }

    mutating func appendInterpolation(_ number: Int) { markup += "\(number)" }
    mutating func appendInterpolation(_ part: HTML) { markup += part.markup }
    mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { markup += part.markup } }
  }

  static func += (left: inout HTML, right: HTML) { left.markup += right.markup }
}

// MARK: - Figures

/// A number of the report: exact, and how it is shown.
struct Figure: Sendable {
  /// The name under which a test holds it against the tables.
  let name: String
  /// As the tables write it.
  let value: String
  /// With groups of three digits, and a real minus sign.
  let shown: String

  init(_ name: String, _ value: Credits, isSigned: Bool = false) {
    self.name = name
    self.value = value.description
    shown = grouped(value, isSigned: isSigned)
  }

  init(_ name: String, _ value: Int64, isSigned: Bool = false) { self.init(name, Credits(value), isSigned: isSigned) }

  /// As a text of the page.
  var html: HTML {
    // A long number may be broken between its groups.
    guard shown.utf8.count > 11 else { return "<data value=\"\(value)\" data-figure=\"\(name)\">\(shown)</data>" }
    let groups = HTML(markup: shown.replacing(",", with: ",<wbr>"))
    return "<data class=\"long\" value=\"\(value)\" data-figure=\"\(name)\">\(groups)</data>"
  }

  /// As attributes of an element of a chart.
  var attributes: HTML { " data-figure=\"\(name)\" data-value=\"\(value)\"" }
}

/// `1,234,567.25`; with a sign, `+3` and `−3`.
func grouped(_ value: Credits, isSigned: Bool = false) -> String {
  let parts = value.magnitude.description.split(separator: ".")
  var digits = ""
  for (index, digit) in parts[0].enumerated() {
    if index > 0, (parts[0].count - index) % 3 == 0 { digits += "," }
    digits.append(digit)
  }
  if parts.count > 1 { digits += ".\(parts[1])" }
  let sign = value < .zero ? "\u{2212}" : isSigned && value != .zero ? "+" : ""
  return sign + digits
}

/// `1,234`.
func grouped(_ value: Int64) -> String { grouped(Credits(value)) }

/// `1 call`, `2 calls`, `1,234 calls`.
func counted(_ count: Int64, _ thing: String, plural: String? = nil) -> String {
  "\(grouped(count)) \(count == 1 ? thing : plural ?? "\(thing)s")"
}

// MARK: - Data

/// Text of the tables as the page shows it: in a direction of its own, and cut where it is very long.
func data(_ text: String?, most: Int = 160) -> HTML {
  guard let text else { return "<span class=\"none\">none</span>" }
  return "<bdi>\(text.shown.cut(most))</bdi>"
}

extension String {
  /// As `visible`, but joiners between characters beyond ASCII stay: Persian, Hindi and emoji are written with them.
  var shown: String {
    let scalars = Array(unicodeScalars)
    let places = scalars.indices.filter { place in
      (scalars[place] == "\u{200c}" || scalars[place] == "\u{200d}") && place > 0 && place + 1 < scalars.count
        && scalars[place - 1].isWritten && scalars[place + 1].isWritten
    }
    guard !places.isEmpty else { return visible }
    var text = ""
    var start = 0
    for place in places + [scalars.count] {
      text += String(String.UnicodeScalarView(scalars[start..<place])).visible
      if place < scalars.count { text.unicodeScalars.append(scalars[place]) }
      start = place + 1
    }
    return text
  }

  /// The first scalars of a text that is longer than `most` of them, with a mark where it was cut.
  func cut(_ most: Int) -> String {
    unicodeScalars.count > most ? "\(String(String.UnicodeScalarView(unicodeScalars.prefix(most))))…" : self
  }

  /// The text cut to a width in thousandths of the size of its letters, by widths that hardly any font exceeds.
  func cut(width: Int) -> String {
    var left = width
    var kept = String.UnicodeScalarView()
    for scalar in shown.unicodeScalars {
      // A mark that has no letter to stand on would stand on what is before the text.
      if kept.isEmpty, scalar.properties.canonicalCombiningClass != .notReordered { continue }
      left -= scalar.width
      if left < 1_000 { return "\(String(kept))…" }
      kept.append(scalar)
    }
    return String(kept)
  }
}

extension String {
  /// About how wide the text is at most, in thousandths of the size of its letters.
  var width: Int { unicodeScalars.reduce(0) { $0 + $1.width } }
}

extension Unicode.Scalar {
  /// Whether it is beyond ASCII and seen by itself.
  fileprivate var isWritten: Bool { value > 0x7f && properties.generalCategory != .format }

  fileprivate var width: Int {
    switch self {
    case "m", "w", "M", "W", "@", "%": 1_050
    case "A"..."Z": 820
    case "\0"..<"\u{80}": 660
    case "\u{80}"..<"\u{590}": 900
    default: 1_300
    }
  }
}
