import CallModel
import TextTables

/// Everything that a report shows of its tables, read from their files. It is bounded however large they are.
struct ReportFigures {
  /// What the calls of `totals` add up to.
  struct Sums {
    var calls: Int64 = 0
    var billableSeconds: Int64 = 0
    var credits = Credits.zero
    var expectedCredits = Credits.zero
  }

  struct Campaign {
    let id, name: String?
    let verdict: String
    let claimed, difference: Credits?
    let counted: Credits
    let explanation: String?
  }

  /// Several campaigns together.
  struct CampaignSums {
    var campaigns: Int64 = 0
    var claimed = Credits.zero
    var counted = Credits.zero
    var difference = Credits.zero

    mutating func add(_ campaign: Campaign) {
      campaigns += 1
      claimed += campaign.claimed ?? .zero
      counted += campaign.counted
      difference += campaign.difference ?? .zero
    }
  }

  /// A row of the findings.
  struct Exception {
    let code, severity: String
    let subjectType, subjectID, campaignID: String?
    let measure, claimed, counted, difference, message, origin: String?
    /// Credits; nil where it is not to be disputed, or the set has no table of disputes.
    let atStake: Credits?
  }

  struct Hour {
    /// `2026-04-08T10:00`; an hour begins at the half where two clocks differ by one.
    let start: String
    /// In the order of `EventKind`.
    let events: [Int64]

    var count: Int64 { events.reduce(0, +) }
    var date: String { String(start.prefix(10)) }
    /// `10:00`.
    var clock: String { String(start.suffix(5)) }
    /// 0 to 23.
    var number: Int { Int(clock.prefix(2)) ?? 0 }
  }

  struct ArchiveSums {
    /// Lines, then where they went, in the order of the table's columns.
    var lines = [Int64](repeating: 0, count: 7)
    var archives: Int64 = 0
    var damaged: Int64 = 0
  }

  static let mostCampaigns = 25
  static let mostExceptions = 500

  var sums = Sums()
  var verdicts: [String: Int64] = [:]
  /// Those that differ in credits or beyond tolerance, the largest differences first.
  var differing = Worst<Campaign>(most: mostCampaigns)
  var allDiffering = CampaignSums()
  /// Those of which nothing differs, or that claim no credits.
  var agreeing = CampaignSums()
  var withoutClaim: Int64 = 0
  /// What is claimed in credits, beside what the same campaigns count.
  var claims = CampaignSums()
  /// What is claimed too much and too little, without sign.
  var (over, under) = (Credits.zero, Credits.zero)
  /// Of the difference in credits.
  var unexplained = Credits.zero
  /// What the difference in credits is made of, in the order of the table.
  var causes: [Cause] = []

  var severities: [String: Int64] = [:]
  /// Findings by their codes, without those that are no more than information.
  var codes: [String: Int64] = [:]
  /// Calls that await an event and are not overdue.
  var awaiting: Int64 = 0
  /// Calls that are charged other credits than the billing rule gives, beyond tolerance, and by how much without sign.
  var offRule: (calls: Int64, credits: Credits) = (0, .zero)
  /// What is said of the configured billing rule, where another one explains more of what was charged.
  var otherRule: String?
  var exceptions = Worst<Exception>(most: mostExceptions)
  /// Findings against the provider, and the credits at stake in them; nil for a set without the table of disputes.
  var disputes: (count: Int64, credits: Credits)?

  var hours: [Hour] = []
  var archives = ArchiveSums()
  /// Nil for a set that is not of days.
  var openItems: OpenItemAges?
}

/// The worst of many things. Only few more than those are in memory.
struct Worst<Element> {
  /// The greater severity, then the greater amount, then what came first.
  struct Rank: Comparable {
    var severity: Int
    var amount: Credits
    var place: Int64

    static func < (left: Rank, right: Rank) -> Bool {
      if left.severity != right.severity { return left.severity > right.severity }
      if left.amount != right.amount { return left.amount > right.amount }
      return left.place < right.place
    }
  }

  private let most: Int
  private var kept: [(rank: Rank, element: Element)] = []
  /// What the last one kept has to be better than, once there are enough.
  private var bar: Rank?
  /// How many there were.
  private(set) var count: Int64 = 0

  init(most: Int) { self.most = most }

  /// `make` is called only for what may be among the worst.
  mutating func add(severity: Int, amount: Credits, _ make: () -> Element) {
    let rank = Rank(severity: severity, amount: amount, place: count)
    count += 1
    if let bar, bar < rank { return }
    kept.append((rank, make()))
    if kept.count >= 2 * most { prune() }
  }

  private mutating func prune() {
    kept.sort { $0.rank < $1.rank }
    kept.removeLast(max(0, kept.count - most))
    if kept.count == most { bar = kept.last?.rank }
  }

  /// The worst, worst first.
  var elements: [Element] { kept.sorted { $0.rank < $1.rank }.prefix(most).map(\.element) }
}

/// Open items by how many days they have been open.
struct OpenItemAges {
  struct Age {
    var calls: Int64 = 0
    var campaigns: Int64 = 0
    var seconds: Int64 = 0
    var expectedCredits = Credits.zero

    var items: Int64 { calls + campaigns }
  }

  /// Days, the last of each class.
  static let classes: [(label: String, last: Int64)] = [
    ("today", 0), ("1 day", 1), ("2 days", 2), ("3 days", 3), ("4 to 7 days", 7), ("8 to 14 days", 14),
    ("15 to 30 days", 30), ("over 30 days", .max),
  ]

  /// One a class.
  private(set) var ages = classes.map { _ in Age() }

  var items: Int64 { ages.reduce(0) { $0 + $1.items } }

  mutating func add(isCall: Bool, days: Int64, seconds: Int64, expectedCredits: Credits) {
    let place = OpenItemAges.classes.firstIndex { days <= $0.last } ?? 0
    if isCall { ages[place].calls += 1 } else { ages[place].campaigns += 1 }
    ages[place].seconds += seconds
    ages[place].expectedCredits += expectedCredits
  }
}
