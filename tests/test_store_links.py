"""Beside each reference the store keeps the row that it points to, whatever way the rows came into it."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.store_samples import FORM, SCHEMAS, day, enterprise, submission
from xltrack.forms import Schemas
from xltrack.pipeline import export, restore
from xltrack.store import Store, Submission, merge_workbooks, open_store, store_hash
from xltrack.store.schema import stored_sheets
from xltrack.store.verify import faults

ROOT = Path(__file__).resolve().parent
# Of version 4, which kept no rows beside references: the sheets of `FIRST`, and a return of T34-01 with `OTHER`.
VERSION_4 = ROOT / "stores" / "version_4.duckdb.gz"
VERSION_4_HASH = "3cba29b2b3efb851cc713e367458f91995f4286a7a602fca90bc7347c3f864af"
A, B, C = "0100000001", "0100000002", "0100000003"


def applied(number: int, code: str, **more: Any) -> dict[str, Any]:
    return {"application_id": f"HT{number}", "tax_code": code} | more


def paid(kind: str, subject: str) -> dict[str, Any]:
    return {"subject_kind": kind, "subject_id": subject, "amount": 1_000_000}


# The first row of a sheet is row 5.
FIRST = {
    "enterprises": [enterprise(A), enterprise(B, product_id="SP1"), enterprise(A, "Tên khác")],
    "key_products": [{"product_id": "SP1"}],
    "tasks": [{"task_id": "X1"}],
    "training": [{"course_id": "X1"}],
    "applications": [applied(1, B, task_id="X1"), applied(2, A), applied(3, C)],
    "funding": [paid("application", "HT2"), paid("task", "X1"), paid("training", "X1"), paid("application", "X1")],
}  # fmt: skip
OTHER = {
    "enterprises": [enterprise(C)],
    "applications": [applied(1, C)],
    "funding": [paid("application", "HT1")],
}
LINKS = {
    "enterprises": {("T34-24", 5): None, ("T34-24", 6): 5, ("T34-24", 7): None, ("T34-01", 5): None},
    # The second of two rows of one enterprise is nobody's; C is an enterprise of another file.
    "applications": {("T34-24", 5): 6, ("T34-24", 6): 5, ("T34-24", 7): None, ("T34-01", 5): 5},
    # X1 is a task and a course, and no application.
    "funding": {("T34-24", 5): 6, ("T34-24", 6): 5, ("T34-24", 7): 5, ("T34-24", 8): None, ("T34-01", 5): 5},
}
COLUMNS = {"enterprises": "_product_id_row", "applications": "_tax_code_row", "funding": "_subject_id_row"}


def sendings() -> list[Submission]:
    return [submission(rows=FIRST, received=day(3)), submission("T34-01", rows=OTHER, received=day(4))]


def links(store: Store) -> Mapping[str, Mapping[tuple[str, int], int | None]]:
    """Return by sheet, unit and row the row that stands beside the reference."""
    found = {}
    for sheet, column in COLUMNS.items():
        rows = store.rows(
            f"SELECT unit_code, _row, {column} FROM {sheet} JOIN submission ON sha256 = _submission"
        )
        found[sheet] = {(unit, row): link for unit, row, link in rows}
    return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "national.duckdb"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    with open_store(path, SCHEMAS, create=True) as opened:
        yield opened


def test_every_reference_of_the_form_has_a_row_beside_it():
    declared = {(sheet.id, c.id) for sheet in FORM.sheets for c in sheet.columns if c.references}
    kept = {(name, column) for name, sheet in stored_sheets(SCHEMAS).items() for column in sheet.links}
    assert kept == declared
    assert ("applications", "tax_code") in kept


def test_a_merge_writes_the_first_row_of_the_same_file_that_has_the_key(store: Store):
    merge_workbooks(store, sendings())
    assert links(store) == LINKS
    assert store.rows("SELECT _row, _task_id_row FROM applications WHERE task_id = 'X1'") == [(5, 5)]
    assert list(faults(store)) == []


def test_the_order_of_rows_and_of_files_says_nothing(store: Store, tmp_path: Path):
    merge_workbooks(store, sendings())
    for number, order in enumerate(permutations(sendings())):
        upside_down = [turned(one) for one in order]
        with open_store(tmp_path / f"{number}.duckdb", SCHEMAS, create=True) as other:
            for one in upside_down:
                merge_workbooks(other, [one])
            assert links(other) == LINKS
            assert store_hash(other) == store_hash(store)


def turned(one: Submission) -> Submission:
    """Return the submission with the rows of its sheets, which keep their numbers, in reverse."""
    tables = {
        name: replace(table, frame=table.frame.reverse()) for name, table in one.workbook.tables.items()
    }
    return replace(one, workbook=replace(one.workbook, tables=tables))


def test_what_a_part_or_a_correction_points_to_in_another_file_is_no_row_of_its_own(store: Store):
    merge_workbooks(
        store,
        [
            submission(part=(1, 2), rows={"enterprises": [enterprise(A)]}),
            submission(part=(2, 2), rows={"applications": [applied(1, A)], "funding": [paid("application", "HT1")]}),
            submission(number=2, kind="correction", rows={"applications": [applied(1, A, status="done")]}),
        ],
    )  # fmt: skip
    assert store.rows("SELECT tax_code, _tax_code_row, status FROM current_applications") == [
        (A, None, "done")
    ]
    assert store.rows("SELECT subject_id, _subject_id_row FROM current_funding") == [("HT1", 5)]
    assert list(faults(store)) == []


def test_a_correction_that_holds_the_row_points_to_its_own(store: Store):
    correction = {"enterprises": [enterprise(C), enterprise(A)], "applications": [applied(2, A)]}
    merge_workbooks(store, [submission(rows=FIRST), submission(number=2, kind="correction", rows=correction)])
    rows = store.rows("SELECT application_id, _row, _tax_code_row FROM current_applications ORDER BY 1")
    assert rows == [("HT1", 5, 6), ("HT2", 5, 6), ("HT3", 7, None)]


def test_a_store_of_version_4_is_brought_forward_with_the_rows_that_references_point_to(path: Path):
    path.write_bytes(gzip.decompress(VERSION_4.read_bytes()))
    with open_store(path, SCHEMAS, read_only=True) as store:
        assert links(store) == LINKS
        assert store_hash(store) == VERSION_4_HASH
        assert list(faults(store)) == []
        rows = store.rows(
            "SELECT unit_code, _row FROM funding JOIN submission ON sha256 = _submission ORDER BY funding.rowid"
        )
        assert rows == [*(("T34-24", row) for row in (5, 6, 7, 8)), ("T34-01", 5)]
    with open_store(path, SCHEMAS) as store:
        kept = """
            SELECT compression FROM pragma_storage_info('applications')
            WHERE column_name = 'tax_code' AND segment_type = 'VARCHAR'
        """
        assert store.rows(kept) == [("Uncompressed",)]


def test_an_export_holds_them_and_is_restored_with_them(path: Path, tmp_path: Path):
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, sendings())
    export(path, tmp_path / "sao-luu")
    restore(tmp_path / "sao-luu", tmp_path / "restored.duckdb")
    with open_store(tmp_path / "restored.duckdb", SCHEMAS, read_only=True) as store:
        assert links(store) == LINKS


def test_a_reference_that_is_declared_later_gets_its_rows_when_the_store_is_written_to(path: Path):
    with open_store(path, without_reference("applications", "tax_code"), create=True) as store:
        merge_workbooks(store, sendings())
    with open_store(path, SCHEMAS, read_only=True) as store:
        assert store.rows("SELECT DISTINCT _tax_code_row FROM current_applications") == [(None,)]
    with open_store(path, SCHEMAS) as store:
        assert links(store) == LINKS
        assert list(faults(store)) == []


def without_reference(name: str, column: str) -> Schemas:
    """Return the schemas with `column` of the sheet `name` pointing nowhere."""
    sheets = tuple(
        replace(
            sheet,
            columns=tuple(
                replace(c, references=None) if (sheet.id, c.id) == (name, column) else c
                for c in sheet.columns
            ),
        )
        for sheet in FORM.sheets
    )
    return replace(SCHEMAS, forms={**SCHEMAS.forms, FORM.id: replace(FORM, sheets=sheets)})
