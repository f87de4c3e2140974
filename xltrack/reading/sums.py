"""Whether a row says what the rows above it add up to."""

from collections.abc import Sequence

from xltrack.reading.body import Line
from xltrack.reading.cells import BLANK, Cell


def sums_up(line: Line, records: Sequence[int]) -> bool:
    """Return whether every column of `line` that is added up there is the sum of the rows `records`, at least two."""
    cells = {place: cell for place, cell in line.cells.items() if place in line.body.added}
    return len(records) > 1 and all(
        _sum(line.body.columns[at], records) == cell for at, cell in cells.items()
    )


def _sum(column: Sequence[Cell], rows: Sequence[int]) -> float | None:
    cells = [column[at] for at in rows if column[at] != BLANK]
    numbers = [cell for cell in cells if isinstance(cell, int | float) and not isinstance(cell, bool)]
    return round(sum(numbers), 6) if len(numbers) == len(cells) else None
