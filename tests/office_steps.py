"""One step at a time in a workbook that LibreOffice keeps open between them. Used by ``office_uno.py``.

Areas are addresses as Excel writes them (``B3:D7``).
"""

# LibreOffice's own Python on Windows and macOS may be as old as 3.8.
from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests import office_sheets as sheets
else:
    import office_sheets as sheets

uno: Any = importlib.import_module("uno")


def tables(document: Any) -> list[dict[str, str]]:
    """The native tables: name, tab and area of each."""
    found = (document.DatabaseRanges.getByName(name) for name in document.DatabaseRanges.ElementNames)
    return [
        {
            "name": table.Name,
            "tab": document.Sheets.getByIndex(table.DataArea.Sheet).Name,
            "area": sheets.range_name(table.DataArea),
        }
        for table in found
    ]


def read(document: Any, tab: str, area: str) -> list[list[Any]]:
    """What the cells hold: texts, numbers, "" for nothing."""
    return [list(row) for row in sheets.range_of(sheets.sheet_of(document, tab), area).getDataArray()]


def write(document: Any, tab: str, area: str, rows: list[list[Any]]) -> None:
    """Put a block of texts and numbers; None empties a cell."""
    block = tuple(tuple("" if value is None else value for value in row) for row in rows)
    sheets.range_of(sheets.sheet_of(document, tab), area).setDataArray(block)


def fill(document: Any, tab: str, area: str, formula: str) -> None:
    """Give each cell the same formula."""
    cells = sheets.range_of(sheets.sheet_of(document, tab), area)
    wide, high = len(cells.getColumns()), len(cells.getRows())
    cells.setFormulaArray(tuple((formula,) * wide for _ in range(high)))


def clear(document: Any, tab: str, area: str) -> None:
    """Empty the cells: values, dates, texts, notes, formulas, formats (com.sun.star.sheet.CellFlags)."""
    sheets.range_of(sheets.sheet_of(document, tab), area).clearContents(1 | 2 | 4 | 8 | 16 | 32)


def resize(document: Any, name: str, area: str) -> None:
    """Let the table, and the pivots that read its cells, cover `area`: LibreOffice keeps no table for a pivot."""
    table = document.DatabaseRanges.getByName(name)
    before, sheet = table.DataArea, document.Sheets.getByIndex(table.DataArea.Sheet)
    after = sheets.range_of(sheet, area).RangeAddress
    table.DataArea = after
    for one in document.Sheets:
        pivots = one.getDataPilotTables()
        for pivot in [pivots.getByName(name) for name in pivots.ElementNames]:
            if sheets.range_name(pivot.SourceRange) == sheets.range_name(before):
                pivot.SourceRange = after


def refresh_pivots(document: Any) -> int:
    """Refresh every pivot; return how many there are."""
    found = [one.getDataPilotTables() for one in document.Sheets]
    for pivots in found:
        for name in pivots.ElementNames:
            pivots.getByName(name).refresh()
    return sum(len(pivots.ElementNames) for pivots in found)


def calculate(document: Any) -> None:
    """Work out all formulas."""
    document.calculateAll()


def hush(document: Any, is_on: bool) -> None:
    """Work nothing out and show nothing meanwhile, or do so again."""
    document.enableAutomaticCalculation(not is_on)
    if is_on:
        document.lockControllers()
    else:
        document.unlockControllers()


STEPS: dict[str, Any] = {
    made.__name__: made
    for made in (tables, read, write, fill, clear, resize, refresh_pivots, calculate, hush)
}
