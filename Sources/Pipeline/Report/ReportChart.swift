import CallModel

/// A chart as inline SVG. Widths are parts of the picture's own, so that letters keep their size on a phone; heights are in
/// pixels.
struct ReportChart {
  /// How wide a chart is at least, on a small phone, in thousandths of the size of its letters.
  static let leastWidth = 23_000

  private let id: String
  private let title: String
  private let summary: String
  private let height: Int
  private var shapes: [HTML] = []

  /// `summary` says in words what the picture shows; `id` is unlike that of other charts.
  init(_ id: String, title: String, summary: String, height: Int) {
    (self.id, self.title, self.summary, self.height) = (id, title, summary, height)
  }

  var html: HTML {
    """
    <svg role="img" aria-labelledby="\(id)-title \(id)-desc" width="100%" height="\(height)">\
    <title id="\(id)-title">\(title)</title><desc id="\(id)-desc">\(summary)</desc>\(shapes)</svg>
    """
  }

  mutating func bar(
    _ name: String, from x: Share, width: Share, y: Int, height: Int, rounded: Bool = true, figure: Figure? = nil
  ) {
    let round: HTML = rounded ? " rx=\"2\"" : ""
    shapes.append(
      """
      <rect class="\(name)" x="\(x.text)" y="\(y)" width="\(width.text)" height="\(height)"\(round)\
      \(figure?.attributes ?? "")/>
      """)
  }

  mutating func line(_ name: String, from start: (x: Share, y: Int), to end: (x: Share, y: Int)) {
    shapes.append(
      """
      <line class="\(name)" x1="\(start.x.text)" y1="\(start.y)" x2="\(end.x.text)" y2="\(end.y)"/>
      """)
  }

  enum Anchor: String { case start, middle, end }

  mutating func text(
    _ text: String, _ name: String = "", x: Share, y: Int, anchor: Anchor = .start, figure: Figure? = nil
  ) {
    shapes.append(
      """
      <text class="\(name)" x="\(x.text)" y="\(y)" text-anchor="\(anchor.rawValue)"\(figure?.attributes ?? "")>\
      \(text)</text>
      """)
  }
}

/// A part of a whole, in thousandths of a hundredth, so that no rounding of a machine shows.
struct Share: Comparable {
  var thousandths: Int128

  static let none = Share(thousandths: 0)
  static let half = Share(thousandths: 50_000)
  static let all = Share(thousandths: 100_000)

  init(thousandths: Int128) { self.thousandths = thousandths }

  /// What `part` is of `whole`, times `width`; the whole is not 0.
  init(_ part: Int128, of whole: Int128, times width: Share = .all) {
    thousandths = part * width.thousandths / whole
  }

  static func < (left: Share, right: Share) -> Bool { left.thousandths < right.thousandths }
  static func + (left: Share, right: Share) -> Share { Share(thousandths: left.thousandths + right.thousandths) }
  static func - (left: Share, right: Share) -> Share { Share(thousandths: left.thousandths - right.thousandths) }

  /// `12.345%`.
  var text: String {
    let fraction = String(thousandths % 1_000)
    return "\(thousandths / 1_000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)%"
  }
}
