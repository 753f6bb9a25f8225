"""Tables of one report in two media, such as a PDF and its workbook: the same cells at the same places, after NFKC,
without white space and thousands separators, and with amounts compared as decimals. A table is matched by its form
and its title, in order.

    cargo build --release
    python3 tools/same_cells.py ONE OTHER [--bin target/release/juesuan]
"""

import argparse
import decimal
import json
import subprocess
import sys
import unicodedata
from collections import defaultdict


def tables(binary, path):
    """The tables of a file by form and title."""
    run = subprocess.run([binary, "extract", "--quiet", path], capture_output=True, timeout=120, check=True)
    found = defaultdict(list)
    for table in json.loads(run.stdout)["tables"]:
        found[table.get("form"), folded(table.get("title") or "")].append(table)
    return found


def folded(text):
    """A text as it is compared."""
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    try:
        return format(decimal.Decimal(plain.replace(",", "")).normalize(), "f")
    except decimal.InvalidOperation:
        return plain


def cells(table):
    """Texts by their rectangle; blank cells say nothing."""
    rectangle = lambda c: (c["row"], c["col"], c.get("row_span", 1), c.get("col_span", 1))
    return {rectangle(c): folded(c["text"]) for c in table["cells"] if c["text"].strip()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("one")
    parser.add_argument("other")
    parser.add_argument("--bin", default="target/release/juesuan")
    args = parser.parse_args()
    one, other = tables(args.bin, args.one), tables(args.bin, args.other)
    same = differing = 0
    for name in other:
        for number, there in enumerate(other[name]):
            here = one[name][number] if number < len(one.get(name, [])) else None
            if here is None:
                print(f"{name}: only in {args.other}")
                differing += len(there["cells"])
                continue
            a, b = cells(here), cells(there)
            for place in sorted(a.keys() | b.keys()):
                if a.get(place) == b.get(place):
                    same += 1
                else:
                    differing += 1
                    print(f"{name} {place}: {a.get(place)!r} / {b.get(place)!r}")
    for name in one.keys() - other.keys():
        print(f"{name}: only in {args.one}")
    print(f"{same} cells are the same, {differing} differ")
    sys.exit(differing > 0)


if __name__ == "__main__":
    main()
