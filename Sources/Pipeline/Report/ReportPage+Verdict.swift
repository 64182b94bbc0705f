import CallModel
import Tally

extension ReportPage {
  /// What the page says first.
  var verdict: (word: String, name: String, sentence: HTML) {
    let mismatched = figures.verdicts[Verdict.mismatched.rawValue] ?? 0
    let incomplete = figures.verdicts[Verdict.incomplete.rawValue] ?? 0
    let judged = figures.claims.campaigns
    if mismatched > 0 {
      return (
        "Differs", "bad",
        "\(claimSentence), beyond tolerance in \(Figure("mismatched", mismatched).html) of \(campaigns("campaigns")) campaigns."
      )
    }
    if figures.offRule.calls > 0 {
      return (
        "Differs", "bad",
        """
        The campaigns’ claims hold, but calls are charged off the billing rule: \
        \(Figure("calls_off_rule", figures.offRule.calls).html), by \
        \(Figure("credits_off_rule", figures.offRule.credits).html) credits.
        """
      )
    }
    if incomplete > 0 {
      return (
        "Not complete", "warn",
        """
        Nothing differs beyond tolerance so far, but \(Figure("incomplete", incomplete).html) of \
        \(campaigns("campaigns")) campaigns cannot be judged yet.
        """
      )
    }
    if figures.archives.damaged > 0 {
      return (
        "Not complete", "warn",
        """
        Nothing differs beyond tolerance, but \(Figure("archives_not_whole", figures.archives.damaged).html) of \
        \(Figure("archives", figures.archives.archives).html) archives are not whole.
        """
      )
    }
    if judged == 0 {
      return (
        "No claims", "warn",
        "No campaign’s end claims credits here, so there is only the billing rule to hold the calls against."
      )
    }
    return (
      "Agrees", "good",
      "The provider billed what was spoken: \(judged == 1 ? "the one campaign’s claims hold" : "the claims of all campaigns hold")."
    )
  }

  private func campaigns(_ name: String) -> HTML {
    Figure(name, figures.verdicts.values.reduce(0, +)).html
  }

  private var claimSentence: HTML {
    let difference = figures.claims.difference
    if difference == .zero {
      return figures.over == .zero
        ? "The provider’s credits add up, but other claims differ from the calls"
        : "The provider claims \(Figure("over", figures.over).html) credits too much and as many too little"
    }
    return """
      The provider claims \(Figure("difference_size", difference.magnitude).html) credits \
      \(difference > .zero ? "more" : "less") than the calls add up to
      """
  }

  var verdictPart: HTML {
    let verdict = verdict
    let sums = figures.sums
    let off = sums.credits - sums.expectedCredits
    let otherRule: HTML = figures.otherRule.map { "<p class=\"warn\">! \(data($0, most: 400))</p>\n" } ?? ""
    return """
      <h1>\(verdict.sentence)</h1>
      <p><span class="state \(verdict.name)">\(verdict.word)</span></p>
      \(otherRule)\
      <dl class="four">
      <div><dt>Calls</dt><dd>\(Figure("calls", sums.calls).html)</dd></div>
      <div><dt>Billable minutes</dt><dd>\(Figure("billable_minutes", minutes(sums.billableSeconds)).html)</dd></div>
      <div><dt>Credits charged</dt><dd>\(Figure("credits", sums.credits).html)</dd>\
      <dd class="small">\(Figure("expected_credits", sums.expectedCredits).html) by the billing rule, \
      \(Figure("credits_difference", off, isSigned: true).html)</dd></div>
      <div><dt>Unexplained difference</dt><dd>\(Figure("unexplained", figures.unexplained, isSigned: true).html)</dd>\
      <dd class="small">of \(Figure("difference", figures.claims.difference, isSigned: true).html) credits claimed less \
      counted</dd></div>
      </dl>
      """
  }

  private func minutes(_ seconds: Int64) -> Credits {
    var sums = CallSums()
    sums.billableSeconds = seconds
    return sums.billableMinutes
  }
}
