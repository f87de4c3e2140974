"""The good rows of a file with errors: what depends on a bad row stays out with it, and how many is always said."""

from pathlib import Path

import pytest

import xltrack
from tests.messes.arrivals import SCHEMAS, Arrival, written
from xltrack.errors import UnknownName
from xltrack.excel.status_words import sentences
from xltrack.findings import message
from xltrack.forms import load_schemas
from xltrack.pipeline import history, trace_cell
from xltrack.report.headlines import headlines
from xltrack.report.history import history_text
from xltrack.store import open_store
from xltrack.store.known import UnitHistory

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


def test_whoever_asks_of_a_row_or_a_file_is_told_what_was_held_back(tmp_path):
    """A sheet whose rows are all held back is not one in which nobody wrote."""
    lines = SHEETS["funding"].splitlines()
    only_bad = SHEETS | {"funding": "\n".join(line for line in lines if "HT1" not in line)}
    (path,) = written(Arrival("", "", "", FILES, only_bad), tmp_path)
    store = tmp_path / "s.duckdb"
    xltrack.merge([path], store, partial=True)
    empty = xltrack.status(store).empty_sheets["T34-24"]
    assert "funding" not in empty
    assert "training" in empty
    known = history(store, "T34-24")
    assert isinstance(known, UnitHistory)
    assert known.submissions["held_back"].to_list() == [4]
    told = history_text(known, load_schemas(None), "vi", 200)
    assert "Được tính một phần" in told
    assert "Dòng giữ lại" in told
    with pytest.raises(UnknownName) as caught:
        trace_cell(store, "a.x.xlsx", "KINH_PHI!A5")
    assert "Dòng đã được giữ lại: Dòng này không được đưa vào số liệu, do dòng mà nó" in caught.value.message(
        "vi"
    )
    assert "The row was held back: This row is not in the figures" in caught.value.message("en")


TOTALS = """
file     | unit   | year | funding_kind | funding_total | funding_state | funding_other
a.x.xlsx | T34-24 | 2025 | Giải ngân    | {0}           | {0}           | 0
"""
ALL_WRONG = {"applications": "file | application_id | tax_code\na.x.xlsx | HT1 | 01002334"}


@pytest.mark.parametrize(
    ("files", "sheets", "because"),
    [
        (FILES, {}, "lỗi XLT508 (BIA!"),
        (TOTALS.format(50), SHEETS, "lỗi XLT503 (BIA!C20), XLT503 (BIA!C21) không thuộc riêng dòng nào"),
        (TOTALS.format(40), SHEETS, None),
        (FILES, ALL_WRONG, "mọi dòng đều có lỗi"),
    ],
)
def test_who_asked_is_told_why_nothing_of_a_file_could_be_taken(tmp_path, files, sheets, because):
    """A total that counts the rows held back is no hindrance; one that is wrong itself is, and is named."""
    (path,) = written(Arrival("", "", "", files, sheets), tmp_path)
    (file,) = xltrack.merge([path], tmp_path / "s.duckdb", partial=True).files
    said = [message(finding, "vi") for finding in file.findings if finding.code == "XLT626"]
    assert (file.verdict, len(said)) == (("rejected", 1) if because else ("partial", 0))
    assert because is None or because in said[0]
    # How it was merged is no property of the file: the store keeps the same, whichever way came first.
    (again,) = xltrack.merge([path], tmp_path / "s.duckdb").files
    assert (again.verdict, again.in_order) == (file.verdict, False)
    with open_store(tmp_path / "s.duckdb", SCHEMAS, read_only=True) as store:
        assert store.rows("SELECT count(*) FROM chain") == [(1,)]
        assert store.rows("SELECT count(*) FROM finding WHERE code = 'XLT626'") == [(0,)]
