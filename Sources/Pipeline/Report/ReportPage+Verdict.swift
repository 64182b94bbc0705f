import CallModel
import Tally

extension ReportPage {
  /// What the page says first.
  var verdict: (word: String, name: String, sentence: HTML) {
    let mismatched = count(.mismatched)
    let incomplete = count(.incomplete)
    let archives = figures.archives
    if mismatched > 0 {
      let rest: HTML =
        incomplete == 0 ? "" : "; \(Figure("incomplete", incomplete).html) cannot be judged yet"
      return (
        "Differs", "bad",
        "\(claimSentence), beyond tolerance in \(Figure("mismatched", mismatched).html) of \(campaigns)\(rest)."
      )
    }
    if figures.offRule.calls > 0 {
      let claims =
        incomplete > 0
        ? "No claim differs beyond tolerance so far"
        : figures.claims.campaigns == 0 ? "No campaign’s end claims credits here" : "The campaigns’ claims hold"
      return (
        "Differs", "bad",
        """
        \(claims), but calls are charged off the billing rule: \
        \(Figure("calls_off_rule", figures.offRule.calls).html), by \
        \(Figure("credits_off_rule", figures.offRule.credits).html) credits.
        """
      )
    }
    if incomplete > 0 {
      return (
        "Not complete", "warn",
        """
        Nothing differs beyond tolerance so far, but \(Figure("incomplete", incomplete).html) of \(campaigns) cannot be \
        judged yet.
        """
      )
    }
    let overdue = [FindingCode.overdueCompleted, .overdueProcessed].reduce(0) { $0 + (figures.codes[$1.rawValue] ?? 0) }
    if overdue > 0 {
      return (
        "Not complete", "warn",
        """
        Nothing differs beyond tolerance so far, but what the provider says of \(Figure("overdue", overdue).html) \
        \(overdue == 1 ? "call" : "calls") is overdue.
        """
      )
    }
    if archives.damaged > 0 {
      return (
        "Not complete", "warn",
        "Nothing differs beyond tolerance in what could be read, but \(damagedSentence)."
      )
    }
    if figures.sums.calls == 0, campaignCount == 0 {
      return ("No calls", "warn", "There is nothing to bill: these tables hold no call and no campaign.")
    }
    if figures.claims.campaigns == 0 {
      return (
        "No claims", "warn",
        """
        No campaign’s end claims credits here, so there is only the billing rule to hold the calls against\
        \(figures.sums.calls == 0 ? "" : ", and no call is charged off it").
        """
      )
    }
    return ("Agrees", "good", "The provider billed what was spoken: \(agreement).")
  }

  /// Which claims hold, and what has none yet.
  private var agreement: HTML {
    let (open, unannounced) = (count(.open), count(.unannounced))
    let tolerance = count(.withinTolerance) > 0 ? " within tolerance" : ""
    let all = open + unannounced == 0
    var text: HTML
    if figures.claims.campaigns == 1 {
      let claims = all ? "the one campaign’s claims hold" : "the claims of the one campaign that has ended hold"
      text = "\(claims)\(tolerance)"
    } else {
      text = "the claims of all campaigns\(all ? "" : " that have ended") hold\(tolerance)"
    }
    if open > 0 { text += "; \(Figure("open", open).html) \(open == 1 ? "has" : "have") not ended" }
    if unannounced > 0 {
      text += "; of \(Figure("unannounced", unannounced).html) nothing but calls was seen"
    }
    return text
  }

  private func count(_ verdict: Verdict) -> Int64 { figures.verdicts[verdict.rawValue] ?? 0 }

  private var campaignCount: Int64 { figures.verdicts.values.reduce(0, +) }

  private var campaigns: HTML {
    "\(Figure("campaigns", campaignCount).html) \(campaignCount == 1 ? "campaign" : "campaigns")"
  }

  private var damagedSentence: HTML {
    let (damaged, all) = (figures.archives.damaged, figures.archives.archives)
    return """
      \(Figure("archives_not_whole", damaged).html) of \(Figure("archives", all).html) \
      \(all == 1 ? "archive" : "archives") \(damaged == 1 ? "is" : "are") not whole
      """
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
    return """
      <h1>\(verdict.sentence)</h1>
      <p><span class="state \(verdict.name)">\(verdict.word)</span></p>
      \(disputesLine)\(caveats.map { "<p class=\"warn\">! \($0)</p>\n" as HTML })\
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

  /// What is to be claimed back, for whoever reads no further.
  private var disputesLine: HTML {
    guard let (count, credits) = figures.disputes, count > 0 else { return "" }
    return """
      <p>\(Figure("disputes", count).html) \(count == 1 ? "finding" : "findings") to dispute, with \
      \(Figure("credits_at_stake", credits).html) credits at stake: <a href="#exceptions">the worst of them</a>; all are in \
      disputes, ready to send.</p>

      """
  }

  /// What the verdict could not take into account.
  private var caveats: [HTML] {
    var caveats: [HTML] = []
    if let otherRule = figures.otherRule { caveats.append(data(otherRule, most: 400)) }
    let rejected = figures.archives.rejected
    if rejected > 0 {
      caveats.append(
        """
        \(Figure("lines.rejected", rejected).html) \(rejected == 1 ? "line" : "lines") could not be read and \
        \(rejected == 1 ? "counts" : "count") nowhere.
        """)
    }
    if figures.archives.damaged > 0 { caveats.append("\(damagedSentence).") }
    let missing = figures.codes[FindingCode.missingDay.rawValue] ?? 0
    if missing > 0 {
      caveats.append(
        """
        \(Figure("missing_days", missing).html) \(missing == 1 ? "day has" : "days have") no archive, or not all of them.
        """)
    }
    if figures.awaiting > 0 {
      caveats.append(
        """
        \(Figure("awaiting", figures.awaiting).html) \(figures.awaiting == 1 ? "call still awaits" : "calls still await") \
        an event, which is not overdue.
        """)
    }
    return caveats
  }

  private func minutes(_ seconds: Int64) -> Credits {
    var sums = CallSums()
    sums.billableSeconds = seconds
    return sums.billableMinutes
  }
}
