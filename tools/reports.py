"""Reports of a folder, for the measuring scripts: the program is run once, its JSON Lines are read one by one."""

import argparse
import json
import pathlib
import subprocess
import sys


def arguments(description, folder_help):
    """What every measuring script is told: a folder, and the program or reports it made earlier."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("folder", type=pathlib.Path, help=folder_help)
    parser.add_argument("--bin", default="target/release/juesuan", help="the program")
    parser.add_argument("--reports", help="JSON Lines that `extract` wrote for the folder; the program is not run")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for each document")
    return parser


def parse(parser):
    """Parses the arguments; a folder that is not there ends the script, and is no failure."""
    args = parser.parse_args()
    if not args.folder.is_dir():
        print(f"{args.folder}: no such folder, nothing to measure")
        sys.exit(0)
    return args


def reports(args, pattern="*.pdf"):
    """Yields (path, report) for the files of the folder, in order of their paths."""
    files = sorted(str(path) for path in args.folder.rglob(pattern))
    if args.reports:
        lines = open(args.reports, encoding="utf-8")
    else:
        command = [args.bin, "extract", "--format", "jsonl", "--quiet", *files]
        lines = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8").stdout
    for line in lines:
        report = json.loads(line)
        yield report["source"]["path"], report
