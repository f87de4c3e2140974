"""What a report is about: one round, of the nation or of one unit."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from xltrack.documents.figures import Figures
from xltrack.forms import PeriodKind, Schemas, Unit
from xltrack.language import Lang, Text
from xltrack.rollup import Rollup
from xltrack.rollup.grain import SPANS

_PERIODS = {
    "annual": Text("năm {}", "{}"),
    "half": Text("6 tháng đầu năm {}", "the first half of {}"),
    "five_year": Text("giai đoạn {}", "{}"),
}


@dataclass(frozen=True)
class Subject:
    """The round of `year` in `rollup`, told in `lang`; `unit` None: the nation."""

    rollup: Rollup
    schemas: Schemas
    lang: Lang
    year: int
    unit: Unit | None = None

    @property
    def period_kind(self) -> PeriodKind:
        """Return the kind of the round."""
        return self.rollup.period_kind

    @cached_property
    def figures(self) -> Figures:
        """Return the figures of the unit, in the view in which it stands."""
        view = "63" if self.unit and self.unit.scheme == "63" else "34"
        return Figures(self.rollup, self.schemas, self.unit.code if self.unit else None, view)

    @cached_property
    def period(self) -> str:
        """Return the period as figures name it: "2025", "2021-2025"."""
        return f"{self.year - 4}-{self.year}" if self.period_kind == "five_year" else str(self.year)

    @cached_property
    def before(self) -> str:
        """Return the period before, as figures name it."""
        if self.period_kind == "five_year":
            return f"{self.year - 9}-{self.year - 5}"
        return str(self.year - 1)

    @cached_property
    def span(self) -> str:
        """Return the half of the programme that an annual report stands in, else the period itself."""
        if self.period_kind != "annual":
            return self.period
        first, last = next((pair for pair in SPANS if pair[0] <= self.year <= pair[1]), SPANS[0])
        return f"{first}-{last}"

    @cached_property
    def growth(self) -> pl.DataFrame:
        """Return the growth on the year before, one row per kind of figures; none where enterprises are doubted."""
        is_doubted = "enterprises_supported" in self.rollup.doubted
        return self.rollup.growth.filter(pl.lit(not is_doubted), year=self.year)

    def named(self, period: str) -> Text:
        """Return what people call a period: "năm 2025", "6 tháng đầu năm 2025", "giai đoạn 2021–2025"."""
        kind = "five_year" if "-" in period else self.period_kind
        shown = period.replace("-", "–")
        return Text(*(words.format(shown) for words in _PERIODS[kind]))
