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
      \(without > 0 ? ", \(without) of them by a version of the program that kept no sums" : "").</p>
      <figure>\(chart(sums, upTo: own))<figcaption>The band is what passes for one campaign; ▲ and ▼ mark days beyond \
      it.</figcaption></figure>
      <details><summary>The figures of \(counted(Int64(sums.count), "day"))</summary>\(table(sums))</details>
      """
    ]
    return part
  }

  private func chart(_ days: [DaySums], upTo last: Day) -> HTML {
    let count = Int(PublishedDays.shown)
    let most = max(1, days.flatMap { [$0.difference.magnitude, $0.tolerance] }.map(\.millionths).max() ?? 1)
    let beyond = days.count(where: \.isBeyond)
    var chart = ReportChart(
      "days", title: "Differences in credits of the last 30 days",
      summary: "One column a day, up where the provider claims more and down where it claims less, the largest "
        + "\(grouped(Credits(millionths: most))) credits; \(counted(Int64(beyond), "day")) beyond tolerance.",
      height: 196)
    let (middle, reach) = (92, 68)
    let column = { (day: Day) in
      Share(Int128(Int(day.number) - Int(last.number) + count - 1), of: Int128(count))
    }
    let width = Share(Int128(1), of: Int128(count))
    chart.text("up: claims more, at most \(grouped(Credits(millionths: most)))", "soft", x: .none, y: 12)
    for day in days where day.tolerance > .zero {
      let size = max(1, Int(day.tolerance.millionths * Int128(reach) / most))
      chart.bar("band", from: column(day.day), width: width, y: middle - size, height: 2 * size, rounded: false)
    }
    for day in days {
      let left = column(day.day) + Share(thousandths: width.thousandths / 6)
      let bar = Share(thousandths: width.thousandths * 2 / 3)
      let center = column(day.day) + Share(thousandths: width.thousandths / 2)
      let size = Int(day.difference.magnitude.millionths * Int128(reach) / most)
      let isMore = day.difference >= .zero
      if day.difference != .zero {
        chart.bar(
          isMore ? "more" : "less", from: left, width: bar, y: isMore ? middle - max(size, 2) : middle,
          height: max(size, 2), figure: Figure("day.\(day.day)", day.difference))
      } else {
        chart.bar("total", from: left, width: bar, y: middle - 1, height: 2, figure: Figure("day.\(day.day)", .zero))
      }
      if day.isBeyond {
        chart.text(
          isMore ? "▲" : "▼", isMore ? "sign more" : "sign less", x: center,
          y: isMore ? middle - max(size, 2) - 3 : middle + max(size, 2) + 11, anchor: .middle)
      }
    }
    chart.line("", from: (.none, middle), to: (.all, middle))
    for age in stride(from: count - 1, through: 0, by: -7) {
      let day = last.advanced(by: -Int32(age))
      let center = column(day) + Share(thousandths: width.thousandths / 2)
      chart.text(
        String(day.description.suffix(5)), "soft", x: age == count - 1 ? .none : center, y: 190,
        anchor: age == count - 1 ? .start : .middle)
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
      <table><thead><tr><th scope="col">Day</th><th scope="col" class="n">Calls</th><th scope="col" class="n">Credits</th>\
      <th scope="col" class="n">Difference</th><th scope="col" class="n">Unexplained</th></tr></thead>
      <tbody>
      \(rows)</tbody></table>
      """
  }
}
