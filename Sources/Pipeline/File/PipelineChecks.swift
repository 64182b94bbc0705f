package import CallModel

extension PipelineFile {
  /// What may be wrong with a run before it warns or fails.
  package struct Checks: Equatable, Sendable {
    /// Rejected lines, of all lines.
    package var rejectedLines = Check<Int64>(fail: .percentage(Percentage(millionths: 1_000_000)))
    /// The difference between credits claimed and counted, of those claimed.
    package var creditsDifference = Check<Credits>(fail: .amount(.zero))
    /// Campaigns of which some claim is beyond tolerance.
    package var mismatchedCampaigns = CheckPolicy.fail
    package var damagedArchives = CheckPolicy.fail

    package init() {}
  }

  /// The bounds of one quantity.
  ///
  /// A check that the file does not mention has its default bounds; one that it mentions has the bounds it gives and no
  /// other, so that a check can warn without ever failing.
  package struct Check<Amount: Comparable & Sendable>: Equatable, Sendable {
    package var warn: Bound<Amount>?
    package var fail: Bound<Amount>?

    package init(warn: Bound<Amount>? = nil, fail: Bound<Amount>? = nil) {
      self.warn = warn
      self.fail = fail
    }
  }

  /// The most of a quantity that passes.
  package enum Bound<Amount: Comparable & Sendable>: Equatable, Sendable {
    case amount(Amount)
    case percentage(Percentage)
  }

  /// A part of a whole, exact to a millionth of one percent.
  package struct Percentage: Comparable, Hashable, Sendable {
    /// Millionths of one percent, 0 to 100,000,000.
    package var millionths: Int64

    package init(millionths: Int64) { self.millionths = millionths }

    package static func < (left: Percentage, right: Percentage) -> Bool { left.millionths < right.millionths }
  }

  /// What a thing that should not be there at all does to the exit status.
  package enum CheckPolicy: String, CaseIterable, Sendable {
    case fail, warn, ignore
  }
}

extension PipelineFile.Percentage {
  /// `1%`, `0.5%`: a decimal of at most six places from 0 to 100; nil for anything else.
  init?(_ text: String) {
    guard text.hasSuffix("%"), let value = Credits(plainDecimal: String(text.dropLast())), value <= Credits(100)
    else { return nil }
    millionths = Int64(value.millionths)
  }

  /// Whether `part` is more than this percentage of `whole`; neither is negative. Exact.
  package func isExceeded(by part: Int128, of whole: Int128) -> Bool {
    part * 100_000_000 > whole * Int128(millionths)
  }
}

extension PipelineFile.Bound<Int64> {
  /// Whether `count` things of `total` are too many.
  package func isExceeded(by count: Int64, of total: Int64) -> Bool {
    switch self {
    case .amount(let bound): count > bound
    case .percentage(let bound): bound.isExceeded(by: Int128(count), of: Int128(total))
    }
  }
}

extension PipelineFile.Bound<Credits> {
  /// Whether a difference is too great, seen from the amount that it is a part of; signs do not count.
  package func isExceeded(by difference: Credits, of total: Credits) -> Bool {
    switch self {
    case .amount(let bound): difference.magnitude > bound
    case .percentage(let bound):
      bound.isExceeded(by: difference.magnitude.millionths, of: total.magnitude.millionths)
    }
  }
}

extension Credits {
  /// Digits with or without a point, from zero up; nil for signs and exponents, which no setting needs.
  init?(plainDecimal text: String) {
    guard text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || $0.decimalDigit != nil }) else { return nil }
    self.init(text)
  }
}
