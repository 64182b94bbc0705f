import Intake
import Testing

/// Free-form documents that events carried, taken apart member by member.
@Suite struct JSONScratchTests {
  private func members(of document: String) -> [String] {
    var scratch = JSONScratch()
    var found: [String] = []
    for _ in 0..<2 {
      found = []
      scratch.forEachMember(of: Array(document.utf8).span) { name, value, kind in
        var (key, text): ([UInt8], [UInt8]) = ([], [])
        for index in name.indices { key.append(name[index]) }
        for index in value.indices { text.append(value[index]) }
        found.append("\(String(decoding: key, as: UTF8.self))=\(String(decoding: text, as: UTF8.self)) \(kind)")
      }
    }
    return found
  }

  @Test func `scalars are text, objects and arrays are JSON, null is null`() {
    let document = #"{ "a" : "x", "b":-1.50, "c":true ,"d":null,"e":{"f":[1, "\n"]},"g":[ ],"":"" }"#
    let expected = [
      "a=x text", "b=-1.50 text", "c=true text", "d=null null", #"e={"f":[1, "\n"]} json"#, "g=[ ] json", "= text",
    ]
    #expect(members(of: document) == expected)
  }

  @Test func `escapes are read in names and texts, and left alone in JSON`() {
    #expect(members(of: #"{"\u00e9\n":"\ud83d\ude00\"","a":["\u00e9"]}"#) == ["é\n=😀\" text", #"a=["\u00e9"] json"#])
  }

  @Test(
    arguments: [
      ("{}", []), (" { } ", []), (#""free text""#, ["=free text text"]), ("5", ["=5 text"]), ("null", ["=null null"]),
      (#"[1,{"a":2}]"#, [#"=[1,{"a":2}] json"#]),
    ] as [(String, [String])])
  func `a document that is no object is one value without a name`(document: String, expected: [String]) {
    #expect(members(of: document) == expected)
  }
}
