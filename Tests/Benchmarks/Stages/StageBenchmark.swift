import ArgumentParser

// Without `async`, for a program whose main function is asynchronous crashes valgrind.
@main
struct StageBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stage-benchmark", abstract: "Times the stages of a run one by one, or inflating alone.",
    subcommands: [StagesCommand.self, InflateCommand.self, OneStageCommand.self], defaultSubcommand: StagesCommand.self)
}
