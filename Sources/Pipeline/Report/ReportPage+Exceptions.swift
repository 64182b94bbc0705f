import CallModel

extension ReportPage {
  /// Bytes of markup after which no further exception is shown, so that the page stays below a megabyte.
  private static let mostBytes = 500_000

  var exceptionsPart: ReportPart {
    var part = ReportPart(id: "exceptions", title: "Exceptions, worst first")
    let all = figures.exceptions.count
    guard all > 0 else {
      part.body = ["<p>There is none: nothing was found that a person should know.</p>"]
      return part
    }
    var rows: HTML = ""
    var shown = 0
    var codes: [String] = []
    for exception in figures.exceptions.elements {
      guard rows.markup.utf8.count < ReportPage.mostBytes else { break }
      rows += row(exception)
      if !codes.contains(exception.code) { codes.append(exception.code) }
      shown += 1
    }
    let counts = ["error", "warning", "info"].compactMap { severity -> HTML? in
      guard let count = figures.severities[severity] else { return nil }
      return """
        <span class="\(severity.className)">\(severity.sign) \(Figure("findings.\(severity)", count).html) \
        \(severity.noun)\(count == 1 ? "" : "s")</span>
        """
    }
    let list = HTML(markup: counts.map(\.markup).joined(separator: ", "))
    part.body = [
      """
      <p>\(list). \(shown < all ? "The worst \(shown) of \(grouped(all)) are shown; all of them are in findings." : "")</p>
      \(disputes)\
      <table><caption>Of one severity, those with the most credits at stake come first</caption>
      <thead><tr><th scope="col" class="first">Finding</th><th scope="col" class="mid">Of</th>\
      <th scope="col">What it says</th></tr></thead>
      <tbody>
      \(rows)</tbody></table>
      <details><summary>What these codes mean, and what to do</summary>
      <dl class="codes">\(codes.map(explanation))</dl></details>

      """
    ]
    return part
  }

  /// What of the exceptions goes to the provider.
  private var disputes: HTML {
    guard let (count, credits) = figures.disputes else { return "" }
    guard count > 0 else { return "<p>None of them is one to dispute with the provider.</p>\n" }
    return """
      <p>\(Figure("disputes", count).html) of them \(count == 1 ? "is" : "are") to be disputed with the provider, with \
      \(Figure("credits_at_stake", credits).html) credits at stake: they are in disputes, with their raw events.</p>

      """
  }

  private func explanation(_ code: String) -> HTML {
    guard let known = FindingCode(rawValue: code) else { return "" }
    return "<dt>\(code)</dt><dd>\(known.meaning) \(known.action)</dd>\n"
  }

  private func row(_ exception: ReportFigures.Exception) -> HTML {
    let severity = exception.severity
    let campaign: HTML =
      exception.campaignID.map { id -> HTML in
        id == exception.subjectID ? "" : "<small class=\"id\">\(data(id))</small>"
      } ?? ""
    let amounts = [
      ("claimed", exception.claimed), ("counted", exception.counted), ("difference", exception.difference),
    ].compactMap { name, text in text.map { "\(name) \(amount(name, $0))" as HTML } }
    let measure = exception.measure.map { "\($0): " } ?? ""
    let claims: HTML =
      amounts.isEmpty ? "" : "<small>\(measure)\(HTML(markup: amounts.map(\.markup).joined(separator: ", ")))</small>"
    let dispute: HTML =
      exception.atStake.map { credits -> HTML in
        credits == .zero
          ? "<small>to dispute</small>"
          : "<small>to dispute, \(Figure("at_stake", credits, isSigned: true).html) credits at stake</small>"
      } ?? ""
    let origin: HTML = exception.origin.map { "<small class=\"id\">\(data($0))</small>" } ?? ""
    return """
      <tr data-row="exception"><th scope="row"><span class="\(severity.className)">\(severity.sign) \(severity)</span>\
      <small>\(data(exception.code))</small>\(dispute)</th><td><small>\(exception.subjectType ?? "")</small>\
      <span class="id">\(data(exception.subjectID))</span>\(campaign)</td>\
      <td>\(data(exception.message, most: 400))\(claims)\(origin)</td></tr>

      """
  }

  /// A cell of the findings that mostly is a number.
  private func amount(_ name: String, _ text: String) -> HTML {
    guard let value = Credits(text) else { return data(text) }
    return Figure(name, value, isSigned: name == "difference").html
  }
}

extension String {
  /// The sign that stands for a severity beside its colour.
  fileprivate var sign: String { self == "error" ? "✕" : self == "warning" ? "!" : "·" }
  fileprivate var className: String { self == "error" ? "bad" : self == "warning" ? "warn" : "none" }
  fileprivate var noun: String { self == "info" ? "note" : self }
}
