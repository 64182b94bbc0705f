import ArgumentParser
import Foundation
import Pipeline

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Tell what the codes of findings mean, and what to do about each.",
    discussion: "Lines are as long as COLUMNS says, from 40 to 200, else 80.")

  @Flag(help: "Print every code with its severity, its meaning, an example and what to do.")
  var codes = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if !codes { throw ValidationError("Say what is to be explained: --codes.") }
  }

  func run() throws {
    let page = FindingCodesPage()
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap(Int.init) ?? 80
    try printData(json ? calltally.json(page.entries) : page.text(width: min(max(columns, 40), 200)))
  }
}
