"""What is true of a round of dirty workbooks: every value, where it stands, what it means, and what was spoilt."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks.dirty.grid import Cell, Formula, Grid, Label, Typed, address
from benchmarks.dirty.mistakes import Seed

Row = tuple[str, str, int]
"""A file's name, a tab, and the number of a row in the file."""


@dataclass(frozen=True)
class Value:
    """A value that was typed: where it stands, and what it means."""

    file: str
    tab: str
    row: int
    cell: str
    label: Label
    typed: Typed | None
    meaning: Typed | None


@dataclass(frozen=True)
class Mistaken:
    """A mistake as it stands in a file: the addresses of which one must be named, and rows that are wrong by it too."""

    kind: str
    codes: tuple[str, ...]
    row: Row
    cells: tuple[str, ...]
    others: frozenset[Row]


@dataclass(frozen=True)
class Truth:
    """All that was typed into a round and what of it is wrong.

    `told` are rows of which something other than a mistake may be said, as that they are hidden; `tops` are the rows of
    the headings. `copies` are files that add nothing to others: sent again, or damaged.
    """

    values: tuple[Value, ...] = ()
    mistakes: tuple[Mistaken, ...] = ()
    told: frozenset[Row] = frozenset()
    tops: Mapping[tuple[str, str], int] = field(default_factory=dict)
    copies: frozenset[str] = frozenset()

    def __add__(self, other: "Truth") -> "Truth":
        """Return what is true of both."""
        return Truth(
            (*self.values, *other.values),
            (*self.mistakes, *other.mistakes),
            self.told | other.told,
            {**self.tops, **other.tops},
            self.copies | other.copies,
        )


def truth_of(file: str, grids: Sequence[Grid], seeds: Sequence[Seed]) -> Truth:
    """Return what is true of the workbook `file`, whose cells stand as they do in `grids`."""
    values = {value.label: value for grid in grids for value in _values(file, grid)}
    mistakes = tuple(_mistaken(seed, values) for seed in seeds)
    told = {row for grid in grids for row in _told(file, grid)} | _totals(file, grids, seeds)
    tops = {(file, grid.tab): grid.heading() + 1 for grid in grids if any(True for _ in grid.rows())}
    return Truth(tuple(values.values()), mistakes, frozenset(told), tops)


def _values(file: str, grid: Grid) -> Iterator[Value]:
    for at, line in enumerate(grid.lines):
        for column, cell in enumerate(line):
            if cell and cell.label:
                where = address(at, column)
                yield Value(file, grid.tab, at + 1, where, cell.label, _typed(cell), cell.meaning)


def _typed(cell: Cell) -> Typed | None:
    return cell.typed.value if isinstance(cell.typed, Formula) else cell.typed


def _mistaken(seed: Seed, values: Mapping[Label, Value]) -> Mistaken:
    wrong = values[seed.label]
    near = (seed.label._replace(column=column) for column in seed.columns)
    others = frozenset((one.file, one.tab, one.row) for one in (values[label] for label in seed.others))
    cells = tuple(values[label].cell for label in near if label in values)
    return Mistaken(seed.kind, seed.codes, (wrong.file, wrong.tab, wrong.row), cells, others)


def _told(file: str, grid: Grid) -> Iterator[Row]:
    """Yield the rows of `grid` that are hidden."""
    for at in grid.rows():
        label = next(cell.label for cell in grid.lines[at] if cell and cell.label)
        if label.row in grid.hidden_rows:
            yield file, grid.tab, at + 1


def _totals(file: str, grids: Sequence[Grid], seeds: Sequence[Seed]) -> set[Row]:
    """Return the lines with totals of what is wrong: on the cover, and below the rows."""
    spoilt = {
        seed.label.sheet for seed in seeds if seed.label.column in ("amount", "revenue", "source", "year")
    }
    return {
        (file, grid.tab, at + 1)
        for grid in grids
        for at, line in enumerate(grid.lines)
        if (grid.sheet == "cover" and "funding" in spoilt) or (grid.sheet in spoilt and _is_total(line))
    }


def _is_total(line: Sequence[Cell | None]) -> bool:
    return any(cell and cell.typed == "TỔNG CỘNG" for cell in line)


def as_text(value: Typed | None) -> str:
    """Return a value as JSON would have it: a day as 2025-03-15."""
    return value.isoformat() if isinstance(value, dt.date) else str(value)
