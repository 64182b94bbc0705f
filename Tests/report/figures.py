"""Holds every figure of a report against the tables and manifests beside it, with code of its own.

usage: figures.py DIRECTORY…

A figure is `<data value="…" data-figure="NAME">`, or an element of a chart with `data-figure` and `data-value`. Each
must be known here, be what the CSVs add up to, and be shown as its value with groups of three digits. Numbers of texts that
come from the tables as they are (ids, messages) are not figures.
"""

import collections
import csv
import datetime
import html.parser
import json
import os
import re
import sys
import unicodedata
from decimal import Decimal as D

KINDS = ["call_started", "call_completed", "call_processed", "call_recording", "campaign_started", "campaign_ended"]
LINES = ["lines", "accepted", "duplicates", "conflicts", "rejected", "ignored", "blank"]
AGES = [("today", 0), ("1 day", 1), ("2 days", 2), ("3 days", 3), ("4 to 7 days", 7), ("8 to 14 days", 14),
        ("15 to 30 days", 30), ("over 30 days", 10**9)]


class Page(html.parser.HTMLParser):
    """The figures of a page, each with the row that it stands in."""

    def __init__(self, text):
        super().__init__()
        self.row, self.open, self.figures, self.section = None, None, [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "section":
            self.section = attributes.get("aria-labelledby")
        if tag == "tr":
            self.row = (attributes.get("data-row"), attributes.get("data-key"))
        if "data-figure" in attributes:
            value = attributes.get("value", attributes.get("data-value"))
            figure = [self.section, self.row, attributes["data-figure"], value, None if tag == "rect" else ""]
            self.figures.append(figure)
            self.open = figure if tag in ("data", "text") else None

    def handle_endtag(self, tag):
        if tag in ("data", "text"):
            self.open = None
        if tag in ("table", "thead", "tr"):
            self.row = None

    def handle_data(self, data):
        if self.open is not None:
            self.open[4] += data


def number(text):
    return D(text) if text else D(0)


def visible(text):
    """A key as the page spells it: what nobody could see is escaped, but for joiners between characters beyond ASCII."""
    names = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    hidden = ("Cc", "Cf", "Zl", "Zp")

    def joins(place):
        beside = text[max(0, place - 1):place], text[place + 1:place + 2]
        return text[place] in "\u200c\u200d" and all(c > "\x7f" and unicodedata.category(c) != "Cf" for c in beside)

    return "".join(
        names.get(c) or (f"\\u{{{ord(c):x}}}" if unicodedata.category(c) in hidden and not joins(place) else c)
        for place, c in enumerate(text))


def total(rows, column):
    return sum((number(row[column]) for row in rows), D(0))


def plain(value):
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class Books:
    """What a report has to say, from the CSVs and manifests of its directory."""

    def __init__(self, directory):
        self.directory = directory
        with open(f"{directory}/manifest.json", encoding="utf-8") as file:
            self.manifest = json.load(file)
        self.reconciliation = self.table("reconciliation")
        self.findings = self.table("findings")
        self.totals = self.table("totals")
        self.archives = self.table("archives")
        self.hours = self.table("hours")
        self.differences = [row for row in self.table("differences") if row["measure"] == "total_credits"]
        self.open_items = self.table("open_items") if "days" in self.manifest else []
        self.disputes = self.table("disputes") if os.path.exists(f"{directory}/disputes.csv") else []
        self.claims = [row for row in self.reconciliation if row["claimed_total_credits"]]
        self.expected = collections.defaultdict(set)
        self.collect()

    def table(self, name):
        with open(f"{self.directory}/{name}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def add(self, section, row, name, value):
        if row is not None and row[1] is not None:
            key = row[1]
            row = (row[0], visible(key[:200] + "…" if len(key) > 200 else key))
        self.expected[section, row, name].add(plain(D(value)))

    def collect(self):
        claimed = total(self.claims, "claimed_total_credits")
        counted = total(self.claims, "counted_total_credits")
        difference = claimed - counted
        unexplained = difference - sum(
            (number(row["difference"]) for row in self.differences if row["cause"] != "unexplained"), D(0))
        verdicts = collections.Counter(row["verdict"] for row in self.reconciliation)
        off = [row for row in self.findings
               if row["code"] in ("credits-differ", "credits-not-billable") and row["severity"] == "error"]
        minutes = (total(self.totals, "billable_seconds") * 100 / 60 + D("0.5")) // 1 / 100
        credits, rule = total(self.totals, "credits"), total(self.totals, "expected_credits")
        codes = collections.Counter(row["code"] for row in self.findings if row["severity"] != "info")
        damaged = [row for row in self.archives if row["condition"] in ("truncated", "corrupt", "trailing_garbage")
                   or (row["condition"] == "not_gzip" and int(row["lines"]) == int(row["rejected"]) > 0)]
        for name, value in {
            "calls": total(self.totals, "calls"), "billable_minutes": minutes, "credits": credits,
            "expected_credits": rule, "credits_difference": credits - rule, "unexplained": unexplained,
            "difference": difference, "difference_size": abs(difference), "mismatched": verdicts["mismatched"],
            "campaigns": len(self.reconciliation), "incomplete": verdicts["incomplete"], "calls_off_rule": len(off),
            "credits_off_rule": sum((abs(D(row["difference"])) for row in off), D(0)),
            "archives": len(self.archives), "archives_not_whole": len(damaged), "open": verdicts["open"],
            "unannounced": verdicts["unannounced"], "missing_days": codes["missing-day"],
            "overdue": codes["overdue-completed"] + codes["overdue-processed"], "disputes": len(self.disputes),
            "awaiting": sum(row["code"] in ("awaiting-completed", "awaiting-processed") for row in self.findings),
            "credits_at_stake": total(self.disputes, "credits_at_stake"),
            "lines.rejected": total(self.archives, "rejected"),
            "over": sum((max(D(row["difference_total_credits"]), D(0)) for row in self.claims), D(0)),
        }.items():
            self.add("", None, name, value)
        self.campaigns(claimed, counted)
        self.bridge(claimed, counted, difference, unexplained)
        for row in self.hours:
            start, kinds = row["hour"][:16], {kind: int(row[kind] or 0) for kind in KINDS}
            self.add("hours", None, f"hour.{start}", sum(kinds.values()))
            self.add("hours", ("hour", start), "events", sum(kinds.values()))
            for kind, count in kinds.items():
                self.add("hours", ("hour", start), kind, count)
        events = [sum(int(row[kind] or 0) for kind in KINDS) for row in self.hours]
        used = [index for index, count in enumerate(events) if count]
        self.add("hours", None, "events", sum(events))
        self.add("hours", None, "gaps", events[used[0]:used[-1]].count(0) if used else 0)
        by_date = collections.defaultdict(lambda: [0, 0])
        for index, (row, count) in enumerate(zip(self.hours, events)):
            by_date[row["hour"][:10]][0] += count
            by_date[row["hour"][:10]][1] += count == 0 and bool(used) and used[0] < index < used[-1]
        for date, (count, gaps) in by_date.items():
            self.add("hours", ("date", date), "events", count)
            self.add("hours", ("date", date), "gaps", gaps)
        self.days()
        self.open()
        for severity, count in collections.Counter(row["severity"] for row in self.findings).items():
            self.add("exceptions", None, f"findings.{severity}", count)
        for row in self.findings:
            for name in ["claimed", "counted", "difference"]:
                if re.fullmatch(r"-?[0-9]+(\.[0-9]{1,6})?", row[name]):
                    self.add("exceptions", ("exception", None), name, row[name])
        for row in self.disputes:
            self.add("exceptions", ("exception", None), "at_stake", row["credits_at_stake"])
        self.add("exceptions", None, "disputes", len(self.disputes))
        if self.disputes:
            self.add("exceptions", None, "credits_at_stake", total(self.disputes, "credits_at_stake"))
        for name in LINES:
            self.add("method", None, f"lines.{name}", total(self.archives, name))
        for entry in self.manifest["inputs"]:
            for name in ["lines", "bytes"]:
                self.add("method", ("input", entry["archive"]), name, entry[name])

    def campaigns(self, claimed, counted):
        differs = [row for row in self.reconciliation
                   if row["verdict"] == "mismatched" or number(row["difference_total_credits"])]
        order = sorted(differs, key=lambda row: -abs(number(row["difference_total_credits"])))
        drawn, rest = order[:25], order[25:]
        agreeing = [row for row in self.reconciliation if row not in differs]
        for name, value in {"campaigns_with_claim": len(self.claims), "claimed": claimed, "counted": counted}.items():
            self.add("campaigns", None, name, value)
            self.add("bridge", None, name, value)
        for row in drawn:
            place = ("campaign", row["campaign_id"])
            for name in ["claimed", "counted", "difference"]:
                self.add("campaigns", place, name, number(row[f"{name}_total_credits"]))
        for kind, rows in [("other_differing", rest), ("agreeing", agreeing)]:
            self.add("campaigns", (kind, None), "campaigns", len(rows))
            for name in ["claimed", "counted", "difference"]:
                self.add("campaigns", (kind, None), name, total(rows, f"{name}_total_credits"))

    def bridge(self, claimed, counted, difference, unexplained):
        calls, credits = collections.Counter(), collections.Counter()
        for row in self.differences:
            calls[row["cause"]] += int(row["calls"] or 0)
            credits[row["cause"]] += number(row["difference"])
        credits["unexplained"] = unexplained
        for cause, amount in credits.items():
            self.add("bridge", None, f"step.{cause}", -amount)
            self.add("bridge", ("cause", cause), "difference", amount)
            self.add("bridge", ("cause", cause), "calls", calls[cause])
        assert sum(credits.values(), D(0)) == difference == claimed - counted
        self.add("bridge", (None, None), "difference", difference)

    def days(self):
        days = self.manifest.get("days")
        if not days or days["first"] != days["last"]:
            return
        last, ages = datetime.date.fromisoformat(days["first"]), []
        for age in range(30):
            day = str(last - datetime.timedelta(age))
            path = f"{self.directory}/../{day}/manifest.json" if age else f"{self.directory}/manifest.json"
            if not os.path.exists(path):
                continue
            ages.append(age)
            with open(path, encoding="utf-8") as file:
                books = json.load(file)["books"]
            self.add("days", None, f"day.{day}", books["credits_difference"])
            for name, key in [("calls", "calls"), ("credits", "credits"), ("difference", "credits_difference"),
                              ("unexplained", "unexplained_credits"), ("tolerance", "tolerance_credits")]:
                self.add("days", ("day", day), name, books[key])

        self.add("days", None, "missing", ages[-1] + 1 - len(ages))

    def open(self):
        self.add("open-items", None, "items", len(self.open_items))
        for name, line in self.manifest.get("open_items", {}).items():
            self.add("open-items", None, name, line["items"])
        first = -1
        for label, last in AGES:
            rows = [row for row in self.open_items if first < int(row["age_days"]) <= last]
            first = last
            self.add("open-items", None, f"items.{label}", len(rows))
            for kind in ["call", "campaign"]:
                self.add("open-items", ("age", label), f"{kind}s", sum(row["kind"] == kind for row in rows))
            for name in ["seconds", "expected_credits"]:
                self.add("open-items", ("age", label), name, total(rows, name))


def shown(value):
    size = abs(D(value))
    whole, _, places = plain(size).partition(".")
    return f"{int(whole):,}" + (f".{places}" if places else "")


def check(directory):
    books = Books(directory)
    with open(f"{directory}/{books.manifest['report']}", encoding="utf-8") as file:
        page = Page(file.read())
    for section, row, name, value, text in page.figures:
        if row is not None and row[0] in ("exception", "other_differing", "agreeing"):
            row = (row[0], None)
        known = books.expected.get((section, row, name))
        if known is None or value not in known:
            raise SystemExit(f"report: {directory}: {section} {row} {name} is {value}, and the tables say {known}")
        signs = {"-": ["\u2212"]}.get(value[0], ["", "+"])
        if text is not None and text not in [sign + shown(value) for sign in signs]:
            raise SystemExit(f"report: {directory}: {section} {row} {name} is {value} and shown as {text}")
    return len(page.figures)


if __name__ == "__main__":
    print(f"report: {sum(map(check, sys.argv[1:]))} figures of {len(sys.argv) - 1} reports are those of the tables")
