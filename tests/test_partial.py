"""The good rows of a file with errors: what depends on a bad row stays out with it, and how many is always said."""

from pathlib import Path

import pytest

import xltrack
from tests.messes.arrivals import SCHEMAS, Arrival, written
from xltrack.excel.status_book import sentences
from xltrack.findings import message
from xltrack.report.headlines import headlines
from xltrack.store import open_store

FILES = """
file     | unit   | year
a.x.xlsx | T34-24 | 2025
"""
SHEETS = {
    "enterprises": """
    file     | tax_code   | enterprise_name
    a.x.xlsx | A          | Công ty An Bình
    a.x.xlsx | 01002334   | Công ty sai mã
    """,
    "applications": """
    file     | application_id | tax_code | tool_code | status
    a.x.xlsx | HT1            | A        | ISO-9001  | Đang thực hiện
    a.x.xlsx | HT2            | 01002334 | 5S        | Đang thực hiện
    a.x.xlsx | HT3            | A        | Không có  | Đang thực hiện
    """,
    "funding": """
    file     | subject_kind | subject_id | year | source               | figure_kind | amount
    a.x.xlsx | Áp dụng      | HT1        | 2025 | Ngân sách địa phương | Giải ngân   | 10
    a.x.xlsx | Áp dụng      | HT3        | 2025 | Ngân sách địa phương | Giải ngân   | 30
    """,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("partial")
    written(Arrival("", "", "", FILES, SHEETS), folder)
    return folder


@pytest.fixture(scope="module")
def merged(folder):
    return xltrack.merge([folder / "a.x.xlsx"], folder / "s.duckdb", partial=True)


def test_rows_with_errors_are_held_back_with_those_that_depend_on_them(merged, folder):
    (file,) = merged.files
    assert (file.verdict, file.in_order) == ("partial", False)
    held = {(f.sheet, f.row): message(f, "vi") for f in file.findings if f.code == "XLT625"}
    assert list(held) == [
        ("DOANH_NGHIEP", 6), ("AP_DUNG", 6), ("AP_DUNG", 7), ("KINH_PHI", 6),
    ]  # fmt: skip
    assert "lỗi XLT402" in held["DOANH_NGHIEP", 6]
    assert held["KINH_PHI", 6].endswith("do dòng mà nó dẫn chiếu ở trang AP_DUNG bị giữ lại.")
    with open_store(folder / "s.duckdb", SCHEMAS, read_only=True) as store:
        assert store.rows("SELECT tax_code FROM current_enterprises") == [("0100233488",)]
        assert store.rows("SELECT application_id FROM current_applications") == [("HT1",)]
        assert store.rows("SELECT amount FROM current_funding") == [(10_000_000,)]


def test_every_figure_of_completeness_says_how_many_rows_are_missing(merged, folder):
    status = xltrack.status(folder / "s.duckdb")
    assert {unit.unit_code: unit.held_back for unit in status.status.units}["T34-24"] == 4
    assert "  Dòng giữ lại vì có lỗi, chưa tính: 4" in [line.vi for line in sentences(status, SCHEMAS)]
    rollup = xltrack.roll_up(folder / "s.duckdb")
    assert rollup.figure("enterprises_supported", "2025", figures_kind="estimate") == 1
    assert rollup.coverage_rounds.filter(unit_group="province")["held_back"].to_list() == [4]
    assert "  Dòng giữ lại vì có lỗi, chưa tính (tỉnh): 4" in headlines(rollup, "vi").splitlines()


def test_a_file_with_an_error_of_no_row_is_rejected_as_ever(tmp_path):
    (path,) = written(Arrival("", "", "", FILES, {}), tmp_path)
    (file,) = xltrack.merge([path], tmp_path / "s.duckdb", partial=True).files
    assert file.verdict == "rejected"
