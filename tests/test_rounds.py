"""A file of half-year figures stays one: its cells lead to half-year returns, and a refresh brings their rows.

One of five years tells who reported in that round, as one of years does.
"""

from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from click.testing import CliRunner
from openpyxl.packaging.custom import StringProperty

from tests.rollup_stores import store_of
from xltrack.cli.main import cli
from xltrack.documents.marking import read_marked
from xltrack.excel.opc import Package
from xltrack.excel.properties_xml import period_kind_of, with_period_kind
from xltrack.excel.tracing import HEADINGS, read_traced
from xltrack.findings.outputs import PERIOD, PROPERTIES
from xltrack.pipeline import refresh, roll_up, trace_cell
from xltrack.pipeline.reporting import write_report
from xltrack.rollup.trace import Trace

RETURNS = """
unit   | year | period | kind | number
T34-24 | 2025 | half   | full | 1
T34-24 | 2025 | annual | full | 2
"""
FUNDING = """
unit   | year | kind | number | of   | amount
T34-24 | 2025 | full | 1      | 2025 | 1000000
T34-24 | 2025 | full | 2      | 2025 | 3000000
T34-24 | 2025 | full | 2      | 2025 | 5000000
"""
"""The half-year's line, and the two of the whole year."""
FIVE_YEARS = """
unit   | year | of   | amount
T34-24 | 2025 | 2023 | 7000000
T63-02 | 2025 | 2025 | 1000000
"""
NAMED = {"measure": "funding", "period": "2025", "unit_code": "T34-24"}
TABLE = "Dữ liệu kinh phí"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return store_of(tmp_path_factory.mktemp("store") / "national.duckdb", RETURNS, funding=FUNDING)


@pytest.fixture
def workbook(store: Path, tmp_path: Path) -> Path:
    roll_up(store, tmp_path / "6 tháng.xlsx", period="half")
    return tmp_path / "6 tháng.xlsx"


def amounts(path: Path) -> list[object]:
    """Return the amounts in the table of funding."""
    rows = list(openpyxl.load_workbook(path)[TABLE].values)
    start = next(place for place, row in enumerate(rows) if "Số tiền (đồng)" in row)
    column = rows[start].index("Số tiền (đồng)")
    return [row[column] for row in rows[start + 1 :] if row[column]]


def amount_traced(found: object) -> tuple[int, int]:
    """Return the figure, and of how many cells it is made."""
    assert isinstance(found, Trace)
    assert found.in_workbook is None
    return found.value, found.rows.height


def test_a_cell_of_a_half_years_workbook_is_traced_to_half_year_returns(store: Path, workbook: Path):
    noted = [dict(zip(HEADINGS, row, strict=False)) for row in read_traced(workbook.read_bytes()) or ()]
    one = next(row for row in noted if NAMED.items() <= row.items())
    assert amount_traced(trace_cell(store, str(workbook), f"{one['sheet']}!{one['cell']}")) == (1_000_000, 1)


def test_a_figure_of_a_half_years_report_is_traced_to_half_year_returns(store: Path, tmp_path: Path):
    path = tmp_path / "6 tháng.docx"
    write_report(store, path, period="half")
    marked = (read_marked(path.read_bytes()) or {}).items()
    place = next(name for name, one in marked if NAMED.items() <= dict(one.origins[0].where).items())
    assert amount_traced(trace_cell(store, str(path), place)) == (1_000_000, 1)


def test_a_half_years_workbook_is_refreshed_with_half_year_rows(store: Path, workbook: Path):
    annual = workbook.with_name("năm.xlsx")
    roll_up(store, annual)
    assert [one.refusal for one in refresh([annual, workbook], store)] == [None, None]
    assert (amounts(annual), amounts(workbook)) == ([3_000_000, 5_000_000], [1_000_000])


def test_rows_of_other_rounds_do_not_come_under_the_heads_of_a_workbook(store: Path, workbook: Path):
    before = workbook.read_bytes()
    asked = ("refresh", workbook, "--period", "annual", "--store", store, "--lang", "en")
    done = CliRunner().invoke(cli, [str(one) for one in asked])
    assert (done.exit_code, "it is of the rounds `half`, not `annual`" in done.output) == (2, True)
    assert workbook.read_bytes() == before


def test_a_template_that_was_a_half_years_workbook_is_of_the_rounds_it_was_filled_with(
    store: Path, workbook: Path, tmp_path: Path
):
    book, filled = openpyxl.load_workbook(workbook), tmp_path / "năm.xlsx"
    for tab in book.sheetnames:
        if tab != TABLE:
            del book[tab]
    book.save(workbook)
    asked = ("rollup", "--template", workbook, "-o", filled, "--store", store)
    assert CliRunner().invoke(cli, [str(one) for one in asked]).exit_code == 0
    refresh([filled], store)
    assert amounts(filled) == [3_000_000, 5_000_000]


@pytest.mark.parametrize("own", [(), ("Người lập", "Phòng")])
def test_a_template_of_ones_own_is_of_the_rounds_it_was_filled_with(
    store: Path, workbook: Path, tmp_path: Path, own: tuple[str, ...]
):
    book, template, filled = (
        openpyxl.load_workbook(workbook),
        tmp_path / "mẫu.xlsx",
        tmp_path / "nửa năm.xlsx",
    )
    for tab in book.sheetnames:
        if tab != TABLE:
            del book[tab]
    properties = [StringProperty(name=name, value="của tôi") for name in own]
    book.custom_doc_props.props = properties  # type: ignore[attr-defined]  # the stubs lack it
    book.save(template)
    assert ("docProps/custom.xml" in ZipFile(template).namelist()) == bool(own)
    asked = ("rollup", "--period", "half", "--template", template, "-o", filled, "--store", store)
    assert CliRunner().invoke(cli, [str(one) for one in asked]).exit_code == 0
    assert [one.refusal for one in refresh([filled], store)] == [None]
    assert amounts(filled) == [1_000_000]
    found = openpyxl.load_workbook(filled).custom_doc_props.props  # type: ignore[attr-defined]  # the stubs lack it
    assert {one.name: one.value for one in found} == dict.fromkeys(own, "của tôi") | {PERIOD: "half"}


def test_a_property_of_ones_own_without_a_number_does_not_hinder_saying_the_rounds(workbook: Path):
    package = Package(workbook.read_bytes())
    root = package.tree(PROPERTIES)
    for one in root:
        one.set("pid", "hai")
    package.write_tree(PROPERTIES, root)
    assert period_kind_of(with_period_kind(package.to_bytes(), "five_year")) == "five_year"


def test_a_five_years_workbook_names_who_has_not_reported(tmp_path: Path):
    """Bắc Ninh has, of Tuyên Quang only the former Hà Giang; nobody else has."""
    returns = "unit | year | period\nT34-24 | 2025 | five_year\nT63-02 | 2025 | five_year"
    path = tmp_path / "5 năm.xlsx"
    roll_up(store_of(tmp_path / "s.duckdb", returns, funding=FIVE_YEARS), path, period="five_year")
    rows = list(openpyxl.load_workbook(path)["Theo đơn vị"].values)
    heads = next(row for row in rows if "Tình trạng" in row)
    told = [dict(zip(heads, row, strict=True)) for row in rows if row[0] == "34 tỉnh"]
    states = {row["Đơn vị"]: (row["Tình trạng"], row["Doanh nghiệp được hỗ trợ"]) for row in told}
    assert (len(states), {row["Kỳ"] for row in told}) == (34 + 9, {"2021–2025"})
    assert states["Bắc Ninh"] == ("Đã báo cáo", 0)
    assert states["Tuyên Quang"] == ("Một phần", 0)
    assert states["Cao Bằng"] == ("Chưa báo cáo", None)
