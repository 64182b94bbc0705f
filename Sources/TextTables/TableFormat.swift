/// How a table is written.
package enum TableFormat: Sendable {
  case csv(CSVDialect)
  /// One file a column; gzipped when `compress` is set and `TableOptions.compressor` is there to do it.
  case columnar(compress: Bool)
}

/// Who is going to open a CSV file.
package enum CSVDialect: Equatable, Sendable {
  /// Programs: exact values, text always quoted, null a bare empty field.
  case machine
  /// People with a spreadsheet: values that it would change are guarded, cut and split, and that is reported.
  case spreadsheet(SpreadsheetLocale)
}

/// The separator and decimal sign that a spreadsheet expects where its user lives.
package struct SpreadsheetLocale: Equatable, Sendable {
  /// `,` or `;`.
  package var separator: UInt8
  /// `.` or `,`.
  package var decimalPoint: UInt8

  package init(separator: UInt8, decimalPoint: UInt8) {
    self.separator = separator
    self.decimalPoint = decimalPoint
  }

  package static let comma = SpreadsheetLocale(separator: UInt8(ascii: ","), decimalPoint: UInt8(ascii: "."))
  package static let semicolon = SpreadsheetLocale(separator: UInt8(ascii: ";"), decimalPoint: UInt8(ascii: ","))

  /// The habits of a BCP 47 locale such as `en`, `de-DE` or `zh-Hant-TW`; nil for a language that is not known here.
  package init?(identifier: String) {
    let parts = identifier.split { $0 == "-" || $0 == "_" }.map { $0.lowercased() }
    guard let language = parts.first, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })
    else { return nil }
    let region = parts.dropFirst().first { $0.count == 2 || ($0.count == 3 && $0.allSatisfy(\.isNumber)) }
    if let region, let exception = SpreadsheetLocale.exceptions["\(language)-\(region)"] {
      self = exception
    } else if SpreadsheetLocale.decimalCommaLanguages.contains(language) {
      self = .semicolon
    } else if SpreadsheetLocale.decimalPointLanguages.contains(language) {
      self = .comma
    } else {
      return nil
    }
  }

  private static let decimalCommaLanguages: Set<String> = [
    "af", "az", "be", "bg", "bs", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr", "hu", "hy",
    "id", "is", "it", "ka", "kk", "ky", "lt", "lv", "mk", "mn", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk",
    "sl", "sq", "sr", "sv", "tr", "uk", "uz", "vi",
  ]
  private static let decimalPointLanguages: Set<String> = [
    "am", "ar", "bn", "cy", "en", "fa", "fil", "ga", "gu", "he", "hi", "ja", "km", "kn", "ko", "lo", "ml", "mr", "ms",
    "mt", "my", "ne", "pa", "si", "sw", "ta", "te", "th", "ur", "zh", "zu",
  ]
  private static let pointWithSemicolon = SpreadsheetLocale(
    separator: UInt8(ascii: ";"), decimalPoint: UInt8(ascii: "."))
  /// Countries that keep other habits than their language.
  private static let exceptions: [String: SpreadsheetLocale] = [
    "de-ch": pointWithSemicolon, "de-li": pointWithSemicolon, "it-ch": pointWithSemicolon, "en-za": .semicolon,
    "es-mx": .comma, "es-us": .comma, "es-pr": .comma, "es-do": .comma, "es-gt": .comma, "es-hn": .comma,
    "es-ni": .comma, "es-pa": .comma, "es-pe": .comma, "es-sv": .comma, "es-419": .comma, "ar-dz": .semicolon,
    "ar-ma": .semicolon, "ar-tn": .semicolon,
  ]
}
