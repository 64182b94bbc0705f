"""The file operations of a run as faults.c logs them: which errors each may meet, and whether a power cut is survived."""

import errno
import pathlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    name: str
    # Relative to the workspace.
    path: str
    other: str

    @property
    def changes_something(self):
        return self.name in ("create", "write", "mkdir", "fchmod", "chmod", "rename", "exchange", "unlink", "rmdir")

    @property
    def takes_space(self):
        return self.name in ("create", "write", "mkdir")


def operations_in(log, root):
    lines = (line.split("\t") for line in pathlib.Path(log).read_text().splitlines())

    def inside(path):
        return path.removeprefix(str(root)).removeprefix("/").removeprefix("./")

    return [Operation(name, inside(path), inside(other)) for name, path, other in lines]


ERRORS = {
    "create": [errno.ENOSPC, errno.EMFILE, errno.EDQUOT, errno.EIO],
    "write": [errno.ENOSPC, errno.EDQUOT, errno.EIO],
    "mkdir": [errno.ENOSPC, errno.EDQUOT, errno.EIO],
    "open": [errno.EMFILE, errno.EIO],
    "opendir": [errno.EMFILE, errno.EIO],
    "close": [errno.EIO, errno.EDQUOT],
    "fsync": [errno.EIO, errno.ENOSPC],
    "rename": [errno.EIO, errno.ENOSPC],
    "flock": [errno.ENOLCK],
}


def errors_of(operation):
    """The errors that an operation may well meet."""
    return ERRORS.get(operation.name, [errno.EIO])


def parent(path):
    return path.rpartition("/")[0]


def is_in(path, top):
    return path == top or path.startswith(f"{top}/")


def missing_syncs(operations, published, unsafe_before=()):
    """Where a power cut could show a set that is not whole, or take back what a run has told as published.

    A file's bytes are safe once it is synced after its last write, a name once its directory is synced after it was
    given. So everything in a set is synced before the set gets the name `published`, and nothing is removed from the old
    set before that name is safe. `unsafe_before` are names that a run before this one has given.
    """
    unsafe_bytes, unsafe_names, problems = set(), set(unsafe_before), []
    for number, operation in enumerate(operations, 1):
        path, name, other = operation.path, operation.name, operation.other
        if name in ("create", "mkdir"):
            unsafe_names.add(path)
        if name in ("create", "write"):
            unsafe_bytes.add(path)
        if name == "fsync":
            unsafe_bytes.discard(path)
            unsafe_names = {entry for entry in unsafe_names if parent(entry) != path}
        if name in ("rename", "exchange"):
            if not is_in(other, f"{parent(published)}/.set.staging"):
                unsafe = {entry for entry in unsafe_bytes | (unsafe_names - {path}) if is_in(entry, path)}
                problems += [f"{entry} is not synced when {other} gets its name" for entry in sorted(unsafe)]
            unsafe_bytes = {other + entry[len(path):] if is_in(entry, path) else entry for entry in unsafe_bytes}
            unsafe_names = {other + entry[len(path):] if is_in(entry, path) else entry for entry in unsafe_names}
            unsafe_names.add(other)
        if name in ("unlink", "rmdir"):
            unsafe_bytes.discard(path)
            unsafe_names.discard(path)
            if published in unsafe_names:
                problems.append(f"{path} is removed before the name of the new set is safe")
    problems += [f"the name {entry} is not safe when the run ends" for entry in sorted(unsafe_names)]
    if not any(operation.other == published for operation in operations):
        problems.append("nothing was published")
    return [f"power cut: {problem}" for problem in problems]
