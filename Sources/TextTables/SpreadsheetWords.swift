import CallModel

/// The words that spreadsheets know in numbers, dates, times and booleans, packed so that looking one up allocates
/// nothing. Long words are left out: no spreadsheet word of these languages has more than 16 bytes.
enum SpreadsheetWords {
  /// Words that may stand beside digits: exponents, halves of the day, currencies, months and days of the week.
  static let numeric: SortedWords = {
    var words = Set(exact.split(separator: " ").compactMap { packed(String($0)) })
    for name in names.split(separator: " ") {
      for length in 3...max(3, name.count) {
        if let word = packed(String(name.prefix(length))) { words.insert(word) }
      }
    }
    return SortedWords(words)
  }()

  static let booleans = SortedWords(
    """
    true false wahr falsch vrai faux verdadero falso vero verdadeiro waar onwaar sant sand sann falskt falsk tosi
    epätosi prawda fałsz pravda nepravda igaz hamis doğru yanlış истина ложь adevărat fals 真 偽 참 거짓
    """.split { $0 == " " || $0 == "\n" }.compactMap { packed(String($0)) })

  private static let exact = """
    a am p pm e d t z h m s est utc gmt usd eur gbp inr jpy cny chf cad aud nzd sek nok dkk pln czk huf ron rub try \
    brl mxn zar aed sar sgd hkd krw thb idr myr php vnd us ca au nz hk nt r rs rm rp kr kč zł zl ft lei лв fr \
    sfr k руб р грн и uhr h min sek sec м ч
    """

  /// Full names; any beginning of three letters or more counts as an abbreviation.
  private static let names = """
    january february march april may june july august september october november december sept \
    monday tuesday wednesday thursday friday saturday sunday \
    januar jänner februar märz mai juni juli oktober dezember montag dienstag mittwoch donnerstag freitag samstag \
    sonntag janvier février fevrier mars avril juin juillet juil août aout septembre octobre novembre décembre \
    decembre enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre \
    gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre janeiro fevereiro março marco maio junho \
    julho setembro outubro novembro dezembro januari februari maart mei augustus maj augusti desember \
    tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu \
    styczeń stycznia luty lutego marzec marca kwiecień kwietnia maja czerwiec czerwca lipiec lipca sierpień sierpnia \
    wrzesień września październik listopad listopada grudzień grudnia leden ledna únor února březen března duben \
    dubna květen května červen června červenec července srpen srpna září říjen října prosinec prosince \
    ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık \
    январь января февраль февраля март марта апрель апреля май мая июнь июня июль июля август августа сентябрь \
    сентября октябрь октября ноябрь ноября декабрь декабря
    """

  /// A word's lower-cased bytes as one number, or nil for one of more than 16 bytes.
  ///
  /// Capitals are lowered in ASCII, Latin-1 and Russian, which is what the table's languages begin their months with.
  static func packed(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt128? {
    guard range.count <= 16 else { return nil }
    var word: UInt128 = 0
    var lead: UInt8 = 0
    for index in range {
      var byte = bytes[index]
      switch (lead, byte) {
      case (_, UInt8(ascii: "A")...UInt8(ascii: "Z")), (0xc3, 0x80...0x9e), (0xd0, 0x90...0x9f): byte += 0x20
      case (0xd0, 0xa0...0xaf):
        word += 1
        byte -= 0x20
      default: break
      }
      lead = bytes[index]
      word = word << 8 | UInt128(byte)
    }
    return word
  }

  private static func packed(_ word: String) -> UInt128? {
    let bytes = Array(word.utf8)
    return packed(bytes.span, 0..<bytes.count)
  }
}

/// A set of packed words, searched by halving: they are few, and hashing one would cost more than ten comparisons.
struct SortedWords: Sendable {
  private let words: [UInt128]

  init(_ words: some Sequence<UInt128>) { self.words = words.sorted() }

  func contains(_ word: UInt128) -> Bool {
    var low = 0
    var high = words.count
    while low < high {
      let middle = (low &+ high) / 2
      if words[middle] < word { low = middle &+ 1 } else { high = middle }
    }
    return low < words.count && words[low] == word
  }
}
