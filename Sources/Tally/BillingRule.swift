package import CallModel

/// How the provider is held to bill: whole pulses of a call's duration, each at a price.
///
/// The rule is nowhere written down by the provider; the defaults are what its published numbers fit (see
/// `provider-facts`: 300 s and 5 credits; 2 calls of 16 s together, 2 minutes billable and 2 credits).
package struct BillingRule: Sendable, Equatable {
  /// Pulse length in seconds, at least 1.
  package var pulse: Int64
  package var creditsPerPulse: Credits
  /// Pulses that a billable call costs at the least, however short; a call of unknown duration costs nothing known.
  package var minimumPulses: Int64
  /// The statuses that are billed.
  package var billable: Set<String>
  /// The statuses that count as successful; any other final status counts as failed.
  package var successful: Set<String>

  package init(
    pulse: Int64 = 60, creditsPerPulse: Credits = Credits(1), minimumPulses: Int64 = 1,
    billable: Set<String> = ["completed"], successful: Set<String> = ["completed"]
  ) {
    self.pulse = pulse
    self.creditsPerPulse = creditsPerPulse
    self.minimumPulses = minimumPulses
    self.billable = billable
    self.successful = successful
  }
}

/// How far a claim may be from what was counted and still pass as the same.
package struct Tolerance: Sendable, Equatable {
  package var credits: Credits
  /// Seconds.
  package var duration: Int64
  package var calls: Int64
  /// Seconds for which a call may await an event before that is worth asking for.
  package var awaiting: Int64

  package init(credits: Credits = .zero, duration: Int64 = 0, calls: Int64 = 0, awaiting: Int64 = 86_400) {
    self.credits = credits
    self.duration = duration
    self.calls = calls
    self.awaiting = awaiting
  }
}
