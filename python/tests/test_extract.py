"""One document: the wheel says what the program says, whatever the document does."""

import doctest
import json
import multiprocessing
import threading
import time
from decimal import Decimal

import juesuan
import pyarrow
import pytest

STATEMENT = "收入决算表,,\n部门：某局,,单位：万元\n项目,本年收入合计,财政拨款收入\n合计,12.50,12.50\n".encode()


@pytest.mark.parametrize("isolated", [True, False])
def test_a_report_is_that_of_the_program(run, documents, isolated):
    lines = run("extract", *documents, "--jobs", 2).splitlines()
    for path, line in zip(documents, lines, strict=True):
        read = juesuan.extract(path.read_bytes(), str(path), isolated=isolated)
        assert json.loads(read.json()) == json.loads(line)
        assert read.to_dict() == json.loads(line)
        assert juesuan.extract_file(path, isolated=isolated).to_dict() == json.loads(line)


def test_rows_are_those_of_the_report_and_exact(documents):
    report = juesuan.extract_file(documents[0])
    facts = pyarrow.table(report.table("facts"))
    assert facts.num_rows == len(report.table("facts")) == len(report.to_dict()["facts"]) > 0
    assert [Decimal(fact["value"]) for fact in report.to_dict()["facts"]] == facts["value"].to_pylist()
    ledger = pyarrow.table(report.table("reports")).to_pylist()
    assert [(row["report_id"], row["status"]) for row in ledger] == [(report.id, "extracted")]
    empty = juesuan.extract(b"", "empty.pdf")
    assert pyarrow.table(empty.table("cells")).schema == pyarrow.table(report.table("cells")).schema
    with pytest.raises(ValueError, match="there are reports, disclosures"):
        report.table("sheets")


def test_what_is_no_document_is_a_report_that_says_so():
    for data in [b"", b"\0" * 100, b"PK\x03\x04", b"%PDF-1.7\n", STATEMENT[:20]]:
        report = juesuan.extract(data, "x.docx")
        assert report.status in {"refused", "failed", "partial", "extracted", "needs_ocr"}
        assert report.to_dict()["source"]["bytes"] == len(data)
    assert juesuan.extract(b"", "x").error


@pytest.mark.parametrize("fault", ["abort", "panic", "overflow", "garbage"])
def test_a_document_that_breaks_its_worker_costs_itself(fault):
    report = juesuan.extract(STATEMENT, "poison.csv", _faults=[f"{fault}=poison.csv"])
    assert report.status == "failed"
    assert "worker" in report.error
    assert juesuan.extract(STATEMENT, "sound.csv", _faults=[f"{fault}=poison.csv"]).status == "extracted"


def test_a_panic_in_this_process_is_an_error():
    with pytest.raises(juesuan.Error, match="told to panic") as caught:
        juesuan.extract(STATEMENT, "poison.csv", isolated=False, _faults=["panic=poison.csv"])
    assert caught.value.kind == "worker"
    assert juesuan.extract(STATEMENT, "sound.csv", isolated=False).status == "extracted"


def test_limits_hold_and_a_wrong_one_is_named():
    assert juesuan.extract(STATEMENT, "x.csv", limits={"file_bytes": 10}).status == "refused"
    with pytest.raises(ValueError, match="secs: no such limit; there are file_bytes"):
        juesuan.extract(STATEMENT, "x.csv", limits={"secs": 1})


def test_errors_have_a_kind_and_a_place(tmp_path):
    with pytest.raises(juesuan.Error, match="No such file") as caught:
        juesuan.extract_file("no/such/file.docx")
    assert (caught.value.kind, caught.value.place) == ("io", "no/such/file.docx")
    (tmp_path / "statements").mkdir()
    (tmp_path / "statements" / "x.toml").write_text("no = [")
    with pytest.raises(juesuan.Error) as caught:
        juesuan.extract(STATEMENT, "x.csv", forms=tmp_path)
    assert caught.value.kind == "form" and "x.toml" in caught.value.place


def test_the_interpreter_goes_on_while_a_document_takes_too_long():
    found = []

    def read():
        found.append(juesuan.extract(STATEMENT, "hang.csv", limits={"seconds": 1}, _faults=["hang=hang.csv"]))

    thread = threading.Thread(target=read)
    thread.start()
    started, turns = time.monotonic(), 0
    while time.monotonic() - started < 0.5:
        time.sleep(0.005)
        turns += 1
    assert thread.is_alive() and turns > 50
    thread.join()
    assert found[0].status == "failed" and "not finished after 1 s" in found[0].error


def test_threads_read_side_by_side(documents):
    found = {}

    def read(path):
        found[path] = juesuan.extract_file(path).id

    threads = [threading.Thread(target=read, args=(path,)) for path in documents]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert found == {path: juesuan.extract_file(path).id for path in documents}


def read_in_child(queue):
    queue.put([juesuan.extract(STATEMENT, f"{n}.csv").id for n in range(20)])


def test_a_fork_leaves_the_parents_worker_alone():
    expected = [juesuan.extract(STATEMENT, f"{n}.csv").id for n in range(20)]
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    child = context.Process(target=read_in_child, args=(queue,))
    child.start()
    assert [juesuan.extract(STATEMENT, f"{n}.csv").id for n in range(20)] == expected
    assert queue.get(timeout=30) == expected
    child.join(10)
    assert child.exitcode == 0


def test_every_function_has_an_example_that_runs():
    finder, runner = doctest.DocTestFinder(recurse=False), doctest.DocTestRunner()
    for name in juesuan.__all__:
        member = getattr(juesuan, name)
        if isinstance(member, str):
            continue
        tests = finder.find(member, name, globs={}) or [
            doctest.DocTestParser().get_doctest(member.__doc__, {}, name, None, 0)
        ]
        assert any(test.examples for test in tests) or name in {"Plan", "Table"}, f"{name} has no example"
        for test in tests:
            assert runner.run(test).failed == 0, name
