"""Compares the money unit of the cover with those that are written beside the amounts."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from xltrack.findings import Finding
from xltrack.forms import Code, CodeList
from xltrack.reading.cells import BLANK, Cell
from xltrack.reading.extract import address
from xltrack.reading.headings import Layout, money_unit
from xltrack.reading.money_headings import money_heading_findings
from xltrack.reading.table import Placed
from xltrack.reading.text import clean

_SAID = re.compile(
    r"\b(?:đvt|đv tính|đơn vị tính|đơn vị tiền|đơn vị|unit)\s*[:：]\s*(.*)", re.IGNORECASE | re.DOTALL
)
_AFTER_UNIT = re.compile(r"[,;()\n]|\.?$")


def money_unit_findings(placed: Placed, cover: Code | None) -> Iterator[Finding]:
    """Yield where the sheet names another money unit than the cover: in a heading (XLT128), above the table (XLT234).

    Nothing is turned from one unit into the other.
    """
    yield from money_heading_findings(placed, cover)
    if cover is not None and placed.layout is not None:
        yield from islice(_above(placed, placed.layout, cover), 1)


def _above(placed: Placed, layout: Layout, cover: Code) -> Iterator[Finding]:
    if not any(placed.sheet.by_id[column_id].money for column_id in layout.columns):
        return
    for row, cells in enumerate(placed.grid.rows[: min((*layout.heading_rows, layout.first_row))]):
        for at, unit in _units_in(cells, placed.known.currencies):
            if unit.code != cover.code:
                facts = {"unit": unit.label, "cover": cover.label}
                yield Finding(
                    "XLT234", placed.grid.tab, row + 1, address(row, at), value=str(cells[at]), facts=facts
                )


def _units_in(cells: Sequence[Cell], currencies: CodeList) -> Iterator[tuple[int, Code]]:
    """Yield the money units that a row above a table names, with their places: "ĐVT: đồng", in one cell or in two."""
    is_asked = False
    for at, cell in enumerate(cells):
        if cell == BLANK:
            continue
        text = clean(cell) if isinstance(cell, str) else ""
        said = text if is_asked else _after_words(text)
        unit = _unit(said, currencies) or money_unit(text, currencies)
        if unit:
            yield at, unit
        is_asked = bool(_SAID.search(text)) and not said


def _after_words(text: str) -> str:
    found = _SAID.search(text)
    return found[1] if found else ""


def _unit(said: str, currencies: CodeList) -> Code | None:
    found = currencies.find(_AFTER_UNIT.split(said)[0].strip()) if said else ()
    return found[0] if len(found) == 1 else None
