"""Whatever happens to a store is found, and told by name."""

import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks.workbooks import Order, write_workbook
from tests.command_line import xltrack
from tests.store_samples import SCHEMAS, day, enterprise, refused, submission
from xltrack.errors import StoreDamaged
from xltrack.findings import Finding, Waiver
from xltrack.forms import load_schemas
from xltrack.pipeline import merge, verify
from xltrack.pipeline.rereading import reread, stored
from xltrack.pipeline.watching import silent
from xltrack.store import Meant, Store, add_waiver, merge_workbook, merge_workbooks, open_store
from xltrack.store.head import head_path
from xltrack.store.schema import present_columns, quoted
from xltrack.store.verify import faults

WRONG = Finding("XLT301", "DOANH_NGHIEP", 7, "N7", "revenue", "nhiều", {"title": "Doanh thu"})
FOCAL = {
    "programme": "1322", "agency_name": "Sở Mẫu", "office_phone": "0204 3555 666", "office_email": "so@mau.gov.vn",
}  # fmt: skip


def fill(path: Path) -> Path:
    """Make a store of four files of all kinds and a waiver."""
    rows = {
        "focal_agency": [FOCAL],
        "enterprises": [enterprise("0100000001", revenue=5, product_id="SP1"), enterprise("0100000002")],
        "key_products": [{"product_id": "SP1", "product_name": "Chè", "product_level": "province"}],
    }
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [
            submission(rows=rows, received=day(3)),
            submission(number=2, kind="correction", rows={"enterprises": [enterprise("0100000002", "Tên mới")]}),
            submission("T34-01", verdict="rejected", findings=(WRONG, WRONG)),
            refused(),
        ])  # fmt: skip
        add_waiver(store, Meant("XLT301"), Waiver(0, "đã hỏi lại", "Vụ Mẫu", day(30).date()))
    return path


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[Store]:
    path = fill(tmp_path_factory.mktemp("store") / "national.duckdb")
    with open_store(path, SCHEMAS) as opened:
        yield opened


CHANGES = {
    "UPDATE enterprises SET revenue = 6 WHERE revenue = 5": "T34-24-1f1.* the rows of enterprises",
    "UPDATE enterprises SET _row = 50 WHERE _row = 6": "T34-24-1f1.* the rows of enterprises",
    "DELETE FROM enterprises WHERE enterprise_name = 'Tên mới'": "T34-24-2c1.* the rows of enterprises",
    "DELETE FROM focal_agency": "T34-24-1f1.* the rows of focal_agency",
    "INSERT INTO tasks (_submission, _row) SELECT min(_submission), 9 FROM enterprises": "the rows of tasks",
    "UPDATE enterprises SET _submission = 'x' WHERE revenue = 5": "rows of no file",
    "UPDATE enterprises SET _entry = 2 WHERE revenue = 5": "T34-24-1f1.* the rows of enterprises",
    "UPDATE enterprises SET _product_id_row = 6 WHERE revenue = 5": "`enterprises.product_id` points to .* \\(files: 1",
    "UPDATE enterprises SET _product_id_row = NULL": "`enterprises.product_id` points to .* \\(files: 1",
    "UPDATE enterprises SET _product_id_row = 5": "`enterprises.product_id` points to .* \\(files: 2",
    "UPDATE submission SET entry_no = 1": "T34-24-2c1.* the rows of cover, enterprises",
    "UPDATE submission SET unit_code = 'T34-01' WHERE submission_no = 2": "T34-24-2c1.* what is stored of it",
    "UPDATE submission SET received_at = NULL": "T34-24-1f1.* what is stored of it",
    "UPDATE submission SET verdict = 'accepted' WHERE verdict = 'rejected'": "T34-01.* what is stored of it",
    "DELETE FROM submission WHERE submission_no = 2": "T34-24-2c1.* it is gone",
    "DELETE FROM finding WHERE number = 2": "T34-01.* its findings",
    "UPDATE original_piece SET content = 'other'::BLOB": "hong.xlsx.* its original",
    "DELETE FROM original_piece": "T34-24-1f1.* its original",
    "INSERT INTO original_piece VALUES ('x', 1, 'y'::BLOB)": "originals that no record names",
    "UPDATE waiver SET day_until = '2099-01-01'": "Waiver number 1",
    "DELETE FROM waiver": "Waiver number 1",
    "UPDATE chain SET facts = replace(facts, 'T34-24', 'T34-01') WHERE chain_no = 2": "breaks at record 2",
    "DELETE FROM chain WHERE chain_no = 2": "breaks at record 2",
}


@pytest.mark.parametrize(("change", "told"), CHANGES.items(), ids=CHANGES)
def test_every_change_past_the_program_is_told_by_name(store: Store, change, told):
    store.connection.begin()
    try:
        store.rows(change)
        found = "\n".join(str(fault.en) for fault in faults(store))
        assert re.search(told, found), found
    finally:
        store.connection.rollback()


def test_rows_in_which_nothing_is_said_hold_too(tmp_path: Path):
    with open_store(tmp_path / "a.duckdb", SCHEMAS, create=True) as store:
        merge_workbook(store, submission(rows={"obstacles": [{}, {}]}))
        assert store.rows("SELECT _row FROM obstacles ORDER BY 1") == [(5,), (6,)]
        assert list(faults(store)) == []


def test_contacts_may_be_removed_and_all_else_still_holds(store: Store):
    store.connection.begin()
    try:
        store.rows("UPDATE focal_agency SET office_phone = NULL, office_email = NULL")
        store.rows("UPDATE finding SET value = NULL, message_vi = '', message_en = ''")
        assert list(faults(store)) == []
    finally:
        store.connection.rollback()


def everything(path: Path) -> dict[str, list]:
    with open_store(path, SCHEMAS, read_only=True) as opened:
        return {
            table: opened.rows(f"FROM {quoted(table)} ORDER BY ALL")
            for table in present_columns(opened.connection)
        }


def is_whole(path: Path) -> bool:
    """Return what `verify` would say of the store without asking for figures."""
    try:
        with open_store(path, SCHEMAS, read_only=True) as opened:
            return not list(faults(opened))
    except (StoreDamaged, duckdb.Error):
        return False


FLIP = """
import sys
from pathlib import Path
from tests.test_verify import flips
flips(Path(sys.argv[1]), int(sys.argv[2]))
"""


def flips(path: Path, number: int) -> None:
    """Flip `number` bytes, one at a time, and require that each is found or was of no use to anybody."""
    sound, content, chance = everything(path), path.read_bytes(), random.Random(5)
    found = 0
    for place in [chance.randrange(len(content)) for _ in range(number)]:
        path.write_bytes(
            content[:place] + bytes([content[place] ^ (1 << chance.randrange(8))]) + content[place + 1 :]
        )
        if is_whole(path):
            assert everything(path) == sound, place
        else:
            found += 1
    sys.stdout.write(str(found))


def test_a_flipped_byte_is_found_or_is_of_no_use_to_anybody(tmp_path: Path):
    """In a process of its own: what a damaged page does to the database's process is part of the question."""
    path = fill(tmp_path / "national.duckdb")
    done = subprocess.run(
        [sys.executable, "-c", FLIP, str(path), "15"],
        cwd=Path(__file__).resolve().parent.parent, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 3


def test_a_store_that_cannot_be_read_or_lacks_its_last_records_is_a_fault_and_no_exception(tmp_path: Path):
    path = fill(tmp_path / "national.duckdb")
    before = path.read_bytes()
    with open_store(path, SCHEMAS) as opened:
        merge_workbook(opened, submission("T34-01", number=3))
    path.write_bytes(before)
    (fault,) = verify(path, originals=False).faults
    assert "lacks records" in str(fault.en)
    path.write_bytes(before[: len(before) // 2])
    (fault,) = verify(path, originals=False).faults
    assert "damaged" in str(fault.en)
    path.write_bytes(before)
    head_path(path).unlink()
    (fault,) = verify(path, originals=False).faults
    assert "There is no" in str(fault.en)


@pytest.fixture(scope="module")
def merged(tmp_path_factory) -> Path:
    """Return a store into which a workbook was merged that is accepted, and a file that is none."""
    folder = tmp_path_factory.mktemp("received")
    write_workbook(Order(1, 6), 0, folder / "bao-cao.xlsx")
    (folder / "hong.xlsx").write_bytes(b"no workbook")
    path = folder / "national.duckdb"
    assert sorted(file.verdict for file in merge([folder], path).files) == ["accepted", "unreadable"]
    return path


def test_originals_are_read_anew_and_what_says_other_rows_than_were_merged_is_named(
    merged: Path, tmp_path: Path
):
    found = verify(merged)
    assert (found.faults, found.notes, found.submissions, found.reread) == ((), (), 2, 1)
    assert found.not_reread == {"unreadable": 1}
    declared = load_schemas()
    with open_store(merged, declared) as opened:
        ((accepted, *_), forged) = (
            [f for f in stored(opened) if f.verdict == "accepted"],
            tmp_path / "forged.duckdb",
        )
        (submitted,) = reread(opened, [accepted], declared, silent)
    tables = dict(submitted.workbook.tables)
    cover = tables["cover"]
    tables["cover"] = replace(
        cover, frame=cover.frame.with_columns(pl.lit("Sở khác").alias("reporting_agency"))
    )
    with open_store(forged, declared, create=True) as opened:
        merge_workbook(opened, replace(submitted, workbook=replace(submitted.workbook, tables=tables)))
        assert list(faults(opened)) == [], "the store agrees with itself"
    (fault,) = verify(forged).faults
    assert "bao-cao.xlsx" in str(fault.en)
    assert "says other rows" in str(fault.en)


def test_the_command_says_what_holds_and_ends_with_1_where_something_differs(merged: Path, tmp_path: Path):
    path = Path(shutil.copy(merged, tmp_path))
    shutil.copy(head_path(merged), tmp_path)
    words = ("verify", "--store", path)
    whole = xltrack(*words, folder=tmp_path)
    assert (whole.returncode, whole.stdout.splitlines()[:2]) == (
        0,
        ["Tệp gốc đọc lại và so: 1", "  không đọc lại: 1 (không đọc được, không có dòng nào để so)"],
    )
    assert "Kho nguyên vẹn: 2 tệp, 2 bản ghi" in whole.stdout
    with duckdb.connect(path) as connection:
        connection.execute("DELETE FROM original_piece WHERE content = 'no workbook'::BLOB")
    wrong = xltrack(*words, folder=tmp_path)
    assert wrong.returncode == 1
    assert "`hong.xlsx`" in wrong.stdout
    assert "tệp gốc không đúng" in wrong.stdout
