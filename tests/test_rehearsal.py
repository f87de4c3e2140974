"""`merge --dry-run` says what merging will say, held against all that the store has, and changes nothing."""

import shutil
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import xltrack
from tests.command_line import xltrack as run
from tests.messes.truth import write_truth
from xltrack.errors import OutputError, StoreDamaged, StoreLocked
from xltrack.forms import load_schemas
from xltrack.store import open_store


@pytest.fixture(scope="module")
def mail(tmp_path_factory) -> Path:
    """A return; the same figures saved by another program; the same number with other words."""
    folder = tmp_path_factory.mktemp("thư")
    book: Any = openpyxl.load_workbook(write_truth(folder / "a.xlsx"))
    book.save(folder / "b.xlsx")
    book["VUONG_MAC"]["C5"] = "Kinh phí giao muộn"
    book.save(folder / "c.xlsx")
    return folder


def said(result: xltrack.Merge) -> list[tuple]:
    return [(file.path.name, file.verdict, file.findings) for file in result.files]


def found(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_dry_run_says_what_merging_then_says_and_changes_nothing(mail, tmp_path):
    store = tmp_path / "national.duckdb"
    xltrack.merge([mail / "a.xlsx"], store)
    before = found(tmp_path)
    tried = xltrack.rehearse([mail], store)
    assert found(tmp_path) == before
    assert said(xltrack.rehearse([mail], store)) == said(tried)
    done = xltrack.merge([mail], store)
    assert said(done) == said(tried)
    first, again, other = ({one.code for one in file.findings if one.code[3] == "6"} for file in done.files)
    # Of two files with the same figures and no arrival, their bytes say which came first, and waits.
    assert ((first | again) - {"XLT601"}, other) == ({"XLT602", "XLT604"}, {"XLT602"})
    assert ("XLT601" in first) == ("XLT604" in first)
    assert done.files[2].verdict == "held"


def test_no_store_is_made_and_files_beside_a_store_are_no_part_of_the_copy(mail, tmp_path):
    shutil.copyfile(mail / "a.xlsx", tmp_path / "a.xlsx")
    shutil.copyfile(mail / "c.xlsx", tmp_path / "c.xlsx")
    done = run("merge", ".", "--dry-run", folder=tmp_path)
    assert (done.returncode, done.stderr) == (1, "Chưa ghi gì vào kho dữ liệu.\n")
    assert "CHỜ QUYẾT ĐỊNH" in done.stdout
    assert "XLT602" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "c.xlsx"]
    # Files that wait are told in the same words however often they are merged.
    once, twice = (run("merge", ".", folder=tmp_path) for _ in range(2))
    assert (twice.returncode, twice.stdout) == (1, once.stdout) == (1, done.stdout)


def test_what_keeps_a_merge_from_its_store_keeps_a_dry_run_too(mail, tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "other").write_bytes(b"x" * 10_000)
    for place, failure in (("folder", StoreDamaged), ("other", StoreDamaged), ("none/store", OutputError)):
        for do in (xltrack.merge, xltrack.rehearse):
            with pytest.raises(failure) as raised:
                do([mail / "a.xlsx"], tmp_path / place)
            assert str(tmp_path / place) in raised.value.message("vi")


def test_a_store_that_somebody_writes_to_is_not_copied(mail, tmp_path):
    with open_store(tmp_path / "store", load_schemas(), create=True), pytest.raises(StoreLocked):
        xltrack.rehearse([mail / "a.xlsx"], tmp_path / "store")
