"""The gate tells of a worksheet what readers of values pass over, whichever program wrote it."""

import io
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.filters import AutoFilter, FilterColumn, Filters
from openpyxl.worksheet.table import Table

from tests.sheets import MAIN, RELATIONS, package
from xltrack.findings import message
from xltrack.intake import inspect_file

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


def facts(path, tab="S"):
    intake = inspect_file(path)
    assert intake.findings == ()
    return intake.facts.sheets[tab]


def openpyxl_sheet(tmp_path, fill):
    """Return the facts of a worksheet "S" that openpyxl wrote, filled by `fill`."""
    book: Any = openpyxl.Workbook()
    book.active.title = "S"
    fill(book.active)
    book.save(tmp_path / "o.xlsx")
    return facts(tmp_path / "o.xlsx")


def xlsxwriter_sheet(tmp_path, fill):
    """Return the facts of a worksheet "S" that XlsxWriter wrote, filled by `fill`, which gets the workbook too."""
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        fill(book.add_worksheet("S"), book)
    return facts(tmp_path / "x.xlsx")


FORMATS = {
    "struck": ({"font_strikeout": True}, {"struck"}),
    "percent": ({"num_format": "0.0%"}, {"percent"}),
    "built-in percent": ({"num_format": 10}, {"percent"}),
    "percent sign as text": ({"num_format": '0"%"'}, set()),
    "TCVN3": ({"font_name": ".VnTime"}, {"tcvn3"}),
    "TCVN3 capitals, struck": ({"font_name": ".VNTIMEH", "font_strikeout": True}, {"tcvn3", "struck"}),
    "VNI": ({"font_name": "VNI-Times"}, {"vni"}),
    "plain": ({"font_name": "Times New Roman", "bold": True, "num_format": "#,##0"}, set()),
}


@pytest.mark.parametrize("name", FORMATS)
def test_what_a_format_says_is_told_of_cells_with_content(name, tmp_path):
    options, expected = FORMATS[name]

    def fill(sheet, book):
        sheet.write(1, 1, 5, book.add_format(options))
        sheet.write_blank(2, 1, None, book.add_format(options))
        sheet.set_column(3, 3, 9, book.add_format(options))

    assert xlsxwriter_sheet(tmp_path, fill).marks == ({"B2": expected} if expected else {})


def test_openpyxl_says_the_same_of_formats(tmp_path):
    def fill(sheet):
        sheet["A1"], sheet["A2"], sheet["A3"], sheet["A4"] = "Hµ Néi", 0.15, "xóa", "thường"
        sheet["A1"].font = Font(name=".VnArial")
        sheet["A2"].number_format = "0%"
        sheet["A3"].font = Font(strike=True)

    expected = {"A1": {"tcvn3"}, "A2": {"percent"}, "A3": {"struck"}}
    assert openpyxl_sheet(tmp_path, fill).marks == expected


def test_a_font_that_the_whole_workbook_has_is_told_of_every_cell(tmp_path):
    with xlsxwriter.Workbook(
        tmp_path / "x.xlsx", {"default_format_properties": {"font_name": ".VnTime"}}
    ) as book:
        book.add_worksheet("S").write_row(0, 0, ["a", "b"])
    assert facts(tmp_path / "x.xlsx").marks == {"A1": {"tcvn3"}, "B1": {"tcvn3"}}


RUNS: list[tuple[str, list, set]] = [
    ("all struck", [({"strike": True}, "bỏ"), ({"strike": True, "b": True}, "hẳn")], {"struck"}),
    ("one struck", [({"strike": True}, "cũ"), ({}, "mới")], set()),
    ("all legacy", [({"rFont": ".VnTime"}, "Hµ"), ({"rFont": ".VnArial"}, "Néi")], {"tcvn3"}),
    ("two encodings", [({"rFont": ".VnTime"}, "Hµ"), ({"rFont": "VNI-Times"}, "Noäi")], set()),
    ("blank run left out", [({"strike": True}, "bỏ"), ({}, " ")], {"struck"}),
]


@pytest.mark.parametrize(("name", "runs", "expected"), RUNS)
@pytest.mark.parametrize("shared", [True, False])
def test_a_text_of_several_runs_has_the_marks_of_all_of_them(name, runs, expected, shared, tmp_path):
    def fill(sheet):
        sheet["A1"] = CellRichText(*(TextBlock(InlineFont(**font), text) for font, text in runs))

    found = openpyxl_sheet(tmp_path, fill)
    assert (found.cells, found.marks) == (1, {"A1": expected} if expected else {})


@pytest.mark.parametrize(("first", "expected"), [("cũ", {"struck"}), (None, set())])
def test_a_run_without_a_font_has_the_one_of_its_cell(first, expected, tmp_path):
    def fill(sheet):
        plain = TextBlock(InlineFont(rFont="Arial"), "mới")
        struck = TextBlock(InlineFont(strike=True), "bỏ")
        sheet["A1"] = CellRichText(first, struck) if first else CellRichText(plain, struck)
        sheet["A1"].font = Font(strike=True)

    assert openpyxl_sheet(tmp_path, fill).marks == ({"A1": expected} if expected else {})


def test_cells_whose_format_the_file_does_not_define_are_told(tmp_path):
    path = package(tmp_path / "a.xlsx", '<sheetData><row r="1"><c r="A1" s="3"><v>1</v></c><c r="B1"><v>1</v></c>'
                                        '<c r="C1" s="3"/></row></sheetData>')  # fmt: skip
    assert facts(path).marks == {"A1": {"undefined"}}


def test_hidden_tabs_rows_and_columns_are_told_as_far_as_there_is_content(tmp_path):
    book = openpyxl.Workbook()
    for state in ("visible", "hidden", "veryHidden"):
        sheet = book.create_sheet(state)
        sheet.sheet_state = state
        sheet.append(["a", "b", "c"])
        sheet.append(["d"])
        sheet.row_dimensions[2].hidden = sheet.row_dimensions[9].hidden = True
        sheet.column_dimensions["B"].hidden = sheet.column_dimensions["H"].hidden = True
    book.save(tmp_path / "a.xlsx")
    for state in ("visible", "hidden", "veryHidden"):
        found = facts(tmp_path / "a.xlsx", state)
        assert (found.state, found.hidden_rows, found.hidden_columns) == (state, (2,), ("B",))
        assert not found.is_filtered


def test_rows_and_columns_of_no_size_are_hidden_however_the_zero_is_written(tmp_path):
    cells = "".join(f'<row r="{at}" ht="{ht}"><c r="A{at}"><v>1</v></c><c r="B{at}"><v>1</v></c></row>'
                    for at, ht in enumerate(("0", "0.0", "0.000", "15.0", "0.5"), 1))  # fmt: skip
    columns = '<cols><col min="1" max="1" width="0.0"/><col min="2" max="2" width="10.0"/></cols>'
    found = facts(package(tmp_path / "a.xlsx", f"{columns}<sheetData>{cells}</sheetData>"))
    assert (found.hidden_rows, found.hidden_columns) == ((1, 2, 3), ("A",))


def test_rows_that_are_there_are_seen_though_unused_ones_are_hidden(tmp_path):
    def fill(sheet, _):
        sheet.set_default_row(hide_unused_rows=True)
        sheet.write_column(0, 0, [1, 2])

    assert xlsxwriter_sheet(tmp_path, fill).hidden_rows == ()


@pytest.mark.parametrize("chosen", [Filters(filter=["a"]), None])
@pytest.mark.parametrize("native", [True, False])
def test_rows_hidden_by_a_filter_are_told_from_rows_hidden_by_hand(native, chosen, tmp_path):
    def fill(sheet):
        for name in ("Tên", "a", "b"):
            sheet.append([name])
        filtered = AutoFilter("A1:A3", [FilterColumn(colId=0, filters=chosen, hiddenButton=True)])
        if native:
            sheet.add_table(Table(displayName="Bang", ref="A1:A3", autoFilter=filtered))
        else:
            sheet.auto_filter = filtered
        sheet.row_dimensions[3].hidden = True

    found = openpyxl_sheet(tmp_path, fill)
    assert (found.hidden_rows, found.is_filtered) == ((3,), chosen is not None)


@pytest.mark.parametrize("how", ["openpyxl", "xlsxwriter"])
def test_merges_tables_notes_and_formulas_are_told(how, tmp_path):
    rows: list[list[Any]] = [["Tên", "Số"], ["a", 1], ["b", 2]]

    def by_openpyxl(sheet):
        for row in rows:
            sheet.append(row)
        sheet["D1"] = "=SUM(B2:B3)"
        sheet.add_table(Table(displayName="Bang", ref="A1:B3"))
        sheet.merge_cells("A5:B6")
        sheet["B2"].comment = Comment("xem ghi chú", "Lan")

    def by_xlsxwriter(sheet, book):
        columns = [{"header": heading} for heading in rows[0]]
        sheet.add_table("A1:B3", {"name": "Bang", "columns": columns, "data": rows[1:]})
        sheet.write_formula("D1", "=SUM(B2:B3)", None, 3)
        sheet.merge_range("A5:B6", "")
        sheet.write_comment("B2", "xem ghi chú")

    found = (
        openpyxl_sheet(tmp_path, by_openpyxl)
        if how == "openpyxl"
        else xlsxwriter_sheet(tmp_path, by_xlsxwriter)
    )
    assert found.tables == {"Bang": "A1:B3"}
    assert found.merges == ("A5:B6",)
    assert {at: text.removeprefix("Lan:\n") for at, text in found.comments.items()} == {"B2": "xem ghi chú"}
    assert (found.formulas, found.drawings) == (1, 0)
    assert found.uncalculated == ({"D1": "=SUM(B2:B3)"} if how == "openpyxl" else {})


NOTE = (
    f'<comments xmlns="{MAIN}"><authors><author>tc=1</author></authors><commentList><comment ref="B2" authorId="0">'
    "<text><t>[Threaded comment] Your version of Excel …</t></text></comment></commentList></comments>"
)
THREAD = (
    '<ThreadedComments xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments">'
    '<threadedComment ref="B2" id="1"><text>Số này của 2024?</text></threadedComment>'
    '<threadedComment ref="B2" id="2" parentId="1"><text>Đúng.</text><mentions/></threadedComment></ThreadedComments>'
)


def related(**parts):
    """Return the parts `parts`, relationship kind -> XML, and the relationships of the worksheet to them."""
    kinds = {"thread": "http://schemas.microsoft.com/office/2017/10/relationships/threadedComment"}
    listed = "".join(
        f'<Relationship Id="{name}" Type="{kinds.get(name, f"{RELATIONS}/{name}")}" Target="../{name}.xml"/>'
        for name in parts
    )
    relations = f'<Relationships xmlns="{RELATIONSHIPS}">{listed}</Relationships>'
    return {"xl/worksheets/_rels/sheet1.xml.rels": relations} | {
        f"xl/{name}.xml": xml for name, xml in parts.items()
    }


def test_a_thread_of_comments_rules_over_the_note_in_its_place(tmp_path):
    path = package(tmp_path / "a.xlsx", parts=related(comments=NOTE, thread=THREAD))
    assert facts(path).comments == {"B2": "Số này của 2024?\nĐúng."}


def test_drawn_objects_are_counted_once_each(tmp_path):
    def fill(sheet, book):
        sheet.insert_image("A1", "a.png", {"image_data": io.BytesIO(PICTURE)})
        sheet.insert_textbox("D4", "số liệu ở đây")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=S!$A$1:$A$2"})
        sheet.insert_chart("H4", chart)
        sheet.write_comment("A1", "ghi chú không phải hình vẽ")

    assert xlsxwriter_sheet(tmp_path, fill).drawings == 3
    assert openpyxl_sheet(tmp_path, lambda sheet: sheet.add_chart(BarChart(), "A1")).drawings == 1


MERGES = {
    "the whole sheet": (["A1:XFD1048576"], "more than 500,000 cells"),
    "too many": ([f"A{row}:B{row}" for row in range(1, 20_002)], "more than 20,000"),
    "over each other": (["A1:C3", "E1:F1", "B3:D3"], "overlap"),
    "one within another": (["A1:D9", "B2:C3"], "overlap"),
    "the same twice": (["A1:B2", "A1:B2"], "overlap"),
    "no range": (["A1:B0"], "A1:B0"),
    "backwards": (["B2:A1"], "B2:A1"),
}


@pytest.mark.parametrize("name", MERGES)
def test_merges_that_hang_other_programs_are_refused(name, tmp_path):
    merges, words = MERGES[name]
    listed = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
    intake = inspect_file(package(tmp_path / "a.xlsx", f"<sheetData/><mergeCells>{listed}</mergeCells>"))
    assert [finding.code for finding in intake.findings] == ["XLT118" if "more than" in words else "XLT102"]
    assert words in message(intake.findings[0], "en")


def test_merges_side_by_side_are_no_overlap(tmp_path):
    merges = ["A1:C3", "D1:D3", "A4:C4", "D4:D9", "A5:B9", "C5:C9"]
    listed = "".join(f'<mergeCell ref="{ref}"/>' for ref in merges)
    path = package(tmp_path / "a.xlsx", f"<sheetData/><mergeCells>{listed}</mergeCells>")
    assert facts(path).merges == tuple(merges)


STRANGE = {
    "two values": ('<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>', "cell A1"),
    "value and text": ('<row r="1"><c r="B1" t="inlineStr"><is><t>a</t></is><v>5</v></c></row>', "cell B1"),
    "element in a value": ('<row r="1"><c r="A1" t="str"><v>a<x/>b</v></c></row>', "cell A1"),
    "unknown type": ('<row r="1"><c r="A1" t="zz"><v>1</v></c></row>', "zz"),
    "cell in a cell": ('<row r="1"><c r="A1"><c r="B1"/></c></row>', "cell A1"),
    "row in a row": ('<row r="1"><row r="2"/></row>', "unknown way"),
    "cell without a row": ('<c r="A1"/>', "unknown way"),
    "cells outside the data": ('</sheetData><row r="1"/><sheetData>', "unknown way"),
    "data twice": ('</sheetData><sheetData>', "unknown way"),
}  # fmt: skip


@pytest.mark.parametrize("name", STRANGE)
def test_a_cell_with_two_meanings_is_refused_by_its_address(name, tmp_path):
    rows, words = STRANGE[name]
    intake = inspect_file(package(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>"))
    assert [finding.code for finding in intake.findings] == ["XLT102"]
    assert words in message(intake.findings[0], "en")
    assert message(intake.findings[0], "vi")


def test_more_formats_than_excel_has_are_refused(tmp_path):
    relation = f'<Relationship Id="r2" Type="{RELATIONS}/styles" Target="styles.xml"/>'
    sheet = f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    styles = f'<styleSheet xmlns="{MAIN}"><cellXfs>{"<xf/>" * 65_491}</cellXfs></styleSheet>'
    relations = f'<Relationships xmlns="{RELATIONSHIPS}">{sheet}{relation}</Relationships>'
    parts = {"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": relations}
    assert [f.code for f in inspect_file(package(tmp_path / "a.xlsx", parts=parts)).findings] == ["XLT118"]
