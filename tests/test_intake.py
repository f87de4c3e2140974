"""The gate lets workbooks through and names, in one sentence, what everything else is."""

import hashlib
import io
import struct
import zipfile

import pytest

from tests.sheets import MAIN, RELATIONS, SHEET_TYPE, package, rows_of, write_openpyxl, write_xlsxwriter
from xltrack.findings import message
from xltrack.intake import inspect_file

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
TABLE = rows_of("""
| Tên | 5 | 2025-03-01 | TRUE |
|     |   |            |      |
| '   | #REF! | {=B1+1 -> 6} | x |
""")


def zipped(entries, method=zipfile.ZIP_DEFLATED):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as file:
        for name, content in entries:
            file.writestr(name, content)
    return memory.getvalue()


def utf16(text):
    return text.encode("utf-16-le")


REFUSED = {
    "empty": (b"", "XLT101", "an empty file"),
    "zeros": (bytes(100), "XLT101", "an empty file"),
    "picture": (b"\x89PNG\r\n\x1a\n123", "XLT101", "a PNG picture"),
    "rar": (b"Rar!\x1a\x07\x00", "XLT101", "a RAR archive"),
    "noise": (bytes(range(256)), "XLT101", "a file of unknown kind"),
    "any zip": (zipped([("a.txt", "a")]), "XLT101", "a zip archive"),
    "password": (OLE + utf16("EncryptionInfo") + utf16("EncryptedPackage"), "XLT103", "password"),
    "xls": (OLE + utf16("Workbook"), "XLT104", ".xls"),
    "doc": (OLE + utf16("WordDocument"), "XLT104", "Office 97–2003 document"),
    "html": (b"\xef\xbb\xbf<html><table>", "XLT104", "HTML"),
    "html of utf-16": ("\ufeff<html><table>".encode("utf-16-le"), "XLT104", "HTML"),
    "csv": ("Mã số thuế;Tên\n0101;Công ty".encode(), "XLT104", "CSV"),
    "pdf": (b"%PDF-1.7", "XLT104", "PDF"),
    "xml 2003": (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "XLT104",
        "XML Spreadsheet 2003",
    ),
    "ods": (
        zipped([("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", "<a/>")]),
        "XLT104",
        ".ods",
    ),
    "docx": (zipped([("[Content_Types].xml", "<Types/>"), ("word/document.xml", "<a/>")]), "XLT104", ".docx"),
    "xlsb": (zipped([("[Content_Types].xml", "<Types/>"), ("xl/workbook.bin", b"1")]), "XLT104", ".xlsb"),
    "too large": (bytes(25 * 2**20 + 1), "XLT105", "25 MB"),
    "no workbook": (zipped([("[Content_Types].xml", "<Types/>")]), "XLT102", "no workbook"),
    "two parts of one name": (
        zipped([("[Content_Types].xml", "<T/>"), ("A.xml", "<a/>"), ("a.xml", "<a/>")]),
        "XLT102",
        "same name",
    ),
    "path out of the zip": (zipped([("[Content_Types].xml", "<T/>"), ("../a.xml", "<a/>")]), "XLT102", "odd name"),
    "unusual compression": (zipped([("[Content_Types].xml", "<T/>")], zipfile.ZIP_BZIP2), "XLT102", "compression"),
    "bomb": (zipped([("[Content_Types].xml", b" " * 9 * 2**20)]), "XLT102", "swells"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_workbook_is_refused_by_its_name(name, tmp_path):
    content, code, words = REFUSED[name]
    path = tmp_path / "báo cáo.xlsx"
    path.write_bytes(content)
    intake = inspect_file(path)
    assert [finding.code for finding in intake.findings] == [code]
    assert words in message(intake.findings[0], "en")
    assert message(intake.findings[0], "vi")
    assert intake.facts.sheets == {}


WORKSHEETS = {
    "dtd": ('<sheetData/>', {"xl/worksheets/sheet1.xml": '<!DOCTYPE a [<!ENTITY v "9">]><worksheet/>'}, "DTD"),
    "dtd elsewhere": ("<sheetData/>", {"docProps/app.xml": "<!DOCTYPE a><a/>"}, "DTD"),
    "broken xml": ("<sheetData>", None, "XML is broken"),
    "strange root": ("<sheetData/>", {"xl/worksheets/sheet1.xml": "<worksheet/>"}, "unknown way"),
    "cell in the wrong row": ('<sheetData><row r="2"><c r="C3"><v>1</v></c></row></sheetData>', None, "C3"),
    "row twice": ('<sheetData><row r="2"/><row r="2"/></sheetData>', None, "out of order"),
    "cell twice": ('<sheetData><row r="1"><c r="A1"/><c r="A1"/></row></sheetData>', None, "out of order"),
    "beyond the sheet": ('<sheetData><row r="1"><c r="XFE1"/></row></sheetData>', None, "out of order"),
    "far row": ('<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>', None, "A1048576"),
    "far column": ('<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>', None, "XFD1"),
    "missing string": ('<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>', None, "not there"),
    "missing sheet": ("<sheetData/>", {"xl/worksheets/sheet1.xml": None}, "missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", WORKSHEETS)
def test_a_worksheet_that_readers_would_take_differently_is_refused(name, tmp_path):
    sheet, parts, words = WORKSHEETS[name]
    intake = inspect_file(package(tmp_path / "a.xlsx", sheet, parts))
    assert [finding.code for finding in intake.findings] == ["XLT102"]
    assert words in message(intake.findings[0], "en")


TYPES = {
    "application/vnd.ms-excel.sheet.macroEnabled.main+xml": ("XLT104", ".xlsm"),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": ("XLT104", ".xltx"),
    "application/x-other": ("XLT101", "application/x-other"),
}


@pytest.mark.parametrize("kind", TYPES)
def test_a_workbook_of_another_type_is_refused(kind, tmp_path):
    code, words = TYPES[kind]
    with zipfile.ZipFile(package(tmp_path / "plain.xlsx")) as plain:
        types = plain.read("[Content_Types].xml").decode().replace(SHEET_TYPE, kind)
    intake = inspect_file(package(tmp_path / "a.xlsx", parts={"[Content_Types].xml": types}))
    assert [finding.code for finding in intake.findings] == [code]
    assert words in message(intake.findings[0], "en")


def test_strict_open_xml_is_refused_with_what_to_do(tmp_path):
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    )
    intake = inspect_file(package(tmp_path / "a.xlsx", parts={"_rels/.rels": rels}))
    assert [finding.code for finding in intake.findings] == ["XLT104"]


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


@pytest.mark.parametrize("name", ["~$bao cao.xlsx", ".~lock.bao cao.xlsx#"])
def test_a_lock_file_is_passed_over_with_a_note(name, tmp_path):
    path = tmp_path / name
    path.write_bytes(b"Nguyen".ljust(165))
    assert [finding.code for finding in inspect_file(path).findings] == ["XLT109"]


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
