"""Proves that the figures add up, or refuses to give any."""

import polars as pl

from xltrack.errors import ProgramError
from xltrack.language import Text
from xltrack.rollup.definitions import measures, statement
from xltrack.rollup.model import DIMENSIONS
from xltrack.store import Store

_SAME = ("measure", "period", "figures_kind")
COLUMNS = (
    "measure", "period", "figures_kind", "view", "funding_kind", "sum_over_units", "counted_in_several", "national",
    "counted_apart", "submitted",
)  # fmt: skip


def reconcile(store: Store, figures: pl.DataFrame) -> pl.DataFrame:
    """Return what adds up to what; raises ProgramError naming the measure where it does not.

    Columns: `COLUMNS`. In every row sum_over_units - counted_in_several = national = counted_apart (counted straight
    from the sheets), and for money national = submitted (the rows of the submissions that stand).
    """
    additive = figures.filter(pl.col("measure").is_in(measures().filter("additive")["id"].implode()))
    _check_units(additive)
    _check_cuts(additive)
    _check_views(figures)
    table = pl.concat([_distinct(store, figures), _money(store, figures), _applications(store, figures)])
    wrong = table.filter(
        (pl.col("sum_over_units") - pl.col("counted_in_several") != pl.col("national"))
        | (pl.col("national") != pl.col("counted_apart"))
        | (pl.col("national") != pl.col("submitted").fill_null(pl.col("national")))
    )
    if wrong.height:
        _refuse(wrong.row(0, named=True))
    return table.sort("measure", "funding_kind", "period", "figures_kind", "view", nulls_last=False)


def _check_units(additive: pl.DataFrame) -> None:
    """Let the units of each view add up to the nation, along every cut that is made by unit; the total always is."""
    in_units = pl.col("unit_code").is_not_null()
    total = pl.all_horizontal(pl.col(name).is_null() for name in DIMENSIONS if name != "funding_kind")
    wrong = (
        additive.group_by(*_SAME, "view", *DIMENSIONS)
        .agg(
            in_units.sum().alias("units"),
            pl.col("value").filter(~in_units).sum().alias("national"),
            pl.col("value").filter(in_units).sum().alias("sum_over_units"),
        )
        .filter((total | (pl.col("units") > 0)) & (pl.col("national") != pl.col("sum_over_units")))
    )
    if wrong.height:
        _refuse(wrong.sort(*_SAME).row(0, named=True))


def _check_cuts(additive: pl.DataFrame) -> None:
    """Let the parts of every cut of the nation add up to the whole."""
    own = [name for name in DIMENSIONS if name != "funding_kind"]
    cut = pl.concat_str(
        [pl.when(pl.col(name).is_not_null()).then(pl.lit(f"{name} ")).otherwise(pl.lit("")) for name in own]
    )
    same = [*_SAME, "view", "funding_kind"]
    parts = (
        additive.filter(pl.col("unit_code").is_null())
        .group_by(*same, cut.alias("cut"))
        .agg(pl.col("value").sum().alias("sum_of_parts"))
    )
    whole = parts.filter(pl.col("cut") == "").select(*same, whole="sum_of_parts")
    wrong = parts.join(whole, on=same, how="left", nulls_equal=True).filter(
        pl.col("sum_of_parts").ne_missing(pl.col("whole"))
    )
    if wrong.height:
        _refuse(wrong.sort(*_SAME, "cut").row(0, named=True))


def _check_views(figures: pl.DataFrame) -> None:
    """Let the nation be equal in both views, for every measure and along every cut."""
    national = figures.filter(pl.col("unit_code").is_null())
    differing = (
        national.group_by(*_SAME, *DIMENSIONS)
        .agg(pl.col("value").n_unique().alias("values"), pl.len().alias("views"))
        .filter((pl.col("values") != 1) | (pl.col("views") != 2))
        .sort(_SAME)
    )
    if differing.height:
        _refuse(differing.row(0, named=True))


def _refuse(row: dict[str, object]) -> None:
    place = ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)
    raise ProgramError(reason=Text(f"số liệu không khớp ({place})", f"figures do not agree ({place})"))


def _totals(figures: pl.DataFrame, measure: str, *, over: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return the sum over units and the nation per period, kind of figures and view, by the dimensions `over`."""
    others = [name for name in DIMENSIONS if name not in over]
    whole = pl.all_horizontal(pl.col(name).is_null() for name in others)
    return (
        figures.filter((pl.col("measure") == measure) & whole)
        .group_by(*_SAME, "view", *over)
        .agg(
            pl.col("value").filter(pl.col("unit_code").is_not_null()).sum().alias("sum_over_units"),
            pl.col("value").filter(pl.col("unit_code").is_null()).sum().alias("national"),
        )
    )


def _distinct(store: Store, figures: pl.DataFrame) -> pl.DataFrame:
    apart = store.frame(statement("lists", "counted_apart"))
    by_view = pl.concat(
        apart.select(
            *_SAME,
            pl.lit(view).alias("view"),
            pl.col(f"extra_{view}").alias("counted_in_several"),
            counted_apart="plain",
        )
        for view in ("63", "34")
    )
    totals = pl.concat([_totals(figures, name) for name in ("enterprises_supported", "pilot_models")])
    joined = totals.join(by_view, on=[*_SAME, "view"], how="full", coalesce=True)
    return _shaped(
        joined.with_columns(
            pl.col("counted_apart", "counted_in_several", "national", "sum_over_units").fill_null(0)
        )
    )


def _money(store: Store, figures: pl.DataFrame) -> pl.DataFrame:
    apart = store.frame(statement("lists", "money_apart")).rename({"plain": "counted_apart"})
    totals = _totals(figures, "funding", over=("funding_kind",))
    joined = totals.join(apart, on=["period", "figures_kind", "funding_kind"], how="left")
    return _shaped(joined.with_columns(pl.col("counted_apart", "submitted").fill_null(0)))


def _applications(store: Store, figures: pl.DataFrame) -> pl.DataFrame:
    apart = store.frame(statement("lists", "applications_apart"))
    joined = _totals(figures, "applications").join(apart, on=["period", "figures_kind"], how="left")
    return _shaped(joined.with_columns(pl.col("counted_apart").fill_null(0)))


def _shaped(table: pl.DataFrame) -> pl.DataFrame:
    kinds = {name: pl.Int64 if COLUMNS.index(name) > 4 else pl.String for name in COLUMNS}
    missing = [
        pl.lit(0 if n == "counted_in_several" else None).alias(n) for n in COLUMNS if n not in table.columns
    ]
    return table.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in kinds.items())
