"""One series through the reorganisation of 2025, in the units before it and after it."""

from datetime import date

import polars as pl
import pytest

import xltrack
from tests.store_samples import SCHEMAS, submission
from xltrack.demo import scale
from xltrack.demo.programme import plan_programme
from xltrack.demo.returns import build_return, occasions_of
from xltrack.demo.writing import annual_round
from xltrack.errors import UnknownName
from xltrack.report.headlines import headlines
from xltrack.rollup import DIMENSIONS, roll_up
from xltrack.store import merge_workbooks, open_store

AFTER = ("T34-24", "T34-25", "T34-01", "T34-38")
"""Made of two provinces, of three, and two that stayed as they were."""


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Return the store of five years of a few provinces of the demo."""
    programme = plan_programme(SCHEMAS.units)
    units = {*AFTER, *(code for one in AFTER for code in SCHEMAS.units.predecessors[one])}
    sent = [
        build_return(about, programme)
        for year in scale.YEARS
        for about in occasions_of(annual_round(SCHEMAS, year), SCHEMAS)
        if about.unit.code in units
    ]
    path = tmp_path_factory.mktemp("series") / "s"
    with open_store(path, SCHEMAS, create=True) as store:
        merge_workbooks(store, [_merged(one) for one in sent])
    return path


@pytest.fixture(scope="module")
def rollup(path):
    with open_store(path, SCHEMAS, read_only=True) as store:
        return roll_up(store, SCHEMAS)


def _merged(one):
    rows = {name: found for name, found in one.rows.items() if name != "cover"}
    return submission(one.unit.code, rows, round_=one.round)


@pytest.mark.parametrize("period", [*map(str, scale.YEARS), "2021-2025"])
def test_the_nation_is_one_in_63_and_in_34_units_and_every_count_is_reconciled(rollup, period):
    def reconciled(measure, view, **cut):
        row = rollup.reconciliation.filter(measure=measure, period=period, view=view, **cut).row(
            0, named=True
        )
        return tuple(row[name] for name in ("sum_over_units", "counted_in_several", "national"))

    money = {view: reconciled("funding", view, funding_kind="disbursed") for view in ("63", "34")}
    assert money["63"] == money["34"] == (money["34"][2], 0, money["34"][2])
    assert money["34"][2] > 0
    several = {}
    for view in ("63", "34"):
        units, several[view], nation = reconciled("enterprises_supported", view)
        assert units - several[view] == nation == rollup.figure("enterprises_supported", period)
    # Two provinces that became one may both have supported an enterprise: 63 units count it twice, 34 once.
    assert several["63"] >= several["34"]


def test_an_enterprise_of_two_provinces_that_became_one_is_what_the_views_differ_by(rollup):
    span = rollup.reconciliation.filter(measure="enterprises_supported", period="2021-2025")
    several = dict(span.select("view", "counted_in_several").rows())
    assert several["63"] > several["34"]


@pytest.mark.parametrize(
    ("units", "before", "since"),
    [
        ("reported", {"T63-24", "T63-27"}, {"T34-24"}),
        (date(2025, 6, 30), {"T63-24", "T63-27"}, {"T63-24", "T63-27", "CHUA-PHAN-BO"}),
    ],
)
def test_figures_stand_in_the_units_that_were_asked_for(path, rollup, tmp_path, units, before, since):
    asked = xltrack.roll_up(path, tmp_path / "a.csv", units=units)
    frame = asked.figures.filter(measure="applications")
    assert frame["view"].n_unique() == 1
    assert headlines(asked, "vi") == headlines(rollup, "vi")
    nation = frame.filter(pl.col("unit_code").is_null() & _whole(), period="2025")["value"].to_list()
    assert nation == [rollup.figure("applications", "2025")]
    for year, expected in (("2024", before), ("2025", since)):
        found = set(frame.filter(pl.col("unit_code").is_not_null(), period=year)["unit_code"])
        mine = {"T63-24", "T63-27", "T34-24", "CHUA-PHAN-BO"}
        assert found & mine == expected
        units_of = frame.filter(pl.col("unit_code").is_not_null() & _whole(), period=year)["value"].sum()
        assert units_of == rollup.figure("applications", year)


def test_provinces_are_34_from_the_first_of_july_2025_on():
    scheme = SCHEMAS.units.province_scheme
    assert [scheme(date(2025, 6, 30)), scheme(date(2025, 7, 1))] == ["63", "34"]


def test_a_workbook_has_both_sets_of_units_and_is_not_cut_down(path, tmp_path):
    with pytest.raises(UnknownName):
        xltrack.roll_up(path, tmp_path / "a.xlsx", units="current")


def _whole():
    return pl.all_horizontal(pl.col(name).is_null() for name in DIMENSIONS)
