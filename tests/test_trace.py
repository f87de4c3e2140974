"""A figure leads to the cells that it is made of, and a cell to the figures that it has a part in."""

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

from tests.rollup_stores import store_of
from tests.store_samples import FORM, SCHEMAS
from xltrack.cli import trace as command
from xltrack.errors import NoFigures, OptionNeeded, UnknownName
from xltrack.pipeline import roll_up, trace, trace_cell
from xltrack.pipeline.tracing import Asked
from xltrack.report.tracing import parts_json, parts_text, trace_csv, trace_json, trace_text
from xltrack.rollup import DIMENSIONS
from xltrack.rollup.absence import is_code
from xltrack.rollup.backward import Parts
from xltrack.rollup.definitions import measures
from xltrack.rollup.trace import Figure, InWorkbook, Trace
from xltrack.rollup.trace import trace as trace_figure
from xltrack.store import open_store

RETURNS = """
unit   | year | number | kind       | received         | figures
T63-24 | 2024 | 1      | full       | 2024-11-20 03:00 | actual
T63-27 | 2024 | 1      | full       | 2024-11-21 03:00 | actual
T63-27 | 2024 | 2      | full       | 2024-12-05 03:00 | actual
T34-24 | 2025 | 1      | full       | 2025-11-20 03:00 | actual
T34-24 | 2025 | 2      | correction | 2025-12-10 03:00 | actual
T34-01 | 2025 | 1      | full       | 2025-11-21 03:00 | estimate
"""
ROWS = {
    "enterprises": """
    unit|year|kind|number | tax_code | legal_form | vsic_version | vsic_code | declared_size | former_province_code
    T63-24 | 2024 | full | 1      | A        | enterprise  | 2018         | 10        | small         | .
    T34-24 | 2025 | full | 1      | A        | enterprise  | 2018         | 10        | medium        | T63-24
    T34-24 | 2025 | full | 1      | B        | enterprise  | 2018         | 25        | .             | T63-27
    T34-24 | 2025 | full | 1      | C        | cooperative | .            | .         | .             | .
    T34-24 | 2025 | full | 1      | H        | household   | .            | .         | .             | .
    """,
    "applications": """
    unit|year|kind|number | application_id | tax_code | tool_code | status | pilot_model | certificate_no | issued_on
    T63-24 | 2024 | full | 1 | HT1 | A | ISO-9001 | doing     | yes | GCN-1 | 2024-06-01
    T63-27 | 2024 | full | 1 | HT1 | B | 5S       | doing     | .   | .     | .
    T63-27 | 2024 | full | 2 | HT1 | B | 5S       | completed | .   | .     | .
    T34-24 | 2025 | full | 1 | HT1 | A | ISO-9001 | completed | yes | GCN-1 | 2024-06-01
    T34-24 | 2025 | full | 1 | HT2 | A | 5S       | doing     | .   | .     | .
    T34-24 | 2025 | full | 1 | HT3 | B | 5S       | doing     | .   | .     | .
    T34-24 | 2025 | full | 1 | HT4 | C | 5S       | doing     | yes | .     | .
    T34-24 | 2025 | full | 1 | HT5 | H | 5S       | doing     | .   | .     | .
    T34-24 | 2025 | full | 1 | HT6 | D | 5S       | planned   | .   | .     | .
    T34-24 | 2025 | full | 1 | HT7 | D | ISO-9001 | stopped   | .   | GCN-3 | .
    T34-24 | 2025 | full | 1 | HT8 | E | ISO-9001 | stopped   | .   | .     | 2025-09-01
    T34-24 | 2025 | correction | 2 | HT3 | B | Lean | completed | yes | GCN-2 | 2025-10-01
    T34-01 | 2025 | full | 1 | HT1 | A | 5S | doing | . | . | .
    """,
    "funding": """
    unit   | year | kind | number | of | subject_kind | subject_id | source | amount | figure_kind
    T34-24 | 2025 | full | 1 | 2025 | application | HT1 | local_budget | 700 | disbursed
    T34-24 | 2025 | full | 1 | 2025 | application | HT3 | enterprise   | 50  | disbursed
    T34-24 | 2025 | full | 1 | 2024 | other       | .   | enterprise   | 9   | disbursed
    T34-24 | 2025 | full | 1 | 2025 | other       | .   | local_budget | 90  | allocated
    T34-01 | 2025 | full | 1 | 2025 | other       | .   | local_budget | 33  | disbursed
    """,
    "training": """
    unit   | year | kind | number | course_id | start_date | participants | certified_experts
    T63-24 | 2024 | full | 1 | DT1 | 2024-05-01 | 30 | 3
    T34-24 | 2025 | full | 1 | DT1 | 2024-05-01 | 31 | 4
    T34-24 | 2025 | full | 1 | DT2 | 2025-05-01 | 20 | 1
    """,
    "tasks": """
    unit   | year | kind | number | task_id | task_group | budget_state
    T34-24 | 2025 | full | 1 | NV1 | 1 | 500
    T34-24 | 2025 | full | 1 | NV2 | 2 | 600
    """,
    "obstacles": """
    unit   | year | kind | number | deciding_level
    T34-24 | 2025 | full | 1 | prime_minister
    """,
    "key_products": """
    unit   | year | kind | number | product_id
    T34-24 | 2025 | full | 1 | SP1
    """,
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    return store_of(tmp_path_factory.mktemp("trace") / "national.duckdb", RETURNS, **ROWS)


@pytest.fixture(scope="module")
def national(store):
    """Return the national workbook of the store and its roll-up."""
    path = store.parent / "national.xlsx"
    return path, roll_up(store, path)


def letter(sheet: str, column: str) -> str:
    """Return the column's letter in the files of the tests."""
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[[one.id for one in FORM.by_id[sheet].columns].index(column)]


def cells(found) -> list[str]:
    return found.rows["cell"].to_list()


def parts(store, file: str, cell: str) -> Parts:
    found = trace_cell(store, file, cell)
    assert isinstance(found, Parts)
    return found


def test_every_kind_of_figure_is_made_of_the_cells_that_are_traced(store, national):
    """A trace refuses to answer where its cells do not make up its figure; here it is held against the roll-up."""
    _, rollup = national
    cut = pl.concat_str(
        [pl.when(pl.col(name).is_null()).then(pl.lit("")).otherwise(pl.lit(name)) for name in DIMENSIONS]
    )
    unit = pl.col("unit_code").is_not_null()
    some = rollup.figures.with_columns(cut.alias("cut"), unit.alias("of_unit")).sort(
        "period", "view", "value"
    )
    picked = some.unique(["measure", "cut", "of_unit"], keep="last", maintain_order=True)
    assert set(picked["measure"]) == {*measures()["id"]} - {"cooperative_unions_supported"}
    with open_store(store, SCHEMAS, read_only=True) as opened:
        for row in picked.sample(fraction=0.1, seed=1322).to_dicts():
            codes = {name: row[name] for name in DIMENSIONS if row[name] is not None}
            place = (row["measure"], row["period"], row["figures_kind"], row["view"], row["unit_code"])
            assert trace_figure(opened, SCHEMAS, Figure(*place, codes)).value == row["value"], row


def test_an_enterprise_supported_leads_to_its_applications_in_file_sheet_and_cell(store):
    found = trace(store, Asked("enterprises_supported", "2025", "T34-24"))
    column = letter("applications", "tax_code")
    assert found.value == 2
    # A by two applications, B by the one of the correction; planned, cooperative and household are not among them.
    assert sorted(cells(found)) == [f"{column}5", f"{column}5", f"{column}6"]
    assert set(found.rows["tab"]) == {"AP_DUNG"}
    assert set(found.rows["counts"]) == {"0100233488", "0314409058"}
    text = trace_text(found, SCHEMAS, "vi")
    assert "Bắc Ninh (T34-24, tính theo 34 tỉnh): 2" in text
    assert "Khớp: 3 ô trong 2 tệp, 2 mã số thuế khác nhau (chi nhánh tính cùng doanh nghiệp)." in text
    assert f"AP_DUNG: {column}5:{column}6" in text
    assert "nhận 20/11/2025 10:00" in text


def test_money_leads_to_the_amounts_and_adds_up(store):
    found = trace(store, Asked("funding", "2025", "T34-24", cut={"funding_kind": "disbursed"}))
    assert found.value == 750
    assert found.rows["value"].to_list() == ["700", "50"]
    assert cells(found) == [f"{letter('funding', 'amount')}5", f"{letter('funding', 'amount')}6"]
    assert "cộng lại được 750" in trace_text(found, SCHEMAS, "vi")
    as_reported = Asked("funding", "2025", "T34-24", "reported", cut={"funding_kind": "disbursed"})
    assert cells(trace(store, as_reported)) == cells(found)
    by_63 = trace(store, Asked("funding_state", "2025", "T63-24", cut={"funding_kind": "disbursed"}))
    assert by_63.value == 700


def test_a_figure_of_which_there_is_only_an_estimate_is_found(store):
    found = trace(store, Asked("applications", "2025", "T34-01"))
    assert (found.figure.figures_kind, found.value) == ("estimate", 1)

    assert "Kỳ này chỉ có số ước thực hiện." in trace_text(found, SCHEMAS, "vi")
    nation = trace(store, Asked("applications", "2025"))
    assert nation.figure.figures_kind == "actual"
    assert "also has estimated figures" in trace_text(nation, SCHEMAS, "en")


def test_a_zero_is_said_of_a_unit_that_has_reported(store):
    settled = {"funding_kind": "settled"}
    for asked in (Asked("funding", "2025", "T34-24", cut=settled), Asked("funding", "2025", cut=settled)):
        found = trace(store, asked)
        assert (found.figure.figures_kind, found.value) == ("actual", 0)
    estimated = trace(store, Asked("tasks", "2025", "T34-01"))
    assert (estimated.figure.figures_kind, estimated.value) == ("estimate", 0)


@pytest.mark.parametrize(
    ("asked", "vi", "en"),
    [
        (
            Asked("applications", "2025", "T34-44"),
            "Quảng Trị (T34-44) chưa có báo cáo được tính của kỳ năm 2025",
            "Quang Tri (T34-44) has no return that counts in the annual round 2025",
        ),
        (Asked("applications", "2024", "T34-24", "reported"), "chưa có báo cáo", "no return that counts"),
        (Asked("applications", "2031"), "cả nước chưa có báo cáo", "the nation has no return"),
        (
            Asked("applications", "2025", "T34-01", figures_kind="actual"),
            "chỉ có số ước thực hiện (--figures estimate)",
            "only estimated figures",
        ),
    ],
)
def test_what_nobody_reported_is_no_zero(store, asked, vi, en):
    with pytest.raises(NoFigures) as caught:
        trace(store, asked)
    assert vi in caught.value.message("vi")
    assert en in caught.value.message("en")


@pytest.mark.parametrize(
    ("asked", "vi", "en"),
    [
        (
            Asked("funding", "2025", cut={"funding_kind": "giai_ngan"}),
            "Có phải “disbursed – Giải ngân” không? Các mã: estimated, allocated, disbursed, settled.",
            "The codes are estimated, allocated",
        ),
        (Asked("applications", "2025", cut={"tool": "5SS"}), "Có phải “5S – 5S” không?", "Is it “5S – 5S”?"),
        (Asked("tasks", "2025", cut={"task_group": "9"}), "`9`. Các mã: N1, N2", "`9`. The codes are N1, N2"),
        (Asked("applications", "2025", cut={"sector": "2018-Z"}), "2018-C – ", "Is it “2018-A – Agriculture"),
        (
            Asked("applications", "2025", "T34-24", "63"),
            "nêu --unit T63-24 (Bắc Giang)",
            "among the 63 provinces",
        ),
        (Asked("applications", "2025", "T63-24", "34"), "nêu --unit T34-24", "say --unit T34-24"),
        (Asked("enterprises_supported", "2022-2024"), "2021-2025, 2026-2030", "There are single years"),
        (Asked("tasks", "2021-2025"), "chỉ có theo từng năm", "by single years only"),
    ],
)
def test_what_is_in_no_list_is_no_zero(store, asked, vi, en):
    with pytest.raises(UnknownName) as caught:
        trace(store, asked)
    assert vi in caught.value.message("vi")
    assert en in caught.value.message("en")


def test_a_measure_of_several_kinds_of_money_says_which_there_are(store):
    with pytest.raises(OptionNeeded) as caught:
        trace(store, Asked("funding", "2025"))
    needed = "cần nêu thêm --funding-kind (estimated, allocated, disbursed, settled)."
    assert needed in caught.value.message("vi")
    assert "also needs --funding-kind (estimated" in caught.value.message("en")


def test_every_code_of_a_figure_may_be_asked_for(national):
    """What the SQL of measures may say of a row is never refused; the rows above have a few codes of their own."""
    _, rollup = national
    invented = {"Lean", "1", "2"}
    refused = set()
    for name in DIMENSIONS:
        for measure, code in rollup.figures.drop_nulls(name).select("measure", name).unique().rows():
            if not is_code(Figure(measure, "2025"), name, code, SCHEMAS):
                refused.add(code)
    assert refused <= invented


def test_a_trace_as_of_a_day_leads_to_what_counted_then(store):
    asked = Asked("enterprises_supported", "2024", "T63-27")
    (now,), (then,) = (trace(store, asked, as_of=day).rows["sha256"] for day in (None, date(2024, 11, 30)))
    assert now != then


def test_a_cell_of_the_national_workbook_is_the_figure_in_it(store, national):
    path, rollup = national
    noted = pl.DataFrame(
        [row for row in _noted(path) if row["unit_code"] == "T34-24" and row["period"] == "2025"]
    )
    row = noted.filter(measure="enterprises_supported", sheet="Theo đơn vị").row(0, named=True)
    found = trace_cell(store, str(path), f"{row['sheet']}!{row['cell']}")
    assert isinstance(found, Trace)
    assert found.value == rollup.figure("enterprises_supported", "2025", unit_code="T34-24") == 2
    with pytest.raises(UnknownName, match="Theo đơn vị!A1") as caught:
        trace_cell(store, str(path), "Theo đơn vị!A1")
    assert "Số liệu gần nhất trên trang: G4, K4, P4." in caught.value.message("vi")


def test_a_cell_of_an_earlier_workbook_says_what_it_was_and_what_brings_it_back(store, tmp_path):
    """The correction of 10 December is in the store, but not in a workbook of the day before, nor in its cards."""
    then, old = date(2025, 12, 9), tmp_path / "old.xlsx"
    roll_up(store, old, as_of=then)
    for sheet, period in (("Tổng quan", "2021-2030"), ("Theo đơn vị", "2025")):
        noted = pl.DataFrame(_noted(old)).filter(measure="pilot_models", sheet=sheet, period=period)
        place = f"{sheet}!{noted['cell'][0]}"
        found = trace_cell(store, str(old), place)
        assert isinstance(found, Trace)
        assert (found.value, found.in_workbook) == (2, InWorkbook(1, date(2025, 11, 21)))
        for text, said in (
            (trace_text(found, SCHEMAS, "vi"), "Trong tệp, số này là 1: "),
            (trace_text(found, SCHEMAS, "en"), "In the workbook it is 1: "),
        ):
            line = text.splitlines()[1]
            assert line.startswith(said)
            assert line.endswith(": --as-of 2025-11-21.")
        assert json.loads(trace_json(found))["figure"]["in_workbook"] == {"value": 1, "as_of": "2025-11-21"}
        same = trace_cell(store, str(old), place, as_of=then)
        assert isinstance(same, Trace)
        assert (same.value, same.in_workbook) == (1, None)
        assert "Trong tệp" not in trace_text(same, SCHEMAS, "vi")


@pytest.mark.parametrize("named", ["Theo don vi", "Theo đơn vịj"])
def test_a_sheet_that_there_is_not_is_said_with_the_nearest(store, national, named):
    with pytest.raises(UnknownName) as caught:
        trace_cell(store, str(national[0]), f"{named}!G4")
    assert f"không có trang `{named}` với số liệu. Có phải `Theo đơn vị` không?" in caught.value.message("vi")
    file = trace(store, Asked("tasks", "2025", "T34-24")).rows["sha256"][0]
    with pytest.raises(UnknownName, match=r"no sheet `AP_DUN` with data\. Is it `AP_DUNG`"):
        trace_cell(store, file, "AP_DUN!A5")


def test_a_file_that_is_nowhere_is_said_to_be_nowhere(store):
    with pytest.raises(UnknownName) as caught:
        trace_cell(store, "a.xlsx", "AP_DUNG!A5")
    nowhere = "Không có tệp `a.xlsx`. Ở đây không có, và không tệp nào trong kho có tên ấy."
    assert caught.value.message("vi").startswith(nowhere)
    assert "no file in the store has that name" in caught.value.message("en")


def test_a_row_of_the_long_table_is_the_figure_in_it(store, national):
    path, rollup = national
    rows = list(openpyxl.load_workbook(path, read_only=True)["Số liệu"].iter_rows(values_only=True))
    heads = next(row for row in rows if row[0] == "measure")
    wanted = {"measure": "funding", "period": "2025", "unit_code": "T34-24", "funding_kind": "disbursed"}
    at = next(
        n for n, row in enumerate(rows, 1) if wanted.items() <= dict(zip(heads, row, strict=True)).items()
    )
    found = trace_cell(store, str(path), f"Số liệu!A{at}")
    assert isinstance(found, Trace)
    assert found.value == rollup.figure("funding", "2025", unit_code="T34-24", funding_kind="disbursed") > 0


def test_a_row_under_the_pivots_is_the_row_of_a_file(store, national):
    path, _ = national
    found = trace_cell(store, str(path), "'Dữ liệu kinh phí'!B5")
    assert isinstance(found, Parts)
    assert (found.cell.sheet, found.cell.counts) == ("funding", True)
    assert set(found.figures["measure"]) >= {"funding"}


def test_an_amount_under_the_pivots_is_the_cell_with_that_amount(store, national):
    path, _ = national
    sheet = openpyxl.load_workbook(path)["Dữ liệu kinh phí"]
    table = sheet.tables["dl_kinh_phi"]
    head = next(cell for cell in sheet[table.ref.partition(":")[0][1:]] if cell.value == "Số tiền (đồng)")
    amount = sheet.cell(head.row + 1, head.column)
    found = trace_cell(store, str(path), f"'Dữ liệu kinh phí'!{amount.coordinate}")
    assert isinstance(found, Parts)
    assert (found.cell.column, found.cell.value) == ("amount", str(amount.value))


def test_a_cell_of_a_pivot_says_which_table_it_adds_up(store, national):
    path, _ = national
    with pytest.raises(UnknownName) as caught:
        trace_cell(store, str(path), "'Pivot 34 tỉnh'!B10")
    assert "cộng từ các dòng của bảng `dl_" in caught.value.message("vi")


def test_a_cell_leads_to_the_figures_that_it_has_a_part_in(store):
    (file,) = (
        trace(store, Asked("funding", "2025", "T34-24", cut={"funding_kind": "disbursed"}))
        .rows["sha256"]
        .unique()
    )
    found = parts(store, file[:12], f"KINH_PHI!{letter('funding', 'amount')}5")
    assert found.cell.value == "700"
    assert set(found.figures["measure"]) == {"funding", "funding_state"}
    assert set(found.figures["unit_code"]) == {None, "T34-24", "T63-24"}
    assert set(found.figures["period"]) == {"2025", "2021-2025", "2021-2030"}
    assert set(found.figures["tool"]) == {"ISO-9001"}
    text = parts_text(found, SCHEMAS, "vi")
    assert "Dòng này được tính trong:" in text
    assert "Kinh phí từ ngân sách nhà nước (thực hiện): 2021–2025, 2021–2030, 2025" in text
    restated = parts(store, file[:12], "KINH_PHI!A7")
    assert restated.figures.is_empty()
    assert "Dòng này không có trong số liệu nào" in parts_text(restated, SCHEMAS, "vi")


def test_dimensions_and_codes_are_told_by_their_labels_and_money_with_its_unit(store):
    found = trace(store, Asked("funding", "2025", "T34-24", cut={"funding_kind": "disbursed"}))
    head, made = trace_text(found, SCHEMAS, "vi").splitlines()[:2]
    assert head.endswith(" · Loại số kinh phí: Giải ngân: 750 đồng")
    assert made.endswith("cộng lại được 750 đồng.")
    head, made = trace_text(found, SCHEMAS, "en").splitlines()[:2]
    assert head.endswith(" · Kind of funding: Disbursed: 750 VND")
    assert made.endswith("which add up to 750 VND.")
    assert json.loads(trace_json(found))["figure"]["cut"] == {"funding_kind": "disbursed"}
    tasks = trace_text(trace(store, Asked("tasks", "2025", cut={"task_group": "N4"})), SCHEMAS, "vi")
    assert "Hỗ trợ doanh nghiệp" in tasks
    assert "(N4): 0\n" in tasks, "the code that the list shows; tasks have no unit"
    back = parts_text(parts(store, found.rows["sha256"][0], "DOANH_NGHIEP!A5"), SCHEMAS, "vi")
    assert "  Quy mô: Vừa\n" in back
    assert " = " not in back


def test_the_row_of_an_enterprise_counts_through_its_applications(store):
    file = trace(store, Asked("tasks", "2025", "T34-24")).rows["sha256"][0]
    found = parts(store, file[:12], "DOANH_NGHIEP!A5")
    assert {"enterprises_supported", "applications", "pilot_models"} <= set(found.figures["measure"])
    assert set(found.figures.filter(measure="enterprises_supported")["size"].drop_nulls()) == {"medium"}


def test_a_row_that_a_correction_replaced_says_so(store):
    file = trace(store, Asked("tasks", "2025", "T34-24")).rows["sha256"][0]
    replaced = parts(store, file[:12], "AP_DUNG!A7")
    assert "sửa đổi thay thế" in parts_text(replaced, SCHEMAS, "vi")


def test_a_file_that_does_not_count_says_why(store):
    with open_store(store, SCHEMAS, read_only=True) as opened:
        ((file,),) = opened.rows("SELECT sha256 FROM submission_state WHERE state = 'superseded'")
    said = parts_text(parts(store, file, "AP_DUNG!A5"), SCHEMAS, "vi")
    assert "Tệp không được tính: Đã có bản thay thế (có số lần gửi mới hơn)." in said


def test_the_number_of_a_household_is_masked_in_every_form(store):
    found = trace(store, Asked("households_supported", "2025"))
    for said in (trace_text(found, SCHEMAS, "vi"), trace_json(found), trace_csv(found).decode("utf-8-sig")):
        assert "012345678901" not in said
    assert "901" in trace_json(found)
    assert json.loads(trace_json(found))["figure"]["value"] == 1
    assert len(list(csv.DictReader(io.StringIO(trace_csv(found).decode("utf-8-sig"))))) == 1
    file = found.rows["sha256"][0]
    assert "012345678901" not in parts_json(
        parts(store, file, f"AP_DUNG!{letter('applications', 'tax_code')}9")
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked("supported", "2025"), "enterprises_supported"),
        (Asked("tasks", "2025", cut={"tool": "5S"}), "task_group"),
        (Asked("tasks", "hai năm"), "2021-2025"),
        (Asked("tasks", "2025", "Atlantis"), "T34-24"),
    ],
)
def test_what_is_not_counted_is_refused_with_what_is(store, asked, said):
    with pytest.raises(UnknownName, match=said):
        trace(store, asked)


def test_the_command_knows_the_dimensions_of_the_rollup():
    assert command.DIMENSIONS == DIMENSIONS


def _noted(path: Path) -> list[dict[str, Any]]:
    head, *rows = openpyxl.load_workbook(path)["_figures"].iter_rows(values_only=True)
    return [dict(zip(map(str, head[:7]), row, strict=False)) for row in rows]


def test_a_figure_of_a_province_says_which_of_those_it_was_made_of_are_not_in_it(tmp_path):
    returns = """
    unit   | year
    T63-24 | 2025
    """
    store = store_of(tmp_path / "s.duckdb", returns, applications="""
    unit   | year | application_id | tax_code | tool_code | status
    T63-24 | 2025 | HT1            | A        | 5S        | doing
    """)  # fmt: skip
    found = trace(store, Asked("enterprises_supported", "2025", "T34-24"))
    assert (found.value, found.silent) == (1, ((2025, "T63-27"),))
    assert "chưa có báo cáo của: Bắc Ninh (2025)" in trace_text(found, SCHEMAS, "vi")
    assert json.loads(trace_json(found))["figure"]["silent"] == [{"year": 2025, "unit_code": "T63-27"}]
    assert trace(store, Asked("enterprises_supported", "2025", "T63-24")).silent == ()
