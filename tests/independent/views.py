"""Runs every view of a dataset in two engines, DataFusion and DuckDB, over the text that stands in views/, and compares
all rows of all columns.

Usage: views.py DATASET [PROGRAM]. Needs the packages deltalake, pyarrow, duckdb and datafusion. With a PROGRAM, a juesuan
that was built with the feature sql, its answers (`juesuan query`) are compared too.
Prints one JSON object: for each view the number of rows and the exact sum of every decimal column. Ends with status 1
and the first rows that differ when the engines disagree.
"""

import json
import pathlib
import re
import struct
import subprocess
import sys
from decimal import Decimal

import duckdb
import pyarrow as pa
from datafusion import SessionContext
from deltalake import DeltaTable

# An order in which each view finds those that it reads.
VIEWS = [
    "amounts_leaf",
    "region_by_function",
    "region_by_fund",
    "three_public",
    "year_over_year",
    "coverage",
    "data_quality",
]


def tables(dataset):
    folders = (f for f in sorted(dataset.iterdir()) if (f / "_delta_log").is_dir())
    return {folder.name: DeltaTable(str(folder)).to_pyarrow_table() for folder in folders}


def plain(value):
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return repr(value)


def rows(table):
    """All rows as texts, sorted: a view has no order."""
    return sorted(tuple(plain(row[name]) for name in sorted(row)) for row in table.to_pylist())


def by_duckdb(found, texts):
    connection = duckdb.connect()
    for name, table in found.items():
        connection.register(name, table)
    for text in texts.values():
        connection.execute(text)
    return {name: connection.sql(f"SELECT * FROM {name}").to_arrow_table() for name in texts}


def by_datafusion(found, texts):
    context = SessionContext()
    for name, table in found.items():
        context.register_record_batches(name, [table.to_batches()])
    for text in texts.values():
        context.sql(text).collect()
    return {name: pa.Table.from_batches(context.sql(f"SELECT * FROM {name}").collect()) for name in texts}


def single(value):
    """The number of 32 bits that a short text stands for."""
    return struct.unpack("f", struct.pack("f", value))[0]


def by_program(program, dataset, like):
    """Rows of each view as `juesuan query` gives them: JSON Lines in which a decimal is a string."""
    answers = {}
    for name, table in like.items():
        decimals = {field.name for field in table.schema if pa.types.is_decimal(field.type)}
        singles = {field.name for field in table.schema if pa.types.is_float32(field.type)}
        command = [program, "query", "--format", "json", "--dataset", dataset, f"SELECT * FROM {name}"]
        lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
        found = [json.loads(line) for line in lines]
        for row in found:
            row.update({key: Decimal(row[key]) for key in decimals if row[key] is not None})
            row.update({key: single(row[key]) for key in singles if row[key] is not None})
        answers[name] = sorted(tuple(plain(row[key]) for key in sorted(row)) for row in found)
    return answers


def sums(table):
    decimals = [field.name for field in table.schema if pa.types.is_decimal(field.type)]
    return {name: plain(sum((v for v in table[name].to_pylist() if v is not None), Decimal(0))) for name in decimals}


def main(dataset, program=None):
    found = tables(dataset)
    texts = {name: (dataset / "views" / f"{name}.sql").read_text() for name in VIEWS}
    unknown = {path.stem for path in (dataset / "views").glob("*.sql")} - set(VIEWS)
    if unknown:
        sys.exit(f"views that this script does not know: {sorted(unknown)}")
    # A statement ends where the text does; the engines differ on comments before CREATE.
    texts = {name: re.sub(r"(?m)^--.*\n", "", text).strip().rstrip(";") for name, text in texts.items()}
    one, other = by_duckdb(found, texts), by_datafusion(found, texts)
    for name in VIEWS:
        ours, theirs = rows(one[name]), rows(other[name])
        if ours != theirs:
            differing = [pair for pair in zip(ours, theirs) if pair[0] != pair[1]][:3]
            sys.exit(f"{name}: {len(ours)} rows in DuckDB, {len(theirs)} in DataFusion\n{differing}")
    for name, ours in (by_program(program, dataset, one) if program else {}).items():
        if ours != rows(one[name]):
            differing = [pair for pair in zip(ours, rows(one[name])) if pair[0] != pair[1]][:3]
            sys.exit(f"{name}: {len(ours)} rows in {program}, {one[name].num_rows} in DuckDB\n{differing}")
    result = {name: {"rows": one[name].num_rows, "sums": sums(one[name])} for name in VIEWS}
    json.dump(result, sys.stdout, indent=1)


main(pathlib.Path(sys.argv[1]), *sys.argv[2:3])
