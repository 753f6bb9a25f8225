#!/usr/bin/env python3
"""Peak memory and time of one process on a generated document whose document.xml has 50 MB.

    cargo build --release --bins --example docx_peers
    python3 benches/peers/read_large_docx.py [--runs 5] [--megabytes 50] [--kind prose|tables]

The document is made here, the same one every time: paragraphs of several formatted runs with sentences and amounts
(`prose`), or statements of eight columns and forty rows each (`tables`). `juesuan` reads it to the report's JSON;
`reader` is the DOCX reader alone, `docx-rs` that crate's parse. The figure is the median with the smallest and largest.
"""

import argparse
import os
import resource
import statistics
import subprocess
import tempfile
import time
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
FONT = '<w:rPr><w:rFonts w:ascii="仿宋" w:eastAsia="仿宋" w:hAnsi="仿宋"/><w:sz w:val="32"/></w:rPr>'


def run(text):
    return f'<w:r w:rsidRPr="00{hash_of(text):06X}">{FONT}<w:t>{text}</w:t></w:r>'


def hash_of(text):
    return sum(ord(c) * (i + 1) for i, c in enumerate(text)) & 0xFFFFFF


def paragraph(number):
    amount = f"{number * 7919 % 1_000_003 / 100:.2f}"
    runs = run(f"第{number}项支出决算为") + run(amount) + run("万元，完成预算的") + run(f"{number % 1000 / 10}%") + run("。")
    return f'<w:p w:rsidR="00{number % 0xFFFFFF:06X}"><w:pPr><w:ind w:firstLine="640"/></w:pPr>{runs}</w:p>'


def statement(number):
    def cell(text):
        return f'<w:tc><w:tcPr><w:tcW w:w="1100" w:type="dxa"/></w:tcPr><w:p>{run(text)}</w:p></w:tc>'

    def row(at):
        cells = [f"{number}项目{at}"] + [f"{(number * 97 + at * 13 + col) % 99991 / 100:.2f}" for col in range(7)]
        return f"<w:tr>{''.join(map(cell, cells))}</w:tr>"

    heads = "".join(map(cell, ["项目", "合计", "基本支出", "项目支出", "上缴", "经营", "补助", "其他"]))
    return f"<w:p>{run(f'第{number}表')}</w:p><w:tbl><w:tr>{heads}</w:tr>{''.join(map(row, range(40)))}</w:tbl>"


def write(path, megabytes, make):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
                         f'Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>')
        package.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
                         'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>')
        package.writestr("word/_rels/document.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships"/>')
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            size = part.write(f'<w:document xmlns:w="{WORD}"><w:body>'.encode())
            number = 0
            while size < megabytes * 1_000_000:
                number += 1
                size += part.write(make(number).encode())
            part.write(b"</w:body></w:document>")
    return size


def measure(command):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, status


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f}–{max(values):.2f})"


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--megabytes", type=int, default=50)
    options.add_argument("--kind", choices=("prose", "tables"), default="prose")
    options.add_argument("--bin", default=os.path.join(ROOT, "target", "release"))
    options = options.parse_args()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "large.docx")
        size = write(path, options.megabytes, paragraph if options.kind == "prose" else statement)
        print(f"{options.kind}: document.xml {size / 1e6:.1f} MB, file {os.path.getsize(path) / 1e6:.2f} MB")
        worker = os.path.join(options.bin, "examples", "docx_peers")
        commands = {"juesuan": [os.path.join(options.bin, "juesuan"), "extract", path, "--format", "json"],
                    "reader": [worker, "reader", "1", path], "docx-rs": [worker, "docx-rs", "1", path]}
        for name, command in commands.items():
            if not os.path.exists(command[0]):
                print(f"{name} is left out: {command[0]} is not built")
                continue
            runs = [measure(command) for _ in range(options.runs)]
            print(f"{name:8} seconds {spread([r[0] for r in runs])}, CPU seconds {spread([r[1] for r in runs])}, "
                  f"peak MiB {spread([r[2] for r in runs])}, exit {sorted({r[3] for r in runs})}")


if __name__ == "__main__":
    main()
