"""Opens spreadsheet CSVs in a real LibreOffice and holds every cell against what the file says.

usage: spreadsheet.py names EVENTS ARCHIVE
       spreadsheet.py check SOFFICE DIRECTORY

`names` writes an archive in which agents, workspaces and campaigns are called what the users of EVENTS are called.

`check` does the rest: every CSV of the set in DIRECTORY that is of the dialect for spreadsheets (it begins with a byte order
mark) is opened as somebody opens it who knows nothing of CSV: in the country's locale, with every text that looks like a
number, date or formula taken for one. A cell of a text column must be the text as it stands, one of a number column that
number, one of a date column that day, and a null an empty cell.
"""

import csv
import datetime
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
import zipfile
from decimal import Decimal as D

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
# LibreOffice's numbers for languages; its filter's tokens are separator, quote, UTF-8, first line, formats of columns,
# language, quoted cells are texts (no, as in Excel), special numbers are detected.
LANGUAGES = {",": 1033, ";": 1031}
EPOCH = datetime.datetime(1899, 12, 30)


def convert(soffice, paths, separator, work):
    """Opens files as in a country with that separator, and saves each as a workbook."""
    tokens = f"{ord(separator)},34,76,1,,{LANGUAGES[separator]},false,true"
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{work}/profile", "--headless", "--convert-to", "xlsx", "--outdir", work,
         f"--infilter=Text - txt - csv (StarCalc):{tokens}", *paths],
        check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=300)


def opened(path, work):
    """The rows that LibreOffice has made of a file: for each cell its type and its value, none for an empty one."""
    name = os.path.basename(path).removesuffix(".csv") + ".xlsx"
    with zipfile.ZipFile(f"{work}/{name}") as book:
        texts = []
        if "xl/sharedStrings.xml" in book.namelist():
            for item in xml.fromstring(book.read("xl/sharedStrings.xml")).iter(MAIN + "si"):
                texts.append("".join(part.text or "" for part in item.iter(MAIN + "t")))
        sheet = xml.fromstring(book.read("xl/worksheets/sheet1.xml"))
    rows = []
    for row in sheet.iter(MAIN + "row"):
        cells = {}
        for cell in row.iter(MAIN + "c"):
            column = 0
            for letter in re.match("[A-Z]+", cell.get("r")).group():
                column = column * 26 + ord(letter) - 64
            value = cell.find(MAIN + "v")
            if cell.find(MAIN + "f") is not None:
                cells[column - 1] = ("formula", cell.find(MAIN + "f").text)
            elif value is not None:
                kind = cell.get("t", "n")
                cells[column - 1] = (kind, texts[int(value.text)] if kind == "s" else value.text)
        rows.append(cells)
    return rows


def same(kind, text, cell, separator):
    """Whether a cell is what the file says; `kind` is the type of its column."""
    if text == "":
        return cell is None or cell == ("s", "")
    if cell is None:
        return False
    found, value = cell
    # What has more digits than a spreadsheet keeps is a text with a mark.
    if kind in ("string", "object") or text.startswith("'"):
        return found == "s" and value == text
    if found != "n":
        return False
    if kind in ("integer", "number"):
        # Fifteen digits are what every spreadsheet keeps; what is behind them in the file is its binary fraction.
        return D(f"{float(value):.15g}") == D(text.replace(",", ".") if separator == ";" else text)
    moment = datetime.datetime.fromisoformat(text)
    return abs(EPOCH + datetime.timedelta(days=float(value)) - moment) < datetime.timedelta(milliseconds=500)


def check(soffice, directory):
    with open(f"{directory}/datapackage.json", encoding="utf-8") as file:
        resources = {resource["path"]: resource for resource in json.load(file)["resources"]}
    paths = {",": [], ";": []}
    for path in sorted(glob.glob(f"{directory}/*.csv")):
        with open(path, "rb") as file:
            if file.read(3) == b"\xef\xbb\xbf":
                paths[resources[os.path.basename(path)]["dialect"]["delimiter"]].append(path)
    cells = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as work:
        for separator in paths:
            assert paths[separator], f"{directory} has no spreadsheet CSV with {separator}"
            convert(soffice, paths[separator], separator, work)
            for path in paths[separator]:
                cells += compare(path, resources[os.path.basename(path)], separator, opened(path, work))
    files = sum(map(len, paths.values()))
    print(f"interop: LibreOffice opens {cells} cells of {files} spreadsheet CSVs as they were written")


def compare(path, resource, separator, rows):
    """Holds the rows of a file against what LibreOffice has made of them; the number of cells."""
    kinds = [field["type"] for field in resource["schema"]["fields"]]
    with open(path, encoding="utf-8-sig", newline="") as file:
        written = list(csv.reader(file, delimiter=separator, strict=True))
    assert len(rows) == len(written), f"{path}: {len(rows)} rows of {len(written)}"
    for number, (row, there) in enumerate(zip(written, rows), start=1):
        for column, text in enumerate(row):
            kind = kinds[column] if number > 1 else "string"
            assert same(kind, text, there.get(column), separator), (
                f"{path}, row {number}, {written[0][column]}: {text!r} is opened as {there.get(column)}")
    return len(written) * len(kinds)


def names(events, archive):
    with open(events, encoding="utf-8") as file, open(archive, "w", encoding="utf-8") as out:
        for number, name in enumerate(json.loads(line)["username"] for line in file):
            if not name:
                continue
            call = {"conversation_id": f"name {number}", "status": "completed", "duration": 60, "credits": 1, "agent_id": name,
                    "agent_name": name, "workspace_id": name, "campaign_id": name}
            end = {"campaign_id": name, "campaign_name": name, "total_credits": -98765432.123456 * (number + 1)}
            for event, members in [("call.processed", call), ("campaign.ended", end)]:
                id = f"{event}-{number}"
                json.dump({"event": event, "event_id": id, "timestamp": "2026-04-08T10:00:00", **members}, out)
                out.write("\n")


{"names": names, "check": check}[sys.argv[1]](*sys.argv[2:])
