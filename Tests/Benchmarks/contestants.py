"""The commands that take turns."""

import os
import shutil
import statistics
import sys

from measure import cost_of

HERE = os.path.dirname(os.path.abspath(__file__))

# The environment as other tools find it, and as `pipelines/run` has it for calltally.
PLAIN = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
TUNED = {**PLAIN, "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1"}

PIPELINE = """\
version: 1
name: benchmark
input: {{archives: "{archives}"}}
output:
  directory: "{output}"
  tables:
    - csv: {{table: calls}}
    - csv: {{table: transcripts}}
    - csv: {{table: insights}}
    - csv: {{table: campaigns}}
    - csv: {{table: reconciliation}}
"""


class Contestant:
    """A command to time. `books` names the night whose five CSV files it writes; without, it only inflates."""

    def __init__(self, name, command, environment, books=None, makes_directory=False):
        self.name = name
        self.command = command
        self.environment = environment
        self.books = books
        self.makes_directory = makes_directory
        self.costs = []

    def run(self, work):
        """Runs the command once; what an earlier run has written is gone, and on disk, before the clock starts."""
        output = os.path.join(work, "output")
        shutil.rmtree(output, ignore_errors=True)
        if self.books and not self.makes_directory:
            os.mkdir(output)
        os.sync()
        self.costs.append(cost_of(self.command(output), self.environment))
        return output

    def median(self, figure):
        return statistics.median(getattr(cost, figure) for cost in self.costs)


def calltally(name, options, night, work, threads):
    """Runs of the program itself, which makes its output directory."""

    def command(output):
        pipeline = os.path.join(work, "benchmark.yaml")
        with open(pipeline, "w", encoding="utf-8") as file:
            file.write(PIPELINE.format(archives=night.pattern, output=output))
        return [options.binary, "run", pipeline, "--threads", str(threads)]

    return Contestant(name, command, TUNED, night.books, makes_directory=True)


def chosen(options):
    """The names of those who take turns: all, or those that `--only` names."""
    known = list(makers(options, None, None))
    names = options.only.split(",") if options.only else known
    for name in names:
        if name not in known:
            sys.exit(f"no contestant is called {name}; there are: {', '.join(known)}")
    return [name for name in known if name in names]


def contestants(options, nights, work, names):
    made = makers(options, nights, work)
    return [made[name](name) for name in names]


def makers(options, nights, work):
    """What makes each contestant, by name."""
    threads = len(os.sched_getaffinity(0))
    others = TUNED if options.tunables_for_all else PLAIN

    def script(file):
        return [sys.executable, os.path.join(HERE, file), nights.whole.pattern]

    def job(name, file):
        return Contestant(name, lambda output: [*script(file), output, str(threads)], others, nights.whole.books)

    def inflating(name, environment, *command):
        return Contestant(name, lambda _: [*command, *nights.whole.files], environment)

    return {
        "calltally": lambda name: calltally(name, options, nights.whole, work, threads),
        "duckdb": lambda name: job(name, "duckdb_job.py"),
        "clickhouse": lambda name: job(name, "chdb_job.py"),
        "gzip -dc": lambda name: inflating(name, others, "gzip", "-dc"),
        "pigz -dc": lambda name: inflating(name, others, "pigz", "-dc", "-p", str(threads)),
        "bare inflate": lambda name: inflating(name, TUNED, options.inflater, "inflate", "--threads", str(threads)),
        "zlib inflate": lambda name: Contestant(name, lambda _: [*script("zlib_job.py"), str(threads)], others),
        "one thread": lambda name: calltally(name, options, nights.whole, work, 1),
        "a tenth": lambda name: calltally(name, options, nights.tenth, work, threads),
        "one archive": lambda name: calltally(name, options, nights.one, work, threads),
        "one archive and thread": lambda name: calltally(name, options, nights.one, work, 1),
    }
