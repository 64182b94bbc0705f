import Foundation
import Glibc

/// A directory in which the real program is run, as a user or cron runs it.
struct RunWorkspace: Sendable {
  private let holder: TemporaryDirectory

  var path: String { holder.path }

  init() throws { holder = try TemporaryDirectory() }

  /// How a run ended.
  struct Outcome: Sendable {
    let status: Int32
    let output: String
    let errors: String

    /// All of it, as golden cases keep it.
    var text: String { "exit status \(status)\n--- standard output\n\(output)--- standard error\n\(errors)" }
  }

  /// The program that was built with these tests.
  static let program = URL(fileURLWithPath: Bundle.main.executablePath ?? "").deletingLastPathComponent()
    .appendingPathComponent("calltally").path

  /// Runs the program in this directory, in an environment as bare as cron's.
  func calltally(
    _ arguments: [String], environment: [String: String] = [:], input: Data = Data()
  ) async throws -> Outcome {
    try await execute(RunWorkspace.program, arguments, environment: environment, input: input)
  }

  /// Runs a shell command in this directory, with the program as `$calltally`.
  func shell(_ command: String, environment: [String: String] = [:]) async throws -> Outcome {
    try await execute(
      "/bin/sh", ["-c", command],
      environment: environment.merging(["calltally": RunWorkspace.program]) { given, _ in given })
  }

  private func execute(
    _ program: String, _ arguments: [String], environment: [String: String], input: Data = Data()
  ) async throws -> Outcome {
    let scratch = try TemporaryDirectory()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: path)
    process.environment = ["PATH": "/usr/bin:/bin"].merging(environment) { _, given in given }
    await Turns.shared.take()
    let status: Int32
    do {
      status = try await RunWorkspace.status(of: process, input, scratch.path)
    } catch {
      await Turns.shared.give()
      throw error
    }
    await Turns.shared.give()
    return Outcome(
      status: status, output: try String(contentsOfFile: scratch.path + "/out", encoding: .utf8),
      errors: try String(contentsOfFile: scratch.path + "/err", encoding: .utf8))
  }

  private static func status(of process: Process, _ input: Data, _ scratch: String) async throws -> Int32 {
    // Files and no pipes: nothing can wait for somebody to read.
    try writeFile(input, to: scratch + "/in")
    for name in ["out", "err"] { try writeFile(Data(), to: "\(scratch)/\(name)") }
    let input = try FileHandle(forReadingFrom: URL(fileURLWithPath: scratch + "/in"))
    let output = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch + "/out"))
    let errors = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch + "/err"))
    // Foundation keeps them open for good.
    defer { for handle in [input, output, errors] { try? handle.close() } }
    (process.standardInput, process.standardOutput, process.standardError) = (input, output, errors)
    return try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
      do { try withoutBlockedSignals { try process.run() } } catch { continuation.resume(throwing: error) }
    }
  }

  // MARK: Files

  func write(_ bytes: Data, to name: String) throws { try writeFile(bytes, to: "\(path)/\(name)") }

  func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

  func read(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")) }

  /// What stands in a directory, hidden files among it.
  func names(in folder: String = ".") throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)").sorted()
  }

  /// The published files by name; one that is gzipped as its text, under its name without `.gz`.
  func published(_ folder: String = "output") throws -> [String: Data] {
    guard FileManager.default.fileExists(atPath: "\(path)/\(folder)") else { return [:] }
    var files: [String: Data] = [:]
    for (name, bytes) in try readTree("\(path)/\(folder)") {
      if name.hasSuffix(".gz") {
        files[String(name.dropLast(3))] = Data(try run("gzip", "-dc", "\(path)/\(folder)/\(name)").output.utf8)
      } else {
        files[name] = bytes
      }
    }
    return files
  }

  /// A published CSV of the machine dialect.
  func table(_ name: String, in folder: String = "output") throws -> MachineTable {
    try MachineTable(try read("\(folder)/\(name).csv"))
  }
}

/// Lets a few programs run at a time. All tests begin at once, and where well over a thousand files are open, Foundation
/// reads past its list of them when it starts a program.
private actor Turns {
  static let shared = Turns()

  private var free = 32
  private var waiting: [CheckedContinuation<Void, Never>] = []

  func take() async {
    if free > 0 { free -= 1 } else { await withCheckedContinuation { waiting.append($0) } }
  }

  func give() {
    if waiting.isEmpty { free += 1 } else { waiting.removeFirst().resume() }
  }
}

/// Starts a process as a terminal or cron does. Threads of tasks block signals, and what they start would do so too: a shell
/// that waits for a signal's process would wait forever.
private func withoutBlockedSignals(_ start: () throws -> Void) rethrows {
  var none = sigset_t()
  var before = sigset_t()
  unsafe sigemptyset(&none)
  unsafe pthread_sigmask(SIG_SETMASK, &none, &before)
  defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
  try start()
}

func writeFile(_ bytes: Data, to path: String) throws {
  let url = URL(fileURLWithPath: path)
  try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  try bytes.write(to: url)
}

/// Every file below a folder, by its path in it; `orNone` where the folder may be missing.
func readTree(_ folder: String, orNone: Bool = false) throws -> [String: Data] {
  var files: [String: Data] = [:]
  if orNone, !FileManager.default.fileExists(atPath: folder) { return files }
  for name in try FileManager.default.subpathsOfDirectory(atPath: folder) {
    let url = URL(fileURLWithPath: "\(folder)/\(name)")
    guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
    files[name] = try Data(contentsOf: url)
  }
  return files
}
