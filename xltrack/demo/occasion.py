"""One unit in one round: what every sheet of its return is written for."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xltrack.demo.programme import Programme, Support
from xltrack.demo.scale import SEED
from xltrack.forms import Round, Schemas, Unit

Value = str | int | float | bool | date
Row = dict[str, Value]
Rows = Mapping[str, Sequence[Row]]

MADE_UP = "(số liệu dựng thử)"
"""Stands where people see it: nothing in these workbooks is true of the province named."""


_CITIES = {"63": {"01", "31", "48", "79", "92"}, "34": {"01", "31", "46", "48", "79", "92"}}
"""The cities under the central government, by the codes of either scheme; all others are provinces."""


@dataclass(frozen=True)
class Occasion:
    """A unit's return for a round. `parts` are the provinces of the 63 that the unit covers: itself, or several."""

    unit: Unit
    parts: tuple[Unit, ...]
    round: Round
    schemas: Schemas

    @property
    def year(self) -> int:
        """Return the year reported on."""
        return self.round.year

    @cached_property
    def cut_off(self) -> date:
        """Return the last day of the data: 15 November, before the return is due on the 29th."""
        return date(self.year, 11, 15)

    @property
    def merged(self) -> bool:
        """Return whether the unit is one of the 34 that was made of several."""
        return len(self.parts) > 1

    @cached_property
    def title(self) -> str:
        """Return the unit's name with its kind, as in "tỉnh Bắc Ninh", "thành phố Hà Nội"."""
        city = self.unit.bare_code in _CITIES[self.unit.scheme]
        return f"{'thành phố' if city else 'tỉnh'} {self.unit.name.vi}"

    def random(self, purpose: str) -> random.Random:
        """Return the source of chance for one purpose: the same for the same unit, year and purpose."""
        return random.Random(f"{SEED}/{self.unit.code}/{self.year}/{purpose}")  # noqa: S311  # repeatable, not secret

    def supports(self, programme: Programme) -> list[Support]:
        """Return the supports that this return lists."""
        return [support for part in self.parts for support in programme.get((part.code, self.year), ())]


def occasion(unit: Unit, round_: Round, schemas: Schemas) -> Occasion:
    """Return the occasion of `unit` reporting in `round_`."""
    former = schemas.units.predecessors.get(unit.code, ())
    parts = tuple(schemas.units.by_code[code] for code in former) if unit.scheme == "34" else (unit,)
    return Occasion(unit, parts, round_, schemas)


def chance(*about: object) -> random.Random:
    """Return a source of chance that depends on nothing but what it is `about`."""
    return random.Random("/".join(str(part) for part in (SEED, *about)))  # noqa: S311  # repeatable, not secret
