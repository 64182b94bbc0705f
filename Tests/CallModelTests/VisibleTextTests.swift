import CallModel
import Testing

struct VisibleTextTests {
  @Test(arguments: [
    ("archives/é 日本 😀.gz", "archives/é 日本 😀.gz"), ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\u{1b}[31m", "\\u{1b}[31m"),
    ("\u{7f}\u{85}", "\\u{7f}\\u{85}"), ("\u{202e}gz", "\\u{202e}gz"), ("\u{2028}", "\\u{2028}"), ("", ""),
  ])
  func whatCannotBeSeenIsEscaped(text: String, shown: String) {
    #expect(text.visible == shown)
  }
}
