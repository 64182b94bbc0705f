import Pipeline
import Testing

@Suite("The settings of what follows a run")
struct PipelineOperationsTests {
  private func parse(_ lines: String, _ environment: [String: String] = [:]) throws -> PipelineFile {
    try PipelineFile(
      text: "version: 1\nname: night\ninput: {archives: \"a/${day}/*\"}\noutput: {directory: \"o/${day}\"}\n" + lines,
      path: "p", environment: environment)
  }

  @Test func theyAreRead() throws {
    let file = try parse(
      """
      metrics: {textfile: "${DIR}/calltally-${pipeline}.prom"}
      hook: {command: [/bin/echo, "$HOME", "", "", 7], timeout: 2m}
      retention: {days: 400d}
      window: {lookback: 500d, restate: 400d}
      """, ["DIR": "/var/lib"])
    #expect(file.metrics?.textfile == "/var/lib/calltally-night.prom")
    #expect(file.hook?.command == ["/bin/echo", "$HOME", "", "", "7"])
    #expect(file.hook?.timeout == 120)
    #expect(file.retention?.days == 400)
  }

  @Test func nothingFollowsWhenNothingIsSaid() throws {
    let file = try parse("")
    #expect(file.metrics == nil && file.hook == nil && file.retention == nil)
    #expect(try parse("hook: {command: [ping]}").hook?.timeout == 60)
  }

  @Test(
    arguments: [
      ("metric: {}", "5:1: the file has no key \"metric\"…; did you mean \"metrics\"?"),
      ("metrics: {textfile: calltally.txt}", "5:21: metrics.textfile is \"calltally.txt\", but must be a path…"),
      ("metrics: {textfile: a/.prom}", "5:21: metrics.textfile is …"),
      ("metrics: {}", "5:1: metrics lacks the key \"textfile\""),
      ("hook: {command: ping -c 1}", "5:17: hook.command is the text \"ping -c 1\", but must be a list…"),
      ("hook: {command: []}", "5:17: hook.command names no program…"),
      ("hook: {command: [\"\", a]}", "5:17: hook.command names no program…"),
      ("hook: {command: [a, [b]]}", "5:21: hook.command is a list, but…"),
      ("hook: {command: [a, \"${DAY}\"]}", "5:21: hook.command needs the environment variable DAY…"),
      ("hook: {command: [a, \"b\\0\"]}", "5:21: hook.command holds…, but an argument may not hold a NUL"),
      ("hook: {timeout: 5s}", "5:1: hook lacks the key \"command\""),
      ("hook: {command: [a], timeout: 0s}", "5:31: hook.timeout is \"0s\", but must be a duration from 1s to 1h…"),
      ("hook: {comand: [a], command: [b]}", "5:8: hook has no key \"comand\"…; did you mean \"command\"?"),
      ("retention: {days: 400}", "5:19: retention.days is \"400\", but must be whole days…"),
      ("retention: {days: 0d}", "5:19: retention.days is \"0d\"…"),
      ("retention: 400d", "5:12: retention is the text \"400d\", but must be a mapping of days"),
      (
        "retention: {days: 6d}\nwindow: {lookback: 9d, restate: 7d}",
        "5:19: retention.days is \"6d\", but must be at least window.restate, which is 7d"
      ),
    ])
  func aWrongOneIsToldWithItsPlace(lines: String, message: String) {
    let found = problems(addingToPipelineFile: lines)
    #expect(isOne(found, message.hasSuffix("…") ? String(message.dropLast()) : message), "\(found)")
  }

  @Test(arguments: [("o", true), ("o/${day}", false), ("o/${day}/./", false), ("o/${day}/x", true)])
  func daysCanOnlyGoWhereADayIsADirectory(directory: String, isRefused: Bool) {
    let found = problems(
      inPipelineFile:
        "version: 1\nname: n\ninput: {archives: a}\noutput: {directory: \"\(directory)\"}\nretention: {days: 1d}\n")
    #expect(
      found
        == (isRefused
          ? [
            "5:1: retention is given, but output.directory does not end in ${day}: no day would ever go"
          ] : []))
  }
}
