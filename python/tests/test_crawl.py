"""Crawls without an engine: that of the wheel, the three pieces, and the program go on where another stopped."""

import shutil

import juesuan
import pytest
from conftest import REGION, ROOT, multiplied
from same_rows import differences

SOURCES = ["corpus/region"]


def pieces(sources, dataset, count=3, **options):
    """A crawl as an engine runs it, with what came back in another order."""
    plan = juesuan.plan(sources, dataset, **options)
    written = [juesuan.write_batch(share, f"a{number}") for number, share in enumerate(plan.shares(count))]
    return juesuan.commit(plan, written[::-1])


def test_a_crawl_in_pieces_gives_the_rows_of_the_program(run, tmp_path):
    run("crawl", *SOURCES, "--dataset", tmp_path / "program", "--quiet")
    summary = pieces(SOURCES, tmp_path / "pieces")
    assert summary["statuses"] == {"extracted": 17}
    different, counts = differences(tmp_path / "program", tmp_path / "pieces")
    assert different == {} and counts["facts"] == summary["rows"]["facts"] > 3_000
    juesuan.crawl(SOURCES, tmp_path / "crawl", jobs=2)
    assert differences(tmp_path / "program", tmp_path / "crawl")[0] == {}
    juesuan.crawl(["corpus/region/区档案馆"], tmp_path / "less")
    assert "facts" in differences(tmp_path / "program", tmp_path / "less")[0], "the comparison tells datasets apart"


def test_each_goes_on_where_another_stopped(run, tmp_path):
    folder, dataset = multiplied(20, tmp_path / "documents"), tmp_path / "data"
    assert pieces([folder], dataset)["documents"] == 20
    assert pieces([folder], dataset)["unchanged"] == 20
    assert juesuan.plan([folder], dataset).documents == 0
    changed = next(folder.glob("*.docx"))
    shutil.copy(REGION / "区档案馆" / "2023" / "2023年度部门决算.docx", changed)
    next(folder.glob("*.xlsx")).unlink()
    text = run("crawl", folder, "--dataset", dataset, "--lang", "en")
    assert "unchanged" in text and "vanished" in text and "replaced" in text
    again = pieces([folder], dataset)
    assert (again["unchanged"], again["documents"], again["vanished"]) == (19, 0, 0)
    multiplied(25, folder)
    last = pieces([folder], dataset)
    fresh = tmp_path / "fresh"
    run("crawl", folder, "--dataset", fresh, "--quiet")
    assert last["statuses"].get("extracted", 0) >= 5
    live = {"superseded", "vanished"}
    assert ledger(dataset, live) == ledger(fresh, live)


def ledger(dataset, without):
    from same_rows import rows

    columns = ["source_uri", "sha256", "status", "fact_count", "modified_at"]
    found = rows(dataset, "reports").select(columns).to_pylist()
    return sorted(tuple(row.values()) for row in found if row["status"] not in without)


def test_copies_in_several_shares_are_told_as_in_a_crawl(run, tmp_path):
    folder = multiplied(12, tmp_path / "documents")
    for number, path in enumerate(sorted(folder.iterdir())[:5]):
        shutil.copy(path, folder / f"9{number} copy{path.suffix}")
    run("crawl", folder, "--dataset", tmp_path / "program", "--quiet")
    summary = pieces([folder], tmp_path / "pieces", count=17)
    assert summary["statuses"]["skipped"] == 5
    assert differences(tmp_path / "program", tmp_path / "pieces")[0] == {}


def test_a_poisonous_document_is_a_row_and_orphans_are_not_seen(run, tmp_path):
    folder = multiplied(10, tmp_path / "documents")
    poison = sorted(folder.iterdir())[4].name
    fault = f"abort={poison}"
    run("crawl", folder, "--dataset", tmp_path / "program", "--quiet", "--fault", fault, most=2)
    plan = juesuan.plan([folder], tmp_path / "pieces", _faults=[fault])
    shares = plan.shares(3)
    juesuan.write_batch(shares[0], "lost")
    written = [juesuan.write_batch(share, f"a{number}") for number, share in enumerate(shares)]
    summary = juesuan.commit(plan, written)
    assert summary["statuses"] == {"extracted": 9, "quarantined": 1} and summary["failures"] == 1
    [reason] = summary["reasons"]
    assert "SIGABRT" in reason["message"] and reason["example"].endswith(poison)
    orphans = list((tmp_path / "pieces").rglob("*-lost-*.parquet"))
    assert orphans, "the lost attempt wrote files"
    assert differences(tmp_path / "program", tmp_path / "pieces")[0] == {}


def test_a_share_that_is_missing_or_there_twice_is_refused(tmp_path):
    for wrong in [slice(0, 1), slice(0, 0)]:
        plan = juesuan.plan(SOURCES, tmp_path / "data")
        written = [juesuan.write_batch(share, f"a{number}") for number, share in enumerate(plan.shares(2))]
        with pytest.raises(juesuan.Error, match="a share is missing") as caught:
            juesuan.commit(plan, written[wrong])
        assert caught.value.kind == "dataset"
        with pytest.raises(ValueError, match="committed already"):
            juesuan.commit(plan, written)
        del plan
    plan = juesuan.plan(SOURCES, tmp_path / "data")
    with pytest.raises(juesuan.Error, match="another crawl is writing"):
        juesuan.plan(SOURCES, tmp_path / "data")
    with pytest.raises(juesuan.Error, match="names no task"):
        juesuan.write_batch(plan.shares(1)[0], "a/b")
    with pytest.raises(juesuan.Error, match="share of documents"):
        juesuan.write_batch(b"{}", "a")


def test_addresses_are_for_one_machine(tmp_path):
    with pytest.raises(juesuan.Error, match="juesuan crawl"):
        juesuan.plan(["https://example.invalid/a.pdf"], tmp_path / "data")
    assert (ROOT / "corpus").is_dir()
