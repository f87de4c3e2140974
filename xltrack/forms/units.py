"""Reporting units and their history: 63 provinces, 34 provinces, ministries; and the rounds they report in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from xltrack.forms.code_lists import Code, CodeList
from xltrack.language import Text

PeriodKind = Literal["half", "annual", "five_year"]
UNITS_TITLE = Text("Đơn vị báo cáo", "Reporting units")


@dataclass(frozen=True, slots=True)
class Unit:
    """One reporting unit. `scheme` is "63" or "34" for provinces, "" for ministries and agencies."""

    code: str
    name: Text
    kind: str
    scheme: str
    bare_code: str
    valid_from: date | None
    valid_to: date | None
    synonyms: tuple[str, ...]
    source: str
    verified: bool
    note: str
    order: int

    @property
    def is_province(self) -> bool:
        """Return whether the unit is a province, in either scheme."""
        return self.kind == "province"

    def as_code(self, parent: str) -> Code:
        """Return the unit as an entry of the code list `units`, under its successor `parent`."""
        extra = {"kind": self.kind, "scheme": self.scheme, "bare_code": self.bare_code}
        synonyms = (*self.synonyms, self.bare_code) if self.bare_code else self.synonyms
        return Code(
            self.code,
            self.name,
            parent,
            synonyms,
            self.valid_from,
            self.valid_to,
            self.source,
            self.verified,
            self.note,
            extra,
        )


@dataclass(frozen=True, slots=True)
class Succession:
    """One step of the crosswalk: `predecessor` became (part of) `successor` on `effective_on`."""

    predecessor: str
    successor: str
    effective_on: date
    source: str


@dataclass(frozen=True, slots=True)
class Round:
    """One reporting round. `on_time_until` is the last day on which a return is on time, in Hà Nội.

    Provinces of `province_scheme` are expected; one of `transition_scheme` may still send instead of its successor.
    """

    year: int
    period_kind: PeriodKind
    province_scheme: str
    transition_scheme: str
    expected_others: tuple[str, ...]
    on_time_until: date
    data_from: date
    cut_off: date

    @property
    def name(self) -> str:
        """Return the round's name, as "2025-annual"."""
        return f"{self.year}-{self.period_kind}"


@dataclass(frozen=True)
class Units:
    """All reporting units, how they follow one another, and the rounds."""

    all: tuple[Unit, ...]
    crosswalk: tuple[Succession, ...]
    rounds: tuple[Round, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Unit]:
        """Return the units by code."""
        return {unit.code: unit for unit in self.all}

    @cached_property
    def successor(self) -> Mapping[str, str]:
        """Return for each unit that ended the code of its successor."""
        return {step.predecessor: step.successor for step in self.crosswalk}

    @cached_property
    def predecessors(self) -> Mapping[str, tuple[str, ...]]:
        """Return for each successor the codes of the units it was made of."""
        found: dict[str, tuple[str, ...]] = {}
        for step in self.crosswalk:
            found[step.successor] = (*found.get(step.successor, ()), step.predecessor)
        return found

    @cached_property
    def as_code_list(self) -> CodeList:
        """Return the units as the code list `units`; the parent of a former unit is its successor."""
        codes = tuple(unit.as_code(self.successor.get(unit.code, "")) for unit in self.all)
        return CodeList("units", UNITS_TITLE, "code_label", codes)

    def province_scheme(self, day: date) -> Literal["63", "34"]:
        """Return in which scheme provinces stood on `day` (34 from 1 July 2025, Resolution 202/2025/QH15)."""
        merged = min(
            step.effective_on for step in self.crosswalk if self.by_code[step.predecessor].is_province
        )
        return "63" if day < merged else "34"

    def round(self, year: int, period_kind: str) -> Round | None:
        """Return the round of `year` and `period_kind`, None if there is none."""
        return next((r for r in self.rounds if (r.year, r.period_kind) == (year, period_kind)), None)

    def expected(self, round_: Round) -> tuple[Unit, ...]:
        """Return the units expected to report in `round_`: provinces in official order, then the others."""
        provinces = [u for u in self.all if u.is_province and u.scheme == round_.province_scheme]
        return (
            *sorted(provinces, key=lambda u: u.order),
            *(self.by_code[code] for code in round_.expected_others),
        )

    def may_send(self, unit: Unit, round_: Round) -> bool:
        """Return whether `unit` may send a return in `round_`.

        Provinces of the round's scheme may, and in a transition (2025, Resolution 202/2025/QH15) their predecessors
        instead of them; other units while they exist in the period of the round.
        """
        if unit.is_province:
            return unit.scheme in {round_.province_scheme, round_.transition_scheme}
        return unit.as_code("").valid_during(round_.data_from, round_.cut_off)

    def find(self, text: str) -> tuple[Unit, ...]:
        """Return every unit that `text` (code, bare code, name or alias) may mean."""
        return tuple(self.by_code[entry.code] for entry in self.as_code_list.find(text))

    def sending(self, text: str, round_: Round) -> tuple[Unit, ...]:
        """Return the units that `text` may mean and that may send in `round_`: just one settles it."""
        return tuple(unit for unit in self.find(text) if self.may_send(unit, round_))
