"""Keeps account of where every cell with content went."""

from collections import Counter
from collections.abc import Iterable, Sequence

from xltrack.errors import ProgramError
from xltrack.reading.cells import BLANK, Cell
from xltrack.reading.extract import Grid
from xltrack.reading.model import Ledger


class Tally:
    """The account of one worksheet: cells mapped into rows, and cells ignored by reason."""

    def __init__(self, grid: Grid) -> None:
        """Open the account of `grid`, with nothing entered."""
        self.grid = grid
        self.mapped = 0
        self.ignored: Counter[str] = Counter()

    def ignore(self, reason: str, cells: Iterable[Cell]) -> int:
        """Enter those of `cells` that have content as ignored for `reason`; return how many they are."""
        count = filled(cells)
        if count:
            self.ignored[reason] += count
        return count

    def ignore_all(self, reason: str) -> int:
        """Enter the whole worksheet as ignored for `reason`; return how many cells that are."""
        if self.grid.cells:
            self.ignored[reason] += self.grid.cells
        return self.grid.cells

    def close(self) -> None:
        """Raise ProgramError if more or fewer cells were entered than the worksheet has."""
        entered = self.mapped + self.ignored.total()
        if entered != self.grid.cells:
            there = f"{self.grid.tab}: {self.grid.cells} ô có nội dung (cells there)"
            raise ProgramError(reason=f"{there}, sổ ghi {entered} (cells entered)")


def filled(cells: Iterable[Cell]) -> int:
    """Return how many of `cells` have content."""
    known = cells if isinstance(cells, Sequence) else list(cells)
    return len(known) - known.count(BLANK)


def balance(tallies: Iterable[Tally]) -> Ledger:
    """Return the ledger of a workbook from its worksheets' accounts; raises ProgramError if one does not add up."""
    cells = mapped = 0
    ignored: Counter[str] = Counter()
    for tally in tallies:
        tally.close()
        cells += tally.grid.cells
        mapped += tally.mapped
        ignored += tally.ignored
    return Ledger(cells, mapped, dict(sorted(ignored.items())))
