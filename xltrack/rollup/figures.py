"""The long table of figures: every measure along every declared cut, for the nation and for every unit."""

from collections.abc import Sequence

import polars as pl

from xltrack.rollup.definitions import Group, groups, measures, statement
from xltrack.rollup.exact import whole_frame
from xltrack.rollup.model import DIMENSIONS
from xltrack.store import Store

_UNITS = ("unit63", "unit34", "return_unit")
_PLACE = ("period", "figures_kind", "view", "unit_code")


def make_figures(store: Store) -> pl.DataFrame:
    """Return measure, measure_unit, period, figures_kind, view, unit_code, the dimensions and value, in no order.

    `value` is Int128: a national sum of đồng may exceed what a single row may hold.
    """
    value = pl.col("value").cast(pl.Int128)
    made = pl.concat([whole_frame(store, query(group)).with_columns(value) for group in groups()])
    units = measures().select("id", pl.col("unit").alias("measure_unit"))
    return made.join(units, left_on="measure", right_on="id", how="left")


def make_dimensions() -> pl.DataFrame:
    """Return per SQL file its cuts: file, dimensions (joined by " × ", "" for the total), by_unit, aggregate."""
    rows = [
        (group.file, " × ".join((*group.always, *cut)), cut in group.cuts, group.aggregate)
        for group in groups()
        for cut in (*group.cuts, *group.nation_cuts)
    ]
    schema = {"file": pl.String, "dimensions": pl.String, "by_unit": pl.Boolean, "aggregate": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def placed(group: Group) -> str:
    """Return the SQL of the rows that `group` counts, as often as they are counted: by period, view and unit.

    Beside the columns of the group's file it has period, view, unit_code and is_unit; a row of a unit is one of the
    nation too, where the file does not give rows of the nation itself.
    """
    rows = statement("measures", group.file)
    if group.scoped:
        return f"SELECT *, unit_code IS NOT NULL AS is_unit FROM (\n{rows}\n) AS rows"
    return (
        f"SELECT t.period, s.view, s.scope <> 'nation' AS is_unit, {_UNIT} AS unit_code, r.*\n"
        f"FROM (\n{rows}\n) AS r\n{_expansion(group)}"
    )


_UNIT = "CASE s.scope WHEN '63' THEN r.unit63 WHEN '34' THEN r.unit34 WHEN 'reported' THEN r.return_unit END"
_SPANS = {
    "all": "",
    "none": " AND NOT t.is_span",
    "latest": " AND (NOT t.is_span OR coalesce(r.next_year > t.return_to, TRUE))",
}


def _expansion(group: Group) -> str:
    first, last = ("first_year", "last_year") if group.dated else ("return_from", "return_to")
    return (
        f"JOIN rollup_period AS t ON r.year BETWEEN t.{first} AND t.{last}{_SPANS[group.spans]}\n"
        "CROSS JOIN rollup_scope AS s"
    )


def query(group: Group) -> str:
    """Return the SQL of the figures of `group`, with the columns of `make_figures` but measure_unit."""
    made = _distinct(group) if group.aggregate == "distinct" else _sums(group)
    own = group.dimensions
    columns = ", ".join(
        f"CAST({name if name in (*_PLACE, *own) else 'NULL'} AS STRING) AS {name}"
        for name in (*_PLACE, *DIMENSIONS)
    )
    return (
        f"SELECT measure, {columns}, value\n"
        f"FROM (\n{made}\n) UNPIVOT (value FOR measure IN ({', '.join(group.measures)}))"
    )


def _sums(group: Group) -> str:
    """Add up by year, place and cut first, and put the few sums into periods and views: rows are many."""
    added = ", ".join(f"sum(r.{name}) AS {name}" for name in group.measures)
    if group.scoped:
        sets = [(*_PLACE, *one) for one in _sets(group, group.cuts + group.nation_cuts)]
        return _grouped(group, sets, added)
    year = ("year", "figures_kind", *(("next_year",) if group.spans == "latest" else ()))
    return _in_periods(group, _by_place(group, year, added), added)


def _distinct(group: Group) -> str:
    """Note for everything counted in which years it occurs, as bits, and count per period what has one of its years.

    Each thing is met once per cut, however many periods a year belongs to, and once per place and cut if it may stand
    in several places.
    """
    (name,) = group.measures
    own = ", ".join(("r.figures_kind", *(f"r.{one}" for one in group.dimensions)))
    few = f"{_alone(group, own)}\nUNION ALL\n{_wide(group, own)}"
    return (
        f"SELECT t.period, s.view, r.unit_code, {own}, sum(r.things) AS {name}\nFROM (\n{few}\n) AS r\n"
        "JOIN rollup_period AS t ON (r.years & t.years) <> 0\nJOIN rollup_scope AS s ON s.scope = r.scope\n"
        "GROUP BY ALL"
    )


_YEARS = "bit_or(y.bit) AS years"
_YEAR = " JOIN rollup_year AS y ON y.year = r.year"
_SCOPES = "CROSS JOIN (SELECT DISTINCT scope FROM rollup_scope) AS s\nWHERE s.scope = 'nation' OR r.unit63 IS NOT NULL"


def _alone(group: Group, own: str) -> str:
    """Return the SQL of how many things that stand in one place alone are alike, by scope, unit, cut and years."""
    (name,) = group.measures
    grouped = [("figures_kind", name, *one) for one in _sets(group, group.cuts + group.nation_cuts)]
    place = f"CASE WHEN {_of_nation(group)} THEN NULL ELSE min(r.spot_no) END AS spot_no"
    rows = _grouped(group, grouped, f"{_YEARS}, {place}", f"{_YEAR} WHERE NOT r.is_wide")
    alike = f"SELECT r.spot_no, {own}, r.years, count(*) AS things FROM (\n{rows}\n) AS r GROUP BY ALL"
    units = ", ".join(f"p.{unit}" for unit in _UNITS)
    placed = (
        f"SELECT r.*, {units} FROM (\n{alike}\n) AS r LEFT JOIN rollup_site AS p ON p.spot_no = r.spot_no"
    )
    return (
        f"SELECT s.scope, {_UNIT} AS unit_code, {own}, r.years, r.things FROM (\n{placed}\n) AS r\n{_SCOPES}"
    )


def _wide(group: Group, own: str) -> str:
    """Return the same of the things that may stand in several places: each is met in every one, and in the nation."""
    (name,) = group.measures
    rows = _by_place(group, ("figures_kind", name), _YEARS, f"{_YEAR} WHERE r.is_wide")
    place = (
        f"SELECT s.scope, {_UNIT} AS unit_code, {own}, bit_or(r.years) AS years\n"
        f"FROM (\n{rows}\n) AS r\n{_SCOPES}\n"
        f"GROUP BY s.scope, {_UNIT}, {own}, r.{name}"
    )
    return f"SELECT r.scope, r.unit_code, {own}, r.years, count(*) AS things FROM (\n{place}\n) AS r GROUP BY ALL"


def _of_nation(group: Group) -> str:
    """Return the SQL of whether a row of grouping sets is one of a cut that is made for the nation only."""
    bits = [
        sum(1 << place for place, name in enumerate(group.dimensions) if name not in one)
        for one in _sets(group, group.nation_cuts)
    ]
    dimensions = " + ".join(
        f"{1 << place} * GROUPING(r.{name})" for place, name in enumerate(group.dimensions)
    )
    return f"{dimensions} IN ({', '.join(map(str, bits))})" if bits else "FALSE"


def _by_place(group: Group, keys: tuple[str, ...], values: str, joined: str = "") -> str:
    """Return the SQL of `values` by `keys` and cut: the cuts by unit with their units, those of the nation without."""
    by_unit = [(*keys, *_UNITS, *one) for one in _sets(group, group.cuts)]
    nation = [(*keys, *one) for one in _sets(group, group.nation_cuts)]
    return _grouped(group, [*by_unit, *nation], values, joined)


def _sets(group: Group, cuts: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    return [(*group.always, *cut) for cut in cuts]


def _grouped(group: Group, sets: Sequence[tuple[str, ...]], values: str, joined: str = "") -> str:
    """Return the SQL of `values` by each of the `sets` of columns; the rows of the group's file are read once."""
    each = ", ".join(f"({', '.join(f'r.{name}' for name in one)})" for one in sets)
    columns = ", ".join(f"r.{name}" for name in dict.fromkeys(name for one in sets for name in one))
    rows = statement("measures", group.file)
    return f"SELECT {columns}, {values}\nFROM (\n{rows}\n) AS r{joined}\nGROUP BY GROUPING SETS ({each})"


def _in_periods(group: Group, rows: str, values: str) -> str:
    columns = ", ".join(("r.figures_kind", *(f"r.{name}" for name in group.dimensions)))
    return (
        f"SELECT t.period, s.view, {_UNIT} AS unit_code, {columns}, {values}\n"
        f"FROM (\n{rows}\n) AS r\n{_expansion(group)}\n"
        "WHERE s.scope = 'nation' OR r.unit63 IS NOT NULL\n"
        f"GROUP BY t.period, s.view, {_UNIT}, {columns}"
    )
