#!/usr/bin/env python3
"""Compares every code with its name that reports print with the lists in forms/codes.

    juesuan extract FOLDER -o OUT && python3 tools/codes.py OUT [--list]

Reads report JSON, takes each cell that is a code of the functional (2xx) or economic (3xx, 5xx) classification with the
name beside or behind it, and says which agree with the lists, which are named otherwise, and which are missing. Names are
compared without white space, width, and a closing 支出. What is no classification in the first place (a body's own number,
a count with its unit) counts as other. The rest is listed: it is
either a row that the lists lack or a slip of the print. Standard library only.
"""
import collections, csv, json, pathlib, re, sys, unicodedata

ROOT = pathlib.Path(__file__).resolve().parent.parent
BODY = re.compile(r'(局|委员会|委|办公室|办公厅|厅|处|院|部|中心|支队|站|馆|校|所)$')
GLUED = re.compile(r'^[\[(]?(\d{7}|\d{5}|\d{3})[\])]?[-_]?(\D[^\d]*)$')


def clean(text):
    return re.sub(r'\s', '', unicodedata.normalize('NFKC', text or ''))


def key(name):
    name = clean(name)
    return name[:-2] if name.endswith('支出') and len(name) > 2 else name


def lists():
    known = {}
    for name in ('functional', 'economic'):
        with open(ROOT / 'forms/codes' / f'{name}.csv', encoding='utf8') as file:
            for code, official, also in csv.reader(line for line in file if line[0].isdigit()):
                known[code] = {key(n) for n in (official, *also.split('|')) if n}
    return known


def printed(report):
    for table in report.get('tables', []):
        rows = collections.defaultdict(dict)
        for cell in table['cells']:
            rows[cell['row']][cell['col']] = clean(cell['text'])
        for cells in rows.values():
            texts = [cells[col] for col in sorted(cells)]
            for text, beside in zip(texts, texts[1:] + ['']):
                if (glued := GLUED.match(text)) and len(glued[2]) > 1:
                    yield glued[1], glued[2]
                elif re.fullmatch(r'\d{3}(\d\d){0,2}', text) and re.match(r'[㐀-鿿]', beside):
                    yield text, beside


def main():
    votes = collections.Counter()
    for path in sorted(pathlib.Path(sys.argv[1]).rglob('*.json')):
        report = json.loads(path.read_text(encoding='utf8') or 'null')
        if isinstance(report, dict):
            votes.update((c, n) for c, n in printed(report) if c[0] in '235')
    known, tally, wrong = lists(), collections.Counter(), []
    for (code, name), times in sorted(votes.items()):
        if key(name) in known.get(code, ()):
            tally['agree'] += 1
        elif any(official.startswith(key(name)) for official in known.get(code, ())):
            tally['cut short'] += 1
        elif BODY.search(name) or len(code) == 3 and code not in known or len(name) < 4 or re.search(r'[/:]|项目|年度', name) or code.endswith('00'):
            tally['other'] += 1
        elif len(code) == 7 and code[0] in '35' and code[:5] in known:
            tally['local refinements'] += 1
        else:
            tally['unknown'] += 1
            wrong.append((code, name, times))
    print(', '.join(f'{word} {count}' for word, count in sorted(tally.items())), 'of', len(votes), 'pairs of code and name')
    for code, name, times in wrong:
        print(f'{code} {name} ({times}): the lists say {sorted(known.get(code, ["nothing"]))}')
    if '--list' in sys.argv:
        print(f'{len(known)} codes listed, {len({c for c, _ in votes if c in known})} of them printed')


main()
