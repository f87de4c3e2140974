"""What differs between two files, or between what stood on two days: row by row by key, cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from xltrack.forms import Form, Sheet
from xltrack.store.sides import PLACE, RETURN, ROW, Side

OLD, NEW, CHANGE, OCCURRENCE = "old.", "new.", "change", "_occurrence"
CHANGES = ("changed", "added", "removed")


@dataclass(frozen=True)
class SheetDifference:
    """The rows of one sheet that differ.

    `rows` has the columns change (changed, added, removed), the `key`, and of each other column, and of the place of
    the row (`sides.PLACE`), two: "old." and "new." before its name; null where there is no such row. `columns` are the
    declared columns in their order, without those of the key.
    """

    sheet: Sheet
    key: tuple[str, ...]
    columns: tuple[str, ...]
    rows: pl.DataFrame

    def count(self, change: str) -> int:
        """Return how many rows are changed, added or removed."""
        return self.rows.filter(change=change).height


@dataclass(frozen=True)
class Difference:
    """All that differs between two sides, sheet by sheet in the order of the form; sheets that agree are left out."""

    old: Side
    new: Side
    sheets: tuple[SheetDifference, ...]


def difference(old: Side, new: Side, form: Form) -> Difference:
    """Return what differs between two sides of the same kind."""
    found = (
        _of_sheet(old, new, sheet) for sheet in form.sheets if sheet.id in old.rows and sheet.id in new.rows
    )
    return Difference(old, new, tuple(one for one in found if one.rows.height))


def _of_sheet(old: Side, new: Side, sheet: Sheet) -> SheetDifference:
    """Compare a sheet by its key; rows of the same key are told apart by their order, a card is one row."""
    before, after = old.rows[sheet.id], new.rows[sheet.id]
    names = [column.id for column in sheet.columns]
    key = sheet.key or (() if sheet.layout == "card" else tuple(names))
    by = tuple(name for name in (*RETURN, *key) if name in before.columns and name in after.columns)
    others = tuple(name for name in names if name not in by)
    rows = _joined(_side(before, by, others, OLD), _side(after, by, others, NEW), (*by, OCCURRENCE))
    return SheetDifference(sheet, by, others, _differing(rows, others))


def _side(frame: pl.DataFrame, key: Sequence[str], others: Sequence[str], prefix: str) -> pl.DataFrame:
    kept = frame.select(*key, *(name for name in (*others, *PLACE) if name in frame.columns))
    order = pl.int_range(pl.len()).over(list(key)) if key else pl.int_range(pl.len())
    return kept.with_columns(order.alias(OCCURRENCE)).rename(
        {name: f"{prefix}{name}" for name in kept.columns if name not in key}
    )


def _joined(before: pl.DataFrame, after: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    return before.join(
        after, on=list(key), how="full", coalesce=True, nulls_equal=True, maintain_order="right_left"
    )


def _differing(rows: pl.DataFrame, others: Sequence[str]) -> pl.DataFrame:
    there, here = (pl.col(f"{prefix}{ROW}").is_not_null() for prefix in (OLD, NEW))
    differs = pl.any_horizontal(
        pl.lit(value=False), *(pl.col(f"{OLD}{name}").ne_missing(pl.col(f"{NEW}{name}")) for name in others)
    )
    change = (
        pl.when(there & here).then(pl.when(differs).then(pl.lit("changed")))
        .when(here).then(pl.lit("added"))
        .otherwise(pl.lit("removed"))
    )  # fmt: skip
    return rows.with_columns(change.alias(CHANGE)).filter(pl.col(CHANGE).is_not_null()).drop(OCCURRENCE)
