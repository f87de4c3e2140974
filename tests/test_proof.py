"""What is proven plain is told without visiting each cell; it is never told otherwise than by visiting them."""

import gc
import random
import re
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sheets import MAIN, rows_of, write_openpyxl, write_xlsxwriter
from xltrack.intake.model import Refused
from xltrack.intake.proof import read_plain_strings, scan_plain
from xltrack.intake.strings import Rich, Strings, read_strings
from xltrack.intake.styles import Format, read_styles
from xltrack.intake.values import read_values
from xltrack.intake.worksheet import Vocabulary, scan_worksheet

STRUCK = frozenset({"struck"})
FORMATS = (Format(), Format(frozenset({"percent"})), Format(moment="date"), Format(STRUCK), Format())
TEXTS = ["" if number in (3, 28) else f"text {number}" for number in range(30)]
VOCABULARY = Vocabulary(Strings(TEXTS, frozenset({3, 28}), {7: Rich(STRUCK, False)}), FORMATS)


def both_ways(xml, vocabulary=VOCABULARY):
    """Return the facts told the quick way, None if it declines; what the careful way says, and reads, is the same."""
    quick = scan_plain(xml, vocabulary)
    if quick is None:
        return None
    assert replace(quick.facts, is_plain=False) == scan_worksheet(xml, vocabulary)
    if quick.values is not None:
        assert filled(quick.values) == filled(read_values(xml, vocabulary))
    return quick.facts


def filled(columns):
    """Return the values in `columns` by their places, as they are told apart."""
    return {
        (row, column): repr(value)
        for column, values in enumerate(columns)
        for row, value in enumerate(values)
        if value != ""
    }


def worksheet(rows, before="", behind=""):
    head = f'<worksheet xmlns="{MAIN}" xmlns:x14ac="urn:x14ac">{before}<sheetData>'
    return f"{head}{rows}</sheetData>{behind}</worksheet>".encode()


PLAIN = """
blank            <c r="@" s="4"/>
blank, two tags  <c r="@"></c>
empty text       <c r="@" s="4" t="inlineStr"></c>
shared           <c r="@" t="s"><v>5</v></c>
blank string     <c r="@" s="4" t="s"><v>28</v></c>
rich string      <c r="@" t="s"><v>7</v></c>
number           <c r="@"><v>12.5</v></c>
small            <c r="@" t="n"><v>0.10000000000000001</v></c>
tiny             <c r="@"><v>7E-05</v></c>
negative         <c r="@" s="4"><v>-7E-05</v></c>
percent          <c r="@" s="1"><v>0.15</v></c>
day              <c r="@" s="2"><v>45731</v></c>
undefined format <c r="@" s="9"><v>45731</v></c>
truth            <c r="@" t="b"><v>1</v></c>
error            <c r="@" t="e"><v>#N/A</v></c>
error formula    <c r="@" t="e"><f>1/0</f><v>#DIV/0!</v></c>
formula          <c r="@"><f aca="false">SUM(A1:A2)&amp;B1</f><v>7</v></c>
range formula    <c r="@" s="4" cm="1"><f t="array" aca="1" ref="A1:A3" ca="1">SORT(A1:A3)</f><v>7</v></c>
spilt formula    <c r="@" t="e" vm="1"><f>A1:A3</f><v>#VALUE!</v></c>
shared formula   <c r="@"><f t="shared" si="0"/><v>7</v></c>
text formula     <c r="@" t="str"><f>"a"</f><v>ấy</v></c>
empty formula    <c r="@" t="str"><f>""</f><v></v></c>
text uncalculated<c r="@" t="str"><f t="array" ref="C2">B1*2</f></c>
text value       <c r="@" t="str"><v>a&#7897;</v></c>
uncalculated     <c r="@"><f>B1*2</f></c>
uncalculated too <c r="@"><f>B1*2</f><v/></c>
and too          <c r="@" s="4"><f t="shared" si="0"/><v></v></c>
inline           <c r="@" t="inlineStr"><is><t>Đ&#7897;</t></is></c>
inline, spaces   <c r="@" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c>
"""
OTHER = """
no string        <c r="@" t="s"><v>30</v></c>
blank inline     <c r="@" t="inlineStr"><is><t>  </t></is></c>
blank by escape  <c r="@" t="inlineStr"><is><t>&#160;_x000D_</t></is></c>
blank value      <c r="@" t="str"><v>\u3000</v></c>
runs             <c r="@" t="inlineStr"><is><r><t>a</t></r><r><rPr><strike/></rPr><t>b</t></r></is></c>
reading          <c r="@" t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></is></c>
large            <c r="@"><v>1234567890123456</v></c>
exponent         <c r="@"><v>1.5E+16</v></c>
no number        <c r="@"><v>abc</v></c>
not a number     <c r="@"><v>NaN</v></c>
padded           <c r="@"><v> 5 </v></c>
day before 1900  <c r="@" s="2"><v>-1</v></c>
ISO day          <c r="@" t="d"><v>2025-03-01</v></c>
other truth      <c r="@" t="b"><v>2</v></c>
young error      <c r="@" t="e"><v>#SPILL!</v></c>
comment          <c r="@"><v>5<!-- 6 -->7</v></c>
CDATA            <c r="@" t="str"><v><![CDATA[<c r="A1"/>]]></v></c>
extension        <c r="@"><v>5</v><extLst><ext><v>6</v></ext></extLst></c>
two values       <c r="@"><v>5</v><v>6</v></c>
two styles       <c r="@" s="1" s="4"><v>5</v></c>
unknown entity   <c r="@" t="str"><v>&nbsp;</v></c>
no character     <c r="@" t="str"><v>&#1;</v></c>
half character   <c r="@" t="str"><v>&#xD800;</v></c>
cell elsewhere   <c r="B9999"><v>5</v></c>
no address       <c><v>5</v></c>
lower case       <c r="a1"><v>5</v></c>
other order      <c t="n" r="@"><v>5</v></c>
line break       <c r="@"\n s="1"><v>5</v></c>
"""


def forms(table):
    return {line[:17].strip(): line[17:] for line in table.strip("\n").splitlines()}


@pytest.mark.parametrize("name", forms(PLAIN))
def test_a_cell_as_programs_write_it_is_plain(name):
    cell = forms(PLAIN)[name]
    facts = both_ways(worksheet(f'<row r="2">{cell.replace("@", "C2")}</row><row r="3"/>'))
    assert facts is not None
    assert facts.is_plain


@pytest.mark.parametrize("name", forms(OTHER))
def test_a_cell_that_readers_could_take_differently_is_not_plain(name):
    cell = forms(OTHER)[name].replace("\\n", "\n").replace("\\u3000", "\u3000")
    assert both_ways(worksheet(f'<row r="2">{cell.replace("@", "C2")}</row>')) is None


ROWS = {
    "spans and heights": '<row r="1" spans="1:3" ht="30" x14ac:dyDescent="0.25"><c r="A1"><v>1</v></c></row>',
    "hidden": '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row><row r="3" hidden="1"/>',
    "hidden of LibreOffice": '<row r="1" hidden="false"><c r="A1"><v>1</v></c></row>'
    '<row r="2" hidden="true"><c r="A2"><v>1</v></c></row>',
    "many columns": '<row r="1"><c r="Z1"><v>1</v></c><c r="AA1"><v>1</v></c><c r="SF1"><v>1</v></c></row>',
}
STRANGE_ROWS = {
    "rows out of order": '<row r="2"/><row r="1"/>',
    "cells out of order": '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
    "cell twice": '<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>1</v></c></row>',
    "cell of another row": '<row r="1"><c r="B11"><v>1</v></c></row>',
    "hidden twice": '<row r="1" hidden="0" hidden="1"><c r="B1"><v>1</v></c></row>',
    "number twice": '<row r="1" r="1"><c r="B1"><v>1</v></c></row>',
    "unknown prefix": '<row r="1" y:a="1"><c r="B1"><v>1</v></c></row>',
    "formula of two kinds": '<row r="1"><c r="B1"><f t="a" t="b">1</f><v>1</v></c></row>',
    "far row": '<row r="200001"><c r="B200001"><v>1</v></c></row>',
    "far column": '<row r="1"><c r="SG1"><v>1</v></c></row>',
    "row in a row": '<row r="1"><row r="2"/></row>',
    "zero before a number": '<row r="1"><c r="A1"><v>1</v></c></row><row r="02"><c r="A02"><v>1</v></c></row>',
    "zeros before a string": '<row r="1"><c r="A1" t="s"><v>1</v></c></row>'
    '<row r="2"><c r="A2" t="s"><v>00000000001</v></c></row>',
    "cell before the rows": '<c r="A1"><v>1</v></c><row r="2"><c r="A2"><v>1</v></c></row>',
    "no row": '<c r="A1"><v>1</v></c>',
    "text between": '<row r="1"/> <row r="2"/>',
    "no UTF-8": '<row r="1"><c r="A1" t="str"><v>\udcff</v></c></row>',
    "no character": '<row r="1"><c r="A1" t="str"><v>\uffff</v></c></row>',
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_rows_as_programs_write_them_are_plain(name):
    columns = '<cols><col min="2" max="30" width="9" hidden="1"/></cols>'
    assert both_ways(worksheet(ROWS[name], columns)) is not None


@pytest.mark.parametrize("name", STRANGE_ROWS)
def test_rows_that_are_not_in_order_are_not_plain(name):
    xml = worksheet("#").replace(b"#", STRANGE_ROWS[name].encode("utf-8", "surrogateescape"))
    assert both_ways(xml) is None


AROUND = {
    "comment around": worksheet('<row r="1"/>', "<!--", "-->"),
    "data twice": worksheet('<row r="1"/></sheetData><sheetData><row r="1"/>'),
    "second data behind": worksheet('<row r="1"/>', behind='<sheetData></sheetData>'),
    "other name space": worksheet('<row r="1"/>').replace(MAIN.encode(), b"urn:x"),
    "other encoding": b'<?xml version="1.0" encoding="latin-1"?>' + worksheet('<row r="1"/>'),
    "declared type": b'<!DOCTYPE worksheet>' + worksheet('<row r="1"/>'),
    "broken tail": worksheet('<row r="1"/>', behind="<a>"),
    "huge merge": worksheet('<row r="1"/>', behind='<mergeCells><mergeCell ref="A1:XFD99999"/></mergeCells>'),
    "attributes": worksheet('<row r="1"/>').replace(b"<sheetData>", b'<sheetData a="1">'),
}  # fmt: skip


@pytest.mark.parametrize("name", AROUND)
def test_what_stands_around_the_rows_is_read_carefully(name):
    assert both_ways(AROUND[name]) is None


def test_the_format_of_cells_that_name_none_is_the_first():
    xml = worksheet('<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="1"><v>1</v></c><c r="C1"/></row>')
    legacy = frozenset({"tcvn3"})
    assert both_ways(xml, Vocabulary(formats=(Format(legacy), Format()))).marks == {"A1": legacy}
    assert both_ways(xml, Vocabulary(formats=(Format(moment="date"), Format()))) is None
    assert both_ways(xml, Vocabulary()).marks == {"B1": {"undefined"}}


PLAIN_CELLS = [*forms(PLAIN).values()]
ANY_CELLS = [*PLAIN_CELLS, *forms(OTHER).values()]
ATTRIBUTES = ["", ' spans="1:9"', ' hidden="1"', ' ht="0" customHeight="1"', ' s="3" customFormat="1"']
HEADS = ["", '<cols><col min="2" max="4" hidden="true"/></cols>', '<dimension ref="A1"/>']
FILTER = '<autoFilter ref="A1:B9"><filterColumn colId="0"><top10 val="3"/></filterColumn></autoFilter>'
TAILS = ["", FILTER, '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>']


@st.composite
def worksheets(draw):
    """Draw a worksheet of cells in any of the ways above, mostly in order."""
    rows = []
    for number in sorted(draw(st.sets(st.integers(1, 12), max_size=5))):
        letters = sorted(draw(st.sets(st.sampled_from("ABCDE"), max_size=4)))
        forms_of = [
            draw(st.sampled_from(ANY_CELLS if draw(st.integers(0, 9)) == 0 else PLAIN_CELLS)) for _ in letters
        ]
        cells = "".join(
            form.replace("@", f"{at}{number}") for at, form in zip(letters, forms_of, strict=True)
        )
        rows.append(f'<row r="{number}"{draw(st.sampled_from(ATTRIBUTES))}>{cells}</row>')
    return worksheet("".join(rows), draw(st.sampled_from(HEADS)), draw(st.sampled_from(TAILS)))


@settings(max_examples=400, deadline=None)
@given(worksheets())
def test_both_ways_say_the_same_of_any_composition(xml):
    both_ways(xml)


TOKENS = re.compile(rb"<[^<>]*>|[^<>]+")
PIECES = rb"""<c r= </c> <!-- --> <![CDATA[ ]]> </row> <row r="3"> <v> </v> &# " ' <f> <is> 1 E5 <?a?> />""".split()
PIECES += [b" ", b"\xff", b"\0", b' r="A', b' t="s"', b' t="e"']


def mutated(xml, chance):
    """Return `xml` with some of its bytes or tags lost, doubled, moved or replaced."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        at, end = (match := chance.choice(list(TOKENS.finditer(xml)))).span()
        piece = chance.choice(PIECES)
        byte = chance.randrange(len(xml))
        xml = chance.choice((
            xml[:at] + xml[end:],
            xml[:end] + match[0] + xml[end:],
            xml[:at] + piece + xml[at:],
            xml[:byte] + piece + xml[byte:],
            xml[:byte] + xml[byte + 1 :],
            xml[:byte] + bytes([chance.randrange(256)]) + xml[byte + 1 :],
        ))  # fmt: skip
    return xml


def parts_of(path):
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


TABLE = rows_of("""
| Tên | 5 | 2025-03-01 | TRUE | -3.5 |
|     |   |            |      |      |
| '   | #REF! | {=B1+1 -> 6} | x | Đắk Lắk <&> |
""")


@pytest.mark.parametrize("write", [write_xlsxwriter, write_openpyxl])
def test_both_ways_say_the_same_of_spoilt_worksheets(write, tmp_path):
    xml = parts_of(write(tmp_path / "a.xlsx", {"S": TABLE * 3}))["xl/worksheets/sheet1.xml"]
    chance = random.Random(1322)
    plain = 0
    for _ in range(1500):
        try:
            plain += both_ways(mutated(xml, chance)) is not None
        except Refused as refused:
            pytest.fail(f"the quick way took what the careful way refuses: {refused.findings}")
    assert 20 < plain < 1000


SIMPLE = rows_of("""
| Tên     | Số  | Tỷ lệ | Ngày       |
| Đắk Lắk | 5   | 0.5   | 2025-03-01 |
| a       | 12  | 1.25  |            |
""")
NUMERALS = [b"0", b"1", b"12", b".", b"-", b"e", b" ", b"9" * 16, b"&#49;", b'" s="1', b'"']


def alike(path):
    """Return the worksheet of a workbook whose rows are alike, and what its cells refer to."""
    parts = parts_of(write_xlsxwriter(path, {"S": [*SIMPLE, *SIMPLE[1:] * 5]}))
    texts = read_plain_strings(parts["xl/sharedStrings.xml"])
    assert texts is not None
    vocabulary = Vocabulary(texts, read_styles(parts["xl/styles.xml"]))
    return parts["xl/worksheets/sheet1.xml"], vocabulary


def renumbered(xml, chance):
    """Return `xml` with some of its numerals replaced, lost, doubled or moved by a place."""
    for _ in range(chance.choice((1, 1, 2))):
        at, end = chance.choice(list(re.finditer(rb"[0-9.]+", xml))).span()
        piece = chance.choice((*NUMERALS, xml[at:end] * 2, b""))
        move = chance.choice((0, 0, 0, 1, -1))
        rest = xml[end:] if not move else xml[end : end + 1] + xml[at:end] + xml[end + 1 :]
        xml = (
            xml[:at] + piece + rest
            if move >= 0
            else xml[: at - 1] + xml[at:end] + xml[at - 1 : at] + xml[end:]
        )
    return xml


def test_rows_that_are_alike_are_read_on_the_way(tmp_path):
    xml, vocabulary = alike(tmp_path / "a.xlsx")
    plain = scan_plain(xml, vocabulary)
    assert both_ways(xml, vocabulary).cells == 46
    assert plain is not None
    assert plain.values is not None
    assert [column[1] for column in plain.values] == ["Đắk Lắk", 5.0, 0.5, date(2025, 3, 1)]
    assert [column[12] for column in plain.values] == ["a", 12.0, 1.25, ""]


def test_blank_rows_and_cells_stay_in_their_places():
    rows = '<row r="2"/><row r="4" ht="9"><c r="B4" s="4"/><c r="C4" t="s"><v>5</v></c><c r="D4"/></row><row r="6"/>'
    plain = scan_plain(worksheet(rows), VOCABULARY)
    assert plain is not None
    assert plain.values == [["", "", "", ""], ["", "", "", ""], ["", "", "", "text 5"]]


@pytest.mark.parametrize("known", [20_000, 2])
def test_days_and_amounts_in_one_column_are_told_apart(known, monkeypatch):
    monkeypatch.setattr("xltrack.intake.alike._KNOWN", known)
    cells = [
        's="2"><v>45731</v></c>',
        's="4"><v>45731</v></c>',
        "><v>45731</v></c>",
        's="2"/>',
        's="2"><v>45732.5</v></c>',
    ]
    rows = (f'<row r="{at}"><c r="A{at}" {cell}</row>' for at, cell in enumerate(cells * 2, 1))
    plain = scan_plain(worksheet("".join(rows).replace(" >", ">")), VOCABULARY)
    assert plain is not None
    noon = datetime.fromisoformat("2025-03-16 12:00")
    assert plain.values == [[date(2025, 3, 15), 45731.0, 45731.0, "", noon] * 2]


def test_a_string_is_found_by_its_numeral_however_many_there_are():
    texts = Vocabulary(Strings([f"text {number}" for number in range(70_000)]))
    cells = '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>69999</v></c>'
    plain = scan_plain(worksheet(f'<row r="1">{cells}</row>'), texts)
    assert plain is not None
    assert plain.values == [["text 0"], ["text 69999"]]
    assert both_ways(worksheet('<row r="1"><c r="A1" t="s"><v>70000</v></c></row>'), texts) is None


def test_a_numeral_with_zeros_before_it_is_read_in_another_way():
    xml = worksheet('<row r="1"><c r="A1" t="s"><v>05</v></c></row>')
    plain = scan_plain(xml, VOCABULARY)
    assert both_ways(xml).cells == 1
    assert plain is not None
    assert plain.values is None


@pytest.mark.parametrize("stride", [2**17, 64])
def test_rows_of_other_columns_are_read_in_their_places_among_thousands(stride, monkeypatch):
    monkeypatch.setattr("xltrack.intake.alike._STRIDE", stride)
    usual = '<c r="A@" t="s"><v>5</v></c><c r="B@" s="4"><v>@</v></c><c r="C@" s="2"><v>4@</v></c>'
    of = {at: usual for at in range(2, 2500) if at % 100} | {
        1: '<c r="A@" s="1" t="s"><v>1</v></c><c r="B@" s="1" t="s"><v>2</v></c><c r="C@" t="s"><v>4</v></c>',
        800: '<c r="A@"><v>0.5</v></c><c r="D@" s="3" t="s"><v>6</v></c>',
        1700: '<c r="B@"><v>8e-05</v></c>',
        2500: '<c r="A@" s="4"/><c r="E@" s="4"/>',
    }
    rows = (f'<row r="{at}">{cells.replace("@", str(at))}</row>' for at, cells in sorted(of.items()))
    xml = worksheet("".join(rows))
    plain = scan_plain(xml, VOCABULARY)
    assert both_ways(xml) is not None
    assert plain is not None
    assert plain.values is not None
    assert [len(column) for column in plain.values] == [2499] * 4
    at_row = {at: tuple(column[at - 1] for column in plain.values) for at in (1, 2, 800, 900, 1700, 2499)}
    assert at_row == {
        1: ("text 1", "text 2", "text 4", ""), 2: ("text 5", 2.0, date(1900, 2, 11), ""),
        800: (0.5, "", "", "text 6"), 900: ("", "", "", ""), 1700: ("", 8e-05, "", ""),
        2499: ("text 5", 2499.0, date(2016, 5, 9), ""),
    }  # fmt: skip


def test_what_was_read_is_let_go_before_anybody_looks_for_garbage():
    rows = "".join(f'<row r="{at}"><c r="A{at}" s="2"><v>45731</v></c></row>' for at in range(1, 90))
    texts = ["text"]
    gc.disable()
    try:
        before = sys.getrefcount(texts)
        assert scan_plain(worksheet(rows), Vocabulary(Strings(texts), FORMATS))
        assert sys.getrefcount(texts) == before
    finally:
        gc.enable()


def test_rows_that_are_not_what_others_of_their_kind_are_are_not_taken_with_them(tmp_path):
    xml, vocabulary = alike(tmp_path / "a.xlsx")
    chance = random.Random(2045)
    taken = 0
    for _ in range(2000):
        spoilt = chance.choice((renumbered, mutated))(xml, chance)
        both_ways(spoilt, vocabulary)
        plain = scan_plain(spoilt, vocabulary)
        taken += plain is not None and plain.values is not None
    assert 100 < taken < 1500


def strings(*entries):
    return f'<sst xmlns="{MAIN}">{"".join(entries)}</sst>'.encode()


ONE_TEXT = [
    "<si><t>a</t></si>",
    '<si><t xml:space="preserve"> a&#7897; </t></si>',
    "<si><t>&lt;b&gt;</t></si>",
]
TELLING = [
    "<si><t> </t></si>", "<si/>", "<si><t/></si>", "<si><t>&#160;</t></si>", "<si></si>",
    "<si><r><rPr><strike/></rPr><t>a</t></r></si>", '<si><t>a</t><rPh sb="0" eb="1"><t>b</t></rPh></si>',
]  # fmt: skip
BARE = [
    "<si><t>Đắk Lắk</t></si>", "<si><t></t></si>", "<si><t> a\nb </t></si>", "<si><t>_x0041_</t></si>",
    "<si><t>\u00a0</t></si>",
]  # fmt: skip
STRANGE_STRINGS = [
    "<si><t>a<!-- b --></t></si>", "<si><t>a<b/>c</t></si>", "<si><t>]]></t></si>", "<si><t>&a;</t></si>", "<x/>",
    "<si><r><t>a</t></si>", "<si><si/></si>", "<si><t><![CDATA[</si><si>]]></t></si>",
    "<si> </si >", "<si><size/></si>",
]  # fmt: skip


def read_both_ways(xml):
    quick = read_plain_strings(xml)
    if quick is not None:
        assert replace(quick, is_plain=False) == read_strings(xml)
    return quick


def test_shared_strings_are_told_without_looking_at_each():
    assert read_both_ways(strings(*ONE_TEXT)) == Strings(["a", " aộ ", "<b>"])
    assert read_both_ways(strings(*ONE_TEXT, *TELLING, *ONE_TEXT)).blank == {3, 4, 5, 6, 7}
    assert read_both_ways(strings(*TELLING, "<si/>")).rich == {5: Rich(STRUCK, inherits=False)}
    assert read_both_ways(strings("<si><t>&#95;x0041_&lt;</t></si>")) == Strings(["A<"])
    assert read_both_ways(strings(*BARE)) == Strings(
        ["Đắk Lắk", "", "a\nb", "A", "\u00a0"], frozenset({1, 4})
    )
    assert read_both_ways(strings()) == Strings([])


@pytest.mark.parametrize("byte", [b"\0", b"\x1f", b"&", b"\xff", "\uffff".encode()])
def test_a_byte_that_does_not_belong_in_a_text_is_not_passed_over(byte):
    assert read_both_ways(strings(*BARE).replace(b"k</t>", byte + b"</t>")) is None


def test_a_byte_that_no_program_leaves_in_a_text_is_taken_as_xml_does():
    assert read_both_ways(strings("<si><t>a\rb</t></si><si><t>a>b</t></si>")).texts == ["a\nb", "a>b"]


@pytest.mark.parametrize("strange", STRANGE_STRINGS)
def test_strings_that_readers_could_take_differently_are_read_carefully(strange):
    assert read_both_ways(strings(*ONE_TEXT, strange)) is None
    assert read_both_ways(strings(*ONE_TEXT).replace(MAIN.encode(), b"urn:x")) is None


@pytest.mark.parametrize("entries", [[*ONE_TEXT, *TELLING], BARE])
def test_both_ways_say_the_same_of_spoilt_strings(entries):
    xml = strings(*entries)
    chance = random.Random(36)
    quick = [read_both_ways(mutated(xml, chance)) for _ in range(1500)]
    assert 20 < len(quick) - quick.count(None) < 1200


@pytest.mark.parametrize("write", [write_xlsxwriter, write_openpyxl])
def test_whole_workbooks_of_common_programs_are_plain(write, tmp_path):
    from xltrack.intake import inspect_file

    path = write(tmp_path / "a.xlsx", {"S": [["Tên", 5, -1.5, True], ["#REF!", "Đắk Lắk", 2, False]] * 20})
    facts = inspect_file(path).facts.sheets["S"]
    assert (facts.is_plain, facts.cells) == (True, 160)
