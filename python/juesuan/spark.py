"""A crawl on Apache Spark: ``python -m juesuan.spark SOURCE... --dataset PLACE``.

The driver finds what the dataset lacks and parts it into shares by bytes; each task reads a share and writes its rows
where it runs; the driver commits once. A run can be repeated, a task can be retried or run twice: what was not committed
is not seen. Sources and dataset have to be the same places on every machine: a shared file system, or a bucket.
"""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

import juesuan

# Shares for each core of the cluster, so that one that ends late does not keep the others waiting.
SHARES_A_CORE = 4
# Documents of a share at most, so that what a lost executor costs stays small.
DOCUMENTS_A_SHARE = 500


def read(batches):
    """Reads the shares of one task and writes their rows. Runs on the executors."""
    import pyarrow
    from pyspark import TaskContext

    # pyspark's daemon ignores SIGCHLD, and its children inherit that: then nobody learns how a worker died.
    if hasattr(signal, "SIGCHLD"):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    attempt = TaskContext.get().taskAttemptId()
    for batch in batches:
        shares = enumerate(batch.column(0).to_pylist())
        written = [juesuan.write_batch(share, f"a{attempt}-{number}") for number, share in shares]
        yield pyarrow.RecordBatch.from_pydict({"written": pyarrow.array(written, pyarrow.binary())})


def crawl(spark, sources, dataset, *, shares=None, **options):
    """Reads sources into a dataset on the cluster of a Spark session; gives the summary that ``juesuan.crawl`` gives.

    ``shares`` is how many tasks there are at most; ``refresh``, ``limits`` and ``forms`` are those of ``juesuan.plan``.
    """
    plan = juesuan.plan(sources, dataset, **options)
    context = spark.sparkContext
    count = shares or max(context.defaultParallelism * SHARES_A_CORE, plan.documents // DOCUMENTS_A_SHARE)
    tasks = [(bytearray(share),) for share in plan.shares(count)]
    megabytes = plan.bytes / 1_000_000
    print(f"{plan.documents} documents, {megabytes:.1f} MB, in {len(tasks)} tasks, load {plan.load_id}", file=sys.stderr)
    if not tasks:
        return juesuan.commit(plan, [])
    frame = spark.createDataFrame(context.parallelize(tasks, len(tasks)), "share binary")
    rows = frame.mapInArrow(read, "written binary").collect()
    return juesuan.commit(plan, [bytes(row.written) for row in rows])


def tell(summary, seconds):
    """The summary for a person."""
    counts = {**summary["statuses"], **{word: summary[word] for word in ("unchanged", "touched", "vanished", "replaced")}}
    lines = [f"{word:12} {count:>9,}" for word, count in counts.items() if count]
    for reason in sorted(summary["reasons"], key=lambda reason: -reason["documents"])[:12]:
        lines.append(f"{reason['status']:12} {reason['documents']:>9,}  {reason['message']}  ({reason['example']})")
    lines.append(" · ".join(f"{table} {count:,}" for table, count in summary["rows"].items() if count))
    rate = summary["documents"] / max(seconds, 0.001)
    return "\n".join([*lines, f"{seconds:.1f} s · {rate:.1f} documents/s", f"dataset      {summary['dataset']}"])


def main():
    """Runs a crawl in a session of its own, or in that of spark-submit. Ends with 2 where some documents failed."""
    parser = argparse.ArgumentParser(prog="python -m juesuan.spark", description=__doc__.splitlines()[0])
    parser.add_argument("sources", nargs="*", help="folder, file, archive or bucket (s3://bucket/folder)")
    parser.add_argument("--list", type=Path, help="file with more sources, one a line")
    parser.add_argument("--dataset", required=True, help="folder or bucket of the dataset")
    parser.add_argument("--refresh", action="store_true", help="read again what failed or an earlier version read")
    parser.add_argument("--master", help="cluster, where spark-submit or its settings do not name it: local[4], yarn, …")
    parser.add_argument("--shares", type=int, help="tasks at most [default: 4 a core, 500 documents each at most]")
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.add_argument("--fault", action="append", default=[], help=argparse.SUPPRESS)
    args = parser.parse_args()
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("juesuan")
    if args.master:
        builder = builder.master(args.master)
    if (args.master or "").startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    listed = args.list.read_text(encoding="utf-8").split("\n") if args.list else []
    sources = args.sources + [line.strip() for line in listed if line.strip()]
    spark, started = builder.getOrCreate(), time.monotonic()
    options = {"refresh": args.refresh, "shares": args.shares, "_faults": args.fault}
    summary = crawl(spark, sources, args.dataset, **options)
    print(json.dumps(summary, ensure_ascii=False) if args.json else tell(summary, time.monotonic() - started))
    spark.stop()
    sys.exit(2 if summary["failures"] else 0)


if __name__ == "__main__":
    main()
