"""A worksheet while it is being messed up: cells that know what they mean and which value of which row they are."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from xlsxwriter.utility import xl_col_to_name

HEADING, ID = "heading", "id"
"""What the cells of two lines mean: the headings, and the ids of columns above them."""


class Formula(NamedTuple):
    """A formula, with the value that was saved with it: None where a program did not work it out."""

    text: str
    value: float | None = None


class Fault(NamedTuple):
    """An error value, as #REF!."""

    text: str


Typed = str | int | float | bool | dt.date | Formula | Fault
Line = list["Cell | None"]


class Label(NamedTuple):
    """Which value a cell is: of a sheet, of a row counted from 0, of a column."""

    sheet: str
    row: int
    column: str


@dataclass(frozen=True)
class Cell:
    """What was typed, which value it is if it is one of the form, and what it means."""

    typed: Typed | None
    label: Label | None = None
    meaning: Typed | None = None
    spoilt: bool = False


@dataclass
class Grid:
    """A worksheet: its tab, its lines, what is hidden, filtered, protected, merged."""

    sheet: str
    tab: str
    lines: list[Line]
    hidden_rows: set[int] = field(default_factory=set)
    """Labels' rows, not those of the file."""
    filtered: bool = False
    protected: bool = False
    hidden: bool = False
    blank_rows: int = 0
    """So many formatted rows without content below the last one."""
    banner: bool = False

    def rows(self) -> Iterator[int]:
        """Yield the lines with data."""
        return (at for at, line in enumerate(self.lines) if label_of(line))

    def heading(self) -> int:
        """Return the line of the headings."""
        return next(
            at for at, line in enumerate(self.lines) if any(cell and cell.meaning == HEADING for cell in line)
        )

    def insert(self, at: int, *lines: Sequence[Typed | None]) -> None:
        """Insert lines of the sender's own before the line `at`."""
        self.lines[at:at] = [[None if value is None else Cell(value) for value in line] for line in lines]

    def change_columns(self, change: Callable[[Line], Line]) -> None:
        """Give every line from the ids downward other columns."""
        top = next(at for at, line in enumerate(self.lines) if any(cell and cell.meaning for cell in line))
        self.lines[top:] = [change(line) for line in self.lines[top:]]


def label_of(line: Line) -> Label | None:
    """Return the label of the first value of a line of data; of another line, None."""
    return next((cell.label for cell in line if cell and cell.label), None)


def address(row: int, column: int) -> str:
    """Return the address of a cell, both counted from 0."""
    return f"{xl_col_to_name(column)}{row + 1}"
