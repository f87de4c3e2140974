"""A column is what its id or its heading says, wherever it stands; where they disagree people are told."""

import pytest

from tests.received import errors, only, read, reasons, says, told, typed, write
from tests.sheets import rows_of, table_rows
from tests.test_reading import FORM, sheets
from xltrack.findings import message, severity

TAB = "DOANH_NGHIEP"
IDS = ("tax_code", "enterprise_name", "province_code", "insured_workers", "revenue")
ROW = ["0100233488", "Công ty A", "Hà Nội", 10, 100]
NAMES = dict(
    zip(
        IDS,
        ["Mã số thuế *", "Tên doanh nghiệp *", "Tỉnh, thành phố *", "Lao động", "Doanh thu (triệu đồng)"],
        strict=True,
    )
)
ENGLISH = [FORM.by_id["enterprises"].by_id[column_id].title.en for column_id in IDS]

# Each case: the worksheet's rows, and where the columns were found (letters in the order of IDS).
FOUND: dict[str, tuple[list, str]] = {
    "b5 title rows, a merged banner": (
        [["UBND TỈNH BẮC NINH"], ["SỞ KHOA HỌC VÀ CÔNG NGHỆ"], [], [None, "BÁO CÁO"], list(NAMES.values()), ROW],
        "A B C D E",
    ),
    "b6 line breaks, spaces, no-break spaces, case": (
        [["MÃ SỐ\nTHUẾ", " tên  doanh nghiệp ", "Tỉnh,\u00a0thành phố", "LAO ĐỘNG", "doanh thu\n(Triệu đồng)"], ROW],
        "A B C D E",
    ),
    "b6 without marks, numbered": (
        [["(1) Ma so thue", "2. Ten doanh nghiep", "Tinh, thanh pho (3)", "[4] Lao dong", "5) Doanh thu"], ROW],
        "A B C D E",
    ),
    "b6 in English": ([ENGLISH, ROW], "A B C D E"),
    "b7 two rows of headings": (
        [["Mã số thuế", "Tên doanh nghiệp", "Tỉnh, thành phố", "Lao động", None, "Doanh thu"],
         [None, None, None, "Tổng số", "Nữ", None], [*ROW[:4], 4, 100]],
        "A B C D F",
    ),
    "b7 two rows, the lower one fuller": (
        [["Thông tin chung", None, None, "Quy mô", None], list(NAMES.values()), ROW], "A B C D E",
    ),
    "b7 two languages in two rows": (
        [list(NAMES.values()), ENGLISH, ROW], "A B C D E",
    ),
    "b8 a column inserted and others moved": (
        [[NAMES["revenue"], "Ghi chú", *list(NAMES.values())[:4]], [100, None, *ROW[:4]]], "C D E F A",
    ),
    "b10 a year and a day for a heading": (
        [[*NAMES.values(), 2025, "Năm hỗ trợ đầu tiên"], [*ROW, None, 2024]], "A B C D E",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_columns_are_found_by_their_headings(name, tmp_path):
    rows, letters = FOUND[name]
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=rows)))
    table = book.tables["enterprises"]
    assert [table.addresses[column_id] for column_id in IDS] == letters.split()
    assert table.frame.select(IDS).rows() == [("0100233488", "Công ty A", "T34-01", 10, 100_000_000)]
    assert errors(book) == []


def test_b7_what_stands_under_a_group_is_known_by_both_rows(tmp_path):
    rows, _ = FOUND["b7 two rows of headings"]
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=rows)))
    assert book.tables["enterprises"].frame["women_workers"].to_list() == [4]
    assert book.tables["enterprises"].cell("women_workers", 3) == "E3"
    assert told(book.findings) == []


def test_b7_a_first_record_is_no_second_row_of_headings(tmp_path):
    rows = [
        ["Mã số thuế", "Tên doanh nghiệp", None, "Lao động"],
        ["0100233488", "Doanh nghiệp", "Quy mô", 10],
    ]
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=rows)))
    assert book.tables["enterprises"].frame["enterprise_name"].to_list() == ["Doanh nghiệp"]
    assert "XLT205 C1" in told(book.findings)


ROWS_ABOVE: dict[str, tuple[list, list[str]]] = {
    "records, the first headings gone": (
        [ROW, ["0314409058", "Công ty B", "Hà Nội", 20, 250]],
        ["XLT232 A1"],
    ),
    "texts only, but several": ([["x", "Công ty B", "Hà Nội"], ["y", "Công ty C", "Hà Nội"]], ["XLT232 A1"]),
    "one more row of headings": ([["Định danh", "Tên gọi", "Địa bàn", "Quy mô"]], []),
    "titles": ([["UBND TỈNH", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], [2025]], []),
}


@pytest.mark.parametrize("name", ROWS_ABOVE)
def test_b6_rows_above_the_only_headings_left_are_an_error(name, tmp_path):
    above, expected = ROWS_ABOVE[name]
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=[*above, list(NAMES.values()), ROW])))
    assert told(book.findings) == expected
    assert set(reasons(book, TAB)) == ({"above_headings"} if expected else set())


def filled_in(*columns) -> list[list]:
    """Return a worksheet as the template lays it out, its ids and headings as given, pairs of id and heading."""
    rows = table_rows(FORM.by_id["enterprises"], "|" + "|".join(IDS) + "|")
    return [*rows[:2], [one for one, _ in columns], [heading for _, heading in columns], ROW]


def test_b6_a_heading_that_was_edited_is_told_and_read_by_its_id(tmp_path):
    found = filled_in(*(NAMES | {"enterprise_name": "Tên cơ sở sản xuất, kinh doanh"}).items())
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=found)))
    assert told(book.findings) == ["XLT211 B4"]
    assert "cột B là “Tên cơ sở sản xuất, kinh doanh”, không phải «Tên doanh nghiệp»" in says(book, "XLT211")
    assert book.tables["enterprises"].frame["enterprise_name"].to_list() == ["Công ty A"]


def test_b6_an_edited_heading_over_a_column_copied_elsewhere_is_told_where_it_is_read(tmp_path):
    edited = (NAMES | {"enterprise_name": "Đơn vị nào đó"}).items()
    for head in (("enterprise_name", None), (None, NAMES["enterprise_name"])):
        found = filled_in(*edited, head)
        found[4] = [*ROW, "Công ty B"]
        both = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=found)))
        assert sorted(told(both.findings)) == [f"XLT206 {TAB}", "XLT211 B4"]
        found[4] = [ROW[0], None, *ROW[2:], "Công ty B"]
        moved = read(write(tmp_path / "b.xlsx", only(DOANH_NGHIEP=found)))
        assert (told(moved.findings), moved.tables["enterprises"].addresses["enterprise_name"]) == (
            [],
            "ABCDEF"[len(ROW)],
        )


@pytest.mark.parametrize("above", [1, 5, 20])
def test_b5_titles_between_the_ids_and_the_headings_are_titles(above, tmp_path):
    found = filled_in(*NAMES.items())
    found[3:3] = [["ỦY BAN NHÂN DÂN TỈNH"], ["Biểu số", None, "Năm 2025"]] * above
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=found)))
    assert (told(book.findings), set(reasons(book, TAB))) == ([], set())
    assert book.tables["enterprises"].frame["_row"].to_list() == [5 + 2 * above]


def test_b6_headings_far_below_the_ids_are_no_headings_of_the_rows_between(tmp_path):
    found = filled_in(*NAMES.items())
    rows = [["0314409058", "Công ty B", "Hà Nội"]] * 6
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=[*found[:3], *rows, *found[3:]])))
    assert book.tables["enterprises"].frame.height == 7


def test_b6_a_heading_that_was_cleared_or_reworded_as_people_do_is_not_worth_a_word(tmp_path):
    found = filled_in(*(NAMES | {"enterprise_name": "Tên DN", "province_code": None}).items())
    assert told(read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=found))).findings) == []


def test_b8_a_table_pasted_over_the_form_is_refused_where_headings_contradict_ids(tmp_path):
    pasted = {**NAMES, "tax_code": NAMES["enterprise_name"], "enterprise_name": NAMES["tax_code"]}
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=filled_in(*pasted.items()))))
    assert [line for line in told(book.findings) if line.startswith("XLT2")] == ["XLT210 A4", "XLT210 B4"]
    assert "cột A là «Mã số thuế», nhưng tiêu đề lại là “Tên doanh nghiệp *”, tức «Tên doanh nghiệp»" in says(
        book, "XLT210"
    )
    assert {severity(f) for f in book.findings if f.code == "XLT210"} == {"error"}


DOUBLE: dict[str, tuple[list, list[str], str]] = {
    "both hold data": ([10, 11], ["XLT206 DOANH_NGHIEP"], "A"),
    "only the first": ([10, None], [], "A"),
    "only the second": ([None, 11], [], "B"),
    "none": ([None, None], [], "A"),
}


@pytest.mark.parametrize("name", DOUBLE)
def test_b9_of_two_columns_with_one_heading_the_one_with_data_is_read(name, tmp_path):
    cells, expected, letter = DOUBLE[name]
    rows = [["Lao động", "Lao động", *list(NAMES.values())[:3]], [*cells, *ROW[:3]]]
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=rows)))
    assert told(book.findings) == expected
    assert book.tables["enterprises"].addresses["insured_workers"] == letter


def test_b9_the_letters_of_both_are_named(tmp_path):
    rows = [["Lao động", "Lao động", *list(NAMES.values())[:3]], [10, 11, *ROW[:3]]]
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=rows)))
    assert "(cột A, B)" in says(book, "XLT206")


def test_b8_columns_of_ones_own_are_told_and_row_numbers_are_not(tmp_path):
    table = """
    | STT | Mã số thuế  | Tên doanh nghiệp | Tỉnh, thành phố | Người liên hệ |
    | 1   | '0100233488 | Công ty A        | Hà Nội          | Phòng A       |
    | 2   | '0314409058 | Công ty B        | Hà Nội          | Phòng B       |
    """
    book = read(write(tmp_path / "a.xlsx", typed(TAB, table)))
    assert told(book.findings) == ["XLT205 E2"]
    assert reasons(book, TAB) == {"row_numbers": "A3:A4", "unknown_column": "E3:E4"}


def test_b8_a_column_called_row_number_with_something_else_in_it_is_told(tmp_path):
    table = """
    | STT          | Mã số thuế  | Tên doanh nghiệp | Tỉnh, thành phố |
    | xem phụ lục  | '0100233488 | Công ty A        | Hà Nội          |
    """
    assert told(read(write(tmp_path / "a.xlsx", typed(TAB, table))).findings) == ["XLT205 A2"]


MAIN = """
| Mã số thuế  | Tên doanh nghiệp | Tỉnh, thành phố |
| '0100233488 | Công ty A        | Hà Nội          |
| '0314409058 | Công ty B        | Hà Nội          |
"""
BESIDE: dict[str, tuple[list, str]] = {
    "of one's own": ([["Huyện", "Số lượng"], ["X", 2]], "XLT225 F1 F1:G2, 4 ô"),
    "without headings": ([[None, None], ["X", 2]], "XLT225 F2 F2:G2, 2 ô"),
    "sums by a column of the form": (
        [["Quy mô", "Số lượng", "Tỷ lệ"], ["Nhỏ", 2, 1], ["Cộng", 2]], "XLT225 F1 F1:H3, 8 ô",
    ),
    "with the form's key": (
        [["Mã số thuế", "Họ tên"], ["0101234572", "Công ty C"]], "XLT226 F1 F1:G2, 4 ô",
    ),
    "with the key among headings of one's own": (
        [["STT", "Mã số thuế", "Ngày ký", "Người ký"], [1, "0101234572", "05/01", "An"]], "XLT226 F1 F1:I2, 8 ô",
    ),
    "without the key, but headed as the form is": (
        [["Tên doanh nghiệp", "Quy mô", "Lao động", "Ghi chú"], ["Công ty X", "Nhỏ", 7, "mới"]],
        "XLT226 F1 F1:I2, 8 ô",
    ),
}  # fmt: skip
"""What stands beside a table of four columns and six rows, the finding and what it says of it."""


@pytest.mark.parametrize("name", BESIDE)
def test_b12_a_table_beside_is_told_apart_and_never_read_into_the_first(name, tmp_path):
    beside, expected = BESIDE[name]
    code, place, said = expected.split(" ", 2)
    names = [f"Công ty {letter}" for letter in "ABCDE"]
    rows: list[list] = [
        ["Mã số thuế", "Tên doanh nghiệp", "Quy mô", "Lao động"],
        *(["0100233488", name, "Nhỏ", 5] for name in names),
    ]
    beside = [*beside, *[[]] * (len(rows) - len(beside))]
    rows = [[*row, None, *other] for row, other in zip(rows, beside, strict=True)]
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=rows)))
    assert f"{code} {place}" in told(book.findings)
    assert f"({said})" in says(book, code)
    assert book.tables["enterprises"].frame["enterprise_name"].to_list() == names
    assert set(reasons(book, TAB)) == {"other_table"}


def test_b12_applications_beside_the_applications_are_never_only_warned_of(tmp_path):
    found = sheets(
        applications="| application_id | programme | tax_code | tool_code | status |\n"
        "| HT1 | '1322 | '0100233488 | 5S | Kế hoạch |"
    )
    *above, heads, row = found["AP_DUNG"]
    beside = [[*heads, None, None, "Mã số thuế", "Công cụ"], [*row, None, None, "0314409058", "KAIZEN"]]
    book = read(write(tmp_path / "a.xlsx", {**found, "AP_DUNG": [*above, *beside]}))
    assert [line for line in told(book.findings) if line.startswith("XLT22")] == ["XLT226 H4"]


def test_b12_sums_beside_the_money_are_no_payments_to_copy(tmp_path):
    found = sheets(
        funding="| subject_kind | year | source | figure_kind | amount |\n"
        "| Nhiệm vụ | 2025 | Ngân sách địa phương | Giải ngân | 900 |"
    )
    *above, heads, row = found["KINH_PHI"]
    found["KINH_PHI"] = [*above, [*heads, None, None, "Nguồn", "Tiền"], [*row, None, None, "NSĐP", 900]]
    book = read(write(tmp_path / "a.xlsx", found))
    assert [line for line in told(book.findings) if line.startswith("XLT22")] == ["XLT225 H4"]
    assert book.tables["funding"].frame.height == 1


TOOLS = "| Mã hỗ trợ | Chương trình | Mã số thuế | Công cụ |\n| HT1 | '1322 | '0100233488 | 5S |"
BELOW = {
    "another sheet's": (TOOLS, "XLT226 A6", "ÁP DỤNG"),
    "another sheet's, under a title": (f"| ÁP DỤNG CÔNG CỤ |\n{TOOLS}", "XLT226 A6", "ÁP DỤNG"),
    "the same, its columns otherwise": (
        "| Tên doanh nghiệp | Mã số thuế | Tỉnh |\n| Công ty C | '0101234572 | Hà Nội |", "XLT226 A6", "DOANH NGHIỆP",
    ),
    "named as a table": ("| Bảng 2: Theo huyện | | |\n| Huyện | Số lượng | |\n| X | 2 | |", "XLT225 A6", "A6:B8"),
}  # fmt: skip


@pytest.mark.parametrize("name", BELOW)
def test_b12_a_table_below_is_told_apart_and_never_read_into_the_first(name, tmp_path):
    below, expected, words = BELOW[name]
    rows = [["BÁO CÁO"], *rows_of(MAIN), [], *rows_of(below)]
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=rows)))
    assert told(book.findings) == [expected]
    assert words in says(book, expected[:6])
    assert book.tables["enterprises"].frame["enterprise_name"].to_list() == ["Công ty A", "Công ty B"]
    assert set(reasons(book, TAB)) == {"other_table"}


def test_b12_a_table_below_is_told_apart_where_its_numbers_stand_under_required_texts(tmp_path):
    heads = "| course_id | kind | title | participants |"
    found = sheets(
        training=f"{heads}\n| DT1 | Tập huấn | Khóa 5S | 30 |\n| DT2 | Hội thảo | Năng suất | 40 |"
    )
    below = "| Bảng 2. Doanh nghiệp theo huyện | | |\n| Huyện | Số doanh nghiệp | Ghi chú |\n| Yên Thế | 7 | mới |"
    found["DAO_TAO"] += [[], *rows_of(below)]
    book = read(write(tmp_path / "a.xlsx", found))
    assert [code for code in told(book.findings) if not code.startswith("XLT4")] == ["XLT225 A8"]
    assert book.tables["training"].frame["course_id"].to_list() == ["DT1", "DT2"]
    assert set(reasons(book, "DAO_TAO")) == {"other_table"}


GOING_ON = {
    "a title": ("| Bảng 2: Khu công nghiệp | | |", "XLT215 A6"),
    "a title and the headings": (
        "| Bảng 2: Khu công nghiệp | | |\n" + MAIN.strip().splitlines()[0],
        "XLT215 A6",
    ),
}


@pytest.mark.parametrize("name", GOING_ON)
def test_b12_the_same_table_going_on_below_a_title_is_read_on(name, tmp_path):
    above, expected = GOING_ON[name]
    below = rows_of(above + "\n| '0101234572 | Công ty C | Hà Nội |\n| '0300588569 | Công ty D | |")
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=[["BÁO CÁO"], *rows_of(MAIN), [], *below])))
    assert told(book.findings) == [expected]
    names = book.tables["enterprises"].frame["enterprise_name"].to_list()
    assert names == [f"Công ty {name}" for name in "ABCD"]


def test_b12_the_same_table_going_on_after_a_page_is_read_on(tmp_path):
    book = read(
        write(
            tmp_path / "a.xlsx",
            only(
                DOANH_NGHIEP=[*rows_of(MAIN), [], *rows_of(MAIN)[:1], ["0101234572", "Công ty C", "Hà Nội"]]
            ),
        )
    )
    assert told(book.findings) == []
    assert book.tables["enterprises"].frame["_row"].to_list() == [2, 3, 6]


def test_b11_rows_put_into_the_locked_part_move_the_addresses(tmp_path):
    found = sheets(
        enterprises="| tax_code | enterprise_name | province_code |\n| '0100233488 | Công ty A | Hà Nôi X |"
    )
    found[TAB][3:3] = [[], ["chèn thêm"], []]
    book = read(write(tmp_path / "a.xlsx", found))
    assert told(book.findings) == ["XLT306 C8"]


def test_every_finding_on_columns_speaks_both_languages(tmp_path):
    rows = [[*NAMES.values(), "Lao động", "Ghi chú", None, "a", "b"], [*ROW, 5, "x", None, 1, 2]]
    found = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=rows))).findings
    assert {"XLT205", "XLT206", "XLT225"} <= {finding.code for finding in found}
    assert all(message(finding, "vi") != message(finding, "en") for finding in found)


@pytest.mark.parametrize("total", [["Tổng cộng", None, None, 15, 150], [None, None, None, 15, 150]])
@pytest.mark.parametrize("code", [None, "chưa có"])
def test_a_record_that_lacks_much_below_a_blank_row_stays_one_also_above_a_total(tmp_path, code, total):
    second = ["0314409058", "Công ty B", "Hà Nội", 5, 50]
    rows = [list(NAMES.values()), ROW, second, [], [code, "Công ty C", "Hà Nội", None, None], total]
    book = read(write(tmp_path / "a.xlsx", only(DOANH_NGHIEP=rows)))
    assert book.tables["enterprises"].frame["enterprise_name"].to_list()[2] == "Công ty C"
    assert "XLT225" not in {finding.code for finding in book.findings}
