import Glibc

/// A program that was started and is waited for. The only place of the module with unsafe code.
///
/// It leads a process group of its own, so that it can be killed with all that it starts. No signal is blocked or ignored in
/// it, whatever holds in the thread that starts it: `Process` of Foundation would hand that thread's mask on.
struct ChildProcess {
  let number: pid_t

  enum Ending: Equatable {
    case status(Int32)
    case signal(Int32)
  }

  /// What the system says when the program cannot be started.
  struct Failure: Error { let reason: String }

  /// Starts a program with nothing to read; what it prints goes to standard error.
  init(path: String, arguments: [String], environment: [String: String]) throws(Failure) {
    var attributes = posix_spawnattr_t()
    var files = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawnattr_init(&attributes)
    unsafe posix_spawn_file_actions_init(&files)
    defer {
      unsafe posix_spawnattr_destroy(&attributes)
      unsafe posix_spawn_file_actions_destroy(&files)
    }
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    unsafe posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&files, STDERR_FILENO, STDOUT_FILENO)

    let words = unsafe ([path] + arguments).map { unsafe strdup($0) } + [nil]
    let variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var number: pid_t = 0
    let error = unsafe posix_spawn(&number, path, &files, &attributes, words, variables)
    guard error == 0 else { throw Failure(reason: unsafe String(cString: strerror(error))) }
    self.number = number
  }

  /// Waits for the program to end, and calls `body` while its number is still its own; blocks the thread.
  func waitForEnd(before body: () -> Void) -> Ending {
    var information = unsafe siginfo_t()
    while unsafe waitid(P_PID, id_t(number), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
    body()
    var status: Int32 = 0
    while unsafe waitpid(number, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7f
    return signal == 0 ? .status(status >> 8 & 0xff) : .signal(signal)
  }

  /// Kills the program and all of its group.
  func kill() { Glibc.kill(-number, SIGKILL) }
}
