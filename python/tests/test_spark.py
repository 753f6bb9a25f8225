"""A crawl on Apache Spark has the rows of the program's, whoever dies on the way. Two executors, one core each."""

import json
import os
import pathlib
import shlex
import signal
import subprocess
import sys
import threading
import time
import zipfile

import pytest
from conftest import ROOT, multiplied, needs_spark
from same_rows import differences

CLUSTER = "local-cluster[2,1,1024]"
QUIET = {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
CONF = {"spark.ui.enabled": "false", "spark.log.level": "ERROR", "spark.executor.memory": "512m"}

pytestmark = needs_spark


@pytest.fixture(scope="module")
def store():
    """moto's server with the bucket `regions`, as the environment's store."""
    boto3 = pytest.importorskip("boto3", reason="*** SKIPPED: needs boto3 and moto[server] ***")
    server = pytest.importorskip("moto.server", reason="*** SKIPPED: needs boto3 and moto[server] ***")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    own = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "writer",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }
    before = {name: os.environ.get(name) for name in own}
    os.environ.update(own)
    client = boto3.client("s3", endpoint_url=own["AWS_ENDPOINT_URL"], region_name="us-east-1")
    client.create_bucket(Bucket="regions")
    yield client
    running.stop()
    for name, value in before.items():
        os.environ.pop(name) if value is None else os.environ.update({name: value})


@pytest.fixture(scope="module")
def spark(store):
    """A session on two executors."""
    from pyspark.sql import SparkSession

    os.environ.update(QUIET)
    builder = SparkSession.builder.master(CLUSTER).appName("juesuan tests")
    for name, value in CONF.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def crawl(spark, sources, dataset, **options):
    from juesuan.spark import crawl

    return crawl(spark, sources, dataset, **options)


def descendants(process):
    """The processes below one, with what they run."""
    children = {}
    for status in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            words = (status.parent / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        children.setdefault(parent, []).append((int(status.parent.name), words))
    found, queue = [], [process]
    while queue:
        for child in children.get(queue.pop(), []):
            found.append(child)
            queue.append(child[0])
    return found


def executors():
    """Processes of this one's executors: the Java programs, not the shells around them."""
    name = "CoarseGrainedExecutorBackend"
    return [pid for pid, words in descendants(os.getpid()) if any(name in word for word in words)]


def test_the_documented_command_gives_the_rows_of_the_program(run, tmp_path):
    page = (ROOT / "docs" / "spark.md").read_text(encoding="utf-8")
    [line] = [line for line in page.splitlines() if line.startswith("python -m juesuan.spark") and CLUSTER in line]
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    conf = " ".join(f"--conf {name}={value}" for name, value in CONF.items())
    environment = {**os.environ, **QUIET, "PYSPARK_SUBMIT_ARGS": f"{conf} pyspark-shell"}
    arguments = [sys.executable, *shlex.split(line)[1:]]
    first = subprocess.run(arguments, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert first.returncode == 0, first.stderr
    assert "extracted           17" in first.stdout and "dataset" in first.stdout, first.stdout
    run("crawl", "corpus/region", "--dataset", "program", "--quiet", cwd=tmp_path)
    different, counts = differences(tmp_path / "program", tmp_path / "data")
    assert different == {} and counts["reports"] == 17


def test_the_engine_and_the_program_go_on_with_one_dataset(spark, run, tmp_path, capsys):
    folder, dataset = multiplied(40, tmp_path / "documents"), tmp_path / "data"
    assert crawl(spark, [folder], dataset)["documents"] == 40
    assert crawl(spark, [folder], dataset)["unchanged"] == 40
    assert "40" in run("crawl", folder, "--dataset", dataset, "--lang", "en")
    multiplied(60, folder)
    assert json.loads(run("status", "--dataset", dataset, "--json"))
    run("crawl", folder, "--dataset", dataset, "--quiet")
    last = crawl(spark, [folder], dataset)
    assert (last["documents"], last["unchanged"]) == (0, 60)
    multiplied(80, folder)
    last = crawl(spark, [folder], dataset)
    assert (last["documents"], last["touched"]) == (20, 60), "those that were there were written again, with the same bytes"
    started = time.monotonic()
    run("crawl", folder, "--dataset", tmp_path / "program", "--quiet", "--jobs", "2")
    alone = time.monotonic() - started
    assert differences(tmp_path / "program", dataset)[0] == {}
    started = time.monotonic()
    crawl(spark, [folder], tmp_path / "again")
    more = (time.monotonic() - started - alone) / 80
    with capsys.disabled():
        print(f"\n  80 documents: program {alone:.1f} s, Spark {1000 * more:+.1f} ms a document")


def test_a_lost_executor_and_a_poisonous_document_cost_no_row(spark, run, tmp_path, capsys):
    folder = multiplied(160, tmp_path / "documents")
    fault = f"abort={sorted(folder.iterdir())[33].name}"
    run("crawl", folder, "--dataset", tmp_path / "program", "--quiet", "--fault", fault, most=2)
    killed = []

    def kill():
        deadline = time.monotonic() + 60
        while not any((tmp_path / "data" / "facts").rglob("*.parquet")) and time.monotonic() < deadline:
            time.sleep(0.01)
        killed.extend(executors()[:1])
        os.kill(killed[0], signal.SIGKILL)

    assassin = threading.Thread(target=kill)
    assassin.start()
    summary = crawl(spark, [folder], tmp_path / "data", shares=32, _faults=[fault])
    assassin.join()
    assert killed and killed[0] not in executors(), "an executor died while others read"
    assert summary["statuses"] == {"extracted": 159, "quarantined": 1}
    assert "SIGABRT" in summary["reasons"][0]["message"]
    different, counts = differences(tmp_path / "program", tmp_path / "data")
    assert different == {} and counts["reports"] == 160
    files = {path.name for path in (tmp_path / "data").rglob("*.parquet")}
    log = "".join(path.read_text() for path in (tmp_path / "data").glob("*/_delta_log/*.json"))
    with capsys.disabled():
        print(f"\n  executor {killed[0]} killed; {sum(name not in log for name in files)} of {len(files)} files are orphans")


def test_a_bucket_is_source_and_dataset(spark, store, run, documents, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for path in documents[:8]:
        store.upload_file(str(path), "regions", str(path))
    archive = tmp_path / "more.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in documents[8:12]:
            packed.write(path, path.name)
    store.upload_file(str(archive), "regions", "corpus/more.zip")
    run("crawl", "s3://regions/corpus", "--dataset", "s3://regions/program", "--downloads", tmp_path / "kept", "--quiet")
    summary = crawl(spark, ["s3://regions/corpus"], "s3://regions/data")
    assert summary["statuses"] == {"extracted": 12}
    assert differences(fetched(store, "program", tmp_path), fetched(store, "data", tmp_path))[0] == {}
    assert crawl(spark, ["s3://regions/corpus"], "s3://regions/data")["unchanged"] == 12
    again = ["crawl", "s3://regions/corpus", "--dataset", "s3://regions/data", "--downloads", tmp_path / "other"]
    assert "unchanged" in run(*again, "--lang", "en")
    store.delete_object(Bucket="regions", Key=str(documents[0]))
    store.upload_file(str(documents[13]), "regions", str(documents[1]))
    after = crawl(spark, ["s3://regions/corpus"], "s3://regions/data")
    assert (after["documents"], after["unchanged"], after["vanished"]) == (1, 10, 1)
    assert crawl(spark, ["s3://regions/corpus"], "s3://regions/data")["documents"] == 0


def fetched(store, prefix, folder):
    """A dataset of the bucket as a folder."""
    for page in store.get_paginator("list_objects_v2").paginate(Bucket="regions", Prefix=f"{prefix}/"):
        for found in page["Contents"]:
            path = folder / found["Key"]
            path.parent.mkdir(parents=True, exist_ok=True)
            store.download_file("regions", found["Key"], str(path))
    return folder / prefix

