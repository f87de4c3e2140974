"""What can stand in a cell, before anything is made of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from xltrack.reading.numbers import of_number, shortest


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error of Excel, as "#REF!"."""

    text: str


@dataclass(frozen=True, slots=True)
class Uncalculated:
    """A formula whose result is not in the file, as "=B2*2"."""

    text: str


Cell = str | int | float | bool | date | datetime | time | timedelta | ErrorValue | Uncalculated
BLANK = ""
# 1, 1.0 and TRUE are equal to Python.
_EQUALS = frozenset({bool, int, float})


def raw_text(cell: Cell) -> str:
    """Return `cell` as its sender would write it: numbers in the shortest form, dates as dd/mm/yyyy."""
    return _TEXTS.get(type(cell), str)(cell)


def are_told_apart(types: Iterable[type]) -> bool:
    """Return whether cells of `types` that are equal are the same: no number stands beside a truth value."""
    return len(_EQUALS.intersection(types)) <= 1


def _truth(cell: bool) -> str:
    return "TRUE" if cell else "FALSE"


def _number(number: float) -> str:
    text = f"{number + 0.0:.15g}"  # without the sign of -0
    return shortest(of_number(number)) if "e" in text else text


@lru_cache(maxsize=10_000, typed=True)
def _day(moment: date) -> str:
    day = f"{moment.day:02}/{moment.month:02}/{moment.year:04}"
    is_midnight = not isinstance(moment, datetime) or moment.time() == time.min
    return day if is_midnight else f"{day} {moment:%H:%M:%S}"


def _own_text(cell: ErrorValue | Uncalculated) -> str:
    return cell.text


# By type alone, because this is asked of every cell there is.
_TEXTS: Mapping[type, Callable[[Any], str]] = {
    str: str,
    bool: _truth,
    int: _number,
    float: _number,
    date: _day,
    datetime: _day,
    ErrorValue: _own_text,
    Uncalculated: _own_text,
}
