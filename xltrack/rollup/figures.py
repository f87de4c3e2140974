"""The long table of figures: every measure along every declared cut, for the nation and for every unit."""

from collections.abc import Iterator

import polars as pl

from xltrack.rollup.definitions import Group, groups, measures, statement
from xltrack.rollup.exact import whole_frame
from xltrack.rollup.model import DIMENSIONS
from xltrack.store import Store

_ALWAYS = ("measure", "period", "figures_kind", "view")
_VALUES = {"sum": "sum(value)", "distinct": "count(DISTINCT value)"}


def make_figures(store: Store) -> pl.DataFrame:
    """Return measure, measure_unit, period, figures_kind, view, unit_code, the dimensions and value, in no order.

    `value` is Int128: a national sum of đồng may exceed what a single row may hold.
    """
    value = pl.col("value").cast(pl.Int128)
    made = pl.concat([whole_frame(store, _query(group)).with_columns(value) for group in groups()])
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


def _query(group: Group) -> str:
    own = group.dimensions
    dimensions = ", ".join(name if name in own else f"CAST(NULL AS VARCHAR) AS {name}" for name in DIMENSIONS)
    sets = ",\n    ".join(f"({', '.join(one)})" for one in _grouping_sets(group))
    return (
        f"SELECT {', '.join(_ALWAYS)}, unit_code, {dimensions}, {_VALUES[group.aggregate]} AS value\n"
        f"FROM (\n{statement('measures', group.file)}) AS rows\nGROUP BY GROUPING SETS (\n    {sets}\n)"
    )


def _grouping_sets(group: Group) -> Iterator[tuple[str, ...]]:
    fixed = (*_ALWAYS, *group.always)
    for cut in group.cuts:
        yield (*fixed, *cut, "unit_code")
    if group.scoped:
        yield from ((*fixed, *cut, "unit_code") for cut in group.nation_cuts)
    else:
        yield from ((*fixed, *cut) for cut in (*group.cuts, *group.nation_cuts))
