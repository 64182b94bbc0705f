"""Reads a run's outputs with other people's programs and holds them against one another, cell by cell.

usage: read_back.py OUTPUT EVENTS

EVENTS is a plain archive whose calls carry awkward texts as `username`, one event a call; they must come back as sent.

Three readers that share no code: Python's csv and DuckDB read the machine CSVs, and the columnar text is split at its
line ends and unescaped by hand. Null and the empty text must stay apart in all of them. DuckDB also loads the columnar
text with the script that lies beside it.
"""

import csv
import glob
import gzip
import json
import os
import subprocess
import sys

try:
    import duckdb
except ImportError:
    duckdb = None

# Older Pythons cannot tell a null from the empty text in a CSV.
CSV_KNOWS_NULL = sys.version_info >= (3, 13)
ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "x00": "\0"}


def blurred(rows):
    """The rows with null as the empty text."""
    return [["" if cell is None else cell for cell in row] for row in rows]


def csv_rows(path):
    options = {"quoting": csv.QUOTE_NOTNULL} if CSV_KNOWS_NULL else {}
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True, **options))
    return rows[0], rows[1:]


def unescaped(text):
    if text == "\\N":
        return None
    # Two backslashes are one; what stands between such pairs holds only the other escapes.
    parts = []
    for part in text.split("\\\\"):
        for name, character in ESCAPES.items():
            part = part.replace("\\" + name, character)
        assert "\\" not in part, f"an unknown escape in {text!r}"
        parts.append(part)
    return "\\".join(parts)


def columnar_rows(folder):
    """The columns, as the schema in the folder describes them, and the rows."""
    with open(f"{folder}/schema.json", encoding="utf-8") as file:
        schema = json.load(file)
    columns = []
    for column in schema["columns"]:
        path = f"{folder}/{column['file']}"
        with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as file:
            lines = file.read().decode("utf-8").split("\n")
        assert lines.pop() == "", f"{path} does not end with a line feed"
        assert len(lines) == schema["rows"] == column["rows"], f"{path} has {len(lines)} lines"
        values = [unescaped(line) for line in lines]
        assert values.count(None) == column["nulls"], f"{path}: {values.count(None)} nulls"
        assert values.count("") == column["empties"], f"{path}: {values.count('')} empty texts"
        columns.append(values)
    return schema["columns"], [list(row) for row in zip(*columns)]


def duckdb_rows(path):
    relation = duckdb.connect().execute(
        "SELECT * FROM read_csv(?, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"',"
        " nullstr = '', allow_quoted_nulls = false, max_line_size = 67108864, columns = ?)",
        [path, {name: "VARCHAR" for name in csv_rows(path)[0]}])
    return [column[0] for column in relation.description], [list(row) for row in relation.fetchall()]


def loaded_rows(folder, table):
    """What the folder's load/duckdb.sql makes of it, fed with the command that it names."""
    with open(f"{folder}/load/duckdb.sql", encoding="utf-8") as file:
        comment = [line[5:] for line in file if line.startswith("--   ")]
    feed = "".join(comment).replace("\n", " ").split("| duckdb")[0]
    program = (
        "import duckdb, json, sys\n"
        "base = duckdb.connect()\n"
        "base.execute(open('load/duckdb.sql', encoding='utf-8').read())\n"
        f"rows = base.execute('SELECT COLUMNS(*)::VARCHAR FROM \"{table}\" ORDER BY rowid').fetchall()\n"
        "json.dump(rows, sys.stdout)\n")
    done = subprocess.run(
        ["bash", "-c", f"{feed} | \"$PYTHON\" -c \"$PROGRAM\""], cwd=folder, check=True, stdout=subprocess.PIPE,
        env={**os.environ, "PYTHON": sys.executable, "PROGRAM": program})
    return json.loads(done.stdout)


def as_duckdb_prints(value, kind):
    """A cell as DuckDB prints its typed value."""
    if value is None:
        return None
    if kind == "decimal":
        whole, _, places = value.partition(".")
        return f"{whole}.{places:0<6}"
    if kind == "timestamp":
        return value.replace("T", " ").rstrip("0").rstrip(".")
    return value


def compare(what, left, right):
    assert len(left) == len(right), f"{what}: {len(left)} rows and {len(right)} rows"
    for number, (one, other) in enumerate(zip(left, right), start=1):
        assert one == other, f"{what}, row {number}:\n  {one}\n  {other}"


def check_source(events, header, rows):
    with open(events, encoding="utf-8") as file:
        sent = {event["conversation_id"]: event["username"] for event in map(json.loads, file)}
    read = {row[header.index("conversation_id")]: row[header.index("username")] for row in rows}
    for call, name in sent.items():
        assert (read[call] or "") == (name or ""), f"{call}: {name!r} came back as {read[call]!r}"
        assert not duckdb or read[call] == name, f"{call}: {name!r} came back as {read[call]!r}"


def check(output, events):
    paths = sorted(glob.glob(f"{output}/*.csv"))
    cells = 0
    for path in paths:
        table = os.path.basename(path).removesuffix(".csv")
        header, rows = csv_rows(path)
        cells += len(header) * len(rows)
        knows_null = CSV_KNOWS_NULL
        if duckdb:
            names, exact = duckdb_rows(path)
            assert names == header, f"{table}: {names}"
            compare(f"{table}, csv and DuckDB", rows, exact if CSV_KNOWS_NULL else blurred(exact))
            rows, knows_null = exact, True
        if table == "calls":
            check_source(events, header, rows)
        folder = f"{output}/columns/{table}"
        if not os.path.isdir(folder):
            continue
        columns, texts = columnar_rows(folder)
        chosen = [[row[header.index(column["name"])] for column in columns] for row in rows]
        compare(f"{table}, CSV and columnar text", chosen, texts if knows_null else blurred(texts))
        if duckdb:
            kinds = [column["type"] for column in columns]
            printed = [[as_duckdb_prints(*cell) for cell in zip(row, kinds)] for row in texts]
            compare(f"{table}, columnar text and load/duckdb.sql", printed, loaded_rows(folder, table))
    readers = "Python's csv and DuckDB" if duckdb else "Python's csv"
    print(f"interop: {readers} read {cells} cells of {len(paths)} tables as they were written")


check(*sys.argv[1:])
