"""A workbook that begins with what its unit has reported is checked, merged and rolled up like any other."""

from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest

from tests.rollup_stores import store_of
from tests.store_samples import SCHEMAS
from xltrack.findings import message, severity
from xltrack.intake import receive
from xltrack.pipeline.examining import read
from xltrack.pipeline.templates import Outfit, Prefill, write_templates
from xltrack.report.carried import carried_line
from xltrack.rollup import roll_up
from xltrack.store import Submission, carried, merge_workbooks, open_store

FORM = SCHEMAS.form()
RETURNS = """
unit   | year
T63-25 | 2024
T63-17 | 2024
"""
SHEETS = {
    "enterprises": """
    unit   | year | tax_code | enterprise_name | province_code | legal_form | insured_workers | revenue     | product_id
    T63-25 | 2024 | A        | Công ty An Bình | T63-25        | enterprise | 40              | 9_000_000_000 | SP1
    T63-25 | 2024 | B        | Công ty Bát Nhã | T63-25        | enterprise | 40              | .           | .
    T63-17 | 2024 | A        | Cty An Bình     | T63-17        | enterprise | 40              | .           | .
    T63-17 | 2024 | C        | Công ty Cẩm Sơn | T63-17        | enterprise | 40              | .           | SP1
    """,
    "key_products": """
    unit   | year | product_id | product_name | enterprises_total
    T63-25 | 2024 | SP1        | Chè          | 12
    T63-17 | 2024 | SP1        | Cam          | 8
    """,
    "applications": """
    unit   | year | application_id | tax_code | tool_code | status    | task_id | start_date | end_date
    T63-25 | 2024 | HT1            | A        | ISO-9001  | doing     | NV1     | 2024-03-01 | 2025-12-01
    T63-25 | 2024 | HT2            | B        | 5S        | completed | .       | 2024-01-01 | 2024-08-01
    T63-17 | 2024 | HT1            | C        | 5S        | doing     | NV1     | 2024-05-01 | .
    """,
    "tasks": """
    unit   | year | task_id | task_name     | status    | budget_state | task_group
    T63-25 | 2024 | NV1     | Hỗ trợ ISO    | completed | 1_500_000    | N2
    T63-25 | 2024 | NV2     | Việc đã xong  | completed | .            | N2
    T63-17 | 2024 | NV1     | Hỗ trợ 5S     | doing     | .            | N2
    """,
    "milestones": """
    unit   | year | sequence | milestone_kind | status
    T63-25 | 2024 | 4        | draft          | doing
    T63-25 | 2024 | 1        | study          | completed
    T63-17 | 2024 | 4        | submit         | planned
    """,
    "targets": """
    unit   | year | period_kind | period    | indicator_code | target_value | actual_value
    T63-25 | 2024 | five_year   | 2021-2025 | PILOT-MODELS   | 3            | 2
    T63-17 | 2024 | five_year   | 2021-2025 | PILOT-MODELS   | 3            | 1
    T63-17 | 2024 | five_year   | 2021-2025 | EXPERTS        | 20           | 5
    T63-25 | 2024 | five_year   | 2021-2025 | EXPERTS        | 30           | 5
    T63-17 | 2024 | annual      | 2024      | ENT-SUPPORTED  | 30           | 5
    """,
    "focal_agency": """
    unit   | year | agency_name      | office_phone | valid_to
    T63-25 | 2024 | Sở KH&CN Phú Thọ | 0210 3846 00 | .
    T63-25 | 2024 | Sở Công Thương   | .            | 2023-12-31
    """,
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return store_of(tmp_path_factory.mktemp("prefill") / "s.duckdb", RETURNS, **SHEETS)


@pytest.fixture(scope="module")
def workbook(store, tmp_path_factory):
    """Return the workbook of the new Phú Thọ for the year in which it was made of three provinces."""
    folder = tmp_path_factory.mktemp("sent")
    (path,) = write_templates(["T34-25"], 2025, "annual", folder, outfit=Outfit(prefill=Prefill(store)))
    return path


def rows(store, code, year=2025, period="annual"):
    with open_store(store, SCHEMAS, read_only=True) as opened:
        unit, round_ = SCHEMAS.units.by_code[code], SCHEMAS.units.round(year, period)
        assert round_ is not None
        return carried(opened, unit, round_)


def columns(found, sheet, *names):
    return [tuple(row.get(name) for name in names) for row in found.rows[sheet]]


def test_what_ended_and_what_is_of_the_year_alone_is_left_behind(store):
    found = rows(store, "T63-25", 2025)
    assert columns(found, "applications", "application_id", "status", "start_date") == [
        ("HT1", "doing", date(2024, 3, 1))
    ]
    # A task that ended goes on with the application that belongs to it.
    assert columns(found, "tasks", "task_id", "budget_state") == [("NV1", 1_500_000)]
    assert columns(found, "enterprises", "enterprise_name", "insured_workers", "revenue") == [
        ("Công ty An Bình", None, None),
        ("Công ty Bát Nhã", None, None),
    ]
    assert columns(found, "key_products", "product_id", "enterprises_total") == [("SP1", None)]
    assert columns(found, "milestones", "sequence", "milestone_kind") == [(4, "draft")]
    assert columns(found, "targets", "period", "indicator_code", "target_value", "actual_value") == [
        ("2021-2025", "PILOT-MODELS", 3.0, None),
        ("2021-2025", "EXPERTS", 30.0, None),
    ]
    assert columns(found, "focal_agency", "agency_name", "office_phone") == [
        ("Sở KH&CN Phú Thọ", "0210 3846 00")
    ]


def test_an_id_with_its_unit_in_front_fits_its_column_and_is_nobody_elses(tmp_path):
    long = "HO-TRO-ISO-9001-NAM-2024-SO-01"  # as long as an id may be
    applications = f"""
    unit   | year | application_id | tax_code | tool_code | status
    T63-25 | 2024 | {long}         | A        | ISO-9001  | doing
    T63-17 | 2024 | {long}         | A        | ISO-9001  | doing
    T63-25 | 2024 | HT1            | A        | 5S        | doing
    T63-17 | 2024 | HT1            | A        | 5S        | doing
    T63-25 | 2024 | 17-HT1         | A        | Lean      | doing
    """
    path = store_of(
        tmp_path / "s.duckdb", "unit | year\nT63-25 | 2024\nT63-17 | 2024", applications=applications
    )
    ids = [row[0] for row in columns(rows(path, "T34-25"), "applications", "application_id")]
    assert len(ids) == len(set(ids)) == 5
    assert max(map(len, ids)) == 30
    assert {"25-HT1", "17-HT1"} < set(ids)
    assert sum(one.startswith(("25-HO-TRO-ISO-9001", "17-HO-TRO-ISO-9001")) for one in ids) == 2


def test_a_merged_unit_gets_the_rows_of_those_it_was_made_of_under_ids_that_stay_apart(store):
    found = rows(store, "T34-25")
    assert {(one.unit.code, one.year) for one in found.returns} == {("T63-25", 2024), ("T63-17", 2024)}
    assert columns(found, "applications", "application_id", "tax_code", "task_id") == [
        ("17-HT1", "0100112437", "17-NV1"),
        ("25-HT1", "0100233488", "25-NV1"),
    ]
    assert columns(found, "key_products", "product_id", "product_name") == [
        ("17-SP1", "Cam"),
        ("25-SP1", "Chè"),
    ]
    # One row per enterprise, in the province of today, with the former one beside it.
    assert sorted(
        columns(found, "enterprises", "tax_code", "province_code", "former_province_code", "product_id")
    ) == [
        ("0100112437", "T34-25", "T63-17", "17-SP1"),
        ("0100233488", "T34-25", "T63-17", None),
        ("0314409058", "T34-25", "T63-25", None),
    ]
    assert columns(found, "milestones", "sequence", "milestone_kind") == [(1, "submit"), (2, "draft")]
    # Both set themselves three pilot models; how many experts the new province wants is for it to say.
    assert columns(found, "targets", "indicator_code", "target_value") == [("PILOT-MODELS", 3.0)]
    assert (found.renamed, found.left_out) == (3, 2)
    line = carried_line(SCHEMAS.units.by_code["T34-25"], found, "vi")
    assert (
        "từ Hòa Bình (năm 2024), Phú Thọ (năm 2024); chưa có báo cáo của Vĩnh Phúc; 3 mã trùng nhau" in line
    )


def test_a_unit_that_sent_nothing_gets_an_empty_workbook(store):
    assert rows(store, "T34-01").returns == ()
    assert rows(store, "T63-25", 2024).returns == ()


def test_filled_in_it_is_accepted_merged_and_rolled_up(store, workbook, tmp_path):
    book = openpyxl.load_workbook(workbook)
    blank = received(book, tmp_path / "trong.xlsx")
    places = {(f.code, f.sheet, f.column) for f in blank.result.findings if severity(f) == "error"}
    # Nothing but what only the sender can say.
    assert {sheet for _, sheet, _ in places} <= {FORM.cover.tab}, [
        message(f, "vi") for f in blank.result.findings
    ]
    cover = {book["BIA"].cell(row, 1).value: row for row in range(1, book["BIA"].max_row + 1)}
    stated: dict[str, Any] = {"cut_off_date": date(2025, 12, 14), "figures_kind": "Số ước thực hiện"}
    for name, value in stated.items():
        book["BIA"].cell(cover[name], 3).value = value
    filled = received(book, tmp_path / "da dien.xlsx")
    errors = [message(f, "vi") for f in filled.result.findings if severity(f) == "error"]
    assert (filled.result.verdict, errors) == ("accepted", [])
    with open_store(store, SCHEMAS) as opened:
        arrived = datetime(2025, 11, 20, tzinfo=UTC)
        content = (tmp_path / "da dien.xlsx").read_bytes()
        merge_workbooks(opened, [Submission(filled.workbook, "accepted", content, arrived)])
        rollup = roll_up(opened, SCHEMAS)
    # An Bình and Cẩm Sơn are still being supported; Bát Nhã's support ended in 2024.
    assert rollup.figure("enterprises_supported", "2025", figures_kind="estimate") == 2
    assert (
        rollup.figure("enterprises_supported", "2025", figures_kind="estimate", unit_code="T63-17", view="63")
        == 2
    )


def received(book, path):
    book.save(path)
    return read(receive(path), SCHEMAS, datetime(2025, 11, 20, tzinfo=UTC))
