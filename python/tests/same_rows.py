"""Holds two datasets against each other, row for row, with readers that are not ours (deltalake, DuckDB).

Usage: same_rows.py DATASET DATASET. Rows are compared as bags, without the columns that tell one run from another: the
load, when it began, how long reading took. Prints the rows of each table, and ends with 1 where anything differs.
"""

import pathlib
import sys

import duckdb
from deltalake import DeltaTable

# Which run wrote a row, when it began, and how long a document took.
OF_THE_RUN = {"load_id", "loaded_at", "millis"}


def tables(dataset):
    """Names of the dataset's tables, in order."""
    return sorted(log.parent.name for log in pathlib.Path(dataset).glob("*/_delta_log"))


def rows(dataset, table):
    """A table's rows as its log has them."""
    return DeltaTable(str(pathlib.Path(dataset) / table)).to_pyarrow_table()


def difference(one, other):
    """Rows that one has and the other lacks, up to three of each."""
    columns = [name for name in one.column_names if name not in OF_THE_RUN]
    if set(one.column_names) != set(other.column_names):
        return [("columns", sorted(set(one.column_names) ^ set(other.column_names)))]
    names = ", ".join(f'"{name}"' for name in columns)
    connection = duckdb.connect()
    connection.register("one", one)
    connection.register("other", other)
    found = []
    for left, right in [("one", "other"), ("other", "one")]:
        query = f"SELECT {names} FROM {left} EXCEPT ALL SELECT {names} FROM {right} LIMIT 3"
        found += [(left, row) for row in connection.execute(query).fetchall()]
    return found


def differences(one, other):
    """For each table that differs, what differs; and the rows of each table."""
    if tables(one) != tables(other):
        return {"tables": [tables(one), tables(other)]}, {}
    different, counts = {}, {}
    for table in tables(one):
        left, right = rows(one, table), rows(other, table)
        counts[table] = left.num_rows
        if left.num_rows != right.num_rows:
            different[table] = [("rows", (left.num_rows, right.num_rows))]
        elif found := difference(left, right):
            different[table] = found
    return different, counts


if __name__ == "__main__":
    different, counts = differences(*sys.argv[1:3])
    print(counts)
    for table, found in different.items():
        print(table, *found, sep="\n  ")
    sys.exit(1 if different else 0)
