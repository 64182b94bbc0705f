import CallModel

extension ReportPage {
  var bridgePart: ReportPart {
    var part = ReportPart(id: "bridge", title: "From the provider’s total to ours")
    guard figures.claims.campaigns > 0 else {
      part.body = ["<p>No campaign’s end claims credits, so there is no total of the provider’s.</p>"]
      return part
    }
    let steps = figures.causes
    guard !steps.isEmpty else {
      part.body = [
        """
        <p>Both are \(Figure("claimed", figures.claims.claimed).html) credits: no campaign differs, and there is nothing \
        to explain.</p>
        """
      ]
      return part
    }
    part.body = [
      """
      <p>The credits that \(Figure("campaigns_with_claim", figures.claims.campaigns).html) campaigns claim, and what leads \
      from there to what their calls add up to, cause by cause.</p>
      <div class="pair"><figure>\(chart(steps))</figure>\(table(steps))</div>
      """
    ]
    return part
  }

  private func chart(_ steps: [ReportFigures.Cause]) -> HTML {
    let (claimed, counted) = (figures.claims.claimed, figures.claims.counted)
    var levels = [claimed]
    for step in steps { levels.append((levels.last ?? .zero) - step.difference) }
    let (low, high) = (levels.min() ?? .zero, levels.max() ?? .zero)
    let span = max((high - low).millionths, 1)
    var start = low.millionths - span / 4
    if low >= .zero, start < 0 { start = 0 }
    let isCut = start != 0
    let place = { (value: Credits) in Share(value.millionths - start, of: max(high.millionths - start, 1)) }
    var chart = ReportChart(
      "bridge", title: "Bridge from claimed to counted credits",
      summary:
        "A bar for the credits claimed, one for each cause that leads down or up from there, and one for the credits "
        + "counted\(isCut ? "; the scale does not begin at 0" : ""). The table has the figures.",
      height: (steps.count + 2) * 42)
    var row = 0
    func label(_ text: String, _ figure: Figure) {
      chart.text(text, x: .none, y: row * 42 + 14)
      chart.text(figure.shown, "strong", x: .all, y: row * 42 + 14, anchor: .end, figure: figure)
    }
    func total(_ text: String, _ figure: Figure, _ value: Credits) {
      label(text, figure)
      chart.bar("total", from: .none, width: place(value), y: row * 42 + 20, height: 12)
      row += 1
    }
    total("The provider claims", Figure("claimed", claimed), claimed)
    for (index, step) in steps.enumerated() {
      let (from, to) = (place(levels[index]), place(levels[index + 1]))
      chart.line("", from: (from, row * 42 - 10), to: (from, row * 42 + 32))
      label(step.title, Figure("step.\(step.cause)", .zero - step.difference, isSigned: true))
      chart.bar(
        step.difference > .zero ? "more" : "less", from: min(from, to), width: max(from, to) - min(from, to),
        y: row * 42 + 20, height: 12, rounded: false)
      row += 1
    }
    let end = place(levels.last ?? counted)
    chart.line("", from: (end, row * 42 - 10), to: (end, row * 42 + 32))
    total("The calls add up to", Figure("counted", counted), counted)
    let note: HTML = isCut ? "<figcaption>The scale does not begin at 0.</figcaption>" : ""
    return "\(chart.html)\(note)"
  }

  private func table(_ steps: [ReportFigures.Cause]) -> HTML {
    let rows = steps.map { step -> HTML in
      """
      <tr data-row="cause" data-key="\(step.cause)"><th scope="row">\(step.title)<small>\(step.meaning)</small></th>\
      <td class="n">\(step.calls > 0 ? Figure("calls", step.calls).html : "")</td>\
      <td class="n">\(Figure("difference", step.difference, isSigned: true).html)</td></tr>

      """
    }
    return """
      <table><caption>What the difference in credits is made of</caption>
      <thead><tr><th scope="col">Cause</th><th scope="col" class="n">Calls</th>\
      <th scope="col" class="n">Claimed less counted</th></tr></thead>
      <tbody>
      \(rows)</tbody>
      <tfoot><tr><th scope="row">Together</th><td></td>\
      <td class="n">\(Figure("difference", figures.claims.difference, isSigned: true).html)</td></tr></tfoot>
      </table>
      """
  }
}

extension ReportFigures {
  /// What some of the difference in credits comes from.
  struct Cause {
    let cause: String
    var calls: Int64 = 0
    var difference = Credits.zero
  }
}

extension ReportFigures.Cause {
  /// Every cause in the order of the table, for people.
  static let texts: [(cause: String, title: String, meaning: String)] = [
    ("without_processed", "No call.processed", "calls that are claimed and whose credits have not arrived"),
    ("without_credits", "Processed without credits", "calls whose call.processed names no credits"),
    ("rate", "Off the billing rule", "calls that are charged other credits than their pulses cost"),
    ("duration_conflict", "Two durations", "calls whose events name two durations"),
    ("conflicting_deliveries", "Conflicting deliveries", "events that came twice with unlike contents"),
    ("repeated_deliveries", "Delivered again", "events that were delivered more than once"),
    ("other_day", "Calls of another day", "calls that belong to a day outside these tables"),
    ("other_window", "Calls outside the window", "calls that lie outside the days a campaign is held against"),
    (unexplained, "Unexplained", "what is left; nothing in the records accounts for it"),
  ]

  static let unexplained = "unexplained"

  /// In the order in which causes are told.
  var place: Int { ReportFigures.Cause.texts.firstIndex { $0.cause == cause } ?? ReportFigures.Cause.texts.count }

  var title: String { ReportFigures.Cause.texts.first { $0.cause == cause }?.title ?? cause }
  var meaning: String { ReportFigures.Cause.texts.first { $0.cause == cause }?.meaning ?? "" }
}
