"""Who is supported where and when: the made-up programme before any workbook."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from xltrack.demo import scale
from xltrack.demo.tax_codes import invented_codes
from xltrack.demo.trades import BRACKETS, TRADES, Bracket, Trade
from xltrack.forms import Unit, Units

Standing = Literal["supported", "planned", "stopped", "past"]


@dataclass(frozen=True, slots=True)
class Enterprise:
    """One invented enterprise, cooperative or household; `home` is the code of one of the 63 provinces."""

    number: int
    tax_code: str
    home: str
    legal_form: str
    trade: Trade
    bracket: Bracket
    first_year: int


@dataclass(frozen=True, slots=True)
class Support:
    """One enterprise in the return of one year. `unit` (of the 63) supports it, under `tax_code`.

    `continued` says that the same unit supports it in the year after too; `pilot`, that it is a pilot model.
    """

    enterprise: Enterprise
    year: int
    unit: str
    tax_code: str
    standing: Standing = "supported"
    pilot: bool = False
    continued: bool = False

    @property
    def counts(self) -> bool:
        """Return whether it is an enterprise supported in this year, as national figures count it."""
        return self.standing == "supported" and self.enterprise.legal_form == "enterprise"


Programme = Mapping[tuple[str, int], Sequence[Support]]
"""The supports of each (unit of the 63, year)."""


def plan_programme(units: Units) -> Programme:
    """Return the whole programme 2021-2025; the same every time."""
    supports = list(_Planner(units).supports())
    following = {(s.enterprise.number, s.unit, s.year) for s in supports if s.standing == "supported"}
    planned: dict[tuple[str, int], list[Support]] = defaultdict(list)
    for support in supports:
        again = (support.enterprise.number, support.unit, support.year + 1) in following
        planned[support.unit, support.year].append(replace(support, continued=again))
    return planned


def provinces_of_63(units: Units) -> tuple[Unit, ...]:
    """Return the 63 provinces in official order."""
    return tuple(sorted((u for u in units.all if u.scheme == "63"), key=lambda u: u.order))


class _Planner:
    """Draws the programme year after year; what it drew before is what later years continue."""

    def __init__(self, units: Units) -> None:
        self.random = random.Random(scale.SEED)  # noqa: S311  # repeatable, not secret
        self.units = units
        self.codes = invented_codes()
        self.homes = [unit.code for unit in provinces_of_63(units)]
        self.weights = {home: self.random.lognormvariate(0, 0.45) for home in self.homes}
        self.weights |= {"T63-01": 3.4, "T63-79": 3.2, "T63-74": 2.0, "T63-75": 2.0, "T63-48": 1.8}
        self.made = 0
        self.last_seen: dict[int, int] = {}
        self.known: list[Enterprise] = []
        self.pilots: set[int] = set()

    def supports(self) -> Iterator[Support]:
        for year in scale.YEARS:
            yield from self._supported(year)
            yield from self._uncounted(year)

    def _supported(self, year: int) -> Iterator[Support]:
        past = self._past(year)
        again = self._again(year, {support.enterprise.number for support in past})
        new = self._new(year, scale.SUPPORTED[year] - len(again), "enterprise")
        enterprises = [*again, *new]
        self._choose_pilots(year, enterprises)
        for enterprise in enterprises:
            yield self._support(enterprise, year, enterprise.home)
        for enterprise in self._shared(year, new):
            yield self._elsewhere(enterprise, year)
        yield from past
        self.known += new
        self.last_seen |= {enterprise.number: year for enterprise in enterprises}

    def _uncounted(self, year: int) -> Iterator[Support]:
        for form, number in (
            ("cooperative", scale.COOPERATIVES[year]),
            ("household", scale.HOUSEHOLDS[year]),
        ):
            for enterprise in self._new(year, number, form):
                yield self._support(enterprise, year, enterprise.home)
        kinds: tuple[tuple[Standing, Mapping[int, int]], ...] = (
            ("planned", scale.PLANNED),
            ("stopped", scale.STOPPED),
        )
        for standing, numbers in kinds:
            for enterprise in self._new(year, numbers[year], "enterprise"):
                yield replace(self._support(enterprise, year, enterprise.home), standing=standing)

    def _support(self, enterprise: Enterprise, year: int, unit: str) -> Support:
        pilot = enterprise.number in self.pilots
        return Support(enterprise, year, unit, enterprise.tax_code, pilot=pilot)

    def _past(self, year: int) -> list[Support]:
        """Draw enterprises whose support ended last year and that are listed once more."""
        known = [e for e in self.known if e.number not in self.pilots and self._reports(e.home, year)]
        ended = [e for e in known if self.last_seen[e.number] == year - 1]
        drawn = self.random.sample(ended, scale.PAST[year]) if ended else []
        return [replace(self._support(e, year, e.home), standing="past") for e in drawn]

    def _again(self, year: int, without: set[int]) -> list[Enterprise]:
        possible = [e for e in self.known if self._reports(e.home, year) and e.number not in without]
        recent = [e for e in possible if self.last_seen[e.number] == year - 1]
        older = [e for e in possible if self.last_seen[e.number] < year - 1]
        wanted = scale.CONTINUING[year]
        from_older = min(wanted // 5, len(older))
        return self.random.sample(recent, wanted - from_older) + self.random.sample(older, from_older)

    def _new(self, year: int, count: int, legal_form: str) -> list[Enterprise]:
        """Make enterprises: half of them spread evenly over the provinces, the others by the provinces' weight."""
        homes = [home for home in self.homes if self._reports(home, year)]
        drawn = homes * (count // (2 * len(homes)))
        drawn += self.random.choices(homes, [self.weights[home] for home in homes], k=count - len(drawn))
        return [self._make(home, legal_form, year) for home in sorted(drawn)]

    def _make(self, home: str, legal_form: str, year: int) -> Enterprise:
        self.made += 1
        trade = TRADES[9] if legal_form == "cooperative" else self.random.choice(TRADES)
        brackets = BRACKETS[trade.size_sector]
        chosen = self.random.choices(brackets, [bracket.share for bracket in brackets])[0]
        bracket = chosen if legal_form == "enterprise" else brackets[0]
        return Enterprise(self.made, next(self.codes), home, legal_form, trade, bracket, year)

    def _choose_pilots(self, year: int, enterprises: Sequence[Enterprise]) -> None:
        """Spread the year's new pilot models over the provinces; industry only."""
        fit = [
            e for e in enterprises if e.number not in self.pilots and e.trade.size_sector == "agri_industry"
        ]
        self.random.shuffle(fit)
        seats: Counter[str] = Counter()
        order: list[tuple[int, int, int]] = []
        for enterprise in fit:
            order.append((seats[enterprise.home], len(order), enterprise.number))
            seats[enterprise.home] += 1
        self.pilots |= {number for _, _, number in sorted(order)[: scale.NEW_PILOTS[year]]}

    def _shared(self, year: int, new: Sequence[Enterprise]) -> list[Enterprise]:
        fit = [e for e in new if e.number not in self.pilots]
        return self.random.sample(fit, scale.SHARED[year])

    def _elsewhere(self, enterprise: Enterprise, year: int) -> Support:
        """Return the support by a second unit: of the enterprise itself, or of its branch there.

        Every fourth, while there are 63 provinces, is by a neighbour with which the home province later merges.
        """
        merged = self._mergedreplace(enterprise.home) if year < 2025 and enterprise.number % 4 == 0 else []
        strangers = [
            home
            for home in self.homes
            if self.units.successor[home] != self.units.successor[enterprise.home]
            and self._reports(home, year)
        ]
        unit = self.random.choice(merged or strangers)
        branch = "-001" if self.random.random() < 0.5 else ""
        return Support(enterprise, year, unit, f"{enterprise.tax_code}{branch}")

    def _mergedreplace(self, home: str) -> list[str]:
        together = self.units.predecessors[self.units.successor[home]]
        return [other for other in together if other != home]

    def _reports(self, home: str, year: int) -> bool:
        return year != scale.MISSING_YEAR or self.units.successor[home] != scale.MISSING_UNIT
