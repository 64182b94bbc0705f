"""Runs one command as a child and says what it cost.

Linux counts the memory of the process that starts a program into the program's own peak, so the command is started by
this file running as a small process of its own, and not by the benchmark, which has grown by reading tables.
"""

import json
import os
import sys
import time


class CommandFailed(Exception):
    pass


class Cost:
    """What one run of a command cost: seconds on the clock, seconds of all cores together, and bytes at the most."""

    def __init__(self, wall, cpu, peak):
        self.wall = wall
        self.cpu = cpu
        self.peak = peak


def cost_of(command, environment):
    """Runs the command in the environment, its output thrown away; `CommandFailed` unless it ends with 0."""
    import subprocess  # Here, because the launcher must stay small.

    launcher = [sys.executable, "-I", "-S", os.path.abspath(__file__), *command]
    done = subprocess.run(launcher, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    messages = done.stderr.decode(errors="replace").strip()[-800:]
    if done.returncode != 0:
        raise CommandFailed(f"{os.path.basename(command[0])} could not be started: {messages.splitlines()[-1]}")
    found = json.loads(done.stdout)
    if found["status"] != 0:
        raise CommandFailed(f"{os.path.basename(command[0])} ended with status {found['status']}: {messages}")
    return Cost(found["wall"], found["cpu"], found["peak"])


def launch(command):
    """Starts the command, waits for it, and prints its cost."""
    nowhere = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=nowhere)
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    print(json.dumps({"status": os.waitstatus_to_exitcode(status), "wall": wall,
                      "cpu": usage.ru_utime + usage.ru_stime, "peak": usage.ru_maxrss * 1024}))


if __name__ == "__main__":
    launch(sys.argv[1:])
