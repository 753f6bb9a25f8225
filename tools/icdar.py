"""Table finding by the measure of the ICDAR 2013 competition (Göbel, Hassan, Oro, Orsi: "A Methodology for
Evaluating Algorithms for Table Understanding in PDF Documents", 2012): detection and structure together, as the
F1 of adjacency relations, averaged over documents.

A relation is a cell, its nearest neighbour to the right or below that is not blank, and the direction; texts are
compared without blanks and punctuation. The folder holds `NAME.pdf` with `NAME-str.xml` beside each.

    python3 tools/icdar.py FOLDER [--bin target/release/juesuan] [-v]
"""

import pathlib
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections import Counter

from reports import arguments, parse, reports


def plain(text):
    """A text by its letters and digits alone."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalnum())


def relations(cells):
    """The adjacency relations of (row, last row, column, last column, text), as a multiset."""
    grid = {}
    for index, (row, last_row, col, last_col, _) in enumerate(cells):
        for r in range(row, last_row + 1):
            for c in range(col, last_col + 1):
                grid[r, c] = index
    rows = max((cell[1] for cell in cells), default=-1) + 1
    cols = max((cell[3] for cell in cells), default=-1) + 1

    def nearest(places):
        for place in places:
            found = grid.get(place)
            if found is not None and cells[found][4]:
                return found
        return None

    pairs = set()
    for index, (row, last_row, col, last_col, text) in enumerate(cells):
        if not text:
            continue
        for r in range(row, last_row + 1):
            pairs.add((index, nearest((r, c) for c in range(last_col + 1, cols)), "right"))
        for c in range(col, last_col + 1):
            pairs.add((index, nearest((r, c) for r in range(last_row + 1, rows)), "below"))
    return Counter((cells[a][4], cells[b][4], way) for a, b, way in pairs if b is not None)


def true_cells(table):
    """The cells of a table of the structure XML; its regions say by how much they are moved."""
    cells = []
    for region in table.iter("region"):
        down, right = int(region.get("row-increment") or 0), int(region.get("col-increment") or 0)
        for cell in region.iter("cell"):
            row, col = int(cell.get("start-row")), int(cell.get("start-col"))
            last_row, last_col = int(cell.get("end-row") or row), int(cell.get("end-col") or col)
            text = plain(cell.findtext("content") or "")
            cells.append((row + down, last_row + down, col + right, last_col + right, text))
    return cells


def found_cells(table):
    """The cells of a table of a report."""
    cells = table["cells"]
    span = lambda c, way: c.get(f"{way}_span", 1) - 1
    return [(c["row"], c["row"] + span(c, "row"), c["col"], c["col"] + span(c, "col"), plain(c["text"])) for c in cells]


def f1(hits, found, true):
    """Precision, recall and their harmonic mean."""
    precision, recall = hits / max(1, found), hits / max(1, true)
    return precision, recall, 2 * hits / max(1, found + true)


def main():
    args = parse(arguments(__doc__, "folder of PDF files with their structure XML"))
    scores, total = [], Counter()
    for path, report in reports(args):
        xml = pathlib.Path(path.removesuffix(".pdf") + "-str.xml")
        if not xml.is_file():
            continue
        tables = list(ElementTree.parse(xml).getroot().iter("table"))
        true = sum((relations(true_cells(t)) for t in tables), Counter())
        found = sum((relations(found_cells(t)) for t in report["tables"]), Counter())
        hits = (true & found).total()
        precision, recall, score = f1(hits, found.total(), true.total())
        scores.append(score)
        total.update(hits=hits, found=found.total(), true=true.total())
        if args.verbose:
            counts = f"{len(tables)} tables, {len(report['tables'])} found"
            print(f"{pathlib.Path(path).name}: F1 {score:.3f}, precision {precision:.3f}, recall {recall:.3f}, {counts}")
    precision, recall, score = f1(total["hits"], total["found"], total["true"])
    print(f"{len(scores)} documents: mean F1 {sum(scores) / max(1, len(scores)):.3f}")
    print(f"all relations together: precision {precision:.3f}, recall {recall:.3f}, F1 {score:.3f}")


if __name__ == "__main__":
    main()
