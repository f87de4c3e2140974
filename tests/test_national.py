"""The national workbook opens without repair, says what the roll-up says, and runs nothing that was received."""

import re
import zipfile

import openpyxl
import pytest
from openxml_audit import OpenXmlValidator

from tests.rollup_stores import rollup_of
from tests.store_samples import SCHEMAS
from xltrack.errors import OutputError
from xltrack.excel.national import TABS, write_national
from xltrack.excel.national_cells import FigureAt, NoFigure, what_stands
from xltrack.excel.refresh import replace
from xltrack.excel.rows_xml import rows_xml
from xltrack.excel.tracing import read_traced
from xltrack.language import Text
from xltrack.rollup.row_tables import row_tables

SHEETS = [
    "Tổng quan", "Theo đơn vị", "Theo công cụ", "Quy mô - ngành", "Kinh phí", "Chỉ tiêu", "Kế hoạch 36", "Vướng mắc",
    "Độ phủ", "Chất lượng", "Đối chiếu", "Số liệu", "Ghi chú",
    "Pivot 34 tỉnh", "Pivot 63 tỉnh", "Pivot công cụ", "Pivot nguồn vốn",
    "Pivot kinh phí", "Pivot chỉ tiêu", "Pivot vướng mắc", "Pivot độ phủ", "Dữ liệu áp dụng", "Dữ liệu kinh phí",
    "Dữ liệu chỉ tiêu", "Dữ liệu vướng mắc", "Dữ liệu độ phủ", "_figures",
]  # fmt: skip


@pytest.fixture(scope="module")
def rollup(tmp_path_factory):
    return rollup_of(
        tmp_path_factory.mktemp("store") / "national.duckdb",
        """
        unit   | year | figures  | received
        T63-24 | 2024 | actual   | 2024-11-20T02:00:00
        T63-27 | 2024 | actual   | 2024-11-20T02:00:00
        T34-24 | 2025 | estimate | 2025-11-20T02:00:00
        T34-01 | 2025 | estimate | 2025-12-02T02:00:00
        BO-GTVT | 2024 | actual  | 2024-11-20T02:00:00
        BO-XD  | 2025 | estimate | 2025-11-20T02:00:00
        """,
        applications="""
        unit   | year | tax_code | pilot_model | tool_code
        T63-24 | 2024 | A        | yes         | ISO-9001
        T63-27 | 2024 | A        | .           | 5S
        T63-27 | 2024 | B        | .           | 5S
        T34-24 | 2025 | B        | .           | 5S
        BO-XD  | 2025 | B        | .           | 5S
        """,
        funding="""
        unit   | year | of   | source       | amount
        T63-24 | 2024 | 2024 | local_budget | 1250000001
        T63-24 | 2024 | 2023 | local_budget | 5
        T63-27 | 2024 | 2024 | enterprise   | 9007199254740993
        """,
        obstacles="""
        unit   | year | obstacle         | proposal            | deciding_level
        T63-24 | 2024 | =HYPERLINK("x")  | https://example.com | prime_minister
        """,
    )


@pytest.fixture(scope="module")
def path(rollup, tmp_path_factory):
    written = tmp_path_factory.mktemp("national") / "Tổng hợp.xlsx"
    write_national(rollup, SCHEMAS, written)
    return written


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def faults(path):
    """Return what Microsoft's rules find wrong with the workbook."""
    return list(OpenXmlValidator().validate(path).errors)


def texts(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def table(sheet, number=0):
    """Return the rows of a native table as dictionaries by heading."""
    area = list(sheet.tables.values())[number].ref
    head, *rows = [[cell.value for cell in row] for row in sheet[area]]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_what_is_made_beside_the_figures_is_what_the_workbook_takes(rollup, tmp_path, monkeypatch):
    made = []

    def noted(layout, *more):
        made.append(layout)
        return rows_xml(layout, *more)

    monkeypatch.setattr(replace, "rows_xml", noted)
    write_national(rollup, SCHEMAS, tmp_path / "once.xlsx")
    assert len(made) == len(row_tables()) + 1  # and the long table of figures


def test_it_is_a_workbook_that_excel_has_nothing_to_repair_in(path):
    assert faults(path) == []


def test_it_has_every_sheet_in_both_languages(book, rollup, tmp_path):
    assert book.sheetnames == SHEETS
    write_national(rollup, SCHEMAS, tmp_path / "national.xlsx", "en")
    english = openpyxl.load_workbook(tmp_path / "national.xlsx", read_only=True)
    assert english.sheetnames[:2] == ["Overview", "By unit"]
    assert len(english.sheetnames) == len(SHEETS)
    assert list(zip(SHEETS, english.sheetnames, strict=True))[:-1] == [tuple(title) for title in TABS]
    content = (tmp_path / "national.xlsx").read_bytes()
    cell = next(row[1] for row in read_traced(content) or () if row[0] == "By unit")
    named = what_stands(content, "Theo đơn vị", cell)
    assert isinstance(named, FigureAt)
    assert named == what_stands(content, "By unit", cell)
    assert "enterprises" in {row[2] for row in english["Targets"].iter_rows(max_col=3, values_only=True)}


def test_the_same_roll_up_gives_the_same_bytes_dated_by_its_data(path, rollup, book, tmp_path):
    write_national(rollup, SCHEMAS, tmp_path / "again.xlsx")
    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()
    assert str(book.properties.created) == "2025-12-02 09:00:00"


def test_nothing_that_was_received_becomes_a_formula_or_a_link(path, book):
    with zipfile.ZipFile(path) as archive:
        sheets = [
            archive.read(n).decode()
            for n in archive.namelist()
            if re.match(r"xl/worksheets/sheet\d+\.xml", n)
        ]
    assert len(sheets) == len(SHEETS)
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    row = table(book["Vướng mắc"])[0]
    assert row["Khó khăn, vướng mắc"] == '=HYPERLINK("x")'
    assert row["Cấp giải quyết"] == "Thủ tướng Chính phủ"


def test_the_first_page_says_results_targets_and_who_is_missing(book):
    shown = texts(book["Tổng quan"])
    assert "2; 1 (ước)" in shown
    assert "mục tiêu ≥ 100, đạt 1%" in shown
    growth = "-50%: 1 so với 2 năm trước, 1 đơn vị có cả hai năm (mục tiêu 10–15% mỗi năm)"
    assert any(str(text).startswith(growth) for text in shown), "Hà Nội did not report for 2024"
    plan = "đã ban hành / đang thực hiện / hoàn thành: trên 34 tỉnh 0 / 0 / 0; trên 63 tỉnh 0 / 0 / 0"
    assert any(plan in str(text) for text in shown)
    assert any("Cao Bằng" in str(text) and str(text).startswith("Chưa báo cáo") for text in shown)
    assert "Tỉnh, thành phố 2025: 2/34" in shown
    assert "chưa BC" in shown
    assert len(book["Tổng quan"]._charts) == 2


def test_years_without_a_return_are_named_on_the_first_page_and_on_that_of_coverage(book):
    lacking = "Số liệu các giai đoạn chỉ gồm các năm 2024–2025; chưa có báo cáo nào được tính của các năm 2021–2023."
    assert all(lacking in texts(book[name]) for name in ("Tổng quan", "Độ phủ"))


def test_the_notes_name_the_cuts_as_people_do(book):
    cuts = {row["Chiều, tên cột trong .csv"]: row for row in table(book["Ghi chú"], 1)}
    row = cuts["funding_kind × size_sector"]
    assert (row["Chia theo"], row["Chỉ số"].split("; ")[0]) == ("Loại số kinh phí × Khu vực", "Kinh phí")


def test_a_large_number_leads_to_all_the_figures_that_it_is_put_together_from(path, book):
    at = {str(cell.value): cell.coordinate for row in book["Tổng quan"].iter_rows(max_row=9) for cell in row}
    content = path.read_bytes()
    both = what_stands(content, "Tổng quan", at["2; 1 (ước)"])
    assert isinstance(both, NoFigure)
    for kind in ("actual", "estimate"):
        assert re.search(
            rf"enterprises_supported 2021-2025 {kind} 34 \('Tổng quan'![A-Z]+\d+\)", both.instead.en
        )
    reached = what_stands(content, "Tổng quan", at["mục tiêu ≥ 100, đạt 1%"])
    assert isinstance(reached, FigureAt)
    assert reached.named["measure"] == "pilot_models"


def test_small_columns_and_bars_speak_of_their_own_row(path, book):
    """Of who has not reported in a year no column is drawn: it would look like nought."""
    sheet = book["Tổng quan"]
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
    drawn = dict(re.findall(r"<xm:f>'Tổng quan'!([^<]+)</xm:f><xm:sqref>(\w+)</xm:sqref>", xml))
    rows = {str(sheet.cell(sheet[at].row, sheet[at].column - 1).value): area for area, at in drawn.items()}
    assert {"Doanh nghiệp được hỗ trợ", "Giải ngân (triệu đồng)", "Bắc Ninh", "Cả nước"} <= set(rows)
    assert "Cao Bằng" not in rows
    years = [cell.value for cell in sheet[rows["Bắc Ninh"].replace("$", "")][0]]
    assert years == [2, 1]
    assert "<x14:dataBar" in xml


def test_who_has_not_reported_has_no_figures_and_who_reported_nothing_has_zeros(book):
    rows = {(r["Cách nhìn"], r["Đơn vị"], r["Kỳ"]): r for r in table(book["Theo đơn vị"])}
    missing = rows["34 tỉnh", "Cao Bằng", "2025"]
    assert (missing["Tình trạng"], missing["Doanh nghiệp được hỗ trợ"]) == ("Chưa báo cáo", None)
    nothing = rows["34 tỉnh", "Hà Nội", "2025"]
    assert (nothing["Tình trạng"], nothing["Doanh nghiệp được hỗ trợ"]) == ("Đã báo cáo", 0)
    assert rows["34 tỉnh", "Bắc Ninh", "2024"]["Doanh nghiệp được hỗ trợ"] == 2
    assert rows["63 tỉnh", "Bắc Ninh", "2024"]["Doanh nghiệp được hỗ trợ"] == 2
    assert rows["63 tỉnh", "Bắc Giang", "2024"]["Doanh nghiệp được hỗ trợ"] == 1
    assert rows["63 tỉnh", "Chưa phân bổ", "2025"]["Doanh nghiệp được hỗ trợ"] == 1
    assert rows["63 tỉnh", "Bắc Giang", "2025"]["Doanh nghiệp được hỗ trợ"] is None, (
        "not known, so not nought"
    )


def test_what_no_return_of_a_year_has_is_nought_as_in_the_report(book):
    rows = list(book["Tổng quan"].iter_rows(values_only=True))
    heads = next(row for row in rows if row[0] == "Chỉ tiêu")
    households = next(row for row in rows if row[0] == "Hộ kinh doanh được hỗ trợ")
    years = [value for head, value in zip(heads, households, strict=True) if str(head).startswith("20")]
    assert years
    assert set(years) == {0}


def test_paper_has_what_people_read_and_not_the_rows_that_pivots_add_up(book):
    first = book["Tổng quan"]
    assert (first.page_setup.orientation, first.page_setup.paperSize) == ("landscape", 9)
    assert (first.page_setup.fitToWidth, first.page_setup.fitToHeight) == (None, None), "1 each, if not said"
    assert first.sheet_properties.pageSetUpPr.fitToPage
    for tab in (*(sheet for sheet in book.sheetnames if sheet.startswith("Dữ liệu")), "Số liệu", "Chỉ tiêu"):
        sheet = book[tab]
        bottom = int(sheet.print_area.rpartition("$")[2])
        *_, last = sheet.tables.values()
        assert bottom < int(last.ref.partition(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), tab
        assert any("Khi in" in str(cell.value) for cell in sheet["A"][:bottom])


def test_a_ministry_answers_for_itself_alone(book):
    rows = {(r["Đơn vị"], r["Kỳ"]): r for r in table(book["Theo đơn vị"]) if r["Cách nhìn"] == "34 tỉnh"}
    assert rows["Bộ Xây dựng", "2024"]["Tình trạng"] == "Chưa báo cáo"
    assert rows["Bộ Giao thông vận tải", "2024"]["Doanh nghiệp được hỗ trợ"] == 0
    assert rows["Bộ Xây dựng", "2025"]["Doanh nghiệp được hỗ trợ"] == 1
    assert ("Bộ Nông nghiệp và Môi trường", "2024") not in rows


def test_money_keeps_every_dong_and_shows_millions(book):
    sheet = book["Kinh phí"]
    rows = {(r["Loại số"], r["Nguồn"]): r["2024"] for r in table(sheet)}
    assert rows["Giải ngân", "Ngân sách nhà nước"] == 1_250_000_001
    assert rows["Giải ngân", "– Kinh phí đối ứng của doanh nghiệp"] == "9.007.199.254.740.993 đồng", (
        "more digits than a cell holds"
    )
    formats = {cell.number_format for row in sheet.iter_rows() for cell in row if cell.value == 1_250_000_001}
    assert formats == {"#,##0.0,,"}
    restated = table(sheet, 3)
    assert [(r["Báo cáo năm"], r["Số của năm"], r["Số nêu lại"]) for r in restated] == [("2024", "2023", 5)]


def test_a_sum_beyond_64_bits_is_text_that_keeps_every_dong(tmp_path):
    most = 2**63 - 1
    immense = rollup_of(
        tmp_path / "national.duckdb",
        "unit | year\nT63-24 | 2024\nT63-27 | 2024",
        funding=f"""
        unit   | year | of   | amount
        T63-24 | 2024 | 2024 | {most}
        T63-27 | 2024 | 2024 | {most}
        """,
    )
    write_national(immense, SCHEMAS, tmp_path / "immense.xlsx")
    written = openpyxl.load_workbook(tmp_path / "immense.xlsx")
    rows = {(r["Loại số"], r["Nguồn"]): r["2024"] for r in table(written["Kinh phí"])}
    assert rows["Giải ngân", "Tổng số"] == "18.446.744.073.709.551.614 đồng"
    assert str(2 * most) in [row["value"] for row in table(written["Số liệu"])], (
        "a table of codes, for programs"
    )


def test_targets_are_written_as_they_are_declared(book):
    shown = {(r["Chỉ tiêu"], r["Giai đoạn"]): r["Mục tiêu"] for r in table(book["Chỉ tiêu"])}
    declared = {(r["indicator_code"], r["period"]): r for r in SCHEMAS.table("indicator_targets")}
    plans = [declared["PROVINCES-PLAN36", period] for period in ("2021-2025", "2026-2030")]
    stated = [f"{r['target_low']}–{r['target_high']} tỉnh" for r in plans]
    assert any(all(one in str(text) for one in stated) for text in texts(book["Kế hoạch 36"]))
    assert "≥ 1.000" in shown.values()
    assert "≥ 7,5" in shown.values()


def test_tables_are_native_and_their_headings_stay_in_sight(book):
    for name in ("Theo đơn vị", "Đối chiếu", "Số liệu", "Vướng mắc"):
        assert book[name].tables, name
        assert book[name].freeze_panes, name
    names = [one for sheet in book for one in sheet.tables]
    assert len(names) == len({name.casefold() for name in names})


def test_a_notice_stands_on_top_of_the_first_page(rollup, tmp_path):
    write_national(rollup, SCHEMAS, tmp_path / "demo.xlsx", notice=Text("DỰNG THỬ", "MADE UP"))
    assert openpyxl.load_workbook(tmp_path / "demo.xlsx")["Tổng quan"]["A2"].value == "DỰNG THỬ"


def test_an_empty_store_gives_a_workbook_that_says_so(tmp_path):
    empty = rollup_of(tmp_path / "national.duckdb", "unit | year")
    write_national(empty, SCHEMAS, tmp_path / "empty.xlsx")
    assert faults(tmp_path / "empty.xlsx") == []
    assert "chưa có" in texts(openpyxl.load_workbook(tmp_path / "empty.xlsx")["Tổng quan"])


def test_a_half_year_roll_up_has_a_workbook_too(tmp_path):
    half = rollup_of(
        tmp_path / "national.duckdb",
        "unit | year | period\nT63-24 | 2025 | half",
        "half",
        applications="unit | year | tax_code\nT63-24 | 2025 | A",
    )
    write_national(half, SCHEMAS, tmp_path / "half.xlsx")
    assert "Tỉnh, thành phố 2025: 1/63" in texts(openpyxl.load_workbook(tmp_path / "half.xlsx")["Tổng quan"])


def test_a_five_year_roll_up_has_a_workbook_too(tmp_path):
    five = rollup_of(
        tmp_path / "national.duckdb",
        "unit | year | period\nT34-24 | 2025 | five_year",
        "five_year",
        applications="unit | year | tax_code\nT34-24 | 2025 | A",
    )
    write_national(five, SCHEMAS, tmp_path / "five.xlsx")
    assert "Mô hình điểm 2021–2025" in texts(openpyxl.load_workbook(tmp_path / "five.xlsx")["Tổng quan"])


def test_a_place_that_cannot_be_written_is_told(rollup, tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError):
        write_national(rollup, SCHEMAS, tmp_path / "file" / "out.xlsx")
