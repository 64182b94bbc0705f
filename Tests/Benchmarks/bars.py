"""The bars that calltally sets itself: what is to hold between two contestants of one run, of 200,000 calls on two cores."""


class Bar:
    """A bound of `one`'s figure divided by `other`'s."""

    def __init__(self, one, other, figure="wall", at_most=None, at_least=None):
        self.one, self.other, self.figure = one, other, figure
        self.at_most, self.at_least = at_most, at_least

    def judged(self, field):
        """The bar with its ratio, as JSON shows it; None where one of the two did not run."""
        found = {contestant.name: contestant for contestant in field}
        if self.one not in found or self.other not in found:
            return None
        ratio = found[self.one].median(self.figure) / found[self.other].median(self.figure)
        held = ratio <= self.at_most if self.at_most else ratio >= self.at_least
        return {"bar": f"{self.figure} of {self.one} / {self.other}", "ratio": ratio, "held": held,
                "limit": f"at most {self.at_most:.3f}" if self.at_most else f"at least {self.at_least:.3f}"}


ALWAYS = [
    Bar("calltally", "duckdb", "peak", at_most=1 / 10),
    Bar("calltally", "a tenth", at_most=10.5),
    Bar("one thread", "calltally", at_least=1.8),
    Bar("one archive and thread", "one archive", at_least=1.5),
]
DEFAULT = [
    Bar("calltally", "duckdb", at_most=1 / 6),
    Bar("calltally", "gzip -dc", at_most=0.45),
    Bar("calltally", "bare inflate", at_most=2.2),
]
FAST_INFLATE = [
    Bar("calltally", "duckdb", at_most=1 / 8),
    Bar("calltally", "gzip -dc", at_most=0.3),
]


def judged(field, fast_inflate):
    bars = [bar.judged(field) for bar in (FAST_INFLATE if fast_inflate else DEFAULT) + ALWAYS]
    return [bar for bar in bars if bar]
