"""What a refresh asks of a running spreadsheet program: as little as can be, so that each is one call of its own."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from xltrack.excel.refresh import NativeTable
from xltrack.excel.spots import Spot

CellValue = str | int | float | None
Area = tuple[Spot, Spot]
"""The first and the last cell, counted from 0."""


class Book(Protocol):
    """A workbook that a running program has open; every call raises Refused with what the program said."""

    @property
    def name(self) -> str:
        """Return the name of its file."""

    @property
    def is_read_only(self) -> bool:
        """Return whether it cannot be saved where it lies."""

    @property
    def has_changes(self) -> bool:
        """Return whether it holds what nobody has saved yet."""

    @property
    def tabs(self) -> tuple[str, ...]:
        """Return the tabs of its worksheets."""

    def tables(self) -> Sequence[NativeTable]:
        """Return its native tables; part and sheet are of no use here."""

    def hushed(self) -> AbstractContextManager[None]:
        """Let the program ask nothing, show nothing and run no events meanwhile; all is as before afterwards."""

    def first_filled(self, tab: str, area: Area) -> Spot | None:
        """Return the first cell of `area` that holds something."""

    def resize(self, table: NativeTable, last: int) -> None:
        """Let `table` show all its rows and end in row `last`, totals included; cells that it leaves are cleared."""

    def write(self, tab: str, corner: Spot, rows: Sequence[Sequence[CellValue]]) -> None:
        """Put `rows` below and right of `corner` in one block; a text stays the text that it is."""

    def fill(self, tab: str, area: Area, formula: str) -> None:
        """Give every cell of `area` the formula that its first cell has."""

    def values(self, tab: str, area: Area) -> list[list[CellValue]]:
        """Return what the cells of `area` hold."""

    def refresh_pivots(self, tables: Sequence[str], *, scrub: bool) -> int:
        """Have each cache over cells of this workbook read them; return how many pivots show one of `tables`.

        It comes back when all have been read; with `scrub` no cache keeps texts that are gone.
        """

    def calculate(self) -> None:
        """Work out all formulas."""

    def copy_to(self, path: Path) -> None:
        """Put a copy of the workbook as it is now at `path`, which nobody else may see half written."""

    def save(self) -> None:
        """Save it where it lies."""


class Desktop(Protocol):
    """The programs that run on this desk."""

    def find(self, path: Path) -> Book | None:
        """Return the workbook at `path` if a running program has it open."""

    def opened(self, path: Path) -> AbstractContextManager[Book]:
        """Open `path` in a program of its own, unseen, without macros and links; both are closed whatever happens."""
