"""What a tool's five CSV files add up to, so that only tools that did the same job are compared."""

import csv
import os
from decimal import Decimal

TABLES = ("calls", "transcripts", "insights", "campaigns", "reconciliation")
NULLS = ("", "\\N")


def figures(directory):
    """Rows of each table, and sums that no tool gets right by accident."""
    found = {}
    for table in TABLES:
        with open(os.path.join(directory, f"{table}.csv"), newline="", encoding="utf-8-sig") as file:
            rows = csv.reader(file)
            column = {name: place for place, name in enumerate(next(rows))}
            count = 0
            totals = {name: Decimal(0) for name in SUMMED.get(table, ())}
            texts = 0
            for row in rows:
                count += 1
                for name in totals:
                    value = row[column[name]]
                    if value not in NULLS:
                        totals[name] += Decimal(value)
                if table == "transcripts":
                    texts += len(row[column["content"]])
        found[f"{table}: rows"] = count
        for name, total in totals.items():
            found[f"{table}: sum of {name}"] = str(total.normalize() + 0)
        if table == "transcripts":
            found["transcripts: characters"] = texts
    return found


SUMMED = {
    "calls": ("duration_seconds", "billable_seconds", "credits", "expected_credits"),
    "reconciliation": ("claimed_total_credits", "counted_total_credits", "counted_total_calls",
                       "difference_total_duration"),
}


def disagreement(one, other):
    """The first figure in which two tools differ, in words; None where they agree."""
    for name, value in one.items():
        if other.get(name) != value:
            return f"{name}: {value} against {other.get(name)}"
    return None
