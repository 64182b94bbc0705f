import CallModel

extension ReportPage {
  var openItemsPart: ReportPart {
    var part = ReportPart(id: "open-items", title: "Open items by age")
    guard let open = figures.openItems else {
      part.body = ["<p>Only runs for days keep a ledger of what still awaits an event, and this was none.</p>"]
      return part
    }
    let ledger = manifest.openItems.map(ledgerLine) ?? ""
    guard open.items > 0 else {
      part.body = ["<p>Nothing awaits an event: there is no open item.</p>\n", ledger]
      return part
    }
    let classes = zip(OpenItemAges.classes, open.ages).filter { $1.items > 0 }.map { ($0.label, $1) }
    part.body = [
      """
      <p>\(Figure("items", open.items).html) calls and campaigns still await an event, by the days since they were found \
      first.</p>
      <div class="pair"><figure>\(chart(classes))</figure>\(table(classes))</div>

      """, ledger,
    ]
    return part
  }

  private func ledgerLine(_ ledger: PublishedManifest.OpenItems) -> HTML {
    """
    <p class="note">The ledger in items: opening \(Figure("opening", ledger.opening.items).html) + new \
    \(Figure("new", ledger.new.items).html) − closed \(Figure("closed", ledger.closed.items).html) = ending \
    \(Figure("ending", ledger.ending.items).html).</p>

    """
  }

  private func chart(_ classes: [(label: String, age: OpenItemAges.Age)]) -> HTML {
    let most = max(1, classes.map(\.age.items).max() ?? 1)
    var chart = ReportChart(
      "open-items", title: "Open items by age",
      summary: "One bar for each class of ages, the longest \(grouped(most)) items; the table has the figures.",
      height: classes.count * 42)
    for (row, entry) in classes.enumerated() {
      let figure = Figure("items.\(entry.label)", entry.age.items)
      chart.text(entry.label, x: .none, y: row * 42 + 14)
      chart.text(figure.shown, "strong", x: .all, y: row * 42 + 14, anchor: .end, figure: figure)
      chart.bar("track", from: .none, width: .all, y: row * 42 + 20, height: 12)
      chart.bar(
        "count", from: .none, width: Share(Int128(entry.age.items), of: Int128(most)), y: row * 42 + 20, height: 12)
    }
    return chart.html
  }

  private func table(_ classes: [(label: String, age: OpenItemAges.Age)]) -> HTML {
    let rows = classes.map { label, age -> HTML in
      """
      <tr data-row="age" data-key="\(label)"><th scope="row">\(label)</th><td class="n">\(Figure("calls", age.calls).html)\
      </td><td class="n">\(Figure("campaigns", age.campaigns).html)</td><td class="n">\
      \(Figure("seconds", age.seconds).html)</td><td class="n">\
      \(Figure("expected_credits", age.expectedCredits).html)</td></tr>

      """
    }
    return """
      <table class="five"><caption>What is open</caption><thead><tr><th scope="col">Open for</th><th scope="col" class="n">Calls</th>\
      <th scope="col" class="n">Campaigns</th><th scope="col" class="n">Seconds</th>\
      <th scope="col" class="n">Credits expected</th></tr></thead>
      <tbody>
      \(rows)</tbody></table>
      """
  }
}
