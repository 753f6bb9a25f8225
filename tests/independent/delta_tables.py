"""Reads every table of a dataset with two readers that are not ours, and prints what they find.

Usage: delta_tables.py DATASET. Needs the packages deltalake, pyarrow and duckdb.
Prints one JSON object: for each table and each reader, the number of rows and the exact sum of every decimal
column; then the rows of the view region_by_function as DuckDB computes them.
"""

import json
import pathlib
import sys

import duckdb
import pyarrow.compute
from deltalake import DeltaTable

PARTITIONS = "hive_types = {'region_code': VARCHAR, 'fiscal_year': INTEGER}"


def decimals(schema):
    return [field.name for field in schema if str(field.type).startswith("decimal")]


def by_deltalake(table):
    rows = table.to_pyarrow_table()
    sums = {name: pyarrow.compute.sum(rows[name]).as_py() for name in decimals(rows.schema)}
    return {"rows": rows.num_rows, "sums": {name: str(value or 0) for name, value in sums.items()}}, rows.schema


def by_duckdb(connection, name, table, schema):
    files = table.file_uris()
    is_partitioned = bool(table.metadata().partition_columns)
    how = f"hive_partitioning = true, {PARTITIONS}" if is_partitioned else "hive_partitioning = false"
    if not files:
        return {"rows": 0, "sums": {column: "0" for column in decimals(schema)}}
    connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({files}, {how})")
    sums = {}
    for column in decimals(schema):
        sums[column] = str(connection.execute(f"SELECT COALESCE(SUM({column}), 0) FROM {name}").fetchone()[0])
    return {"rows": connection.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0], "sums": sums}


def main(dataset):
    connection = duckdb.connect()
    found = {"deltalake": {}, "duckdb": {}}
    for folder in sorted(dataset.iterdir()):
        if (folder / "_delta_log").is_dir():
            table = DeltaTable(str(folder))
            found["deltalake"][folder.name], schema = by_deltalake(table)
            found["duckdb"][folder.name] = by_duckdb(connection, folder.name, table, schema)
    for view in ["amounts_leaf", "region_by_function"]:
        connection.execute((dataset / "views" / f"{view}.sql").read_text())
    columns = "region_code, fiscal_year, entity_level, phase, fund, func_code, CAST(amount AS VARCHAR), facts, reports"
    view = connection.execute(f"SELECT {columns} FROM region_by_function ORDER BY ALL").fetchall()
    found["region_by_function"] = [[str(value) for value in row] for row in view]
    json.dump(found, sys.stdout)


main(pathlib.Path(sys.argv[1]))
