"""A return is the sender's own workbook: every problem marked at its cell, and nothing else changed."""

import io
import re
import time
import zipfile
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from lxml import etree
from openpyxl.comments import Comment
from openxml_audit import OpenXmlValidator

from tests.sheets import MAIN, PACKAGE, RELATIONS, package
from tests.workbook_parts import PARTS, STRICT, content_types, relationships, strict
from tests.xml_workbook import BARE, Habits, Value, write_cells
from xltrack.excel.annotate import NotAnnotated, annotate
from xltrack.excel.answer import Answer, Problem
from xltrack.excel.template import TemplateOptions, write_template
from xltrack.findings.marking import is_seal, seal
from xltrack.forms import load_schemas
from xltrack.intake import inspect_file

SCHEMAS = load_schemas()
FILLED: dict[str, dict[str, Value]] = {
    "DOANH_NGHIEP": {"A5": "0100109106", "B5": "Công ty A"},
    "KINH_PHI": {"D5": 2025, "H5": "khoảng 700"},
}
SIGNATURE = f"{PACKAGE}/relationships/digital-signature"
RESULT = "Kết quả kiểm tra"
OURS = 'N("xltrack")=0'
BOOK = ("[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")
"""The parts that every return changes."""


def test_what_is_wrong_with_another_column_is_listed_however_many_come_before():
    many = [problem("KINH_PHI", f"H{row}", column="amount") for row in range(5, 25)]
    answer = Answer("vi", "a.xlsx", "", "", False, (), (*many, problem("KINH_PHI", "D30", column="year")))
    assert [(group[0].column, len(group)) for group in answer.groups] == [("amount", 20), ("year", 1)]


def problem(sheet, cell, severity="error", code="XLT301", **words):
    """Return one problem at `cell` of `sheet`."""
    told = {
        "column": None,
        "value": "khoảng 700",
        "message": f"{sheet}!{cell} sai.",
        "expected": "Số tiền.",
        "hint": "Chỉ nhập chữ số.",
    }
    return Problem(code, severity, sheet, cell, **(told | words))


def answer(*problems, lang="vi", name="báo cáo.xlsx", verdict="Tệp chưa được chấp nhận.", is_good=False):
    steps = ("1. Sửa.", "2. Gửi lại tới ban@example.vn.")
    return Answer(lang, name, "XLT-1322 · Bắc Ninh", verdict, is_good, steps, problems)


def unpacked(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def opened(content) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def marked(content, tab):
    """Return the marked ranges of a sheet by the kind of line around them, as openpyxl reads them."""
    found: dict[str, list[str]] = {}
    for area in opened(content)[tab].conditional_formatting:
        for rule in area.rules:
            if rule.formula == [OURS]:
                found.setdefault(rule.dxf.border.left.style, []).extend(str(area.sqref).split())
    return found


def priorities(content):
    """Return priority and formula of the conditional formats of the first sheet of the sender, in their order."""
    root = etree.fromstring(unpacked(content)["xl/worksheets/sheet1.xml"])
    return [
        (rule.get("priority"), rule.findtext("{*}formula"))
        for rule in root.iter("{*}cfRule")
        if rule.get("priority")
    ]


def notes(content, tab):
    return {
        cell.coordinate: cell.comment.text
        for row in opened(content)[tab].iter_rows()
        for cell in row
        if cell.comment
    }


def listed(content, tab=RESULT):
    """Return the texts of the sheet of results, row by row, without the seals of the rows."""
    rows = opened(content)[tab].iter_rows(values_only=True)
    return [[text for text in row if text is not None and not is_seal(text)] for row in rows]


def violations(content, tmp_path):
    """Return what a validator finds; that Excel will put inline strings into a table of its own harms nobody."""
    path = tmp_path / "to be validated.xlsx"
    path.write_bytes(content)
    errors = [error.description for error in OpenXmlValidator().validate(path).errors]
    return [error for error in errors if "inline-string" not in error]


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("template") / "form.xlsx"
    write_template(path, SCHEMAS.form(), SCHEMAS, TemplateOptions())
    return path


def by_xml(habits):
    return lambda template, path: write_cells(template, FILLED, path, habits)


def by_openpyxl(template, path):
    book = openpyxl.load_workbook(template)
    for tab, cells in FILLED.items():
        for at, value in cells.items():
            book[tab][at] = value
    book["KINH_PHI"]["B7"].comment = Comment("Xem phụ lục 2", "Lan")
    book.save(path)
    return path


def by_xlsxwriter(_, path):
    with xlsxwriter.Workbook(path) as book:
        for tab, cells in FILLED.items():
            sheet = book.add_worksheet(tab)
            for at, value in cells.items():
                sheet.write(at, value)
            sheet.write_comment("B7", "Xem phụ lục 2")
            sheet.insert_textbox("J2", "Hộp chữ")
            sheet.data_validation("D5:D9", {"validate": "list", "source": ["2024", "2025"]})
            sheet.conditional_format(
                "A5:H9", {"type": "duplicate", "format": book.add_format({"bold": True})}
            )
    return path


def prefixed(_, path):
    """The namespace of a worksheet bears a prefix, as some libraries write it; there are no styles."""
    text = '<x:c r="A5" t="inlineStr" s="3"><x:is><x:t>khoảng 700</x:t></x:is></x:c>'
    rows = f'<x:sheetData><x:row r="5">{text}</x:row></x:sheetData><x:printOptions gridLines="1"/>'
    xml = f'<x:worksheet xmlns:x="{MAIN}">{rows}</x:worksheet>'
    return package(path, parts={"xl/worksheets/sheet1.xml": xml})


WRITERS = {
    "inline strings": by_xml(Habits()),
    "no styles": by_xml(BARE),
    "openpyxl": by_openpyxl,
    "XlsxWriter": by_xlsxwriter,
}


@pytest.fixture(params=WRITERS, scope="module")
def received(request, template, tmp_path_factory):
    path = tmp_path_factory.mktemp("received") / "bao cao.xlsx"
    return WRITERS[request.param](template, path).read_bytes()


PROBLEMS = (
    problem("KINH_PHI", "H5"),
    problem("KINH_PHI", "H6", "warning", "XLT401"),
    problem("KINH_PHI", "H7"),
    problem("KINH_PHI", "H8"),
    problem("KINH_PHI", "B5", "note", "XLT312"),
    problem(None, None, "warning", "XLT203", value="", message="Thiếu cột.", expected=""),
)


class TestEveryWriter:
    """Whoever saved the workbook, it comes back as it was."""

    def test_each_problem_is_marked_at_its_cell_with_a_note(self, received):
        content = annotate(received, answer(*PROBLEMS))
        assert marked(content, "KINH_PHI") == {"thin": ["H5", "H7:H8"], "dashed": ["H6"], "dotted": ["B5"]}
        told = notes(content, "KINH_PHI")
        lines = [
            "[xltrack] CẢNH BÁO XLT401",
            "KINH_PHI!H6 sai.",
            "Cần: Số tiền.",
            "Cách sửa: Chỉ nhập chữ số.",
        ]
        assert told["H6"].splitlines() == [*lines, seal(lines)]
        assert told.keys() - {"B7"} == {"H5", "H6", "H7", "H8", "B5"}

    def test_nothing_else_is_changed(self, received):
        before, after = unpacked(received), unpacked(annotate(received, answer(*PROBLEMS)))
        changed = {name for name in before if before[name] != after.get(name)} - set(BOOK)
        sheets = {name for name in changed if name.startswith("xl/worksheets/")}
        assert len({name for name in sheets if "_rels" not in name}) <= 2, (
            "the marked one, and the one selected"
        )
        assert {name for name in changed - sheets if not re.search(r"comment|vmlDrawing", name)} == set()
        for name in sheets - {name for name in sheets if "_rels" in name}:
            rows = re.compile(rb"<sheetData.*</sheetData>|<sheetData/>", re.DOTALL)
            assert rows.findall(before[name]) == rows.findall(after[name]), "rows and cells are the sender's"

    def test_the_gate_lets_it_in_and_takes_our_notes_for_no_ones_data(self, received, tmp_path):
        path = tmp_path / "a.xlsx"
        path.write_bytes(annotate(received, answer(*PROBLEMS)))
        intake = inspect_file(path)
        assert intake.findings == ()
        assert set(intake.facts.sheets["KINH_PHI"].comments) <= {"B7"}

    def test_marked_again_it_is_the_same_and_without_problems_nothing_is_left(self, received):
        once = annotate(received, answer(*PROBLEMS))
        assert unpacked(annotate(once, answer(*PROBLEMS))) == unpacked(once)
        mended = annotate(once, answer(is_good=True))
        assert (marked(mended, "KINH_PHI"), notes(mended, "KINH_PHI").keys() - {"B7"}) == ({}, set())
        assert unpacked(mended).keys() == unpacked(annotate(received, answer())).keys()


@pytest.mark.parametrize("writer", ["openpyxl", "XlsxWriter"])
def test_a_return_is_as_valid_as_what_was_received(writer, template, tmp_path):
    received = WRITERS[writer](template, tmp_path / "a.xlsx").read_bytes()
    known = violations(received, tmp_path)
    content = annotate(received, answer(*PROBLEMS))
    assert [error for error in violations(content, tmp_path) if error not in known] == []


def test_prefixes_and_utf_16_and_missing_styles_are_no_obstacle(tmp_path):
    path = prefixed(None, tmp_path / "a.xlsx")
    known = violations(path.read_bytes(), tmp_path)
    for xml in (None, unpacked(path.read_bytes())["xl/worksheets/sheet1.xml"].decode().encode("utf-16")):
        parts = unpacked(path.read_bytes())
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as file:
            for name, part in parts.items():
                file.writestr(name, xml if xml and name.endswith("sheet1.xml") else part)
        after = annotate(content.getvalue(), answer(problem("S", "A5")))
        assert marked(after, "S") == {"thin": ["A5"]}
        assert opened(after)["S"]["A5"].value == "khoảng 700"
        assert [error for error in violations(after, tmp_path) if error not in known] == []


class TestOnTheSheet:
    """What stands on a marked sheet already stays, and stays in force."""

    @staticmethod
    def marked_sheet(write, *problems):
        content = io.BytesIO()
        with xlsxwriter.Workbook(content) as book:
            write(book.add_worksheet("S"), book)
        return content.getvalue(), annotate(content.getvalue(), answer(*(problems or (problem("S", "B2"),))))

    def test_a_note_of_a_person_stays_above_ours_and_alone_when_ours_goes(self):
        def write(sheet, _):
            sheet.write_comment("B2", "Số này lấy theo QĐ 12", {"author": "Lan", "visible": True})
            sheet.write_comment("D9", "để sau")

        _, content = self.marked_sheet(write)
        assert notes(content, "S")["B2"].startswith("Số này lấy theo QĐ 12\n\n[xltrack] LỖI XLT301\n")
        again = annotate(content, answer())
        assert notes(again, "S") == {"B2": "Số này lấy theo QĐ 12", "D9": "để sau"}

    def test_ours_lies_over_other_conditional_formats(self):
        def write(sheet, book):
            sheet.conditional_format(
                "A1:D9", {"type": "no_blanks", "format": book.add_format({"bold": True})}
            )
            sheet.conditional_format("A1:D9", {"type": "data_bar", "data_bar_2010": True})

        before, content = self.marked_sheet(write)
        found = priorities(content)
        assert found[0] == ("1", OURS), "first in the file for LibreOffice, by priority for Excel"
        assert [priority for priority, _ in found] == ["1", "2", "3"]
        again = annotate(content, answer())
        assert [formula for _, formula in priorities(again)] == [formula for _, formula in priorities(before)]

    def test_rules_of_a_pivot_table_keep_their_priority(self, tmp_path):
        rule = '<cfRule type="expression" priority="4"><formula>1</formula></cfRule>'
        xml = f'<sheetData/><conditionalFormatting pivot="1" sqref="A1">{rule}</conditionalFormatting>'
        content = annotate(package(tmp_path / "a.xlsx", xml).read_bytes(), answer(problem("S", "B2")))
        found = {
            rule.formula[0]: rule.priority
            for area in opened(content)["S"].conditional_formatting
            for rule in area.rules
        }
        assert found == {"1": 4, OURS: 5}

    def test_a_cell_inside_a_merged_range_is_marked_where_it_is_shown(self):
        _, content = self.marked_sheet(
            lambda sheet, _: sheet.merge_range("B2:B4", "Công ty A"), problem("S", "B3"), problem("S", "C3")
        )
        assert marked(content, "S") == {"thin": ["B2", "C3"]}
        assert notes(content, "S").keys() == {"B2", "C3"}

    def test_several_problems_of_one_cell_share_a_note_in_the_gravest_colour(self):
        told = [problem("S", "B2", "note", f"XLT40{n}") for n in range(1, 6)] + [
            problem("S", "B2", code="XLT301")
        ]
        _, content = self.marked_sheet(lambda *_: None, *told)
        assert marked(content, "S") == {"thin": ["B2"]}
        lines = notes(content, "S")["B2"].splitlines()
        assert lines[0] == "[xltrack] LỖI XLT301"
        assert (lines[-2], is_seal(lines[-1])) == ("… và 2 vấn đề nữa ở ô này.", True)

    def test_only_the_sheet_of_results_is_selected(self):
        _, content = self.marked_sheet(lambda sheet, _: sheet.activate(), problem("T", "A1"))
        assert [sheet.sheet_view.tabSelected for sheet in opened(content)] == [True, None]

    def test_other_drawings_of_the_older_kind_stay(self):
        def write(sheet, _):
            sheet.insert_button("F2", {"macro": "say_hello", "caption": "Bấm"})

        _, content = self.marked_sheet(write)
        (vml,) = (part for name, part in unpacked(content).items() if name.endswith(".vml"))
        assert vml.count(b'ObjectType="Button"') == vml.count(b'ObjectType="Note"') == 1
        again = unpacked(annotate(content, answer()))
        (vml,) = (part for name, part in again.items() if name.endswith(".vml"))
        assert (vml.count(b'ObjectType="Button"'), vml.count(b'ObjectType="Note"')) == (1, 0)

    def test_what_else_is_drawn_keeps_its_part_and_its_ids(self, tmp_path):
        drawing = f'<sheetData/><legacyDrawing xmlns:r="{RELATIONS}" r:id="r1"/>'
        vml = '<xml xmlns:v="urn:schemas-microsoft-com:vml"><v:rect id="_x0000_s{}"/><br></xml>'
        parts = {
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(("vmlDrawing", "../a.vml")),
            "xl/a.vml": vml.format(1026),
            "xl/b.vml": vml.format(2050),
        }
        received = package(tmp_path / "a.xlsx", drawing, parts).read_bytes()
        content = annotate(received, answer(problem("S", "B2")))
        assert ids_of_boxes({"xl/a.vml": unpacked(content)["xl/a.vml"]}) == {"xl/a.vml": ({3}, {1, 3})}
        assert b'rect id="_x0000_s1026"' in unpacked(annotate(content, answer()))["xl/a.vml"]

    def test_a_thread_of_comments_is_not_broken_into(self, tmp_path):
        note = (
            '<comment ref="B2" authorId="0"><text><t>[Threaded comment] Your version …</t></text></comment>'
        )
        listed_notes = f"<authors><author>tc=1</author></authors><commentList>{note}</commentList>"
        parts = {
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(
                ("comments", "../c.xml"), ("threadedComment", "../t.xml")
            ),
            "xl/c.xml": f'<comments xmlns="{MAIN}">{listed_notes}</comments>',
            "xl/t.xml": '<ThreadedComments xmlns="urn:t"><threadedComment ref="B2" id="1"/></ThreadedComments>',
        }
        received = package(tmp_path / "a.xlsx", parts=parts).read_bytes()
        content = annotate(received, answer(problem("S", "B2"), problem("S", "B3")))
        assert marked(content, "S") == {"thin": ["B2:B3"]}
        assert notes(content, "S")["B2"] == "[Threaded comment] Your version …"
        assert unpacked(content)["xl/t.xml"] == unpacked(received)["xl/t.xml"]
        assert ["Trang S: 1 ô được tô màu nhưng không gắn ghi chú."] in listed(content)

    def test_boxes_that_no_reader_understands_cost_the_notes_not_the_colours(self, tmp_path):
        drawing = f'<sheetData/><legacyDrawing xmlns:r="{RELATIONS}" r:id="r1"/>'
        parts = {
            "xl/worksheets/_rels/sheet1.xml.rels": relationships(("vmlDrawing", "../a.vml")),
            "xl/a.vml": "<xml><br><b></xml>",
        }
        content = annotate(
            package(tmp_path / "a.xlsx", drawing, parts).read_bytes(), answer(problem("S", "B2"))
        )
        assert (marked(content, "S"), notes(content, "S")) == ({"thin": ["B2"]}, {})
        assert ["Trang S: 1 ô được tô màu nhưng không gắn ghi chú."] in listed(content)


def ids_of_boxes(parts):
    """Return for each part with boxes the blocks of ids it claims, and the blocks that its ids are of."""
    found = {}
    for name, part in parts.items():
        if name.endswith(".vml"):
            (blocks,) = re.findall(rb'idmap[^>]*data="([\d,]+)"', part)
            claimed = {int(block) for block in blocks.split(b",")}
            found[name] = claimed, {int(n) >> 10 for n in re.findall(rb'id="_x0000_s(\d+)"', part)}
    return found


def test_no_two_sheets_share_ids_of_boxes():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for tab in "STU":
            book.add_worksheet(tab)
        book.get_worksheet_by_name("S").write_comment("A1", "của Lan")
    many = [problem("T", f"B{row}") for row in range(1, 1501)]
    told = answer(*many, problem("U", "A1"), problem("S", "B1"))
    blocks = ids_of_boxes(unpacked(annotate(content.getvalue(), told)))
    assert len(blocks) == 3
    for claimed, used in blocks.values():
        assert used <= claimed
    everything = [block for claimed, _ in blocks.values() for block in claimed]
    assert len(everything) == len(set(everything))


class TestResultSheet:
    """The first sheet says how it stands, what to do, and leads to the cells."""

    @staticmethod
    def result(*problems, tabs=("DOANH NGHIỆP", "O'Brien"), **told):
        content = io.BytesIO()
        with xlsxwriter.Workbook(content) as book:
            for tab in tabs:
                book.add_worksheet(tab).write("A1", 1)
        return annotate(content.getvalue(), answer(*problems, **told))

    def test_it_stands_first_and_lists_by_importance_with_the_first_few_of_a_kind(self):
        many = [problem("DOANH NGHIỆP", f"B{row}", code="XLT302") for row in range(1, 1204)]
        content = self.result(
            problem("O'Brien", "C3", "note", "XLT312"), *many, problem("O'Brien", "D4", "warning", "XLT402")
        )
        book = opened(content)
        assert book.sheetnames == [RESULT, "DOANH NGHIỆP", "O'Brien"]
        rows = listed(content)
        assert rows[1:4] == [
            ["KẾT QUẢ KIỂM TRA: báo cáo.xlsx"],
            ["XLT-1322 · Bắc Ninh"],
            ["Tệp chưa được chấp nhận."],
        ]
        assert rows[4] == ["1. Sửa.\n2. Gửi lại tới ban@example.vn."]
        assert rows[5] == ["● Lỗi: 1.203 (phải sửa)", "▲ Cảnh báo: 1 (cần xem lại)", "○ Ghi chú: 1 (để biết)"]
        assert [row[3] for row in rows[7:12]] == ["B1", "B2", "B3", "B4", "B5"]
        assert rows[12] == [
            "… và 1.198 chỗ nữa có cùng vấn đề (mã XLT302): B6:B1203; các ô đều được tô màu tại chỗ."
        ]
        assert [row[1:4] for row in rows[13:15]] == [
            ["▲ Cảnh báo", "O'Brien", "D4"],
            ["○ Ghi chú", "O'Brien", "C3"],
        ]

    def test_links_lead_to_cells_of_the_workbook_and_nowhere_else(self):
        content = self.result(
            problem("O'Brien", "C3"), problem("DOANH NGHIỆP", None), problem(None, None, value="")
        )
        cells = [cell for row in opened(content)[RESULT].iter_rows() for cell in row if cell.hyperlink]
        links = {
            cell.value: (cell.hyperlink.location, cell.hyperlink.target, cell.hyperlink.id) for cell in cells
        }
        assert links == {"C3": ("'O''Brien'!C3", None, None), "mở trang": ("'DOANH NGHIỆP'!A1", None, None)}

    def test_it_speaks_english_when_asked(self):
        content = self.result(problem("O'Brien", "C3"), lang="en")
        assert opened(content).sheetnames[0] == "Check results"
        assert listed(content, "Check results")[6][:3] == ["No.", "Severity", "Sheet"]
        assert notes(content, "O'Brien")["C3"].startswith("[xltrack] ERROR XLT301\n")

    def test_a_sheet_of_the_sender_with_the_same_name_is_left_alone(self):
        content = self.result(problem("O'Brien", "C3"), tabs=("kết quả kiểm tra", "O'Brien"))
        assert opened(content).sheetnames == [f"{RESULT} (2)", "kết quả kiểm tra", "O'Brien"]
        assert opened(annotate(content, answer())).sheetnames == [
            f"{RESULT} (2)",
            "kết quả kiểm tra",
            "O'Brien",
        ]

    def test_names_keep_their_sheets(self, tmp_path):
        names = (
            '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="1">T!$A$1</definedName>'
            '<definedName name="chung">S!$A$1</definedName></definedNames>'
        )
        book = (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><bookViews><workbookView activeTab="1"/></bookViews>'
            '<sheets><sheet name="S" sheetId="7" r:id="r1"/><sheet name="T" sheetId="3" r:id="r2"/></sheets>'
            f"{names}</workbook>"
        )
        leads = relationships(("worksheet", "worksheets/sheet1.xml"), ("worksheet", "worksheets/sheet2.xml"))
        parts = {
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": leads,
            "xl/worksheets/sheet2.xml": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
        }
        content = package(tmp_path / "a.xlsx", parts=parts).read_bytes()
        for told in (answer(problem("T", "A1")), answer()):
            content = annotate(content, told)
            root = etree.fromstring(unpacked(content)["xl/workbook.xml"])
            found = {name.text: name.get("localSheetId") for name in root.iter(f"{{{MAIN}}}definedName")}
            assert (found["T!$A$1"], found["S!$A$1"]) == ("2", None)
            assert [sheet.get("sheetId") for sheet in root.iter(f"{{{MAIN}}}sheet")] == ["8", "7", "3"]
            assert "activeTab" not in next(root.iter(f"{{{MAIN}}}workbookView")).attrib

    HOSTILE = (
        "=1+1", "=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "{=1}", "<b>&amp;\"'", "\x00\x01\x1b", "a\ud800b\ufffe",
        "x" * 40_000,
    )  # fmt: skip

    def test_what_the_sender_typed_is_text_and_never_more(self, tmp_path):
        told = [
            problem(
                "O'Brien", f"C{row}", code=f"XLT30{row}", value=text, message=text, expected=text, hint=text
            )
            for row, text in enumerate(self.HOSTILE, 1)
        ]
        content = self.result(*told, name=self.HOSTILE[0], verdict=self.HOSTILE[6])
        sheet = next(
            part for name, part in unpacked(content).items() if b"inlineStr" in part and "worksheets" in name
        )
        root = etree.fromstring(sheet)
        assert root.find(f".//{{{MAIN}}}f") is None
        assert {cell.get("t") for cell in root.iter(f"{{{MAIN}}}c")} == {"inlineStr", None}
        assert max(len(piece.text or "") for piece in root.iter(f"{{{MAIN}}}t")) <= 2_000
        assert violations(content, tmp_path) == []
        typed = [row[4] for row in listed(content)[7:]]
        assert typed[:6] == list(self.HOSTILE[:6])
        assert typed[7] == "a\ufffdb\ufffd"

    def test_an_escape_that_was_typed_is_shown_as_it_was_typed(self):
        content = self.result(problem("O'Brien", "C3", value="_x0041_"))
        (sheet,) = (
            part for part in unpacked(content).values() if b"_x005F_x0041_" in part and b"<worksheet" in part
        )
        assert b">_x0041_<" not in sheet


def test_tens_of_thousands_of_problems_are_all_marked_in_little_time(template):
    many = [
        problem("AP_DUNG", f"{column}{row}", code=f"XLT40{n}")
        for n, column in enumerate("ABCDEF", 1)
        for row in range(5, 5005)
    ]
    odd = [problem("AP_DUNG", f"H{row}", "note") for row in range(5, 5005, 2)]
    begun = time.process_time()
    content = annotate(template.read_bytes(), answer(*many, *odd))
    assert time.process_time() - begun < 5
    areas = [area for found in marked(content, "AP_DUNG").values() for area in found]
    assert sorted(areas)[:3] == ["A5:A5004", "B5:B5004", "C5:C5004"]
    assert len([area for area in areas if area.startswith("H")]) == len(odd)
    assert len(notes(content, "AP_DUNG")) == 1_000
    assert ["Trang AP_DUNG: 31.500 ô được tô màu nhưng không gắn ghi chú."] in listed(content)


def test_a_signature_of_other_bytes_is_taken_out_of_the_copy(tmp_path):
    signed = {
        "_rels/.rels": relationships(
            ("officeDocument", "xl/workbook.xml"), (f"{SIGNATURE}/origin", "_xmlsignatures/origin.sigs")
        ),
        "_xmlsignatures/origin.sigs": "",
        "_xmlsignatures/_rels/origin.sigs.rels": relationships((f"{SIGNATURE}/signature", "sig1.xml")),
        "_xmlsignatures/sig1.xml": "<Signature/>",
    }
    content = annotate(package(tmp_path / "a.xlsx", parts=signed).read_bytes(), answer(problem("S", "A1")))
    assert [name for name in unpacked(content) if "sig" in name] == []


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_a_strict_workbook_comes_back_in_the_usual_form(tmp_path):
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml".format
    properties = {
        "[Content_Types].xml": content_types(("/xl/sharedStrings.xml", kind("sharedStrings"))),
        "_rels/.rels": relationships(
            ("officeDocument", "xl/workbook.xml"),
            (f"{STRICT}/officeDocument/relationships/customProperties", "c.xml"),
        ),
        "c.xml": f'<Properties xmlns="{STRICT}/officeDocument/customProperties"/>',
    }
    book = PARTS["xl/workbook.xml"].replace("<workbook", '<workbook conformance="strict"')
    path = package(tmp_path / "a.xlsx", parts=strict({**PARTS, **properties, "xl/workbook.xml": book}))
    content = annotate(path.read_bytes(), answer(problem("S", "C1")))
    assert marked(content, "S") == {"thin": ["C1"]}
    assert [cell.value for cell in opened(content)["S"][1]][::2] == ["Tên", 5]
    parts = unpacked(content)
    assert not any(b"purl.oclc.org" in part or b"strict" in part for part in parts.values())
    assert b"relationships/custom-properties" in parts["_rels/.rels"]


def worksheet(content, before=""):
    return {"xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{MAIN}">{content}</worksheet>'}


@pytest.mark.parametrize(
    "parts",
    [
        {
            "xl/workbook.xml": '<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheets/></workbook>'
        },
        {"xl/workbook.xml": None},
        worksheet(""),
        worksheet("<sheetData>"),
        worksheet("<sheetData/>", '<!DOCTYPE a [<!ENTITY v "9">]>'),
        worksheet("<sheetData/><?xltrack-rows?>"),
    ],
)
def test_what_cannot_be_marked_is_said_and_not_half_done(parts, tmp_path):
    with pytest.raises(NotAnnotated):
        annotate(package(tmp_path / "a.xlsx", parts=parts).read_bytes(), answer(problem("S", "A1")))


def test_no_bytes_at_all_are_no_workbook():
    with pytest.raises(NotAnnotated):
        annotate(b"%PDF-1.7", answer())


LOST_BY_LOADING = {
    "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition xmlns="{MAIN}" refreshOnLoad="1"/>',
    "xl/pivotCache/pivotCacheRecords1.xml": f'<pivotCacheRecords xmlns="{MAIN}" count="0"/>',
    "xl/pivotTables/pivotTable1.xml": f'<pivotTableDefinition xmlns="{MAIN}" name="P"/>',
    "xl/slicers/slicer1.xml": '<slicers xmlns="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"/>',
    "xl/slicerCaches/slicerCache1.xml": '<slicerCacheDefinition xmlns="urn:x"/>',
    "xl/ctrlProps/ctrlProp1.xml": '<formControlPr xmlns="urn:x" objectType="CheckBox"/>',
    "customXml/item1.xml": "<own/>",
}
"""Parts that openpyxl, or any program that loads and saves, leaves out or writes otherwise."""


def crowded(path) -> bytes:
    """Return a workbook with a chart, sparklines, a picture of a button, a text box, and the parts above."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("S")
        sheet.write_column("A1", [1, 2, 3])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=S!$A$1:$A$3"})
        sheet.insert_chart("F2", chart)
        sheet.add_sparkline("C1", {"range": "S!A1:A3"})
        sheet.insert_button("F20", {"caption": "In"})
        sheet.insert_textbox("J2", "Hộp chữ")
        sheet.write_comment("D9", "để sau")
        book.add_worksheet("T").add_sparkline("B2", {"range": "S!A1:A3"})
    parts = unpacked(path.read_bytes()) | {name: xml.encode() for name, xml in LOST_BY_LOADING.items()}
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    related = "".join(
        f'<Relationship Id="x{at}" Type="{RELATIONS}/{kind}" Target="../{part}"/>'
        for at, (kind, part) in enumerate(
            [
                ("pivotTable", "pivotTables/pivotTable1.xml"),
                ("slicer", "slicers/slicer1.xml"),
                ("ctrlProp", "ctrlProps/ctrlProp1.xml"),
            ]
        )
    )
    parts[rels] = parts[rels].replace(b"</Relationships>", related.encode() + b"</Relationships>")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def test_what_loading_and_saving_would_lose_stays_byte_for_byte(tmp_path):
    given = crowded(tmp_path / "a.xlsx")
    before = unpacked(given)
    after = unpacked(annotate(given, answer(problem("S", "A2"), problem("T", "B5"))))
    changed = {name for name in before if after.get(name) != before[name]} - set(BOOK)
    marked_ = {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/_rels/sheet1.xml.rels"}
    assert changed <= marked_ | {"xl/comments1.xml", "xl/drawings/vmlDrawing1.vml"}
    assert LOST_BY_LOADING.keys() <= after.keys()
    for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"):
        spark = re.compile(rb"<x14:sparklineGroup .*</x14:sparklineGroup>", re.DOTALL)
        rows = re.compile(rb"<sheetData.*</sheetData>|<sheetData/>", re.DOTALL)
        for kept in (spark, rows):
            assert kept.findall(before[name]) == kept.findall(after[name]) != []
    kinds = re.compile(rb'Type="([^"]*)"')
    related = "xl/worksheets/_rels/sheet1.xml.rels"
    assert set(kinds.findall(before[related])) <= set(kinds.findall(after[related]))
    assert b"In</font>" in after["xl/drawings/vmlDrawing1.vml"]
    assert b'ObjectType="Button"' in after["xl/drawings/vmlDrawing1.vml"]
