"""What is known to be wrong in what the national figures rest on is told beside them, and what of it was waived."""

from datetime import date

import openpyxl
import pytest

from tests.rollup_stores import store_of
from tests.store_samples import SCHEMAS, refused, submission
from tests.test_national import table
from xltrack.excel.national import write_national
from xltrack.findings import Finding, Waiver
from xltrack.report.headlines import headlines
from xltrack.rollup import roll_up
from xltrack.store import Meant, add_waiver, end_waiver, merge_workbooks, open_store

RETURNS = """
unit   | year | kind       | number | received
T63-24 | 2024 | full       | 1      | 2024-11-20T02:00:00
T63-24 | 2025 | full       | 1      | 2025-11-20T02:00:00
T63-27 | 2025 | correction | 2      | 2025-11-20T02:00:00
"""
ENTERPRISES = """
unit   | year | kind | number | tax_code | enterprise_name | declared_size
T63-24 | 2024 | full | 1      | A        | Cơ khí An Bình  | small
T63-24 | 2024 | full | 1      | B        | May Đáp Cầu     | small
T63-24 | 2025 | full | 1      | A        | Cơ khí Yên Bình | medium
T63-24 | 2025 | full | 1      | B        | May Thăng Long  | small
"""
WAIVER = Waiver(0, "Đã đối chiếu", "Vụ KHTC", date(2099, 12, 31))


@pytest.fixture(scope="module")
def rollup(tmp_path_factory):
    path = store_of(tmp_path_factory.mktemp("store") / "s.duckdb", RETURNS, enterprises=ENTERPRISES)
    with open_store(path, SCHEMAS) as store:
        found = (
            Finding("XLT527", "AP_DUNG", 5),
            Finding("XLT527", "AP_DUNG", 6),
            Finding("XLT506", "KINH_PHI", 5),
        )
        merge_workbooks(store, [submission("T63-01", {}, nil=True, findings=found), refused()])
        for meant in (Meant("XLT617", value="May Thăng Long"), Meant("XLT527", unit="T63-01", row=6)):
            add_waiver(store, meant, WAIVER)
        over = add_waiver(store, Meant("XLT506"), WAIVER)
        end_waiver(store, over.waiver.number, date(2020, 1, 1))
        return roll_up(store, SCHEMAS)


def test_findings_of_what_counts_are_counted_with_what_of_them_is_waived(rollup):
    told = rollup.quality.select("year", "code", "findings", "waived", "units").rows()
    assert told == [
        (2025, "XLT506", 1, 0, 1),
        (2025, "XLT527", 2, 1, 1),
        (2025, "XLT617", 2, 1, 1),
        (2025, "XLT618", 1, 0, 1),
    ]
    assert rollup.held_back.rows() == [(2025, "held", 1, 1), (None, "rejected", 1, 0)]


def test_the_command_line_says_so_beside_the_figures(rollup):
    assert (
        "Phát hiện trong các báo cáo được tính, năm 2025: lỗi 0; cảnh báo 2 (đã miễn trừ 1); ghi chú 4 (đã miễn trừ 1)"
        in headlines(rollup, "vi")
    )
    assert "Files that do not count, 2025: held 1" in headlines(rollup, "en")
    assert "Tệp không đọc được kỳ báo cáo: bị từ chối 1" in headlines(rollup, "vi")


def test_the_national_workbook_has_a_sheet_of_them(rollup, tmp_path):
    write_national(rollup, SCHEMAS, tmp_path / "n.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "n.xlsx")["Chất lượng"]
    held, unread = table(sheet, 0)
    assert list(held.values())[2:] == [1, 1]
    assert list(unread.values()) == ["không đọc được", "Bị từ chối", 1, 0]
    found = {row["Mã"]: row for row in table(sheet, 1)}
    assert list(found) == ["XLT506", "XLT527", "XLT617", "XLT618"]
    assert [found["XLT617"][name] for name in ("Năm", "Số phát hiện", "Đã miễn trừ", "Còn lại")] == [
        "2025",
        2,
        1,
        1,
    ]
