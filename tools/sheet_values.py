"""Values of workbooks against independent readers: openpyxl for XLSX and its relatives, xlrd for XLS, python-calamine
for XLSB and ODS. Every cell that either of two readers finds filled is compared, by sheet, row and column: text to the
character, numbers as the same binary number, dates to the second. Files that one of the two cannot read are listed.

    pip install openpyxl==3.1.5 xlrd==2.0.2 python-calamine==0.9.1
    cargo build --release --example sheet_values
    python3 tools/sheet_values.py FOLDER... [--reader target/release/examples/sheet_values] [-v]
"""

import argparse
import datetime
import decimal
import json
import pathlib
import re
import subprocess
import sys
import warnings
from collections import Counter

import openpyxl
import python_calamine
import xlrd
from openpyxl.styles.numbers import is_date_format

WORKBOOKS = {".xlsx", ".xlsm", ".xltx", ".xltm"}
EPOCH = datetime.datetime(1899, 12, 30)


def moment(value):
    """A date or time as whole seconds, so that readers that spell it otherwise agree."""
    if isinstance(value, datetime.datetime):
        return round((value.replace(tzinfo=None) - EPOCH).total_seconds())
    if isinstance(value, datetime.date):
        return (datetime.datetime(value.year, value.month, value.day) - EPOCH).days * 86400
    if isinstance(value, datetime.time):
        return round(value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6)
    return round(value.total_seconds())


def text(value):
    """Text with one kind of line end and without the escapes of ECMA-376-1:2016 §22.9.2.19."""
    value = re.sub(r"_x([0-9A-Fa-f]{4})_", lambda m: chr(int(m[1], 16)), value)
    return value.replace("\r\n", "\n").replace("\r", "\n")


def theirs(value):
    """A value of another reader as kind and content; nothing for a blank cell."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, bool):
        return "boolean", str(value).lower()
    if isinstance(value, (int, float)):
        return "number", float(value)
    if isinstance(value, str):
        kind = "error" if value.startswith("#") and value.rstrip("!?").isupper() else "text"
        return kind, text(value)
    return "date", moment(value)


def ours(kind, value):
    """A value of this reader in the same shape."""
    if kind == "number":
        return "number", float(decimal.Decimal(value))
    if kind == "date":
        return "date", our_moment(value)
    if kind == "text":
        return None if not value.strip() else theirs(value)
    return kind, value


def our_moment(iso):
    """Seconds of an ISO 8601 date, time, or both; durations of more than a day count hours on."""
    date, _, clock = iso.rpartition("T") if "T" in iso else (("", "", iso) if ":" in iso else (iso, "", ""))
    days = (datetime.datetime.fromisoformat(date) - EPOCH).days if date else 0
    parts = [float(part) for part in clock.split(":")] if clock else []
    return round(days * 86400 + sum(part * unit for part, unit in zip(parts, (3600, 60, 1))))


def by_openpyxl(path):
    """Cells of XLSX: cached values, as a person sees them without recalculating."""
    book = openpyxl.load_workbook(path, data_only=True)
    for sheet in book.worksheets:
        yield sheet.title, {
            (cell.row - 1, cell.column - 1): of_openpyxl(cell) for row in sheet.iter_rows() for cell in row
        }


def of_openpyxl(cell):
    """Its #VALUE! for a number that is too large for the date that its format asks for is no value of the file."""
    if cell.data_type == "e" and is_date_format(cell.number_format):
        return "untold", None
    return theirs(cell.value)


def by_xlrd(path):
    """Cells of XLS, dates told by their format."""
    with open("/dev/null", "w") as silence:
        book = xlrd.open_workbook(path, logfile=silence, formatting_info=False)
    for sheet in book.sheets():
        cells = {}
        for row in range(sheet.nrows):
            for col, cell in enumerate(sheet.row(row)):
                cells[row, col] = of_xlrd(cell, book.datemode)
        yield sheet.name, cells


def of_xlrd(cell, datemode):
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return theirs(bool(cell.value))
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return "error", xlrd.error_text_from_code.get(cell.value, "?")
    if cell.ctype == xlrd.XL_CELL_DATE:
        shift = 1462 if datemode else 0
        return "date", round((cell.value + shift * (cell.value >= 1)) * 86400)
    return theirs(cell.value)


def by_calamine(path):
    """Cells of XLSB and ODS."""
    book = python_calamine.CalamineWorkbook.from_path(path)
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        yield name, {(r, c): theirs(value) for r, row in enumerate(rows) for c, value in enumerate(row)}


def other_reader(path, format):
    if format == "xls":
        return by_xlrd
    return by_openpyxl if format == "xlsx" else by_calamine


def read_here(reader, path):
    run = subprocess.run([reader, str(path)], capture_output=True, timeout=120)
    return json.loads(run.stdout) if run.stdout else {"error": f"exit {run.returncode}"}


def is_same(a, b):
    """Dates differ by a rounded second, and a number that one reader takes for a date is the same serial. Before March
    1900 readers are a day apart (the leap day that 1900 did not have), and a duration is a date of its epoch to some.
    Decimals end at 28 places, and what is beyond them is text."""
    if b is not None and b[0] == "untold":
        return True
    if a is None or b is None:
        return a is b
    if {a[0], b[0]} == {"date"}:
        early = 86400 if b[1] < 61 * 86400 else 0
        return any(abs(abs(a[1] - b[1]) - apart) <= 1 for apart in (0, early, 1462 * 86400))
    if b[0] == "number" and (abs(b[1]) > 7e28 or abs(b[1]) < 1e-12):
        return abs(float(a[1]) - b[1]) <= max(1e-28, 1e-12 * abs(b[1]))
    if {a[0], b[0]} == {"date", "number"}:
        date, number = (a, b) if a[0] == "date" else (b, a)
        serial = number[1] + (1 <= number[1] < 60)
        return abs(date[1] - serial * 86400) <= 1
    return a == b or (a[1] == b[1] and {a[0], b[0]} == {"text", "error"})


def compare(path, here, there, args, total):
    """Counts the cells of one file and prints those that differ."""
    differing = 0
    sheets = {sheet["name"]: sheet["cells"] for sheet in here["sheets"]}
    for name, cells in there:
        mine = {(r, c): ours(kind, value) for r, c, kind, value in sheets.get(name, [])}
        for place in sorted(mine.keys() | cells.keys()):
            a, b = mine.get(place), cells.get(place)
            total["cells"] += a is not None or b is not None
            if not is_same(a, b):
                differing += 1
                if args.verbose or differing <= 3:
                    print(f"  {path}: {name} {place}: here {a!r}, there {b!r}")
    total["differences"] += differing
    total["files that differ"] += differing > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--reader", default="target/release/examples/sheet_values")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every difference, and why files are left out")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    total = Counter()
    paths = sorted(p for folder in args.folders for p in ([folder] if folder.is_file() else folder.rglob("*")))
    for path in paths:
        if not path.is_file():
            continue
        here = read_here(args.reader, path)
        if "error" in here or not here["sheets"]:
            total["not a workbook here"] += 1
            if args.verbose:
                print(f"  {path}: {here.get('error', 'no sheets')}")
            continue
        if here["format"] in ("csv", "html"):
            continue
        reader = other_reader(path, here["format"])
        try:
            there = list(reader(path))
        except Exception as error:  # whatever the other reader dislikes
            total[f"not read by {reader.__name__[3:]}"] += 1
            if args.verbose:
                print(f"  {path}: {reader.__name__[3:]}: {type(error).__name__} {error}")
            continue
        total[f"compared with {reader.__name__[3:]}"] += 1
        compare(path, here, there, args, total)
    print(", ".join(f"{name} {count}" for name, count in sorted(total.items())))
    sys.exit(total["differences"] > 0)


if __name__ == "__main__":
    main()
