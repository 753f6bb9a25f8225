#!/usr/bin/env python3
"""Times complete extraction of DOCX files by this program and by its peers, in one run and in turn.

    pip install kreuzberg==4.10.4 python-docx==1.2.0 lxml
    cargo build --release --bins --example docx_peers
    python3 benches/peers/read_docx.py FOLDER... [--rounds 7] [--seconds 2]

Every .docx of the folders is one document. A round starts each tool once, in turn, as a process of its own that reads
all documents once and then, against the clock, again and again for about that many seconds, from memory and one after
the other; so a machine that slows down slows all of them. A figure is the median of the rounds with the smallest and
the largest; a ratio is taken within a round. Memory is the largest resident size of the process.

document     bytes to sections, tables on their grids, bookmarks, charts and computed numbers: all that the file holds
juesuan      the whole way to the report's JSON, with figures, identities and findings, which no peer has
reader       our DOCX reader alone, parse against parse
kreuzberg    `extract_bytes_sync` with its defaults
python-docx  the texts of all paragraphs and of all table cells
docx-rs      its parse alone
docx-rs-text its parse, and the texts of all paragraphs and cells from its tree

Beside them stands what they found: characters of the text against the walk of tests/independent/docx_text.py, names of
bookmarks, tables, values of charts.

A tool that is not installed is left out with a line that says so. Nothing is installed here.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
RUST = ("juesuan", "document", "reader", "docx-rs", "docx-rs-text")
TOOLS = ("juesuan", "document", "reader", "kreuzberg", "python-docx", "docx-rs", "docx-rs-text")
PAIRS = (("document", "kreuzberg"), ("document", "python-docx"), ("document", "docx-rs-text"), ("reader", "docx-rs"),
         ("juesuan", "kreuzberg"), ("juesuan", "python-docx"), ("juesuan", "docx-rs-text"))


def by_kreuzberg():
    import kreuzberg

    mime = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

    def read(data):
        result = kreuzberg.extract_bytes_sync(data, mime)
        return [result.content], len(result.tables)

    return read


def by_python_docx():
    import io

    import docx

    def read(data):
        document = docx.Document(io.BytesIO(data))
        texts, todo, tables = [p.text for p in document.paragraphs], list(document.tables), 0
        while todo:
            table = todo.pop()
            tables += 1
            for row in table.rows:
                for cell in row.cells:
                    texts.append(cell.text)
                    todo.extend(cell.tables)
        return texts, tables

    return read


def work(tool, passes, paths):
    read = {"kreuzberg": by_kreuzberg, "python-docx": by_python_docx}[tool]()
    files = [(path, open(path, "rb").read()) for path in paths]
    if passes == 0:
        found = [(path, *read(data)) for path, data in files]
        print(json.dumps([{"file": p, "texts": t, "bookmarks": [], "tables": n, "values": 0} for p, t, n in found]))
        return
    for _, data in files if passes > 1 else ():
        read(data)  # a first pass, before the clock starts
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(passes):
        for _, data in files:
            read(data)
    print(json.dumps({"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}))


def run(tool, passes, paths, binary):
    command = [binary, tool] if tool in RUST else [sys.executable, os.path.abspath(__file__), "--worker", tool]
    process = subprocess.Popen([*command, str(passes), *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output = process.stdout.read()
    said = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        raise RuntimeError((said.strip().splitlines() or ["no message"])[-1])
    return json.loads(output), usage.ru_maxrss / 1024


def correctness(found, truth):
    wanted = lost = extra = 0
    names = Counter()
    for answer in found:
        expected = truth[answer["file"]]
        got = Counter("".join("".join(answer["texts"]).split()))
        wanted += sum(expected.wanted.values())
        lost += sum((expected.wanted - got).values())
        extra += sum((got - expected.wanted - expected.allowed).values())
        names += expected.names & Counter(answer["bookmarks"])
    total = sum(sum(t.names.values()) for t in truth.values())
    return (f"{1 - lost / wanted:.4%} of the characters, {extra} more, {sum(names.values())} of {total} bookmark names, "
            f"{sum(a['tables'] for a in found)} tables, {sum(a['values'] for a in found)} chart values")


def spread(values, form="{:.1f}"):
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"{form.format(middle)} ({form.format(low)}–{form.format(high)})"


def documents(folders):
    names = [os.path.join(folder, name) for folder in folders for name in sorted(os.listdir(folder))]
    return [name for name in names if name.endswith(".docx")]


def truth_of(paths):
    sys.path.insert(0, os.path.join(ROOT, "tests", "independent"))
    import docx_text

    return {path: docx_text.count(path) for path in paths}


def prepare(paths, options):
    """Finds which tools are there, what they find, and how many passes fill the time."""
    truth, passes = truth_of(paths), {}
    for tool in TOOLS:
        try:
            found, _ = run(tool, 0, paths, options.bin)
            alone, _ = run(tool, 1, paths, options.bin)
        except (RuntimeError, OSError) as error:
            print(f"{tool} is left out: {error}")
            continue
        passes[tool] = max(1, round(options.seconds / max(alone["seconds"], 0.001)))
        print(f"{tool} finds {correctness(found, truth)}")
    return passes


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folders", nargs="+")
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--seconds", type=float, default=2.0)
    options.add_argument("--bin", default=os.path.join(ROOT, "target", "release", "examples", "docx_peers"))
    options = options.parse_args()
    paths = documents(options.folders)
    if not paths:
        return print("no .docx there: nothing is timed")
    passes = prepare(paths, options)
    wall, cpu, memory = ({tool: [] for tool in passes} for _ in range(3))
    for _ in range(options.rounds):
        for tool, count in passes.items():
            took, peak = run(tool, count, paths, options.bin)
            wall[tool].append(count * len(paths) / took["seconds"])
            cpu[tool].append(count * len(paths) / max(took["cpu"], 0.01))
            memory[tool].append(peak)
    size = sum(os.path.getsize(path) for path in paths) / 1e6
    print(f"{len(paths)} documents, {size:.2f} MB, {options.rounds} rounds, {os.cpu_count()} cores")
    for tool in passes:
        print(f"{tool:12} docs/s {spread(wall[tool])}; docs per CPU second {spread(cpu[tool])}; "
              f"peak MiB {max(memory[tool]):.0f}")
    for one, other in PAIRS:
        if one in passes and other in passes:
            ratios = [[a / b for a, b in zip(of[one], of[other])] for of in (wall, cpu)]
            print(f"{one} / {other}: {spread(ratios[0], '{:.2f}')} by wall, {spread(ratios[1], '{:.2f}')} by CPU")


if __name__ == "__main__":
    if len(sys.argv) > 3 and sys.argv[1] == "--worker":
        work(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
    else:
        main()
