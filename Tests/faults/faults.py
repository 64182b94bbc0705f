"""Kills, stops and fails a small run at every one of its file operations, and looks at what is left each time.

usage: faults.py PROGRAM LIBRARY

What must hold, wherever the fault strikes: the published directory is the old set or the new one, whole; a failing run
ends with one sentence and 73 or 74 and leaves no staging; the next run works and leaves nothing behind.
"""

import concurrent.futures
import gzip
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass

from operations import errors_of, missing_syncs, operations_in

PROGRAM, LIBRARY = (os.path.abspath(path) for path in sys.argv[1:3])
HERE = pathlib.Path(__file__).parent
BESIDE = {"set", ".calltally.lock"}


@dataclass(frozen=True)
class Fault:
    mode: str
    at: int = 0
    errno: int = 0
    # Whether a set is there already, and whether the file system can exchange two names.
    replacing: bool = True
    exchanging: bool = True

    def __str__(self):
        error = f" with {os.strerror(self.errno)}" if self.errno else ""
        places = ("" if self.replacing else ", first run") + ("" if self.exchanging else ", no exchange")
        return f"{self.mode} at operation {self.at}{error}{places}"


class Workspace:
    """A directory with two sets of archives, a pipeline, and the sets that it publishes of them."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        shutil.copy(HERE / "pipeline.yaml", self.path)
        for name, calls in (("old", 2), ("new", 5)):
            (self.path / name).mkdir()
            text = "".join(event(name, number) for number in range(calls)) + "no event\n"
            (self.path / name / "a.jsonl").write_text(text)
            (self.path / name / "b.jsonl.gz").write_bytes(gzip.compress(event(name, 9).encode(), mtime=0))
        self.names = set(os.listdir(self.path)) | {"out", "calltally.prom"}

    def run(self, archives, fault=None, log=None):
        environment = {"PATH": os.environ["PATH"]}
        if fault:
            environment |= {
                "LD_PRELOAD": LIBRARY, "FAULTS_ROOT": str(self.path), "FAULTS_MODE": fault.mode,
                "FAULTS_AT": str(fault.at), "FAULTS_ERRNO": str(fault.errno), "FAULTS_LOG": log or "",
                "FAULTS_NO_EXCHANGE": "0" if fault.exchanging else "1",
            }
        command = [PROGRAM, "run", "pipeline.yaml", "--archives", f"{archives}/*", "--threads", "1"]
        return subprocess.run(
            command, cwd=self.path, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL,
            timeout=60)

    def published(self, name="set"):
        """The files of a set by name; None where there is none."""
        top = self.path / "out" / name
        if not top.is_dir():
            return None
        return {str(file.relative_to(top)): file.read_bytes() for file in sorted(top.rglob("*")) if file.is_file()}

    def beside(self):
        """What lies in the output root."""
        return set(os.listdir(self.path / "out")) if (self.path / "out").exists() else set()

    def is_tidy(self):
        """Whether nothing lies here but what every run leaves."""
        return self.beside() == BESIDE and set(os.listdir(self.path)) == self.names

    def metrics(self):
        file = self.path / "calltally.prom"
        return file.read_text() if file.exists() else None

    def start_over(self):
        shutil.rmtree(self.path / "out", ignore_errors=True)


def event(kind, number):
    fields = {
        "event": "call.processed", "event_id": f"{kind}-{number}", "conversation_id": f"{kind}-{number}",
        "timestamp": "2026-04-08T10:00:00.000000", "status": "completed", "duration": 60, "credits": 1,
    }
    return json.dumps(fields) + "\n"


class Harness:
    def __init__(self):
        self.workspaces = threading.local()
        self.scratch = tempfile.TemporaryDirectory(prefix="calltally-faults-")
        self.root = pathlib.Path(os.path.realpath(self.scratch.name))
        self.sets = {}
        workspace = self.workspace()
        for name in ("old", "new"):
            outcome = workspace.run(name)
            assert outcome.returncode == 0 and not outcome.stderr, outcome
            self.sets[name] = workspace.published()
            check_manifest(self.sets[name])

    def workspace(self):
        if not hasattr(self.workspaces, "own"):
            self.workspaces.own = Workspace(tempfile.mkdtemp(dir=self.root))
        return self.workspaces.own

    def record(self, fault, after=None):
        """The operations of a run in which nothing goes wrong but what its file system cannot do.

        It comes after one that a fault has ended, if `after` is given.
        """
        workspace = self.workspace()
        self.prepare(workspace, fault)
        if after:
            workspace.run("new", after)
        log = str(self.root / f"log-{fault.mode}-{fault.replacing}-{fault.exchanging}-{after}")
        outcome = workspace.run("new", fault, log)
        assert outcome.returncode == 0 and not outcome.stderr, f"{fault}: {outcome}"
        assert workspace.published() == self.sets["new"], f"{fault}: other bytes"
        return operations_in(log, workspace.path)

    def prepare(self, workspace, fault):
        if not fault.replacing:
            workspace.start_over()
        elif workspace.published() != self.sets["old"]:
            workspace.start_over()
            assert workspace.run("old").returncode == 0

    def problems(self, fault):
        """What is not as it must be after a run with this fault and after the next one."""
        workspace = self.workspace()
        self.prepare(workspace, fault)
        outcome = workspace.run("new", fault)
        found = list(self.visible_problems(workspace, fault, outcome)) + list(outcome_problems(workspace, fault, outcome))
        if workspace.published() != self.sets["old"] or not workspace.is_tidy():
            # The next run is of the old archives: what it publishes cannot be what this one has left.
            again = workspace.run("old")
            if again.returncode != 0 or again.stderr:
                found.append(f"the next run ends with {again.returncode}: {again.stderr}")
            if workspace.published() != self.sets["old"] or not workspace.is_tidy():
                found.append(f"after the next run there are {workspace.beside()} and {os.listdir(workspace.path)}")
        if found:
            shutil.rmtree(workspace.path)
            del self.workspaces.own
        said = f"status {outcome.returncode}, {outcome.stderr.strip()!r}"
        return [f"{fault}: {problem} ({said})" for problem in found]

    def visible_problems(self, workspace, fault, outcome):
        before = self.sets["old"] if fault.replacing else None
        visible = workspace.published()
        if visible == self.sets["new"]:
            if outcome.returncode in (73, 74) and "is published, but" not in outcome.stderr:
                yield "the new set is visible, and the run does not say so"
        elif visible != before:
            # Between two renames nothing has the name, and the old set is whole under its other one.
            if fault.exchanging or visible is not None or workspace.published(".set.old") != before:
                yield f"neither the old set nor the new is visible, but {visible and sorted(visible)}"
        elif outcome.returncode == 0:
            yield "the run ends well and has published nothing"


def outcome_problems(workspace, fault, outcome):
    status, said = outcome.returncode, outcome.stderr
    if outcome.stdout:
        yield "something is on standard output"
    figures = workspace.metrics()
    if figures and (figures[0] != "#" or figures[-1] != "\n" or "run_exit_status" not in figures):
        yield "the metrics are not whole"
    # What follows a run may fail too: it has a sentence of its own, and no part in the status.
    lines = said.splitlines(keepends=True)
    if lines and fault.mode in ("fail", "full", "dead") and "calltally.prom" in lines[-1]:
        said = "".join(lines[:-1])
    if fault.mode in ("kill", "torn"):
        if status not in (0, -signal.SIGKILL):
            yield "it was not killed"
        return
    if fault.mode == "term":
        if status not in (0, -signal.SIGTERM, 128 + signal.SIGTERM):
            yield "SIGTERM is told as something else"
        if (status == 128 + signal.SIGTERM) != said.startswith("calltally: stopped by SIGTERM; "):
            yield "the sentence does not fit the status"
    elif status not in ((0,) if fault.mode in ("short", "eintr") else (0, 73, 74)):
        yield "the status is another"
    elif status == 0 and said or status != 0 and not (said.startswith("calltally: ") and said.count("\n") == 1):
        yield "it is not told in one sentence"
    # A dead disk lets nobody remove anything. Where it did not confirm the new set the old one stays beside it.
    removes = fault.mode != "dead" and status != 0 and "is published, but" not in said
    if removes and not workspace.beside() <= BESIDE:
        yield f"it leaves {workspace.beside() - BESIDE}"


def check_manifest(files):
    """Whether a set's manifest tells of every file what it is."""
    import hashlib

    outputs = {output["path"]: output for output in json.loads(files["manifest.json"])["outputs"]}
    listed = set(files) - {"manifest.json"}
    assert set(outputs) <= listed, set(outputs) ^ listed
    for path, output in outputs.items():
        assert output["bytes"] == len(files[path]), path
        assert output["sha256"] == hashlib.sha256(files[path]).hexdigest(), path


def faults_of(operations, replacing, exchanging):
    """The faults that may strike a run of these operations.

    To be killed before an operation that changes nothing is to be killed before the next one that does.
    """
    published = next(at for at, operation in enumerate(operations) if operation.other == "out/set")
    errors = {}
    for at, operation in enumerate(operations, 1):
        # Without exchange a run is the same up to its renames.
        if not exchanging and at < published:
            continue
        if operation.changes_something:
            yield Fault("kill", at, 0, replacing, exchanging)
        if not replacing:
            continue
        choices = errors_of(operation)
        errors[operation.name] = errors.get(operation.name, -1) + 1
        yield Fault("fail", at, choices[errors[operation.name] % len(choices)], replacing, exchanging)
        if not exchanging:
            continue
        if operation.name == "write":
            yield Fault("torn", at)
        if operation.takes_space:
            yield Fault("full", at)
        if operation.changes_something:
            yield Fault("dead", at)
            yield Fault("term", at)


def main():
    harness = Harness()
    faults, problems = [], []
    for replacing, exchanging in ((True, True), (False, True), (True, False)):
        operations = harness.record(Fault("none", replacing=replacing, exchanging=exchanging))
        problems += missing_syncs(operations, "out/set")
        faults += faults_of(operations, replacing, exchanging)
        if replacing:
            # Killed before it could sync the new set's name; the next run is the one that must see to it.
            published = max(at for at, operation in enumerate(operations, 1) if operation.other == "out/set")
            kill = Fault("kill", published + 1, exchanging=exchanging)
            problems += missing_syncs(harness.record(Fault("none", exchanging=exchanging), kill), "out/set", {"out/set"})
        faults += [Fault(mode, 0, 0, replacing, exchanging) for mode in ("short", "eintr")]
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("FAULTS_JOBS", os.cpu_count() + 1))) as executor:
        for found in executor.map(harness.problems, faults):
            problems += found
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"faults: {len(faults)} of them, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
