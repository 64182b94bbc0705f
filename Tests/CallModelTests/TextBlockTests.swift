import CallModel
import Testing

@Suite struct TextBlockTests {
  @Test func `texts of every length, empty and null come back`() {
    let lengths = [nil, 0, 1, 125, 126, 127, 128, nil, 16_381, 16_382, 16_383, 16_384, 3_000_000, nil, 0]
    let texts = lengths.enumerated().map { place, length in
      length.map { [UInt8](repeating: UInt8(truncatingIfNeeded: place), count: $0) }
    }
    for shift in [0, 5] {
      var arena = [UInt8](repeating: 0xff, count: shift)
      for text in texts {
        if let text { TextBlock.append(text.span, to: &arena) } else { TextBlock.appendNull(to: &arena) }
      }
      for (place, text) in texts.enumerated() {
        let range = TextBlock.text(place, at: shift, of: arena.span)
        #expect(range.map { Array(arena[$0]) } == text, "text \(place)")
      }
    }
  }
}
