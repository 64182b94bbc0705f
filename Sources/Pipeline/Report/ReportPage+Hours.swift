import CallModel

extension ReportPage {
  /// Dates that are drawn: the last of them.
  private static let mostDates = 62

  var hoursPart: ReportPart {
    var part = ReportPart(id: "hours", title: "Events received, hour by hour")
    let hours = figures.hours
    guard hours.contains(where: { $0.count > 0 }) else {
      part.body = ["<p>No event of these days has a time.</p>"]
      return part
    }
    let gaps = hours.gaps
    let count = hours.reduce(0) { $0 + $1.count }
    let (first, last) = (hours.first { $0.count > 0 }, hours.last { $0.count > 0 })
    let ends = "from \(hours.name(first)) to \(hours.name(last, isEnd: true))"
    let spans = hours.gapSpans
    let told = spans.prefix(12).joined(separator: ", ") + (spans.count > 12 ? " and more" : "")
    let gapSentence: HTML =
      gaps.isEmpty
      ? "No hour between the first and the last of them is without one."
      : """
      <span class="bad">✕ \(Figure("gaps", Int64(gaps.count)).html) \(gaps.count == 1 ? "hour" : "hours") between the \
      first and the last of them without any: \(told).</span>
      """
    part.body = [
      """
      <p>\(Figure("events", count).html) accepted \(count == 1 ? "event" : "events") by \(count == 1 ? "its" : "their") \
      timestamp, \(ends) on the provider’s clock. \(gapSentence)</p>
      \(hours.count > 25 ? manyHours(hours, gaps: gaps) : oneDay(hours, gaps: gaps))
      """
    ]
    return part
  }

  private func oneDay(_ hours: [ReportFigures.Hour], gaps: [ReportFigures.Hour]) -> HTML {
    """
    <figure>\(columns(hours, gaps: gaps))</figure>
    <details><summary>The figures of \(hours.count) hours</summary>\(table(hours))</details>
    """
  }

  private func manyHours(_ hours: [ReportFigures.Hour], gaps: [ReportFigures.Hour]) -> HTML {
    let all = hours.days
    let days = Array(all.suffix(ReportPage.mostDates))
    let note: HTML =
      days.count < all.count ? "<figcaption>The last \(days.count) of \(all.count) dates.</figcaption>" : ""
    return """
      <figure>\(grid(days, gaps: gaps))\(note)</figure>
      <details><summary>The figures of \(days.count) dates</summary>\(tableOfDays(days, gaps: gaps))</details>
      """
  }

  private func columns(_ hours: [ReportFigures.Hour], gaps: [ReportFigures.Hour]) -> HTML {
    let most = max(1, hours.map(\.count).max() ?? 1)
    var chart = ReportChart(
      "hours", title: "Events by hour",
      summary: "One column an hour, the highest with \(grouped(most)) events. \(counted(Int64(gaps.count), "hour")) "
        + "between the first and the last event without any.", height: 176)
    let (top, base) = (24, 150)
    let column = { (index: Int) in Share(Int128(index), of: Int128(hours.count)) }
    let width = Share(Int128(8), of: Int128(hours.count * 10))
    let inset = Share(Int128(1), of: Int128(hours.count * 10))
    chart.text("most: \(grouped(most)) an hour", "soft", x: .none, y: 12)
    for (index, hour) in hours.enumerated() {
      let left = column(index) + inset
      let middle = left + Share(thousandths: width.thousandths / 2)
      let height = Int(hour.count * Int64(base - top) / most)
      if hour.count > 0 {
        chart.bar(
          "count", from: left, width: width, y: base - max(height, 2), height: max(height, 2),
          figure: Figure("hour.\(hour.start)", hour.count))
      } else if gaps.contains(where: { $0.start == hour.start }) {
        chart.bar("gap", from: left, width: width, y: top + 20, height: base - top - 20)
        chart.text("✕", "gap", x: middle, y: base - 6, anchor: .middle)
      }
      let isWhole = hour.clock.hasSuffix(":00")
      if index % (isWhole ? 3 : 6) == 0 {
        // The outer ones would reach out of the chart.
        let (x, anchor): (Share, ReportChart.Anchor) =
          index == 0 ? (.none, .start) : index == hours.count - 1 ? (.all, .end) : (middle, .middle)
        chart.text(isWhole ? String(hour.clock.prefix(2)) : hour.clock, "soft", x: x, y: 168, anchor: anchor)
      }
    }
    chart.line("", from: (.none, base), to: (.all, base))
    return chart.html
  }

  /// Days below one another, each with its hours in a row.
  private func grid(_ days: [[ReportFigures.Hour]], gaps: [ReportFigures.Hour]) -> HTML {
    let most = max(1, days.joined().map(\.count).max() ?? 1)
    let gaps = Set(gaps.map(\.start))
    var chart = ReportChart(
      "hours", title: "Events by day and hour",
      summary:
        "One row a day and one field an hour, darker where more events came, the most \(grouped(most)). Fields with "
        + "a cross are hours without events between ones that have some.", height: days.count * 20 + 22)
    let left = Share(thousandths: 14_000)
    let width = Share(thousandths: 86_000 / 24)
    for (row, day) in days.enumerated() {
      chart.text(String(day.first?.date.suffix(5) ?? ""), "soft", x: .none, y: row * 20 + 33)
      for hour in day {
        let place = left + Share(thousandths: width.thousandths * Int128(hour.number))
        let isGap = gaps.contains(hour.start)
        let shade = hour.count == 0 ? 0 : 1 + min(3, hour.count * 4 / (most + 1))
        chart.bar(
          isGap ? "gap" : "s\(shade)", from: place, width: width - Share(thousandths: 350), y: row * 20 + 20,
          height: 17,
          figure: Figure("hour.\(hour.start)", hour.count))
        if isGap {
          chart.text(
            "✕", "gap", x: place + Share(thousandths: (width.thousandths - 350) / 2), y: row * 20 + 33, anchor: .middle)
        }
      }
    }
    for hour in stride(from: 0, to: 24, by: 3) {
      let place = left + Share(thousandths: width.thousandths * Int128(hour) + width.thousandths / 2)
      chart.text(hour < 10 ? "0\(hour)" : "\(hour)", "soft", x: place, y: 12, anchor: .middle)
    }
    return chart.html
  }

  private func table(_ hours: [ReportFigures.Hour]) -> HTML {
    let gaps = Set(hours.gaps.map(\.start))
    let rows = hours.map { hour -> HTML in
      let parts = zip(EventKind.allCases, hour.events).filter { $1 > 0 }.map { kind, count -> HTML in
        "\(kind.name) \(Figure(kind.columnName, count).html)"
      }
      let text = HTML(markup: parts.map(\.markup).joined(separator: ", "))
      return """
        <tr data-row="hour" data-key="\(hour.start)"><th scope="row" class="one">\(hours.name(hour))</th>\
        <td class="n">\(Figure("events", hour.count).html)</td>\
        <td>\(gaps.contains(hour.start) ? "<span class=\"bad\">✕ no event</span>" : text)</td></tr>

        """
    }
    return """
      <table><thead><tr><th scope="col">Hour</th><th scope="col" class="n">Events</th><th scope="col">Of which</th></tr>\
      </thead>
      <tbody>
      \(rows)</tbody></table>
      """
  }

  /// Of a range the sums of its days.
  private func tableOfDays(_ days: [[ReportFigures.Hour]], gaps: [ReportFigures.Hour]) -> HTML {
    let gaps = Set(gaps.map(\.start))
    let rows = days.map { hours -> HTML in
      let date = hours.first?.date ?? ""
      return """
        <tr data-row="date" data-key="\(date)"><th scope="row" class="one">\(date)</th>\
        <td class="n">\(Figure("events", hours.reduce(0) { $0 + $1.count }).html)</td>\
        <td class="n">\(Figure("gaps", Int64(hours.count { gaps.contains($0.start) })).html)</td></tr>

        """
    }
    return """
      <table><thead><tr><th scope="col">Date</th><th scope="col" class="n">Events</th>\
      <th scope="col" class="n">Hours without any</th></tr></thead>
      <tbody>
      \(rows)</tbody></table>
      """
  }
}

extension [ReportFigures.Hour] {
  /// The hours without events between the first and the last that have some.
  fileprivate var gaps: [ReportFigures.Hour] {
    guard let first = firstIndex(where: { $0.count > 0 }), let last = lastIndex(where: { $0.count > 0 }) else {
      return []
    }
    return self[first...last].filter { $0.count == 0 }
  }

  /// The hours without events, those after one another together: `02:00 to 09:00`, with the date where there are several.
  fileprivate var gapSpans: [String] {
    let gaps = Set(gaps.map(\.start))
    var spans: [String] = []
    var begin: ReportFigures.Hour?
    for hour in self {
      if gaps.contains(hour.start) {
        begin = begin ?? hour
      } else if let first = begin {
        spans.append("\(name(first)) to \(name(hour))")
        begin = nil
      }
    }
    return spans
  }

  /// `09:00`, with the date where there are several, as a day of the business may begin on another date of the provider's
  /// clock; with `isEnd` when the hour is over, by the date on which it began.
  fileprivate func name(_ hour: ReportFigures.Hour?, isEnd: Bool = false) -> String {
    guard let hour else { return "" }
    let number = hour.number + (isEnd ? 1 : 0)
    return "\(days.count == 1 ? "" : "\(hour.date) ")\(number < 10 ? "0" : "")\(number)\(hour.clock.suffix(3))"
  }

  /// The hours of each date of the provider's clock.
  fileprivate var days: [[ReportFigures.Hour]] {
    var days: [[ReportFigures.Hour]] = []
    for hour in self {
      if days.last?.first?.date == hour.date {
        days[days.count - 1].append(hour)
      } else {
        days.append([hour])
      }
    }
    return days
  }
}
