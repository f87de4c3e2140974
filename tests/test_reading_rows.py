"""Rows that are no records are known for what they are; rows that are records are never taken for anything else."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.received import read, reasons, says, told, typed, write
from tests.sheets import MILLION, write_xlsxwriter
from tests.test_reading import SCHEMAS, said, sheets
from xltrack.findings import hint, message, severity
from xltrack.language import Text
from xltrack.reading import words
from xltrack.reading.body import Body
from xltrack.reading.codes import several
from xltrack.reading.headings import Layout, known_headings
from xltrack.reading.kinds_of_rows import kinds_of_rows

HEAD = "| STT | Mã số thuế | Tên doanh nghiệp | Tỉnh, thành phố | Lao động | Doanh thu (triệu đồng) |"
A = "| 1   | '0100233488 | Công ty A | Hà Nội | 10 | 100 |"
B = "| 2   | '0314409058 | Công ty B | Hà Nội | 20 | 250 |"
C = "| 3   | '0101234572 | Công ty C | Hà Nội | 30 | 150 |"
BLANK = "| | | | | | |"
SIGNED = """
|  |  |                |  | Bắc Ninh, ngày 20 tháng 11 năm 2025 | |
|  | NGƯỜI LẬP BIỂU | |  | THỦ TRƯỞNG ĐƠN VỊ | |
|  | (Ký, họ tên)   | |  | (Ký tên, đóng dấu) | |
|  |  |  |  |  | |
|  | Nguyễn Văn Thử | |  | Trần Thị Mẫu | |
""".strip()


def lines(*rows):
    return "\n".join([HEAD, *rows])


# Each case: the rows below the headings (row 3 is the first), the names read, what was found, what is no data where.
CASES = {
    "c1 blank rows anywhere": ([A, *[BLANK] * 30, B, BLANK, C], "A B C", [], {}),
    "c3 a total below": ([A, B, "| | Tổng cộng | | | 30 | 350 |"], "A B", ["XLT215 B5"], {"total": "B5:F5"}),
    "c3 a total in the column of numbers": (
        [A, B, "| Cộng: | | | | 30 | 350 |"], "A B", ["XLT215 A5"], {"total": "A5:F5"},
    ),
    "c3 a total above, and its text": (
        ["| | TỔNG SỐ | | | '30 | '350 |", A, B], "A B", ["XLT215 B3"], {"total": "B3:F3"},
    ),
    "c3 a total that differs": (
        [A, B, "| | Tổng cộng | | | 30 | 351 |"], "A B", ["XLT215 B5", "XLT216 F5"], {"total": "B5:F5"},
    ),
    "c3 a total without its words": ([A, B, "| | | | | 30 | 350 |"], "A B", ["XLT215 E5"], {"total": "E5:F5"}),
    "c3 a total of blank rows away": (
        [A, B, BLANK, BLANK, "| | Tổng số | | | 30 | |"], "A B", ["XLT215 B7"], {"total": "B7:E7"},
    ),
    "c3 a total never calculated": (
        [A, B, "| | Tổng cộng | | | =SUM(E3:E4) | #REF! |"], "A B", ["XLT215 B5"], {"total": "B5:F5"},
    ),
    "c3 signatures below": ([A, B, BLANK, *SIGNED.splitlines()], "A B", ["XLT215 E6"], {"footer": "E6 B7:E8 B10:E10"}),
    "c3 a remark below": (
        [A, BLANK, "| | Ghi chú: số liệu ước | | | | |", "| | - chưa có quý IV | | | | |"],
        "A", ["XLT215 B5"], {"remark": "B5:B6"},
    ),
    "c4 sections with numerals": (
        ["| I | | Công nghiệp | | | |", A, "| II | | Nông nghiệp | | | |", B],
        "A B", ["XLT215 A3"], {"section": "A3:C3 A5:C5"},
    ),
    "c4 sections in one cell, numbers starting again": (
        ["| | I. Công nghiệp | | | | |", A, "| | II. Nông nghiệp | | | | |", A.replace("'0100233488", "'0314409058")],
        "A A", ["XLT215 B3"], {"section": "B3 B5"},
    ),
    "c4 a section with its sum": (
        ["| A | Nhóm 1 | | | 30 | 350 |", A, B, "| B | Nhóm 2 | | | 30 | 150 |", C],
        "A B C", ["XLT215 A3"], {"section": "A3:F3 A6:F6"},
    ),
    "c4 a section with a wrong sum": (
        ["| A | Nhóm 1 | | | 30 | 350 |", A, B, "| B | Nhóm 2 | | | 31 | 150 |", C],
        "A B C", ["XLT215 A3", "XLT216 E6"], {"section": "A3:F3 A6:F6"},
    ),
    "c4 sections, their sums and the sum of all": (
        ["| I | Nhóm 1 | | | | |", A, B, "| | Cộng nhóm I | | | 30 | 350 |", "| II | Nhóm 2 | | | | |", C,
         "| | Cộng nhóm II | | | 30 | 150 |", "| | Tổng cộng | | | 60 | 500 |"],
        "A B C", ["XLT215 B6", "XLT215 A3"], {"section": "A3:B3 A7:B7", "total": "B6:F6 B9:F10"},
    ),
    "c4 numerals in the key, no column of row numbers": (
        ["| | I | Công nghiệp | | | |", A, "| | II. | Nông nghiệp | | | |", B],
        "A B", ["XLT215 B3"], {"section": "B3:C3 B5:C5"},
    ),
    "c5 headings again in the middle": ([A, HEAD, B], "A B", [], {}),
    "c5 headings again in other words": ([A, HEAD.replace("Mã số thuế", "MST").upper(), B], "A B", [], {}),
    "c5 headings and column numbers again": (
        ["| (1) | (2) | (3) | (4) | (5) | (6) |", A, HEAD, "| (1) | (2) | (3) | (4) | (5) | (6) |", B],
        "A B", [], {"numbering": "A3:F3 A6:F6"},
    ),
    "columns numbered with letters and digits": (["| A | B | C | D | 1 | 2=1*3 |", A], "A", [], {"numbering": "A3:F3"}),
    "units below the headings": (["| | | | | (người) | (triệu đồng) |", A], "A", [], {"numbering": "E3:F3"}),
    "units without brackets": (["| | | | | người | triệu đồng |", A], "A", [], {"numbering": "E3:F3"}),
    "a word where a number belongs, in a record": ([B, A.replace("| 10 |", "| mười |")], "B A", ["XLT301 E4"], {}),
    "c7 an example by its word": (
        ["| VD | '0101234567 | Công ty Ví Dụ | Hà Nội | 5 | 7 |", A], "A", ["XLT215 A3"], {"example": "A3:F3"},
    ),
    "c7 row numbers, nothing else": ([A, B, "| 3 | | | | | |", "| 4 | | | | | |"], "A B", [], {}),
    "c7 preset choices, nothing else": (
        [A, "| 2 | | | Hà Nội | | |", "| 3 | | | Hà Nội | 0 | |", "| 4 | | | Hà Nội | | |"],
        "A", ["XLT215 A4"], {"placeholder": "A4:D4 A5:E5 A6:D6"},
    ),
    "c7 formulas that wait for data": (
        [A, "| 2 | | | | =E4*2 | FALSE |", "| 3 | | | | =E5*2 | FALSE |"], "A", ["XLT215 A4"], {"placeholder": "A4:F5"},
    ),
    "c11 sums done aside below": (
        [A, B, BLANK, "| | | | | | 77 |", "| | | | | 3 | |"], "A B", ["XLT230 F6"], {"scratch": "F6 E7"},
    ),
    "nothing to report, said so": (["| | không có | không có | - | - | |"], "", [], {"nothing": "B3:E3"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_rows_that_are_no_records_are_known_for_what_they_are(name, tmp_path):
    rows, names, findings, where = CASES[name]
    book = read(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", lines(*rows))))
    assert [f"Công ty {one}" for one in names.split()] == book.tables["enterprises"].frame[
        "enterprise_name"
    ].to_list()
    assert told(book.findings) == findings
    found = reasons(book, "DOANH_NGHIEP")
    found.pop("row_numbers", None)
    assert found == where


# A row of these is a record, whatever it looks like: something that makes a record stands in it.
RECORDS = {
    "a group of companies": "| 1 | '0100233488 | Tổng công ty Điện lực miền Bắc | Hà Nội | 10 | 100 |",
    "a group without its tax code": "| 1 | | Tổng công ty May 10 | Hà Nội | 10 | 100 |",
    "a group, everything else blank": "| | | Tổng Công ty 36 | | | |",
    "a name with the word total": "| 1 | '0100233488 | Công ty Cổ phần Tổng hợp | Hà Nội | 10 | 100 |",
    "a name that is the word total": "| 1 | '0100233488 | Tổng cộng | Hà Nội | 10 | 100 |",
    "the word total with a tax code": "| 1 | '0100233488 | Tổng cộng | | | 100 |",
    "total, but of a province": "| | Tổng cộng | | Hà Nội | 10 | 100 |",
    "community, not sum": "| | | Cộng đồng khởi nghiệp | | 10 | 100 |",
    "without marks": "| | | TONG CONG TY LUONG THUC | | 10 | 100 |",
    "a name with a numeral": "| I | '0100233488 | I. Công ty A | Hà Nội | 10 | 100 |",
    "a name with points": "| | | C.P Việt Nam | | | |",
    "a nursery": "| | | Nhóm trẻ Hoa Mai | | | |",
    "a name that is an example": "| 1 | '0100233488 | Công ty TNHH Cơ khí Ví Dụ | Hà Nội | 10 | 100 |",
    "a director's company": "| | | Công ty Cổ phần Giám Đốc | | | |",
    "a number below, in doubt": "| | | | | | 77 |",
    "one preset choice": "| | | | Hà Nội | | |",
    "somebody's committee": "| | | UBND thị xã Thuận Thành | | | |",
    "somebody's committee and more": "| | | UBND thị xã Thuận Thành | Bắc Ninh | | |",
    "an example by its name alone": "| 1 | '0100233488 | Ví dụ: Công ty A | Hà Nội | 10 | 100 |",
    "a numeral for a key, and nothing below": "| | A | Chè | | 10 | |",
    "a star and more": "| | | * Công ty A | Hà Nội | | |",
    "a formula for what is required": "| | | | =F3 | | |",
}  # fmt: skip


@pytest.mark.parametrize("name", RECORDS)
def test_c3_a_record_is_never_taken_for_a_total_or_anything_else(name, tmp_path):
    book = read(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", lines(B, RECORDS[name]))))
    assert book.tables["enterprises"].frame["_row"].to_list() == [3, 4]
    assert reasons(book, "DOANH_NGHIEP") in ({}, {"row_numbers": "A3:A4"}, {"row_numbers": "A3"})


AGENCIES = "| Chương trình | Cơ quan đầu mối | Người liên hệ | Chức vụ |\n| '1322 | Sở KHCN | | |\n"
# Below one agency: further rows, those read, what was found, what is no data where.
OTHER_AGENCIES: dict[str, tuple[str, int, list[str], dict[str, str]]] = {
    "committees": (
        "| | UBND thành phố Bắc Ninh | | |\n| | UBND thị xã Thuận Thành | | |\n| | Sở Công Thương | | |", 4, [], {},
    ),
    "after somebody's position": ("| | | | Chuyên viên |\n| | Chi Cục Tiêu Chuẩn | | |", 3, [], {}),
    "after somebody's position, and it again": ("| | | | Giám đốc |\n| | Chi Cục Tiêu Chuẩn | | Giám đốc |", 3, [], {}),
    "after a remark": ("| | * Đơn vị cấp huyện | | |\n| '1322 | UBND thị xã Thuận Thành | | |", 3, [], {}),
    "before those who signed": (
        "| | UBND thị xã Thuận Thành | | |\n| | Sở Công Thương | | |\n| | Người lập biểu | | |\n| | Sở Công An | | |",
        3, ["XLT215 B6"], {"footer": "B6:B7"},
    ),
    "a committee that signs": (
        "| | | | |\n| | TM. UBND TỈNH | | |\n| | UBND tỉnh | | |\n| | | | Trần Thị Mẫu |",
        1, ["XLT215 B5"], {"footer": "B5:B6 D7"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHER_AGENCIES)
def test_c3_an_agency_is_no_signature_unless_somebody_signed_above(name, tmp_path):
    rows, count, findings, where = OTHER_AGENCIES[name]
    book = read(write(tmp_path / "a.xlsx", typed("DAU_MOI", AGENCIES + rows)))
    assert book.tables["focal_agency"].frame.height == count
    assert (told(book.findings), reasons(book, "DAU_MOI")) == (findings, where)


def test_c8_rows_under_a_merged_cell_of_a_record_are_records(tmp_path):
    rows = AGENCIES + "| | Người lập biểu | | |\n| | Ghi chú: cấp huyện | | |"
    path = write(
        tmp_path / "a.xlsx", typed("DAU_MOI", rows), lambda book: book["DAU_MOI"].merge_cells("A3:A5")
    )
    book = read(path)
    assert (told(book.findings), book.tables["focal_agency"].frame.height) == (["XLT217 A3"], 3)


OBSTACLES = "| STT | Loại vướng mắc | Khó khăn, vướng mắc | Cấp giải quyết | Kiến nghị |"
FUNDING = "| Loại đối tượng | Năm | Nguồn kinh phí | Loại số | Số tiền |"
PRODUCTS = "| Mã sản phẩm | Tên sản phẩm chủ lực | Số doanh nghiệp sản xuất |"
# Whole sheets: the tab and its rows, how many are read, what was found that says why.
NEVER_LOST: dict[str, tuple[str, list[str], int, list[str]]] = {
    "c7 obstacles with a number that begin with the words for example": (
        "VUONG_MAC",
        [OBSTACLES, "| 1 | Kinh phí | Ví dụ: A chưa có | Tỉnh | |", "| 2 | Kinh phí | Thiếu vốn | Tỉnh | |"],
        2, ["XLT261 C3"],
    ),
    "c4 numbers in Roman": (
        "VUONG_MAC", [OBSTACLES, "| I | | Thiếu kinh phí | | |", "| II | | Thiếu nhân lực | | |"],
        2, ["XLT301 A3", "XLT301 A4"],
    ),
    "c4 letters for ids": ("SAN_PHAM", [PRODUCTS, "| A | Chè | 12 |", "| B | Gốm | 30 |"], 2, []),
    "a total that counts rows in a column of texts": (
        "VUONG_MAC",
        [OBSTACLES, "| 1 | Kinh phí | Cộng | Tỉnh | |", "| Tổng cộng | | 1 | | |"],
        2, ["XLT262 A4", "XLT301 A4"],
    ),
    "a remark with a proposal": (
        "VUONG_MAC",
        [OBSTACLES, "| 1 | | Thiếu vốn | Tỉnh | |", "| | | * Chưa rõ mức | | Ban hành |", "| | | - Thiếu | | |"],
        3, [],
    ),
    "c7 amounts never calculated": (
        "KINH_PHI",
        [FUNDING, "| Nhiệm vụ | 2025 | Ngân sách trung ương | Giải ngân | 5 |",
         *["| Nhiệm vụ | 2025 | Ngân sách trung ương | Dự toán | =E3*2 |"] * 2],
        3, ["XLT309 E4", "XLT309 E5"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NEVER_LOST)
def test_what_has_a_key_or_what_is_required_is_read(name, tmp_path):
    tab, rows, count, findings = NEVER_LOST[name]
    book = read(write(tmp_path / "a.xlsx", typed(tab, "\n".join(rows))))
    table = next(table for table in book.tables.values() if table.tab == tab)
    assert (told(book.findings), table.frame.height) == (findings, count)


UNITS = {
    "as the cover": ("| | | | | (người) | (triệu đồng) |", []),
    "another": ("| | | | | (người) | (đồng) |", ["XLT128 F3"]),
    "another, without brackets": ("| | | | | | nghìn đồng |", ["XLT128 F3"]),
    "with a word before": ("| | | | | | ĐVT: tỷ đồng |", ["XLT128 F3"]),
    "of another country": ("| | | | | (người) | (USD) |", ["XLT260 F3"]),
    "below the numbers of the columns": (
        "| (1) | (2) | (3) | (4) | (5) | (6) |\n| | | | | (người) | (đồng) |", ["XLT128 F4"],
    ),
    "in headings again": (f"{A}\n{HEAD.replace('triệu', 'nghìn')}", ["XLT128 F4"]),
}  # fmt: skip


@pytest.mark.parametrize("name", UNITS)
def test_d5_a_row_of_units_is_held_against_the_cover(name, tmp_path):
    rows, findings = UNITS[name]
    book = read(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", lines(rows, B))))
    assert told(book.findings) == findings
    assert {severity(finding) for finding in book.findings if finding.code in ("XLT128", "XLT260")} <= {
        "error"
    }
    assert "Công ty B" in book.tables["enterprises"].frame["enterprise_name"].to_list()


def test_c7_a_note_of_ones_own_that_begins_like_an_example_makes_none(tmp_path):
    rows = f"{HEAD} Ghi chú |\n{A} Ví dụ: mô hình điểm |\n{B} |"
    book = read(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", rows)))
    assert book.tables["enterprises"].frame["_row"].to_list() == [3, 4]


def test_c3_what_a_total_should_be_is_said_in_dong_with_the_rows(tmp_path):
    rows = lines(A, B, "| | Tổng cộng | | | 31 | 351 |")
    book = read(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", rows)))
    workers, revenue = (message(f, "vi") for f in book.findings if f.code == "XLT216")
    assert workers == "«Lao động đóng BHXH»: dòng cộng ghi 31, các dòng 3–4 cộng lại được 30, lệch 1."
    assert "ghi 351.000.000 đồng, các dòng 3–4 cộng lại được 350.000.000 đồng, lệch 1.000.000 đồng" in revenue
    assert says(book, "XLT215") == "Dòng 5: dòng cộng; không tính là bản ghi."
    assert book.tables["enterprises"].frame["revenue"].sum() == 350_000_000


def test_c3_a_total_over_a_cell_that_cannot_be_read_is_not_called_wrong(tmp_path):
    rows = lines(A, B.replace("| 20 |", "| hai mươi |"), "| | Tổng cộng | | | 30 | 350 |")
    book = read(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", rows)))
    assert told(book.findings) == ["XLT215 B5", "XLT301 E4"]


def test_c3_a_sum_over_cells_that_say_nothing_is_still_checked(tmp_path):
    rows = lines(A, B.replace("| 20 |", "| - |"), "| | Tổng cộng | | | 30 | |")
    assert told(read(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", rows))).findings) == [
        "XLT215 B5",
        "XLT216 E5",
    ]


def test_c4_where_the_form_numbers_its_rows_itself_sections_are_known_as_well(tmp_path):
    obstacles = """
    | STT | Loại vướng mắc | Khó khăn, vướng mắc      | Cấp giải quyết |
    | I   |                | Vướng mắc về cơ chế      |                |
    | 1   | Cơ chế, chính sách | Chưa có định mức hỗ trợ | Tỉnh |
    | II  |                | Vướng mắc khác           |                |
    | 1   | Khác           | Thiếu nhân lực           | Tỉnh |
    """
    book = read(write(tmp_path / "a.xlsx", typed("VUONG_MAC", obstacles)))
    assert book.tables["obstacles"].frame["sequence"].to_list() == [1, 1]
    assert reasons(book, "VUONG_MAC") == {"section": "A3:C3 A5:C5"}


def test_c6_a_row_pasted_twice_is_read_twice_and_left_to_the_keys(tmp_path):
    from xltrack.checking import check_workbook

    book = read(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", lines(A, B, A))))
    assert book.tables["enterprises"].frame.height == 3
    assert "XLT501" in {finding.code for finding in check_workbook(book, SCHEMAS, None)}


def test_c7_the_forms_own_example_is_left_out_only_as_a_whole(tmp_path):
    sheet = next(sheet for sheet in SCHEMAS.form().tables if sheet.id == "training")
    shown = {"kind": "Hội thảo", "mode": "Trực tiếp", "start_date": "12/05/2025", "end_date": "14/05/2025"}
    example = [shown.get(column.id, column.example) for column in sheet.columns]
    own = ["DT02", "Hội thảo", *example[2:]]
    found = sheets()
    found["DAO_TAO"] = [*found["DAO_TAO"], example, own]
    book = read(write(tmp_path / "a.xlsx", found))
    assert book.tables["training"].frame["course_id"].to_list() == ["DT02"]
    assert told(book.findings) == ["XLT215 A5"]


def test_c7_the_forms_own_help_under_its_headings_is_no_record(tmp_path):
    columns = SCHEMAS.form().by_id["training"].columns
    found = sheets()
    found["DAO_TAO"] = [
        *found["DAO_TAO"],
        [column.help.vi for column in columns],
        ["DT1", "Hội thảo", "Lớp 5S"],
    ]
    book = read(write(tmp_path / "a.xlsx", found))
    assert book.tables["training"].frame["course_id"].to_list() == ["DT1"]
    assert next(p.ranges for p in book.ledger.places if (p.tab, p.reason) == ("DAO_TAO", "help")) == (
        "A2",
        "A5:M5",
    )


def test_c2_a_huge_range_of_formatted_rows_costs_little_and_says_nothing(tmp_path):
    def formatted(book):
        sheet = book["DOANH_NGHIEP"]
        for row in range(5, 20_000):
            sheet.cell(row, 1).number_format = "@"

    path = write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", lines(A, B)), formatted)
    started = time.process_time()
    book = read(path)
    assert time.process_time() - started < 2
    assert (told(book.findings), book.tables["enterprises"].frame.height) == ([], 2)


WORDS = {
    words.is_total: (
        ["Tổng cộng", "TỔNG SỐ:", "T Ổ N G  C Ộ N G", "Cộng nhóm I", "Cộng (I+II)", "tong cong", "Tổng số doanh nghiệp",
         "Lũy kế", "Tổng cộng toàn tỉnh", "Grand total"],
        ["Tổng công ty 36", "Cộng đồng", "Công A", "Tổng kho", "TONG CONG TY", "Tổng hợp", "Cong Hoa", "Total Gas",
         "Công"],
    ),
    words.is_section: (
        ["I. Sản xuất", "II/ Dịch vụ", "A. Khối", "IV.Thương mại", "Nhóm 1: Dệt may", "PHẦN II",
         "Nhóm doanh nghiệp FDI"],
        ["C.P Việt Nam", "A Châu", "1. Công ty", "Nhóm trẻ Hoa Mai", "Mục tiêu", "I Love"],
    ),
    words.is_signature: (
        ["Người lập biểu", "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC", "…, ngày … tháng … năm 2025", "(Ký, ghi rõ họ tên)",
         "Nơi nhận:", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "CHI CỤC TRƯỞNG", "Bắc Ninh, ngày 25/11/2026",
         "Người lập: Lan", "Người lập biểu : Nguyễn Văn A"],
        ["Người lập dị", "ngày 25/11/2026", "Công ty Kế toán Việt",
         "Ngày Mới", "Lập Phương", "Công ty TNHH Kiểm tra", "Nơi"],
    ),
    words.is_remark: (["Ghi chú: ước", "Nguồn: Sở", "(*) số ước", "Lưu ý"], ["Nguồn lực Việt", "Ghi chép"]),
    words.marks_example: (
        ["Ví dụ", "VD: Công ty A", "Ví dụ 1: A", "mẫu"], ["VD Group", "Mẫu giáo Hoa Sen", "Công ty Ví Dụ"],
    ),
    words.is_table_title: (["Bảng 2: Chi tiết", "Phụ lục II", "Biểu 3. Khác"], ["Bảng hiệu Sài Gòn", "Bảng giá"]),
}  # fmt: skip


@pytest.mark.parametrize("is_kind", WORDS, ids=lambda is_kind: is_kind.__name__)
def test_words_are_told_from_names_that_begin_like_them(is_kind):
    meant, others = WORDS[is_kind]
    assert [text for text in meant if not is_kind(text)] == []
    assert [text for text in others if is_kind(text)] == []


# Rows of the five columns below, wherever they stand: what each is. A record has its own tax code, put in for "?".
POOL: dict[str, list[list]] = {
    "record": [
        ["?", "Công ty A", "Hà Nội", 10, 100], ["?", "Tổng công ty B", "Hà Nội", "", ""], ["?", "Tổng cộng", "", 1, 2],
    ],
    "total": [["Tổng cộng", "", "", 30, 350], ["", "Cộng nhóm I", "", "", 7], ["", "", "Tổng số", 1, ""]],
    "section": [["I", "Công nghiệp", "", "", ""], ["", "II. Nông nghiệp", "", "", ""], ["Nhóm 1", "", "", 5, 9]],
    "heading": [["Mã số thuế", "Tên doanh nghiệp", "Tỉnh, thành phố", "Lao động", "Doanh thu"]],
    "remark": [["Ghi chú: số liệu ước", "", "", "", ""]],
    "footer": [
        ["", "Người lập biểu", "", "Thủ trưởng đơn vị", ""], ["", "", "Hà Nội, ngày 5 tháng 11 năm 2025", "", ""],
    ],
    "blank": [["", "", "", "", ""]],
}  # fmt: skip
COLUMNS = ("tax_code", "enterprise_name", "province_code", "insured_workers", "revenue")
ROWS: st.SearchStrategy[list[tuple[str, list]]] = st.lists(
    st.sampled_from([(kind, row) for kind, rows in POOL.items() for row in rows]), max_size=40
)


@given(ROWS)
def test_a_row_is_what_it_is_wherever_it_stands(drawn):
    sheet = SCHEMAS.form().by_id["enterprises"]
    known = known_headings(sheet, SCHEMAS.code_lists["currency_units"])
    rows = [[f"{at:010}" if cell == "?" else cell for cell in row] for at, (_, row) in enumerate(drawn)]
    layout = Layout(None, 0, {name: at for at, name in enumerate(COLUMNS)})
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    kinds = kinds_of_rows(Body(sheet, layout, columns, known))
    expected = list(meant(drawn))
    assert [
        kinds.ignored.get(at, kind if kind == "blank" else "record") for at, kind in enumerate(expected)
    ] == expected
    assert list(kinds.records) == [at for at, kind in enumerate(expected) if kind == "record"]


def meant(drawn):
    """Return what each row is, by what follows: groups have records, and remarks have none."""
    kinds = [kind for kind, _ in drawn]
    records = [at for at, kind in enumerate(kinds) if kind == "record"]
    last = records[-1] if records else -1
    for at, (kind, row) in enumerate(drawn):
        if kind == "section" and row[0] and at > last:
            kinds[at] = "record"
    last = max((at for at, kind in enumerate(kinds) if kind == "record"), default=-1)
    return ["record" if kind == "remark" and at < last else kind for at, kind in enumerate(kinds)]


def between(sheet):
    """Return rows that are no records of `sheet`, with what they are; words stand in the columns of texts."""
    texts = [at for at, column in enumerate(sheet.columns) if column.type == "string"]
    numbers = [
        at
        for at, column in enumerate(sheet.columns)
        if column.type != "string" and column.id not in sheet.key
    ]

    def row(cells):
        return [cells.get(at, "") for at in range(len(sheet.columns))]

    yield (
        "total",
        row({texts[0]: "Tổng cộng"} | {at: 5 for at in numbers if sheet.columns[at].type == "integer"}),
    )
    yield "section", row({texts[1]: "II. Nhóm khác"})
    yield "section", row({texts[0]: "Nhóm 2: khác"})
    yield "heading", ["\n".join(column.heading(MILLION)) for column in sheet.columns]
    yield "heading", [column.title.vi.upper() for column in sheet.columns]
    yield "footer", row({texts[0]: "Người lập biểu", texts[2]: "THỦ TRƯỞNG ĐƠN VỊ"})


@pytest.mark.parametrize("sheet", SCHEMAS.form().tables, ids=lambda sheet: sheet.id)
def test_in_every_sheet_records_are_told_from_what_stands_between_them(sheet):
    known = known_headings(sheet, SCHEMAS.code_lists["currency_units"])
    layout = Layout(None, 0, {column.id: at for at, column in enumerate(sheet.columns)})
    rows, expected = [], []
    for number in range(40):
        for kind, row in between(sheet) if number % 10 == 5 else ():
            rows.append(row)
            expected.append(kind)
        rows.append(
            [number if column.type == "integer" else f"{column.example} {number}" for column in sheet.columns]
        )
        expected.append("record")
    kinds = kinds_of_rows(Body(sheet, layout, list(zip(*rows, strict=True)), known))
    assert [kinds.ignored.get(at, "record") for at in range(len(rows))] == expected


TOOLS = SCHEMAS.code_lists["tools"]
SEVERAL = r"""
ISO 9001, 5S, Lean               | ISO-9001 5S LEAN
ISO 9001 và 5S                   | ISO-9001 5S
1) ISO 9001 2) 5S                | ISO-9001 5S
1. ISO 9001\n2. 5S               | ISO-9001 5S
- ISO 9001\n- Lean               | ISO-9001 LEAN
ISO 9001 & 14001                 | ISO-9001 ISO-14001
ISO 9001/14001                   | ISO-9001 ISO-14001
ISO/IEC 17025; ISO 9001.         | ISO-17025 ISO-9001
ISO/IEC 17025                    |
ISO 9001, chưa rõ                |
Sàng lọc, sắp xếp                |
Chứng nhận, công bố hợp chuẩn    |
5S, 5 S                          |
"""


@pytest.mark.parametrize("line", SEVERAL.strip().splitlines())
def test_c9_a_list_in_one_cell_is_told_from_one_name_with_a_comma(line):
    text, codes = (part.strip() for part in line.split("|"))
    assert [code.code for code in several(TOOLS, text.replace("\\n", "\n"), None, None)] == codes.split()


def test_c9_several_codes_in_one_cell_are_named_one_by_one(tmp_path):
    applications = """
    | application_id | programme | tax_code    | tool_code        | status     |
    | HT001          | '1322     | '0100233488 | ISO 9001, và 5S  | Hoàn thành |
    | HT002          | '1322     | '0100233488 | ISO 9001         | Hoàn thành |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(applications=applications)))
    assert said(book) == [("XLT227", "AP_DUNG", "D5")]
    found = next(f for f in book.findings if f.code == "XLT227")
    assert message(found, "vi").endswith(": “ISO 9001 – Hệ thống quản lý chất lượng”, “5S”.")
    assert message(found, "en").endswith(": “ISO 9001 – Quality management system”, “5S”.")
    assert book.tables["applications"].frame["tool_code"].to_list() == [None, "ISO-9001"]


def test_what_has_one_value_in_a_row_is_told_by_the_words_of_the_list_and_to_choose_one(tmp_path):
    enterprises = """
    | tax_code    | enterprise_name | declared_size |
    | '0100233488 | Công ty         | vừa và nhỏ    |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(enterprises=enterprises)))
    found = next(f for f in book.findings if f.code == "XLT227")
    assert message(found, "vi").endswith(": “Vừa”, “Nhỏ”.")
    assert "chọn một giá trị trong danh sách" in hint(found, "vi")


def test_every_finding_on_rows_speaks_both_languages_and_refuses_nothing(tmp_path):
    rows = lines(*(row for name in CASES for row in CASES[name][0][:2]))
    book = read(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", rows)))
    found = [f for f in book.findings if f.code in ("XLT215", "XLT216", "XLT230")]
    assert found
    assert all(message(f, "vi") != message(f, "en") for f in found)
    assert "error" not in {severity(f) for f in found}


def test_what_to_do_about_a_row_that_is_no_record_fits_the_reason(tmp_path):
    rows = lines("| | | Ví dụ: Công ty X | | | |", A, B, "| | Tổng cộng | | | 30 | 350 |")
    book = read(write(tmp_path / "a.xlsx", typed("DOANH_NGHIEP", rows)))
    told = [(one.facts["kind"], hint(one, "vi")) for one in book.findings if one.code == "XLT215"]
    said = {kind.vi: text for kind, text in told if isinstance(kind, Text)}
    assert {kind: "“Ví dụ”" in text for kind, text in said.items()} == {
        "dòng ví dụ": True,
        "dòng cộng": False,
    }
