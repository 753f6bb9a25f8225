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


def other_pages(path):
    """The pages of a file as poppler reads them."""
    run = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", path, "-"], capture_output=True)
    return [characters(page) for page in run.stdout.decode("utf-8", "replace").split("\f")[:-1]]


def our_pages(reader, path):
    """The pages of a file as they are read here: characters and number of images."""
    run = subprocess.run([reader, path], capture_output=True, text=True, encoding="utf-8")
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    return [(characters(line["text"]), line["images"]) for line in lines if "error" not in line]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--reader", default="target/release/examples/pdf_characters")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for each page that lacks characters")
    args = parser.parse_args()
    if not args.folder.is_dir():
        print(f"{args.folder}: no such folder, nothing to measure")
        sys.exit(0)
    total, files, missing = Counter(), 0, Counter()
    for path in sorted(args.folder.rglob("*.pdf")):
        files += 1
        ours, others = our_pages(args.reader, path), other_pages(path)
        if len(ours) != len(others):
            print(f"{path}: {len(ours)} pages here, {len(others)} there")
        for number, ((here, images), there) in enumerate(zip(ours, others), start=1):
            lost = there - here
            missing.update(lost)
            total.update(pages=1, there=there.total(), lost=lost.total(), here=here.total())
            total.update(silent=int(not here and (there or False) and not images), images=int(not here and images > 0))
            if args.verbose and lost:
                shown = "".join(sorted(lost.elements()))[:60]
                print(f"{path}: page {number} lacks {lost.total()} of {there.total()}: {shown}")
    recall = 1 - total["lost"] / max(1, total["there"])
    print(f"{files} files, {total['pages']} pages: {total['there']} characters, recall {recall:.4%}")
    print(f"pages without text but with an image: {total['images']}; without either though the other reader finds text: {total['silent']}")
    if missing:
        print("most missed:", " ".join(f"{c!r} {n}" for c, n in missing.most_common(12)))


if __name__ == "__main__":
    main()
