/// Reads a written file back in blocks of whole rows; a row torn at a block's end is carried into the next one.
struct BlockReader: ~Copyable {
  /// The whole rows of the last block.
  private(set) var whole: [UInt8] = []

  private let path: String
  private let descriptor: Int32
  private var carried: [UInt8] = []
  private var skip: Int
  private let blockBytes = 1 << 20

  /// Opens the file; its first `header` bytes are skipped.
  init(_ path: String, from header: Int = 0) throws(TextTablesError) {
    self.path = path
    skip = header
    descriptor = try SystemCalls.openForReading(path)
  }

  deinit { SystemCalls.closeFile(descriptor) }

  /// Reads the next block and returns where its rows end, as `ends` finds them; nil after the last.
  mutating func next(_ ends: ([UInt8]) -> [Int]) throws(TextTablesError) -> [Int]? {
    if skip > 0 {
      _ = try SystemCalls.read(skip, from: descriptor, path: path)
      skip = 0
    }
    while true {
      let block = try SystemCalls.read(max(blockBytes, carried.count), from: descriptor, path: path)
      guard !block.isEmpty else {
        guard carried.isEmpty else { throw .damaged(path: path, reason: "its last row is torn") }
        return nil
      }
      if carried.isEmpty { carried = block } else { carried += block }
      let found = ends(carried)
      guard let end = found.last else { continue }
      whole = carried
      whole.removeLast(carried.count - end)
      carried.removeFirst(end)
      return found
    }
  }
}
