import CallModel

/// How much of a campaign's difference in credits its calls' records account for, and which calls those are.
struct CreditsExplanation {
  /// Of the difference; what is left of it is unexplained.
  let explained: Credits
  /// The causes and the unexplained rest; their amounts add up to the difference.
  let text: String

  /// Takes those of the causes that leave the least unexplained, whatever their signs; of choices that leave the same
  /// the one of the fewest causes, then the one of the surest. `shown` is how a call's id may be shown, if at all.
  init(of difference: Credits, _ sums: CampaignSums, shown: (String) -> String?) {
    let causes = CreditsExplanation.causes(of: sums).filter { $0.cause.credits != .zero }
    var best: [Int] = []
    var bestRest = difference
    for choice in CreditsExplanation.choices(of: causes.count) {
      let rest = choice.reduce(difference) { $0 - causes[$1].cause.credits }
      if rest.magnitude < bestRest.magnitude { (best, bestRest) = (choice, rest) }
    }
    var parts = best.map { place in
      let (cause, one, many) = causes[place]
      let name = cause.calls == 1 ? one : "\(cause.calls) \(many)"
      return "\(name)\(CreditsExplanation.examples(of: cause, shown)): \(cause.credits)"
    }
    if bestRest != .zero { parts.append("unexplained: \(bestRest)") }
    explained = difference - bestRest
    text = parts.joined(separator: "; ")
  }

  /// The causes there are, the surest first.
  private static func causes(of sums: CampaignSums) -> [(cause: CampaignSums.Cause, one: String, many: String)] {
    [
      (sums.unprocessed, "1 call without call.processed", "calls without call.processed"),
      (sums.uncharged, "1 call processed without credits", "calls processed without credits"),
      (sums.offRate, "1 call off the billing rule", "calls off the billing rule"),
      (sums.otherDuration, "1 call with two durations", "calls with two durations"),
      (sums.repeated, "1 call delivered again", "calls delivered again"),
    ]
  }

  /// Every choice among the places below `count`: small choices first, and of one size in the order of their places.
  private static func choices(of count: Int) -> [[Int]] {
    (0..<(1 << count)).map { bits in (0..<count).filter { bits >> $0 & 1 == 1 } }.sorted { left, right in
      left.count != right.count ? left.count < right.count : left.lexicographicallyPrecedes(right)
    }
  }

  /// ` (conv_a, conv_b, conv_c and 2 more)`; nothing where ids may not be shown.
  private static func examples(of cause: CampaignSums.Cause, _ shown: (String) -> String?) -> String {
    let ids = cause.examples.compactMap(shown)
    guard !ids.isEmpty else { return "" }
    let more = cause.calls - Int64(ids.count)
    return " (\(ids.joined(separator: ", "))\(more > 0 ? " and \(more) more" : ""))"
  }
}
