"""What goes wrong between files comes out as its row says, in whichever order they are merged."""

from datetime import date

import pytest

import xltrack
from tests.messes.arrivals import SCHEMAS, arrivals, sent
from xltrack.findings import severity
from xltrack.rollup import roll_up
from xltrack.store import merge_workbooks, open_store, round_status, store_hash

pytestmark = pytest.mark.slow

CASES = {case.name: case for case in arrivals()}


@pytest.mark.parametrize("name", CASES)
def test_files_come_out_as_their_row_says_in_either_order(name, tmp_path):
    case = CASES[name]
    files = sent(case, tmp_path)
    with open_store(tmp_path / "a", SCHEMAS, create=True) as store:
        merged(store, case, files)
        rollup = roll_up(store, SCHEMAS, "annual") if case.figures else None
        assert {asked: figure(rollup, *asked.split()) for asked in case.figures} == case.figures
        assert {asked: state(store, *asked.split()) for asked in case.status} == case.status
        stored = store_hash(store)
    for asked, value in case.as_of.items():
        day, *what = asked.split()
        assert figure(xltrack.roll_up(tmp_path / "a", as_of=date.fromisoformat(day)), *what) == value
    if len(files) > 1:
        with open_store(tmp_path / "b", SCHEMAS, create=True) as store:
            merged(store, case, files[::-1])
            assert store_hash(store) == stored


def merged(store, case, files):
    """Merge `files` and hold what each is worth, and what its sender is told, to the case."""
    outcomes = merge_workbooks(store, [one.submission for one in files])
    for one, outcome in zip(files, outcomes, strict=True):
        state, *codes = case.expect[one.result.path.name].split()
        every = (*one.result.findings, *outcome.findings)
        told = {f.code for f in every if severity(f) == "error" or f.code >= "XLT600" or f.code in codes}
        # Of equal bytes in one merge the second is told, whichever that is.
        assert (outcome.state, told - {"XLT601"}) == (state, set(codes) - {"XLT601"}), one.result.path.name


def figure(rollup, measure, period, unit=None):
    kinds = ("actual", "estimate")
    cut = {"unit_code": unit, "view": "63" if unit and unit.startswith("T63") else "34"}
    cut |= {"funding_kind": "disbursed"} if measure == "funding" else {}
    return sum(rollup.figure(measure, period, figures_kind=kind, **cut) for kind in kinds)


def state(store, round_name, unit):
    round_ = next(one for one in SCHEMAS.units.rounds if one.name == round_name)
    found = next(one for one in round_status(store, round_).units if one.unit_code == unit)
    return f"{found.state} nil" if found.nil_report else found.state
