"""Times nights with a window of many days against one day read alone, on archives made for the purpose.

usage: window.py --binary PROGRAM [--calls N] [--days N] [--rounds N] [--mess] [--archives DIR] [--require-bars]

    one day     calltally run of the last day's archives, without days
    cold        the night of the day before the last, on an empty output root: every archive is read
    warm        the last day's night after it: all days but one have their digests
    again       the last day's night once more: nothing is new
    no cache    the same with the cache deleted
    damaged     the same with every entry of the cache cut in half

What `again`, `no cache` and `damaged` publish for the last day must be what `warm` has published, byte by byte.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from contestants import PIPELINE, TUNED
from measure import cost_of

WINDOW = "window: {lookback: 35d, restate: 7d}\n"
CHECKS = "checks: {rejected_lines: {warn: 0}, credits_difference: {warn: 0}, mismatched_campaigns: ignore, damaged_archives: ignore}\n"
CACHE = ".calltally-cache"


class Window:
    def __init__(self, options, work, archives):
        self.options = options
        self.work = work
        self.archives = archives
        self.days = sorted(os.listdir(archives))[-options.days:]
        self.output = os.path.join(work, "output")

    def run(self, pattern, output, window, *arguments):
        pipeline = os.path.join(self.work, "benchmark.yaml")
        with open(pipeline, "w", encoding="utf-8") as file:
            file.write(PIPELINE.format(archives=os.path.join(self.archives, pattern, "*"), output=output) + window + CHECKS)
        os.sync()
        return cost_of([self.options.binary, "run", pipeline, *arguments], TUNED)

    def one_day(self):
        output = os.path.join(self.work, "one-day")
        shutil.rmtree(output, ignore_errors=True)
        return self.run(self.days[-1], output, "")

    def night(self, day):
        return self.run("${day}", os.path.join(self.output, "${day}"), WINDOW, "--day", self.days[day])

    def published(self):
        """The last day's files by name, but for what is about earlier runs."""
        top = os.path.join(self.output, self.days[-1])
        files = {}
        for name in sorted(os.listdir(top)):
            if name not in ("restatements.csv", "manifest.json", "datapackage.json"):
                with open(os.path.join(top, name), "rb") as file:
                    files[name] = file.read()
        return files

    def round(self):
        """The costs of each of the runs, one after the other."""
        cache = os.path.join(self.output, CACHE)
        shutil.rmtree(self.output, ignore_errors=True)
        costs = {"one day": self.one_day(), "cold": self.night(-2), "warm": self.night(-1)}
        expected = self.published()
        costs["again"] = self.checked(expected)
        shutil.rmtree(cache)
        costs["no cache"] = self.checked(expected)
        for folder, _, names in os.walk(cache):
            for name in names:
                path = os.path.join(folder, name)
                os.truncate(path, os.path.getsize(path) // 2)
        costs["damaged"] = self.checked(expected)
        costs["one day once more"] = self.one_day()
        return costs

    def checked(self, expected):
        cost = self.night(-1)
        if self.published() != expected:
            sys.exit("the last day's tables differ")
        return cost

    def cache_bytes(self):
        return sum(
            os.path.getsize(os.path.join(folder, name))
            for folder, _, names in os.walk(os.path.join(self.output, CACHE)) for name in names)


def report(window, rounds):
    def median(run, figure):
        return statistics.median(getattr(costs[run], figure) for costs in rounds)

    wall, cpu = (
        statistics.mean(median(run, figure) for run in ("one day", "one day once more")) for figure in ("wall", "cpu"))
    print(f"{len(window.days)} days of {window.options.calls:,} calls; digests of {window.cache_bytes() / 1e6:.0f} MB\n")
    print("| | wall s | CPU s | peak MB | wall, one day = 1 | CPU, one day = 1 |\n|---|---|---|---|---|---|")
    for run in rounds[0]:
        seconds, work = median(run, "wall"), median(run, "cpu")
        print(f"| {run} | {seconds:.2f} | {work:.2f} | {median(run, 'peak') / 1e6:.0f} | {seconds / wall:.2f} "
              f"| {work / cpu:.2f} |")
    bars = [
        ("a night takes at most 3 times one day", median("warm", "wall") <= 3 * wall),
        ("a night takes at most 1 GB", median("warm", "peak") <= 1e9),
    ]
    print()
    for bar, is_held in bars:
        print(f"{bar}: {'held' if is_held else 'MISSED'}")
    return all(is_held for _, is_held in bars)


def main():
    parser = argparse.ArgumentParser(description="Times nights with a window against one day alone.")
    parser.add_argument("--binary", required=True)
    parser.add_argument("--calls", type=int, default=200_000, help="of each day (default: 200,000)")
    parser.add_argument("--days", type=int, default=45, help="35 + 7 + 2 and the day itself (default: 45)")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--mess", action="store_true", help="archives with what a real night has")
    parser.add_argument("--archives", help="read the days in this folder instead of making them")
    parser.add_argument("--require-bars", action="store_true", help="exit with 1 when a bar is missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="calltally-window-") as work:
        archives = options.archives or os.path.join(work, "archives")
        if not options.archives:
            print(f"Making {options.days} days of {options.calls:,} calls.", file=sys.stderr, flush=True)
            subprocess.run(
                [options.binary, "sample", archives, "--calls", str(options.calls), "--days", str(options.days),
                 "--seed", "1"] + (["--mess"] if options.mess else []), check=True)
        window = Window(options, work, archives)
        is_held = report(window, [window.round() for _ in range(options.rounds)])
    if options.require_bars and not is_held:
        sys.exit(1)


if __name__ == "__main__":
    main()
