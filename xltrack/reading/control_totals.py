"""Holds the totals that people write into a table against the records above or below them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from math import inf, isclose

from xltrack.findings import Finding
from xltrack.forms import Column
from xltrack.language import Text
from xltrack.reading.body import Body
from xltrack.reading.coerce import coerce
from xltrack.reading.model import ROW, Table
from xltrack.reading.numbers import of_number, shown
from xltrack.reading.text import clean, is_nothing
from xltrack.reading.values import Setting

_DONG = Text(" đồng", " VND")
_NO_UNIT = Text("", "")


@dataclass(frozen=True)
class _Part:
    """Some records one below the other: the first and the last row, their sum, and whether all could be read."""

    first: int
    last: int
    sum: Decimal
    is_read: bool

    def agrees(self, total: Decimal) -> bool:
        """Return whether `total` is the sum, or might be: of cells that could not be read nobody knows."""
        return not self.is_read or isclose(total, self.sum, rel_tol=1e-9, abs_tol=1e-6)


class _Records:
    """One column of the records: their row numbers, and for each how much all above it add up to."""

    def __init__(self, table: Table, column_id: str) -> None:
        values = table.frame[column_id].to_list()
        self._rows: list[int] = table.frame[ROW].to_list()
        self._sums = list(accumulate((of_number(value or 0) for value in values), initial=Decimal(0)))
        unread = (
            value is None
            and (text := table.raw.at(column_id, at)) is not None
            and not is_nothing(clean(text))
            for at, value in enumerate(values)
        )
        self._unread = list(accumulate(unread, initial=0))

    def between(self, above: float, below: float) -> _Part | None:
        """Return the records below the row `above` and above the row `below`; None if there are none."""
        start, end = bisect_right(self._rows, above), bisect_left(self._rows, below)
        if start >= end:
            return None
        is_read = self._unread[end] == self._unread[start]
        return _Part(self._rows[start], self._rows[end - 1], self._sums[end] - self._sums[start], is_read)


@dataclass(frozen=True)
class _Marks:
    """The rows, ascending, that may hold sums of records: `all`, and those that are `totals` or head `sections`."""

    all: Sequence[int]
    totals: Sequence[int]
    sections: Sequence[int]

    def spans(self, row: int) -> Iterator[tuple[float, float]]:
        """Yield between which rows the records may stand that the sum in `row` adds up."""
        for ends in (self.all, self.sections, ()):
            yield row, _next(ends, row)
        if row in self.totals:
            for starts in (self.all, self.totals, ()):
                yield _previous(starts, row), row
            yield 0, inf


def _previous(rows: Sequence[int], row: int) -> float:
    at = bisect_left(rows, row)
    return rows[at - 1] if at else 0


def _next(rows: Sequence[int], row: int) -> float:
    at = bisect_right(rows, row)
    return rows[at] if at < len(rows) else inf


def total_findings(
    body: Body, table: Table, ignored: Mapping[int, str], setting: Setting
) -> Iterator[Finding]:
    """Yield where a total does not equal the sum of records that it stands below, above, or between.

    `ignored` are the rows of `body` that are no records, with the reason; totals and sections may hold sums.
    Where records of the sum could not be read nothing is said of it; they have their own findings.
    """
    first = body.layout.first_row + 1
    marks = _marks(ignored, first)
    if not marks.all:
        return
    places = {column.id: place for place, column in body.mapped.items() if place in body.added}
    cells = {name: [body.columns[place][row - first] for row in marks.all] for name, place in places.items()}
    totals = coerce(body.sheet, marks.all, cells, setting)
    for name in places:
        written = zip(marks.all, totals.frame[name].to_list(), totals.raw[name].to_list(), strict=True)
        known = [(row, of_number(total), text) for row, total, text in written if total is not None]
        if not known:
            continue
        records = _Records(table, name)
        for row, total, text in known:
            parts = [part for span in marks.spans(row) if (part := records.between(*span))]
            if parts and not any(part.agrees(total) for part in parts):
                yield _finding(table, body.sheet.by_id[name], (row, text), total, parts)


def _marks(ignored: Mapping[int, str], first: int) -> _Marks:
    totals = [first + at for at, reason in ignored.items() if reason == "total"]
    sections = [first + at for at, reason in ignored.items() if reason == "section"]
    return _Marks(sorted(totals + sections), totals, sections)


def _finding(
    table: Table, column: Column, written: tuple[int, str | None], total: Decimal, parts: Sequence[_Part]
) -> Finding:
    """Return that `total` is none of the sums of `parts`, with the one that comes nearest."""
    row, text = written
    part = min(parts, key=lambda part: abs(part.sum - total))
    unit = _DONG if column.money else _NO_UNIT
    facts = {
        "title": column.title,
        "rows": str(part.first) if part.first == part.last else f"{part.first}–{part.last}",
        "total": _said(total, unit),
        "sum": _said(part.sum, unit),
        "difference": _said(abs(total - part.sum), unit),
    }
    return Finding("XLT216", table.tab, row, table.cell(column.id, row), column.id, text, facts)


def _said(number: Decimal, unit: Text) -> Text:
    digits = shown(number)
    return Text(f"{digits.vi}{unit.vi}", f"{digits.en}{unit.en}")
