import CallModel

/// The phrases that samples talk with, cut into pieces once so that a turn is a few copies of bytes.
///
/// Phrases are written as JSON string content. `{name}`, `{city}` and the like are slots, filled at each use. A turn is
/// composed of several short phrases, so that the text compresses about as real talk does and not like a fixed list.
struct SampleBook: Sendable {
  enum Slot: Int, CaseIterable {
    case first, last, name, company, product, city, street, day, time, date, month, amount, number, order, phone, email

    init?(named name: Substring) {
      guard let slot = Slot.allCases.first(where: { "\($0)" == name }) else { return nil }
      self = slot
    }
  }

  /// Phrases of which one is taken at random.
  struct Group: Sendable {
    fileprivate let phrases: [ClosedRange<Int>]
  }

  /// How one language talks: a frame is groups said one after the other.
  struct Language: Sendable {
    var greetings: Group
    var agent: [[Group]]
    var caller: [[Group]]
    var farewells: Group
  }

  private enum Piece {
    case text(ByteRange)
    case slot(Slot)
  }

  static let shared = SampleBook()

  private var arena: [UInt8] = []
  private var pieces: [Piece] = []
  private var languages: [(share: Int, language: Language)] = []
  private var fillings: [Slot: Group] = [:]
  private var firstNames = Group(phrases: [])
  private var lastNames = Group(phrases: [])
  private var products = Group(phrases: [])
  private var cities = Group(phrases: [])
  private var summaries: [Group] = []
  private var emoji = Group(phrases: [])

  private init() {
    firstNames = group(SamplePhrases.firstNames)
    lastNames = group(SamplePhrases.lastNames)
    products = group(SamplePhrases.products)
    cities = group(SamplePhrases.cities)
    fillings = [
      .company: group(SamplePhrases.companies), .street: group(SamplePhrases.streets), .day: group(SamplePhrases.days),
      .month: group(SamplePhrases.months),
    ]
    emoji = group(SamplePhrases.emoji)
    summaries = SamplePhrases.summaries.map { group($0) }
    languages = [(720, english())]
    for (share, text) in SamplePhrases.languages { languages.append((share, plain(text))) }
  }

  private mutating func english() -> Language {
    let groups = SamplePhrases.english.mapValues { group($0) }
    func frames(_ text: String) -> [[Group]] {
      text.split(separator: "\n").map { line in line.split(separator: " ").compactMap { groups[String($0)] } }
    }
    return Language(
      greetings: groups["greeting"] ?? Group(phrases: []), agent: frames(SamplePhrases.englishAgentFrames),
      caller: frames(SamplePhrases.englishCallerFrames), farewells: groups["farewell"] ?? Group(phrases: []))
  }

  private mutating func plain(_ text: SamplePhrases.Plain) -> Language {
    Language(
      greetings: group(text.greetings), agent: [[group(text.agent)]], caller: [[group(text.caller)]],
      farewells: group(text.farewells))
  }

  // MARK: Making

  /// One phrase a line.
  private mutating func group(_ text: String) -> Group {
    Group(
      phrases: text.split(separator: "\n").map { line in
        let first = pieces.count
        for (index, part) in line.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
          guard index > 0, let close = part.firstIndex(of: "}"), let slot = Slot(named: part[..<close]) else {
            add(part)
            continue
          }
          pieces.append(.slot(slot))
          add(part[part.index(after: close)...])
        }
        return first...(pieces.count - 1)
      })
  }

  private mutating func add(_ text: Substring) {
    guard !text.isEmpty else { return }
    let start = arena.count
    arena.append(contentsOf: text.utf8)
    pieces.append(.text(ByteRange(start, arena.count)))
  }

  // MARK: Talking

  /// The language of a share of calls, `share` from 0 to 999.
  func language(_ share: Int) -> Language {
    var rest = share
    for (width, language) in languages {
      if rest < width { return language }
      rest -= width
    }
    return languages[0].language
  }

  /// Appends the content of one turn of a conversation about `topic`.
  func appendTurn(
    _ turn: Int, of turns: Int, in language: Language, about topic: UInt64, _ random: inout SampleRandom,
    to out: inout [UInt8]
  ) {
    if turn == 0 { return append(language.greetings, about: topic, &random, to: &out) }
    if turn == turns - 1 { return append(language.farewells, about: topic, &random, to: &out) }
    let frames = turn % 2 == 0 ? language.agent : language.caller
    for sentence in 0..<(turn % 2 == 0 ? random.within(1...3) : random.within(1...2)) {
      if sentence > 0 { out.append(utf8: random.chance(30) ? "\\n" : " ") }
      let start = out.count
      let saying = random.chance(SampleBook.oftenSaid) ? random.below(SampleBook.sayings) : random.below(1 << 40)
      var choice = SampleRandom(seed: UInt64(turn % 2), .transcript, saying)
      for group in frames[choice.below(frames.count)] {
        append(group.phrases[choice.below(group.phrases.count)], about: topic, &random, to: &out)
      }
      if out[start] >= UInt8(ascii: "a"), out[start] <= UInt8(ascii: "z") { out[start] -= 0x20 }
    }
    if random.chance(15) {
      out.append(UInt8(ascii: " "))
      append(emoji, about: topic, &random, to: &out)
    }
  }

  func appendSummary(_ random: inout SampleRandom, to out: inout [UInt8]) {
    let topic = random.word()
    for group in summaries { append(group, about: topic, &random, to: &out) }
  }

  private func append(_ group: Group, about topic: UInt64, _ random: inout SampleRandom, to out: inout [UInt8]) {
    append(group.phrases[random.below(group.phrases.count)], about: topic, &random, to: &out)
  }

  /// People come back to what a call is about, so a slot is mostly filled with what the topic has for it.
  private func append(
    _ phrase: ClosedRange<Int>, about topic: UInt64, _ random: inout SampleRandom, to out: inout [UInt8]
  ) {
    for index in phrase {
      switch pieces[index] {
      case .text(let range): out.append(copying: arena.span.extracting(range.start..<range.end))
      case .slot(let slot):
        if random.chance(SampleBook.onTopic) {
          var settled = SampleRandom(seed: topic, .transcript, slot.rawValue)
          append(slot: slot, &settled, to: &out)
        } else {
          append(slot: slot, &random, to: &out)
        }
      }
    }
  }

  /// Of a thousand slots.
  private static let onTopic = 900
  /// Of a thousand sentences, those that are said in many calls, word for word but for the slots.
  private static let oftenSaid = 720
  private static let sayings = 32

  /// Appends a phrase of a group that has no slots.
  private func append(_ group: Group, _ random: inout SampleRandom, to out: inout [UInt8]) {
    append(group, about: 0, &random, to: &out)
  }

  /// Appends something for a slot: a name, a number, a date.
  func append(slot: Slot, _ random: inout SampleRandom, to out: inout [UInt8]) {
    switch slot {
    case .first: append(firstNames, &random, to: &out)
    case .last: append(lastNames, &random, to: &out)
    case .name:
      append(firstNames, &random, to: &out)
      out.append(UInt8(ascii: " "))
      append(lastNames, &random, to: &out)
    case .product: append(products, &random, to: &out)
    case .city: append(cities, &random, to: &out)
    case .company, .street, .day, .month: if let group = fillings[slot] { append(group, &random, to: &out) }
    case .time:
      out.append(decimal: random.within(7...20))
      out.append(UInt8(ascii: ":"))
      out.append(decimal: random.below(12) * 5, width: 2)
    case .date:
      out.append(decimal: random.within(1...28))
      out.append(UInt8(ascii: " "))
      append(slot: .month, &random, to: &out)
    case .amount:
      out.append(decimal: random.within(3...2_400))
      if random.chance(400) {
        out.append(UInt8(ascii: "."))
        out.append(decimal: random.below(100), width: 2)
      }
    case .number: out.append(decimal: random.within(2...190))
    case .order:
      out.append(utf8: random.chance(500) ? "ORD-" : "INV")
      out.append(decimal: random.below(100_000_000), width: 6)
    case .phone:
      out.append(utf8: "+1")
      out.append(decimal: random.within(201...989))
      out.append(utf8: "555")
      out.append(decimal: random.below(10_000), width: 4)
    case .email:
      append(lastNames, &random, to: &out)
      out.append(decimal: random.below(1_000))
      out.append(utf8: random.chance(500) ? "@example.com" : "@mail.example")
    }
  }
}
