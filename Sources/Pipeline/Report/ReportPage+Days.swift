import CallModel

extension ReportPage {
  /// A day's sums, as its manifest has them.
  private struct DaySums {
    let day: Day
    let calls: Int64
    let credits, difference, unexplained, tolerance: Credits

    init?(_ day: Day, _ books: PublishedManifest.Books?) {
      guard let books, let credits = Credits(books.credits), let difference = Credits(books.creditsDifference),
        let unexplained = Credits(books.unexplainedCredits), let tolerance = Credits(books.toleranceCredits)
      else { return nil }
      (self.day, calls) = (day, books.calls)
      (self.credits, self.difference, self.unexplained, self.tolerance) = (credits, difference, unexplained, tolerance)
    }

    var isBeyond: Bool { difference.magnitude > tolerance }
  }

  var daysPart: ReportPart {
    var part = ReportPart(id: "days", title: "The last 30 days")
    guard let own = manifest.day else {
      part.body = ["<p>These tables are not those of one day, so there are no days before to show.</p>"]
      return part
    }
    let sums = days.compactMap { DaySums($0.day, $0.manifest.books) }
    guard days.count > 1 else {
      part.body = ["<p>No earlier day of the 30 before \(own.description) is published beside this one.</p>"]
      return part
    }
    let without = days.count - sums.count
    part.body = [
      """
      <p>Credits claimed less counted, by the day on which campaigns ended, as published when this page was made. \
      \(counted(Int64(days.count), "day is", plural: "days are")) published\
      \(without > 0 ? ", \(without) of them by a version of the program that kept no sums" : "").\(missingSentence)</p>
      <figure>\(chart(sums, upTo: own))<figcaption>The band is what passes for one campaign; ▲ and ▼ mark days beyond \
      it.</figcaption></figure>
      <details><summary>The figures of \(counted(Int64(sums.count), "day"))</summary>\(table(sums))</details>
      """
    ]
    return part
  }

  /// The days between published ones that are not.
  private var missingDays: [Day] {
    zip(days, days.dropFirst()).flatMap { before, after in
      (before.day.number + 1..<after.day.number).map { Day(number: $0) }
    }
  }

  private var missingSentence: HTML {
    let missing = missingDays
    guard !missing.isEmpty else { return "" }
    var spans: [(first: Day, last: Day)] = []
    for day in missing {
      if let last = spans.last?.last, last.number + 1 == day.number {
        spans[spans.count - 1].last = day
      } else {
        spans.append((day, day))
      }
    }
    let told = spans.map { $0.first == $0.last ? "\($0.first)" : "\($0.first) to \($0.last)" }.joined(separator: ", ")
    return """
       <span class="bad">✕ \(Figure("missing", Int64(missing.count)).html) between them \
      \(missing.count == 1 ? "is" : "are") not: \(told).</span>
      """
  }

  private func chart(_ days: [DaySums], upTo last: Day) -> HTML {
    let count = Int(PublishedDays.shown)
    let tolerance = days.map(\.tolerance).max() ?? .zero
    let (up, down) = (
      max(tolerance, days.map(\.difference).max() ?? .zero).millionths,
      max(tolerance, .zero - (days.map(\.difference).min() ?? .zero)).millionths
    )
    let beyond = days.count(where: \.isBeyond)
    var chart = ReportChart(
      "days", title: "Differences in credits of the last 30 days",
      summary:
        "One column a day, up where the provider claims more, at most \(grouped(Credits(millionths: up))) credits, and "
        + "down where it claims less, at most \(grouped(Credits(millionths: down))); \(counted(Int64(beyond), "day")) beyond "
        + "tolerance, \(missingDays.count) not published.", height: 196)
    // The columns share the height as they need it; each side keeps room for a sign.
    let (top, height) = (28, 124)
    let scale = max(1, up + down)
    let pixels = { (value: Credits) in Int(value.magnitude.millionths * Int128(height) / scale) }
    let middle = top + Int(up * Int128(height) / scale)
    let column = { (day: Day) in
      Share(Int128(Int(day.number) - Int(last.number) + count - 1), of: Int128(count))
    }
    let width = Share(Int128(1), of: Int128(count))
    chart.text("▲ claims more than its calls · ▼ claims less", "soft", x: .none, y: 12)
    for day in missingDays {
      chart.bar(
        "gap", from: column(day) + Share(thousandths: width.thousandths / 6),
        width: Share(thousandths: width.thousandths * 2 / 3), y: middle - 14, height: 28)
      chart.text(
        "✕", "gap sign", x: column(day) + Share(thousandths: width.thousandths / 2), y: middle + 3, anchor: .middle)
    }
    for day in days where day.tolerance > .zero {
      let size = max(1, pixels(day.tolerance))
      chart.bar("band", from: column(day.day), width: width, y: middle - size, height: 2 * size, rounded: false)
    }
    for day in days {
      let left = column(day.day) + Share(thousandths: width.thousandths / 6)
      let bar = Share(thousandths: width.thousandths * 2 / 3)
      let center = column(day.day) + Share(thousandths: width.thousandths / 2)
      let size = max(2, pixels(day.difference))
      let isMore = day.difference >= .zero
      let figure = Figure("day.\(day.day)", day.difference)
      if day.difference != .zero {
        chart.bar(
          isMore ? "more" : "less", from: left, width: bar, y: isMore ? middle - size : middle, height: size,
          figure: figure)
      } else {
        chart.bar("total", from: left, width: bar, y: middle - 1, height: 2, figure: figure)
      }
      if day.isBeyond {
        chart.text(
          isMore ? "▲" : "▼", "sign", x: center, y: isMore ? middle - size - 3 : middle + size + 9, anchor: .middle)
      }
    }
    chart.line("", from: (.none, middle), to: (.all, middle))
    for age in stride(from: count - 2, through: 0, by: -7) {
      let day = last.advanced(by: -Int32(age))
      let center = column(day) + Share(thousandths: width.thousandths / 2)
      // The outer ones would reach out of the chart.
      let (x, anchor): (Share, ReportChart.Anchor) =
        age == 0 ? (.all, .end) : age == count - 2 ? (column(day), .start) : (center, .middle)
      chart.text(String(day.description.suffix(5)), "soft", x: x, y: 190, anchor: anchor)
    }
    return chart.html
  }

  private func table(_ days: [DaySums]) -> HTML {
    let rows = days.reversed().map { day -> HTML in
      """
      <tr data-row="day" data-key="\(day.day.description)"><th scope="row">\(day.day.description)</th>\
      <td class="n">\(Figure("calls", day.calls).html)</td><td class="n">\(Figure("credits", day.credits).html)</td>\
      <td class="n">\(Figure("difference", day.difference, isSigned: true).html)\
      <small>\(day.isBeyond ? "beyond" : "within") \(Figure("tolerance", day.tolerance).html)</small></td>\
      <td class="n">\(Figure("unexplained", day.unexplained, isSigned: true).html)</td></tr>

      """
    }
    return """
      <table class="five"><thead><tr><th scope="col">Day</th><th scope="col" class="n">Calls</th><th scope="col" class="n">Credits</th>\
      <th scope="col" class="n">Difference</th><th scope="col" class="n">Unexplained</th></tr></thead>
      <tbody>
      \(rows)</tbody></table>
      """
  }
}
