"""The archives that are read: made once for a run, outside of any timing."""

import glob
import os
import subprocess
import sys
from functools import cached_property


class Night:
    """Archives by their pattern. Nights with the same `books` hold the same events."""

    def __init__(self, pattern, books):
        self.pattern = pattern
        self.books = books
        self.files = sorted(glob.glob(pattern))
        if not self.files:
            sys.exit(f"no archive matches {pattern}")
        self.bytes = sum(os.path.getsize(path) for path in self.files)


class Nights:
    """The whole night, a tenth of it, and the whole night as one gzip member; each made when it is asked for first."""

    def __init__(self, options, work):
        self.options = options
        self.work = work

    @cached_property
    def whole(self):
        return Night(self.options.archives or sample(self.options, self.work, self.options.calls), "whole")

    @cached_property
    def tenth(self):
        if self.options.archives:
            sys.exit("of given archives there is no tenth; leave it out with --only")
        return Night(sample(self.options, self.work, self.options.calls // 10), "tenth")

    @cached_property
    def one(self):
        say("Packing the archives into one.")
        directory = os.path.join(self.work, "one")
        os.mkdir(directory)
        with open(os.path.join(directory, "night.jsonl.gz"), "wb") as archive:
            with subprocess.Popen(["gzip", "-dc", *self.whole.files], stdout=subprocess.PIPE) as text:
                subprocess.run(["gzip", "-c"], stdin=text.stdout, stdout=archive, check=True)
        return Night(os.path.join(directory, "*.jsonl.gz"), "whole")


def sample(options, work, calls):
    say(f"Making archives of {calls:,} calls.")
    directory = os.path.join(work, f"archives-{calls}")
    subprocess.run([options.binary, "sample", directory, "--calls", str(calls), "--seed", "1"], check=True)
    return os.path.join(directory, "*.jsonl.gz")


def say(text):
    print(text, file=sys.stderr, flush=True)
