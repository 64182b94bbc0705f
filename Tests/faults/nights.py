"""Kills and fails a night at its file operations: one that tells the day before anew and finds digests of days before.

usage: nights.py PROGRAM LIBRARY

What must hold, wherever the fault strikes: every day's directory is its old set or its new one, whole; the next run works,
and then everything is byte by byte as if nothing had happened. Whatever befalls the cache of digests alone has no part in
how the run ends. Each operation on a day's own files is like that of a run without days, at which faults.py strikes with
everything; here every change is a place to be killed at, and every third operation one to fail.
"""

import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

from faults import HERE, LIBRARY, PROGRAM, Fault
from operations import errors_of, operations_in

DAYS = ["2026-04-06", "2026-04-07", "2026-04-08"]
CACHE = ".calltally-cache"
ENTRIES = {f"{date}.{kind}" for date in DAYS for kind in ("digest", "hashes")} | {"compared"}
INDEXES = {f"{date}.index" for date in DAYS}
BESIDE = {*DAYS, CACHE, ".calltally.lock"}


def event(kind, call, time, **more):
    fields = {"event": kind, "event_id": f"{kind}-{call}-{time}", "conversation_id": call, "timestamp": time, **more}
    return json.dumps(fields) + "\n"


def day(date, late=""):
    calls = [f"{date}-{number}" for number in range(3)]
    return late + "".join(
        event("call.completed", call, f"{date}T10:00:00", status="completed", call_duration=60, ended_at=f"{date}T10:00:00")
        + event("call.processed", call, f"{date}T10:01:00", credits=1) for call in calls)


def snapshot(top):
    """The files of the days by path."""
    return {
        str(file.relative_to(top)): file.read_bytes()
        for file in sorted(top.rglob("*")) if file.is_file() and CACHE not in file.parts and file.name != ".calltally.lock"
    }


def sets(files):
    """The same by day."""
    days = {}
    for path, content in files.items():
        days.setdefault(path.split("/")[0], {})[path] = content
    return days


class Night:
    """A place in which the nights of the first two days have been, and the third can be run again and again."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        shutil.copy(HERE / "nights.yaml", self.path)
        late = event("call.processed", f"{DAYS[1]}-0", f"{DAYS[2]}T00:05:00", credits=2)
        for date in DAYS:
            folder = self.path / "archives" / date
            folder.mkdir(parents=True)
            (folder / "a.jsonl").write_text(day(date, late if date == DAYS[2] else ""))
        for date in DAYS[:2]:
            outcome = self.run(date)
            assert outcome.returncode == 0 and not outcome.stderr, outcome
        shutil.copytree(self.path / "out", self.path / "before")
        self.before = snapshot(self.path / "before")
        outcome = self.run()
        assert outcome.returncode == 0 and not outcome.stderr, outcome
        self.after = snapshot(self.path / "out")
        assert self.before[f"{DAYS[1]}/calls.csv"] != self.after[f"{DAYS[1]}/calls.csv"], "the day before is told anew"

    def start_over(self):
        shutil.rmtree(self.path / "out")
        shutil.copytree(self.path / "before", self.path / "out")

    def run(self, date=DAYS[2], fault=None, log=""):
        environment = {"PATH": os.environ["PATH"]}
        if fault:
            environment |= {
                "LD_PRELOAD": LIBRARY, "FAULTS_ROOT": str(self.path / "out"), "FAULTS_MODE": fault.mode,
                "FAULTS_AT": str(fault.at), "FAULTS_ERRNO": str(fault.errno), "FAULTS_LOG": log,
            }
        return subprocess.run(
            [PROGRAM, "run", "nights.yaml", "--day", date, "--threads", "1"], cwd=self.path, env=environment,
            capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)

    def problems(self, fault, operation):
        self.start_over()
        outcome = self.run(fault=fault)
        found = []
        if fault.mode == "kill":
            if outcome.returncode not in (0, -signal.SIGKILL):
                found.append("it was not killed")
        elif CACHE in operation.path and fault.mode == "fail":
            if outcome.returncode != 0 or outcome.stderr or snapshot(self.path / "out") != self.after:
                found.append("a fault of the cache has changed the run")
        elif outcome.returncode not in (0, 73, 74) or outcome.stderr.count("\n") > 1:
            found.append("the status is another")
        old, new, visible = sets(self.before), sets(self.after), sets(snapshot(self.path / "out"))
        for date in DAYS:
            if visible.get(date) not in (old.get(date), new[date]):
                found.append(f"{date} is neither its old set nor its new one")
        again = self.run()
        if again.returncode != 0 or again.stderr:
            found.append(f"the next run ends with {again.returncode}: {again.stderr}")
        final = snapshot(self.path / "out")
        if final != self.after:
            differing = sorted(path for path in final.keys() | self.after.keys() if final.get(path) != self.after.get(path))
            found.append(f"after the next run {differing} differ")
        beside, entries = set(os.listdir(self.path / "out")), set(os.listdir(self.path / "out" / CACHE / "nights"))
        # An index that could not be written is only missed by explain.
        needed = ENTRIES if CACHE in operation.path else ENTRIES | INDEXES
        if beside != BESIDE or not needed <= entries <= ENTRIES | INDEXES:
            found.append(f"after the next run there are {beside - BESIDE} and {entries}")
        return [f"night: {fault}: {problem} (status {outcome.returncode}, {outcome.stderr.strip()!r})" for problem in found]


def faults_of(operations):
    tried = {}
    for at, operation in enumerate(operations, 1):
        if operation.changes_something:
            yield Fault("kill", at), operation
        tried[operation.name] = tried.get(operation.name, -1) + 1
        isCache = CACHE in operation.path
        if isCache or at % 3 == 0:
            choices = errors_of(operation)
            yield Fault("fail", at, choices[tried[operation.name] % len(choices)]), operation
        if isCache and operation.changes_something:
            yield Fault("full", at), operation
            yield Fault("dead", at), operation


def main():
    with tempfile.TemporaryDirectory(prefix="calltally-nights-") as scratch:
        root, own = os.path.realpath(scratch), threading.local()

        def night():
            if not hasattr(own, "night"):
                own.night = Night(tempfile.mkdtemp(dir=root))
            return own.night

        night().start_over()
        log = f"{root}/log"
        outcome = night().run(fault=Fault("none"), log=log)
        assert outcome.returncode == 0, outcome
        faults = list(faults_of(operations_in(log, night().path)))
        assert any(CACHE in operation.path for _, operation in faults), "the cache is read and written"
        with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("FAULTS_JOBS", os.cpu_count() + 1))) as executor:
            problems = [
                problem for found in executor.map(lambda fault: night().problems(*fault), faults) for problem in found
            ]
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"faults of nights: {len(faults)} of them, {len(problems)} problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
