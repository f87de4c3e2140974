"""Proves that the figures add up, or refuses to give any."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from string import Template

import polars as pl

from xltrack.errors import ProgramError
from xltrack.language import Text
from xltrack.rollup.definitions import measures, statement
from xltrack.rollup.exact import whole_frame
from xltrack.rollup.model import BOTH, DIMENSIONS
from xltrack.store import Store
from xltrack.store.schema import present_columns, quoted

_SAME = ("measure", "period", "figures_kind")
COLUMNS = (
    "measure", "period", "figures_kind", "view", "funding_kind", "sum_over_units", "counted_in_several", "national",
    "counted_apart", "submitted",
)  # fmt: skip


@dataclass(frozen=True)
class Apart:
    """What was counted apart from the figures, once for each view: what is different, money, and rows."""

    distinct: pl.DataFrame
    money: pl.DataFrame
    rows: pl.DataFrame


def count_apart(store: Store) -> Apart:
    """Return what figures must agree with, while the tables of `asked` are there; raises StoreDamaged.

    Counted are enterprises, pilot models and rows from the rows of the files that stand, and money from the current
    rows and from those of the files. None of it passes through the grains, and the rows of the files are chosen by a
    statement of their own, not by the views of the store.
    """
    with _files_that_stand(store):
        return Apart(*(_apart(store, name) for name in ("counted_apart", "money_apart", "rows_apart")))


def trusted(figures: pl.DataFrame, apart: Apart) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    """Return those of `figures` that agree, what they add up to, and the measures left out because they do not."""
    doubted: tuple[str, ...] = ()
    while True:
        kept = figures.filter(~pl.col("measure").is_in(doubted))
        try:
            return kept, reconcile(kept, apart, without=doubted), doubted
        except ProgramError as failure:
            doubted += (str(failure.facts["measure"]),)


def reconcile(figures: pl.DataFrame, apart: Apart, *, without: Sequence[str] = ()) -> pl.DataFrame:
    """Return what adds up to what, but for the measures `without`; raises ProgramError naming one that does not.

    Columns: `COLUMNS`. In every row sum_over_units - counted_in_several = national = counted_apart; for money also
    = submitted, which is money from the rows of the files.
    """
    additive = figures.filter(pl.col("measure").is_in(measures().filter("additive")["id"].implode()))
    _check_units(additive)
    _check_cuts(additive)
    _check_views(figures)
    by_place = figures.filter(pl.col("view").is_in(BOTH))
    made = pl.concat(
        [_distinct(by_place, apart.distinct), _money(by_place, apart.money), _rows(by_place, apart.rows)]
    )
    table = made.filter(~pl.col("measure").is_in(without))
    wrong = table.filter(
        (pl.col("sum_over_units") - pl.col("counted_in_several") != pl.col("national"))
        | (pl.col("national") != pl.col("counted_apart"))
        | (pl.col("national") != pl.col("submitted").fill_null(pl.col("national")))
    )
    order = ("measure", "funding_kind", "period", "figures_kind", "view")
    if wrong.height:
        _refuse(wrong.sort(order).row(0, named=True))
    return table.sort(order, nulls_last=False)


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
    """Let the nation be equal in all views, for every measure and along every cut."""
    made = figures["view"].n_unique()
    national = figures.filter(pl.col("unit_code").is_null())
    differing = (
        national.group_by(*_SAME, *DIMENSIONS)
        .agg(pl.col("value").n_unique().alias("values"), pl.len().alias("views"))
        .filter((pl.col("values") != 1) | (pl.col("views") != made))
        .sort(_SAME)
    )
    if differing.height:
        _refuse(differing.row(0, named=True))


def _refuse(row: dict[str, object]) -> None:
    place = ", ".join(f"{name} {value}" for name, value in row.items() if value is not None)
    reason = Text(f"số liệu không khớp ({place})", f"figures do not agree ({place})")
    raise ProgramError(reason=reason, measure=row["measure"])


def _totals(figures: pl.DataFrame, measures: tuple[str, ...], *, over: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return the sum over units and the nation per period, kind of figures and view, by the dimensions `over`."""
    others = [name for name in DIMENSIONS if name not in over]
    whole = pl.all_horizontal(pl.col(name).is_null() for name in others)
    return (
        figures.filter(pl.col("measure").is_in(measures) & whole)
        .group_by(*_SAME, "view", *over)
        .agg(
            pl.col("value").filter(pl.col("unit_code").is_not_null()).sum().alias("sum_over_units"),
            pl.col("value").filter(pl.col("unit_code").is_null()).sum().alias("national"),
        )
    )


def _distinct(figures: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    several = pl.when(pl.col("view") == "63").then("extra_63").otherwise("extra_34")
    totals = _totals(figures, ("enterprises_supported", "pilot_models"))
    return _beside(totals, apart.with_columns(several.alias("counted_in_several")))


def _money(figures: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    over = ("funding_kind",)
    return _beside(_totals(figures, ("funding", "funding_state"), over=over), apart, over)


def _rows(figures: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    return _beside(_totals(figures, ("applications", "tasks", "key_products", "obstacles")), apart)


@contextmanager
def _files_that_stand(store: Store) -> Iterator[None]:
    try:
        files = statement("lists", "standing_files")
        store.connection.execute(f"CREATE OR REPLACE TEMP TABLE rollup_standing AS\n{files}")
        yield
    finally:
        store.connection.execute("DROP TABLE IF EXISTS rollup_standing")


def _apart(store: Store, name: str) -> pl.DataFrame:
    """Return what the SQL file `name` counts from the rows that stand, once for each view."""
    text = Template(statement("lists", name))
    counted = whole_frame(
        store, text.substitute({one: _standing(store, one) for one in text.get_identifiers()})
    )
    return counted.join(pl.DataFrame({"view": list(BOTH)}), how="cross")


def _standing(store: Store, sheet: str) -> str:
    declared = store.sheets[sheet]
    present = present_columns(store.connection).get(sheet, {})
    key = ", ".join(f"t.{quoted(name)}" for name in declared.key or declared.columns if name in present)
    return Template(statement("lists", "standing")).substitute(table=quoted(sheet), key=key)


def _beside(totals: pl.DataFrame, apart: pl.DataFrame, over: tuple[str, ...] = ()) -> pl.DataFrame:
    """Return `totals` beside what was counted `apart`, 0 where only one of the two has anything, as `COLUMNS`."""
    table = totals.join(apart, on=[*_SAME, "view", *over], how="full", coalesce=True)
    numbers = [name for name in COLUMNS if name in table.columns and COLUMNS.index(name) > 4]
    kinds = {name: pl.Int128 if COLUMNS.index(name) > 4 else pl.String for name in COLUMNS}
    absent = [
        pl.lit(0 if n == "counted_in_several" else None).alias(n) for n in COLUMNS if n not in table.columns
    ]
    filled = table.with_columns(*(pl.col(name).fill_null(0) for name in numbers), *absent)
    return filled.select(pl.col(name).cast(kind) for name, kind in kinds.items())
