import Tally
import Testing

import Pipeline

private func parse(_ text: String, _ environment: [String: String]) throws -> PipelineFile {
  try PipelineFile(text: text, path: "night.yaml", environment: environment)
}

@Suite struct PipelineFileVariableTests {
  @Test func variablesComeFromTheEnvironment() throws {
    let file = try parse(
      """
      version: 1
      name: ${NAME:-night}
      input: {archives: "${ROOT}/${pipeline}/*.gz", timezone: "${ZONE:-UTC}"}
      billing: {pulse: "${PULSE}"}
      output: {directory: "$HOME/${EMPTY:-spare}${EMPTY}/$"}
      """, ["ROOT": "/data", "PULSE": "30s", "EMPTY": "", "HOME": "/root"])
    #expect(file.name == "night")
    #expect(file.input.archives == ["/data/night/*.gz"])
    #expect(file.input.timezone == "UTC")
    #expect(file.billing.pulse == 30)
    #expect(file.output.directory == "$HOME/spare/$")
  }

  @Test func whatAVariableBringsInIsNotExpandedAgain() throws {
    let file = try parse(
      "version: 1\nname: a\ninput: {archives: a}\noutput: {directory: \"${DIR}\"}\n",
      ["DIR": "${HOME}", "HOME": "/root"])
    #expect(file.output.directory == "${HOME}")
  }

  @Test(
    arguments: [
      (
        "${ROOT}/a",
        "3:19: input.archives needs the environment variable ROOT, which is not set: set it, or write ${ROOT:-default}"
      ),
      ("${ROOT", "3:19: input.archives holds \"${\" without \"}\", but a variable is written ${NAME}"),
      ("${}", "3:19: input.archives holds \"${}\", but a variable is written ${NAME} or ${NAME:-plain default}"),
      ("${A B}", "3:19: input.archives holds \"${A B}\", but a variable is written ${NAME}"),
      ("${1A}", "3:19: input.archives holds \"${1A}\", but a variable is written ${NAME}"),
      ("${A:-${B}}", "3:19: input.archives holds \"${A:-${B}\", but a variable is written ${NAME} or ${NAME:-plain"),
      ("${day:-today}", "3:19: input.archives gives ${day} a default, but it always has a value: write ${day}"),
    ])
  func aVariableThatCannotBeExpandedIsTold(archives: String, message: String) {
    let found = problems(
      inPipelineFile: "version: 1\nname: a\ninput: {archives: \"\(archives)\"}\noutput: {directory: o}\n")
    #expect(isOne(found, message), "\(found)")
  }

  @Test func everyVariableThatIsNotSetIsTold() {
    let found = problems(
      inPipelineFile: "version: 1\nname: a\ninput: {archives: \"${A}/${B}\"}\noutput: {directory: o}\n")
    #expect(found.count == 2)
    #expect(found[0].contains("variable A,") && found[1].contains("variable B,"))
  }

  @Test func onlyPathsMayHoldTheDay() {
    #expect(
      problems(addingToPipelineFile: "billing: {billable: \"${day}\"}") == [
        "5:21: billing.billable holds ${day}, but only input.archives, output.directory and file may"
      ])
  }

  @Test func aWrongValueFromTheEnvironmentIsShownWithItsVariable() {
    #expect(
      problems(addingToPipelineFile: "limits: {depth: \"${DEPTH}\"}", ["DEPTH": "deep"]) == [
        "5:17: limits.depth is \"deep\" (from \"${DEPTH}\"), but must be a number from 1 to 1024"
      ])
  }
}
