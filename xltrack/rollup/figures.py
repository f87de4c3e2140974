"""The long table of figures: every measure along every declared cut, for the nation and for every unit."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl
from duckdb import DuckDBPyConnection

from xltrack.rollup.definitions import Group, groups, in_words, measures, rows_of, statement
from xltrack.rollup.exact import widened
from xltrack.rollup.model import DIMENSIONS
from xltrack.rollup.side_by_side import side_by_side
from xltrack.rollup.sums import added, grouped, sums_of
from xltrack.store import Store
from xltrack.store.frames import query_frame

_UNITS = ("unit63", "unit34", "return_unit")
_PLACE = ("period", "figures_kind", "view", "unit_code")
_LONG = {**dict.fromkeys(("measure", *_PLACE, *DIMENSIONS), pl.String()), "value": pl.Int128()}


def make_figures(store: Store) -> pl.DataFrame:
    """Return measure, measure_unit, period, figures_kind, view, unit_code, the dimensions and value, in no order.

    `value` is Int128: a national sum of đồng may exceed what a single row may hold.
    """
    texts = {name: query(part) for name, part in parts()}
    made = side_by_side(store, texts, lambda connection, name: _made(connection, texts[name]))
    long = pl.concat([pl.DataFrame(schema=_LONG), *made.values()], how="diagonal")
    return long.with_columns(
        measure_unit=pl.col("measure").replace_strict(measures()["id"], measures()["unit"])
    )


def parts() -> Iterator[tuple[str, Group]]:
    """Yield by name the groups whose figures are made at once: those of different things cut by cut.

    What tells different things apart in one cut is of no use in another, and fills memory.
    """
    for group in groups():
        if group.aggregate != "distinct":
            yield group.file, group
            continue
        for cut in group.cuts:
            yield "_".join((group.file, *cut)), replace(group, cuts=(cut,), nation_cuts=())
        for cut in group.nation_cuts:
            yield "_".join((group.file, *cut)), replace(group, cuts=(), nation_cuts=(cut,))


def _made(connection: DuckDBPyConnection, text: str) -> pl.DataFrame:
    return widened(query_frame(connection, text, ())).with_columns(pl.col("value").cast(pl.Int128))


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
    rows = rows_of(group)
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
    """Return the SQL of the figures of `group`: the columns of `make_figures` but measure_unit and those it has not."""
    if group.together:
        parts = "\nUNION ALL\n".join(_long(group, part, _sums(part, rows)) for part, rows in _parts(group))
        return f"SELECT * FROM (\n{parts}\n) AS parts"
    made = _distinct(group) if group.aggregate == "distinct" else _sums(group, rows_of(group))
    return _long(group, group, made)


def _long(group: Group, part: Group, made: str) -> str:
    """Return the SQL of the measures of `made`, a `part` of `group`, one below the other, with all its dimensions."""
    own = (*_PLACE, *part.dimensions)
    columns = ", ".join(
        f"CAST({name if name in own else 'NULL'} AS STRING) AS {name}"
        for name in (*_PLACE, *group.dimensions)
    )
    return (
        f"SELECT measure, {columns}, value\n"
        f"FROM (\n{made}\n) UNPIVOT (value FOR measure IN ({', '.join(group.measures)}))"
    )


def _parts(group: Group) -> Iterator[tuple[Group, str]]:
    """Yield for each of the sets of dimensions `together` the `group` of its cuts, and the SQL of the sums for them."""
    left = [*group.cuts, *group.nation_cuts]
    for number, names in enumerate(group.together, 1):
        mine = [cut for cut in left if set(cut) <= set(names)]
        left = [cut for cut in left if cut not in mine]
        own = tuple(tuple(cut for cut in cuts if cut in mine) for cuts in (group.cuts, group.nation_cuts))
        rows = in_words(f"SELECT * FROM rollup_{sums_of(group)} WHERE part = {number}")
        yield replace(group, cuts=own[0], nation_cuts=own[1]), rows


def _sums(group: Group, rows: str) -> str:
    """Add up `rows` by year, place and cut first, and put the few sums into periods and views."""
    values = added(group)
    if group.scoped:
        sets = [(*_PLACE, *one) for one in _sets(group, group.cuts + group.nation_cuts)]
        return grouped(rows, sets, values)
    year = ("year", "figures_kind", *(("next_year",) if group.spans == "latest" else ()))
    return _in_periods(group, _by_place(group, rows, year, values), values)


def _distinct(group: Group) -> str:
    """Note for everything counted in which years it occurs, as bits, and count per period what has one of its years.

    Each thing is met once per cut, however many periods a year belongs to, and once per place and cut if it may stand
    in several places. The bits of a year tell kinds of figures apart too.
    """
    (name,) = group.measures
    own = ", ".join(f"r.{one}" for one in group.dimensions)
    few = f"{_alone(group, own)}\nUNION ALL\n{_wide(group, own)}"
    return (
        f"SELECT t.period, k.figures_kind, s.view, r.unit_code, {own}, sum(r.things) AS {name}\nFROM (\n{few}\n) AS r\n"
        "CROSS JOIN rollup_kind AS k\nJOIN rollup_period AS t ON (r.years & (t.years * k.apart)) <> 0\n"
        "JOIN rollup_scope AS s ON s.scope = r.scope\nGROUP BY ALL"
    )


_YEARS = "bit_or(r.bit) AS years"
_SCOPES = "CROSS JOIN (SELECT DISTINCT scope FROM rollup_scope) AS s\nWHERE s.scope = 'nation' OR r.unit63 IS NOT NULL"


def _alone(group: Group, own: str) -> str:
    """Return the SQL of how many things that stand in one place alone are alike, by scope, unit, cut and years."""
    by_unit = [_alike(group, one, ("spot_no",)) for one in _sets(group, group.cuts)]
    nation = [_alike(group, one, ()) for one in _sets(group, group.nation_cuts)]
    alike = "\nUNION ALL\n".join((*by_unit, *nation))
    units = ", ".join(f"p.{unit}" for unit in _UNITS)
    placed = (
        f"SELECT r.*, {units} FROM (\n{alike}\n) AS r LEFT JOIN rollup_site AS p ON p.spot_no = r.spot_no"
    )
    return (
        f"SELECT s.scope, {_UNIT} AS unit_code, {own}, r.years, r.things FROM (\n{placed}\n) AS r\n{_SCOPES}"
    )


def _alike(group: Group, cut: tuple[str, ...], spot: tuple[str, ...]) -> str:
    """Return the SQL of how many of them are alike in one `cut`, by years and, if named, their `spot`.

    Each cut is grouped by its own columns alone: grouping sets carry the columns of all through both groupings.
    """
    (name,) = group.measures
    keys = ", ".join(f"r.{one}" for one in (*spot, *cut))
    met = (
        f"SELECT {keys}, {_YEARS}\nFROM (\n{statement('measures', group.file)}\n) AS r\n"
        f"WHERE NOT r.is_wide GROUP BY r.{name}, {keys}"
    )
    columns = ", ".join(
        f"r.{one}" if one in (*spot, *cut) else f"NULL AS {one}" for one in ("spot_no", *group.dimensions)
    )
    return f"SELECT {columns}, r.years, count(*) AS things\nFROM (\n{met}\n) AS r\nGROUP BY {keys}, r.years"


def _wide(group: Group, own: str) -> str:
    """Return the same of the things that may stand in several places: each is met in every one, and in the nation."""
    (name,) = group.measures
    rows = _by_place(group, rows_of(group), (name,), _YEARS, " WHERE r.is_wide")
    place = (
        f"SELECT s.scope, {_UNIT} AS unit_code, {own}, bit_or(r.years) AS years\n"
        f"FROM (\n{rows}\n) AS r\n{_SCOPES}\n"
        f"GROUP BY s.scope, {_UNIT}, {own}, r.{name}"
    )
    return f"SELECT r.scope, r.unit_code, {own}, r.years, count(*) AS things FROM (\n{place}\n) AS r GROUP BY ALL"


def _by_place(group: Group, rows: str, keys: tuple[str, ...], values: str, joined: str = "") -> str:
    """Return the SQL of `values` of `rows` by `keys` and cut, those by unit with their units, the nation's without."""
    by_unit = [(*keys, *_UNITS, *one) for one in _sets(group, group.cuts)]
    nation = [(*keys, *one) for one in _sets(group, group.nation_cuts)]
    if not by_unit:
        values = ", ".join((values, *(f"CAST(NULL AS STRING) AS {unit}" for unit in _UNITS)))
    return grouped(rows, [*by_unit, *nation], values, joined)


def _sets(group: Group, cuts: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    return [(*group.always, *cut) for cut in cuts]


def _in_periods(group: Group, rows: str, values: str) -> str:
    columns = ", ".join(("r.figures_kind", *(f"r.{name}" for name in group.dimensions)))
    return (
        f"SELECT t.period, s.view, {_UNIT} AS unit_code, {columns}, {values}\n"
        f"FROM (\n{rows}\n) AS r\n{_expansion(group)}\n"
        "WHERE s.scope = 'nation' OR r.unit63 IS NOT NULL\n"
        f"GROUP BY t.period, s.view, {_UNIT}, {columns}"
    )
