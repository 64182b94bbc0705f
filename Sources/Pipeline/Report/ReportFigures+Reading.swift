import CallModel
import Tally
import TextTables

extension ReportFigures {
  /// Reads the tables of a set; `hasDays` says whether it has to have those of days.
  init(_ set: ReportSet, hasDays: Bool) throws(RunError) {
    self.init()
    try readTotals(set)
    try readReconciliation(set)
    try readDifferences(set)
    try readFindings(set)
    try readDisputes(set)
    try readHours(set)
    try readArchives(set)
    if hasDays { try readOpenItems(set) }
  }

  private mutating func readTotals(_ set: ReportSet) throws(RunError) {
    let table = TableName.totals
    let (calls, billable) = (table["calls"], table["billable_seconds"])
    let (credits, expected) = (table["credits"], table["expected_credits"])
    var sums = Sums()
    try set.forEachRow(ofRequired: table) { row in
      sums.calls += row.integer(calls) ?? 0
      sums.billableSeconds += row.integer(billable) ?? 0
      sums.credits += row.credits(credits) ?? .zero
      sums.expectedCredits += row.credits(expected) ?? .zero
    }
    self.sums = sums
  }

  private mutating func readReconciliation(_ set: ReportSet) throws(RunError) {
    let table = TableName.reconciliation
    let (id, name, verdict) = (table["campaign_id"], table["campaign_name"], table["verdict"])
    let (claimed, counted) = (table["claimed_total_credits"], table["counted_total_credits"])
    let (difference, explanation) = (table["difference_total_credits"], table["explanation"])
    var figures = self
    try set.forEachRow(ofRequired: table) { row in
      let campaign = Campaign(
        id: row.text(id), name: row.text(name), verdict: row.text(verdict) ?? "", claimed: row.credits(claimed),
        difference: row.credits(difference), counted: row.credits(counted) ?? .zero, explanation: row.text(explanation))
      figures.add(campaign)
    }
    self = figures
  }

  private mutating func readDifferences(_ set: ReportSet) throws(RunError) {
    let table = TableName.differences
    let (measure, cause, calls, difference) = (table["measure"], table["cause"], table["calls"], table["difference"])
    var sums: [String: Cause] = [:]
    try set.forEachRow(ofRequired: table) { row in
      guard row.text(measure) == Claim.totalCredits.rawValue, let name = row.text(cause) else { return }
      sums[name, default: Cause(cause: name)].calls += row.integer(calls) ?? 0
      sums[name, default: Cause(cause: name)].difference += row.credits(difference) ?? .zero
    }
    // What is left of the difference is unexplained, whoever wrote the table.
    let explained = sums.values.filter { $0.cause != Cause.unexplained }
    unexplained = explained.reduce(claims.difference) { $0 - $1.difference }
    causes = explained.sorted { ($0.place, $0.cause) < ($1.place, $1.cause) }
    if unexplained != .zero { causes.append(Cause(cause: Cause.unexplained, difference: unexplained)) }
  }

  private mutating func add(_ campaign: Campaign) {
    verdicts[campaign.verdict, default: 0] += 1
    if let difference = campaign.difference {
      claims.add(campaign)
      if difference > .zero { over += difference } else { under -= difference }
    } else {
      withoutClaim += 1
    }
    let isMismatched = campaign.verdict == Verdict.mismatched.rawValue
    guard isMismatched || (campaign.difference ?? .zero) != .zero else {
      agreeing.add(campaign)
      return
    }
    allDiffering.add(campaign)
    differing.add(severity: 0, amount: (campaign.difference ?? .zero).magnitude) { campaign }
  }

  private mutating func readFindings(_ set: ReportSet) throws(RunError) {
    let table = TableName.findings
    let (code, severity, measure) = (table["code"], table["severity"], table["measure"])
    let (type, id, campaign) = (table["subject_type"], table["subject_id"], table["campaign_id"])
    let (claimed, counted, difference) = (table["claimed"], table["counted"], table["difference"])
    let (message, origin) = (table["message"], table["origin"])
    let offRuleCodes = [FindingCode.creditsDiffer, .creditsNotBillable].map(\.rawValue)
    var (severities, offRule, otherRule, exceptions) = (severities, offRule, otherRule, exceptions)
    try set.forEachRow(ofRequired: table) { row in
      let weight = Finding.Severity(rawValue: row.text(severity) ?? "") ?? .info
      severities[weight.rawValue, default: 0] += 1
      let isOfCredits = ["credits", Claim.totalCredits.rawValue].contains(row.text(measure) ?? "")
      let amount = isOfCredits ? row.credits(difference)?.magnitude ?? .zero : .zero
      let name = row.text(code) ?? ""
      if name == FindingCode.billingRuleDiffers.rawValue, otherRule == nil { otherRule = row.text(message) }
      if weight == .error, offRuleCodes.contains(name) {
        offRule.calls += 1
        offRule.credits += amount
      }
      exceptions.add(severity: weight.place, amount: amount) {
        Exception(
          code: name, severity: weight.rawValue, subjectType: row.text(type), subjectID: row.text(id),
          campaignID: row.text(campaign), measure: row.text(measure), claimed: row.text(claimed),
          counted: row.text(counted), difference: row.text(difference), message: row.text(message),
          origin: row.text(origin))
      }
    }
    (self.severities, self.offRule, self.otherRule, self.exceptions) = (severities, offRule, otherRule, exceptions)
  }

  private mutating func readDisputes(_ set: ReportSet) throws(RunError) {
    let table = TableName.disputes
    let atStake = table["credits_at_stake"]
    var sum = (count: Int64(0), credits: Credits.zero)
    let isThere = try set.forEachRow(of: table) { row in
      sum.count += 1
      sum.credits += row.credits(atStake) ?? .zero
    }
    disputes = isThere ? sum : nil
  }

  private mutating func readHours(_ set: ReportSet) throws(RunError) {
    let table = TableName.hours
    let hour = table["hour"]
    let kinds = EventKind.allCases.map { table[$0.columnName] }
    var hours: [Hour] = []
    try set.forEachRow(ofRequired: table) { row in
      hours.append(
        Hour(start: String((row.text(hour) ?? "").prefix(13)), events: kinds.map { row.integer($0) ?? 0 }))
    }
    self.hours = hours
  }

  private mutating func readArchives(_ set: ReportSet) throws(RunError) {
    let table = TableName.archives
    let condition = table["condition"]
    let places = ArchiveSums.columns.map { table[$0] }
    var sums = ArchiveSums()
    try set.forEachRow(ofRequired: table) { row in
      sums.archives += 1
      if row.text(condition) != ArchiveCondition.whole.rawValue { sums.damaged += 1 }
      for (index, place) in places.enumerated() { sums.lines[index] += row.integer(place) ?? 0 }
    }
    archives = sums
  }

  private mutating func readOpenItems(_ set: ReportSet) throws(RunError) {
    let table = TableName.openItems
    let (kind, age) = (table["kind"], table["age_days"])
    let (seconds, credits) = (table["seconds"], table["expected_credits"])
    var ages = OpenItemAges()
    try set.forEachRow(ofRequired: table) { row in
      ages.add(
        isCall: row.text(kind) == "call", days: row.integer(age) ?? 0, seconds: row.integer(seconds) ?? 0,
        expectedCredits: row.credits(credits) ?? .zero)
    }
    openItems = ages
  }
}

extension Finding.Severity {
  /// Greater is worse.
  fileprivate var place: Int {
    switch self {
    case .info: 0
    case .warning: 1
    case .error: 2
    }
  }
}

extension ReportFigures.ArchiveSums {
  /// The columns that `lines` adds up.
  static let columns = ["lines", "accepted", "duplicates", "conflicts", "rejected", "ignored", "blank"]
}
