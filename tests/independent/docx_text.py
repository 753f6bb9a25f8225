#!/usr/bin/env python3
"""Counts the text and the bookmarks of DOCX files without our reader, and compares.

    cargo build --release --example docx_text
    python3 tests/independent/docx_text.py FOLDER... [--bin target/release/examples/docx_text] [--floor 0.9999]

The walk reads the parts that the main part is linked to (body, headers, footers, footnotes, endnotes) with lxml where
it is installed, else with the standard library. Characters are compared as a multiset a file; white space is not
compared, because a tab or a break is an element here and a character there.

Wanted: the characters of w:t and m:t, and a hyphen for every w:noBreakHyphen. Outside: w:del, w:moveFrom, rows and
cells whose deletion is tracked, mc:Fallback beside an mc:Choice, readings of ruby (w:rt), and separators of notes.
Allowed, but not wanted, because the file does not hold the character that a reader prints: one character a w:sym,
a box or an entry of a form field without a result, what `EQ \\o` draws, the stroke of a fraction, the words of a diagram.
Automatic numbers are computed and stand beside the text; neither side counts them.

Bookmarks: every w:bookmarkStart that has a name, outside mc:Fallback, as a multiset of names.

Ends with 1 when recall or precision is below the floor, a name is missing, or the reader panicked. Where none of the
folders exists there is nothing to count: it says so and ends with 0. A file that is no package for either side is
listed and not counted; one that only our reader refuses counts as lost.
"""

import argparse
import json
import os
import posixpath
import subprocess
import sys
import zipfile
from collections import Counter

try:
    from lxml import etree

    PARSER = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)

    def parse(data):
        return etree.fromstring(data, PARSER)

except ImportError:
    import xml.etree.ElementTree as etree

    def parse(data):
        return etree.fromstring(data)


WORD = ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", "http://purl.oclc.org/ooxml/wordprocessingml/main")
MATH = ("http://schemas.openxmlformats.org/officeDocument/2006/math", "http://purl.oclc.org/ooxml/officeDocument/math")
DRAWING = ("http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main")
MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"
STORIES = ("header", "footer", "footnotes", "endnotes")
EXTENSIONS = (".docx", ".docm", ".dotx", ".dotm")


def split(tag):
    if not isinstance(tag, str):
        return "", ""  # a comment or an instruction
    uri, _, name = tag.rpartition("}")
    return uri[1:], name


def kind(element):
    uri, name = split(element.tag)
    if uri in WORD:
        return "w:" + name
    if uri in MATH:
        return "m:" + name
    if uri == MARKUP:
        return "mc:" + name
    return "a:" + name if uri in DRAWING else "?:" + name


def attribute(element, wanted):
    return next((value for key, value in element.attrib.items() if split(key)[1] == wanted or key == wanted), None)


def child(element, *path):
    for name in path:
        element = next((c for c in element if kind(c) == name), None) if element is not None else None
    return element


def is_outside(element, name):
    if name in ("w:del", "w:moveFrom", "w:rt", "w:pPr", "w:rPr", "w:sectPr", "w:tblPr", "w:tblGrid"):
        return True
    if name == "w:tr":
        return child(element, "w:trPr", "w:del") is not None
    if name == "w:tc":
        return child(element, "w:tcPr", "w:cellDel") is not None
    if name in ("w:footnote", "w:endnote"):
        return attribute(element, "type") not in (None, "normal")
    return False


class Count:
    def __init__(self):
        self.wanted, self.allowed, self.symbols, self.names = Counter(), Counter(), 0, Counter()
        self.instruction = ""

    def story(self, root):
        todo = [(root, False)]
        while todo:
            element, outside = todo.pop()
            name = kind(element)
            if name == "mc:AlternateContent":
                choices = [c for c in element if kind(c) == "mc:Choice"]
                todo += [(c, outside) for c in reversed(choices[:1] or list(element))]
                continue
            if name == "w:bookmarkStart" and attribute(element, "name"):
                self.names[attribute(element, "name")] += 1
            outside = outside or is_outside(element, name)
            if not outside:
                self.character(element, name)
            todo += [(c, outside) for c in reversed(element)]

    def character(self, element, name):
        text = "".join((element.text or "").split())
        if name in ("w:t", "m:t"):
            self.wanted.update(text)
        elif name == "w:noBreakHyphen":
            self.wanted["-"] += 1
        elif name == "m:den":
            self.allowed["/"] += 1
        elif name == "w:sym":
            self.symbols += 1
        elif name == "w:checkBox":
            self.allowed.update("☐☑")
        elif name == "w:listEntry":
            self.allowed.update("".join((attribute(element, "val") or "").split()))
        elif name == "w:instrText":
            self.instruction += text
        elif name == "w:fldChar":
            self.allowed.update(self.instruction if self.instruction[:2].lower() == "eq" else "")
            self.instruction = ""


def links(package, part):
    folder, file = posixpath.split(part)
    name = posixpath.join(folder, "_rels", file + ".rels")
    if name.lower() not in package:
        return
    for link in parse(package[name.lower()]()):
        if link.get("TargetMode") == "External" or not link.get("Target"):
            continue
        target = posixpath.normpath(posixpath.join("/", folder, link.get("Target").replace("\\", "/"))).lstrip("/")
        yield (link.get("Type") or "").rsplit("/", 1)[-1], target


def count(path):
    with zipfile.ZipFile(path) as archive:
        package = {n.replace("\\", "/").lstrip("/").lower(): (lambda n=n: archive.read(n)) for n in archive.namelist()}
        main = next((target for k, target in links(package, "") if k == "officeDocument"), "word/document.xml")
        found, seen = Count(), set()
        found.story(parse(package[main.lower()]()))
        for kind_, target in links(package, main):
            if target in seen or target.lower() not in package:
                continue
            seen.add(target)
            if kind_ in STORIES:
                found.story(parse(package[target.lower()]()))
            elif kind_ == "diagramData":
                for element in parse(package[target.lower()]()).iter():
                    if kind(element) == "a:t":
                        found.allowed.update("".join((element.text or "").split()))
    return found


def documents(folder):
    if os.path.isfile(folder):
        yield folder
    for root, folders, files in os.walk(folder):
        folders.sort()
        yield from (os.path.join(root, f) for f in sorted(files) if f.lower().endswith(EXTENSIONS))


def read_ours(binary, paths):
    done = subprocess.run([binary, *paths], stdout=subprocess.PIPE, check=False, text=True, encoding="utf-8")
    if done.returncode != 0:
        print(f"the reader ended with {done.returncode}")
    return {line["file"]: line for line in map(json.loads, done.stdout.splitlines())}


class Total:
    def __init__(self):
        self.wanted = self.got = self.lost = self.doubled = self.names = self.files = 0
        self.faults, self.refused = [], []

    def add(self, path, found, ours):
        got = Counter("".join("".join(ours.get("texts", [])).split()))
        lost = found.wanted - got
        extra = got - found.wanted - found.allowed
        doubled = max(0, sum(extra.values()) - found.symbols)
        self.files += 1
        self.wanted += sum(found.wanted.values())
        self.got += sum(got.values())
        self.lost += sum(lost.values())
        self.doubled += doubled
        self.names += sum(found.names.values())
        missing = found.names - Counter(ours.get("bookmarks", []))
        added = Counter(ours.get("bookmarks", [])) - found.names
        if lost or doubled or missing or added or "error" in ours:
            parts = {"error": ours.get("error"), "lost": dict(lost), "too many": dict(extra) if doubled else {},
                     "bookmarks missing": dict(missing), "bookmarks too many": dict(added)}
            said = ", ".join(f"{k}: {str(v)[:200]}" for k, v in parts.items() if v)
            self.faults.append((bool(missing) or ours.get("error") == "panic", f"{path}: {said}"))


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("folders", nargs="*")
    options.add_argument("--bin", default="target/release/examples/docx_text")
    options.add_argument("--floor", type=float, default=0.9999)
    options = options.parse_args()
    paths = [path for folder in options.folders for path in documents(folder)]
    if not paths:
        print("no documents there: nothing is counted")
        return 0
    ours, total = read_ours(options.bin, paths), Total()
    for path in paths:
        answer = ours.get(path, {"error": "panic"})
        try:
            found = count(path)
        except Exception as error:  # whatever stops the walk, the file is no witness
            total.refused.append(f"{path}: {type(error).__name__}: {error}; ours: {answer.get('error', 'read')}")
            if answer.get("error") == "panic":
                total.faults.append((True, f"{path}: panic"))
            continue
        total.add(path, found, answer)
    recall = 1 - total.lost / max(total.wanted, 1)
    precision = 1 - total.doubled / max(total.got, 1)
    for _, line in total.faults:
        print("differs:", line)
    for line in total.refused:
        print("not counted:", line)
    print(f"{total.files} files, {total.wanted} characters, recall {recall:.6%}, precision {precision:.6%}, "
          f"{total.names} bookmarks, {len(total.refused)} files not counted")
    return int(min(recall, precision) < options.floor or any(fatal for fatal, _ in total.faults))


if __name__ == "__main__":
    sys.exit(main())
