"""Says what a worksheet shows beside its values: merged, struck through, hidden, commented on, drawn over."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from xltrack.findings import Finding
from xltrack.findings.marking import without_ours
from xltrack.findings.masking import masked
from xltrack.forms import Column
from xltrack.intake.places import LETTERS_OF, NUMBER_OF, range_of
from xltrack.language import Text
from xltrack.reading.cells import BLANK, Cell, raw_text
from xltrack.reading.extract import Grid, address, area, corners
from xltrack.reading.privacy import sayable

_SHOWN_CELLS = 5
Area = tuple[int, int, int, int]
Place = tuple[int, int]


@dataclass(frozen=True)
class Shown:
    """The cells of one worksheet that were read: which rows, and which columns of the sheet, by their places.

    The rows ascend. A card has its cells in `card`, by their places, instead.
    """

    grid: Grid
    rows: Sequence[int] = ()
    columns: Mapping[int, Column] = field(default_factory=dict)
    card: Mapping[Place, Column] = field(default_factory=dict)

    def column(self, row: int, column: int) -> Column | None:
        """Return the column of the sheet that the cell at a place belongs to; None if it was not read."""
        if self.card:
            return self.card.get((row, column))
        return self.columns.get(column) if self.has(row) else None

    def has(self, row: int) -> bool:
        """Return whether cells of the row at the place `row` were read."""
        if self.card:
            return any(row == at for at, _ in self.card)
        place = bisect_left(self.rows, row)
        return place < len(self.rows) and self.rows[place] == row


def appearance_findings(shown: Shown) -> Iterator[Finding]:
    """Yield what the sender sees, or does not see, on the worksheet and values do not tell; all of it was read."""
    yield from _sheet(shown)
    yield from _hidden(shown)
    yield from _merged(shown)
    yield from _struck(shown)
    yield from _commented(shown)
    if not shown.card:
        yield from _below_table(shown)
        if shown.grid.facts.drawings:
            yield Finding("XLT223", shown.grid.tab, facts={"count": shown.grid.facts.drawings})


def _sheet(shown: Shown) -> Iterator[Finding]:
    if shown.grid.facts.state != "visible" and (shown.rows or shown.card):
        yield Finding("XLT214", shown.grid.tab, facts={"rows": len(shown.rows) or len(shown.card)})


def _hidden(shown: Shown) -> Iterator[Finding]:
    """Yield how many hidden rows, and which hidden columns, were read."""
    rows = [row for row in shown.grid.facts.hidden_rows if shown.has(row - 1)]
    if rows:
        code = "XLT222" if shown.grid.facts.is_filtered else "XLT221"
        yield Finding(code, shown.grid.tab, rows[0], facts={"rows": in_runs(rows), "count": len(rows)})
    places = {column for _, column in shown.card} if shown.card else shown.columns
    hidden = [name for name in shown.grid.facts.hidden_columns if NUMBER_OF[name] - 1 in places]
    if hidden and (shown.rows or shown.card):
        yield Finding("XLT224", shown.grid.tab, facts={"letters": ", ".join(hidden)})


def _merged(shown: Shown) -> Iterator[Finding]:
    """Yield what is wrong with the merged ranges that lie over cells of records."""
    for span in corners(shown.grid.facts.merges).values():
        read = _read_in(shown, span)
        if read:
            yield from _covering(shown, span, read)
            yield from _covered(shown, span, read)


def _read_in(shown: Shown, span: Area) -> dict[Place, Column]:
    top, left, bottom, right = span
    return {
        (row, at): column
        for row in range(top, min(bottom, len(shown.grid.rows) - 1) + 1)
        for at in range(left, min(right, shown.grid.width - 1) + 1)
        if (column := shown.column(row, at))
    }


def _covering(shown: Shown, span: Area, read: Mapping[Place, Column]) -> Iterator[Finding]:
    """Yield that blank cells lie under a value: downwards an error, since other rows want it."""
    blank = [cell for cell in read if _at(shown, cell) == BLANK]
    if len(read) > 1 and blank and _at(shown, span[:2]) != BLANK:
        top, left = next(iter(read))
        below = [cell for cell in blank if cell[0] > top and cell[1] == left]
        yield _merge_finding("XLT217" if below else "XLT218", shown, span, read, named(below or blank))


def _covered(shown: Shown, span: Area, read: Mapping[Place, Column]) -> Iterator[Finding]:
    """Yield which values nobody sees, because they lie under another one or under nothing."""
    seen = _at(shown, span[:2])
    hidden = {cell: _at(shown, cell) for cell in read if _at(shown, cell) not in (BLANK, seen)}
    if hidden:
        texts = [
            f"{address(*cell)} “{sayable(read[cell], raw_text(value))}”" for cell, value in hidden.items()
        ]
        yield _merge_finding("XLT233", shown, span, read, listed(texts))


def _at(shown: Shown, place: Place) -> Cell:
    row, at = place
    return shown.grid.columns[at][row]


def _merge_finding(code: str, shown: Shown, span: Area, read: Mapping[Place, Column], cells: Text) -> Finding:
    top, left, _, _ = span
    column = next(iter(read.values()))
    seen = _at(shown, (top, left))
    value = None if seen == BLANK else sayable(column, raw_text(seen))
    facts = {"range": area(*span), "cells": cells, "title": column.title}
    return Finding(code, shown.grid.tab, top + 1, address(top, left), column.id, value, facts)


def merged_cells(finding: Finding) -> Iterator[str]:
    """Yield the cells of the merged range that `finding` is about: they all wait for the same decision."""
    span = range_of(str(finding.facts["range"])) if finding.code in ("XLT217", "XLT233") else None
    if span:
        for column in LETTERS_OF[span.left - 1 : span.right]:
            yield from (f"{column}{row}" for row in range(span.top, span.bottom + 1))


def _struck(shown: Shown) -> Iterator[Finding]:
    """Yield each row with cells that are struck through."""
    struck: dict[int, dict[int, Column]] = defaultdict(dict)
    cells = [cell for cell, marks in shown.grid.facts.marks.items() if "struck" in marks]
    for row, at, _, _ in corners(cells).values():
        if column := shown.column(row, at):
            struck[row][at] = column
    for row, columns in sorted(struck.items()):
        at = min(columns)
        value = sayable(columns[at], raw_text(shown.grid.columns[at][row]))
        yield Finding(
            "XLT219", shown.grid.tab, row + 1, address(row, at), None, value, {"count": len(columns)}
        )


def _commented(shown: Shown) -> Iterator[Finding]:
    """Yield the notes that people wrote on cells that were read; answers below what xltrack wrote are none (XLT147)."""
    explained = {*shown.grid.facts.explained}
    comments = {at: text for at, text in shown.grid.facts.comments.items() if at not in explained}
    for cell, (row, at, _, _) in corners(comments).items():
        column = shown.column(row, at)
        written = without_ours(comments[cell])
        if column and written:
            facts = {"title": column.title, "comment": masked(written)}
            yield Finding("XLT220", shown.grid.tab, row + 1, cell, column.id, None, facts)


def _below_table(shown: Shown) -> Iterator[Finding]:
    """Yield how many records stand below the native table that holds the first of them."""
    first = next(iter(shown.rows), 0)
    for span, (top, left, bottom, right) in corners(shown.grid.facts.tables.values()).items():
        if top < first <= bottom + 1 and any(left <= at <= right for at in shown.columns):
            below = [row + 1 for row in shown.rows[bisect_right(shown.rows, bottom) :]]
            if below:
                facts = {"rows": in_runs(below), "count": len(below), "range": span}
                yield Finding("XLT229", shown.grid.tab, below[0], facts=facts)


def in_runs(numbers: Sequence[int]) -> str:
    """Return ascending row numbers as people write them: "5, 7–9"; of many the first runs, and "…"."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] + 1 == number:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    texts = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:_SHOWN_CELLS]]
    return ", ".join(texts) + (", …" if len(runs) > _SHOWN_CELLS else "")


def named(cells: Sequence[Place]) -> Text:
    """Return the addresses of `cells`; of many the first, and how many more."""
    return listed([address(*cell) for cell in cells])


def listed(cells: Sequence[str]) -> Text:
    """Return what is said of single `cells`; of many the first, and how many more."""
    texts = ", ".join(cells[:_SHOWN_CELLS])
    more = len(cells) - _SHOWN_CELLS
    return (
        Text(texts, texts)
        if more <= 0
        else Text(f"{texts} và {more} ô nữa", f"{texts} and {more} more cell{'' if more == 1 else 's'}")
    )
