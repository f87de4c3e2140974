"""Numbers that know where in a roll-up they stand, so that a document can say what each of its numbers is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from xltrack.forms import Schemas
from xltrack.language import Text
from xltrack.rollup import DIMENSIONS, Rollup
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


Numbers = tuple[Number, ...]
"""One figure in the kinds in which it is known, actual first; none where nothing was counted."""


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
        """Return the figure of another unit, None: the nation."""
        return tuple(self._kinds(unit, measure, period, cut))

    def _kinds(self, unit: str | None, measure: str, period: str, cut: Mapping[str, str]) -> Iterator[Number]:
        dimensions = tuple(cut.get(name) for name in DIMENSIONS)
        for kind in KINDS:
            value = self._values.get((measure, period, kind, self.view, unit, *dimensions))
            if value is not None:
                named = (
                    ("measure", measure),
                    ("period", period),
                    ("figures_kind", kind),
                    ("view", self.view),
                )
                own = named + ((("unit_code", unit),) if unit else ())
                origin = Origin("figures", "value", own + tuple(sorted(cut.items())))
                yield Number(value, (origin,), kind, self.measured_in(measure))

    def codes(self, measure: str, dimension: str, period: str, **fixed: str) -> list[str]:
        """Return the codes of `dimension` that occur, in the order of their list, "unknown" and "none" last."""
        cut = {dimension, *fixed}
        rows = self.rollup.figures.filter(
            pl.col("unit_code").eq_missing(pl.lit(self.unit)),
            pl.col(dimension).is_not_null(),
            *(pl.col(name).is_null() for name in DIMENSIONS if name not in cut),
            measure=measure, period=period, view=self.view, **fixed,
        )  # fmt: skip
        name = list_of(measure, dimension)
        entries = self.schemas.code_lists[name].codes if name else ()
        order = {entry.code: place for place, entry in enumerate(entries)}
        found = rows.filter(pl.col("value") != 0)[dimension].unique().to_list()
        return sorted(found, key=lambda code: (order.get(code, len(order)), code))

    def label(self, measure: str, dimension: str, code: str) -> Text:
        """Return what people call `code`."""
        return label(self.schemas, measure, dimension, code)

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
    def _values(self) -> Mapping[tuple[Any, ...], int]:
        own = pl.col("view") == self.view
        picked = self.rollup.figures.filter(own).select(*_NAMED, *DIMENSIONS, "value").rows()
        return {row[:-1]: row[-1] for row in picked}


def cell(frame: str, column: str, value: float, **where: str | int) -> Number:
    """Return a number that stands in `column` of `frame`, at the row where the columns of `where` are so."""
    return Number(value, (Origin(frame, column, tuple(where.items())),))
