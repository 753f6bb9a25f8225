#!/usr/bin/env python3
"""Times reading of PDF files, their tables included, by this program and by its peers, in one run and in turn.

    pip install pdfplumber pymupdf kreuzberg==4.10.4
    cargo build --release --bins --example pdf_peers
    python3 benches/peers/read_pdf.py FILE.pdf... [--rounds 3]

A round starts each tool once, in turn, as a process of its own that reads all files one after the other; so a machine
that slows down slows all of them. Ours are timed as whole processes, the others from their first file on, without
their imports. A figure is the median of the rounds with the smallest and the largest; a ratio is taken within a round.
Memory is the largest resident size of a process.

flow         bytes to paragraphs and tables in reading order, tables joined over pages
read         bytes to glyphs and rules alone
juesuan      the program: to the report's JSON, with figures, identities and findings (`extract -j 1`)
kreuzberg    `extract_bytes_sync` with its defaults
pdfplumber   `extract_text` and `extract_tables` of every page
pymupdf      `get_text` and `find_tables`, extracted, of every page

A tool that is not installed is left out with a line that says so. Nothing is installed here.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
OURS = ("flow", "read", "juesuan")
TOOLS = (*OURS, "kreuzberg", "pdfplumber", "pymupdf")
PAIRS = [(ours, peer) for ours in ("flow", "juesuan") for peer in ("kreuzberg", "pdfplumber", "pymupdf")]


def by_kreuzberg():
    import kreuzberg

    return lambda path: len(kreuzberg.extract_bytes_sync(pathlib.Path(path).read_bytes(), "application/pdf").tables)


def by_pdfplumber():
    import pdfplumber

    def read(path):
        tables = 0
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                page.extract_text()
                tables += len(page.extract_tables())
                page.close()
        return tables

    return read


def by_pymupdf():
    import pymupdf

    def read(path):
        tables = 0
        for page in pymupdf.open(path):
            page.get_text()
            tables += len([table.extract() for table in page.find_tables()])
        return tables

    return read


def work(tool, paths):
    """What the process of a peer does: it reads the files and says what that took."""
    sys.stdout, said = sys.stderr, sys.stdout  # some of them print what they think
    read = {"kreuzberg": by_kreuzberg, "pdfplumber": by_pdfplumber, "pymupdf": by_pymupdf}[tool]()
    start, cpu = time.perf_counter(), time.process_time()
    tables = sum(read(path) for path in paths)
    answer = {"wall": time.perf_counter() - start, "cpu": time.process_time() - cpu, "tables": tables}
    print(json.dumps(answer), file=said)


def run(tool, paths):
    release = ROOT / "target/release"
    command = {
        "juesuan": [release / "juesuan", "extract", "-j", "1", "--format", "jsonl", "--quiet"],
        "flow": [release / "examples/pdf_peers", "flow"],
        "read": [release / "examples/pdf_peers", "read"],
    }.get(tool, [sys.executable, __file__, "--worker", tool])
    start = time.perf_counter()
    process = subprocess.Popen([*command, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    output, errors = process.stdout.read(), process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status != 0:
        raise RuntimeError((errors.decode(errors="replace").strip().splitlines() or ["no message"])[-1])
    if tool in OURS:
        lines = output.decode().splitlines()
        tables = sum(len(json.loads(line)["tables"]) for line in lines) if tool == "juesuan" else int(lines[0].split()[1])
        answer = {"wall": time.perf_counter() - start, "cpu": usage.ru_utime + usage.ru_stime, "tables": tables}
    else:
        answer = json.loads(output)
    return {**answer, "memory": usage.ru_maxrss / 1024}


def spread(values, form="{:.0f}"):
    return " ".join((form.format(statistics.median(values)), f"({form.format(min(values))}–{form.format(max(values))})"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--tools", default=",".join(TOOLS))
    parser.add_argument("--worker")
    args = parser.parse_args()
    if args.worker:
        return work(args.worker, args.files)
    if not args.files:
        return print("no files, nothing to measure")
    pages = int(subprocess.run([ROOT / "target/release/examples/pdf_peers", "read", *args.files],
                               capture_output=True, check=True).stdout.split()[0])
    answers = {}
    for number in range(args.rounds):
        for tool in args.tools.split(","):
            try:
                answers.setdefault(tool, []).append(run(tool, args.files))
            except RuntimeError as error:
                print(f"{tool} is left out: {error}") if number == 0 else None
    print(f"{len(args.files)} files, {pages} pages, {args.rounds} rounds")
    for tool, rounds in answers.items():
        rate = lambda key: spread([pages / answer[key] for answer in rounds])
        memory = max(answer["memory"] for answer in rounds)
        print(f"{tool}: {rate('cpu')} pages/s of processor time, {rate('wall')} by the clock, "
              f"{rounds[0]['tables']} tables, {memory:.0f} MiB")
    for ours, peer in PAIRS:
        pairs = list(zip(answers.get(ours, []), answers.get(peer, [])))
        if pairs:
            ratios = {key: spread([b[key] / a[key] for a, b in pairs], "{:.1f}") for key in ("cpu", "wall")}
            print(f"{ours} / {peer}: {ratios['cpu']} times by processor time, {ratios['wall']} by the clock")


if __name__ == "__main__":
    main()
