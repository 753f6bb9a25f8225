"""Public accounting as an oracle: sums that must hold in every standard table. A cell that was misread, or given
to another column or row, breaks them, and no truth has to be written by hand.

Measured are: 合计 = Σ 类; 类 = Σ 款; 款 = Σ 项 (or the codes that stand below it); a total column = the sum of
its parts; income and expenditure totals of one row; and that every total row holds numbers alone. Parts may
differ from their total by what rounding explains.

    python3 tools/oracle.py FOLDER [--bin target/release/juesuan] [-v]
"""

import pathlib
import re
from collections import Counter, defaultdict
from decimal import Decimal, InvalidOperation

from reports import arguments, parse, reports

TOTALS = {"合计", "总计", "收入总计", "支出总计", "本年收入合计", "本年支出合计", "收入合计", "支出合计"}
PART_OF = ("其中", "#", "＃", "扣除")
CODE = re.compile(r"^[\[【(（]?(\d{3}(?:\d{2}){0,2})[\]】)）]?(?=\D|$)")
NUMBER = re.compile(r"^[-−－]?[\d,，]*\.?\d+$")


def words(text):
    """A text without blanks."""
    return "".join(text.split())


def amount(text):
    """The number that a cell shows; a blank or a dash is zero, anything else is None."""
    text = words(text).replace("￥", "").replace("¥", "")
    if text in ("", "-", "—", "–", "－", "——", "--", "/"):
        return Decimal(0)
    if not NUMBER.match(text):
        return None
    try:
        return Decimal(re.sub("[,，]", "", text).replace("−", "-").replace("－", "-"))
    except InvalidOperation:
        return None


class Table:
    """A table of a report as a grid of texts."""

    def __init__(self, table):
        self.header_rows = table.get("header_rows") or 0
        self.rows, self.cols = table["rows"], table["cols"]
        self.cells = table["cells"]
        self.texts = defaultdict(str)
        for cell in self.cells:
            self.texts[cell["row"], cell["col"]] = cell["text"]
        self.body = [row for row in range(self.header_rows, self.rows) if not self.is_numbering(row)]
        self.amounts = [col for col in range(self.cols) if self.is_amounts(col)]

    def is_numbering(self, row):
        """Whether a row only numbers the columns: 栏次 | 1 | 2 | 3, also as 1=2+3."""
        texts = [words(self.texts[row, col]) for col in range(self.cols)]
        filled = [text for text in texts if text and not re.fullmatch(r"[*＊]+|栏次|行次", text)]
        return bool(filled) and all(re.fullmatch(r"[（(]?\d{1,2}[）)]?([=＝+＋\-\d（）()]*)", text) for text in filled)

    def is_amounts(self, col):
        """Whether a column holds amounts: numbers, one of them with a fraction or a thousands separator; in a table
        of one row, any number that is no code."""
        texts = [words(self.texts[row, col]) for row in self.body]
        filled = [text for text in texts if text]
        figures = [text for text in filled if amount(text) is not None]
        is_printed = any("." in text or "," in text for text in figures) or len(self.body) == 1 and col > 0
        return is_printed and len(figures) * 10 >= len(filled) * 9 and len(figures) > 0

    def labels(self, row):
        """The texts of a row left of its amounts."""
        first = self.amounts[0] if self.amounts else self.cols
        return [words(self.texts[row, col]) for col in range(first)]

    def value(self, row, col):
        return amount(self.texts[row, col])


def whole_codes(table, split):
    """For each body row its code, put together from 类, 款 and 项 in columns of their own."""
    found, last = {}, ["", "", ""]
    for row in table.body:
        parts = [words(table.texts[row, col]) for col in split]
        if not any(parts) or not all(re.fullmatch(r"\d{2,7}|", part) for part in parts):
            continue
        deepest = max(i for i in range(3) if parts[i])
        parts = [parts[i] or (last[i] if i < deepest else "") for i in range(3)]
        last = parts
        whole = parts[deepest] if len(parts[deepest]) > 3 else "".join(parts[: deepest + 1])
        if re.fullmatch(r"\d{3}(\d{2}){0,2}", whole):
            found[row] = whole
    return found


def blocks(table):
    """The codes of a table by row, with the amounts that belong to them: some tables set several lists of codes
    side by side."""
    head = {words(c["text"]): c["col"] for c in table.cells if c["row"] < table.header_rows}
    split = [head[name] for name in ("类", "款", "项") if name in head]
    if len(split) == 3:
        return [(whole_codes(table, split), table.amounts)]
    code = lambda row, col: CODE.match(words(table.texts[row, col]))
    labels = [col for col in range(table.cols) if col not in table.amounts]
    starts = [col for col in labels if sum(bool(code(row, col)) for row in table.body) >= 2]
    found = []
    for index, start in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else table.cols
        codes = {row: code(row, start)[1] for row in table.body if code(row, start)}
        found.append((codes, [col for col in table.amounts if start < col < end]))
    return [block for block in found if block[1]]


def is_total(labels):
    filled = [label for label in labels if label]
    return bool(filled) and filled[0] in TOTALS


def slack(values, parts):
    """What rounding explains: half a unit of the last decimal for each part and for the total."""
    decimals = max((-v.as_tuple().exponent for v in values if v), default=2)
    return Decimal(10) ** -max(0, decimals) / 2 * (parts + 1)


def sum_columns(table, amounts, rule, row, below):
    """Compares a row with the sum of the rows below it, a column at a time."""
    for col in amounts:
        total, parts = table.value(row, col), [table.value(r, col) for r in below]
        if total is None or None in parts or not (total or any(parts)):
            continue
        holds = abs(total - sum(parts)) <= slack([total, *parts], len(parts))
        yield rule, holds, row, col, total, sum(parts)


def hierarchy(table):
    """合计 = Σ 类, 类 = Σ 款, 款 = Σ 项: each row against the rows below it, up to one of its own level."""
    for code, amounts in blocks(table):
        yield from tree_sums(table, code, amounts)


def tree_sums(table, code, amounts):
    """The sums of one list of codes."""
    level = {row: len(c) for row, c in code.items()}
    level.update((row, 0) for row in table.body if row not in code and is_total(table.labels(row)))
    rows = sorted(level)
    # Where one code stands twice, the table is of several units or classes, and its levels are not one tree.
    if len(code) < 2 or len(set(code.values())) < len(code):
        return
    names = {0: "合计 = Σ 类", 3: "类 = Σ 款", 5: "款 = Σ 项"}
    for index, row in enumerate(rows):
        if level[row] not in names:
            continue
        below = []
        for other in rows[index + 1 :]:
            if level[other] <= level[row] or not code[other].startswith(code.get(row, "")):
                break
            below.append(other)
        if level[row] == 0 and not below and index:
            below = [r for r in rows[:index] if level[r]]  # a total at the foot
        if not below:
            continue
        parents = {code[r] for r in below}
        direct = [r for r in below if not any(code[r][:size] in parents for size in range(3, len(code[r])))]
        yield from sum_columns(table, amounts, names[level[row]], row, direct)


def header_tree(table):
    """The header above the amounts: for each header row the (first, last, text, last row) of its cells."""
    cells = [c for c in table.cells if c["row"] < table.header_rows and words(c["text"])]
    span = lambda c: (c["col"], c["col"] + c.get("col_span", 1) - 1, words(c["text"]), c["row"])
    return [span(c) for c in cells]


def parts_of(table, first, last, head_row):
    """The columns that make up the area `first`..`last`: a subtotal stands for what it groups."""
    tree = [cell for cell in header_tree(table) if first <= cell[0] and cell[1] <= last]
    columns, col = [], first
    while col <= last:
        group = max((c for c in tree if c[0] == col and c[3] >= head_row), key=lambda c: (c[1] - c[0], -c[3]), default=None)
        if group is None:
            return None
        if group[2].startswith(PART_OF):
            col = group[1] + 1
            continue
        inner = parts_of(table, col, group[1], group[3] + 1) if group[1] > col else [col]
        if inner is None:
            return None
        is_subtotal = group[1] > col and any(c[0] == c[1] == col and c[2] in ("小计", "合计") for c in tree)
        columns += [col] if is_subtotal else inner
        col = group[1] + 1
    return columns


def total_columns(table):
    """(total column, its parts) where the header says so: 合计 before all groups, 小计 in front of its group."""
    tree = header_tree(table)
    if not table.amounts:
        return
    for first, last, text, row in tree:
        if first != last or text not in ("合计", "小计", "总计") or first not in table.amounts:
            continue
        above = [c for c in tree if c[0] <= first <= c[1] and c[3] < row and c[1] > c[0]]
        end = min((c[1] for c in above), default=last_column(table))
        if first < end:
            parts = parts_of(table, first + 1, end, row)
            if parts and len(parts) > 1 and all(p in table.amounts or is_blank(table, p) for p in parts):
                yield first, parts


def last_column(table):
    """The last column of amounts, and the blank ones behind it."""
    col = max(table.amounts)
    while col + 1 < table.cols and is_blank(table, col + 1):
        col += 1
    return col


def is_blank(table, col):
    return not any(words(table.texts[row, col]) for row in table.body)


def row_sums(table):
    """A total column = the sum of its parts, on every row that holds amounts."""
    for total_col, parts in total_columns(table):
        for row in table.body:
            total, values = table.value(row, total_col), [table.value(row, col) for col in parts]
            if total is None or None in values or not (total and any(values)):
                continue
            holds = abs(total - sum(values)) <= slack([total, *values], len(values))
            yield "total column = Σ parts", holds, row, total_col, total, sum(values)


def both_sides(table):
    """收入总计 = 支出总计, where one row of a summary holds both."""
    for row in table.body:
        labels = [c for c in range(table.cols) if words(table.texts[row, c]) in ("收入总计", "支出总计", "总计")]
        if len(labels) != 2:
            continue
        columns = [next((col for col in table.amounts if col > label), None) for label in labels]
        if None in columns or columns[0] > labels[1]:
            continue
        left, right = (table.value(row, col) for col in columns)
        if left is not None and right is not None and (left or right):
            yield "收入总计 = 支出总计", left == right, row, labels[1], right, left


def total_rows(table):
    """Every total row holds numbers alone."""
    for row in table.body:
        if is_total(table.labels(row)):
            for col in table.amounts:
                text = table.texts[row, col]
                yield "total rows are numbers", amount(text) is not None, row, col, text, ""


RULES = (hierarchy, row_sums, both_sides, total_rows)


def main():
    args = parse(arguments(__doc__, "folder of documents, a folder a city"))
    rules, cities = defaultdict(Counter), defaultdict(Counter)
    failures = []
    for path, report in reports(args):
        city = pathlib.Path(path).parent.name
        for raw in report["tables"]:
            if not raw.get("form") or raw["form"].startswith("performance."):
                continue
            table = Table(raw)
            page = next((place.get("page") for place in raw["locations"]), None)
            for rule, holds, row, col, total, parts in (answer for ask in RULES for answer in ask(table)):
                rules[rule][holds] += 1
                cities[city][holds] += 1
                if not holds:
                    where = f"{path}: page {page}, {raw['id']} {raw.get('title', '')}, row {row}, column {col}"
                    failures.append(f"{where}: {rule}: {total} ≠ {parts}")
    for line in failures if args.verbose else []:
        print(line)
    for title, counts in (("rule", rules), ("city", cities)):
        for name, count in sorted(counts.items()):
            print(f"{title} {name}: {count[True]} of {count.total()} hold, {count[True] / count.total():.2%}")
    held, asked = sum(c[True] for c in rules.values()), sum(c.total() for c in rules.values())
    print(f"all: {held} of {asked} hold, {held / max(1, asked):.2%}")


if __name__ == "__main__":
    main()
