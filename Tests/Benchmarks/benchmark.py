"""Times the nightly job of calltally and of other tools in turns, and prints one table; started by `run`."""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile

import bars
import books
import machine
from contestants import PLAIN, chosen, contestants
from measure import CommandFailed, cost_of
from nights import Nights, say


def race(options, field, work):
    """One unmeasured round that warms the page cache and compares the books, then the rounds in turns."""
    references = {}
    for contestant in field:
        say(f"Trying {contestant.name}.")
        output = contestant.run(work)
        contestant.costs.clear()
        if not contestant.books:
            continue
        found = books.figures(output)
        name, reference = references.setdefault(contestant.books, (contestant.name, found))
        difference = books.disagreement(reference, found)
        if difference:
            raise CommandFailed(f"{name} and {contestant.name} disagree, so no time counts: {difference}")
    for turn in range(1, options.rounds + 1):
        say(f"Round {turn} of {options.rounds}.")
        for contestant in field:
            contestant.run(work)
    return references["whole"][1] if "whole" in references else {}


def report(options, nights, field, work):
    measured_on = machine.description(options)
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
    return {"calls": options.calls, "peak_floor_bytes": cost_of(["true"], PLAIN).peak, "rounds": options.rounds,
            "machine": measured_on, "archives": {"files": len(nights.whole.files), "bytes": nights.whole.bytes},
            "books": agreed, "results": rows, "bars": bars.judged(field, options.fast_inflate)}


def show(result):
    for name, value in result["machine"].items():
        print(f"{name:>12}  {value}")
    size = result["archives"]
    print(f"{'archives':>12}  {result['calls']:,} calls, {size['files']} files, {size['bytes'] / 1e6:.1f} MB gzipped")
    for name, value in result["books"].items():
        print(f"{'agreed':>12}  {name} {value}")
    floor = result["peak_floor_bytes"] * 1.1
    print(f"\nmedians of {result['rounds']} rounds in turns; ratios are to calltally; < is the least that can be seen")
    print(f"{'':24} {'wall s':>8} {'(from':>7} {'to)':>7} {'CPU s':>8} {'peak MB':>9} {'wall':>7} {'memory':>7}")
    for row in result["results"]:
        ratios = [f"{row[name]:7.2f}" if name in row else f"{'–':>7}" for name in ("wall_ratio", "peak_ratio")]
        peak = f"{'<' if row['peak_bytes'] < floor else ''}{max(row['peak_bytes'], floor) / 1e6:.1f}"
        print(f"{row['name']:24} {row['wall']:8.2f} {row['fastest']:7.2f} {row['slowest']:7.2f} {row['cpu']:8.2f} "
              f"{peak:>9} {' '.join(ratios)}")
    print()
    for bar in result["bars"]:
        print(f"{bar['bar']:52} {bar['ratio']:7.3f}, {bar['limit']}: {'held' if bar['held'] else 'MISSED'}")


def arguments():
    # Nothing may be abbreviated, for `run` looks for --fast-inflate too.
    parser = argparse.ArgumentParser(prog="Tests/Benchmarks/run", description=__doc__, allow_abbrev=False)
    parser.add_argument("--check", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--binary", help=argparse.SUPPRESS)
    parser.add_argument("--inflater", help=argparse.SUPPRESS)
    parser.add_argument("--load-before", help=argparse.SUPPRESS)
    parser.add_argument("--fast-inflate", action="store_true", help="measure the build with the trait FastInflate")
    parser.add_argument("--calls", type=int, default=200_000, help="calls in the archives (default 200,000)")
    parser.add_argument("--rounds", type=int, default=5, help="measured rounds (default 5)")
    parser.add_argument("--cores", type=int, default=2, help="cores that all contestants share (default 2)")
    parser.add_argument("--only", help="contestants to run, by name and parted by commas")
    parser.add_argument("--archives", help="a pattern of archives to use instead of making some")
    parser.add_argument("--tunables-for-all", action="store_true",
                        help="start the other tools with calltally's GLIBC_TUNABLES too")
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    parser.add_argument("--require-bars", action="store_true", help="exit with 1 when a bar is missed")
    options = parser.parse_args()
    if options.calls < 10 or options.rounds < 1 or options.cores < 1:
        parser.error("there must be 10 calls, one round and one core at the least")
    if options.require_bars and not is_judged(options):
        parser.error("--require-bars is for what the bars are set for: 200,000 calls or more, two cores, all contestants, "
                     "archives made for the purpose, and 5 rounds or more")
    return options


def is_judged(options):
    """Whether a run is one that the bars are set for."""
    return (options.calls >= 200_000 and options.cores == 2 and options.rounds >= 5
            and not options.only and not options.archives)


def main():
    options = arguments()
    names = chosen(options)
    if options.check:
        return
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.cores])
    work = tempfile.mkdtemp(prefix="calltally-benchmark-")
    try:
        nights = Nights(options, work)
        result = report(options, nights, contestants(options, nights, work, names), work)
    except (CommandFailed, subprocess.CalledProcessError) as failure:
        sys.exit(str(failure))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    if options.json:
        print(json.dumps(result, indent=2))
    else:
        show(result)
    if options.require_bars and not all(bar["held"] for bar in result["bars"]):
        sys.exit(1)


if __name__ == "__main__":
    main()
