import ArgumentParser

/// What `--instructions` runs under callgrind: one pass in which one stage is counted.
struct OneStageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "one-stage", shouldDisplay: false)

  @Option var stage: Stage
  @Argument var archives: [String]

  func run() throws {
    var pass = StagePass(archives, counting: stage)
    try pass.run()
    print(pass.lines)
  }
}

extension Stage: ExpressibleByArgument {}
