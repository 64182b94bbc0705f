"""Times the nightly job of calltally and of other tools in turns, and prints one table; started by `run`."""

import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import books
import machine
from measure import CommandFailed, cost_of

HERE = os.path.dirname(os.path.abspath(__file__))

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

# The bars: calltally's share of the other's figure, at most.
BARS = [("duckdb", "wall", 1 / 6), ("duckdb", "peak", 1 / 10), ("gzip -dc", "wall", 0.45)]
LINEAR_BAR = 10.5


class Contestant:
    """A command to time. With `tables` it writes the five CSV files into the directory that the command is made for."""

    def __init__(self, name, command, tables=False):
        self.name = name
        self.command = command
        self.tables = tables
        self.costs = []

    def run(self, work):
        output = os.path.join(work, "output-" + self.name.split()[0])
        shutil.rmtree(output, ignore_errors=True)
        if self.tables and self.name != "calltally":
            os.mkdir(output)
        self.costs.append(cost_of(self.command(output)))
        return output

    def median(self, figure):
        return statistics.median(getattr(cost, figure) for cost in self.costs)


def calltally(binary, archives, work):
    def command(output):
        pipeline = os.path.join(work, "benchmark.yaml")
        with open(pipeline, "w", encoding="utf-8") as file:
            file.write(PIPELINE.format(archives=archives, output=output))
        return [binary, "run", pipeline]

    return Contestant("calltally", command, tables=True)


def contestants(options, archives, work):
    files = sorted(glob.glob(archives))
    threads = str(len(os.sched_getaffinity(0)))

    def job(name):
        return lambda output: [sys.executable, os.path.join(HERE, name), archives, output, threads]

    return [
        calltally(options.binary, archives, work),
        Contestant("duckdb", job("duckdb_job.py"), tables=True),
        Contestant("clickhouse", job("chdb_job.py"), tables=True),
        Contestant("gzip -dc", lambda _: ["gzip", "-dc", *files]),
        Contestant("pigz -dc", lambda _: ["pigz", "-dc", *files]),
        Contestant("zlib inflate", lambda _: [sys.executable, os.path.join(HERE, "zlib_job.py"), threads, *files]),
    ]


def make_archives(options, work, calls):
    directory = os.path.join(work, f"archives-{calls}")
    say(f"Making archives of {calls:,} calls.")
    subprocess.run([options.binary, "sample", directory, "--calls", str(calls), "--seed", "1"], check=True)
    return os.path.join(directory, "*.jsonl.gz")


def say(text):
    print(text, file=sys.stderr, flush=True)


def race(options, field, work):
    """One unmeasured round that warms the page cache and compares the books, then the rounds in turns."""
    reference = None
    for contestant in field:
        say(f"Trying {contestant.name}.")
        output = contestant.run(work)
        contestant.costs.clear()
        if not contestant.tables:
            continue
        found = books.figures(output)
        shutil.rmtree(output)
        reference = reference or (contestant.name, found)
        difference = books.disagreement(reference[1], found)
        if difference:
            raise CommandFailed(f"{reference[0]} and {contestant.name} disagree, so no time counts: {difference}")
    for turn in range(1, options.rounds + 1):
        say(f"Round {turn} of {options.rounds}.")
        for contestant in field:
            contestant.run(work)
    return reference[1] if reference else {}


def measure_linearity(options, work):
    """The ratio of calltally's times for ten times the calls."""
    medians = []
    for calls in (options.calls // 10, options.calls):
        archives = make_archives(options, work, calls) if calls != options.calls else options.archives
        contestant = calltally(options.binary, archives, work)
        for _ in range(options.rounds + 1):
            contestant.run(work)
        contestant.costs.pop(0)
        medians.append(contestant.median("wall"))
    return medians[1] / medians[0]


def report(options, field, work):
    measured_on = machine.description(options.binary)
    agreed = race(options, field, work)
    own = next((one for one in field if one.name == "calltally"), None)
    rows = []
    for one in field:
        walls = sorted(cost.wall for cost in one.costs)
        row = {"name": one.name, "wall": one.median("wall"), "fastest": walls[0], "slowest": walls[-1],
               "cpu": one.median("cpu"), "peak_bytes": one.median("peak"),
               "rounds": [vars(cost) for cost in one.costs]}
        if own:
            row["wall_ratio"] = row["wall"] / own.median("wall")
            row["peak_ratio"] = row["peak_bytes"] / own.median("peak")
        rows.append(row)
    bars = []
    for name, figure, limit in BARS:
        other = next((one for one in field if one.name == name), None)
        if own and other:
            share = own.median(figure) / other.median(figure)
            bars.append({"against": name, "figure": figure, "share": share, "limit": limit, "held": share <= limit})
    if options.linear:
        ratio = measure_linearity(options, work)
        bars.append({"against": "a tenth of the calls", "figure": "wall", "share": ratio, "limit": LINEAR_BAR,
                     "held": ratio <= LINEAR_BAR})
    return {"calls": options.calls, "peak_floor_bytes": cost_of(["true"]).peak,
            "rounds": options.rounds, "machine": measured_on,
            "archives": {"files": len(glob.glob(options.archives)),
                         "bytes": sum(os.path.getsize(path) for path in glob.glob(options.archives))},
            "books": agreed, "results": rows, "bars": bars}


def show(result):
    for name, value in result["machine"].items():
        print(f"{name:>12}  {value}")
    size = result["archives"]
    print(f"{'archives':>12}  {result['calls']:,} calls, {size['files']} files, {size['bytes'] / 1e6:.1f} MB gzipped")
    for name, value in result["books"].items():
        print(f"{'agreed':>12}  {name} {value}")
    floor = result["peak_floor_bytes"] * 1.1
    print(f"\nmedians of {result['rounds']} rounds in turns; ratios are to calltally; < is the least that can be seen")
    print(f"{'':16} {'wall s':>8} {'(from':>7} {'to)':>7} {'CPU s':>8} {'peak MB':>9} {'wall':>7} {'memory':>7}")
    for row in result["results"]:
        ratios = [f"{row[name]:7.2f}" if name in row else f"{'–':>7}" for name in ("wall_ratio", "peak_ratio")]
        peak = f"{'<' if row['peak_bytes'] < floor else ''}{max(row['peak_bytes'], floor) / 1e6:.1f}"
        print(f"{row['name']:16} {row['wall']:8.2f} {row['fastest']:7.2f} {row['slowest']:7.2f} {row['cpu']:8.2f} "
              f"{peak:>9} {' '.join(ratios)}")
    for bar in result["bars"]:
        verdict = "held" if bar["held"] else "MISSED"
        share = f"{bar['share']:.3f}, at most {bar['limit']:.3f}"
        print(f"bar: {bar['figure']} against {bar['against']}: {share}: {verdict}")


def arguments():
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/run", description=__doc__)
    parser.add_argument("--binary", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--calls", type=int, default=200_000, help="calls in the archives (default 200,000)")
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds (default 5)")
    parser.add_argument("--only", help="contestants to run, by name and parted by commas")
    parser.add_argument("--archives", help="a pattern of archives to use instead of making some")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--linear", action="store_true", help="also compare with a tenth of the calls")
    parser.add_argument("--require-bars", action="store_true", help="exit with 1 when a bar is missed")
    return parser.parse_args()


def main():
    options = arguments()
    options.binary = os.path.abspath(options.binary)
    with tempfile.TemporaryDirectory(prefix="calltally-benchmark-") as work:
        options.archives = options.archives or make_archives(options, work, options.calls)
        field = contestants(options, options.archives, work)
        if options.only:
            names = options.only.split(",")
            unknown = [name for name in names if name not in [one.name for one in field]]
            if unknown:
                sys.exit(f"no contestant is called {unknown[0]}; there are: {', '.join(one.name for one in field)}")
            field = [one for one in field if one.name in names]
        try:
            result = report(options, field, work)
        except CommandFailed as failure:
            sys.exit(str(failure))
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)
    if options.require_bars and not all(bar["held"] for bar in result["bars"]):
        sys.exit(1)


if __name__ == "__main__":
    main()
