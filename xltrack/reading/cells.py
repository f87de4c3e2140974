"""What can stand in a cell, before anything is made of it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, overload

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


class Rows(Sequence[Sequence[Cell]]):
    """The rows of `columns`, all of the same height, made when they are asked for: most cells never are, row by row."""

    def __init__(self, columns: Sequence[Sequence[Cell]]) -> None:
        """Keep the columns."""
        self._columns = columns

    def __len__(self) -> int:
        """Return how many rows there are; none without a column."""
        return len(self._columns[0]) if self._columns else 0

    @overload
    def __getitem__(self, at: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> "Rows": ...
    def __getitem__(self, at: int | slice) -> "Sequence[Cell] | Rows":
        """Return one row, or several."""
        if isinstance(at, slice):
            return Rows([column[at] for column in self._columns])
        return tuple(column[at] for column in self._columns)

    def __iter__(self) -> Iterator[Sequence[Cell]]:
        """Yield row after row."""
        return zip(*self._columns, strict=True)


def raw_text(cell: Cell) -> str:
    """Return `cell` as its sender would write it: numbers in the shortest form, dates as dd/mm/yyyy."""
    return _TEXTS.get(type(cell), str)(cell)


def types_of(cells: Iterable[Cell], different: Iterable[Cell]) -> set[type]:
    """Return the types of `cells`, of which those `different` are all that are not equal."""
    found = set(map(type, different))
    return found if _EQUALS.isdisjoint(found) else set(map(type, cells))


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
