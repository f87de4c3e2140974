"""A workbook is read as it was meant, wherever its parts were moved to, and every cell of it is accounted for."""

import io
import random
import unicodedata
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from tests.sheets import cover_rows, package, rows_of, table_rows, write_openpyxl, write_xlsxwriter
from xltrack.errors import ProgramError
from xltrack.findings import message, severity
from xltrack.findings.marking import seal
from xltrack.forms import load_schemas
from xltrack.intake import inspect_file
from xltrack.language import Text
from xltrack.reading import read_workbook
from xltrack.reading.extract import Grid
from xltrack.reading.ledger import LISTED, Tally, balance

SCHEMAS = load_schemas()
FORM = SCHEMAS.form()
COVER = {
    "form_id": "XLT-1322",
    "form_version": "1.0",
    "unit_code": "T34-24 – Bắc Ninh",
    "unit_name": "Tỉnh Bắc Ninh",
    "period_kind": "Năm",
    "year": 2025,
    "cut_off_date": date(2025, 11, 15),
    "figures_kind": "Số thực hiện",
    "submission_no": 1,
    "submission_kind": "Gửi đầy đủ",
    "part_no": 1,
    "part_count": 1,
    "currency_unit": "triệu đồng",
    "nil_report": "Không",
}
ENTERPRISES = """
| tax_code    | enterprise_name | province_code     | revenue | first_supported_year | exporter |
| '0100233488 | Công ty A       | T34-24 – Bắc Ninh | 1250.5  | 2025                 | Có       |
|             |                 |                   |         |                      |          |
| 314409058   | Công ty B       | Hà Nội            | '1.250  | '2.025               | x        |
"""


def sheets(cover=COVER, **tables):
    """Return the rows of a whole workbook, tab by tab; a table not given has no rows."""
    found = {"HUONG_DAN": [["Hướng dẫn"]], "BIA": cover_rows(FORM.cover, cover)}
    for sheet in FORM.tables:
        empty = "|" + "|".join(sheet.by_id) + "|"
        found[sheet.tab] = table_rows(sheet, tables.get(sheet.id, empty))
    return found


def read(path):
    return read_workbook(inspect_file(path), SCHEMAS)


def write(tmp_path, found, writer=write_xlsxwriter):
    return writer(tmp_path / "bao cao.xlsx", found)


def said(book, ignoring=("XLT203", "XLT204")):
    """Return what was found, as code, sheet and cell; fixtures leave optional columns out."""
    return [(f.code, f.sheet, f.cell) for f in book.findings if f.code not in ignoring]


def enterprises(book):
    return book.tables["enterprises"]


def names(book):
    return enterprises(book).frame["enterprise_name"].to_list()


@pytest.mark.parametrize("writer", [write_xlsxwriter, write_openpyxl])
def test_rows_are_typed_and_know_their_cells(writer, tmp_path):
    book = read(write(tmp_path, sheets(enterprises=ENTERPRISES), writer))
    table = enterprises(book)
    asked = table.frame.select(
        "_row", "tax_code", "province_code", "revenue", "first_supported_year", "exporter"
    )
    assert asked.rows() == [
        (5, "0100233488", "T34-24", 1_250_500_000, 2025, True),
        (7, "0314409058", "T34-01", 1_250_000_000, 2025, True),
    ]
    assert said(book) == [("XLT311", "DOANH_NGHIEP", "A7")]
    assert table.raw["revenue"].to_list() == ["1250.5", "1.250"]
    assert table.cell("revenue", 7) == "D7"
    assert table.cell("women_led", 7) is None


def test_the_cover_says_who_reports_what(tmp_path):
    book = read(write(tmp_path, sheets()))
    assert book.form is FORM
    assert book.cover.unit.code == "T34-24"
    assert book.cover.round.name == "2025-annual"
    assert (book.cover.figures_kind, book.cover.submission_kind) == ("actual", "full")
    assert (book.cover.currency_unit, book.cover.nil_report) == ("million", False)
    assert book.tables["cover"].cell("year", 1) == "C9"
    assert book.tables["cover"].frame["unit_code"][0] == "T34-24"
    assert said(book) == []


def test_blank_cells_of_the_cover_have_their_usual_values(tmp_path):
    needed = {name: COVER[name] for name in ("unit_code", "period_kind", "year")}
    cover = read(write(tmp_path, sheets(needed))).cover
    assert (cover.figures_kind, cover.submission_no, cover.submission_kind) == ("actual", 1, "full")
    assert (cover.part_no, cover.part_count, cover.nil_report) == (1, 1, False)


UNITS = """
T34-24 – Bắc Ninh |               | 2025 | T34-24
T34-24            | Bắc Ninh      | 2025 | T34-24
bac ninh          |               | 2026 | T34-24
bac ninh          |               | 2024 | T63-27
bac ninh          |               | 2025 | XLT121
24                |               | 2025 | XLT121
24                | Bắc Giang     | 2025 | T63-24
24                | Bắc Ninh      | 2025 | T34-24
24                |               | 2026 | T34-24
24                |               | 2024 | T63-24
24                | Hà Nội        | 2026 | XLT131
1                 |               | 2026 | T34-01
BO-CT             |               | 2025 | BO-CT
                  | Bộ Công Thương | 2025 | BO-CT
T63-24            |               | 2026 | XLT122
Bắc Nin           |               | 2026 | XLT120
T34-24            |               | 2019 | XLT123
"""


@pytest.mark.parametrize("line", UNITS.strip().splitlines())
def test_the_reporting_unit_is_known_by_code_and_name_or_refused(line, tmp_path):
    code, name, year, expected = (part.strip() for part in line.split("|"))
    written = {"unit_code": int(code) if code.isdecimal() else code, "unit_name": name, "year": int(year)}
    book = read(write(tmp_path, sheets(COVER | written)))
    if expected.startswith("XLT"):
        assert [f.code for f in book.findings if f.code < "XLT2"] == [expected]
        assert message(next(f for f in book.findings if f.code == expected), "vi")
    else:
        assert (book.cover.unit.code, said(book)) == (expected, [])


def test_units_of_one_name_are_suggested_with_their_codes(tmp_path):
    book = read(write(tmp_path, sheets(COVER | {"unit_code": "Hải Phòn", "unit_name": ""})))
    found = next(one for one in book.findings if one.code == "XLT120")
    assert "Có phải ý Anh/Chị là “T34-31 – Hải Phòng”, “T63-31 – Hải Phòng”?" in message(found, "vi")


@pytest.mark.parametrize(
    ("entries", "code"),
    [
        ({"unit": "T34-01"}, "XLT124"),
        ({"year": "2024", "period": "annual"}, "XLT125"),
        ({"form": "XYZ-1"}, "XLT106"),
        ({"version": "9.9"}, "XLT107"),
        ({"unit": "T34-24", "year": "2025", "period": "annual", "version": "1.0"}, None),
    ],
)
@pytest.mark.parametrize("place", ["properties", "sheet"])
def test_the_manifest_is_compared_with_the_cover(entries, code, place, tmp_path):
    entries = {"form": "XLT-1322"} | entries
    found = sheets(enterprises=ENTERPRISES)
    if place == "sheet":
        found["_xltrack"] = [*map(list, entries.items()), ["sheet", "cover", "BIA", 4, "A", "D"]]
        path = write(tmp_path, found)
    else:
        properties = {f"xltrack_{name}": value for name, value in entries.items()}
        path = write_openpyxl(tmp_path / "a.xlsx", found, properties)
    book = read(path)
    assert [f.code for f in book.findings if f.code < "XLT2"] == ([code] if code else [])
    assert book.ledger.cells == book.ledger.mapped + sum(book.ledger.ignored.values())


def test_money_in_another_unit_than_the_headings_say_is_an_error(tmp_path):
    book = read(write(tmp_path, sheets(COVER | {"currency_unit": "đồng"}, enterprises=ENTERPRISES)))
    finding = next(f for f in book.findings if f.code == "XLT128")
    assert (finding.sheet, finding.cell) == ("DOANH_NGHIEP", "D4")
    assert "triệu đồng" in message(finding, "vi")


# Rows above a table whose headings and cover say million đồng; and the cell that says something else.
ABOVE = {
    "in words": ([["Đơn vị tính: đồng"]], "A1"),
    "short, among words": ([["BIỂU 02 – ĐVT: nghìn đồng, người"]], "A1"),
    "in parentheses": ([["BÁO CÁO"], ["", "", "(Đơn vị: 1.000 VNĐ)"]], "C2"),
    "in two cells": ([["", "ĐVT :", "", "tỷ đồng"]], "D1"),
    "decomposed, with an end": ([[unicodedata.normalize("NFD", "Đơn vị tính: đồng.")]], "A1"),
    "the same unit": ([["ĐVT: triệu đồng"], ["(Triệu VNĐ)"]], None),
    "a unit that reports": ([["Đơn vị: Sở Khoa học và Công nghệ"], ["Đơn vị báo cáo:", "T34-24"]], None),
    "a unit of other things": ([["Đơn vị tính: người"], ["Đơn vị tính: đồng/người"]], None),
}


@pytest.mark.parametrize("name", ABOVE)
def test_a_money_unit_above_the_table_that_is_not_the_cover_s_is_an_error(name, tmp_path):
    above, cell = ABOVE[name]
    book = read(write(tmp_path, twisted(lambda rows: [*above, *rows])))
    found = [f for f in book.findings if f.code not in ("XLT203", "XLT204", "XLT311")]
    assert [(f.code, f.sheet, f.cell) for f in found] == ([("XLT234", "DOANH_NGHIEP", cell)] if cell else [])
    assert enterprises(book).frame["revenue"][0] == 1_250_500_000
    if found:
        assert message(found[0], "vi").endswith("còn trang bìa ghi triệu đồng.")


def test_without_a_money_unit_on_the_cover_the_headings_hold(tmp_path):
    cover = {name: value for name, value in COVER.items() if name != "currency_unit"}
    book = read(write(tmp_path, sheets(cover, enterprises=ENTERPRISES)))
    assert enterprises(book).frame["revenue"][0] == 1_250_500_000


def twisted(change):
    """Return a workbook whose enterprises sheet was changed by `change`, rows in, rows out."""
    found = sheets(enterprises=ENTERPRISES)
    found["DOANH_NGHIEP"] = change(found["DOANH_NGHIEP"])
    return found


def without_ids(rows):
    return [row for at, row in enumerate(rows) if at != 2]


def with_headings(*headings):
    return lambda rows: [list(headings), *rows[4:]]


VIETNAMESE = (
    "Mã số thuế *", "TÊN DOANH NGHIỆP", "Tỉnh,  thành phố", "Doanh thu (triệu đồng)", "Năm hỗ trợ đầu tiên",
    "Có xuất khẩu",
)  # fmt: skip
OTHER_WORDS = ("MST", "ten doanh nghiep", "Tỉnh/TP", "Doanh thu năm", "Nam ho tro dau tien", "xuat khau")
MOVES = {
    "as sent": (lambda rows: rows, 5),
    "rows above": (lambda rows: [["UBND TỈNH BẮC NINH"], ["BÁO CÁO", "", 2025], [], *rows], 8),
    "column before": (lambda rows: [["", *row] for row in rows], 5),
    "own column between": (lambda rows: [[*row[:2], None, *row[2:]] for row in rows], 5),
    "columns turned round": (lambda rows: [row[::-1] if len(row) > 2 else row for row in rows], 5),
    "ids gone": (without_ids, 4),
    "only Vietnamese headings": (with_headings(*VIETNAMESE), 2),
    "other words without marks": (with_headings(*OTHER_WORDS), 2),
    "headings gone": (lambda rows: [*rows[:3], *rows[4:]], 4),
}  # fmt: skip


@pytest.mark.parametrize("name", MOVES)
def test_columns_are_found_wherever_they_went(name, tmp_path):
    change, first = MOVES[name]
    book = read(write(tmp_path, twisted(change)))
    table = enterprises(book)
    assert table.frame["_row"].to_list() == [first, first + 2]
    assert table.frame["tax_code"].to_list() == ["0100233488", "0314409058"]
    assert names(book) == ["Công ty A", "Công ty B"]


def test_an_inserted_column_shifts_the_letters_in_findings(tmp_path):
    rows = [*rows_of(ENTERPRISES)[1:2]]
    book = read(
        write(
            tmp_path,
            twisted(
                lambda found: [["", *row] for row in [*found[:4], ["'bad", *rows[0][1:4], "x", "có lẽ"]]]
            ),
        )
    )
    assert ("XLT305", "DOANH_NGHIEP", "G5") in said(book)
    assert ("XLT301", "DOANH_NGHIEP", "F5") in said(book)


def test_hidden_rows_of_ids_may_be_anywhere_and_a_repeated_heading_is_no_row(tmp_path):
    book = read(write(tmp_path, twisted(lambda rows: [*rows[:5], rows[3], *rows[5:]])))
    assert enterprises(book).frame["_row"].to_list() == [5, 8]


COLUMNS = {
    "own column": (
        lambda rows: [*rows[:3], [*rows[3], "Ghi chú"], [*rows[4], "gấp"], *rows[5:]],
        "XLT205",
        "G4",
    ),
    "no heading": (lambda rows: [*rows[:4], [*rows[4], None, "gấp"], *rows[5:]], "XLT205", "H4"),
    "twice": (
        lambda rows: [[*row[:2], row[1], *row[2:]] if len(row) > 2 else row for row in rows],
        "XLT206",
        None,
    ),
    "required missing": (
        lambda rows: [[*row[:1], *row[2:]] if len(row) > 2 else row for row in rows],
        "XLT203",
        None,
    ),
    "optional missing": (lambda rows: [row[:-1] if len(row) > 2 else row for row in rows], "XLT204", None),
    "no headings at all": (lambda rows: rows[4:], "XLT207", None),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_columns_that_are_not_as_declared_are_told(name, tmp_path):
    change, code, cell = COLUMNS[name]
    book = read(write(tmp_path, twisted(change)))
    found = [f for f in book.findings if f.sheet == "DOANH_NGHIEP" and f.code == code]
    assert cell in [f.cell for f in found]
    assert all(message(f, "vi") and message(f, "en") for f in book.findings)


def test_a_heading_spelt_wrongly_is_suggested(tmp_path):
    book = read(
        write(
            tmp_path,
            twisted(
                with_headings(
                    "Mã số thuế", "Tên doang nghiệp", "Tỉnh", "Doanh thu", "Năm hỗ trợ đầu tiên", "Xuất khẩu"
                )
            ),
        )
    )
    finding = next(f for f in book.findings if f.code == "XLT205")
    assert "Tên doanh nghiệp" in message(finding, "vi")


@pytest.mark.parametrize(
    ("tab", "told"),
    [
        (" doanh nghiệp ", []),
        ("Doanh nghiệp được hỗ trợ", []),
        ("Sheet7", [("XLT212", "Sheet7", None)]),
        ("DOANH_NGHIEP (2)", [("XLT212", "DOANH_NGHIEP (2)", None)]),
    ],
)
def test_b1_a_renamed_sheet_is_found_by_its_name_or_its_columns(tab, told, tmp_path):
    full = "|" + "|".join(FORM.by_id["enterprises"].by_id) + "|\n| '0100233488 | Công ty A |"
    found = sheets(enterprises=full)
    found = {tab if old == "DOANH_NGHIEP" else old: rows for old, rows in found.items()}
    book = read(write(tmp_path, found))
    assert (names(book), said(book)) == (["Công ty A"], told)
    assert enterprises(book).tab == tab


def test_missing_and_extra_sheets_are_told(tmp_path):
    found = sheets()
    del found["KINH_PHI"]
    found["Ghi chú"] = [["a", 1], ["b"]]
    found["Sheet1"] = []
    book = read(write(tmp_path, found))
    assert said(book) == [("XLT201", None, None), ("XLT202", "Ghi chú", None)]
    assert "funding" not in book.tables
    assert book.ledger.ignored["extra_sheet"] == 3


def test_the_result_sheet_of_a_return_that_comes_back_is_passed_over(tmp_path):
    rows = [[], ["[xltrack] Kết quả kiểm tra"], ["tax_code", "tax_code"]]
    sealed = [[*row, None, seal(row)] if row else row for row in rows]
    book = read(write(tmp_path, {"Kết quả (2)": sealed, **sheets()}))
    assert said(book) == []
    assert book.ledger.ignored["result_sheet"] == 5


def test_a_workbook_of_no_form_is_refused_and_all_its_cells_are_accounted_for(tmp_path):
    book = read(write(tmp_path, {"Sheet1": [["Danh sách", 1]]}))
    assert [f.code for f in book.findings] == ["XLT106"]
    assert (book.form, book.tables, book.ledger.ignored) == (None, {}, {"unknown_form": 2})


def test_a_refused_file_has_the_findings_of_the_gate(tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.7")
    book = read(path)
    assert [f.code for f in book.findings] == ["XLT101"]
    assert book.ledger.cells == 0


@pytest.mark.parametrize(("error", "code"), [("#REF!", "XLT308"), ("#SPILL!", "XLT308"), ("=A1*2", "XLT309")])
def test_errors_and_formulas_without_value_are_found_at_their_cells(error, code, tmp_path):
    rows = f"| tax_code | revenue | vsic_code |\n| '0100233488 | {error} | 01 |\n| '0314409058 | 5 | |"
    book = read(write(tmp_path, sheets(enterprises=rows), write_openpyxl))
    assert said(book) == [(code, "DOANH_NGHIEP", "B5")]
    assert enterprises(book).frame["revenue"].to_list() == [None, 5_000_000]
    assert enterprises(book).raw["revenue"].to_list() == [error, "5"]


def test_the_cover_is_read_wherever_it_was_moved(tmp_path):
    found = sheets()
    labels = [[None, None, row[1], row[2]] if len(row) > 2 else row for row in found["BIA"]]
    found["BIA"] = [["Sở Khoa học và Công nghệ"], [], *labels]
    book = read(write(tmp_path, found))
    assert book.cover.unit.code == "T34-24"
    assert book.tables["cover"].cell("year", 1) == "D11"


def test_a_help_text_is_never_taken_for_a_value(tmp_path):
    cover = read(write(tmp_path, sheets({"unit_code": "T34-24", "period_kind": "Năm", "year": 2025})))
    assert cover.tables["cover"].frame["document_no"][0] is None
    empty = read(write(tmp_path, sheets({})))
    assert empty.cover is None
    assert [f.code for f in empty.findings if severity(f) == "error" and f.code < "XLT2"] == []
    assert not empty.tables["cover"].raw.filled


def test_every_cell_of_a_workbook_is_mapped_or_ignored_for_a_reason(tmp_path):
    found = twisted(
        lambda rows: [*rows[:3], [*rows[3], "Ghi chú"], [*rows[4], "gấp"], *rows[5:], [None] * 8 + ["nháp"]]
    )
    found["_xltrack"] = [["form", "XLT-1322"]]
    ledger = read(write(tmp_path, found)).ledger
    assert set(ledger.ignored) == {
        "heading", "help", "id_row", "instructions", "manifest", "outside_table", "title", "unknown_column",
    }  # fmt: skip
    assert ledger.ignored["unknown_column"] == ledger.ignored["outside_table"] == 1
    assert ledger.mapped == len(COVER) + 12
    assert ledger.cells == ledger.mapped + sum(ledger.ignored.values())
    assert ledger.ignored == dict(sum((Counter({p.reason: p.cells}) for p in ledger.places), Counter()))
    assert [(p.reason, p.cells, p.ranges) for p in ledger.places if p.tab == "DOANH_NGHIEP"] == [
        ("title", 1, ("A1",)), ("help", 1, ("A2",)), ("id_row", 6, ("A3:F3",)), ("heading", 7, ("A4:G4",)),
        ("unknown_column", 1, ("G5",)), ("outside_table", 1, ("I8",)),
    ]  # fmt: skip


def test_of_many_places_the_first_are_listed_and_the_others_counted():
    tally = Tally(Grid("S", [["", "a"] * 50, ["", ""] * 50, ["c", "b"] * 50], 150))
    for at, row in enumerate(tally.grid.rows):
        tally.ignore_row("title", at, row)
    (place,) = tally.close()
    assert (place.cells, len(place.ranges), place.more) == (150, LISTED, 100 - LISTED)
    assert place.ranges[:3] == ("C1", "A2:C2", "C3")


def test_a_reason_without_a_title_cannot_be_given():
    with pytest.raises(KeyError):
        Tally(Grid("S", [["a"]], 1)).ignore_row("because", 0, ["a"])


def test_a_ledger_that_does_not_add_up_is_the_programs_fault():
    tally = Tally(Grid("S", [["a"], ["b"]], 2))
    tally.ignore_row("title", 0, ["a"])
    with pytest.raises(ProgramError, match="S: 2"):
        balance([tally])


def test_a_sheet_that_programs_read_differently_is_refused(tmp_path):
    intake = inspect_file(write(tmp_path, sheets()))
    cover = replace(intake.facts.sheets["BIA"], cells=999)
    facts = replace(intake.facts, sheets={**intake.facts.sheets, "BIA": cover})
    book = read_workbook(replace(intake, facts=facts), SCHEMAS)
    assert [finding.code for finding in book.findings] == ["XLT102"]
    assert "BIA" in message(book.findings[0], "vi")
    assert (book.ledger.cells, book.tables) == (0, {})


def test_rows_beyond_the_capacity_are_read(tmp_path):
    many = "| tax_code | enterprise_name | size_year |\n" + "\n".join(
        f"| '{at:010} | Công ty {at} | 2025 |" for at in range(600)
    )
    book = read(write(tmp_path, sheets(enterprises=many)))
    assert enterprises(book).frame.height == 600
    assert enterprises(book).frame["_row"][599] == 604


def test_a_cell_that_the_reader_cannot_take_makes_the_file_damaged(tmp_path):
    path = package(
        tmp_path / "a.xlsx", '<sheetData><row r="1"><c r="A1" t="s2"><v>7</v></c></row></sheetData>'
    )
    assert [f.code for f in read(path).findings] == ["XLT102"]


def test_the_headings_currency_is_part_of_no_other_heading(tmp_path):
    rows = table_rows(
        FORM.by_id["funding"],
        "| subject_kind | year | amount |\n| khác | 2025 | 5 |",
        Text("tỷ đồng", "billion VND"),
    )
    found = sheets(COVER | {"currency_unit": "tỷ đồng"}) | {"KINH_PHI": without_ids(rows)}
    book = read(write(tmp_path, found))
    assert book.tables["funding"].frame["amount"].to_list() == [5_000_000_000]


def spoilt(content, seed):
    """Return `content` with one byte of one of its XML parts changed, zipped anew so that checksums are right."""
    chance = random.Random(seed)
    memory = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        victim = chance.choice([name for name in old.namelist() if "sheet" in name or "Strings" in name])
        for name in old.namelist():
            part = bytearray(old.read(name))
            if name == victim:
                part[chance.randrange(len(part))] = chance.choice(b'0123456789<>&"/ACsnebv-')
            new.writestr(name, bytes(part))
    return memory.getvalue()


def test_no_spoilt_workbook_stops_the_reading_of_the_others(tmp_path):
    content = write(tmp_path, sheets(enterprises=ENTERPRISES)).read_bytes()
    path = tmp_path / "spoilt.xlsx"
    refused = 0
    for seed in range(150):
        path.write_bytes(spoilt(content, seed))
        book = read(path)
        refused += "XLT102" in [finding.code for finding in book.findings]
        assert book.ledger.cells == book.ledger.mapped + sum(book.ledger.ignored.values())
    assert 20 < refused < 150
