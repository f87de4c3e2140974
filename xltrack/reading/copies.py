"""Settles which of several worksheets of one sheet is read; never one silently where more than one has data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xltrack.findings import Finding
from xltrack.forms import Form, Sheet
from xltrack.reading.card import cells_of, find_card
from xltrack.reading.cells import BLANK
from xltrack.reading.extract import Grid
from xltrack.reading.headings import Known, find_layout
from xltrack.reading.recognise import original_of


@dataclass(frozen=True)
class Settled:
    """The worksheet of each sheet by the sheet's id, the tabs of copies that are not read, and what was found."""

    sheets: Mapping[str, Grid]
    copies: frozenset[str]
    findings: tuple[Finding, ...]


def settle_copies(
    form: Form, found: Mapping[str, Grid], rest: Sequence[Grid], known: Mapping[str, Known]
) -> Settled:
    """Return the worksheets to read, where some of `rest` are copies of those `found`.

    A copy is read in place of a worksheet without data. Where both have data the first is read, and an error says
    so; of two that are the same one is enough.
    """
    sheets, copies, findings = dict(found), set(), []
    for grid in rest:
        sheet = original_of(grid, form, sheets, known) if grid.cells else None
        if sheet is None:
            continue
        original, records = sheets[sheet.id], _records(grid, sheet, known[sheet.id])
        there = _records(original, sheet, known[sheet.id])
        facts = {"original": original.tab, "records": records, "original_records": there}
        is_read = bool(records and not there)
        left = original if is_read else grid
        if is_read:
            sheets[sheet.id] = grid
            findings.append(Finding("XLT213", grid.tab, facts=facts))
        elif records:
            code = "XLT209" if _content(grid) == _content(original) else "XLT208"
            findings.append(Finding(code, grid.tab, facts=facts))
        # What is left and says something else, in columns of the sender's own perhaps, is told as an extra sheet.
        if (records and there) or not _adds(left, sheets[sheet.id], sheet, known[sheet.id]):
            copies.add(left.tab)
    return Settled(sheets, frozenset(copies), tuple(findings))


def _records(grid: Grid, sheet: Sheet, known: Known) -> int:
    """Return how many rows below the headings, or values of a card, `grid` has; without headings any row counts."""
    if sheet.layout == "card":
        return sum(cell != BLANK for cell in cells_of(grid, find_card(grid, sheet, known)).values())
    layout = find_layout(grid, sheet, known)
    first, places = (layout.first_row, layout.columns.values()) if layout else (0, range(grid.width))
    return sum(any(row[at] != BLANK for at in places) for row in grid.rows[first:])


def _adds(copy: Grid, original: Grid, sheet: Sheet, known: Known) -> bool:
    """Return whether `copy` has a cell with content below its headings that `original` does not have in that place."""
    layout = find_layout(copy, sheet, known) if sheet.layout == "table" else None
    first = layout.first_row if layout else 0
    return any(cell[0] >= first for cell in {*_content(copy)} - {*_content(original)})


def _content(grid: Grid) -> list[tuple[int, int, object]]:
    """Return the cells with content and where they stand."""
    return [
        (at, place, cell)
        for at, row in enumerate(grid.rows)
        for place, cell in enumerate(row)
        if cell != BLANK
    ]
