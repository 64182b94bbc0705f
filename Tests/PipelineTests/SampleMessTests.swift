import CallModel
import Foundation
import Pipeline
import Testing

/// A messy sample has every trouble that it promises, already with a few hundred calls.
struct SampleMessTests {
  private static func messyLines() async throws -> [String] {
    try await sample(calls: 600, seed: 11, mess: true).directory.lines()
  }

  @Test func deliveriesAreRepeatedChangedAndLost() async throws {
    let lines = try await SampleMessTests.messyLines()
    let events = lines.compactMap { line in (try? object(line)).map { (line: line, members: $0) } }
    let byID = Dictionary(grouping: events.filter { $0.members["event_id"] != nil }) {
      $0.members["event_id"] as? String ?? ""
    }
    let repeated = byID.values.filter { $0.count > 1 }
    #expect(repeated.contains { Set($0.map(\.line)).count == 1 }, "no duplicate")
    #expect(repeated.contains { $0.count == 5 }, "nothing was delivered five times")
    #expect(repeated.contains { Set($0.map(\.line)).count > 1 }, "no conflict")

    func conversations(of event: String) -> [String] {
      events.filter { $0.members["event"] as? String == event }.compactMap { $0.members["conversation_id"] as? String }
    }
    let (started, completed, processed) = (
      Set(conversations(of: "call.started")), Set(conversations(of: "call.completed")),
      Set(conversations(of: "call.processed"))
    )
    #expect(!started.subtracting(completed).isEmpty, "no call.completed was lost")
    #expect(!started.subtracting(processed).isEmpty, "no call.processed was lost")
    #expect(conversations(of: "call.processed").count > processed.count, "no call was processed twice")
  }

  @Test func campaignsAreOpenUnannouncedAndWrong() async throws {
    let lines = try await SampleMessTests.messyLines()
    let events = lines.compactMap { try? object($0) }
    func campaigns(_ event: (String) -> Bool) -> Set<String> {
      Set(events.filter { event($0["event"] as? String ?? "") }.compactMap { $0["campaign_id"] as? String })
    }
    let started = campaigns { $0 == "campaign.started" }
    let ended = campaigns { $0 == "campaign.ended" }
    #expect(!started.subtracting(ended).isEmpty, "no campaign is open")
    #expect(!ended.subtracting(started).isEmpty, "no campaign lacks its start")
    #expect(!campaigns { $0.hasPrefix("call.") }.subtracting(started).subtracting(ended).isEmpty, "all were announced")
    let unbalanced = events.filter {
      guard let credits = $0["total_credits"] as? Int else { return false }
      return $0["billable_duration"] as? String != clock(60 * credits)
    }
    #expect(!unbalanced.isEmpty, "no campaign claims wrong credits")
  }

  @Test func linesAreBrokenAndOdd() async throws {
    let lines = try await SampleMessTests.messyLines()
    func has(_ what: String, _ condition: (String) -> Bool) {
      let isThere = lines.contains(where: condition)
      #expect(isThere, "there is no line with \(what)")
    }
    has("a cut line") { $0.hasPrefix("{") && !$0.contains("}\r") && !$0.hasSuffix("}") && (try? object($0)) == nil }
    has("trailing junk") { $0.hasSuffix("}, 200 OK") }
    has("a line without event_id") { (try? object($0)).map { $0["event"] != nil && $0["event_id"] == nil } ?? false }
    has("a key twice") { $0.components(separatedBy: ",\"status\":").count == 3 }
    has("a line that is no object") { $0.hasPrefix("[") }
    has("a blank line") { $0.allSatisfy { $0 == " " } }
    has("CR LF") { $0.unicodeScalars.last == "\r" }
    has("a byte order mark") { $0.unicodeScalars.first == "\u{feff}" }
    has("an unknown event") { $0.contains(#""event":"call.transferred""#) }
    has("an unknown field") { $0.contains(#","sentiment":{"#) }
    has("credits as text") { $0.contains(#""credits":""#) }
    has("30 February") { $0.contains(#""ended_at":"2026-02-30T"#) }
    has("a colon before the microseconds") { $0.wholeMatch(of: /.*"connected_at":"[^"]{19}:\d{6}".*/) != nil }
    has("a time with Z") { $0.contains(#"Z","error_code""#) }
    has("a time with an offset") { $0.contains("+05:30\"") }
  }

  @Test func valuesDisagree() async throws {
    let events = try await SampleMessTests.messyLines().compactMap { try? object($0) }
    var durations: [String: Int] = [:]
    for call in events where call["event"] as? String == "call.completed" {
      if let id = call["conversation_id"] as? String { durations[id] = durations[id] ?? call["call_duration"] as? Int }
    }
    let processed = events.filter { $0["event"] as? String == "call.processed" }
    #expect(
      processed.contains { call in
        let completed = durations[call["conversation_id"] as? String ?? ""]
        return completed != nil && completed != call["duration"] as? Int
      }, "no duration conflict")
    #expect(
      processed.contains { call in
        guard call["status"] as? String == "completed", let seconds = call["duration"] as? Int,
          let credits = call["credits"] as? Double
        else { return false }
        return credits != Double(max(1, (seconds + 59) / 60))
      }, "all credits fit the rule")
  }

  @Test func archivesAreDamagedAndDivided() async throws {
    let (directory, _) = try await sample(calls: 600, seed: 11, mess: true)
    let files = try directory.files().sorted { $0.key < $1.key }.map(\.value)
    #expect(files.contains { $0.count(of: [0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00]) > 1 }, "one member each")
    #expect(files.contains { $0.suffix(512).allSatisfy { $0 == 0 } }, "no archive ends with zeros")
    let last = try #require(try directory.files().keys.max())
    #expect(try !run("gzip", "-t", "\(directory.path)/\(last)").isSuccess, "the last archive is whole")
    #expect(try run("gzip", "-t", "\(directory.path)/09.jsonl.gz").isSuccess)
  }

  @Test func eventsComeLateAndOutOfOrder() async throws {
    let (directory, _) = try await sample(calls: 600, seed: 11, mess: true)
    var isLate = false
    var isOutOfOrder = false
    for (name, text) in zip(try directory.files().keys.sorted(), try directory.texts()) {
      var previous = ""
      for line in text.split(separator: "\n") {
        guard let time = (try? object(String(line)))?["timestamp"] as? String else { continue }
        isLate = isLate || time.dropFirst(11).prefix(2) < name.prefix(2)
        isOutOfOrder = isOutOfOrder || time < previous
        previous = time
      }
    }
    #expect(isLate && isOutOfOrder)
  }
}

/// HH:MM:SS.
private func clock(_ seconds: Int) -> String {
  [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
}

extension Data {
  fileprivate func count(of pattern: [UInt8]) -> Int {
    var found = 0
    var rest = startIndex..<endIndex
    while let match = range(of: Data(pattern), in: rest) {
      found += 1
      rest = match.upperBound..<endIndex
    }
    return found
  }
}
