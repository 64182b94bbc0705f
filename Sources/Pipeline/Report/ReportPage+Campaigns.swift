import CallModel

extension ReportPage {
  var campaignsPart: ReportPart {
    var part = ReportPart(id: "campaigns", title: "Differences by campaign")
    let campaigns = figures.differing.elements
    guard figures.verdicts.values.reduce(0, +) > 0 else {
      part.body = ["<p>There is no campaign in these tables.</p>"]
      return part
    }
    guard !campaigns.isEmpty else {
      part.body = [
        """
        <p>No campaign differs: of \(counted(figures.verdicts.values.reduce(0, +), "campaign")), \
        \(Figure("campaigns_with_claim", figures.claims.campaigns).html) claim credits, \
        \(Figure("claimed", figures.claims.claimed).html) in all, and their calls add up to \
        \(Figure("counted", figures.claims.counted).html).</p>
        """
      ]
      return part
    }
    let rest = figures.allDiffering.campaigns - Int64(campaigns.count)
    part.body = [
      """
      <p>Credits that a campaign’s end claims less those that its calls add up to. \
      \(rest > 0 ? "The \(campaigns.count) largest differences of \(grouped(figures.allDiffering.campaigns)) are drawn." : "")</p>
      <div class="pair"><figure>\(chart(campaigns))<figcaption>◀ the provider claims less · claims more ▶</figcaption>\
      </figure>\(table(campaigns))</div>
      """
    ]
    return part
  }

  private func name(_ campaign: ReportFigures.Campaign) -> String {
    [campaign.name, campaign.id].compactMap(\.self).first { !$0.isEmpty } ?? "(hidden)"
  }

  private func chart(_ campaigns: [ReportFigures.Campaign]) -> HTML {
    let most = max(1, campaigns.map { ($0.difference ?? .zero).magnitude.millionths }.max() ?? 1)
    var chart = ReportChart(
      "campaigns", title: "Differences in credits by campaign",
      summary: "One bar a campaign, to the right where the provider claims more than its calls add up to, to the left "
        + "where it claims less; the table has the figures.", height: campaigns.count * 42)
    for (index, campaign) in campaigns.enumerated() {
      let difference = campaign.difference ?? .zero
      let top = index * 42
      let figure = Figure("campaign_difference", difference, isSigned: true)
      let value = campaign.difference == nil ? "no claim" : figure.shown
      chart.text(
        name(campaign).cut(width: ReportChart.leastWidth - 1_000 - value.width), x: .none, y: top + 14)
      chart.text(value, "strong", x: .all, y: top + 14, anchor: .end)
      chart.bar("track", from: .none, width: .all, y: top + 20, height: 12)
      let width = Share(difference.magnitude.millionths, of: most, times: .half)
      let isMore = difference >= .zero
      if difference != .zero {
        chart.bar(
          isMore ? "more" : "less", from: isMore ? .half : .half - width, width: width, y: top + 20, height: 12)
      }
      chart.line("", from: (.half, top + 18), to: (.half, top + 34))
    }
    return chart.html
  }

  private func table(_ campaigns: [ReportFigures.Campaign]) -> HTML {
    let rows = campaigns.map { campaign -> HTML in
      let claimed: HTML = campaign.claimed.map { Figure("claimed", $0).html } ?? "<span class=\"none\">none</span>"
      let difference: HTML = campaign.difference.map { Figure("difference", $0, isSigned: true).html } ?? ""
      let explanation: HTML = campaign.explanation.map { "<small>\(data($0, most: 240))</small>" } ?? ""
      return """
        <tr data-row="campaign" data-key="\((campaign.id ?? "").cut(200))"><th scope="row">\(data(name(campaign), most: 80))\
        <small class="id">\(data(campaign.id))</small><small>\(campaign.verdict.replacing("_", with: " "))</small>\
        \(explanation)</th><td class="n">\(claimed)</td><td class="n">\(Figure("counted", campaign.counted).html)</td>\
        <td class="n">\(difference)</td></tr>

        """
    }
    var rest = figures.allDiffering
    for campaign in campaigns { rest.remove(campaign) }
    return """
      <table><caption>Credits claimed and counted</caption>
      <thead><tr><th scope="col">Campaign</th><th scope="col" class="n">Claimed</th><th scope="col" class="n">Counted</th>\
      <th scope="col" class="n">Difference</th></tr></thead>
      <tbody>
      \(rows)\(row("other_differing", "other campaigns that differ", rest))\
      \(row("agreeing", "campaigns that agree or claim no credits", figures.agreeing))</tbody>
      </table>
      """
  }

  private func row(_ name: String, _ title: String, _ sums: ReportFigures.CampaignSums) -> HTML {
    guard sums.campaigns > 0 else { return "" }
    return """
      <tr data-row="\(name)"><th scope="row">\(Figure("campaigns", sums.campaigns).html) \(title)</th>\
      <td class="n">\(Figure("claimed", sums.claimed).html)</td><td class="n">\(Figure("counted", sums.counted).html)</td>\
      <td class="n">\(Figure("difference", sums.difference, isSigned: true).html)</td></tr>

      """
  }
}

extension ReportFigures.CampaignSums {
  fileprivate mutating func remove(_ campaign: ReportFigures.Campaign) {
    campaigns -= 1
    claimed -= campaign.claimed ?? .zero
    counted -= campaign.counted
    difference -= campaign.difference ?? .zero
  }
}
