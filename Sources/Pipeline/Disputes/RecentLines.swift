import CallModel
import Intake
import Synchronization
import Tally

/// The text of a chunk once it has been decoded, and where its events stand in it.
struct RecentChunk: Sendable {
  fileprivate var bytes: [UInt8]
  /// The events' lines: their numbers within the chunk, from 1, and where they stand.
  fileprivate var lines: [(number: UInt32, text: ByteRange)]
  fileprivate var signs: [CallSign]
  /// The archive, and its lines before the chunk.
  fileprivate var archive = ""
  fileprivate var firstLine: UInt32 = 0
}

/// Holds on to lines while archives are read, so that the raw events of disputes need no second reading of them.
///
/// Whether a call is disputed is known when all of its events have come. They come within some megabytes of each other,
/// mostly, so the text that came last is held whole. Of what gives way to newer text, single lines are held on to: those of
/// campaigns, and those of calls that await an event or look odd by then. Which lines are held decides how long a run
/// takes and nothing else: of an archive whose evidence is not here in full, `DisputeEvidence` reads it again.
final class RecentLines: Sendable {
  /// Bytes of text that is held whole: some 10,000 calls, which is half an hour of the busiest of 200,000 a day; the
  /// provider's fourth attempt at a delivery comes after ten minutes (`provider-facts`).
  private static let wholeText = 32 << 20
  /// Bytes of single lines; what has no room is not held.
  private static let singleLines = 32 << 20

  private struct HeldLine {
    var number: UInt32
    var block: Int
    var text: Range<Int>
  }

  private struct State {
    /// By archive: its lines in `held`.
    var heldOf: [String: Range<Int>] = [:]
    /// Nil when all has been read.
    var calls: RecentCalls? = RecentCalls()
    /// In archive order.
    var chunks: [RecentChunk] = []
    var wholeText = 0
    /// In archive order.
    var held: [HeldLine] = []
    /// Blocks of their text, which never move.
    var heldText: [[UInt8]] = []
    var heldBytes = 0
    /// Memory for chunks to come, a few at most.
    var spareBytes: [[UInt8]] = []

    /// Holds a line unless there is no room for it.
    mutating func hold(_ line: Span<UInt8>, _ number: UInt32) {
      if heldText.last.map({ $0.count + line.count > $0.capacity }) ?? true {
        let size = max(line.count, 1 << 20)
        guard heldBytes + size <= RecentLines.singleLines else { return }
        heldText.append([])
        heldText[heldText.count - 1].reserveCapacity(size)
        heldBytes += size
      }
      let block = heldText.count - 1
      let start = heldText[block].count
      heldText[block].append(copying: line)
      held.append(HeldLine(number: number, block: block, text: start..<(start + line.count)))
    }
  }

  private let state = Mutex(State())
  private let billing: BillingRule
  private let tolerance: Tolerance

  init(_ billing: BillingRule, _ tolerance: Tolerance) {
    self.billing = billing
    self.tolerance = tolerance
  }

  // MARK: While archives are read

  /// Takes the text out of a chunk that has been decoded, and gives it other memory; nil where it holds no event.
  func take(from chunk: inout Chunk, _ batch: borrowing EventBatch) -> RecentChunk? {
    guard !batch.events.isEmpty else { return nil }
    var recent = RecentChunk(
      bytes: state.withLock { $0.spareBytes.popLast() ?? [] }, lines: batch.events.map { ($0.line, $0.text) },
      signs: CallSign.all(in: batch, billing, tolerance))
    swap(&recent.bytes, &chunk.bytes)
    return recent
  }

  /// Holds on to a chunk. They come in archive order; `firstLine` is the number of lines of the archive before it.
  func add(_ chunk: RecentChunk, of archive: String, firstLine: UInt32) {
    state.withLock { state in
      state.calls?.add(chunk.signs)
      state.wholeText += chunk.bytes.count
      var chunk = chunk
      (chunk.archive, chunk.firstLine) = (archive, firstLine)
      state.chunks.append(chunk)
      while state.wholeText > RecentLines.wholeText { RecentLines.letPass(&state) }
    }
  }

  /// Lets go of the oldest chunk, but for its lines that may be asked for.
  private static func letPass(_ state: inout State) {
    let chunk = state.chunks.removeFirst()
    let first = state.heldOf[chunk.archive]?.lowerBound ?? state.held.count
    for place in state.calls?.placesInDoubt(chunk.signs) ?? [] {
      let line = chunk.lines[place]
      state.hold(chunk.bytes.span.extracting(line.text.bounds), chunk.firstLine &+ line.number)
    }
    state.heldOf[chunk.archive] = first..<state.held.count
    state.wholeText -= chunk.bytes.count
    if state.spareBytes.count < 8, chunk.bytes.count < 2 << 20 { state.spareBytes.append(chunk.bytes) }
  }

  /// Gives back the memory that only reading needs, when all has been read.
  func close() {
    state.withLock { state in
      while !state.chunks.isEmpty { RecentLines.letPass(&state) }
      (state.spareBytes, state.calls) = ([], nil)
    }
  }

  // MARK: Afterwards

  /// Lines of an archive, whose numbers ascend; nil unless all of them are held.
  func lines(_ numbers: [UInt32], of archive: String) -> HeldLines? {
    state.withLock { state in
      guard let range = state.heldOf[archive] else { return nil }
      var lines: [HeldLines.Line] = []
      for line in state.held[range] where lines.count < numbers.count && line.number == numbers[lines.count] {
        lines.append((line.number, state.heldText[line.block][line.text]))
      }
      return lines.count == numbers.count ? HeldLines(lines: lines) : nil
    }
  }
}

/// Lines of one archive as they stood there.
struct HeldLines {
  typealias Line = (number: UInt32, text: ArraySlice<UInt8>)

  fileprivate let lines: [Line]

  /// The lines as chosen ones, some hundred at a time.
  var chunks: some Sequence<Chunk> {
    stride(from: 0, to: lines.count, by: 512).lazy.map { start in
      Chunk(choosing: lines[start..<min(start + 512, lines.count)])
    }
  }
}
