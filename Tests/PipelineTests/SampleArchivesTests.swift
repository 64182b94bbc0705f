import CallModel
import Foundation
import Pipeline
import Testing

/// Archives are read back with gzip(1) and Foundation's JSON, which share no code with the generator.
struct SampleArchivesTests {
  @Test func theSameSeedGivesTheSameBytesWithAnyNumberOfThreads() async throws {
    for mess in [false, true] {
      let (one, summaryOfOne) = try await sample(calls: 600, seed: 5, mess: mess, threads: 1)
      let (many, summaryOfMany) = try await sample(calls: 600, seed: 5, mess: mess, threads: 4)
      let (other, _) = try await sample(calls: 600, seed: 6, mess: mess, threads: 4)
      #expect(try one.files() == many.files())
      #expect(summaryOfOne == summaryOfMany)
      #expect(try one.files() != other.files())
    }
  }

  @Test func theSummaryCountsWhatWasWritten() async throws {
    let (directory, summary) = try await sample(calls: 400, seed: 1)
    let texts = try directory.texts()
    #expect(summary.files == texts.count)
    #expect(summary.jsonBytes == texts.map(\.utf8.count).reduce(0, +))
    #expect(summary.lines == texts.flatMap { $0.split(separator: "\n") }.count)
    #expect(summary.gzipBytes == (try directory.files().values.map(\.count).reduce(0, +)))
  }

  @Test func everyEventHasThePublishedMembersInThePublishedOrder() async throws {
    let (directory, _) = try await sample(calls: 400, seed: 2)
    let published = try PublishedPayloads().membersByEvent
    #expect(published.count == 6)
    var seen: Set<String> = []
    for line in try directory.lines() {
      let event = try #require(try object(line)["event"] as? String)
      let members = try #require(published[event])
      #expect(try Set(object(line).keys) == Set(members), "members of \(event)")
      var rest = line[...]
      for member in members {
        let place = try #require(rest.range(of: "\"\(member)\":"), "\(member) of \(event) is out of order")
        rest = rest[place.upperBound...]
      }
      seen.insert(event)
    }
    #expect(seen == Set(published.keys))
  }

  @Test func aCleanSampleIsCleanAndItsClaimsAddUp() async throws {
    let (directory, _) = try await sample(calls: 1_500, seed: 3)
    let events = try directory.lines().map { try object($0) }
    let ids = events.compactMap { $0["event_id"] as? String }
    #expect(Set(ids).count == events.count)

    var counted: [String: [Int]] = [:]
    for call in events where call["event"] as? String == "call.completed" {
      guard let campaign = call["campaign_id"] as? String else { continue }
      let seconds = try #require(call["call_duration"] as? Int)
      let isCompleted = call["status"] as? String == "completed"
      let pulses = isCompleted ? max(1, Int((Double(seconds) / 60).rounded(.up))) : 0
      let one = [1, isCompleted ? 1 : 0, isCompleted ? 0 : 1, seconds, pulses * 60, pulses]
      counted[campaign] = zip(counted[campaign] ?? [0, 0, 0, 0, 0, 0], one).map(+)
    }
    var claimed: [String: [Int]] = [:]
    for campaign in events where campaign["event"] as? String == "campaign.ended" {
      let numbers = ["total_calls", "successful_calls", "failed_calls"].compactMap { campaign[$0] as? Int }
      let durations = ["total_duration", "billable_duration"].compactMap { seconds(campaign[$0] as? String ?? "") }
      let id = try #require(campaign["campaign_id"] as? String)
      claimed[id] = numbers + durations + [try #require(campaign["total_credits"] as? Int)]
    }
    #expect(counted.count > 3)
    #expect(claimed == counted)
  }

  @Test func callsAreOfEveryKind() async throws {
    let (directory, _) = try await sample(calls: 1_500, seed: 4)
    let lines = try directory.lines()
    let events = try lines.map { try object($0) }
    let completed = events.filter { $0["event"] as? String == "call.completed" }
    let statuses = Dictionary(grouping: completed) { $0["status"] as? String ?? "" }.mapValues(\.count)
    #expect(Set(statuses.keys) == ["completed", "no-answer", "busy", "failed", "voicemail"])
    #expect((0.75...0.85).contains(Double(statuses["completed"] ?? 0) / 1_500))
    #expect(completed.contains { $0["error_code"] is Int } && completed.contains { $0["error_code"] is String })
    let turns = events.compactMap { ($0["transcripts"] as? [Any])?.count }
    #expect(turns.min() == 2 && turns.max() == 30)
    let contexts = events.compactMap { ($0["context_data"] as? [String: Any])?.count }
    #expect(Set(contexts) == [0, 1, 2, 3, 4])
    for text in [#"\""#, #"\n"#, #"\u09"#, "नमस्ते", "👋", "مرحبًا", "null", "e2,", "true"] {
      #expect(lines.contains { $0.contains(text) }, "nothing holds \(text)")
    }
    #expect((2_600.0...3_500.0).contains(Double(lines.map(\.utf8.count).reduce(0, +)) / 1_500))
  }

  @Test func filesAreTheOwnersAlone() async throws {
    let (directory, _) = try await sample(calls: 20, seed: 1)
    #expect(try permissions(directory.path) == 0o700)
    for name in try directory.files().keys { #expect(try permissions("\(directory.path)/\(name)") == 0o600) }
  }

  @Test func aDirectoryWithArchivesIsRefused() async throws {
    let directory = try TemporaryDirectory()
    try Data().write(to: URL(fileURLWithPath: directory.path + "/09.jsonl.gz"))
    let archives = SampleArchives(directory: directory.path, calls: 10, seed: 1, mess: false, threads: 1)
    let error = await #expect(throws: SampleError.self) { try await archives.write() }
    #expect(error == .holdsArchives(path: directory.path, archive: "09.jsonl.gz"))
    #expect(try directory.files().keys.sorted() == ["09.jsonl.gz"])
  }

  @Test(arguments: [0, -1, 20_000_001]) func anImpossibleNumberOfCallsIsRefused(calls: Int) async throws {
    let directory = try TemporaryDirectory()
    let archives = SampleArchives(directory: directory.path, calls: calls, seed: 1, mess: false, threads: 1)
    await #expect(throws: SampleError.impossibleCount(calls: calls)) { try await archives.write() }
  }

  @Test(arguments: 1...12) func theSmallestSamplesCanBeRead(calls: Int) async throws {
    let (directory, _) = try await sample(calls: calls, seed: 9)
    let events = try directory.lines().map { try object($0) }
    #expect(events.filter { $0["event"] as? String == "call.completed" }.count == calls)
  }
}

private func permissions(_ path: String) throws -> Int? {
  try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
}

/// Seconds of HH:MM:SS.
private func seconds(_ clock: String) -> Int? {
  let parts = clock.split(separator: ":").compactMap { Int($0) }
  return parts.count == 3 ? parts[0] * 3_600 + parts[1] * 60 + parts[2] : nil
}
