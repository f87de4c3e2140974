"""What Excel, keyboards and habits made of values, in real workbooks and in columns: repaired aloud, or refused."""

import json
import unicodedata
import zipfile
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment

from tests.sheets import Styled, cell_of, write_openpyxl, write_xlsxwriter
from tests.test_coerce import COLUMNS, both_ways, sheet_of
from tests.test_reading import COVER, SCHEMAS, read, said, sheets
from xltrack.findings import catalogue, hint, message
from xltrack.pipeline import validate
from xltrack.reading.cells import raw_text
from xltrack.reading.coerce import coerce
from xltrack.reading.convert import convert
from xltrack.reading.identifiers import is_identifier, same_tone
from xltrack.reading.legacy import Decoder, Encoding, decode, judge
from xltrack.reading.numbers import read_amount, shown
from xltrack.reading.syllables import is_syllable
from xltrack.reading.values import Beside, Setting
from xltrack.report.json_result import as_json
from xltrack.report.text import as_text

LISTS = SCHEMAS.code_lists
SETTING = Setting(LISTS["currency_units"], LISTS["yes_no"], factor=1_000_000)
NO_MARKS: frozenset[str] = frozenset()
HABITS = ("XLT332", "XLT353", "XLT355")


def lines(table):
    return [tuple(part.strip() for part in line.split("|")) for line in table.strip().splitlines()]


def cells(text):
    return [cell_of(part.strip()) or "" for part in text.split(";")]


def found_in(declared, values, setting=SETTING, marks=None):
    """Return the column of `values` read, and what was said: place, code."""
    got = both_ways(sheet_of(declared), {"x": values}, setting, marks)
    return got.frame["x"].to_list(), [(odd.at, odd.code) for odd in got.oddities]


# ── D7: per cent ─────────────────────────────────────────────────────────────────────────────────────────────

PERCENT = """
15     | %            | 15.0
15%    | %            | 15.0
0.15   | %            | 0.15
'15%   | %            | 15.0
'15,5 %| % DN         | 15.5
120%   | phần trăm    | 120.0
'1.234%| %            | XLT304 1.234 1,234
15%    | sản phẩm/giờ | XLT313 15% 15 0,15
15%    |              | XLT313 15% 15 0,15
'15%   | giờ          | XLT313 15% 15 0,15
15     | giờ          | 15.0
"""


@pytest.mark.parametrize(("typed", "unit", "expected"), lines(PERCENT))
def test_d7_per_cent_is_read_by_the_format_and_the_unit_of_the_row(typed, unit, expected, tmp_path):
    targets = f"""
    | programme | period_kind | period | indicator_code | unit   | target_value |
    | '1322     | Năm         | '2025  | 'DP-01         | '{unit} | {typed}      |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(targets=targets)))
    value = book.tables["targets"].frame["target_value"][0]
    odd = [f for f in book.findings if f.code in ("XLT304", "XLT313")]
    facts = [str(f.facts.get("value", "") and f.facts["value"].vi) for f in odd]
    facts += [f.facts[name].vi for f in odd for name in ("first", "second")]
    assert (
        " ".join([*([] if value is None else [str(value)]), *(f.code for f in odd), *filter(None, facts)])
        == expected
    )


# Texts in a column of money (million đồng), and the row of the cell of which two readings are told.
POINTS = {
    "1.250 | 1.25": "1.250: 1.250 or 1,25, for 1.25 is 1,25",
    "0.5 | (1.250) | 2.500": "(1.250): -1.250 or -1,25, for 0.5 is 0,5",
    "3.125 | 1,250.75": "3.125: 3.125 or 3,125, for 1,250.75 is 1.250,75",
    "1.250 | 1.250.000 | 1.250.000,5 | 1,5": None,
    "1.25 | 1,25 | 1250": None,
}


@pytest.mark.parametrize("texts", POINTS)
def test_points_of_two_kinds_in_a_column_of_money_are_told_with_both_readings(texts, tmp_path):
    codes = ("'0100233488", "'0314409058", "'0101234572", "'0300588569")
    rows = "\n".join(
        f"| {code} | A | '{text.strip()} |" for code, text in zip(codes, texts.split("|"), strict=False)
    )
    book = read(
        write_xlsxwriter(
            tmp_path / "a.xlsx", sheets(enterprises=f"| tax_code | enterprise_name | revenue |\n{rows}")
        )
    )
    told = [
        "{value}: {first} or {second}, for {other} is {other_read}".format(
            value=f.value, **{name: getattr(fact, "vi", fact) for name, fact in f.facts.items()}
        )
        for f in book.findings if f.code == "XLT340"
    ]  # fmt: skip
    assert told == ([POINTS[texts]] if POINTS[texts] else [])
    assert book.tables["enterprises"].frame["revenue"].null_count() == 0


@pytest.mark.parametrize(("indicator", "value"), [("ENT-GROWTH", 15.0), ("ENT-SUPPORTED", None)])
def test_d7_where_the_row_names_no_unit_that_of_its_indicator_holds(indicator, value, tmp_path):
    targets = f"""
    | programme | period_kind | period | indicator_code | target_value |
    | '1322     | Năm         | '2025  | {indicator}    | 15%          |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(targets=targets)))
    assert book.tables["targets"].frame["target_value"][0] == value
    assert said(book) == ([] if value else [("XLT313", "CHI_TIEU", "E5")])


def test_d7_a_count_in_per_cent_format_is_refused_and_a_text_shows_what_its_cell_shows(tmp_path):
    training = """
    | course_id | kind    | title | topic | participants |
    | 'K1       | Hội thảo | 'A   | 15%   | 100%         |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(training=training)))
    table = book.tables["training"].frame
    assert (table["topic"][0], table["participants"][0]) == ("15%", None)
    assert [f.code for f in book.findings if f.code[3] == "3"] == ["XLT313"]
    assert "“100%”" in message(next(f for f in book.findings if f.code == "XLT313"), "vi")


# ── D5: units that stand beside ──────────────────────────────────────────────────────────────────────────────

FORMATTED = """
5          | #,##0" tỷ"              | XLT357 5 tỷ; 5.000.000 đồng; 5.000.000.000 đồng
5          | #,##0\\ "₫"              | XLT357 5 ₫; 5.000.000 đồng; 5 đồng
5          | [$$-409]#,##0           | XLT357 5 $; 5.000.000 đồng; 5 $
5000000000 | #,##0,,                 | XLT357 5.000; 5.000.000.000.000.000 đồng; 5.000.000.000 đồng
5000       | #,##0.0,                | XLT357 5; 5.000.000.000 đồng; 5.000.000 đồng
5          | #,##0" triệu"           | 5000000
5          | #,##0" triệu đồng";[Red]-#,##0" tỷ" | 5000000
5000       | #,##0," tỷ"             | 5000000000
0          | #,##0" tỷ"              | 0
5          | #,##0" người"           | 5000000
5          | #,##0.00                | 5000000
5          | _-* #,##0_-             | 5000000
5          | [Red]#,##0;[Blue]-#,##0 | 5000000
"""


@pytest.mark.parametrize(("typed", "number_format", "expected"), lines(FORMATTED))
def test_d5_an_amount_shown_in_another_unit_than_the_cover_has_two_readings(
    typed, number_format, expected, tmp_path
):
    rows = sheets(enterprises="| tax_code | enterprise_name | province_code | revenue |")
    rows["DOANH_NGHIEP"].append(["0100233488", "A", "Bắc Ninh", Styled(float(typed), number_format)])
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", rows))
    value = book.tables["enterprises"].frame["revenue"][0]
    found = [
        f"{f.code} " + "; ".join(f.facts[n].vi for n in ("shown", "first", "second")) for f in refused(book)
    ]
    assert [*([] if value is None else [str(value)]), *found] == [expected]


def refused(book):
    return [f for f in book.findings if f.sheet == "DOANH_NGHIEP" and f.code not in ("XLT203", "XLT204")]


HEADED = """
Doanh thu (USD)                 |                          | XLT128 USD
Doanh thu - đồng                |                          | XLT128 đồng
Doanh thu, đơn vị: đồng         |                          | XLT128 đồng
Doanh thu (tính bằng đồng)      |                          | XLT128 đồng
Doanh thu nghìn đồng            |                          | XLT128 nghìn đồng
Doanh thu - triệu đồng          |                          |
Giá trị hợp đồng                |                          |
Doanh thu của công ty           |                          |
                                | Đơn vị: nghìn đồng       | XLT128 nghìn đồng
                                | Đơn vị: triệu đồng       | XLT358
                                | theo báo cáo thuế        | XLT358
"""


@pytest.mark.parametrize(("heading", "note", "expected"), lines(HEADED))
def test_d5_a_unit_in_a_heading_or_in_a_note_on_it_is_held_against_the_cover(
    heading, note, expected, tmp_path
):
    rows = sheets(enterprises="| tax_code | enterprise_name | province_code | revenue |")
    path = write_xlsxwriter(tmp_path / "a.xlsx", rows)
    book = openpyxl.load_workbook(path)
    sheet = book["DOANH_NGHIEP"]
    assert sheet["D3"].value == "revenue"
    sheet["D4"].value = heading or sheet["D4"].value
    if note:
        sheet["D4"].comment = Comment(note, "Sở")
    book.save(path)
    found = [f for f in refused(read(path)) if f.code in ("XLT128", "XLT358")]
    assert [f.cell for f in found] == ["D4"] * len(found)
    assert " ".join(f"{f.code} {f.value or ''}" for f in found).strip() == expected


# ── D9, D10: dates ───────────────────────────────────────────────────────────────────────────────────────────

SWAPPED = (
    """
2024-05-03; '15/03/2024; '16/03/2024             | 0 XLT314
2024-05-03; 2024-04-04; '15-03-2024; '16-03-2024 | 0 XLT314
2024-05-03; '15/03/2024             | 0 XLT341
2024-04-04; '15/03/2024             | nothing
2026-02-01; 2026-03-01; 2026-04-01; 2026-05-01; 2026-06-01; 2026-07-01; 2026-08-01; '25/09/2026 | 0 XLT341
2024-05-03; '15/03/2024; '5/3/2024  | nothing
2024-05-03; 2024-05-13; '15/03/2024 | nothing
2024-05-03; '15.03.2024             | nothing
2024-05-03; 2024-11-12              | nothing
'05/03/2024; '15/03/2024            | nothing
2024-05-03; 'tháng 3/2024           | nothing
"""
    + "2026-02-01; " * 9
    + "'25/09/2026; '30/09/2026 | 0 XLT341"
)


@pytest.mark.parametrize(("column_of", "expected"), lines(SWAPPED))
def test_d9_swapped_days_and_months_are_found_by_the_evidence_of_their_column(column_of, expected):
    values, odd = found_in(COLUMNS["start"], cells(column_of))
    swaps = [f"{at} {code}" for at, code in odd if code in ("XLT314", "XLT341")]
    assert " ".join(swaps) == ("" if expected == "nothing" else expected)
    assert all((value is None) == ((at, "XLT314") in odd) for at, value in enumerate(values))


def test_d9_both_readings_of_a_swapped_date_are_shown(tmp_path):
    applications = """
    | application_id | programme | tax_code    | tool_code | status     | start_date  |
    | 'A1            | '1322     | '0100233488 | 5S        | Hoàn thành | 2025-05-03  |
    | 'A2            | '1322     | '0100233488 | KPI       | Hoàn thành | '15/03/2025 |
    | 'A3            | '1322     | '0100233488 | TPM       | Hoàn thành | '16/03/2025 |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(applications=applications)))
    assert said(book) == [("XLT314", "AP_DUNG", "F5")]
    found = next(f for f in book.findings if f.code == "XLT314")
    assert "03/05/2025 hoặc 05/03/2025" in message(found, "vi")
    assert "“15/03/2025”" in hint(found, "vi")


def test_d9_one_text_among_true_dates_is_a_doubt_and_refuses_none(tmp_path):
    courses = """
    | course_id | kind           | title | start_date  |
    | 'K1       | Khóa đào tạo   | 5S    | 2025-02-01  |
    | 'K2       | Khóa đào tạo   | Lean  | 2025-03-01  |
    | 'K3       | Khóa đào tạo   | KPI   | '25/09/2025 |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(training=courses)))
    assert said(book) == [("XLT341", "DAO_TAO", "D5")]
    assert book.tables["training"].frame["start_date"].to_list() == [
        date(2025, 2, 1), date(2025, 3, 1), date(2025, 9, 25)
    ]  # fmt: skip
    assert "(2 ô), còn “25/09/2025” là văn bản" in message(
        next(found for found in book.findings if found.code == "XLT341"), "vi"
    )


def with_x15_properties(path):
    """Give the workbook the extension that newer programs write, whose element has the name of the one for 1904."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    extension = (
        b'<extLst><ext xmlns:x15="http://schemas.microsoft.com/office/spreadsheetml/2010/11/main" '
        b'uri="{140A7094-0E35-4892-8432-C4D2E57EDEB5}"><x15:workbookPr chartTrackingRefBase="1"/></ext></extLst>'
    )
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</workbook>", extension + b"</workbook>")
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


@pytest.mark.parametrize("twist", [lambda path: path, with_x15_properties])
@pytest.mark.parametrize("from_1904", [False, True])
def test_d10_dates_are_the_same_in_both_date_systems(from_1904, twist, tmp_path):
    path = write_xlsxwriter(tmp_path / "a.xlsx", sheets(), date_1904=from_1904)
    book = read(twist(path))
    assert book.tables["cover"].frame["cut_off_date"][0] == COVER["cut_off_date"]


def write_and_add(path, tab, add):
    """Write a workbook without rows; `add`, given a worksheet and its workbook, puts something into the sheet `tab`."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        for name, rows in sheets().items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, [raw_text(v) if isinstance(v, date) else v for v in row])
            if name == tab:
                add(sheet, book)
    return path


@pytest.mark.parametrize("serial", [60, 59, 1, 0, -5, 0.5, 400_000, 2_958_466, 1e7])
def test_d10_dates_before_march_1900_and_after_2100_are_refused(serial, tmp_path):
    form = SCHEMAS.form().by_id["milestones"]
    at = list(form.by_id).index("start_date")

    def add(sheet, book):
        sheet.write_row(4, 0, ["1322", 1, "Khảo sát", "Việc A"])
        sheet.write_number(4, at, serial, book.add_format({"num_format": 14}))

    book = read(write_and_add(tmp_path / "a.xlsx", form.tab, add))
    assert book.tables["milestones"].frame["start_date"][0] is None
    codes = [f.code for f in book.findings if f.column == "start_date" and f.sheet == form.tab]
    assert codes in (["XLT303"], ["XLT317"])


# ── D14, D15, D20: text ──────────────────────────────────────────────────────────────────────────────────────

LEGACY = """
tcvn3 | C«ng ty TNHH s¶n xuÊt vµ th­¬ng m¹i      | Công ty TNHH sản xuất và thương mại
tcvn3 | §Þa chØ: x· Yªn Phong, tØnh B¾c Ninh      | Địa chỉ: xã Yên Phong, tỉnh Bắc Ninh
tcvn3 | HÖ thèng qu¶n lý chÊt l­îng ISO 9001:2015 | Hệ thống quản lý chất lượng ISO 9001:2015
tcvn3 | UBND tØnh B¾c Giang                       | UBND tỉnh Bắc Giang
tcvn3 | Chi côc T§C                               | Chi cục TĐC
tcvn3 | ®­îc hç trî ¸p dông c«ng cô               | được hỗ trợ áp dụng công cụ
vni   | Coâng ty coå phaàn thöông maïi            | Công ty cổ phần thương mại
vni   | Sôû Khoa hoïc vaø Coâng ngheä tænh Ñoàng Nai | Sở Khoa học và Công nghệ tỉnh Đồng Nai
vni   | CHI CUÏC TIEÂU CHUAÅN ÑO LÖÔØNG           | CHI CỤC TIÊU CHUẨN ĐO LƯỜNG
vni   | Nguyeãn Vaên Ví Duï                       | Nguyễn Văn Ví Dụ
vni   | Quaûn lyù chaát löôïng, naêng suaát       | Quản lý chất lượng, năng suất
"""


@pytest.mark.parametrize(("encoding", "typed", "meant"), lines(LEGACY))
def test_d15_text_of_a_legacy_font_and_spelling_is_converted(encoding, typed, meant):
    assert decode(typed, encoding) == meant
    assert judge(typed, encoding) == ("legacy", meant)


@pytest.mark.parametrize(
    ("typed", "encoding"),
    [
        ("Công ty cổ phần", "tcvn3"),
        ("Công ty cổ phần", "vni"),
        ("Hà Nội", "vni"),
        ("CÔNG TY TNHH", "tcvn3"),
        ("ISO 9001:2015", "tcvn3"),
        ("Đắk Lắk", "vni"),
        ("Có", "vni"),
    ],
)
def test_d15_good_unicode_in_a_legacy_font_is_left_alone_in_silence(typed, encoding):
    assert Decoder([]).read(typed, frozenset({encoding})) == (typed, None, {})


UNCLEAR = """
Cã           | tcvn3 | Có
Hoà Bình     | vni   | Hồ Bình
Café Nestlé  | tcvn3 | Cafộ Nestlộ
"""


@pytest.mark.parametrize(("typed", "encoding", "converted"), lines(UNCLEAR))
def test_d15_text_that_reads_both_ways_or_neither_is_kept_with_a_warning(typed, encoding, converted):
    text, code, facts = Decoder([]).read(typed, frozenset({encoding}))
    assert (text, code, facts["converted"]) == (typed, "XLT320", converted)


def test_d15_the_clear_texts_of_a_sheet_settle_the_short_ones():
    clear: list[tuple[str, Encoding]] = [("Hµ Néi", "tcvn3"), ("B¾c Giang", "tcvn3"), ("C«ng ty", "tcvn3")]
    assert Decoder(clear).read("Cã", frozenset({"tcvn3"})).text == "Có"
    assert Decoder([*clear, ("Công ty cổ phần", "tcvn3")]).read("Cã", frozenset({"tcvn3"})).code == "XLT320"
    assert Decoder(clear * 5).read("Café Nestlé", frozenset({"tcvn3"})).code == "XLT320"
    assert Decoder(clear).read("Hoà Bình", frozenset({"vni"})).code == "XLT320"


@pytest.mark.parametrize("typed", ["C«ng ty TNHH s¶n xuÊt", "Coâng ty coå phaàn thöông maïi"])
def test_d15_spelling_without_the_font_is_a_warning_and_converts_nothing(typed):
    text, code, _ = Decoder([]).read(typed, NO_MARKS)
    assert (text, code) == (typed, "XLT320")


@pytest.mark.parametrize(
    "typed",
    [
        "10 µm ± 0,5 µm", "Lean® và Kaizen®", "«Công ty»", "§ 5, § 6", "Nestlé, Hermès, Citroën", "São Paulo",
        "naïve façade", "Søren Kierkegård", "Schöne Grüße aus Köln", "Ångström", "½ hộp, ¼ hộp",
        "1 m² × 3 m³", "Việt Nam",
    ],
)  # fmt: skip
def test_d15_foreign_names_and_signs_are_no_legacy_text(typed):
    assert Decoder([]).read(typed, NO_MARKS) == (typed, None, {})


def test_d15_a_column_in_an_old_font_is_converted_and_said_once(tmp_path):
    enterprises = """
    | tax_code    | enterprise_name                | province_code     | main_activity         |
    | '0100233488 | <.VnTime>C«ng ty s¾t thÐp      | <.VnTime>B¾c Ninh | <Arial>Sản xuất       |
    | '0100109106 | <.VnTimeH>Hîp t¸c x· n«ng s¶n  | <.VnTime>B¾c Ninh | <VNI-Times>Saûn xuaát |
    | '0300588569 | <.VnTime>Công ty cổ phần       | <.VnTime>Bắc Ninh | <.VnTime>Cã           |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(enterprises=enterprises)))
    table = book.tables["enterprises"]
    assert table.frame["enterprise_name"].to_list() == [
        "Công ty sắt thép",
        "Hợp tác xã nông sản",
        "Công ty cổ phần",
    ]
    assert table.frame["province_code"].to_list() == ["T34-24"] * 3
    assert table.frame["main_activity"].to_list() == ["Sản xuất", "Sản xuất", "Cã"]
    assert table.raw["enterprise_name"][0] == "C«ng ty s¾t thÐp"
    assert said(book) == [
        ("XLT319", "DOANH_NGHIEP", "B5"),
        ("XLT319", "DOANH_NGHIEP", "C5"),
        ("XLT319", "DOANH_NGHIEP", "D6"),
        ("XLT320", "DOANH_NGHIEP", "D7"),
    ]
    note = next(f for f in book.findings if f.code == "XLT319")
    assert message(note, "vi") == (
        "«Tên doanh nghiệp»: 2 ô của cột dùng bảng mã TCVN3 (ABC) đã được đổi sang Unicode; "
        "“C«ng ty s¾t thÐp” được đọc là “Công ty sắt thép”."
    )


INITIALS = ["", *"b c ch d đ g gi h kh l m n ng nh ph qu r s t th tr v x".split()]
OPEN = """
a ai am an ang anh ao ăm ăn âm ân âu ây en eo ê êm ênh iêm iên iêu inh o oa oi on ong ô ôi ôn ông ơ ơi ơn u ua uôn ươi
ương ưu y yên uyên
"""
TONES = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]


def _syllable(parts):
    initial, rhyme, tone = parts
    letters = unicodedata.normalize("NFD", rhyme)
    marked = [at for at, letter in enumerate(letters) if letter in "\u0302\u0306\u031b"]
    at = (marked or [at for at, letter in enumerate(letters) if letter in "aeiouy"])[0] + 1
    return unicodedata.normalize("NFC", initial + letters[:at] + tone + letters[at:])


parts = st.tuples(st.sampled_from(INITIALS), st.sampled_from(OPEN.split()), st.sampled_from(TONES))
syllables = parts.map(_syllable).filter(is_syllable)
sentences = st.lists(syllables, min_size=1, max_size=6).map(" ".join)
# The marks of VNI as its manual gives them, by what they add to a letter.
VNI_MARKS = {
    "\u0300": "ø", "\u0301": "ù", "\u0303": "õ", "\u0309": "û", "\u0323": "ï", "\u0302": "â", "\u0302\u0300": "à",
    "\u0302\u0301": "á", "\u0302\u0303": "ã", "\u0302\u0309": "å", "\u0302\u0323": "ä", "\u0306": "ê",
    "\u0306\u0300": "è",
    "\u0306\u0301": "é", "\u0306\u0303": "ü", "\u0306\u0309": "ú", "\u0306\u0323": "ë",
}  # fmt: skip
VNI_SINGLE = {"đ": "ñ", "ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}
# TCVN 5712:1993 in the order of its own table of small letters.
TCVN3 = dict(
    zip(
        "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ",
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊËÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\u00adõö÷øùúûüýþ®",
        strict=True,
    )
)


def in_tcvn3(text):
    return "".join(TCVN3.get(letter, letter) for letter in text)


def in_vni(text):
    found = ""
    for letter in text:
        base, *marks = list(unicodedata.normalize("NFD", letter))
        if base in "ouOU" and "\u031b" in marks:
            marks.remove("\u031b")
            base = {"o": "ô", "u": "ö"}[base]
        found += VNI_SINGLE.get(letter) or base + (
            VNI_MARKS["".join(sorted(marks, key="\u0302\u0306".find, reverse=True))] if marks else ""
        )
    return found


@given(sentences, st.sampled_from([("tcvn3", in_tcvn3), ("vni", in_vni)]))
def test_d15_every_vietnamese_sentence_survives_both_encodings(sentence, way):
    encoding, encoded = way
    written = encoded(sentence)
    assert decode(written, encoding) == sentence
    assert judge(written, encoding).verdict in (("unicode",) if written.isascii() else ("legacy", "either"))


@pytest.mark.parametrize("encoded", [in_tcvn3, in_vni])
def test_d15_every_letter_survives_both_encodings(encoded):
    letters = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
    encoding: Encoding = "tcvn3" if encoded is in_tcvn3 else "vni"
    for letter in letters:
        assert decode(encoded(letter), encoding) == letter


@given(sentences, st.sampled_from(["tcvn3", "vni"]))
def test_d15_good_unicode_is_never_converted(sentence, encoding):
    assert Decoder([]).read(sentence, frozenset({encoding})).text == sentence
    assert Decoder([]).read(sentence, NO_MARKS) == (sentence, None, {})


def test_every_word_of_our_own_vietnamese_is_spelt_as_syllables_are():
    texts = [
        text
        for entry in catalogue().values()
        for text in (entry.message.vi, entry.hint.vi, entry.explanation.vi)
    ]
    words = {word.strip("“”«»().,:;…?") for text in texts for word in text.replace("–", " ").split()}
    vietnamese = {word for word in words if not word.isascii() and word.isalpha() and not word.isupper()}
    assert len(vietnamese) > 300
    assert {word for word in vietnamese if not is_syllable(word)} <= {"Cã", "đ"}


@pytest.mark.parametrize(
    "spellings", ["hòa hoà", "Thủy Thuỷ", "TÒA TOÀ", "khỏe khoẻ", "lũy luỹ", "HÒA-01 HOÀ-01"], ids=str
)
def test_d15_both_places_of_a_tone_are_one_spelling(spellings):
    assert len({same_tone(spelling) for spelling in spellings.split()}) == 1


@pytest.mark.parametrize(
    "word", ["hoàn", "Hoàng", "quý", "quỳ", "quả", "toán", "thuyền", "xoài", "mùa", "giá"]
)
def test_d15_a_tone_that_has_one_place_stays_there(word):
    assert same_tone(word) == word


def test_d15_keys_and_references_meet_whatever_their_tone_dash_or_alphabet(tmp_path):
    tasks = """
    | task_id    | programme | task_group | task_name | task_kind | level | lead_agency |
    | 'HÒA-01    | '1322     |            | 'Việc A   |           |       |             |
    """
    applications = """
    | application_id | programme | tax_code    | tool_code | status     | task_id |
    | 'HT-1          | '1322     | '0100233488 | 5S        | Hoàn thành | 'HOÀ–01 |
    | 'НТ-2          | '1322     | '0100233488 | КРІ       | Hoàn thành | 'HOÀ-01 |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(tasks=tasks, applications=applications)))
    read_tasks, found = book.tables["tasks"].frame["task_id"], book.tables["applications"].frame
    assert set(found["task_id"]) == set(read_tasks)
    assert book.tables["tasks"].raw["task_id"][0] == "HÒA-01"
    assert found["application_id"].to_list() == ["HT-1", "HT-2"]
    assert found["tool_code"].to_list() == ["5S", "KPI"]
    notes = [(f.code, f.cell) for f in book.findings if f.sheet == "AP_DUNG" and f.code == "XLT321"]
    assert notes == [("XLT321", "A6"), ("XLT321", "D6")]


SPACES = {
    "NBSP": "\u00a0", "thin space": "\u2009", "zero width": "\u200b", "BOM": "\ufeff", "tab": "\t", "escape": "_x000D_",
    "word joiner": "\u2060", "soft hyphen": "\u00ad", "wide space": "\u3000",
}  # fmt: skip


@pytest.mark.parametrize("name", SPACES)
@pytest.mark.parametrize("writer", [write_xlsxwriter, write_openpyxl])
def test_d14_invisible_characters_around_a_value_change_nothing(name, writer, tmp_path):
    odd = SPACES[name]
    rows = sheets(enterprises="| tax_code | enterprise_name | province_code | revenue | exporter |")
    rows["DOANH_NGHIEP"].append(
        [
            f"{odd}0100233488{odd}",
            f"{odd} Công ty A ",
            f"Bắc{odd if odd.isspace() else ' '}Ninh{odd}",
            f"1.250{odd}",
            f"{odd}Có",
        ]
    )
    table = read(writer(tmp_path / "a.xlsx", rows)).tables["enterprises"].frame
    row = table.select("tax_code", "enterprise_name", "province_code", "revenue", "exporter").row(0)
    assert row == ("0100233488", "Công ty A", "T34-24", 1_250_000_000, True)


@pytest.mark.parametrize("unit", ["triệu đồng", Styled("triÖu ®ång", font=".VnTime"), "TRIỆU"])
def test_money_of_cover_and_tables_is_in_the_one_unit_that_the_cover_was_read_to_name(unit, tmp_path):
    cover = COVER | {"currency_unit": unit, "funding_total": 500, "funding_kind": "Số giải ngân"}
    enterprises = """
    | tax_code    | enterprise_name | province_code | revenue |
    | '0100233488 | Công ty A       | Bắc Ninh      | 1250    |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(cover, enterprises=enterprises)))
    assert book.tables["enterprises"].frame["revenue"][0] == 1_250_000_000
    assert book.tables["cover"].frame["funding_total"][0] == 500_000_000


def test_d20_rich_text_links_and_formula_like_text_are_plain_text(tmp_path):
    form = SCHEMAS.form().by_id["focal_agency"]
    at = {name: place for place, name in enumerate(form.by_id)}

    def add(sheet, book):
        bold, raised = book.add_format({"bold": True}), book.add_format({"font_script": 1})
        link = "mailto:skhcn@bacninh.example"
        sheet.write_string(4, at["programme"], "1322")
        sheet.write_rich_string(4, at["agency_name"], "Sở ", bold, "Khoa học", " và Công nghệ m", raised, "2")
        sheet.write_url(4, at["office_email"], link, string=link)
        sheet.write_string(4, at["proposed_content"], "=cmd|' /C calc'!A0")

    path = write_and_add(tmp_path / "a.xlsx", form.tab, add)
    row = read(path).tables["focal_agency"].frame.row(0, named=True)
    assert row["agency_name"] == "Sở Khoa học và Công nghệ m2"
    assert row["office_email"] == "skhcn@bacninh.example"
    assert row["proposed_content"] == "=cmd|' /C calc'!A0"


def test_d20_a_text_longer_than_excel_allows_is_read_whole():
    text = "chữ " * 20_000
    values, odd = found_in(COLUMNS["text"], [text])
    assert (values, odd) == ([text.strip()], [])


# ── D1, D3, D24, D25: codes ──────────────────────────────────────────────────────────────────────────────────


def test_d24_a_code_typed_as_a_number_and_as_text_is_one_code(tmp_path):
    tasks = """
    | task_id | programme | task_name |
    | 7       | '1322     | 'Việc A   |
    | '7      | '1322     | 'Việc B   |
    """
    path = write_xlsxwriter(tmp_path / "a.xlsx", sheets(tasks=tasks))
    assert read(path).tables["tasks"].frame["task_id"].to_list() == ["7", "7"]
    result = validate([path])
    assert [f.cell for f in result.files[0].findings if f.code == "XLT501"] == ["A5", "A6"]


FILLED = """
tool_code        | 'ISO 9001; 'ISO 9002; 'ISO 9003; 'ISO 9004          | 1 3
tool_code        | 'ISO 9001; 'ISO 9002; 'ISO 9001                     |
tool_code        | 'ISO 9001; 'ISO 14001; 'ISO 22000                   |
task_group       | 'N1; 'N2; 'N3; 'N4                                  |
standard_version | 'ISO 9001:2015; 'ISO 9001:2016; 'ISO 9001:2017      | 1 2
standard_version | 'ISO 9001:2015; 'ISO 9001:2015; 'ISO 9001:2015      |
standard_version | 'ISO 9001:2015; 'ISO 14001:2016; 'ISO 22000:2017    |
tax_code         | '0100233488; '0100233489; '0100233490; '0100233491  | 1 3
tax_code         | 100233488; 100233489; 100233490                     | 1 2
tax_code         | '0100233488-001; '0100233488-002; '0100233488-003   |
tax_code         | '0100233488; '0100233489; '0300588569               |
application_id   | 'HT001; 'HT002; 'HT003; 'HT004                      |
"""


@pytest.mark.parametrize(("column_id", "typed", "expected"), lines(FILLED))
def test_d25_codes_that_excel_counted_up_are_found_and_own_numbering_is_not(column_id, typed, expected):
    sheet = SCHEMAS.form().by_id["applications"]
    listed = {c.id: codes for c in sheet.columns if c.type == "string" and (codes := SCHEMAS.codes_of(c))}
    values = cells(typed)
    got = both_ways(sheet, {column_id: values}, replace(SETTING, lists=listed))
    found = [f"{odd.at} {odd.facts['cells']}" for odd in got.oddities if odd.code == "XLT323"]
    assert " ".join(found) == expected


def test_d25_rows_that_are_no_neighbours_are_no_series():
    values = ["ISO 9001:2015", "ISO 9001:2016", "ISO 9001:2017"]
    got = coerce(sheet_of(COLUMNS["text"]), [5, 7, 9], {"x": values}, SETTING)
    assert got.oddities == ()


HOUSEHOLDS = """
Hộ kinh doanh | '001088012345 |
Doanh nghiệp  | '001088012345 | XLT326
              | '001088012345 | XLT326
Nhà máy       | '001088012345 | XLT306
Doanh nghiệp  | '0100233488   |
"""


@pytest.mark.parametrize(("form", "typed", "expected"), lines(HOUSEHOLDS))
def test_d3_twelve_digits_are_a_household_or_named_and_masked(form, typed, expected, tmp_path):
    enterprises = f"""
    | tax_code | enterprise_name | province_code     | legal_form |
    | {typed}  | Cơ sở A         | T34-24 – Bắc Ninh | {form}     |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(enterprises=enterprises)))
    assert " ".join(code for code, *_ in said(book)) == expected
    for finding in book.findings:
        assert "001088012345" not in message(finding, "vi") + hint(finding, "en") + str(finding.value)


SHOWN = """
'079.086.012.345 | XLT326 | •••••••••345
'079 086 012 345 | XLT326 | •••••••••345
79086012345      | XLT356 | ••••••••345
'123456789       | XLT402 | ••••••789
'0100233489      | XLT411 | 0100233489
"""


@pytest.mark.parametrize(("typed", "code", "shown"), lines(SHOWN))
def test_d3_what_may_be_an_identity_number_is_never_shown(typed, code, shown, tmp_path):
    enterprises = f"""
    | tax_code | enterprise_name | province_code     | legal_form    |
    | {typed}  | Cơ sở A         | T34-24 – Bắc Ninh | Doanh nghiệp  |
    """
    result = validate([write_xlsxwriter(tmp_path / "a.xlsx", sheets(enterprises=enterprises))])
    found = [(f.code, f.value) for f in result.files[0].findings if f.column == "tax_code"]
    assert found == [(code, shown)]


# ── D22, D23: what comes out again ───────────────────────────────────────────────────────────────────────────


def test_d23_quotes_and_markup_in_values_survive_into_every_report(tmp_path):
    odd = 'O\'Brien (A&B) <x> "y" {z} [red]'
    rows = sheets(enterprises="| tax_code | enterprise_name | province_code | legal_form |")
    rows["DOANH_NGHIEP"].append(["0100233488", odd, "Bắc Ninh", odd])
    result = validate([write_xlsxwriter(tmp_path / "a.xlsx", rows)])
    assert f"“{odd}”" in as_text(result.files, "vi")
    findings = json.loads(as_json(result.files, "en"))["files"][0]["findings"]
    assert next(f["value"] for f in findings if f["code"] == "XLT306") == odd


def test_d22_contacts_are_never_shown_in_findings(tmp_path):
    focal = """
    | programme | agency_name | office_phone | office_email |
    | '1322     | 'Sở KH&CN   | 2043854123   | 'khong ro    |
    """
    book = read(write_xlsxwriter(tmp_path / "a.xlsx", sheets(focal_agency=focal)))
    assert [code for code, *_ in said(book)] == ["XLT330", "XLT331"]
    assert book.tables["focal_agency"].frame["office_phone"][0] == "02043854123"
    for finding in book.findings:
        said_of_it = message(finding, "vi") + hint(finding, "vi") + str(finding.value)
        assert "2043854123" not in said_of_it
        assert "khong ro" not in said_of_it


# ── Numbers as a whole ───────────────────────────────────────────────────────────────────────────────────────

junk = st.text("abcdghklmnđtrêôư%/:;×~°²½", min_size=1, max_size=8)


@given(st.decimals(-(10**9), 10**9, places=2), junk, st.booleans())
def test_no_text_is_read_in_part(number, junk, in_front):
    text = f"{junk}{shown(number).vi}" if in_front else f"{shown(number).vi}{junk}"
    assert read_amount(text) is None
    for kind in ("whole", "number"):
        assert found_in(COLUMNS[kind], [text])[0] == [None]


@given(
    st.integers(0, 10**12),
    st.sampled_from(["đ", "VNĐ", "vnđ", "đồng", "nghìn", "tr.đ", "triệu đồng", "tỷ", "tỉ đồng"]),
)
def test_an_amount_with_its_unit_is_that_many_dong(number, unit):
    factor = int(LISTS["currency_units"].find(unit)[0].extra["factor"])
    values, odd = found_in(COLUMNS["money"], [f"{shown(number).vi} {unit}"])
    if number * factor < 2**63:
        assert (values, odd) == ([number * factor], [(0, "XLT315")])


plain_and_odd = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**6), 10**6),
    st.decimals(-(10**6), 10**6, places=3).map(float),
    st.dates(date(1985, 1, 1), date(2110, 1, 1)),
    st.booleans(),
    st.sampled_from(
        [
            "'",
            "-nt-",
            "tháng 3/2024",
            "1 tỷ 250 triệu",
            "0100233488",
            "100233488",
            "НТ-01",
            "15%",
            "x",
            "219E01",
        ]
    ),
    st.text("aạHT0123-–. /,'\u00a0Е", max_size=8),
    sentences,
)


@given(
    st.sampled_from(sorted(COLUMNS)),
    st.lists(plain_and_odd, min_size=1, max_size=5),
    st.sampled_from([1, 10**6]),
)
def test_reading_a_column_is_reading_its_cells_one_by_one(kind, values, factor):
    declared, setting = COLUMNS[kind], replace(SETTING, factor=factor)
    is_code = is_identifier(declared, sheet_of(declared))
    alone = [convert(declared, value, Beside(), setting, is_code=is_code) for value in values]
    found, said_of = found_in(declared, values, setting)
    swapped = {at for at, code in said_of if code == "XLT314"}
    assert found == [None if at in swapped else one.value for at, one in enumerate(alone)]
    # A habit of the whole column is said once; what the column alone shows comes on top.
    expected = {(at, one.code) for at, one in enumerate(alone) if one.code and one.code not in HABITS}
    assert expected == {
        (at, code) for at, code in said_of if code not in ("XLT314", "XLT341", "XLT320", "XLT323", *HABITS)
    }
    assert "" not in found
