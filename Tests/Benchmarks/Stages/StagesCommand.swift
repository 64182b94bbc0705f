import ArgumentParser
import Foundation

/// Prints a table of what each stage costs.
struct StagesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stages", abstract: "Time each stage of a run alone, on one thread, and print a table.")

  @Option(help: "Passes; the table shows medians.")
  var rounds = 5

  @Flag(help: "Count instructions with callgrind instead, which takes minutes for a few megabytes and is exact.")
  var instructions = false

  @Argument(help: "The archives.")
  var archives: [String]

  func run() throws {
    if instructions { try printInstructions() } else { try printTimes() }
  }

  private func printTimes() throws {
    var passes: [StagePass] = []
    for round in 0...max(1, rounds) {
      var pass = StagePass(archives)
      try pass.run()
      // The first pass warms the page cache.
      if round > 0 { passes.append(pass) }
    }
    let (lines, bytes) = (Double(passes[0].lines), Double(passes[0].textBytes))
    let figures = Figures { stage in
      let sorted = passes.map { $0.watch.seconds[stage.place] }.sorted()
      return sorted[sorted.count / 2]
    }
    print(
      "\(passes[0].lines) lines, \(passes[0].textBytes) bytes of text; medians of \(passes.count) passes, one thread")
    print("                     seconds   ns a line        MB/s")
    for (name, seconds) in figures.rows {
      let columns = [
        fixed(seconds, 3, width: 9), fixed(seconds / lines * 1e9, 1, width: 12),
        fixed(bytes / seconds / 1e6, 0, width: 12),
      ]
      print(name.padding(toLength: 19, withPad: " ", startingAt: 0) + columns.joined())
    }
  }

  private func printInstructions() throws {
    var counts: [Int: Double] = [:]
    var lines = 1.0
    let program = FileManager.default.temporaryDirectory.appendingPathComponent("stages-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: program) }
    // valgrind gives up on the debug information of a large Swift program.
    _ = try output(of: ["strip", "--strip-debug", "-o", program, CommandLine.arguments[0]])
    for stage in Stage.allCases {
      let counted = try countInstructions(of: stage, program)
      counts[stage.place] = Double(counted.instructions)
      lines = Double(counted.lines)
    }
    let figures = Figures { counts[$0.place] ?? 0 }
    print("\(Int(lines)) lines; instructions as callgrind counts them")
    print("                    millions      a line")
    for (name, count) in figures.rows {
      let columns = fixed(count / 1e6, 1, width: 9) + fixed(count / lines, 0, width: 12)
      print(name.padding(toLength: 19, withPad: " ", startingAt: 0) + columns)
    }
  }

  private func countInstructions(of stage: Stage, _ program: String) throws -> (instructions: Int, lines: Int) {
    let printed = try output(
      of: [
        "valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--collect-atstart=no",
        "--toggle-collect=*measuredRegion*", program, "one-stage", "--stage", stage.rawValue,
      ] + archives)
    let collected = printed.messages.split(separator: "\n").first { $0.contains("Collected") }
    let count = collected.flatMap { Int($0.split(separator: " ").last ?? "") }
    guard let lines = Int(printed.data.trimmingCharacters(in: .whitespacesAndNewlines)), let count else {
      throw ValidationError("valgrind did not count \(stage.rawValue): \(printed.messages.suffix(500))")
    }
    return (count, lines)
  }

  private func output(of command: [String]) throws -> (data: String, messages: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let (data, messages) = (StagesCommand.text(output), StagesCommand.text(errors))
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ValidationError("\(command[0]) failed: \(messages.suffix(500))")
    }
    return (data, messages)
  }

  private static func text(_ pipe: Pipe) -> String {
    String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  }
}

/// The rows of a table: what was measured, and what follows from it.
struct Figures {
  let rows: [(name: String, value: Double)]

  init(_ measured: (Stage) -> Double) {
    let parts: [(String, Double)] = [
      ("inflating", measured(.inflating)),
      ("- without CRC", measured(.inflating) - measured(.checksum)),
      ("framing", measured(.reading) - measured(.inflating)),
      ("decoding", measured(.decoding)),
      ("rendering details", measured(.renderingDetails)),
      ("committing", measured(.committing)),
      ("settling", measured(.settling)),
      ("rendering calls", measured(.renderingCalls)),
      ("writing", measured(.writing)),
    ]
    let whole = parts.filter { !$0.0.hasPrefix("-") }.reduce(0) { $0 + $1.1 }
    rows = (parts + [("together", whole)]).map { (name: $0.0, value: $0.1) }
  }
}

private func fixed(_ value: Double, _ places: Int, width: Int) -> String {
  let text = String(format: "%.\(places)f", value)
  return String(repeating: " ", count: max(0, width - text.count)) + text
}
