"""Numbers that know where in a roll-up they stand, so that a document can say what each of its numbers is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from xltrack.forms import Schemas
from xltrack.language import Text
from xltrack.rollup import DIMENSIONS, Rollup
from xltrack.rollup.definitions import groups
from xltrack.rollup.labels import label, list_of
from xltrack.rollup.summary import KINDS

MONEY = "VND"
_NAMED = ("measure", "period", "figures_kind", "view", "unit_code")


@dataclass(frozen=True, slots=True)
class Origin:
    """One value of one frame of a `Rollup`: `column` of the row of `frame` where every column of `where` is so.

    A column of a figure's name that is not in `where` is null: all units, all codes of a dimension.
    """

    frame: str
    column: str
    where: tuple[tuple[str, str | int], ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number of a document: the sum of the values at its `origins`; money in đồng.

    `kind` is "actual" or "estimate", None for what is neither, such as a number of units that reported.
    """

    value: int | float
    origins: tuple[Origin, ...]
    kind: str | None = None
    unit: str = ""

    @property
    def is_money(self) -> bool:
        """Return whether the number is an amount in đồng."""
        return self.unit == MONEY


Piece = str | Number
Phrase = tuple[Piece, ...]
"""Words and numbers that stand in one line."""
Numbers = tuple[Number, ...]
"""One figure in the kinds in which it is known, actual first; none where nothing was counted."""


_Key = tuple[str, str, str | None]
"""Measure, period and unit."""


@dataclass(frozen=True)
class Figures:
    """The figures of a roll-up by name. `unit` and `view` are those of which they are asked; None: the nation."""

    rollup: Rollup
    schemas: Schemas
    unit: str | None = None
    view: str = "34"

    def of(self, measure: str, period: str, **cut: str) -> Numbers:
        """Return the figure of the unit, with `cut` naming dimensions; others are all."""
        return self.of_unit(self.unit, measure, period, **cut)

    def of_unit(self, unit: str | None, measure: str, period: str, **cut: str) -> Numbers:
        """Return the figure of another unit, None: the nation; nought if its return has none.

        Of a measure that is doubted there is none.
        """
        if measure in self.rollup.doubted:
            return ()
        key = (measure, period, unit)
        found = [self._number(key, kind, cut) for kind in KINDS]
        return tuple(one for one in found if one) or self._nought(key, cut)

    def kinds(self, period: str, unit: str | None) -> tuple[str, ...]:
        """Return the kinds in which any figure of the unit is known, actual first."""
        return tuple(kind for kind in KINDS if (period, kind, unit) in self._known)

    def _number(self, key: _Key, kind: str, cut: Mapping[str, str]) -> Number | None:
        measure, period, unit = key
        dimensions = tuple(cut.get(name) for name in DIMENSIONS)
        value = self._values.get((measure, period, kind, self.view, unit, *dimensions))
        return None if value is None else self._named(value, key, kind, cut)

    def _nought(self, key: _Key, cut: Mapping[str, str]) -> Numbers:
        return tuple(self._named(0, key, kind, cut) for kind in self.kinds(*key[1:])[:1])

    def _named(self, value: int, key: _Key, kind: str, cut: Mapping[str, str]) -> Number:
        measure, period, unit = key
        named = (("measure", measure), ("period", period), ("figures_kind", kind), ("view", self.view))
        own = named + ((("unit_code", unit),) if unit else ())
        origin = Origin("figures", "value", own + tuple(sorted(cut.items())))
        return Number(value, (origin,), kind, self.measured_in(measure))

    def codes(self, measure: str, dimension: str, period: str, **fixed: str) -> list[str]:
        """Return the codes of `dimension` that occur, in the order of their list, "unknown" and "none" last."""
        cut = {dimension, *fixed}
        rows = self.rollup.figures.filter(
            pl.col("unit_code").eq_missing(pl.lit(self.unit)),
            pl.col(dimension).is_not_null(),
            *(pl.col(name).is_null() for name in DIMENSIONS if name not in cut),
            measure=measure, period=period, view=self.view, **fixed,
        )  # fmt: skip
        order = self.order(measure, dimension)
        found = rows.filter(pl.col("value") != 0)[dimension].unique().to_list()
        return sorted(found, key=lambda code: (order.get(code, len(order)), code))

    def order(self, measure: str, dimension: str) -> Mapping[str, int]:
        """Return the place of every code in the list of `dimension`."""
        name = list_of(measure, dimension)
        entries = self.schemas.code_lists[name].codes if name else ()
        return {entry.code: place for place, entry in enumerate(entries)}

    def label(self, measure: str, dimension: str, code: str) -> Text:
        """Return what people call `code`."""
        return label(self.schemas, measure, dimension, code)

    def is_cut(self, measure: str, cut: Mapping[str, str]) -> bool:
        """Return whether `measure` is counted along just the dimensions of `cut`, for what is asked of."""
        own = [group for group in groups() if measure in group.measures]
        made = [
            {*group.always, *one}
            for group in own
            for one in (group.cuts if self.unit else (*group.cuts, *group.nation_cuts))
        ]
        return set(cut) in made

    def title(self, measure: str) -> Text:
        """Return the title of `measure`."""
        return self._measures[measure][0]

    def measured_in(self, measure: str) -> str:
        """Return in what `measure` is counted, such as "enterprises" or "VND"."""
        return self._measures[measure][1]

    @property
    def measures(self) -> tuple[str, ...]:
        """Return the ids of all measures."""
        return tuple(self._measures)

    @cached_property
    def _measures(self) -> Mapping[str, tuple[Text, str]]:
        rows = self.rollup.measures.select("id", "title_vi", "title_en", "unit").rows()
        return {name: (Text(vi, en), unit) for name, vi, en, unit in rows}

    @cached_property
    def _known(self) -> set[tuple[str, str, str | None]]:
        rows = self.rollup.figures.filter(view=self.view).select("period", "figures_kind", "unit_code")
        return set(rows.unique().rows())

    @cached_property
    def _values(self) -> Mapping[tuple[Any, ...], int]:
        own = pl.col("view") == self.view
        picked = self.rollup.figures.filter(own).select(*_NAMED, *DIMENSIONS, "value").rows()
        return {row[:-1]: row[-1] for row in picked}


def cell(frame: str, column: str, value: float, kind: str | None = None, **where: str | int) -> Number:
    """Return a number that stands in `column` of `frame`, at the row where the columns of `where` are so."""
    return Number(value, (Origin(frame, column, tuple(where.items())),), kind)


def total(numbers: Sequence[Number]) -> Number:
    """Return the sum of several figures of one measure and kind."""
    origins = tuple(origin for one in numbers for origin in one.origins)
    return Number(sum(one.value for one in numbers), origins, numbers[0].kind, numbers[0].unit)
