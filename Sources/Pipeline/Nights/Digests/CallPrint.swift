import CallModel
import Tally

/// A hash of everything that calls' rows are made of; that of several calls is the sum of theirs, in whatever order and
/// from whatever books they come.
struct CallPrint: Equatable, Sendable {
  private(set) var lanes = SIMD4<UInt64>()

  /// Of no calls.
  init() {}

  init(lanes: SIMD4<UInt64>) { self.lanes = lanes }

  /// Of one call; `paths` are hashes of the archives' paths by their places in the books.
  init(_ call: Call, in book: borrowing CallBook, paths: [UInt64]) {
    var (first, second) = (UInt64(call.deliveries), UInt64(bitPattern: call.earliest?.microseconds ?? Int64.min))
    second ^= UInt64(call.kindsRepeated) << 32 | UInt64(book.repeatedCharges(of: call))
    for event in book.countedEvents(of: call) {
      first = mixed(first ^ paths[Int(event.origin.archive)], UInt64(event.origin.line) ^ 0xe703_7ed1_a0b4_28db)
      second = mixed(second ^ event.contentHash, first ^ 0x8ebc_6af0_9c88_c6e3)
    }
    lanes = SIMD4(
      mixed(first ^ 0x5899_65cc_7537_4cc3, second), mixed(second ^ 0xa076_1d64_78bd_642f, first),
      mixed(first ^ 0x1d8e_4e27_c47d_124f, second ^ 0xeb44_acca_b455_d165), first &+ second)
  }

  static func += (left: inout CallPrint, right: CallPrint) { left.lanes &+= right.lanes }

  /// Hashes of paths, as prints want them.
  static func hashes(of paths: [String]) -> [UInt64] { paths.map { hash64(Array($0.utf8).span) } }
}
