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
    try readFindings(set, atStake: readDisputes(set))
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

  private mutating func readFindings(_ set: ReportSet, atStake: [DisputeKey: Credits]) throws(RunError) {
    let table = TableName.findings
    let (code, severity, measure) = (table["code"], table["severity"], table["measure"])
    let (type, id, campaign) = (table["subject_type"], table["subject_id"], table["campaign_id"])
    let (claimed, counted, difference) = (table["claimed"], table["counted"], table["difference"])
    let (message, origin) = (table["message"], table["origin"])
    let offRuleCodes = [FindingCode.creditsDiffer, .creditsNotBillable].map(\.rawValue)
    let awaitingCodes = [FindingCode.awaitingCompleted, .awaitingProcessed].map(\.rawValue)
    let areDisputesThere = disputes != nil
    var (severities, codes, awaiting) = (severities, codes, awaiting)
    var (offRule, otherRule, exceptions) = (offRule, otherRule, exceptions)
    try set.forEachRow(ofRequired: table) { row in
      let weight = Finding.Severity(rawValue: row.text(severity) ?? "") ?? .info
      severities[weight.rawValue, default: 0] += 1
      let isOfCredits = ["credits", Claim.totalCredits.rawValue].contains(row.text(measure) ?? "")
      let amount = isOfCredits ? row.credits(difference)?.magnitude ?? .zero : .zero
      let name = row.text(code) ?? ""
      if weight > .info { codes[name, default: 0] += 1 }
      if awaitingCodes.contains(name) { awaiting += 1 }
      var stake: Credits?
      if areDisputesThere, weight > .info, FindingCode(rawValue: name)?.isAgainstProvider ?? false {
        stake =
          atStake.isEmpty
          ? .zero
          : atStake[
            DisputeKey(code: name, subjectID: row.text(id), measure: row.text(measure), origin: row.text(origin))]
            ?? .zero
      }
      if name == FindingCode.billingRuleDiffers.rawValue, otherRule == nil { otherRule = row.text(message) }
      if weight == .error, offRuleCodes.contains(name) {
        offRule.calls += 1
        offRule.credits += amount
      }
      exceptions.add(severity: weight.place, amount: stake?.magnitude ?? amount) {
        Exception(
          code: name, severity: weight.rawValue, subjectType: row.text(type), subjectID: row.text(id),
          campaignID: row.text(campaign), measure: row.text(measure), claimed: row.text(claimed),
          counted: row.text(counted), difference: row.text(difference), message: row.text(message),
          origin: row.text(origin), atStake: stake)
      }
    }
    (self.severities, self.codes, self.awaiting) = (severities, codes, awaiting)
    (self.offRule, self.otherRule, self.exceptions) = (offRule, otherRule, exceptions)
  }

  /// What tells the finding that a dispute is about.
  private struct DisputeKey: Hashable {
    let code: String
    let subjectID, measure, origin: String?
  }

  /// Reads the disputes and gives what is at stake in those of them in which anything is.
  private mutating func readDisputes(_ set: ReportSet) throws(RunError) -> [DisputeKey: Credits] {
    let table = TableName.disputes
    let (code, id, measure, origin) = (table["code"], table["subject_id"], table["measure"], table["origin"])
    let atStake = table["credits_at_stake"]
    var sum = (count: Int64(0), credits: Credits.zero)
    var credits: [DisputeKey: Credits] = [:]
    let isThere = try set.forEachRow(of: table) { row in
      sum.count += 1
      guard let amount = row.credits(atStake), amount != .zero else { return }
      sum.credits += amount
      let key = DisputeKey(
        code: row.text(code) ?? "", subjectID: row.text(id), measure: row.text(measure), origin: row.text(origin))
      credits[key] = amount
    }
    disputes = isThere ? sum : nil
    return credits
  }

  private mutating func readHours(_ set: ReportSet) throws(RunError) {
    let table = TableName.hours
    let hour = table["hour"]
    let kinds = EventKind.allCases.map { table[$0.columnName] }
    var hours: [Hour] = []
    try set.forEachRow(ofRequired: table) { row in
      hours.append(
        Hour(start: String((row.text(hour) ?? "").prefix(16)), events: kinds.map { row.integer($0) ?? 0 }))
    }
    self.hours = hours
  }

  private mutating func readArchives(_ set: ReportSet) throws(RunError) {
    let table = TableName.archives
    let condition = table["condition"]
    let places = ArchiveSums.columns.map { table[$0] }
    let (lines, rejected) = (table["lines"], table["rejected"])
    var sums = ArchiveSums()
    try set.forEachRow(ofRequired: table) { row in
      sums.archives += 1
      let found = ArchiveCondition(rawValue: row.text(condition) ?? "")
      let isNoArchive =
        found == .notGzip && row.integer(lines) ?? 0 > 0 && row.integer(lines) == row.integer(rejected)
      if found?.isDamaged ?? true || isNoArchive { sums.damaged += 1 }
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

  var rejected: Int64 { lines[4] }
}
