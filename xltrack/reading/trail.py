"""Keeps account cell by cell, for those who must say of each where it went."""

from collections.abc import Iterable, Sequence

from xltrack.reading.cells import BLANK, Cell
from xltrack.reading.extract import Grid
from xltrack.reading.ledger import Tally


class Trail(Tally):
    """The account of one worksheet that knows, in `reasons`, why each cell was ignored, by row and column from 0."""

    def __init__(self, grid: Grid) -> None:
        """Open the account of `grid`, with nothing entered."""
        super().__init__(grid)
        self.reasons: dict[tuple[int, int], str] = {}

    def ignore_row(self, reason: str, at: int, cells: Sequence[Cell]) -> int:
        """Enter those of `cells`, the row at the place `at`, that have content; return how many they are."""
        self._note(reason, ((at, column) for column, cell in enumerate(cells) if cell != BLANK))
        return super().ignore_row(reason, at, cells)

    def ignore_column(self, reason: str, at: int, cells: Sequence[Cell], first_row: int) -> int:
        """Enter those of `cells`, the column at the place `at` from `first_row` down, that have content."""
        self._note(reason, ((first_row + row, at) for row, cell in enumerate(cells) if cell != BLANK))
        return super().ignore_column(reason, at, cells, first_row)

    def ignore_cell(self, reason: str, row: int, column: int) -> None:
        """Enter one cell that has content."""
        self._note(reason, [(row, column)])
        super().ignore_cell(reason, row, column)

    def ignore_all(self, reason: str) -> int:
        """Enter the whole worksheet as ignored for `reason`; return how many cells that are."""
        for at, cells in enumerate(self.grid.rows):
            self._note(reason, ((at, column) for column, cell in enumerate(cells) if cell != BLANK))
        return super().ignore_all(reason)

    def _note(self, reason: str, places: Iterable[tuple[int, int]]) -> None:
        self.reasons.update(dict.fromkeys(places, reason))
