"""Characters of PDF files against an independent reader, `pdftotext -raw` of poppler (with poppler-data): the part
of its characters that are read here too, as multisets a page, in the form NFKC without blanks. A page without any
text must hold an image or nothing at all.

    cargo build --release --example pdf_characters
    python3 tools/characters.py FOLDER [--reader target/release/examples/pdf_characters] [-v]
"""

import argparse
import json
import pathlib
import subprocess
import sys
import unicodedata
from collections import Counter


def characters(text):
    """The characters of a text, without blanks, control characters and private ones."""
    text = unicodedata.normalize("NFKC", text)
    return Counter(c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf", "Co"))


def pages_of(command, limit):
    """What a program prints of a file, or None where it takes longer than the limit in seconds."""
    try:
        run = subprocess.run(command, capture_output=True, timeout=limit)
    except subprocess.TimeoutExpired:
        return None
    return run.stdout.decode("utf-8", "replace")


def other_pages(path, limit):
    """The pages of a file as poppler reads them."""
    text = pages_of(["pdftotext", "-raw", "-enc", "UTF-8", path, "-"], limit)
    return None if text is None else [characters(page) for page in text.split("\f")[:-1]]


def our_pages(reader, path, limit):
    """The pages of a file as they are read here: characters and number of images."""
    text = pages_of([reader, path], limit)
    lines = [json.loads(line) for line in (text or "").splitlines()]
    return None if text is None else [(characters(line["text"]), line["images"]) for line in lines if "error" not in line]


def compare(path, args, total, missing):
    """Adds up the pages of one file; its characters there and those of them that are lost here."""
    ours, others = our_pages(args.reader, path, args.limit), other_pages(path, args.limit)
    if ours is None or others is None:
        print(f"{path}: not compared, it took more than {args.limit} s {'here' if ours is None else 'there'}")
        return 0, 0
    if len(ours) != len(others):
        print(f"{path}: {len(ours)} pages here, {len(others)} there")
    there_all = lost_all = 0
    for number, ((here, images), there) in enumerate(zip(ours, others), start=1):
        lost = there - here
        missing.update(lost)
        there_all, lost_all = there_all + there.total(), lost_all + lost.total()
        total.update(pages=1, silent=int(not here and bool(there) and not images), images=int(not here and images > 0))
        total.update(blank=int(not here and not there and not images))
        if args.verbose and lost:
            shown = "".join(sorted(lost.elements()))[:60]
            print(f"{path}: page {number} lacks {lost.total()} of {there.total()}: {shown}")
    return there_all, lost_all


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--reader", default="target/release/examples/pdf_characters")
    parser.add_argument("--limit", type=float, default=60, help="seconds for one file and program")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for each page that lacks characters")
    args = parser.parse_args()
    if not args.folder.is_dir():
        print(f"{args.folder}: no such folder, nothing to measure")
        sys.exit(0)
    total, files, missing, under = Counter(), 0, Counter(), 0
    for path in sorted(args.folder.rglob("*.pdf")):
        there, lost = compare(path, args, total, missing)
        files += 1
        total.update(there=there, lost=lost)
        if lost * 1000 > there:
            under += 1
            print(f"{path}: recall {1 - lost / there:.4%}, {lost} of {there} characters are missing")
    recall = 1 - total["lost"] / max(1, total["there"])
    print(f"{files} files, {total['pages']} pages: {total['there']} characters, recall {recall:.4%}; {under} files under 99.9 %")
    print(f"pages without text: {total['images']} with an image, {total['blank']} blank to both readers, "
          f"{total['silent']} where the other reader finds text")
    if missing:
        print("most missed:", " ".join(f"{c!r} {n}" for c, n in missing.most_common(12)))


if __name__ == "__main__":
    main()
