"""What a worksheet shows beside its values is told at its place, and loses no row."""

import zipfile
from io import BytesIO

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

from tests.received import QUIET, errors, only, read, says, told, typed, write
from tests.sheets import write_xlsxwriter
from tests.test_reading import FORM, SCHEMAS
from xltrack.checking import check_workbook
from xltrack.excel.template import TemplateOptions, write_template
from xltrack.findings import message, severity
from xltrack.findings.marking import seal

TAB = "DOANH_NGHIEP"
TABLE = """
| Mã số thuế  | Tên doanh nghiệp | Tỉnh, thành phố | Lao động |
| '0100233488 | Công ty A        | Hà Nội          | 10       |
| '0314409058 | Công ty B        | Hà Nội          | 20       |
| '0101234572 | Công ty C        | Hà Nội          | 30       |
"""
# 1×1 pixel, as any program writes one.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f0005"
    "0001ff56c72f0d0000000049454e44ae426082"
)


def received(tmp_path, change, table=TABLE):
    """Return what is read of `table` once `change` was done to its worksheet in openpyxl."""
    return read(write(tmp_path / "a.xlsx", typed(TAB, table), lambda book: change(book[TAB])))


def names(book):
    return book.tables["enterprises"].frame["enterprise_name"].to_list()


def test_c8_a_value_merged_down_over_records_is_an_error_that_proposes_what_to_fill_in(tmp_path):
    book = received(tmp_path, lambda sheet: sheet.merge_cells("C3:C5"))
    assert told(book.findings) == ["XLT217 C3"]
    assert says(book, "XLT217") == (
        "«Tỉnh, thành phố»: các ô C3:C5 bị gộp thành một; ô đầu có giá trị “Hà Nội”, các ô dưới để trống. "
        "Đề nghị điền “Hà Nội” vào C4, C5."
    )
    assert errors(book) == ["XLT217"]
    assert book.tables["enterprises"].frame["province_code"].to_list() == ["T34-01", None, None]


def test_c8_of_many_merged_rows_the_first_are_named(tmp_path):
    rows = "\n".join(f"| '{at:010} | Công ty {at} | | |" for at in range(1, 12))
    table = "\n".join([*TABLE.splitlines()[:3], rows])
    book = received(tmp_path, lambda sheet: sheet.merge_cells("C3:C14"), table)
    assert "vào C4, C5, C6, C7, C8 và 6 ô nữa" in says(book, "XLT217")


# What stands in C3, C4 and C5 though the three are merged, and what is said: Excel itself empties all but the first.
COVERED: dict[str, tuple[list[str | None], list[str]]] = {
    "all differ": (["Hà Nội", "Bắc Ninh", "Hà Nội"], ["XLT233 C3: “Hà Nội” over C4 “Bắc Ninh”"]),
    "one is blank": (
        ["Hà Nội", "Bắc Ninh", None],
        ["XLT217 C3: “Hà Nội” into C5", "XLT233 C3: “Hà Nội” over C4 “Bắc Ninh”"],
    ),
    "the first is blank": ([None, "Bắc Ninh", None], ["XLT233 C3: “không có” over C4 “Bắc Ninh”"]),
    "all are the same": (["Hà Nội"] * 3, []),
}


@pytest.mark.parametrize("name", COVERED)
def test_c8_a_value_hidden_under_a_merged_cell_is_told_and_never_overwritten(name, tmp_path):
    typed_in, expected = COVERED[name]

    def merge(sheet):
        for row, value in enumerate(typed_in, 3):
            sheet.cell(row, 3).value = value
        sheet.merged_cells.add("C3:C5")  # unlike merge_cells, this keeps what is covered

    book = received(tmp_path, merge)
    words = {"XLT217": "“{}” into {}", "XLT233": "“{}” over {}"}
    said = [
        f"{f.code} {f.cell}: {words[f.code].format(f.value or 'không có', f.facts['cells'].vi)}"
        for f in book.findings if f.code not in QUIET
    ]  # fmt: skip
    assert said == expected
    assert book.tables["enterprises"].raw["province_code"].to_list() == typed_in


def test_c8_merged_cells_are_told_once_and_no_rule_asks_for_what_they_cover(tmp_path):
    book = received(tmp_path, lambda sheet: (sheet.merge_cells("B3:B5"), sheet.merge_cells("A4:A5")))
    assert told(book.findings) == ["XLT217 A4", "XLT217 B3"]
    about = {finding.cell for finding in check_workbook(book, SCHEMAS)}
    assert about & {"A4", "A5", "B3", "B4", "B5"} == set()
    across = received(tmp_path, lambda sheet: sheet.merge_cells("A3:B3"))
    assert told(across.findings) == ["XLT218 A3"]
    assert "XLT401 B3" in told(check_workbook(across, SCHEMAS))


# Merged cells and what is said of them; the sheet has headings in row 2 and a total in row 6.
MERGED = {
    "across a record, whose number is lost": ("C3:D3", ["XLT216 D6", "XLT218 C3"]),
    "over rows and columns": ("C3:D4", ["XLT216 D6", "XLT217 C3"]),
    "over blank cells": ("E3:E5", []),
    "a title": ("A1:D1", []),
    "a total": ("A6:C6", []),
    "below everything": ("A20:D22", []),
}


@pytest.mark.parametrize("name", MERGED)
def test_c8_only_what_is_merged_over_records_is_told(name, tmp_path):
    span, expected = MERGED[name]
    book = received(tmp_path, lambda sheet: sheet.merge_cells(span), TABLE + "| Tổng cộng | | | 60 |")
    assert [line for line in told(book.findings) if not line.startswith("XLT215")] == expected
    assert names(book) == ["Công ty A", "Công ty B", "Công ty C"]


def test_c4_a_text_merged_over_the_table_heads_a_section(tmp_path):
    table = "\n".join(
        [*TABLE.splitlines()[:2], "| Doanh nghiệp ngành dệt may | | | |", *TABLE.splitlines()[2:]]
    )
    assert len(names(received(tmp_path, lambda _: None, table))) == 4
    book = received(tmp_path, lambda sheet: sheet.merge_cells("A3:D3"), table)
    assert (told(book.findings), names(book)) == (["XLT215 A3"], ["Công ty A", "Công ty B", "Công ty C"])


def test_b20_rows_struck_through_count_and_are_told(tmp_path):
    def strike(sheet):
        for cell in (*sheet[4], sheet["B5"], sheet["A2"]):
            cell.font = Font(strike=True)

    book = received(tmp_path, strike)
    assert told(book.findings) == ["XLT219 A4", "XLT219 B5"]
    assert "4 ô bị gạch ngang, bắt đầu từ “0314409058”" in says(book, "XLT219")
    assert len(names(book)) == 3


def test_b19_notes_on_records_are_told_with_their_words_and_others_are_not(tmp_path):
    ours = "[xltrack] sai kiểu"

    def comment(sheet):
        sheet["D4"].comment = Comment("số đúng là 25, CCCD 001088012345", "Sở")
        sheet["D2"].comment = Comment("đầu cột", "Sở")
        sheet["D5"].comment = Comment("\n".join((ours, seal([ours]))), "xltrack")
        sheet["H9"].comment = Comment("ngoài bảng", "Sở")

    book = received(tmp_path, comment)
    assert told(book.findings) == ["XLT220 D4"]
    assert "số đúng là 25" in says(book, "XLT220")
    assert "001088012345" not in says(book, "XLT220")


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("{ours}\nĐã hỏi lại", "XLT147 D4"),
        ("Đã hỏi lại\n{ours}", "XLT220 D4"),
        ("[xltrack] sai\nĐã hỏi lại", "XLT147 D4"),
    ],
)
def test_b19_an_answer_below_what_xltrack_wrote_is_a_note_and_no_warning(note, expected, tmp_path):
    ours = "\n".join(("[xltrack] sai kiểu", seal(["[xltrack] sai kiểu"])))
    written = note.format(ours=ours)
    book = received(tmp_path, lambda sheet: setattr(sheet["D4"], "comment", Comment(written, "Sở")))
    assert told(book.findings) == [expected]
    assert "Đã hỏi lại" in says(book, expected[:6])
    (found,) = (one for one in book.findings if one.code == expected[:6])
    assert severity(found) == ("warning" if found.code == "XLT220" else "note")


def hide(sheet, *rows, columns=()):
    for row in rows:
        sheet.row_dimensions[row].hidden = True
    for letter in columns:
        sheet.column_dimensions[letter].hidden = True


def filtered(sheet):
    hide(sheet, 3, 5)
    sheet.auto_filter.ref = "A2:D5"
    sheet.auto_filter.add_filter_column(1, ["Công ty B"])


HIDDEN = {
    "rows": (lambda sheet: hide(sheet, 3, 4), ["XLT221 DOANH_NGHIEP"], "dòng 3–4"),
    "rows by a filter": (filtered, ["XLT222 DOANH_NGHIEP"], "2 dòng số liệu (dòng 3, 5)"),
    "the headings and blank rows": (lambda sheet: hide(sheet, 1, 2, 9), [], ""),
    "columns": (lambda sheet: hide(sheet, columns="BD"), ["XLT224 DOANH_NGHIEP"], "B, D"),
    "columns outside": (lambda sheet: hide(sheet, columns="HZ"), [], ""),
}


@pytest.mark.parametrize("name", HIDDEN)
def test_b14_what_is_hidden_is_read_and_told(name, tmp_path):
    change, expected, words = HIDDEN[name]
    book = received(tmp_path, change)
    assert (told(book.findings), names(book)) == (expected, ["Công ty A", "Công ty B", "Công ty C"])
    assert not expected or words in says(book, expected[0][:6])
    assert errors(book) == []


DRAWN = {
    "a text box": lambda sheet: sheet.insert_textbox("F3", "số liệu bổ sung: 5"),
    "a picture": lambda sheet: sheet.insert_image("F3", "anh.png", {"image_data": BytesIO(PIXEL)}),
}


@pytest.mark.parametrize("name", DRAWN)
def test_b21_pictures_and_text_boxes_are_told_for_what_is_in_them_is_not_read(name, tmp_path):
    def draw(book):
        for tab in (TAB, "BIA"):
            DRAWN[name](book.get_worksheet_by_name(tab))

    book = read(write_xlsxwriter(tmp_path / "a.xlsx", typed(TAB, TABLE), draw))
    assert told(book.findings) == [f"XLT223 {TAB}"], "a logo on the cover is nobody's business"
    assert "1 hình" in says(book, "XLT223")


def test_b13_rows_typed_below_the_native_table_are_read_and_told(tmp_path):
    book = received(tmp_path, lambda sheet: sheet.add_table(Table(displayName="t1", ref="A2:D4")))
    assert (told(book.findings), names(book)) == ([f"XLT229 {TAB}"], ["Công ty A", "Công ty B", "Công ty C"])
    assert "1 dòng số liệu nằm dưới bảng A2:D4 (dòng 5)" in says(book, "XLT229")


def test_b12_a_native_table_of_ones_own_below_is_another_table(tmp_path):
    table = TABLE + "\n| Huyện | Số lượng | | |\n| X | 2 | | |"
    book = received(tmp_path, lambda sheet: sheet.add_table(Table(displayName="t1", ref="A7:B8")), table)
    assert (told(book.findings), len(names(book))) == (["XLT225 A7"], 3)


def test_b15_rows_beyond_what_the_form_has_room_for_are_read_and_told(tmp_path):
    many = [
        {"course_id": f"DT{at:03}", "kind": "workshop", "title": f"Lớp {at}"}
        for at in range(FORM.by_id["training"].capacity)
    ]
    write_template(tmp_path / "a.xlsx", FORM, SCHEMAS, TemplateOptions(rows={"training": many}))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    for at in range(3):
        for column, value in zip("ABC", (f"X{at}", "Hội thảo", "Lớp thêm"), strict=True):
            book["DAO_TAO"][f"{column}{505 + at}"] = value
    book.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx")
    assert found.tables["training"].frame.height == 503
    assert told(found.findings) == ["XLT229 DAO_TAO"]


# The cover: what was done to its worksheet, and what is said.
COVER = {
    "a note on a value": (lambda s: setattr(s["C9"], "comment", Comment("năm cũ", "Sở")), ["XLT220 C9"]),
    "a value struck through": (lambda s: setattr(s["C9"], "font", Font(strike=True)), ["XLT219 C9"]),
    "a row hidden": (lambda s: hide(s, 9), ["XLT221 BIA"]),
    "the ids hidden, as in the form": (lambda s: hide(s, columns="A"), []),
    "a value beside its cell": (lambda s: setattr(s["F9"], "value", 2024), ["XLT231 F9"]),
    "remarks below": (lambda s: setattr(s["B40"], "value", "xem công văn"), ["XLT231 B40"]),
    "signed below": (lambda s: setattr(s["C40"], "value", "KT. GIÁM ĐỐC"), []),
    "two values merged into one": (lambda s: s.merge_cells("C9:C10"), ["XLT217 C9"]),
}


@pytest.mark.parametrize("name", COVER)
def test_the_cover_is_looked_at_as_the_tables_are(name, tmp_path):
    change, expected = COVER[name]
    path = write(tmp_path / "a.xlsx", only(), lambda book: change(book["BIA"]))
    book = read(path)
    assert told(book.findings) == expected
    assert all(message(finding, "vi") != message(finding, "en") for finding in book.findings)


def test_a_form_as_it_is_sent_out_has_nothing_of_all_this(tmp_path):
    write_template(tmp_path / "a.xlsx", FORM, SCHEMAS, TemplateOptions(unit=SCHEMAS.units.by_code["T34-24"]))
    with zipfile.ZipFile(tmp_path / "a.xlsx") as package:
        assert "xl/tables/table1.xml" in package.namelist()
    assert told(read(tmp_path / "a.xlsx").findings) == []
