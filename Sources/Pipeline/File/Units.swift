/// The units of pipeline files. Every reader is nil for anything but a whole number with a unit it knows.
enum Units {
  /// Seconds: `60s`, `5m`, `1h`, or a plain number of seconds.
  static func seconds(_ text: String) -> Int64? {
    quantity(text, units: ["": 1, "s": 1, "m": 60, "h": 3_600])
  }

  /// Seconds of a longer time: `1d`, or as `seconds`.
  static func time(_ text: String) -> Int64? {
    quantity(text, units: ["": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400])
  }

  /// Whole days: `35d`.
  static func days(_ text: String) -> Int64? {
    quantity(text, units: ["d": 1])
  }

  /// Bytes: `16MiB` (binary), `10MB` (decimal), or a plain number of bytes.
  static func bytes(_ text: String) -> Int64? {
    quantity(
      text,
      units: [
        "": 1, "B": 1,
        "kB": 1_000, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000, "TB": 1_000_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
      ])
  }

  /// A count without a unit.
  static func count(_ text: String) -> Int64? {
    quantity(text, units: ["": 1])
  }

  /// The permission bits of an octal number of three digits, with or without the leading zero: `0600`, `600`.
  static func permissions(_ text: String) -> UInt32? {
    let digits = text.count == 4 && text.hasPrefix("0") ? text.dropFirst() : text[...]
    guard digits.count == 3, digits.utf8.allSatisfy({ 0x30...0x37 ~= $0 }) else { return nil }
    return UInt32(digits, radix: 8)
  }

  private static func quantity(_ text: String, units: [String: Int64]) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), let unit = units[String(text[digits.endIndex...])] else { return nil }
    let (product, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : product
  }
}
