"""What the wheel costs beside the program, on the same files, one worker each.

Usage: round_trip.py FOLDER [ROUNDS] with the program in $JUESUAN. Each round measures, in turn, processor time of all
processes and the clock: `juesuan crawl --jobs 1` into a dataset; `juesuan extract --jobs 1`; bytes to an Arrow table of facts
through the wheel, in a child process and in this one. Starting Python and importing is left out: it is once, not for each document.
"""

import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import juesuan
import pyarrow


def processor():
    """Seconds of processor time of this process and of children that ended."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def measured(work):
    started, used = time.monotonic(), processor()
    work()
    seconds = time.monotonic() - started
    time.sleep(1)  # a thread's child process ends a moment after the thread
    return processor() - used, seconds


def program(*arguments):
    call = [os.environ["JUESUAN"], *map(str, arguments), "--jobs", "1", "--quiet"]
    subprocess.run(call, check=True, stdout=subprocess.DEVNULL)


def crawled(folder):
    dataset = tempfile.mkdtemp()
    program("crawl", folder, "--dataset", dataset)
    shutil.rmtree(dataset)


def through_the_wheel(files, isolated):
    """In a thread, because its child process ends with it and is counted then."""

    def read():
        for file in files:
            report = juesuan.extract(file.read_bytes(), str(file), isolated=isolated)
            pyarrow.table(report.table("facts"))

    thread = threading.Thread(target=read)
    thread.start()
    thread.join()


def main(folder, rounds):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    pyarrow.table(juesuan.extract(b"", "x").table("facts"))
    ways = {
        "juesuan crawl --jobs 1": lambda: crawled(folder),
        "juesuan extract --jobs 1": lambda: program("extract", folder),
        "wheel, child process": lambda: through_the_wheel(files, True),
        "wheel, isolated=False": lambda: through_the_wheel(files, False),
    }
    found = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            found[name].append(measured(work))
    base = [used for used, _ in found["juesuan crawl --jobs 1"]]
    print(f"{len(files)} documents, {rounds} rounds; milliseconds a document, median (smallest-largest)")
    for name, times in found.items():
        cells = []
        for position in (0, 1):
            values = [time[position] * 1000 / len(files) for time in times]
            cells.append(f"{statistics.median(values):6.2f} ({min(values):.2f}-{max(values):.2f})")
        ratio = statistics.median(used / before for (used, _), before in zip(times, base, strict=True))
        print(f"{name:26} processor {cells[0]}  clock {cells[1]}  {ratio:.2f} of the crawl")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 5)
