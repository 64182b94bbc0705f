import Foundation
import Intake
import Testing

/// JSONTestSuite (https://github.com/nst/JSONTestSuite), where the shared reference folder has it.
private enum JSONTestSuite {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("../shared/reference/JSONTestSuite/test_parsing")

  static let isPresent = FileManager.default.fileExists(atPath: folder.path)

  static func names(_ prefix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasPrefix(prefix) }.sorted()
  }

  static func document(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(name)))
  }
}

/// What is wrong with a document; nil for valid JSON.
private func fault(in document: [UInt8], depth: Int = 1_024) -> JSONFault? {
  let bytes = document + [0x0a] + [UInt8](repeating: 0, count: 64)
  var cursor = JSONCursor(from: 0, to: document.count, maximumDepth: depth)
  do throws(JSONFault) {
    try cursor.validate(bytes.span)
    return nil
  } catch {
    return error
  }
}

private func fault(in document: String, depth: Int = 1_024) -> JSONFault? {
  fault(in: Array(document.utf8), depth: depth)
}

@Suite(.enabled(if: JSONTestSuite.isPresent, "JSONTestSuite is not in ../shared/reference"))
struct JSONTestSuiteTests {
  @Test func `every document that must be accepted is`() throws {
    let names = JSONTestSuite.names("y_")
    #expect(names.count == 95)
    for name in names { #expect(fault(in: try JSONTestSuite.document(name)) == nil, "\(name)") }
  }

  @Test func `every document that must be accepted may stand in an event`() throws {
    for name in JSONTestSuite.names("y_") {
      let document = String(decoding: try JSONTestSuite.document(name), as: UTF8.self)
      let line = document.replacing("\n", with: " ").replacing("\r", with: " ")
      let reading = try reading(lines: [started(1, #""context_data":\#(line)"#)])
      #expect(reading.events.count == 1, "\(name)")
    }
  }

  @Test func `every document that must be rejected is`() throws {
    let names = JSONTestSuite.names("n_")
    #expect(names.count == 188)
    for name in names { #expect(fault(in: try JSONTestSuite.document(name)) != nil, "\(name)") }
  }

  /// Numbers of any size are JSON; texts that are no Unicode are none; a byte order mark is the decoder's business.
  static let undecided: [String: JSONFault.Code?] = [
    "i_number_double_huge_neg_exp": nil, "i_number_huge_exp": nil, "i_number_neg_int_huge_exp": nil,
    "i_number_pos_double_huge_exp": nil, "i_number_real_neg_overflow": nil, "i_number_real_pos_overflow": nil,
    "i_number_real_underflow": nil, "i_number_too_big_neg_int": nil, "i_number_too_big_pos_int": nil,
    "i_number_very_big_negative_int": nil, "i_object_key_lone_2nd_surrogate": .loneSurrogate,
    "i_string_1st_surrogate_but_2nd_missing": .loneSurrogate,
    "i_string_1st_valid_surrogate_2nd_invalid": .loneSurrogate, "i_string_UTF-16LE_with_BOM": .syntax,
    "i_string_UTF-8_invalid_sequence": .invalidUTF8, "i_string_UTF8_surrogate_U+D800": .invalidUTF8,
    "i_string_incomplete_surrogate_and_escape_valid": .loneSurrogate,
    "i_string_incomplete_surrogate_pair": .loneSurrogate,
    "i_string_incomplete_surrogates_escape_valid": .loneSurrogate,
    "i_string_invalid_lonely_surrogate": .loneSurrogate, "i_string_invalid_surrogate": .loneSurrogate,
    "i_string_invalid_utf-8": .invalidUTF8, "i_string_inverted_surrogates_U+1D11E": .loneSurrogate,
    "i_string_iso_latin_1": .invalidUTF8, "i_string_lone_second_surrogate": .loneSurrogate,
    "i_string_lone_utf8_continuation_byte": .invalidUTF8, "i_string_not_in_unicode_range": .invalidUTF8,
    "i_string_overlong_sequence_2_bytes": .invalidUTF8, "i_string_overlong_sequence_6_bytes": .invalidUTF8,
    "i_string_overlong_sequence_6_bytes_null": .invalidUTF8, "i_string_truncated-utf-8": .invalidUTF8,
    "i_string_utf16BE_no_BOM": .syntax, "i_string_utf16LE_no_BOM": .syntax, "i_structure_500_nested_arrays": nil,
    "i_structure_UTF-8_BOM_empty_object": .syntax,
  ]

  @Test func `what the suite leaves open is decided here`() throws {
    #expect(JSONTestSuite.names("i_") == Self.undecided.keys.map { $0 + ".json" }.sorted())
    for (name, code) in Self.undecided {
      #expect(fault(in: try JSONTestSuite.document(name + ".json"))?.code == code, "\(name)")
    }
  }
}

@Suite struct JSONCursorTests {
  @Test(arguments: ["[", #"{"a":"#], [1, 2, 127, 128, 1_024])
  func `nesting is accepted up to its limit`(opening: String, limit: Int) {
    func nested(_ levels: Int) -> String {
      let isArray = opening == "["
      return String(repeating: opening, count: levels - 1) + (isArray ? "[]" : "{}")
        + String(repeating: isArray ? "]" : "}", count: levels - 1)
    }
    #expect(fault(in: nested(limit), depth: limit) == nil)
    #expect(fault(in: nested(limit + 1), depth: limit)?.code == .tooDeep)
    #expect(fault(in: nested(100_000), depth: limit)?.code == .tooDeep)
  }

  @Test func `objects and arrays are told apart at every level`() {
    for levels in [1, 63, 64, 65, 127, 128, 129, 640] {
      let opening = (0..<levels).map { $0 % 3 == 0 ? #"{"k":"# : "[" }.joined()
      let closing = (0..<levels).reversed().map { $0 % 3 == 0 ? "}" : "]" }
      #expect(fault(in: opening + "1" + closing.joined()) == nil)
      for place in closing.indices {
        var wrong = closing
        wrong[place] = wrong[place] == "}" ? "]" : "}"
        #expect(fault(in: opening + "1" + wrong.joined())?.code == .syntax)
      }
    }
  }

  @Test func `a special character is found at every place of a long string`() {
    for length in 0..<40 {
      for (character, code) in [
        ("\u{1}", .syntax), ("\u{1f}", .syntax), ("\n", .syntax), (#"\x"#, .syntax), (#"\ud800"#, .loneSurrogate),
        (#"\""#, nil), ("\u{7f}", nil), ("é", nil), ("😀", nil), (#"\ud83d\ude00"#, nil), ("!", nil), ("#", nil),
        ("[", nil), ("]", nil),
      ] as [(String, JSONFault.Code?)] {
        let text = String(repeating: "a", count: length) + character + String(repeating: "b", count: 40 - length)
        let found = fault(in: #"["\#(text)"]"#)
        #expect(found?.code == code, "\(character) after \(length)")
        #expect(found == nil || found?.offset == 2 + length)
      }
    }
  }

  @Test func `exactly the byte sequences of Unicode scalars are UTF-8`() {
    func isAccepted(_ sequence: [UInt8]) -> Bool {
      let found = fault(in: [0x22] + sequence + [0x22])
      #expect(found == nil || found?.code == .invalidUTF8)
      return found == nil
    }
    for first in 0x80...0xff as ClosedRange<UInt8> {
      #expect(!isAccepted([first]))
      for second in 0x80...0xff as ClosedRange<UInt8> {
        #expect(isAccepted([first, second]) == (String(validating: [first, second], as: UTF8.self) != nil))
        for tail in [[0x7f], [0x80], [0xbf], [0xc0], [0x80, 0x80], [0xbf, 0xbf], [0x80, 0xc0]] as [[UInt8]] {
          let sequence = [first, second] + tail
          #expect(isAccepted(sequence) == (String(validating: sequence, as: UTF8.self) != nil))
        }
      }
    }
  }

  @Test func `characters of several bytes are checked in a row as they are alone`() {
    let (two, three, thai, four) = ("\u{7ff}", "\u{20ac}", "\u{e01}", "\u{10ffff}")
    // Sixteen bytes are looked at together: the odd ones stand at each place of them, and across their end.
    let places = (0..<17).map { two + String(repeating: "a", count: $0) }
    for before in ["", "a", two + two, two + two + two, three, thai, thai + thai, three + thai, four] + places {
      for after in ["", "a", two, two + two + two, three, thai, thai + thai + thai, four] {
        for odd in [
          [0xc1, 0xbf], [0xc2, 0x7f], [0xdf, 0xc0], [0xe0, 0x9f, 0xbf], [0xe0, 0xa0, 0x80], [0xe1, 0x80, 0x7f],
          [0xec, 0xbf, 0xbf], [0xed, 0x9f, 0xbf], [0xed, 0xa0, 0x80], [0xee, 0x80, 0x80], [0xef, 0xbf, 0xbf],
          [0xf0, 0x8f, 0xbf, 0xbf], [0xf0, 0x90, 0x80, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80],
          [0x80], [0xc2], [0xe2, 0x82],
        ] as [[UInt8]] {
          let text = Array(before.utf8) + odd + Array(after.utf8)
          let found = fault(in: [0x22] + text + [0x22])
          #expect((found == nil) == (String(validating: text, as: UTF8.self) != nil), "\(text)")
          #expect(found == nil || (found?.code == .invalidUTF8 && found?.offset == 1 + before.utf8.count), "\(text)")
        }
      }
    }
  }

  @Test func `an escape takes four hexadecimal digits and nothing that looks like them`() {
    for place in 0..<4 {
      for byte in 0...0x7f as ClosedRange<UInt8> {
        var digits = Array("1aF0".utf8)
        digits[place] = byte
        let isDigit = Character(Unicode.Scalar(byte)).isHexDigit
        let found = fault(in: Array(#"["\u"#.utf8) + digits + Array(#""]"#.utf8))
        #expect((found?.code != .syntax) == isDigit, "\(digits)")
      }
    }
  }

  @Test(arguments: [
    ("", 0), ("{", 1), (#"{"a""#, 4), (#"{"a":1,}"#, 7), ("[1 2]", 3), ("01", 1), ("-", 1), ("1.", 2), ("1e", 2),
    ("nul", 0), ("true1", 4), (#""abc"#, 4), ("[1]]", 3), (#"["\u12g4"]"#, 2),
  ])
  func `a fault says where it is`(document: String, offset: Int) {
    #expect(fault(in: document)?.offset == offset)
  }
}
