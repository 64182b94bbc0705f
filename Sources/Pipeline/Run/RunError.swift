package import Intake
package import TextTables

/// Why a run published nothing, or cannot tell that what it has published will stay.
package enum RunError: Error, Sendable {
  case pipelineFile(PipelineFileError)
  case intake(IntakeError)
  case output(TextTablesError)
  /// No report can be made of a directory.
  case report(ReportError)
  /// The control totals do not balance: a fault of this program, never of the archives.
  case unbalanced(String)
}

extension RunError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .pipelineFile(let error): error.description
    case .intake(let error): error.description
    case .output(let error): error.description
    case .report(let error): error.description
    case .unbalanced(let what):
      "the control totals do not balance, so nothing was published: \(what); please report this with the archives"
    }
  }
}

/// How a run ends, as a number: the contract with cron and with other people's scripts.
package enum ExitStatus: Int32, Sendable {
  /// Published, and everything within tolerance.
  case success = 0
  /// Published, and a reconciliation check failed.
  case checkFailed = 1
  /// Published, and input was damaged or rejected past a check. It goes before `checkFailed`: figures made of damaged
  /// input settle nothing.
  case damagedInput = 2
  case usage = 64
  /// Input over a limit; nothing published.
  case inputOverLimit = 65
  case noInput = 66
  /// Control totals do not balance; nothing published.
  case unbalanced = 70
  case cannotCreateOutput = 73
  case inputOutputError = 74
  case locked = 75
  case badPipelineFile = 78

  package init(_ error: RunError) {
    self =
      switch error {
      case .pipelineFile(let error): ExitStatus(error)
      case .unbalanced: .unbalanced
      case .report: .noInput
      case .intake(let error): ExitStatus(error)
      case .output(let error):
        switch error {
        case .cannotCreate: .cannotCreateOutput
        case .inputOutput, .unconfirmed, .damaged: .inputOutputError
        case .locked: .locked
        }
      }
  }

  package init(_ error: PipelineFileError) { self = error.isOfTheMachine ? .inputOutputError : .badPipelineFile }

  package init(_ error: IntakeError) {
    self =
      switch error {
      case .nothingMatches, .notAFile, .cannotOpen, .standardInputIsEmpty: .noInput
      case .cannotRead, .changedWhileRead: .inputOutputError
      case .archiveTooLarge: .inputOverLimit
      }
  }
}
