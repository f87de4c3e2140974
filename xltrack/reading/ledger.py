"""Keeps account of where every cell with content went."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from xltrack.errors import ProgramError
from xltrack.reading.account import Ignored, Ledger
from xltrack.reading.cells import BLANK, Cell
from xltrack.reading.extract import Grid, area
from xltrack.reading.reasons import REASONS

LISTED = 20
"""So many ranges are kept for each reason on a worksheet; the rest is counted."""


class Tally:
    """The account of one worksheet: cells mapped into rows, and cells ignored by reason and place.

    A reason that is not one of REASONS raises KeyError.
    """

    def __init__(self, grid: Grid) -> None:
        """Open the account of `grid`, with nothing entered."""
        self.grid = grid
        self.mapped = 0
        self.ignored: Counter[str] = Counter()
        self._spans: dict[str, _Spans] = defaultdict(_Spans)

    def ignore_row(self, reason: str, at: int, cells: Sequence[Cell]) -> int:
        """Enter those of `cells`, the row at the place `at`, that have content; return how many they are."""
        count = filled(cells)
        if count:
            first, last = _ends(cells)
            self._enter(reason, count, (at, first, at, last))
        return count

    def ignore_column(self, reason: str, at: int, cells: Sequence[Cell], first_row: int) -> int:
        """Enter those of `cells`, the column at the place `at` from `first_row` down, that have content."""
        count = filled(cells)
        if count:
            first, last = _ends(cells)
            self._enter(reason, count, (first_row + first, at, first_row + last, at))
        return count

    def ignore_cell(self, reason: str, row: int, column: int) -> None:
        """Enter one cell that has content."""
        self._enter(reason, 1, (row, column, row, column))

    def ignore_all(self, reason: str) -> int:
        """Enter the whole worksheet as ignored for `reason`; return how many cells that are."""
        if self.grid.cells:
            self._enter(reason, self.grid.cells, (0, 0, len(self.grid.rows) - 1, self.grid.width - 1))
        return self.grid.cells

    def close(self) -> tuple[Ignored, ...]:
        """Return what was ignored, by reason; raises ProgramError if the cells entered are not all there are."""
        entered = self.mapped + self.ignored.total()
        if entered != self.grid.cells:
            there = f"{self.grid.tab}: {self.grid.cells} ô có nội dung (cells there)"
            raise ProgramError(reason=f"{there}, sổ ghi {entered} (cells entered)")
        return tuple(self._listed(reason) for reason in REASONS if self.ignored[reason])

    def _enter(self, reason: str, count: int, span: tuple[int, int, int, int]) -> None:
        if reason not in REASONS:
            raise KeyError(reason)
        self._spans[reason].add(*span)
        self.ignored[reason] += count

    def _listed(self, reason: str) -> Ignored:
        ranges = self._spans[reason].ranges()
        more = max(len(ranges) - LISTED, 0)
        return Ignored(self.grid.tab, reason, self.ignored[reason], tuple(ranges[:LISTED]), more)


class _Spans:
    """Areas of cells; one right below another of the same columns is joined to it."""

    def __init__(self) -> None:
        self._rows: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)

    def add(self, top: int, left: int, bottom: int, right: int) -> None:
        rows = self._rows[left, right]
        if rows and rows[-1][1] + 1 == top:
            top, _ = rows.pop()
        rows.append((top, bottom))

    def ranges(self) -> list[str]:
        """Return the areas as ranges, from top to bottom."""
        areas = sorted(
            (top, left, bottom, right) for (left, right), rows in self._rows.items() for top, bottom in rows
        )
        return [area(*one) for one in areas]


def filled(cells: Iterable[Cell]) -> int:
    """Return how many of `cells` have content."""
    known = cells if isinstance(cells, Sequence) else list(cells)
    return len(known) - known.count(BLANK)


def _ends(cells: Sequence[Cell]) -> tuple[int, int]:
    """Return the places of the first and the last cell with content, of which there is one."""
    first = next(at for at, cell in enumerate(cells) if cell != BLANK)
    return first, next(at for at in range(len(cells) - 1, -1, -1) if cells[at] != BLANK)


def balance(tallies: Iterable[Tally]) -> Ledger:
    """Return the ledger of a workbook from its worksheets' accounts; raises ProgramError if one does not add up."""
    cells = mapped = 0
    ignored: Counter[str] = Counter()
    places: list[Ignored] = []
    for tally in tallies:
        places += tally.close()
        cells += tally.grid.cells
        mapped += tally.mapped
        ignored += tally.ignored
    return Ledger(cells, mapped, dict(sorted(ignored.items())), tuple(places))
