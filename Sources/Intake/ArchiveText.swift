/// The text of an archive as it comes out of the inflater, in no particular pieces: what the format itself costs.
package struct ArchiveText: ~Copyable {
  private var text: GzipText

  package init(path: String) throws(IntakeError) { text = try GzipText(path: path) }

  /// Fills the buffer as far as the text goes; the number of bytes, 0 at the end.
  package mutating func read(into buffer: inout [UInt8]) throws(IntakeError) -> Int {
    var filled = 0
    _ = try text.read(into: &buffer, at: &filled)
    return filled
  }
}
