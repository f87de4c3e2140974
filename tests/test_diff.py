"""What differs between two files, and between two days: row by row, cell by cell, with the places on both sides."""

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.command_line import xltrack
from tests.rollup_stores import store_of
from tests.store_samples import FORM, SCHEMAS
from xltrack.errors import UnknownName
from xltrack.pipeline import diff, write_templates
from xltrack.pipeline.comparing import Within
from xltrack.report.difference import difference_json, difference_text
from xltrack.store import open_store

RETURNS = """
unit   | year | number | kind       | received
T34-24 | 2025 | 1      | full       | 2025-11-20 03:00
T34-24 | 2025 | 2      | full       | 2025-12-10 03:00
T34-01 | 2025 | 1      | full       | 2025-11-20 03:00
T34-01 | 2025 | 2      | correction | 2026-01-10 03:00
"""
ROWS = {
    "applications": """
    unit   | year | kind       | number | application_id | tax_code | tool_code | status    | start_date
    T34-24 | 2025 | full       | 1      | HT1            | A        | 5S        | doing     | 2025-02-01
    T34-24 | 2025 | full       | 1      | HT2            | B        | 5S        | doing     | .
    T34-24 | 2025 | full       | 2      | HT3            | H        | Lean      | doing     | .
    T34-24 | 2025 | full       | 2      | HT1            | A        | 5S        | completed | 2025-03-01
    T34-01 | 2025 | full       | 1      | HT1            | C        | 5S        | doing     | .
    T34-01 | 2025 | correction | 2      | HT1            | C        | 5S        | completed | .
    """,
    "funding": """
    unit   | year | kind | number | of   | amount
    T34-24 | 2025 | full | 1      | 2025 | 1250000
    T34-24 | 2025 | full | 2      | 2025 | 1350000
    """,
    "focal_agency": """
    unit   | year | kind | number | agency_name | office_email
    T34-24 | 2025 | full | 1      | Sở          | cu@example.vn
    T34-24 | 2025 | full | 2      | Sở          | moi@example.vn
    """,
}


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    return store_of(tmp_path_factory.mktemp("diff") / "national.duckdb", RETURNS, **ROWS)


@pytest.fixture(scope="module")
def names(store) -> tuple[str, str]:
    """Return the names of the two files of Bắc Ninh."""
    query = "SELECT file_name FROM submission WHERE unit_code = 'T34-24' ORDER BY submission_no"
    with open_store(store, SCHEMAS, read_only=True) as opened:
        (first,), (second,) = opened.rows(query)
    return first, second


def letter(sheet: str, column: str) -> str:
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[[one.id for one in FORM.by_id[sheet].columns].index(column)]


def changes(found, sheet: str) -> list[tuple]:
    one = next(one for one in found.sheets if one.sheet.id == sheet)
    return one.rows.select("change", *one.key).rows()


def test_rows_are_compared_by_their_key_wherever_they_moved(store, names):
    found = diff(names[0], names[1], store)
    assert sorted(changes(found, "applications")) == [
        ("added", "HT3"),
        ("changed", "HT1"),
        ("removed", "HT2"),
    ]
    cells = json.loads(difference_json(found))["sheets"]
    rows = {
        row["key"]["application_id"]: row
        for row in next(s["rows"] for s in cells if s["sheet"] == "applications")
    }
    status, start = letter("applications", "status"), letter("applications", "start_date")
    assert rows["HT1"]["cells"] == {
        "status": {"old": "doing", "new": "completed", "old_cell": f"{status}5", "new_cell": f"{status}6"},
        "start_date": {
            "old": "2025-02-01",
            "new": "2025-03-01",
            "old_cell": f"{start}5",
            "new_cell": f"{start}6",
        },
    }
    assert rows["HT2"]["new_place"] is None
    assert rows["HT3"]["old_place"] is None


def test_the_text_says_old_and_new_as_people_write_them(store, names):
    said = difference_text(diff(names[0], names[1], store), SCHEMAS, "vi")
    assert said.startswith(f"{names[0]} → {names[1]}")
    assert "AP_DUNG: sửa 1, thêm 1, bỏ 1" in said
    assert "~ HT1  (AP_DUNG!5:5 → AP_DUNG!6:6)" in said
    assert ": 01/02/2025 → 01/03/2025" in said
    assert "1.250.000 → 1.350.000" in said
    assert "012345678901" not in said + difference_json(diff(names[0], names[1], store))


def test_contacts_are_not_shown(store, names):
    found = diff(names[0], names[1], store)
    assert "cu@example.vn" not in difference_text(found, SCHEMAS, "vi")
    assert "moi@example.vn" not in difference_json(found)
    assert "cu… → mo…" in difference_text(found, SCHEMAS, "vi")


def test_the_workbook_colours_what_changed(store, names, tmp_path):
    path = tmp_path / "diff.xlsx"
    diff(names[0], names[1], store, path)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[0] == "Tóm tắt"
    sheet = book["AP_DUNG"]
    marked = {
        cell.value: cell.fill.start_color.rgb
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.fill_type
    }
    assert marked["Đang thực hiện → Hoàn thành"] == "FFFFF2CC"
    assert marked["Thêm"] == "FFE2F0D9"
    assert marked["Bỏ"] == "FFFBE5E1"
    assert "012345678901" not in str([c.value for row in sheet.iter_rows() for c in row])


def test_the_same_file_differs_in_nothing(store, names):
    found = diff(names[0], names[0], store)
    assert found.sheets == ()
    assert "Không có gì khác nhau." in difference_text(found, SCHEMAS, "vi")


def test_two_days_of_a_unit_are_compared_by_what_counted_on_each(store):
    days = (date(2025, 11, 30), date(2025, 12, 31))
    found = diff(*days, store, within=Within("T34-24"))
    assert sorted(changes(found, "applications")) == [
        ("added", "T34-24", 2025, "annual", "HT3"),
        ("changed", "T34-24", 2025, "annual", "HT1"),
        ("removed", "T34-24", 2025, "annual", "HT2"),
    ]
    assert difference_text(found, SCHEMAS, "vi").startswith("30/11/2025 → 31/12/2025")
    nothing = diff(*days, store, within=Within("T34-01"))
    assert nothing.sheets == ()


def test_two_days_of_the_nation_show_a_correction_as_the_row_that_it_changed(store):
    found = diff(date(2025, 12, 31), date(2026, 1, 31), store, within=Within(year=2025))
    assert changes(found, "applications") == [("changed", "T34-01", 2025, "annual", "HT1")]
    assert [one.sheet.id for one in found.sheets] == ["applications"]
    assert diff(date(2025, 12, 31), date(2026, 1, 31), store, within=Within(year=2024)).sheets == ()


def test_files_that_were_never_merged_are_read(store, tmp_path):
    (blank,) = write_templates(["T34-24"], 2025, "annual", tmp_path)
    filled = tmp_path / "filled.xlsx"
    book = openpyxl.load_workbook(blank)
    sheet = book["SAN_PHAM"]
    head = next(row for row in range(1, 30) if "Mã sản phẩm" in str(sheet.cell(row, 1).value))
    for column, value in enumerate(("SP1", "Chè"), 1):
        sheet.cell(head + 1, column, value)
    book.save(filled)
    found = diff(blank, filled, store)
    assert changes(found, "key_products") == [("added", "SP1")]
    assert f"SAN_PHAM!{head + 1}:{head + 1}" in difference_text(found, SCHEMAS, "vi")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("khong-co.xlsx", "khong-co.xlsx", "khong-co"), (date(2025, 1, 1), "a.xlsx", "two days")],
)
def test_what_cannot_be_compared_is_refused(store, old, new, said):
    with pytest.raises(UnknownName, match=said):
        diff(old, new, store)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("31/13/2025", "`31/13/2025` không phải ngày giờ"),
        ("2025-02-30", "`2025-02-30` không phải ngày giờ"),
        ("31/12/2199", "31/12/2199 chưa tới"),
        ("a.xlsx", "Không có cách so sánh `30/11/2025 – a.xlsx`"),
    ],
)
def test_what_is_no_day_is_said_so(store, new, said):
    done = xltrack("diff", "30/11/2025", new, "--store", store, folder=store.parent)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_file_called_like_a_day_is_a_file(store, tmp_path):
    (tmp_path / "2025-13-31").write_bytes(b"")
    done = xltrack("diff", "2025-13-31", "2025-13-31", "--store", store, folder=tmp_path)
    assert "không phải ngày giờ" not in done.stderr


def test_a_file_whose_rows_the_store_does_not_keep_is_refused(tmp_path):
    path = store_of(tmp_path / "s.duckdb", "unit | year | verdict\nT34-24 | 2025 | rejected")
    with open_store(path, SCHEMAS, read_only=True) as opened:
        ((name,),) = opened.rows("SELECT file_name FROM submission")
    with pytest.raises(UnknownName, match="not accepted"):
        diff(name, name, path)
