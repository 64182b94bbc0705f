/// What a messy sample does to one call's deliveries.
struct CallFaults: OptionSet, Sendable {
  let rawValue: UInt32

  // To the deliveries.
  static let duplicate = CallFaults(bit: 0)
  static let manyDuplicates = CallFaults(bit: 1)
  static let conflict = CallFaults(bit: 2)
  static let late = CallFaults(bit: 3)
  static let shuffled = CallFaults(bit: 4)
  static let lostProcessed = CallFaults(bit: 5)
  static let lostCompleted = CallFaults(bit: 6)
  static let repeatedProcessed = CallFaults(bit: 7)
  // To the values.
  static let oddCredits = CallFaults(bit: 8)
  static let oddDuration = CallFaults(bit: 9)
  static let unknownField = CallFaults(bit: 10)
  static let creditsAsText = CallFaults(bit: 11)
  static let impossibleDate = CallFaults(bit: 12)
  static let colonTime = CallFaults(bit: 13)
  static let zuluTime = CallFaults(bit: 14)
  static let offsetTime = CallFaults(bit: 15)
  static let carriageReturn = CallFaults(bit: 16)
  // Lines of their own beside the call's.
  static let unknownEvent = CallFaults(bit: 17)
  static let cutLine = CallFaults(bit: 18)
  static let trailingJunk = CallFaults(bit: 19)
  static let noEventID = CallFaults(bit: 20)
  static let duplicateKey = CallFaults(bit: 21)
  static let notAnObject = CallFaults(bit: 22)
  static let blankLine = CallFaults(bit: 23)

  private static let kinds = 24

  init(rawValue: UInt32) { self.rawValue = rawValue }

  private init(bit: Int) { rawValue = 1 << UInt32(bit) }

  /// The faults of one call: each kind strikes one call of every block, so that even a small day shows all of them.
  ///
  /// A block is half of a small sample and 500 calls of a large one: about 5 calls of 100 have a fault.
  static func striking(call: Int, of calls: Int, seed: UInt64) -> CallFaults {
    let size = min(500, max(60, calls / 2))
    var random = SampleRandom(seed: seed, .faults, call / size)
    var faults: CallFaults = []
    for kind in 0..<kinds where random.below(size) == call % size { faults.insert(CallFaults(bit: kind)) }
    return faults
  }
}

/// What a messy sample does to one campaign.
enum CampaignFault: Sendable {
  case none
  /// The claims at the set bits are off: total, successful and failed calls, total and billable duration, credits.
  case wrongClaims(mask: Int)
  /// No campaign event at all.
  case unannounced
  /// No `campaign.ended`.
  case open
  /// No `campaign.started`.
  case unstarted

  /// One of each kind among the first campaigns and in every forty.
  static func striking(campaign: Int, of campaigns: Int, seed: UInt64) -> CampaignFault {
    let period = min(40, max(5, campaigns))
    var shift = SampleRandom(seed: seed, .campaignFaults, 0)
    switch (campaign + shift.below(period)) % period {
    case 0: return .wrongClaims(mask: 0b100000)
    case 1: return .open
    case 2: return .unannounced
    case 3:
      var random = SampleRandom(seed: seed, .campaignFaults, campaign + 1)
      return .wrongClaims(mask: random.within(1...63))
    case 5: return .unstarted
    default: return .none
    }
  }
}

/// What a messy sample does to an archive as a file.
struct ArchiveFaults: Equatable, Sendable {
  /// The number of gzip members the text is divided among.
  var members = 1
  var startsWithByteOrderMark = false
  var endsWithZeros = false
  var isTorn = false

  /// The faults of the archive at `ordinal` of `count`; the last one is torn where there are several.
  static func striking(ordinal: Int, of count: Int, seed: UInt64) -> ArchiveFaults {
    var faults = ArchiveFaults()
    var random = SampleRandom(seed: seed, .archiveFaults, ordinal)
    switch ordinal % 6 {
    case 1: faults.members = random.within(2...5)
    case 2: faults.startsWithByteOrderMark = true
    case 3: faults.endsWithZeros = true
    default: break
    }
    faults.isTorn = count > 1 && ordinal == count - 1
    return faults
  }
}
