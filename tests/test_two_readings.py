"""Values are read as they stand: quickly where a worksheet is plain, element by element where it is not."""

import random
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import python_calamine as calamine
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile import SHEET, of
from tests.sheets import MAIN, RELATIONS, package, rows_of, write_openpyxl, write_xlsxwriter
from tests.test_proof import mutated, parts_of
from tests.workbook_parts import book, worksheet
from xltrack.forms import load_schemas
from xltrack.intake import inspect_file
from xltrack.reading.cells import ErrorValue, Uncalculated
from xltrack.reading.extract import Unreadable, extract

RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


def carefully(intake):
    """Return `intake` as if no worksheet were proven plain."""
    sheets = {tab: replace(facts, is_plain=False) for tab, facts in intake.facts.sheets.items()}
    return replace(intake, facts=replace(intake.facts, sheets=sheets))


def read_both_ways(path):
    """Return the rows of all worksheets; the quick and the careful reading give the same values of the same types."""
    intake = inspect_file(path)
    assert intake.findings == ()
    quick = {grid.tab: without_end(grid.rows) for grid in extract(intake)}
    careful = {grid.tab: without_end(grid.rows) for grid in extract(carefully(intake))}
    assert quick == careful
    assert types(quick) == types(careful)
    return intake, quick


def without_end(rows):
    """Return `rows` without the blank cells and rows behind the last that has content."""
    cut = [[*row[: max((at for at, cell in enumerate(row, 1) if cell != ""), default=0)]] for row in rows]
    return cut[: max((at for at, row in enumerate(cut, 1) if row), default=0)]


def types(sheets):
    return {tab: [[type(cell) for cell in row] for row in rows] for tab, rows in sheets.items()}


TABLE = rows_of("""
| Tên      | 5      | 2025-03-01       | TRUE  | -3.5  |
|          |        |                  |       |       |
| '0101    | #REF!  | {=B1+1 -> 6}     | x     | Đắk Lắk <&> |
| ' a      | #N/A   | 2025-03-01T07:30 | FALSE | 1e-7  |
""")


@pytest.mark.parametrize("write", [write_xlsxwriter, write_openpyxl])
def test_a_plain_workbook_is_read_the_same_both_ways(write, tmp_path):
    intake, sheets = read_both_ways(write(tmp_path / "a.xlsx", {"Một": TABLE, "Trống": []}))
    assert intake.facts.sheets["Một"].is_plain
    assert sheets["Trống"] == []
    assert sheets["Một"][0] == ["Tên", 5.0, date(2025, 3, 1), True, -3.5]
    assert sheets["Một"][2][:2] == ["0101", ErrorValue("#REF!")]
    assert sheets["Một"][3][2:] == [datetime(2025, 3, 1, 7, 30), False, 1e-7]  # noqa: DTZ001  # Excel has no zones


def test_the_templates_are_plain_and_read_the_same_both_ways():
    intake, _ = read_both_ways(next(Path("templates_xlsx").glob("*.xlsx")))
    assert [tab for tab, facts in intake.facts.sheets.items() if not facts.is_plain] == []
    assert len(intake.facts.sheets) > len(load_schemas().form().sheets)


TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=8)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False, width=32) | st.integers(-(10**16), 10**16)
DAYS = st.datetimes(datetime(1900, 1, 1), datetime(9999, 12, 30))  # noqa: DTZ001  # Excel has no zones
CELLS = (
    st.none()
    | TEXTS
    | NUMBERS
    | DAYS
    | st.booleans()
    | st.sampled_from(["#N/A", " ", "\u00a0", "_x000D_", "a\nb"])
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(CELLS, max_size=4), max_size=6), epoch=st.booleans())
def test_any_values_are_read_the_same_both_ways(rows, epoch, tmp_path_factory):
    path = tmp_path_factory.mktemp("values") / "a.xlsx"
    if epoch:
        rows = [
            [None if isinstance(cell, datetime) and cell.year < 1905 else cell for cell in row]
            for row in rows
        ]
    read_both_ways(write_xlsxwriter(path, {"S": rows}, date_1904=epoch))


FORMATS = """
dd/mm/yyyy      date
d-m-yy h:mm     date
[$-42A]d mmmm   date
hh:mm:ss        date
mm:ss.0         date
[h]:mm          duration
[ss].00         duration
General         number
0.00            number
#,##0 "đồng"    number
#,##0\\ \\d       number
0 "ngày"        number
[Red]#,##0      number
#,##0 [$VND]    number
_-* #,##0_-     number
0.0E+00         number
@               number
0" [m]"         number
#,##0 "[h]"     number
h\\[h\\]          date
[<60]0;d        number
[h              number
h:mm A/P        date
A/P             date
[h]:mm;@        duration
"""
LAST_DAY = 2958465.99
KINDS: dict[str, tuple[type, ...]] = {"number": (float,), "date": (date, time), "duration": (timedelta,)}


@pytest.mark.parametrize("line", FORMATS.strip().splitlines())
@pytest.mark.parametrize(
    "number",
    [0.25, 1, 59.5, 60, 61, 45731, 45731.123456789, 54283.99990991319, LAST_DAY, 2958465.999999999999],
)
def test_a_number_is_a_moment_where_its_format_says_so(line, number, tmp_path):
    code, kind = line[:16].strip(), line[16:]
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("S").write_number(0, 0, number, book.add_format({"num_format": code}))
    _, sheets = read_both_ways(tmp_path / "a.xlsx")
    is_beyond = kind == "date" and number > LAST_DAY
    assert isinstance(sheets["S"][0][0], KINDS["number" if is_beyond else kind])
    with calamine.load_workbook(tmp_path / "a.xlsx") as book:
        assert book.get_sheet_by_index(0).to_python() == sheets["S"]


ODD = [
    ('t="b"><v>true</v>', True),
    ('t="b"><v>2</v>', ErrorValue("2")),
    ('t="e"><v>#SPILL!</v>', ErrorValue("#SPILL!")),
    ("><f>A2</f><v></v>", Uncalculated("=A2")),
    ("><v>abc</v>", "abc"),
    ("><v>NaN</v>", "NaN"),
    ("><v>INF</v>", "INF"),
    ("><v>1e999</v>", "1e999"),
    ("><v> 5 </v>", 5.0),
    ("><v>5<!-- 6 -->7</v>", 57.0),
    ("><v><![CDATA[5]]></v>", 5.0),
    ("><v>1234567890123456789</v>", 1234567890123456789),
    ("><v>1.2345678901234568E+16</v>", 12345678901234568),
    ("><v>1234567890123456.5</v>", 1234567890123456.5),
    ('s="1"><v>-1</v>', -1.0),
    ('s="1"><v>2958466</v>', 2958466.0),
    ('s="7"><v>45731</v>', 45731.0),
    ('t="d"><v>2025-03-01</v>', date(2025, 3, 1)),
    ('t="d"><v>2025-03-01T10:20:30Z</v>', datetime(2025, 3, 1, 10, 20, 30)),  # noqa: DTZ001  # Excel has no zones
    ('t="d"><v>10:20</v>', time(10, 20)),
    ('t="d"><v>2025-02-30</v>', "2025-02-30"),
    ('t="d"><v>mai</v>', "mai"),
    ('t="inlineStr"><is><t> a </t></is>', "a"),
    ('t="inlineStr"><is><t xml:space="preserve"> a </t></is>', " a "),
    ('t="inlineStr"><is><t>a_x000D_b_x005F_</t></is>', "a\rb_"),
    ('t="inlineStr"><is><r><t>Công </t></r><r><t xml:space="preserve"> ty</t></r></is>', "Công ty"),
    ('t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></is>', "a"),
    ('t="inlineStr"><is><t>a<!-- b -->c</t></is>', "ac"),
    ('t="str"><v>a_xD800_b</v>', "a_xD800_b"),
]
STYLES = f'<styleSheet xmlns="{MAIN}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>'
RELS = (
    f'<Relationships xmlns="{RELATIONSHIPS}">'
    f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
)
PARTS = {"xl/styles.xml": STYLES, "xl/_rels/workbook.xml.rels": RELS}


@pytest.mark.parametrize(("written", "value"), ODD)
def test_a_cell_that_readers_take_differently_is_read_as_it_stands(written, value, tmp_path):
    row = f'<row r="2"><c r="B2" {written}</c><c r="C2" t="inlineStr"><is><t>x</t></is></c></row>'
    path = package(tmp_path / "a.xlsx", f"<sheetData>{row}</sheetData>".replace('"B2" >', '"B2">'), PARTS)
    columns = extract(inspect_file(path))[0].columns
    assert columns == [["", ""], ["", value], ["", "x"]]
    assert type(columns[1][1]) is type(value)


def test_where_the_quick_reader_gives_up_the_careful_one_reads(tmp_path):
    styles = STYLES.replace('numFmtId="14"', 'numFmtId="46"')
    cells = '<row r="1"><c r="A1" s="1"><v>99999999999</v></c><c r="B1" t="b"><v>1</v></c></row>'
    path = package(tmp_path / "a.xlsx", f"<sheetData>{cells}</sheetData>", PARTS | {"xl/styles.xml": styles})
    intake = inspect_file(path)
    assert intake.facts.sheets["S"].is_plain
    assert extract(intake)[0].columns == [[99999999999.0], [True]]


def test_a_zero_that_holds_the_place_of_a_result_is_no_value(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as made:  # asks Excel to calculate everything when the file is opened
        sheet = made.add_worksheet("S")
        sheet.write_row(0, 0, [5, 0])
        sheet.write_formula("C1", "=A1*2")
        sheet.write_formula("D1", "=A1*3", None, 15)
    intake, sheets = read_both_ways(path)
    assert intake.facts.sheets["S"].is_plain
    assert sheets["S"] == [[5.0, 0.0, Uncalculated("=A1*2"), 15.0]]


@pytest.mark.parametrize(
    ("said", "is_result"),
    [
        ("", True),
        ('<calcPr calcId="191029"/>', True),
        ('<calcPr calcCompleted="1" fullCalcOnLoad="0"/>', True),
        ('<calcPr calcCompleted="0"/>', False),
        ('<calcPr fullCalcOnLoad="true"/>', False),
    ],
)
@pytest.mark.parametrize("zero", ["0", "0.0", "-0", "0E-3"])
def test_a_zero_is_a_result_unless_the_file_is_still_to_be_calculated(said, is_result, zero, tmp_path):
    cells = f'<row r="1"><c r="A1"><f>B1</f><v>{zero}</v></c><c r="B1"><v>0</v></c></row>'
    path = tmp_path / "a.xlsx"
    path.write_bytes(of({"xl/workbook.xml": book("S", more=said), SHEET: worksheet(cells)}))
    _, sheets = read_both_ways(path)
    assert sheets["S"] == [[0.0 if is_result else Uncalculated("=B1"), 0.0]]


@pytest.mark.parametrize("is_plain", [True, False])
def test_a_sheet_of_which_more_is_counted_than_read_is_refused(is_plain, tmp_path):
    intake = inspect_file(write_xlsxwriter(tmp_path / "a.xlsx", {"S": TABLE}))
    facts = replace(intake.facts.sheets["S"], cells=99, is_plain=is_plain)
    with pytest.raises(Unreadable, match="99"):
        extract(replace(intake, facts=replace(intake.facts, sheets={"S": facts})))


def test_spoilt_worksheets_are_read_the_same_both_ways_or_refused(tmp_path):
    whole = parts_of(write_xlsxwriter(tmp_path / "whole.xlsx", {"S": TABLE}))
    path = tmp_path / "spoilt.xlsx"
    chance = random.Random(1322)
    read = 0
    for _ in range(400):
        spoilt = mutated(whole["xl/worksheets/sheet1.xml"], chance)
        package(path, parts=whole | {"xl/worksheets/sheet1.xml": spoilt})
        if not inspect_file(path).findings:
            read_both_ways(path)
            read += 1
    assert read > 20
