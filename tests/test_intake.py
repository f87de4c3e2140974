"""The gate lets workbooks through and names, in one sentence, what everything else is."""

import hashlib
import struct
import zipfile

import pytest

from tests.sheets import MAIN, RELATIONS, package, rows_of, write_openpyxl, write_xlsxwriter
from xltrack.findings import message
from xltrack.intake import inspect_file
from xltrack.intake.receiving import FILE_BYTES

TABLE = rows_of("""
| Tên | 5 | 2025-03-01 | TRUE |
|     |   |            |      |
| '   | #REF! | {=B1+1 -> 6} | x |
""")


@pytest.mark.parametrize("damage", ["cut", "flipped", "lying"])
def test_a_file_damaged_on_the_way_is_never_read_in_part(damage, tmp_path):
    path = write_xlsxwriter(tmp_path / "a.xlsx", {"S": [["Tên", at] for at in range(500)]})
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as file:
        entry = file.getinfo("xl/worksheets/sheet1.xml")
    if damage == "cut":
        del content[len(content) // 2 :]
    elif damage == "flipped":
        content[entry.header_offset + 300] ^= 0x40
    else:
        at = content.index(b"PK\x01\x02")
        content[at + 24 : at + 28] = struct.pack("<I", 7)
    path.write_bytes(content)
    assert [finding.code for finding in inspect_file(path).findings] == ["XLT102"]


LEFT_BEHIND = {
    "~$bao cao.xlsx": b"\5Admin",
    ".~lock.bao cao.xlsx#": b",admin,may-1,25.11.2026 08:00,file:///home/a;",
    "._bao cao.xlsx": b"\0\5\x16\7\0\2\0\0Mac OS X",
    "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000),
    ".DS_Store": b"\0\0\0\1Bud1",
    "desktop.ini": b"[.ShellClassInfo]\r\n",
}


@pytest.mark.parametrize("name", LEFT_BEHIND)
def test_what_programs_leave_behind_is_passed_over(name, tmp_path):
    (tmp_path / name).write_bytes(LEFT_BEHIND[name])
    intake = inspect_file(tmp_path / name)
    assert [finding.code for finding in intake.findings] == ["XLT109"]
    assert intake.verdict == "passed_over"


@pytest.mark.parametrize(
    "name", ["~$bao cao.xlsx", ".~lock.a.xlsx", "._bao cao.xlsx", "~wr bao cao.xlsx", "Thumbs.db"]
)
def test_a_workbook_is_read_whatever_it_is_called(name, tmp_path):
    path = write_xlsxwriter(tmp_path / "a.xlsx", {"Một": TABLE}).rename(tmp_path / name)
    assert inspect_file(path).verdict == "passed"


def test_what_bears_the_name_of_a_lock_and_is_none_is_refused_by_name(tmp_path):
    (tmp_path / "~$bao cao.xlsx").write_bytes("Mã số thuế;Tên\r\n".encode() * 99)
    assert [finding.code for finding in inspect_file(tmp_path / "~$bao cao.xlsx").findings] == ["XLT101"]


def test_a_file_too_large_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(bytes(FILE_BYTES + 1))
    intake = inspect_file(path)
    assert [finding.code for finding in intake.findings] == ["XLT105"]
    assert "25 MB" in message(intake.findings[0], "en")
    assert (intake.verdict, intake.content, intake.sha256) == ("refused", b"", "")


def test_what_is_no_file_is_the_operators_mistake(tmp_path):
    with pytest.raises(FileNotFoundError):
        inspect_file(tmp_path / "missing.xlsx")
    with pytest.raises(OSError, match=r"directory|denied"):
        inspect_file(tmp_path)


@pytest.mark.parametrize("write", [write_xlsxwriter, write_openpyxl])
def test_a_good_file_is_read_once_and_its_cells_are_counted(write, tmp_path):
    path = write(tmp_path / "a.xlsx", {"Một": TABLE, "Trống": []})
    intake = inspect_file(path)
    assert intake.findings == ()
    assert intake.content == path.read_bytes()
    assert intake.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert intake.facts.cells == {"Một": 7, "Trống": 0}
    assert intake.facts.errors == {("Một", "B3"): "#REF!"}


def test_formulas_never_calculated_are_told_from_those_that_give_nothing(tmp_path):
    cells = (
        '<c r="A1"><f>B1*2</f></c><c r="B1"><f>B1</f><v></v></c><c r="C1" t="str"><f>""</f><v></v></c>'
        '<c r="D1"><f>1+1</f><v>2</v></c><c r="E1"><f t="shared" si="0"/></c>'
        '<c r="F1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
    )
    intake = inspect_file(package(tmp_path / "a.xlsx", f'<sheetData><row r="1">{cells}</row></sheetData>'))
    assert intake.facts.uncalculated == {("S", "A1"): "=B1*2", ("S", "B1"): "=B1", ("S", "E1"): "="}
    assert intake.facts.errors == {("S", "F1"): "#DIV/0!"}
    assert intake.facts.cells == {"S": 5}


STRINGS = (
    f'<sst xmlns="{MAIN}" count="9" uniqueCount="5"><si><t>một</t></si><si><t> </t></si><si/>'
    "<si><r><t>h</t></r><r><t>ai</t></r><rPh><t>x</t></rPh></si><si><t>_x000D_</t></si></sst>"
)


def test_only_cells_with_something_to_see_are_content(tmp_path):
    workbook_rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{RELATIONS}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    parts = {"xl/_rels/workbook.xml.rels": workbook_rels, "xl/sharedStrings.xml": STRINGS}
    cells = "".join(f'<c t="s"><v>{at}</v></c>' for at in range(5))
    inline = '<c t="inlineStr"><is><t>ba</t></is></c><c t="inlineStr"><is><t>  </t></is></c>'
    inline += '<c s="0"/><c><v>\n0\n</v></c>'
    intake = inspect_file(
        package(tmp_path / "a.xlsx", f"<sheetData><row>{cells}{inline}</row></sheetData>", parts)
    )
    assert intake.findings == ()
    assert intake.facts.cells == {"S": 4}


def test_the_custom_properties_and_the_date_system_are_known(tmp_path):
    properties = {"xltrack_form": "XLT-1322", "xltrack_unit": "T34-24"}
    assert (
        inspect_file(write_openpyxl(tmp_path / "a.xlsx", {"S": []}, properties)).facts.properties
        == properties
    )
    path = write_xlsxwriter(tmp_path / "b.xlsx", {"S": []}, date_1904=True)
    assert inspect_file(path).facts.date_1904


def test_names_with_a_prefix_are_the_same_names(tmp_path):
    row = '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c></x:row>'
    sheet = f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData>{row}</x:sheetData></x:worksheet>'
    intake = inspect_file(package(tmp_path / "a.xlsx", parts={"xl/worksheets/sheet1.xml": sheet}))
    assert intake.facts.cells == {"S": 1}
