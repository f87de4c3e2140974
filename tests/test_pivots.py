"""Native PivotTables show what the roll-up says, in the file as written and after LibreOffice has refreshed them."""

import random
import re
import zipfile

import openpyxl
import polars as pl
import pytest
from openxml_audit import OpenXmlValidator

from tests.rollup_stores import rollup_of, units_of
from tests.store_samples import SCHEMAS
from xltrack.errors import OutputError
from xltrack.excel.national import write_national
from xltrack.excel.pivot.collation import vietnamese
from xltrack.rollup import DIMENSIONS

PIVOTS = {
    "Pivot 34 tỉnh", "Pivot 63 tỉnh", "Pivot công cụ", "Pivot nguồn vốn", "Pivot kinh phí", "Pivot chỉ tiêu",
    "Pivot vướng mắc", "Pivot độ phủ",
}  # fmt: skip


@pytest.fixture(scope="module")
def rollup(tmp_path_factory):
    return rollup_of(
        tmp_path_factory.mktemp("store") / "pivots.duckdb",
        """
        unit   | year | figures  | received
        T63-24 | 2024 | actual   | 2024-11-20T02:00:00
        T63-27 | 2024 | actual   | 2024-11-20T02:00:00
        T34-24 | 2025 | estimate | 2025-11-20T02:00:00
        T34-01 | 2025 | estimate | 2025-12-02T02:00:00
        """,
        enterprises="""
        unit   | year | tax_code | former_province_code
        T34-24 | 2025 | B        | T63-24
        """,
        applications="""
        unit   | year | tax_code | tool_code | status
        T63-24 | 2024 | A        | ISO-9001  | completed
        T63-24 | 2024 | A        | 5S        | completed
        T63-24 | 2024 | E        | 5S        | planned
        T63-27 | 2024 | A        | 5S        | doing
        T63-27 | 2024 | B        | 5S        | completed
        T63-27 | 2024 | H        | 5S        | completed
        T34-24 | 2025 | B        | 5S        | completed
        T34-24 | 2025 | C        | 5S        | completed
        T34-01 | 2025 | C        | LEAN      | completed
        T34-01 | 2025 | D        | LEAN      | completed
        """,
        funding="""
        unit   | year | of   | source         | figure_kind | amount
        T63-24 | 2024 | 2024 | local_budget   | disbursed   | 1250000001
        T63-24 | 2024 | 2024 | enterprise     | disbursed   | 250000000
        T63-24 | 2024 | 2023 | local_budget   | disbursed   | 5
        T63-27 | 2024 | 2024 | central_budget | allocated   | 700000000000003
        T34-24 | 2025 | 2025 | local_budget   | disbursed   | 333333333
        T34-01 | 2025 | 2025 | central_budget | disbursed   | 999999999999
        """,
        obstacles="""
        unit   | year | obstacle         | proposal            | deciding_level
        T63-24 | 2024 | =HYPERLINK("x")  | https://example.com | prime_minister
        T34-01 | 2025 | Thiếu vốn        | Cấp thêm            | most
        """,
        targets="""
        unit   | year | period | target_value | actual_value
        T34-01 | 2025 | 2025   | 40           | 41
        """,
    )


@pytest.fixture(scope="module")
def path(rollup, tmp_path_factory):
    written = tmp_path_factory.mktemp("pivots") / "Toàn quốc.xlsx"
    write_national(rollup, SCHEMAS, written)
    return written


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def grid(sheet, area):
    return [[cell.value for cell in row] for row in sheet[area]]


def body(sheet):
    """Return what a pivot shows: the texts of each line, the texts across, the figures."""
    (pivot,) = sheet._pivots
    head, *rows = grid(sheet, pivot.location.ref)[pivot.location.firstDataRow - 1 :]
    wide = pivot.location.firstDataCol
    return {
        tuple(row[:wide]): {name: value for name, value in zip(head[wide:], row[wide:], strict=True) if value}
        for row in rows
    }


def test_the_workbook_is_one_that_excel_has_nothing_to_repair_in(path):
    assert list(OpenXmlValidator().validate(path).errors) == []


def test_every_grain_has_one_cache_and_every_pivot_a_sheet(book, path):
    assert {sheet.title for sheet in book if sheet._pivots} == PIVOTS
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        wanted = [name for name in names if re.search(r"pivotCacheDefinition\d+\.xml$", name)]
        caches = [archive.read(name).decode() for name in wanted]
    sources = re.findall(r'<worksheetSource name="(\w+)"', "".join(caches))
    assert sorted(sources) == ["dl_ap_dung", "dl_chi_tieu", "dl_do_phu", "dl_kinh_phi", "dl_vuong_mac"]
    assert all(' refreshOnLoad="1"' in cache for cache in caches)
    assert not any("pivotCacheRecords" in name for name in names), (
        "no rows lie where the tables do not show them"
    )


def test_enterprises_count_once_in_each_unit_and_period(book, rollup):
    shown = body(book["Pivot 34 tỉnh"])
    assert shown["Bắc Ninh",] == {"2024": 2, "2025 (ước)": 2}
    assert shown["Hà Nội",] == {"2025 (ước)": 2}
    assert shown["Tổng cộng",] == {"2024": 2, "2025 (ước)": 4}, "C is in two units, and the household in none"
    assert body(book["Pivot 63 tỉnh"])["Bắc Giang",] == {"2024": 1, "2025 (ước)": 1}
    names = SCHEMAS.units.by_code
    for view in ("34", "63"):
        shown = body(book[f"Pivot {view} tỉnh"])
        for period, head in (("2024", "2024"), ("2025", "2025 (ước)")):
            counted = units_of(rollup, "enterprises_supported", period, view)
            found = {
                name: sums[head] for (name,), sums in shown.items() if head in sums and name != "Tổng cộng"
            }
            assert found == {
                names[code].name.vi if code in names else "Chưa phân bổ": n for code, n in counted.items()
            }


def test_money_is_added_up_to_the_dong_by_source_and_kind(book):
    shown = body(book["Pivot kinh phí"])
    assert shown["Bắc Ninh", "Bắc Giang"] == {"2024": 1_500_000_001}
    assert shown["Cộng Bắc Ninh", None] == {"2024": 1_500_000_001, "2025 (ước)": 333_333_333}
    assert shown["Tổng cộng", None] == {"2024": 1_500_000_001, "2025 (ước)": 1_000_333_333_332}
    shown = body(book["Pivot nguồn vốn"])
    assert shown["Cộng Ngân sách nhà nước", None] == {"Giải ngân": 1_000_333_333_332}, "of 2025, the newest"


def test_an_enterprise_counts_once_by_tool_and_size_in_the_period_chosen(book):
    sheet = book["Pivot công cụ"]
    assert [cell.value for cell in sheet[5]][:2] == ["Kỳ", "2025 (ước)"]
    assert {tool: sums["Tổng cộng"] for (tool,), sums in body(sheet).items()} == {
        "5S": 2, "Lean – Sản xuất tinh gọn": 2,
    }  # fmt: skip


def test_rows_lead_to_the_line_of_the_file_and_run_nothing(book):
    sheet = book["Dữ liệu vướng mắc"]
    head, *rows = grid(sheet, sheet.tables["dl_vuong_mac"].ref)
    row = dict(zip(head, rows[0], strict=True))
    assert row["Khó khăn, vướng mắc"] == '=HYPERLINK("x")'
    assert (row["Trang tính"], row["Dòng"]) == ("VUONG_MAC", 5)
    assert not any(cell.data_type == "f" for one in book for line in one for cell in line)


def test_what_a_filter_is_set_to_is_shown_whole(book):
    sheet = book["Pivot chỉ tiêu"]
    chosen = [row[1] for row in sheet.iter_rows(max_row=10, max_col=2, values_only=True) if row[1]]
    assert len(chosen[0]) > 20, "the indicator"
    assert sheet.column_dimensions["B"].width > len(chosen[0])


@pytest.fixture(scope="module")
def refreshed(office, path):
    """Every pivot as LibreOffice shows it once it has read the tables again."""
    return office.pivots(path)


def test_libreoffice_refreshes_every_pivot_to_what_the_file_shows(refreshed, book):
    assert {pivot["sheet"] for pivot in refreshed.values()} == PIVOTS
    for pivot in refreshed.values():
        sheet = book[pivot["sheet"]]
        numbers = [
            [cell for cell in row if isinstance(cell, int | float)] for row in grid(sheet, pivot["range"])
        ]
        assert numbers == [[cell for cell in row if isinstance(cell, float)] for row in pivot["cells"]]


@pytest.fixture(scope="module")
def totals(refreshed):
    """The rows and columns of sums that LibreOffice made, by pivot and what they are the sum of."""
    return {name: dict(sums(pivot["cells"])) for name, pivot in refreshed.items()}


def sums(cells):
    """Yield (name of what is added up, heading of the column) -> number, of the lines and columns of results."""
    head = max(at for at, row in enumerate(cells) if not any(isinstance(cell, float) for cell in row))
    for row in cells[head + 1 :]:
        label = next(str(cell) for cell in row if cell != "")
        for name, cell in zip(cells[head], row, strict=True):
            if isinstance(cell, float) and (label.endswith(" Result") or name == "Total Result"):
                yield (label.removesuffix(" Result"), name.removesuffix(" Result")), cell


def figures(rollup, measure, **cut):
    """Return the figures of a measure of single years by (unit or code, period), from the roll-up's own SQL."""
    rows = rollup.figures.filter(pl.col("measure") == measure, pl.col("period").str.len_chars() == 4)
    others = [name for name in DIMENSIONS if name not in cut]
    rows = rows.filter(pl.all_horizontal(pl.col(name).is_null() for name in others))
    asked = {name: value for name, value in cut.items() if value is not None}
    return rows.filter(*(pl.col(name) == value for name, value in asked.items()))


HEADS = {"2024": "2024", "2025": "2025 (ước)"}


@pytest.mark.parametrize(("pivot", "view"), [("pv_don_vi_34", "34"), ("pv_don_vi_63", "63")])
def test_enterprises_of_all_units_add_up_in_libreoffice_to_what_sql_counts(totals, rollup, pivot, view):
    counted = figures(rollup, "enterprises_supported").filter(pl.col("unit_code").is_not_null(), view=view)
    wanted = {("Total", HEADS[p]): n for p, n in counted.group_by("period").agg(pl.col("value").sum()).rows()}
    assert len(wanted) == 2
    assert totals[pivot] == wanted


def test_money_adds_up_in_libreoffice_to_the_dong_that_sql_counts(totals, rollup):
    names = SCHEMAS.units.by_code
    disbursed = figures(rollup, "funding", funding_kind="disbursed").filter(view="34")
    of_units = (
        disbursed.filter(pl.col("unit_code").is_not_null()).select("unit_code", "period", "value").rows()
    )
    nation = disbursed.filter(pl.col("unit_code").is_null()).select("period", "value").rows()
    wanted = {(names[unit].name.vi, HEADS[period]): value for unit, period, value in of_units}
    assert totals["pv_kinh_phi"] == wanted | {("Total", HEADS[period]): value for period, value in nation}
    whole, state = (
        rollup.figure(name, "2025", figures_kind="estimate", funding_kind="disbursed")
        for name in ("funding", "funding_state")
    )
    assert totals["pv_nguon_von"] == {
        ("Ngân sách nhà nước", "Giải ngân"): state, ("Total", "Giải ngân"): whole,
    }  # fmt: skip
    assert whole == 1_000_333_333_332


def test_other_sums_of_libreoffice_are_those_that_sql_counts(totals, rollup):
    tools = figures(rollup, "enterprises_supported", tool=None).filter(
        pl.col("tool").is_not_null() & pl.col("unit_code").is_null(), view="34", period="2025"
    )
    labels = SCHEMAS.code_lists["tools"].by_code
    wanted = {(labels[tool].label.vi, "Total"): value for tool, value in tools.select("tool", "value").rows()}
    assert totals["pv_cong_cu"] == wanted
    obstacles = figures(rollup, "obstacles", level=None).filter(pl.col("unit_code").is_null(), view="34")
    levels = SCHEMAS.code_lists["deciding_levels"].by_code
    assert totals["pv_vuong_mac"] == {
        (levels[level].label.vi if level else "Total", HEADS[period]): value
        for level, period, value in obstacles.select("level", "period", "value").rows()
    }
    expected = rollup.coverage_rounds.group_by("year").agg(pl.col("expected").sum()).rows()
    for year, units in expected:
        lines = {
            name: value for (label, name), value in totals["pv_do_phu"].items() if label == f"{year} · Năm"
        }
        assert lines["Total"] == units
        assert sum(lines.values()) == 2 * units


def test_lists_without_an_order_of_their_own_follow_the_vietnamese_alphabet():
    words = "Cà Mau|Ca Mau|Đà Nẵng|Dak|An|Ăn|Ân|Ẩn|Cao Bằng|Lê|Le|Ê|E".split("|")
    random.Random(1).shuffle(words)
    assert sorted(words, key=vietnamese) == (
        "An|Ăn|Ân|Ẩn|Ca Mau|Cà Mau|Cao Bằng|Dak|Đà Nẵng|E|Ê|Le|Lê".split("|")
    )


def test_a_table_longer_than_a_worksheet_is_refused_with_the_way_out(rollup, tmp_path, monkeypatch):
    monkeypatch.setattr("xltrack.excel.refresh.replace.ROWS", 12)
    with pytest.raises(OutputError, match="parquet"):
        write_national(rollup, SCHEMAS, tmp_path / "long.xlsx")
    assert not (tmp_path / "long.xlsx").exists()
