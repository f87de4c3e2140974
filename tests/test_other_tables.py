"""What looks like another table below the records is told once, and no row is passed over for it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.case_files import Case, build
from tests.received import read, reasons, typed, write
from tests.sheets import rows_of
from xltrack.checking import check_workbook
from xltrack.findings import message
from xltrack.forms import load_schemas

SCHEMAS = load_schemas()
TAB = "DOANH_NGHIEP"
MAIN = """
| Mã số thuế  | Tên doanh nghiệp | Tỉnh, thành phố | Lao động |
| '0100233488 | Công ty A        | Hà Nội          | 10       |
| '0314409058 | Công ty B        | Hà Nội          | 5        |
"""
SUMS = "| Quy mô | Số lượng | | |\n| Nhỏ | 4 | | |\n| Vừa | 2 | | |"

# What stands from the sixth row on, the range that is told, and the rows that are records.
BELOW: dict[str, tuple[str, str, list[int]]] = {
    "sums under headings": (SUMS, "A6:B8", [6, 7, 8]),
    "sums under a title": ("| Phân theo quy mô | | | |\n" + SUMS, "A6:B9", [6, 7, 8, 9]),
    "sums with a blank row within": (SUMS + "\n| | | | |\n| Lớn | 1 | | |", "A6:B10", [6, 7, 8, 10]),
    "records": ("| '0101234572 | Công ty C | Hà Nội | 3 |\n| '0300588569 | Công ty D | Hà Nội | 4 |", "", [6, 7]),
    "records without a tax code above a total": (
        "| | Công ty C | Hà Nội | 3 |\n| chưa có | Công ty D | Hà Nội | 4 |\n| Tổng cộng | | | 22 |", "", [6, 7],
    ),
    "one record that lacks all but its name": ("| | Công ty C | | |", "", [6]),
    "records that lack all but their names": ("| | Công ty C | | |\n| | Công ty D | | |", "B6:B7", [6, 7]),
    "records of which only the first lack much": (
        "| | Công ty C | | |\n| | Công ty D | | |\n| '0101234572 | Công ty E | Hà Nội | 3 |", "", [6, 7, 8],
    ),
    "the same records again": ("\n".join(MAIN.strip().splitlines()[1:]), "", [6, 7]),
}  # fmt: skip


def found_in(tmp_path, below):
    """Return the workbook with `below` two rows under its records, and the ranges that look like another table."""
    table = f"{MAIN.strip()}\n| | | | |\n{below}"
    book = read(write(tmp_path / "a.xlsx", typed(TAB, table)))
    told = [one for one in check_workbook(book, SCHEMAS) if one.code == "XLT235"]
    return book, [str(one.facts["range"]) for one in told]


@pytest.mark.parametrize("name", BELOW)
def test_rows_like_another_table_are_told_with_their_range_and_stay_records(name, tmp_path):
    below, expected, rows = BELOW[name]
    book, ranges = found_in(tmp_path, below)
    assert ranges == ([expected] if expected else [])
    assert book.tables["enterprises"].frame["_row"].to_list() == [3, 4, *rows]
    assert set(reasons(book, TAB)) <= {"total"}


def test_a_small_table_of_money_below_the_payments_is_told_once(tmp_path):
    money = """
    | Loại đối tượng | Mã đối tượng | Năm  | Nguồn kinh phí       | Loại số   | Số tiền |
    | Nhiệm vụ       | NV1          | 2025 | Ngân sách địa phương | Giải ngân | 900     |
    |                |              |      |                      |           |         |
    | Nguồn          | Số tiền      |      |                      |           |         |
    | Ngân sách      | 900          |      |                      |           |         |
    """
    book = read(write(tmp_path / "a.xlsx", typed("KINH_PHI", money)))
    (told,) = (one for one in check_workbook(book, SCHEMAS) if one.code == "XLT235")
    assert "(A5:B6)" in message(told, "vi")
    assert book.tables["funding"].frame.height == 3


CELLS = st.tuples(
    st.sampled_from(["", "'0101234572", "chưa có", "Quy mô", "'0100233488"]),
    st.sampled_from(["Công ty C", "Số lượng", "4"]),
    st.sampled_from(["", "Hà Nội", "không rõ"]),
    st.sampled_from(["", "3", "nhiều"]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(CELLS, min_size=1, max_size=5), st.integers(1, 3))
def test_whatever_is_typed_below_a_gap_with_a_name_is_read(tmp_path_factory, below, gap):
    rows = [*rows_of(MAIN), *[[]] * gap, *rows_of("\n".join(f"| {' | '.join(cells)} |" for cells in below))]
    path = tmp_path_factory.mktemp("dưới") / "a.xlsx"
    book = read(write(path, {**typed(TAB, MAIN), TAB: rows}))
    assert book.tables["enterprises"].frame["_row"].to_list() == [2, 3, *range(4 + gap, 4 + gap + len(below))]


def test_nothing_is_told_where_the_whole_table_is_wrong():
    rows = [{"row": str(row), "tax_code": "Quy mô", "enterprise_name": "4"} for row in (5, 8, 9)]
    book = build(Case("wrong from the first row on", sheets={TAB: rows}), SCHEMAS)
    assert "XLT235" not in {one.code for one in check_workbook(book, SCHEMAS)}
