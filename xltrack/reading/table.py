"""Reads one table sheet into typed rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from xltrack.findings import Finding
from xltrack.forms import Code, Sheet, fold
from xltrack.language import Text
from xltrack.reading.cells import BLANK, Cell
from xltrack.reading.coerce import coerce
from xltrack.reading.extract import Grid, address, letters
from xltrack.reading.headings import Layout
from xltrack.reading.ledger import Tally, filled
from xltrack.reading.model import ROW, Table
from xltrack.reading.privacy import sayable
from xltrack.reading.text import clean, listed
from xltrack.reading.values import Oddity, Setting, marks_of

_ALIKE = 72
_SUGGESTIONS = 3


@dataclass(frozen=True)
class Placed:
    """A sheet of the form and the worksheet it was found in; `layout` is None where no headings were found."""

    sheet: Sheet
    grid: Grid
    layout: Layout | None


def read_table(placed: Placed, setting: Setting, tally: Tally) -> tuple[Table | None, list[Finding]]:
    """Return the rows of a table with what was found, and enter all its cells into `tally`.

    Blank rows are passed over; rows below the native table are read as well. None without headings.
    """
    if placed.layout is None:
        tally.ignore_all("header_not_found")
        return None, [Finding("XLT207", placed.grid.tab, facts={"tab": placed.sheet.tab})]
    layout = placed.layout
    rows, columns = _data(placed, layout, tally)
    findings = [*_column_findings(placed, layout, columns, tally)]
    cells = {column_id: [columns[at][row] for row in rows] for column_id, at in layout.columns.items()}
    tally.mapped += sum(filled(values) for values in cells.values())
    addresses = {column_id: letters(at) for column_id, at in layout.columns.items()}
    numbers = [layout.first_row + row + 1 for row in rows]
    marks = marks_of(placed.grid.facts.marks, addresses, numbers)
    coerced = coerce(placed.sheet, numbers, cells, setting, marks)
    table = Table(placed.sheet, placed.grid.tab, coerced.frame, coerced.raw, addresses)
    return table, [*findings, *cell_findings(table, coerced.oddities)]


def cell_findings(table: Table, oddities: Sequence[Oddity]) -> Iterator[Finding]:
    """Yield one finding for each of `oddities`, at its address, with the heading and the text of the cell."""
    rows = table.frame[ROW]
    for odd in oddities:
        row = int(rows[odd.at])
        text = table.raw[odd.column.id][odd.at]
        value = None if text is None else sayable(odd.column, text)
        facts = {"title": odd.column.title, **odd.facts}
        yield Finding(odd.code, table.tab, row, table.cell(odd.column.id, row), odd.column.id, value, facts)


def money_finding(placed: Placed, cover: Code | None) -> Finding | None:
    """Return the finding that the money unit in the headings is not the one of the cover; None if all agree."""
    for column_id, unit in (placed.layout.money if placed.layout and cover else {}).items():
        column = placed.sheet.by_id[column_id]
        if cover and column.money and unit.code != cover.code and placed.layout:
            at = address(placed.layout.heading_row or 0, placed.layout.columns[column_id])
            row = (placed.layout.heading_row or 0) + 1
            facts = {"title": column.title, "heading": unit.label, "cover": cover.label}
            return Finding("XLT128", placed.grid.tab, row, at, column_id, unit.label.vi, facts)
    return None


def _data(placed: Placed, layout: Layout, tally: Tally) -> tuple[list[int], list[tuple[Cell, ...]]]:
    """Return which rows below the headings are data, and the columns below the headings."""
    grid = placed.grid
    _tally_top(placed, layout, tally)
    below = grid.rows[layout.first_row :]
    headings = grid.rows[layout.heading_row] if layout.heading_row is not None else None
    repeated = [at for at, row in enumerate(below) if row == headings]
    for at in repeated:
        tally.ignore_row("heading", layout.first_row + at, below[at])
        below[at] = [BLANK] * grid.width
    columns: list[tuple[Cell, ...]] = list(zip(*below, strict=True)) if below else [()] * grid.width
    mapped = [columns[at] for at in layout.columns.values()]
    rows = [at for at, row in enumerate(zip(*mapped, strict=True)) if row.count(BLANK) < len(row)]
    return rows, columns


def _tally_top(placed: Placed, layout: Layout, tally: Tally) -> None:
    sheet = placed.sheet
    helps = {fold(sheet.help.vi), fold(sheet.help.en), fold(sheet.help.vi + sheet.help.en)}
    for at, row in enumerate(placed.grid.rows[: layout.first_row]):
        if at == layout.id_row:
            tally.ignore_row("id_row", at, row)
        elif at == layout.heading_row:
            tally.ignore_row("heading", at, row)
        else:
            is_help = any(isinstance(cell, str) and cell and fold(cell) in helps for cell in row)
            tally.ignore_row("help" if is_help else "title", at, row)


def _column_findings(
    placed: Placed, layout: Layout, columns: list[tuple[Cell, ...]], tally: Tally
) -> Iterator[Finding]:
    tab = placed.grid.tab
    for column in placed.sheet.columns:
        if column.id not in layout.columns:
            code = "XLT203" if column.required else "XLT204"
            yield Finding(code, tab, column=column.id, facts={"title": column.title})
        elif column.id in layout.twice:
            places = layout.twice[column.id]
            facts = {"title": column.title, "letters": ", ".join(letters(at) for at in places)}
            yield Finding("XLT206", tab, column=column.id, facts=facts)
            for at in places[1:]:
                tally.ignore_column("duplicate_column", at, columns[at], layout.first_row)
    known = {*layout.columns.values(), *(at for places in layout.twice.values() for at in places)}
    for at in range(placed.grid.width):
        if at not in known:
            cells = tally.ignore_column(_reason(layout, at), at, columns[at], layout.first_row)
            yield from _stranger(placed, layout, at, cells)


def _reason(layout: Layout, at: int) -> str:
    return "unknown_column" if at in layout.strange else "outside_table"


def _stranger(placed: Placed, layout: Layout, at: int, cells: int) -> Iterator[Finding]:
    if not cells:
        return
    heading = layout.strange.get(at)
    row = layout.heading_row if layout.heading_row is not None else layout.first_row
    finding = Finding("XLT205", placed.grid.tab, row + 1, address(row, at), None, heading, {"cells": cells})
    name = (
        {} if heading else {"value": Text(f"{letters(at)} (không có tiêu đề)", f"{letters(at)} (no heading)")}
    )
    missing = [column for column in placed.sheet.columns if column.id not in layout.columns]
    alike = listed(_alike(clean(heading), [column.title for column in missing]) if heading else [])
    yield replace(finding, facts={**finding.facts, **name, "suggestions": alike})


def _alike(heading: str, titles: list[Text]) -> list[Text]:
    keys = {at: fold(title.vi) for at, title in enumerate(titles)}
    found = process.extract(fold(heading), keys, scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=_SUGGESTIONS)
    return [titles[at] for _, _, at in found]
