"""Reads one table sheet into typed rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xltrack.findings import Finding
from xltrack.forms import Sheet, fold
from xltrack.language import Text
from xltrack.reading.appearance import Shown, appearance_findings, in_runs
from xltrack.reading.body import Body
from xltrack.reading.cells import BLANK, Cell, raw_text
from xltrack.reading.coerce import coerce
from xltrack.reading.columns import Columns, column_findings, settled
from xltrack.reading.control_totals import total_findings
from xltrack.reading.extract import Grid, address, area, corners, letters
from xltrack.reading.headings import Known, Layout
from xltrack.reading.kinds_of_rows import Kinds, OtherTable, kinds_of_rows
from xltrack.reading.ledger import Tally, filled
from xltrack.reading.model import ROW, Table
from xltrack.reading.privacy import sayable
from xltrack.reading.reasons import REASONS
from xltrack.reading.unit_rows import unit_row_findings
from xltrack.reading.values import Oddity, Setting, marks_of

_BAND = 3
_FEWEST_FILLED = 3
_NAMED_KINDS = ("total", "section", "example", "placeholder", "footer", "remark")
_SCRATCH = "scratch"
_LIKE_EXAMPLES = Text(
    " và bỏ chữ “Ví dụ”, “Mẫu” ở đầu ô", " and delete the words “Ví dụ” or “Mẫu” at the beginning of the cell"
)


@dataclass(frozen=True)
class Placed:
    """A sheet of the form and the worksheet it was found in; `layout` is None where no headings were found.

    `known` are the headings of the sheet, `others` those of the form's other table sheets.
    """

    sheet: Sheet
    grid: Grid
    layout: Layout | None
    known: Known
    others: Sequence[Known] = ()


def read_table(placed: Placed, setting: Setting, tally: Tally) -> tuple[Table | None, list[Finding]]:
    """Return the records of a table with what was found, and enter all its cells into `tally`.

    Blank rows are passed over; rows below the native table are read as well. None without headings.
    """
    if placed.layout is None:
        tally.ignore_all("header_not_found")
        return None, [Finding("XLT207", placed.grid.tab, facts={"tab": placed.sheet.tab})]
    cells = [column[placed.layout.first_row :] for column in placed.grid.columns]
    above = [*_above(placed, placed.layout, tally)]
    columns = settled(Columns(placed.sheet, placed.grid, placed.layout, cells))
    body = Body(
        placed.sheet,
        columns.layout,
        cells,
        placed.known,
        placed.others,
        _bands(placed),
        _joined(placed, columns.layout),
    )
    kinds = kinds_of_rows(body, _starts(placed, columns.layout))
    columns = replace(columns, cells=_without(body, kinds, tally))
    findings = [*above, *column_findings(columns, tally), *_kind_findings(body, kinds, placed.grid.tab)]
    table, oddities = _typed(body, kinds, placed.grid, setting, tally)
    findings += unit_row_findings(body, kinds.ignored, placed.grid.tab, setting)
    findings += total_findings(body, table, kinds.ignored, setting)
    findings += appearance_findings(_shown(placed, body, kinds))
    return table, [*findings, *cell_findings(table, oddities)]


def cell_findings(table: Table, oddities: Sequence[Oddity]) -> Iterator[Finding]:
    """Yield one finding for each of `oddities`, at its address, with the heading and the text of the cell."""
    rows = table.frame[ROW]
    for odd in oddities:
        row, cell = table.place(odd.column.id, int(rows[odd.at]))
        text = table.raw.at(odd.column.id, odd.at)
        value = None if text is None else sayable(odd.column, text)
        facts = {"title": odd.column.title, **odd.facts}
        yield Finding(odd.code, table.tab, row, cell, odd.column.id, value, facts)


def _above(placed: Placed, layout: Layout, tally: Tally) -> Iterator[Finding]:
    """Enter the rows above the records into `tally`; yield if some of them look like records themselves."""
    sheet = placed.sheet
    helps = {fold(sheet.help.vi), fold(sheet.help.en), fold(sheet.help.vi + sheet.help.en)}
    rows = placed.grid.rows[: layout.first_row]
    records = _records_above(placed, layout)
    for at, row in enumerate(rows):
        if at == layout.id_row:
            tally.ignore_row("id_row", at, row)
        elif at in layout.heading_rows:
            tally.ignore_row("heading", at, row)
        elif at in records:
            tally.ignore_row("above_headings", at, row)
        else:
            is_help = any(isinstance(cell, str) and cell and fold(cell) in helps for cell in row)
            tally.ignore_row("help" if is_help else "title", at, row)
    if records:
        left = next(at for at, cell in enumerate(rows[records[0]]) if cell != BLANK)
        facts = {"rows": in_runs([row + 1 for row in records]), "count": len(records)}
        yield Finding("XLT232", placed.grid.tab, records[0] + 1, address(records[0], left), facts=facts)


def _records_above(placed: Placed, layout: Layout) -> list[int]:
    """Return the places of the rows above the headings that have most of what makes a record.

    One such row of nothing but texts may be a further row of headings.
    """
    known = layout.columns
    needed = [known[column.id] for column in placed.sheet.columns if column.required and column.id in known]
    found = [
        at
        for at, row in enumerate(placed.grid.rows[: layout.first_row])
        if at != layout.id_row and at not in layout.heading_rows
        if sum(row[place] != BLANK for place in known.values()) >= _FEWEST_FILLED
        if sum(row[place] != BLANK for place in needed) * 2 > len(needed)
    ]
    is_text = all(isinstance(cell, str) for at in found for cell in placed.grid.rows[at])
    return [] if len(found) == 1 and is_text else found


def _bands(placed: Placed) -> frozenset[int]:
    """Return the places, below the headings, of rows in which one cell is merged over several columns."""
    first = placed.layout.first_row if placed.layout else 0
    spans = corners(placed.grid.facts.merges).values()
    return frozenset(
        top - first for top, left, bottom, right in spans if top == bottom and right - left + 1 >= _BAND
    )


def _joined(placed: Placed, layout: Layout) -> dict[int, int]:
    """Return for each row below the headings that lies under a merged cell of the key, or required, that cell's row."""
    sheet, first = placed.sheet, layout.first_row
    needed = {
        layout.columns[column.id]
        for column in sheet.columns
        if column.id in layout.columns and (column.required or column.id in sheet.key)
    }
    return {
        row - first: top - first
        for top, left, bottom, right in corners(placed.grid.facts.merges).values()
        if top >= first and not needed.isdisjoint(range(left, right + 1))
        for row in range(top + 1, min(bottom + 1, len(placed.grid.rows)))
    }


def _starts(placed: Placed, layout: Layout) -> list[int]:
    """Return the places, below the headings, at which further native tables begin."""
    tops = (top for top, *_ in corners(placed.grid.facts.tables.values()).values())
    return [top - layout.first_row for top in tops if top >= layout.first_row]


def _without(body: Body, kinds: Kinds, tally: Tally) -> Sequence[Sequence[Cell]]:
    """Enter the rows that are no records into `tally`; return the columns of `body` with these rows blank."""
    left_out = dict(kinds.ignored)
    if kinds.other:
        left_out |= dict.fromkeys(range(kinds.other.at, len(body.rows)), "other_table")
    columns = [list(column) for column in body.columns] if left_out else body.columns
    for at, reason in left_out.items():
        tally.ignore_row(reason, body.layout.first_row + at, body.rows[at])
        for column in columns:
            column[at] = BLANK  # type: ignore[index]  # copies, made above
    return columns


def _kind_findings(body: Body, kinds: Kinds, tab: str) -> Iterator[Finding]:
    """Yield which rows were taken for what, and where cells stand that belong to no record."""
    for reason in (*_NAMED_KINDS, _SCRATCH):
        rows = [body.layout.first_row + at for at, kind in kinds.ignored.items() if kind == reason]
        if rows:
            cell = next(
                at for at, value in enumerate(body.rows[rows[0] - body.layout.first_row]) if value != BLANK
            )
            numbers = in_runs([row + 1 for row in rows])
            example = _LIKE_EXAMPLES if reason == "example" else None
            facts = {"rows": numbers, "kind": REASONS[reason], "count": len(rows), "example": example}
            code = "XLT230" if reason == _SCRATCH else "XLT215"
            yield Finding(code, tab, rows[0] + 1, address(rows[0], cell), facts=facts)
    for code, marks in (("XLT261", kinds.like_examples), ("XLT262", kinds.like_totals)):
        yield from (_marked(code, body, tab, *mark) for mark in marks.items())
    if kinds.other:
        yield _other_finding(body, kinds.other, tab)


def _marked(code: str, body: Body, tab: str, at: int, place: int) -> Finding:
    """Return the finding `code` at the cell, at `place` of the row at `at`, that calls a record something else."""
    row, column = body.layout.first_row + at, body.mapped[place]
    said = sayable(column, raw_text(body.rows[at][place]))
    return Finding(code, tab, row + 1, address(row, place), column.id, said)


def _other_finding(body: Body, other: OtherTable, tab: str) -> Finding:
    rows = body.rows[other.at :]
    top = body.layout.first_row + other.at
    places = {at for row in rows for at, cell in enumerate(row) if cell != BLANK}
    left = min(places)
    span = area(top, left, top + len(rows) - 1, max(places))
    facts = {"range": span, "cells": sum(map(filled, rows)), "title": other.title}
    return Finding("XLT226" if other.title else "XLT225", tab, top + 1, address(top, left), facts=facts)


def _typed(
    body: Body, kinds: Kinds, grid: Grid, setting: Setting, tally: Tally
) -> tuple[Table, Sequence[Oddity]]:
    """Return the records as typed rows, and what was odd; enter their cells into `tally`."""
    first, columns = body.layout.first_row, body.layout.columns
    cells = {column_id: _at(kinds.records, body.columns[at]) for column_id, at in columns.items()}
    addresses = {column_id: letters(at) for column_id, at in columns.items()}
    numbers = _moved(kinds.records, first + 1)
    coerced = coerce(body.sheet, numbers, cells, setting, marks_of(grid.facts.marks, addresses, numbers))
    tally.mapped += coerced.cells
    return Table(body.sheet, grid.tab, coerced.frame, coerced.raw, addresses), coerced.oddities


def _at(records: Sequence[int], column: Sequence[Cell]) -> Sequence[Cell]:
    return column if len(records) == len(column) else [column[at] for at in records]


def _shown(placed: Placed, body: Body, kinds: Kinds) -> Shown:
    first = body.layout.first_row
    return Shown(placed.grid, _moved(kinds.records, first), body.mapped)


def _moved(places: Sequence[int], by: int) -> Sequence[int]:
    """Return ascending `places`, so many rows further down."""
    if places and places[-1] - places[0] == len(places) - 1:
        return range(places[0] + by, places[-1] + by + 1)
    return [at + by for at in places]
