"""What the sheets of the national workbook ask of a roll-up: one figure, the columns of years, the names of codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from xltrack.excel.heads import Head, Kind
from xltrack.excel.tracing import Traced
from xltrack.forms import Code, Schemas
from xltrack.language import Lang, Text
from xltrack.rollup import DIMENSIONS, Rollup
from xltrack.rollup.coverage import RECEIVED
from xltrack.rollup.labels import LISTS, label

PeriodAndKind = tuple[str, str]
ESTIMATE = Text("ước", "est.")


@dataclass(frozen=True)
class Names:
    """What codes, periods and units are called in `lang`."""

    schemas: Schemas
    lang: Lang

    def period_name(self, period: str, kind: str) -> str:
        """Return how a period is headed; estimates say so."""
        shown = period.replace("-", "–")
        return f"{shown} ({ESTIMATE.to(self.lang)})" if kind == "estimate" else shown

    def name(self, dimension: str, code: str | None) -> str | None:
        """Return what people call `code`."""
        return label(self.schemas, "", dimension, code).to(self.lang) if code else None

    def label(self, list_name: str, code: str | None) -> str | None:
        """Return the label of `code` in a code list, or the code itself where the list lacks it."""
        entry = self.schemas.code_lists[list_name].by_code.get(code or "")
        return entry.label.to(self.lang) if entry else code

    def named(self, row: Mapping[str, Any], column: str = "unit_name") -> str | None:
        """Return the name in `row` in the language of the workbook."""
        value = row[column if self.lang == "vi" else f"{column}_en"]
        return None if value is None else str(value)


@dataclass(frozen=True)
class Source(Names):
    """A roll-up with the names of its codes; `notice` is what the first page must say above all."""

    rollup: Rollup
    notice: Text | None = None

    @cached_property
    def columns(self) -> tuple[PeriodAndKind, ...]:
        """Return the periods and kinds of figures that occur: single years, then periods of several years."""
        found = self.rollup.figures.select("period", "figures_kind").unique().rows()
        return tuple(sorted(found, key=lambda one: (len(one[0]), one[0], one[1])))

    @cached_property
    def years(self) -> tuple[PeriodAndKind, ...]:
        """Return the single periods."""
        return tuple(one for one in self.columns if len(one[0]) == 4) or self.columns

    @property
    def is_series(self) -> bool:
        """Return whether every single period has one kind of figures, so that they make a line."""
        return len({period for period, _ in self.years}) == len(self.years)

    @cached_property
    def with_spans(self) -> tuple[PeriodAndKind, ...]:
        """Return the single periods and the five-year periods; the whole programme once it has a second half."""
        later = any(period > "2025" for period, _ in self.years)
        return tuple(one for one in self.columns if later or one[0] != "2021-2030")

    @cached_property
    def long_table(self) -> pl.DataFrame:
        """Return the figures of the nation along every cut and the totals of every unit, as codes."""
        total = pl.all_horizontal(pl.col(name).is_null() for name in DIMENSIONS if name != "funding_kind")
        national = pl.col("unit_code").is_null() & (pl.col("view") == "34")
        periods = pl.col("period").is_in([period for period, _ in self.with_spans])
        kept = self.rollup.figures.filter(periods, national | (pl.col("unit_code").is_not_null() & total))
        unused = [name for name in DIMENSIONS if kept[name].is_null().all()]
        return kept.drop("period_kind", "unit_name_en", *unused)

    def heads(self, columns: Sequence[PeriodAndKind], kind: Kind = "number", width: float = 11) -> list[Head]:
        """Return the headings of `columns`: "2024", "2025 (ước)"."""
        return [Head(Text(self.period_name(*one), self.period_name(*one)), kind, width) for one in columns]

    @cached_property
    def national(self) -> Mapping[tuple[str | None, ...], int]:
        """Return the figures of the whole by (measure, period, kind of figures, *dimensions)."""
        view, unit = self.rollup.view, self.rollup.unit
        rows = self.rollup.figures.filter(
            pl.col("unit_code").eq_missing(pl.lit(unit)) & (pl.col("view") == view)
        )
        picked = rows.select("measure", "period", "figures_kind", *DIMENSIONS, "value").rows()
        return {row[:-1]: Traced(row[-1], _key(*row[:3], view, unit, *row[3:-1])) for row in picked}

    @cached_property
    def unit_name(self) -> str | None:
        """Return the name of the unit that the figures are of, None for the nation."""
        unit = self.schemas.units.by_code.get(self.rollup.unit or "")
        return unit.name.to(self.lang) if unit else None

    @cached_property
    def of_units(self) -> Mapping[tuple[str | None, ...], int]:
        """Return the totals of units by (measure, period, kind of figures, view, unit, funding kind)."""
        others = [name for name in DIMENSIONS if name != "funding_kind"]
        rows = self.rollup.figures.filter(
            pl.col("unit_code").is_not_null() & pl.all_horizontal(pl.col(name).is_null() for name in others)
        )
        picked = rows.select(
            "measure", "period", "figures_kind", "view", "unit_code", "funding_kind", "value"
        ).rows()
        place = DIMENSIONS.index("funding_kind")
        return {row[:-1]: Traced(row[-1], _key(*row[:5], *[None] * place, row[5])) for row in picked}

    @cached_property
    def with_figures(self) -> set[tuple[str | None, ...]]:
        """Return which (view, unit, period, kind of figures) have any figure."""
        return {(key[3], key[4], key[1], key[2]) for key in self.of_units}

    @cached_property
    def _states(self) -> Mapping[tuple[int, str], tuple[str, str | None]]:
        rows = self.rollup.coverage.filter(pl.col("period_kind") == self.rollup.period_kind)
        picked = rows.select("year", "unit_code", "state", "figures_kind").rows()
        return {(year, unit): (_short(state), kind) for year, unit, state, kind in picked}

    def _standing(self, view: str, unit: str, year: int) -> list[tuple[str, str | None]]:
        """Return state and kind of figures of the unit, or of those it was made of, or of its successor."""
        if (year, unit) in self._states:
            return [self._states[year, unit]]
        units = self.schemas.units
        if unit not in units.by_code or not units.by_code[unit].is_province:
            return []
        related = units.predecessors.get(unit, ()) if view == "34" else (units.successor.get(unit, ""),)
        return [self._states[year, code] for code in related if (year, code) in self._states]

    def state(self, view: str, unit: str, year: int) -> str | None:
        """Return whether the territory of `unit` has reported for `year`: "reported", "incomplete", "missing".

        None where nothing was expected of it. A merged province of an earlier year has what those it was made of
        have; a province of the 63 in a later year has what its successor has.
        """
        found = {state for state, _ in self._standing(view, unit, year)}
        return next(iter(found), None) if len(found) < 2 else "incomplete"

    def kinds(self, view: str, unit: str, year: int) -> set[str | None]:
        """Return the kinds of figures in which the territory of `unit` has reported for `year`."""
        return {kind for state, kind in self._standing(view, unit, year) if state != "missing"}

    def round_of(self, period: str) -> int | None:
        """Return the year of the round whose returns have the figures of `period`; None for several rounds together."""
        is_round = len(period) == 4 or self.rollup.period_kind == "five_year"
        return int(period[-4:]) if is_round else None

    def speaks_for_itself(self, view: str, unit: str, period: str) -> bool:
        """Return whether all of the unit's figures of a single round stand under it.

        A province of the 63 in a return of its merged successor has only those rows that name it.
        """
        year = self.round_of(period)
        if year is None:
            return False
        successor = self.schemas.units.successor.get(unit, unit)
        alone = len(self.schemas.units.predecessors.get(successor, ())) < 2
        return view == "34" or alone or (year, unit) in self._states

    def value(self, measure: str, one: PeriodAndKind, **cut: str) -> int | None:
        """Return one figure of the whole: nought if returns of the period have none, None if there are no returns."""
        key = (measure, *one, *(cut.get(name) for name in DIMENSIONS))
        return self.national.get(key, 0 if one in self.columns else None)

    def codes_of(self, measure: str, dimension: str) -> list[str]:
        """Return the codes of `dimension` that occur for `measure`, in the order of their list, "unknown" last."""
        place = 3 + DIMENSIONS.index(dimension)
        found = {key[place] for key in self.national if key[0] == measure and key[place]}
        order = {entry.code: number for number, entry in enumerate(self._entries(dimension))}
        return sorted((code for code in found if code), key=lambda code: (order.get(code, 10_000), code))

    def measure(self, measure: str) -> Text:
        """Return the title of `measure`."""
        return self._measures[measure]

    @cached_property
    def _measures(self) -> Mapping[str, Text]:
        return {row["id"]: Text(row["title_vi"], row["title_en"]) for row in self.rollup.measures.to_dicts()}

    def _entries(self, dimension: str) -> Sequence[Code]:
        return self.schemas.code_lists[LISTS[dimension]].codes if dimension in LISTS else ()


def _key(*names: str | None) -> tuple[str, ...]:
    """Return the name of a figure: measure, period, kind, view, unit, and the dimensions that are not all."""
    measure, period, kind, view, unit, *cut = names
    own = [f"{name}={code}" for name, code in zip(DIMENSIONS, cut, strict=False) if code]
    return (measure or "", period or "", kind or "", view or "", unit or "", *own)


def _short(state: str) -> str:
    if state in RECEIVED:
        return "reported"
    return "incomplete" if state == "incomplete" else "missing"
