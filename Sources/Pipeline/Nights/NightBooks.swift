import CallModel
import Intake
import Tally
import TextTables

/// The books of a window: everything that tables of its days are made of.
struct NightBooks {
  let file: PipelineFile
  let archives: NightArchives
  let days: DayBooks
  let archiveTotals: [ArchiveTotals]
  let drift: [DriftTotals]
  let openItems: OpenItemsBook
  /// Days whose ends are cuts of `openItems`, the first of them at 0.
  let firstCut: Int32
  let findings: DayFindings
  let threads: Int

  /// The same window with other books.
  func with(_ days: DayBooks) -> NightBooks {
    NightBooks(
      file: file, archives: archives, days: days, archiveTotals: archiveTotals, drift: drift, openItems: openItems,
      firstCut: firstCut, findings: findings, threads: threads)
  }

  private var ledger: EventLedger { days.books.ledger }
  private var window: PipelineFile.Window { file.window ?? PipelineFile.Window(lookback: 0) }

  /// More days than any books hold: without a window a campaign is held against all of its calls.
  static let anyDays: Int32 = 10_000_000

  /// What the tables of some days are made of, or where the books are not whole, what tells whether that has changed.
  func content(of published: RunDays) async -> DayContent {
    var (totals, order) = await days.books.settle(
      days.calls(of: published),
      CallJudgement(
        tolerance: file.tolerance, asOf: findings.hours.end(of: published.last), subject: .day(published.span)),
      threads: threads)
    for row in days.settled(of: published) { totals.add(row) }
    let campaigns = days.campaigns(
      of: published, lookback: file.window.map { Int32($0.lookback) } ?? NightBooks.anyDays)
    let reconciliation = Reconciliation(campaigns, file)
    let own = archives.own(of: published)
    let control = ControlTotals(own.map { archiveTotals[$0] })
    let open = openItems.ledger(
      from: Int(published.first.number - 1 - firstCut), to: Int(published.last.number - firstCut))
    var small = SmallTables(
      books: days.books, campaigns: campaigns, totals: totals, reconciliation: reconciliation,
      archives: control.archives, drift: DriftTotals(own.map { drift[$0] }), privacy: file.privacy)
    small.openItems = (open, published.last)
    small.hours = (published.first.number...published.last.number).flatMap { findings.hours.hours(of: Day(number: $0)) }
    var found = control.archives.compactMap(\.finding) + reconciliation.findings
    // Of books that are not whole, what calls show is incomplete; their prints stand for it.
    if days.whole == published { found += totals.findings }
    found += ledgerFindings(of: published)
    found += findings.missingDays(of: published) + findings.missingHours(of: published)
    if case .day(let day) = published {
      found += findings.late(days.lateDays(before: day.advanced(by: -Int32(window.restate)), of: published))
    }
    small.findings = found
    small.findDisputes(for: file)
    return DayContent(
      days: published, small: small, order: order, control: control, openItems: open)
  }

  /// What tells whether the content of some days has changed; to be asked of books that are not whole.
  func digest(of published: RunDays) async -> String {
    await content(of: published).digest(file, print: print(of: published))
  }

  /// The print of the days' calls, those that are not in the books among them.
  private func print(of published: RunDays) -> CallPrint {
    let paths = CallPrint.hashes(of: archives.paths)
    var print = CallPrint()
    for number in days.calls(of: published) {
      print += CallPrint(Call(Int(number), in: ledger.calls, rule: days.books.rule), in: ledger.calls, paths: paths)
    }
    for (day, settled) in days.prints where published.contains(day) { print += settled }
    return print
  }

  /// Conflicts and bad times: those of calls are told where the call is, those of campaigns where the record is.
  private func ledgerFindings(of published: RunDays) -> [Finding] {
    let numbers = ledger.calls
    return ledger.findings.filter { finding in
      var day = finding.origin.map { archives.days[Int($0.archive)] }
      if case .call(let id) = finding.subject, let call = numbers.number(ofCall: id) { day = days.days[call] }
      return day.map(published.contains) ?? false
    }
  }
}
