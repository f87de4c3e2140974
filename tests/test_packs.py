"""The workbook of one unit has the figures that the national one has of it, and nothing of anybody else."""

import zipfile

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from tests.command_line import xltrack as run
from tests.rollup_stores import store_of
from tests.store_samples import SCHEMAS
from tests.test_national import table
from xltrack.cli.main import cli
from xltrack.errors import UnknownName
from xltrack.excel.national import write_national
from xltrack.excel.national_rows import current_rows
from xltrack.excel.refresh import Refused, with_current_rows
from xltrack.pipeline import roll_up, roll_up_unit
from xltrack.rollup import DIMENSIONS
from xltrack.rollup.packs import roll_up_units
from xltrack.store import open_store

FORMER = ("T63-24", "T63-27")
OTHERS = (
    "Cà Mau",
    "Bạc Liêu",
    "Bộ Xây dựng",
    "T34-96",
    "T63-95",
    "BO-XD",
    "Nhờ giữ kín",
    "Việc riêng của Cà Mau",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """Bắc Ninh of today, those it was made of, another province and a ministry with the same enterprises."""
    return store_of(
        tmp_path_factory.mktemp("store") / "packs.duckdb",
        """
        unit   | year | figures  | received            | verdict
        T63-24 | 2024 | actual   | 2024-11-20T02:00:00 | accepted
        T63-27 | 2024 | actual   | 2024-11-20T02:00:00 | accepted
        T63-95 | 2024 | actual   | 2024-11-20T02:00:00 | accepted
        T34-24 | 2025 | estimate | 2025-11-20T02:00:00 | accepted
        T34-96 | 2025 | estimate | 2025-12-02T02:00:00 | accepted
        BO-XD  | 2025 | estimate | 2025-11-20T02:00:00 | rejected
        """,
        enterprises="""
        unit   | year | tax_code | former_province_code
        T34-24 | 2025 | B        | T63-24
        """,
        applications="""
        unit   | year | tax_code | tool_code | pilot_model
        T63-24 | 2024 | A        | 5S        | yes
        T63-27 | 2024 | A        | 5S        | .
        T63-27 | 2024 | B        | LEAN      | .
        T63-95 | 2024 | A        | 5S        | .
        T34-24 | 2025 | B        | 5S        | .
        T34-24 | 2025 | B        | LEAN      | .
        T34-24 | 2025 | C        | 5S        | .
        T34-96 | 2025 | C        | 5S        | .
        T34-96 | 2025 | D        | 5S        | .
        """,
        funding="""
        unit   | year | of   | source       | amount
        T63-24 | 2024 | 2024 | local_budget | 1250000001
        T63-95 | 2024 | 2024 | local_budget | 777777777777
        T34-24 | 2025 | 2025 | enterprise   | 333333333
        """,
        obstacles="""
        unit   | year | obstacle              | proposal     | deciding_level
        T63-24 | 2024 | Thiếu chuyên gia      | Đào tạo thêm | prime_minister
        T34-96 | 2025 | Việc riêng của Cà Mau | Nhờ giữ kín  | most
        """,
    )


@pytest.fixture(scope="module")
def whole(store):
    return roll_up(store)


@pytest.fixture(scope="module")
def alone(store):
    """The roll-ups of a province of today and of one that it was made of."""
    units = [SCHEMAS.units.by_code[code] for code in ("T34-24", "T63-24")]
    with open_store(store, SCHEMAS, read_only=True) as opened:
        return {rollup.unit: rollup for rollup in roll_up_units(opened, SCHEMAS, units=units)}


@pytest.fixture(scope="module")
def path(alone, tmp_path_factory):
    written = tmp_path_factory.mktemp("packs") / "Bắc Ninh.xlsx"
    write_national(alone["T34-24"], SCHEMAS, written)
    return written


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def test_no_part_of_the_file_holds_anything_of_another_unit(path):
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert any("Bắc Ninh" in part for part in parts.values())
    told = {(name, word) for name, part in parts.items() for word in OTHERS if word in part}
    assert told == set()


@pytest.mark.parametrize("unit", ["T34-24", "T63-24"])
def test_figures_are_those_of_the_national_rollup(whole, alone, unit):
    of_unit = whole.figures.filter(unit_code=unit, view=unit[1:3])
    assert of_unit.height > 10
    assert alone[unit].figures.filter(unit_code=unit, view=unit[1:3]).equals(of_unit)
    assert alone[unit].figure("enterprises_supported", "2021-2025", figures_kind="estimate") == whole.figure(
        "enterprises_supported", "2021-2025", figures_kind="estimate", unit_code=unit, view=unit[1:3]
    )


def test_pivots_count_each_enterprise_once_within_the_unit(alone):
    rows = alone["T34-24"].rows["applications"]
    assert set(rows["return_unit"]) == {"T34-24", *FORMER}
    total = alone["T34-24"].figures.filter(pl.all_horizontal(pl.col(name).is_null() for name in DIMENSIONS))
    for view in ("34", "63"):
        counted = total.filter(view=view, measure="enterprises_supported").filter(
            pl.col("period").str.len_chars() == 4
        )
        for period, unit, value in counted.select("period", "unit_code", "value").rows():
            weights = rows.filter(pl.col("period") == period, pl.col(f"unit{view}") == unit)[
                f"once_unit{view}"
            ]
            assert (period, unit, weights.sum()) == (period, unit, value)
    assert rows.filter(period="2025")["once_nation"].sum() == 2, "C counts here, whoever else has it"


def test_it_shows_results_of_the_unit_and_compares_with_nobody(book):
    assert book["Tổng quan"]["A1"].value == "Bắc Ninh: nâng cao năng suất, chất lượng"
    assert "Đối chiếu" not in book.sheetnames
    lines = {(row["Cách nhìn"], row["Đơn vị"], row["Kỳ"]) for row in table(book["Theo đơn vị"])}
    assert {unit for _, unit, _ in lines} == {"Bắc Ninh", "Bắc Giang"}
    money = {(row["Loại số"], row["Nguồn"]): row["2024"] for row in table(book["Kinh phí"])}
    assert money["Giải ngân", "Tổng số"] == 1_250_000_001
    assert [row["Mã"] for row in table(book["Chất lượng"], 1)] == sorted(
        row["Mã"] for row in table(book["Chất lượng"], 1)
    )


def test_a_cell_leads_to_the_cells_of_the_unit(path, store):
    figures = openpyxl.load_workbook(path)["_figures"]
    at = next(
        f"{row[0]}!{row[1]}" for row in figures.iter_rows(values_only=True)
        if row[2:4] == ("enterprises_supported", "2024") and row[0] == "Tổng quan"
    )  # fmt: skip
    told = run("trace", str(path), "--cell", at, "--store", str(store), "--lang", "en", folder=path.parent)
    assert told.returncode == 0, told.stderr
    assert "T63-95" not in told.stdout
    assert "AP_DUNG" in told.stdout


def test_refresh_lets_no_other_rows_into_it(path, whole):
    with pytest.raises(Refused) as refused:
        with_current_rows(path.read_bytes(), current_rows(whole, SCHEMAS))
    assert "workbook of T34-24 alone" in refused.value.reason.en


def test_every_unit_with_figures_gets_a_workbook(store, tmp_path):
    done = CliRunner().invoke(
        cli, ["rollup", "--all-units", "--dir", str(tmp_path / "packs"), "--store", str(store)]
    )
    assert done.exit_code == 0, done.output
    names = ["tong-hop_T34-24_Bac-Ninh.xlsx", "tong-hop_T34-96_Ca-Mau.xlsx"]
    assert sorted(path.name for path in (tmp_path / "packs").iterdir()) == names
    assert all(name in done.output for name in names)


def test_a_name_that_two_units_have_is_refused_with_both(store, tmp_path):
    with pytest.raises(UnknownName) as refused:
        roll_up_unit("Bắc Ninh", store, tmp_path / "x.xlsx")
    assert "T34-24 Bắc Ninh, T63-27 Bắc Ninh" in str(refused.value)


@pytest.mark.parametrize(
    "options",
    [
        "", "--dir d", "-o x.xlsx --dir d", "-o x.xlsx --all-units", "-o x.xlsx --unit T34-24 --unit T34-01",
        "--dir d --unit T34-24 --all-units", "-o x.csv --unit T34-24 --units current",
        "-o x.xlsx --units current",
    ],
)  # fmt: skip
def test_options_that_do_not_go_together_are_told(options):
    done = CliRunner().invoke(cli, ["rollup", *options.split()])
    assert done.exit_code == 2
    assert "--dir" in done.output or "--units" in done.output
