"""Distinct counts against the plainest way to make them: sets in Python, over applications drawn at random."""

import random
from collections import defaultdict
from itertools import product

import polars as pl
import pytest

from tests.rollup_stores import ENTERPRISES, rollup_of
from tests.store_samples import SCHEMAS

YEARS = {2023: ("T63-24", "T63-27", "T63-01"), 2024: ("T63-24", "T63-27"), 2026: ("T34-24", "T34-01")}
PERIODS = {
    "2023": (2023,), "2024": (2024,), "2026": (2026,), "2021-2025": (2023, 2024), "2026-2030": (2026,),
    "2021-2030": (2023, 2024, 2026),
}  # fmt: skip
TOOLS = ("5S", "KAIZEN", "NO-LONGER-LISTED")
SIZES = ("micro", "small", None)
FORMER = {"A": "T63-24", "B": "T63-27", "C": None, "D": "T63-24", "E": "T63-27"}
UNITS = SCHEMAS.units


@pytest.fixture
def path(tmp_path):
    return tmp_path / "national.duckdb"


@pytest.mark.parametrize("tools", [TOOLS[:2], TOOLS])
def test_distinct_counts_are_those_of_plain_sets(path, tools):
    drawn = random.Random(len(tools))
    returns = [(unit, year) for year, units in YEARS.items() for unit in units]
    sizes = {(*one, letter): drawn.choice(SIZES) for one, letter in product(returns, ENTERPRISES)}
    uses = [
        (*drawn.choice(returns), drawn.choice("ABCDE"), drawn.choice(tools), drawn.random() < 0.2)
        for _ in range(60)
    ]
    rollup = rollup_of(
        path,
        _table("unit | year", returns),
        enterprises=_table(
            "unit | year | tax_code | former_province_code | declared_size",
            [
                (unit, year, letter, FORMER[letter] if unit == "T34-24" else None, size)
                for (unit, year, letter), size in sizes.items()
            ],
        ),
        applications=_table(
            "unit | year | tax_code | tool_code | pilot_model",
            [(*use[:-1], "yes" if use[-1] else "no") for use in uses],
        ),
    )
    assert _made(rollup.figures, "tool", set(tools)) == _counted(uses, sizes, tools)


def _table(columns, rows):
    lines = [" | ".join("." if value is None else str(value) for value in row) for row in rows]
    return "\n".join([columns, *lines])


def _made(figures, tool, tools):
    """Return what the roll-up says: by measure, period, view, unit, tool and size."""
    names = ("measure", "period", "view", "unit_code", "tool", "size", "value")
    others = ("task_group", "programme", "size_sector", "sector")
    rows = figures.filter(
        pl.col("measure").is_in(["enterprises_supported", "pilot_models"])
        & pl.all_horizontal(pl.col(name).is_null() for name in others)
    )
    return {row[:-1]: row[-1] for row in rows.select(names).rows() if row[-1]}


def _counted(uses, sizes, tools):
    met = defaultdict(list)
    for unit, year, letter, tool, pilot in uses:
        for period, view in product((p for p, years in PERIODS.items() if year in years), ("63", "34")):
            for place in (None, _place(unit, letter, view)):
                met[period, view, place].append((unit, year, letter, tool, pilot))
    expected = {}
    for where, of in met.items():
        for measure, rows in (
            ("enterprises_supported", of),
            ("pilot_models", [use for use in of if use[-1]]),
        ):
            letters = {use[2] for use in rows}
            newest = {letter: _size(of, sizes, letter) for letter in letters}
            expected[measure, *where, None, None] = len(letters)
            for size in set(newest.values()):
                expected[measure, *where, None, size] = sum(one == size for one in newest.values())
        expected |= _by_tool(where, of, sizes, tools)
    return {key: value for key, value in expected.items() if value}


def _by_tool(where, of, sizes, tools):
    """Return the enterprises by tool, and for the nation by tool and the size that each return says."""
    found = {}
    for tool in tools:
        rows = [use for use in of if use[3] == tool]
        found["enterprises_supported", *where, tool, None] = len({use[2] for use in rows})
        for size in ("micro", "small", "unknown") if where[-1] is None else ():
            same = {use[2] for use in rows if (sizes[use[:3]] or "unknown") == size}
            found["enterprises_supported", *where, tool, size] = len(same)
    return found


def _size(uses, sizes, letter):
    """Return the size in the newest return, of several the one that knows it, in official order."""
    returns = {(unit, year) for unit, year, of, *_ in uses if of == letter}
    unit, year = max(returns, key=lambda one: (one[1], sizes[*one, letter] is not None, -_ordinal(one[0])))
    return sizes[unit, year, letter] or "unknown"


def _ordinal(unit):
    return [one.code for one in sorted(UNITS.all, key=lambda one: one.order)].index(unit)


def _place(unit, letter, view):
    if view == "34":
        return unit if unit.startswith("T34") else UNITS.successor[unit]
    if unit.startswith("T63"):
        return unit
    former = UNITS.predecessors[unit]
    if len(former) == 1:
        return former[0]
    return FORMER[letter] or "CHUA-PHAN-BO"
