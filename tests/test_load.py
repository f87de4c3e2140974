"""Forty workbooks with bombs of every kind among them go through at once, as a thousand do in `make bench`."""

import pytest

from benchmarks import gate, load, peers, run, workbooks
from benchmarks.bombs import BOMBS
from xltrack.pipeline import validate

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch, tmp_path):
    monkeypatch.setattr(workbooks, "CACHE", tmp_path / "xltrack-benchmarks")
    for name in ("TMPDIR", "TEMP", "TMP"):
        monkeypatch.setenv(name, str(tmp_path))


def test_all_facts_are_there_and_the_main_process_stays_small():
    """The report raises if a cell, a row or a đồng is missing, or one file too many is refused."""
    lines = list(load.report(40, 5, len(BOMBS), ["merge"]))
    assert lines[-1].endswith("500 MB: kept.")
    assert "800 rows" in lines[0]


def test_a_round_is_made_once_and_the_same_each_time(tmp_path):
    order = workbooks.Order(2, 3, "openpyxl")
    made = workbooks.make_round(order)
    before = [path.stat().st_mtime_ns for path in made.paths]
    assert workbooks.make_round(order) == made
    assert [path.stat().st_mtime_ns for path in made.paths] == before
    result = validate(made.paths)
    assert sum(file.ledger.cells for file in result.files) == made.content.cells
    assert result.in_order


def test_the_gate_proves_the_workbooks_of_common_programs_plain(monkeypatch):
    monkeypatch.setattr(gate, "SIZES", {"ordinary": 5})
    lines = list(gate.report(1))
    assert [line.split(" | ")[3] for line in lines if "11 of 11" in line] == ["11 of 11"] * len(gate.WRITERS)


def test_a_report_takes_the_place_of_the_last_one(monkeypatch, tmp_path):
    monkeypatch.setattr(run, "PAGE", tmp_path / "benchmarks.md")
    run.write("read", "cũ")
    run.write("load", "khác")
    run.write("read", "mới")
    text = run.PAGE.read_text("utf-8")
    assert text.count("<!-- read -->") == 1
    assert "cũ" not in text
    assert text.index("mới") < text.index("khác")


def test_a_round_of_peers_takes_the_place_of_its_own_last_report_alone(monkeypatch, tmp_path):
    """One round takes twenty minutes: nobody measures the others again for the sake of the page."""
    monkeypatch.setattr(run, "PAGE", tmp_path / "benchmarks.md")
    monkeypatch.setattr(peers, "report", lambda name, runs: iter([f"{name}, {runs} of 3"]))
    monkeypatch.setattr(run, "machine", lambda: "A machine.")
    run.main(["peers", "--write"])
    run.main(["peers", "--rounds", "ordinary", "2x5", "--runs", "1", "--write"])
    told = [line for line in run.PAGE.read_text("utf-8").splitlines() if line.endswith("of 3")]
    assert told == ["ordinary, 1 of 3", "dirty, 3 of 3", "large, 3 of 3", "2x5, 1 of 3"]


def test_the_page_loses_nothing_when_a_part_is_written_again(monkeypatch, tmp_path):
    page = run.PAGE.read_text("utf-8")
    monkeypatch.setattr(run, "PAGE", tmp_path / "benchmarks.md")
    run.PAGE.write_text(page, "utf-8")
    gate_part = page.split("<!-- gate -->\n")[1].split("\n<!-- end of gate -->")[0]
    run.write("gate", gate_part)
    assert run.PAGE.read_text("utf-8") == page
