"""Writes many small documents, for measuring what a crawl costs beside reading.

Usage: small.py COUNT DIR [SAMPLE]. Each document is a CSV of one statement with figures of its own; bodies, years and
folders repeat as in a region: 40 bodies a year, ten years, then copies with other figures. With a folder SAMPLE the
documents are those of that folder in turn, each copy with a comment behind it, so that no two have the same bytes.
"""

import itertools

import pathlib
import sys

ROWS = [("201", "一般公共服务支出"), ("20103", "政府办公厅（室）及相关机构事务"), ("2010301", "行政运行")]


def statement(number):
    year, body = 2015 + number // 40 % 10, number % 40
    amount = f"{1000 + number * 37 % 90000}.{number % 100:02}"
    lines = [
        f"{year}年度一般公共预算财政拨款支出决算表,,,",
        f"部门：云汀区第{body:02}局,,,单位：万元",
        "科目编码,科目名称,合计,基本支出",
    ]
    lines += [f"{code},{name},{amount},{amount}" for code, name in ROWS]
    lines.append(f",第{number}号,,")
    return year, body, "\n".join(lines) + "\n"


def varied(content, number):
    """The document with a comment behind it: that of a ZIP archive (APPNOTE 4.3.16), else of a PDF."""
    comment = f"\n% {number:07}".encode()
    if content.startswith(b"PK") and content.endswith(b"\0\0"):
        content = content[:-2] + len(comment).to_bytes(2, "little")
    return content + comment


def copies(count, folder, sample):
    found = sorted(path for path in sample.rglob("*") if path.suffix in {".docx", ".xlsx", ".pdf"})
    folder.mkdir(parents=True, exist_ok=True)
    for number, path in zip(range(count), itertools.cycle(found)):
        (folder / f"{number:06} {path.name}").write_bytes(varied(path.read_bytes(), number))


def main(count, folder):
    for number in range(count):
        year, body, text = statement(number)
        path = folder / f"{year}" / f"{body:02}"
        path.mkdir(parents=True, exist_ok=True)
        (path / f"{number:06}.csv").write_text(text, encoding="utf-8")


if len(sys.argv) > 3:
    copies(int(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
else:
    main(int(sys.argv[1]), pathlib.Path(sys.argv[2]))
