"""Says of the columns of a table what is missing, twice, foreign or headed by other words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from xltrack.findings import Finding
from xltrack.forms import Sheet, fold
from xltrack.language import Text
from xltrack.reading.cells import BLANK, Cell
from xltrack.reading.extract import Grid, address, area, letters
from xltrack.reading.headings import Layout, are_mostly_heads
from xltrack.reading.ledger import Tally, filled
from xltrack.reading.text import clean, listed

_ALIKE = 72
_SUGGESTIONS = 3
_FEWEST_ASIDE = 2
_LONGEST_NUMBER = 6
_ROW_NUMBERS = frozenset({"stt", "tt", "sott", "sothutu", "no", "number"})


@dataclass(frozen=True)
class Columns:
    """The columns below the headings of one sheet, without the cells of rows that are no records.

    From the place `aside` on a second table stands beside; `is_own_aside` says whether it is headed as the sheet is.
    """

    sheet: Sheet
    grid: Grid
    layout: Layout
    cells: Sequence[Sequence[Cell]]
    aside: int = 0
    is_own_aside: bool = False

    def filled(self, at: int) -> int:
        """Return how many cells of the column at the place `at` have content."""
        return len(self.cells[at]) - self.cells[at].count(BLANK)

    def heading(self, at: int) -> tuple[int, str]:
        """Return the row of the heading over the column at the place `at`, counted from 0, and its address."""
        rows = self.layout.heading_rows or (self.layout.first_row,)
        there = (
            row for row in reversed(rows) if row < len(self.grid.rows) and self.grid.columns[at][row] != BLANK
        )
        row = next(there, rows[0])
        return row, address(row, at)


def settled(columns: Columns) -> Columns:
    """Return `columns` with the place of a table aside, and of columns that are there twice those with content."""
    aside = _aside(columns)
    twice = {
        column_id: tuple(at for at in places if at < aside and columns.filled(at)) or places[:1]
        for column_id, places in columns.layout.twice.items()
    }
    layout = replace(
        columns.layout,
        columns={**columns.layout.columns, **{column_id: places[0] for column_id, places in twice.items()}},
        twice={column_id: places for column_id, places in twice.items() if len(places) > 1},
    )
    return replace(columns, layout=layout, aside=aside, is_own_aside=_is_own(columns, aside))


def column_findings(columns: Columns, tally: Tally) -> Iterator[Finding]:
    """Yield what there is to say of the columns, and enter the cells of those that are not read into `tally`."""
    yield from _declared(columns)
    yield from _edited(columns)
    for column_id, places in columns.layout.twice.items():
        yield from _twice(columns, column_id, places, tally)
    known = {
        *columns.layout.columns.values(),
        *(at for places in columns.layout.twice.values() for at in places),
    }
    for at in range(columns.aside):
        if at not in known:
            yield from _stranger(columns, at, tally)
    if columns.aside < columns.grid.width:
        yield _table_aside(columns, tally)


def _declared(columns: Columns) -> Iterator[Finding]:
    for column in columns.sheet.columns:
        if column.id not in columns.layout.columns:
            code = "XLT203" if column.required else "XLT204"
            yield Finding(code, columns.grid.tab, column=column.id, facts={"title": column.title})


def _edited(columns: Columns) -> Iterator[Finding]:
    """Yield where the heading over a column that is read, or would be, is not the one of its id."""
    by_id = columns.sheet.by_id
    for at, (column_id, other) in columns.layout.edited.items():
        read = (columns.layout.columns[column_id], *columns.layout.twice.get(column_id, ()))
        if at not in read:
            continue
        row, cell = columns.heading(at)
        facts = {"title": by_id[column_id].title, "letter": letters(at)}
        text = columns.layout.headings[at]
        if other is None:
            yield Finding("XLT211", columns.grid.tab, row + 1, cell, column_id, text, facts)
        else:
            facts["other"] = by_id[other].title
            yield Finding("XLT210", columns.grid.tab, row + 1, cell, column_id, text, facts)


def _twice(columns: Columns, column_id: str, places: Sequence[int], tally: Tally) -> Iterator[Finding]:
    facts = {"title": columns.sheet.by_id[column_id].title, "letters": ", ".join(map(letters, places))}
    yield Finding("XLT206", columns.grid.tab, column=column_id, facts=facts)
    for at in places[1:]:
        _ignore(columns, "duplicate_column", at, tally)


def _ignore(columns: Columns, reason: str, at: int, tally: Tally) -> int:
    return tally.ignore_column(reason, at, columns.cells[at], columns.layout.first_row)


def _stranger(columns: Columns, at: int, tally: Tally) -> Iterator[Finding]:
    """Yield what to say of a column that the sheet does not have; nothing of one that only counts the rows."""
    heading = columns.layout.headings.get(at)
    if heading is not None and fold(heading) in _ROW_NUMBERS and _counts_rows(columns.cells[at]):
        _ignore(columns, "row_numbers", at, tally)
        return
    cells = _ignore(columns, "outside_table" if heading is None else "unknown_column", at, tally)
    if not cells:
        return
    row, cell = columns.heading(at)
    name = Text(f"{letters(at)} (không có tiêu đề)", f"{letters(at)} (no heading)")
    missing = [column for column in columns.sheet.columns if column.id not in columns.layout.columns]
    alike = listed(_alike(clean(heading), [column.title for column in missing]) if heading else [])
    facts = {"cells": cells, "suggestions": alike} | ({} if heading else {"value": name})
    yield Finding("XLT205", columns.grid.tab, row + 1, cell, None, heading, facts)


def _counts_rows(cells: Sequence[Cell]) -> bool:
    return not any(type(cell) is str and len(cell) > _LONGEST_NUMBER for cell in cells)


def _alike(heading: str, titles: list[Text]) -> list[Text]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # seldom needed

    keys = {at: fold(title.vi) for at, title in enumerate(titles)}
    found = process.extract(fold(heading), keys, scorer=fuzz.WRatio, score_cutoff=_ALIKE, limit=_SUGGESTIONS)
    return [titles[at] for _, _, at in found]


def _aside(columns: Columns) -> int:
    """Return where a second table stands, behind a wholly blank column; the width of the sheet if there is none."""
    width = columns.grid.width
    behind = range(max(columns.layout.columns.values(), default=0) + 1, width)
    used = [at for at in behind if columns.filled(at) or at in columns.layout.headings]
    gap = next((at for at in behind if at not in used), width)
    beside = [at for at in used if at > gap]
    return beside[0] if len(beside) >= _FEWEST_ASIDE else width


def _is_own(columns: Columns, aside: int) -> bool:
    """Return whether what stands from the place `aside` on may hold records of the sheet, and not sums of them.

    One of its headings then says which thing a row is of, or they are mostly the sheet's.
    """
    layout = columns.layout
    heads = {column_id for column_id, places in layout.twice.items() if places[-1] >= aside}
    names_things = any(_names_thing(columns.sheet, column_id) for column_id in heads)
    return names_things or are_mostly_heads(len(heads), sum(at >= aside for at in layout.headings))


def _names_thing(sheet: Sheet, column_id: str) -> bool:
    """Return whether a column says which thing a row is of: by reference, or by a part of the key that is free text."""
    column = sheet.by_id[column_id]
    is_free = column.type == "string" and column.code_list is None
    return column.references is not None or (column_id in sheet.key and is_free)


def _table_aside(columns: Columns, tally: Tally) -> Finding:
    """Return that a table beside the first was not read; that of the form's own columns is an error."""
    beside = range(columns.aside, columns.grid.width)
    places = [at for at in beside if columns.filled(at) or at in columns.layout.headings]
    for at in places:
        _ignore(columns, "other_table", at, tally)
    ends = [_ends(columns, at) for at in places]
    top, bottom = min(first for first, _ in ends), max(last for _, last in ends)
    cells = sum(filled(columns.grid.columns[at][top : bottom + 1]) for at in places)
    span = area(top, places[0], bottom, places[-1])
    facts = {"range": span, "cells": cells, "title": columns.sheet.title}
    code = "XLT226" if columns.is_own_aside else "XLT225"
    return Finding(code, columns.grid.tab, top + 1, address(top, columns.aside), facts=facts)


def _ends(columns: Columns, at: int) -> tuple[int, int]:
    """Return the first and the last row with content, its heading included, of the column at the place `at`."""
    heads = [columns.heading(at)[0]] if at in columns.layout.headings else []
    rows = [row for row, cell in enumerate(columns.cells[at], columns.layout.first_row) if cell != BLANK]
    return (*heads, *rows)[0], (*heads, *rows)[-1]
