// Stands between a program and the C library's file operations, and lets the n-th of them go wrong. Built by `run` as a
// library that the program is made to load first (LD_PRELOAD).
//
// Only operations below FAULTS_ROOT count, in the order in which they happen. FAULTS_MODE says what goes wrong:
//   none    nothing                            torn   as kill, but half of a write is done before
//   kill    the n-th ends the process          full   from the n-th on the disk takes no more: ENOSPC
//   fail    the n-th fails with FAULTS_ERRNO   dead   from the n-th on every operation but close fails with EIO
//   term    SIGTERM arrives at the n-th        short  every write does a part of what it is asked to
//   eintr   every other call that can be interrupted is
// FAULTS_AT is n, FAULTS_LOG gets a line for each operation, FAULTS_NO_EXCHANGE=1 is a file system that cannot exchange
// two names.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static char root[PATH_MAX], here[PATH_MAX], mode[16];
static size_t root_length;
static long fault_at, fault_errno;
static int log_file = -1, no_exchange;
static atomic_long operations;

static const char *setting(const char *name) { return getenv(name) ? getenv(name) : ""; }

__attribute__((constructor)) static void begin(void) {
  if (!realpath(setting("FAULTS_ROOT"), root) || !getcwd(here, sizeof here)) { root[0] = 0; return; }
  root_length = strlen(root);
  snprintf(mode, sizeof mode, "%s", setting("FAULTS_MODE"));
  fault_at = atol(setting("FAULTS_AT"));
  fault_errno = atol(setting("FAULTS_ERRNO"));
  no_exchange = setting("FAULTS_NO_EXCHANGE")[0] == '1';
  if (setting("FAULTS_LOG")[0])
    log_file = syscall(SYS_openat, AT_FDCWD, setting("FAULTS_LOG"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static int is(const char *name) { return strcmp(mode, name) == 0; }

// The absolute path if it is below the root, else null.
static const char *counted(const char *path, char *buffer) {
  if (!root_length || !path) return NULL;
  int length = snprintf(buffer, PATH_MAX, "%s%s%s", path[0] == '/' ? "" : here, path[0] == '/' ? "" : "/", path);
  if (length >= PATH_MAX) return NULL;
  int below = strncmp(buffer, root, root_length) == 0 && (buffer[root_length] == '/' || !buffer[root_length]);
  return below ? buffer : NULL;
}

static const char *counted_file(int descriptor, char *buffer) {
  char link[64], target[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t length = root_length ? syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target - 1) : -1;
  if (length < 0 || target[0] != '/') return NULL;
  target[length] = 0;
  return counted(target, buffer);
}

static int one_of(const char *operation, const char *words) {
  size_t length = strlen(operation);
  for (const char *at = strstr(words, operation); at; at = strstr(at + 1, operation))
    if ((at == words || at[-1] == ' ') && (!at[length] || at[length] == ' ')) return 1;
  return 0;
}

static void end_here(void) {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// Counts an operation; true when it shall fail, with errno set. `tearing` is told that a write shall be half done first.
static int goes_wrong(const char *operation, const char *path, const char *other, int *tearing) {
  if (!path) return 0;
  long number = ++operations;
  if (log_file >= 0) {
    char line[2 * PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%s\t%s\t%s\n", operation, path, other ? other : "");
    syscall(SYS_write, log_file, line, length);
  }
  int failure = 0;
  if (number == fault_at) {
    if (is("torn") && tearing) *tearing = 1;
    else if (is("kill") || is("torn")) end_here();
    if (is("term")) syscall(SYS_kill, getpid(), SIGTERM);
    if (is("fail")) failure = fault_errno;
  }
  if (number >= fault_at) {
    if (is("full") && one_of(operation, "create write mkdir")) failure = ENOSPC;
    if (is("dead") && !one_of(operation, "close")) failure = EIO;
  }
  if (is("eintr") && number % 2 && one_of(operation, "open create read write fsync flock close")) failure = EINTR;
  if (!failure) return 0;
  errno = failure;
  return 1;
}

#define NEXT(name) \
  static __typeof__(&name) next; \
  if (!next) next = dlsym(RTLD_NEXT, #name)

#define OPENING(name) \
  int name(const char *path, int flags, ...) { \
    NEXT(name); \
    va_list arguments; \
    va_start(arguments, flags); \
    mode_t permissions = flags & O_CREAT ? va_arg(arguments, mode_t) : 0; \
    va_end(arguments); \
    char buffer[PATH_MAX]; \
    if (goes_wrong(flags & O_CREAT ? "create" : "open", counted(path, buffer), NULL, NULL)) return -1; \
    return next(path, flags, permissions); \
  }
OPENING(open)
OPENING(open64)

#define OPENING_AT(name) \
  int name(int directory, const char *path, int flags, ...) { \
    NEXT(name); \
    va_list arguments; \
    va_start(arguments, flags); \
    mode_t permissions = flags & O_CREAT ? va_arg(arguments, mode_t) : 0; \
    va_end(arguments); \
    char buffer[PATH_MAX]; \
    if (goes_wrong(flags & O_CREAT ? "create" : "open", counted(path, buffer), NULL, NULL)) return -1; \
    return next(directory, path, flags, permissions); \
  }
OPENING_AT(openat)
OPENING_AT(openat64)

ssize_t write(int descriptor, const void *bytes, size_t count) {
  NEXT(write);
  char buffer[PATH_MAX];
  const char *path = counted_file(descriptor, buffer);
  int tears = 0;
  if (goes_wrong("write", path, NULL, &tears)) return -1;
  if (tears) {
    next(descriptor, bytes, count / 2);
    end_here();
  }
  if (path && is("short") && count > 1) count = count > 8 ? count * 2 / 3 : 1;
  return next(descriptor, bytes, count);
}

ssize_t read(int descriptor, void *bytes, size_t count) {
  NEXT(read);
  char buffer[PATH_MAX];
  const char *path = counted_file(descriptor, buffer);
  if (goes_wrong("read", path, NULL, NULL)) return -1;
  if (path && is("short") && count > 8) count = count * 2 / 3;
  return next(descriptor, bytes, count);
}

// Whatever close says, the descriptor is gone.
int close(int descriptor) {
  NEXT(close);
  char buffer[PATH_MAX];
  const char *path = counted_file(descriptor, buffer);
  int result = next(descriptor);
  return goes_wrong("close", path, NULL, NULL) ? -1 : result;
}

#define ON_FILE(name, operation, parameters, ...) \
  int name parameters { \
    NEXT(name); \
    char buffer[PATH_MAX]; \
    if (goes_wrong(operation, counted_file(descriptor, buffer), NULL, NULL)) return -1; \
    return next(__VA_ARGS__); \
  }
ON_FILE(fsync, "fsync", (int descriptor), descriptor)
ON_FILE(fdatasync, "fsync", (int descriptor), descriptor)
ON_FILE(fchmod, "fchmod", (int descriptor, mode_t bits), descriptor, bits)
ON_FILE(flock, "flock", (int descriptor, int what), descriptor, what)
ON_FILE(fstat, "stat", (int descriptor, struct stat *status), descriptor, status)
ON_FILE(sync_file_range, "hint", (int descriptor, off64_t from, off64_t count, unsigned flags), descriptor, from, count,
        flags)

#define ON_PATH(name, operation, parameters, ...) \
  int name parameters { \
    NEXT(name); \
    char buffer[PATH_MAX]; \
    if (goes_wrong(operation, counted(path, buffer), NULL, NULL)) return -1; \
    return next(__VA_ARGS__); \
  }
ON_PATH(mkdir, "mkdir", (const char *path, mode_t bits), path, bits)
ON_PATH(chmod, "chmod", (const char *path, mode_t bits), path, bits)
ON_PATH(unlink, "unlink", (const char *path), path)
ON_PATH(rmdir, "rmdir", (const char *path), path)
ON_PATH(stat, "stat", (const char *path, struct stat *status), path, status)
ON_PATH(lstat, "stat", (const char *path, struct stat *status), path, status)

int rename(const char *path, const char *other) {
  NEXT(rename);
  char buffer[PATH_MAX], second[PATH_MAX];
  if (goes_wrong("rename", counted(path, buffer), counted(other, second), NULL)) return -1;
  return next(path, other);
}

int renameat2(int from, const char *path, int to, const char *other, unsigned flags) {
  NEXT(renameat2);
  char buffer[PATH_MAX], second[PATH_MAX];
  const char *name = flags & RENAME_EXCHANGE ? "exchange" : "rename";
  if (no_exchange && flags & RENAME_EXCHANGE && counted(path, buffer)) {
    errno = EINVAL;
    return -1;
  }
  if (goes_wrong(name, counted(path, buffer), counted(other, second), NULL)) return -1;
  return next(from, path, to, other, flags);
}

DIR *opendir(const char *path) {
  NEXT(opendir);
  char buffer[PATH_MAX];
  return goes_wrong("opendir", counted(path, buffer), NULL, NULL) ? NULL : next(path);
}

// Only the last call for a directory counts: one that fails must not be taken for its end.
#define READING(name, entry) \
  struct entry *name(DIR *directory) { \
    NEXT(name); \
    char buffer[PATH_MAX]; \
    struct entry *found = next(directory); \
    if (!found) goes_wrong("readdir", counted_file(dirfd(directory), buffer), NULL, NULL); \
    return found; \
  }
READING(readdir, dirent)
READING(readdir64, dirent64)

char *realpath(const char *path, char *resolved) {
  NEXT(realpath);
  char buffer[PATH_MAX];
  return goes_wrong("realpath", counted(path, buffer), NULL, NULL) ? NULL : next(path, resolved);
}
