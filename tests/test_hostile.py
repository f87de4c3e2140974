"""The gate refuses, or keeps apart, what no reader may see: 100 % the stated verdict."""

import base64
import io
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.worksheet.datavalidation import DataValidation

from tests.heavy import HEAVY
from tests.hostile import HOSTILE, QUARANTINED, SHEET, VBA, linked, of, two_sheets
from tests.odd_workbooks import ODD, ODD_CELLS
from tests.workbook_parts import beside, book, relationships, worksheet
from xltrack.findings import hint, message
from xltrack.forms import load_schemas
from xltrack.intake import Received, inspect, inspect_file
from xltrack.intake.receiving import FILE_BYTES
from xltrack.pipeline import merge, validate
from xltrack.reading.extract import extract
from xltrack.report.text import as_text
from xltrack.store import open_store
from xltrack.store.originals import original_of

pytestmark = pytest.mark.slow


def arrived(content):
    """Return what the gate says of `content`, whatever the file is called."""
    return inspect(Received(Path("báo cáo.xlsx"), content, len(content), "0" * 64))


# So many hostile files at least are told by each code.
FILES = {
    "XLT101": 15, "XLT102": 60, "XLT103": 5, "XLT104": 20, "XLT108": 10, "XLT109": 3, "XLT110": 6, "XLT111": 9,
    "XLT113": 12, "XLT114": 6, "XLT115": 8, "XLT116": 3, "XLT117": 50, "XLT118": 12, "XLT119": 3,
}  # fmt: skip


def test_every_code_of_the_gate_has_its_files():
    found = Counter(code for case in HOSTILE.values() for code in case.code.split())
    assert {code: found[code] for code in FILES if found[code] < FILES[code]} == {}
    assert set(found) == set(FILES)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_has_the_stated_verdict(name):
    case = HOSTILE[name]
    intake = arrived(case.make())
    assert [finding.code for finding in intake.findings] == case.code.split()
    assert case.words in message(intake.findings[0], "en")
    assert message(intake.findings[0], "vi") != message(intake.findings[0], "en")
    assert hint(intake.findings[0], "vi")
    verdict = "passed_over" if case.code == "XLT109" else "quarantined" if name in QUARANTINED else "refused"
    assert intake.verdict == verdict
    assert intake.facts.sheets == {}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_read_as_what_it_is(name):
    intake = arrived(ODD[name]())
    assert [message(finding, "en") for finding in intake.findings] == []
    assert intake.verdict == "passed"
    assert [[*map(list, grid.rows)] for grid in extract(intake)] == [ODD_CELLS]
    assert intake.facts.cells == {"S": 3}


STRICT_WORKSHEET = "http://purl.oclc.org/ooxml/officeDocument/relationships/worksheet"


@pytest.mark.parametrize("kind", ["worksheet", "Worksheet", "chartsheet", "urn:a", STRICT_WORKSHEET])
def test_a_worksheet_is_read_whatever_its_relationship_is_called(kind):
    intake = arrived(of(two_sheets(kind)))
    assert intake.findings == ()
    assert [(grid.tab, [*map(list, grid.rows)]) for grid in extract(intake)] == [
        ("S", ODD_CELLS),
        ("T", ODD_CELLS),
    ]


def test_links_to_other_files_are_told_and_the_saved_values_are_read():
    content = linked("file:///C:\\Users\\A\\Bi%E1%BB%83u%20m%E1%BA%ABu.xlsx", "../nam%202024.xlsx")
    intake = arrived(content)
    assert [finding.code for finding in intake.findings] == ["XLT112"]
    assert intake.facts.links == ("C:\\Users\\A\\Biểu mẫu.xlsx", "../nam 2024.xlsx")
    assert "C:\\Users\\A\\Biểu mẫu.xlsx, ../nam 2024.xlsx" in message(intake.findings[0], "vi")
    assert intake.verdict == "passed"
    assert [[*map(list, grid.rows)] for grid in extract(intake)] == [ODD_CELLS]


def test_the_system_of_dates_holds_beside_what_newer_programs_add():
    added = f'<extLst><ext xmlns:x15="{X15}"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>'
    book_of_1904 = book("S", more=added).replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    intake = arrived(of({"xl/workbook.xml": book_of_1904}))
    assert intake.facts.sheets["S"].is_plain
    assert extract(intake)[0].rows[0][1] == date(2027, 3, 16)


def test_a_format_of_5000_digits_is_one_that_is_not_there():
    intake = arrived(of({SHEET: worksheet(f'<row r="1"><c r="A1" s="{"1" * 5_000}"><v>5</v></c></row>')}))
    assert intake.facts.sheets["S"].marks == {"A1": {"undefined"}}


def test_no_message_is_longer_than_a_person_reads():
    intake = arrived(of({SHEET: worksheet(f'<row r="1"><c r="A1" t="{"x" * 50_000}"/></row>')}))
    assert len(message(intake.findings[0], "vi")) < 400


X15 = "http://schemas.microsoft.com/office/spreadsheetml/2010/11/main"


def test_what_comes_with_a_link_is_told_with_the_rest(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(linked("b.xlsx"))
    (file,) = validate([path]).files
    assert [finding.code for finding in file.findings] == ["XLT106", "XLT112"]
    assert file.ledger.cells == 3


def test_everything_that_could_act_is_told_at_once():
    content = of({
        "xl/vbaProject.bin": VBA,
        "xl/worksheets/_rels/sheet1.xml.rels": relationships(("control", "../a.xml"), ("oleObject", "../b.bin")),
        "xl/_rels/workbook.xml.rels": beside(("connections", "connections.xml")),
    })  # fmt: skip
    intake = arrived(content)
    assert [message(finding, "vi") for finding in intake.findings] == [
        "Tệp có macro hoặc thuộc kiểu tệp dành cho macro (macro VBA), nên được cách ly và không được đọc.",
        "Tệp chứa điều khiển ActiveX, đối tượng hoặc tệp nhúng (OLE), nên được cách ly và không được đọc.",
        "Tệp có kết nối dữ liệu hoặc truy vấn, nên được cách ly và không được đọc.",
    ]


def _openpyxl(path):
    book: Any = openpyxl.Workbook()
    book.active.append(["Tên", date(2023, 3, 15), 5])
    book.save(path)


def _openpyxl_with_much(path):
    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Tên", date(2023, 3, 15), 5])
    sheet["A1"].comment = Comment("ghi chú", "a")
    sheet["D9"].hyperlink = "https://example.vn/?a=1|2"
    sheet.add_data_validation(DataValidation("list", formula1='"a|b,c"'))
    sheet.auto_filter.ref = "A1:C1"
    book.create_sheet("Ẩn").sheet_state = "hidden"
    book.security.lockStructure = True
    book.save(path)


def _xlsxwriter(path, **options):
    with xlsxwriter.Workbook(path, options) as book:
        sheet = book.add_worksheet("Trang | một")
        sheet.write_row(0, 0, ["Tên", 5])
        sheet.write_formula("D1", "='Trang | một'!B1", None, 5)
        sheet.write_comment("A1", "ghi chú")
        sheet.insert_textbox("F3", "chữ")
        sheet.insert_checkbox("F1", True)
        sheet.insert_image("K1", "a.png", {"image_data": PICTURE})
        sheet.add_sparkline("G1", {"range": "A1:B1"})
        sheet.data_validation("B2", {"validate": "list", "source": ["a|b", "c"]})
        if not options.get("constant_memory"):
            sheet.add_table(
                "A5:B7", {"columns": [{"header": "a|b"}, {"header": "c", "formula": "=[@[a|b]]"}]}
            )
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": ["Trang | một", 0, 0, 0, 1]})
        sheet.insert_chart("H1", chart)
        bars = book.add_chart({"type": "bar"})
        bars.add_series({"values": ["Trang | một", 0, 0, 0, 1]})
        book.add_chartsheet("Biểu đồ").set_chart(bars)
        book.define_name("a", "='Trang | một'!$A$1")


PICTURE = io.BytesIO(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
)
WRITERS: dict[str, Callable[[Path], None]] = {
    "openpyxl": _openpyxl,
    "openpyxl, comments, links, lists": _openpyxl_with_much,
    "XlsxWriter": _xlsxwriter,
    "XlsxWriter, row by row": partial(_xlsxwriter, constant_memory=True),
    "XlsxWriter, for large files": partial(_xlsxwriter, use_zip64=True),
    "XlsxWriter, dates from 1904": partial(_xlsxwriter, date_1904=True),
}


@pytest.mark.parametrize("name", WRITERS)
def test_what_other_programs_write_passes(name, tmp_path):
    path = tmp_path / "a.xlsx"
    WRITERS[name](path)
    intake = inspect_file(path)
    assert [message(finding, "en") for finding in intake.findings] == []
    assert extract(intake)[0].rows[0][0] == "Tên"


def test_every_template_passes(root):
    paths = list((root / "templates_xlsx").glob("*.xlsx"))
    assert paths
    assert {inspect_file(path).verdict for path in paths} == {"passed"}


@pytest.mark.office
def test_libreoffice_saves_what_passes_and_what_is_refused_by_name(office, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(of({}))
    saved = inspect_file(office.save_as(path, tmp_path / "b.xlsx"))
    assert [[*map(list, grid.rows)] for grid in extract(saved)] == [ODD_CELLS]
    for ending in (".xls", ".ods"):
        other = inspect_file(office.save_as(path, tmp_path / f"b{ending}"))
        assert [finding.code for finding in other.findings] == ["XLT104"]
        assert ending in message(other.findings[0], "vi")


def test_a_quarantined_file_is_told_of_and_kept_and_brings_no_rows(tmp_path):
    path = tmp_path / "bao cao.xlsm"
    path.write_bytes(QUARANTINED["VBA"].make())
    assert [file.verdict for file in validate([path]).files] == ["quarantined"]
    merged = merge([path], tmp_path / "a.duckdb")
    assert [file.verdict for file in merged.files] == ["quarantined"]
    assert "CÁCH LY" in as_text(merged.files, "vi")
    with open_store(tmp_path / "a.duckdb", load_schemas()) as store:
        ((name, verdict, sha256),) = store.rows("SELECT file_name, verdict, sha256 FROM submission")
        assert (name, verdict) == ("bao cao.xlsm", "quarantined")
        assert original_of(store.connection, sha256) == path.read_bytes()
        assert store.rows("SELECT state, reason FROM submission_state") == [("rejected", "quarantined")]


def test_what_was_not_read_whole_or_is_no_submission_is_not_kept(tmp_path):
    (tmp_path / "lon.xlsx").write_bytes(bytes(FILE_BYTES + 1))
    (tmp_path / "khoa.xlsx").write_bytes(HOSTILE["lock under another name"].make())
    merged = merge([tmp_path], tmp_path / "a.duckdb")
    assert {file.path.name: file.verdict for file in merged.files} == {
        "lon.xlsx": "unreadable",
        "khoa.xlsx": "passed_over",
    }
    with open_store(tmp_path / "a.duckdb", load_schemas()) as store:
        assert store.rows("SELECT file_name FROM submission") == []


MOST_MEGABYTES = 300
MOST_SECONDS = 10
MEASURE = """
import re, sys, time
from pathlib import Path
from xltrack.intake import inspect_file
for path in sorted(Path(sys.argv[1]).iterdir()):
    begun = time.process_time()
    inspect_file(path)
    seconds = time.process_time() - begun
    peak = int(re.search("VmHWM: *([0-9]+)", Path("/proc/self/status").read_text().replace(chr(9), " "))[1])
    print(path.name, f"{seconds:.2f}", peak // 1024, sep="|")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the memory of a process")
def test_no_file_fills_the_memory_or_takes_long(tmp_path):
    """The limits hold for the files made to break them, and for those that just keep to them."""
    makers = {name: case.make for name, case in HOSTILE.items()} | HEAVY
    for number, (name, make) in enumerate(makers.items()):
        (tmp_path / f"{number:03} {name.replace('/', ' ')}").write_bytes(make())
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    measured = [line.split("|") for line in done.stdout.splitlines()]
    assert len(measured) == len(makers)
    assert [line for line in measured if float(line[1]) > MOST_SECONDS] == []
    assert [line for line in measured if int(line[2]) > MOST_MEGABYTES] == []
