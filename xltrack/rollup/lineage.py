"""What figures are made of in short: from which files, in which worksheet, from which row to which."""

from collections.abc import Iterator

import polars as pl

from xltrack.rollup.definitions import Group, groups, measures, rows_of, statement
from xltrack.store import Store
from xltrack.store.places import places

_BY_TOOL = ("tool",)


def make_lineage(store: Store) -> pl.DataFrame:
    """Return one row per file, measure, year, kind of figures and place that a figure of the period has rows in.

    Columns: measure, figure_year (that of the figure; an earlier certificate stands in a later return), figures_kind,
    unit63, unit34, tool (null: all of them) and funding_kind; unit_code and year of the return, file_name, sha256,
    received_at (UTC), tab, column_letter (null where the store does not know it), first_row and last_row between which
    the rows stand, `rows` how many they are, and `value` what they add up to (null for a count of different things,
    which does not add up over files). Needs the grains; raises StoreDamaged.
    """
    made = [_placed(store, *one) for one in _asked()]
    return pl.concat(made, how="vertical_relaxed")


def _asked() -> Iterator[tuple[str, str, Group]]:
    """Yield every measure once, with the SQL of its rows and its group."""
    seen: set[str] = set()
    for group in groups():
        rows = statement("lists", "supported_rows") if group.scoped else rows_of(group)
        for measure in group.measures:
            if measure not in seen:
                seen.add(measure)
                yield measure, rows, group


def _placed(store: Store, measure: str, rows: str, group: Group) -> pl.DataFrame:
    declared = measures().row(by_predicate=pl.col("id") == measure, named=True)
    summed = store.frame(_summed(measure, rows, group, bool(declared["additive"])))
    found = places(store, summed, declared["sheet"], declared["column"])
    letter = pl.col("cell").str.extract(r"^([A-Z]+)\d+$").alias("column_letter")
    return found.rename({"row": "first_row"}).select(
        pl.lit(measure).alias("measure"),
        "figure_year", "figures_kind", "unit63", "unit34", "tool", "funding_kind", "unit_code", "year",
        "file_name", "sha256", "received_at", "tab", letter, "first_row", "last_row", "rows",
        pl.col("value_").cast(pl.Int128).alias("value"),
    )  # fmt: skip


def _summed(measure: str, rows: str, group: Group, additive: bool) -> str:
    """Return the SQL of the rows of `measure` by file, year and place, and once more by tool where it is cut so."""
    kind = "funding_kind" if group.always else "CAST(NULL AS VARCHAR) AS funding_kind"
    keys = ("year", "figures_kind", "unit63", "unit34", *group.always, "_file")
    cuts = [keys, (*keys, *_BY_TOOL)] if _is_cut_by_tool(measure) else [keys]
    tool = "tool" if len(cuts) > 1 else "CAST(NULL AS VARCHAR) AS tool"
    sets = ", ".join(f"({', '.join(cut)})" for cut in cuts)
    value = f"CAST(sum({measure}) AS VARCHAR)" if additive else "CAST(NULL AS VARCHAR)"
    some = f"{measure} <> 0" if additive else f"{measure} IS NOT NULL"
    return (
        f"SELECT year AS figure_year, figures_kind, unit63, unit34, {tool}, {kind}, _file, min(_row) AS _row,\n"
        f"max(_row) AS last_row, count(*) AS rows, {value} AS value_\n"
        f"FROM (\n{rows}\n) WHERE {some} GROUP BY GROUPING SETS ({sets})"
    )


def _is_cut_by_tool(measure: str) -> bool:
    return any(measure in group.measures and _BY_TOOL in group.cuts for group in groups())
