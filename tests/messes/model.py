"""A workbook as plain data: what a mess is done to, before a program writes it to a file.

Nothing is changed in place. A cell keeps its label wherever it is moved to, so that what was meant can be compared
with what is read, at the address where it then stands.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from openpyxl.utils import column_index_from_string, get_column_letter


class Label(NamedTuple):
    """Which value of the truth a cell holds: column `column` of the row `number` (from 0) of a sheet of the form."""

    sheet: str
    number: int
    column: str

    def __str__(self) -> str:
        return f"{self.sheet}[{self.number}].{self.column}"


@dataclass(frozen=True)
class ErrorValue:
    """An error as Excel shows it, "#REF!"."""

    text: str


@dataclass(frozen=True)
class Formula:
    """A formula; `value` is its calculated result, None if it was never calculated."""

    text: str
    value: str | float | None = None


@dataclass(frozen=True)
class Rich:
    """Text in several runs, as when one word is bold; `phonetic` is a reading aid that is no part of the text."""

    runs: tuple[str, ...]
    phonetic: str = ""


Value = str | int | float | bool | date | datetime | ErrorValue | Formula | Rich | None
Place = tuple[int, int]
"""Row and column, counted from 1."""
Move = Callable[[int], int | None]
"""From the number of a row or column to its new one; None where it is deleted."""


@dataclass(frozen=True)
class Cell:
    """A value, the format that matters ("day", "percent", "struck", "struck day", "tcvn3", "vni"), and the truth.

    `label` is a name of its own ("total") for cells that are no truth but that a finding is about.
    """

    value: Value
    format: str | None = None
    label: Label | str | None = None


@dataclass(frozen=True)
class Tab:
    """One worksheet. `key` stays when `name` changes; `dimension` is the used range it claims, None the right one."""

    key: str
    name: str
    cells: Mapping[Place, Cell]
    state: str = "visible"
    merges: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    filtered: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[Place, str] = field(default_factory=dict)
    drawings: int = 0
    protected: bool = False
    dimension: str | None = None
    blank_rows: int = 0
    """How many formatted rows without content stand below."""

    def put(self, cells: Mapping[Place, Cell]) -> "Tab":
        """Return the tab with `cells` added or written over."""
        return replace(self, cells={**self.cells, **cells})

    def type(self, place: Place, value: Value, form: str | None = None) -> "Tab":
        """Return the tab with another value in a cell, which keeps its label."""
        known = self.cells.get(place)
        return self.put({place: Cell(value, form, known.label if known else None)})

    def moved(self, row: Move, column: Move = lambda at: at) -> "Tab":
        """Return the tab with its rows and columns renumbered, and all that hangs on them."""

        def moved_place(old: Place) -> Place | None:
            at, across = row(old[0]), column(old[1])
            return None if at is None or across is None else (at, across)

        def moved_area(ref: str) -> str | None:
            first, _, last = ref.partition(":")
            start, end = (moved_place(place_of(corner)) for corner in (first, last or first))
            return f"{address(*start)}:{address(*end)}" if start and end else None

        return replace(
            self,
            cells={new: cell for old, cell in self.cells.items() if (new := moved_place(old))},
            merges=tuple(area for ref in self.merges if (area := moved_area(ref))),
            hidden_rows=frozenset(at for old in self.hidden_rows if (at := row(old))),
            hidden_columns=frozenset(at for old in self.hidden_columns if (at := column(old))),
            filtered=moved_area(self.filtered) if self.filtered else None,
            tables={name: area for name, ref in self.tables.items() if (area := moved_area(ref))},
            comments={new: text for old, text in self.comments.items() if (new := moved_place(old))},
        )

    def row_inserted(self, at: int, count: int = 1) -> "Tab":
        """Return the tab with `count` blank rows before row `at`."""
        return self.moved(lambda row: row + count if row >= at else row)

    def column_inserted(self, at: int) -> "Tab":
        """Return the tab with a blank column before column `at`."""
        return self.moved(lambda row: row, lambda column: column + 1 if column >= at else column)

    def column_deleted(self, at: int) -> "Tab":
        """Return the tab without column `at`."""
        left = lambda column: column - (column > at) if column != at else None  # noqa: E731
        return self.moved(lambda row: row, left)

    def row(self, at: int) -> dict[int, Cell]:
        """Return the cells of row `at` by column."""
        return {
            column: cell for (row, column), cell in sorted(self.cells.items(), key=_by_place) if row == at
        }

    @property
    def last_row(self) -> int:
        """Return the number of the last row with a cell; 0 if there is none."""
        return max((row for row, _ in self.cells), default=0)

    @property
    def width(self) -> int:
        """Return the number of the last column with a cell; 0 if there is none."""
        return max((column for _, column in self.cells), default=0)


@dataclass(frozen=True)
class Book:
    """A workbook: its worksheets in their order, its custom properties, and the odds and ends of the package."""

    tabs: tuple[Tab, ...]
    properties: Mapping[str, str]
    date_1904: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    parts: Mapping[str, bytes | None] = field(default_factory=dict)
    """Parts of the package to add, or (None) to leave out."""
    styles: bool = True
    strings: str = "shared"

    def tab(self, key: str) -> Tab:
        """Return the worksheet `key`; raises LookupError where it is gone."""
        for tab in self.tabs:
            if tab.key == key:
                return tab
        raise LookupError(key)

    def has(self, key: str) -> bool:
        """Return whether the worksheet `key` is there."""
        return any(tab.key == key for tab in self.tabs)

    def with_tab(self, tab: Tab) -> "Book":
        """Return the book with `tab` in place of the worksheet of the same key, or at the end."""
        if not self.has(tab.key):
            return replace(self, tabs=(*self.tabs, tab))
        return replace(self, tabs=tuple(tab if known.key == tab.key else known for known in self.tabs))

    def without(self, key: str) -> "Book":
        """Return the book without the worksheet `key`."""
        return replace(self, tabs=tuple(tab for tab in self.tabs if tab.key != key))

    def labels(self) -> dict[Label | str, tuple[Tab, Place]]:
        """Return where each label stands."""
        return {
            cell.label: (tab, place)
            for tab in self.tabs
            for place, cell in tab.cells.items()
            if cell.label is not None
        }

    def find(self, label: Label | str) -> tuple[Tab, Place]:
        """Return where `label` stands; raises KeyError where it is gone."""
        return self.labels()[label]


def address(row: int, column: int) -> str:
    """Return "C7" for row 7, column 3."""
    return f"{get_column_letter(column)}{row}"


def place_of(ref: str) -> Place:
    """Return row and column of "C7" or "$C$7"."""
    match = re.fullmatch(r"\$?([A-Z]+)\$?([0-9]+)", ref)
    assert match, ref
    return int(match[2]), column_index_from_string(match[1])


def is_content(value: Value) -> bool:
    """Return whether a cell with `value` counts as one with content: visible text, or anything that is no text."""
    match value:
        case None:
            return False
        case Rich(runs):
            return bool("".join(runs).strip())
        case str():
            return bool(value.strip())
        case Formula(value=str(result)):
            return bool(result.strip())
    return True


def contents(tab: Tab) -> Iterator[tuple[Place, Cell]]:
    """Yield the cells with content."""
    return ((place, cell) for place, cell in tab.cells.items() if is_content(cell.value))


def _by_place(entry: Any) -> Place:
    return entry[0]
