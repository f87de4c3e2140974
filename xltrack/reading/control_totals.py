"""Holds the totals that people write into a table against the records above or below them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, inf, isclose

from xltrack.findings import Finding
from xltrack.forms import Column
from xltrack.language import Text
from xltrack.reading.body import Body
from xltrack.reading.coerce import coerce
from xltrack.reading.model import ROW, Table
from xltrack.reading.numbers import of_number, shown
from xltrack.reading.values import Setting

_DONG = Text(" đồng", " VND")
_NO_UNIT = Text("", "")


@dataclass(frozen=True)
class _Records:
    """One column of the records: their row numbers, values, and texts as they stood."""

    rows: Sequence[int]
    values: Sequence[float | None]
    raw: Sequence[str | None]

    def between(self, above: float, below: float) -> "_Records":
        """Return the records below the row `above` and above the row `below`."""
        part = slice(bisect_right(self.rows, above), bisect_left(self.rows, below))
        return _Records(self.rows[part], self.values[part], self.raw[part])

    @property
    def sum(self) -> float:
        known = [value for value in self.values if value is not None]
        return fsum(known) if any(isinstance(value, float) for value in known) else sum(known)

    @property
    def is_read(self) -> bool:
        """Return whether no cell was left out of the sum because it could not be read."""
        return all(
            value is not None or text is None for value, text in zip(self.values, self.raw, strict=True)
        )


def total_findings(
    body: Body, table: Table, ignored: Mapping[int, str], setting: Setting
) -> Iterator[Finding]:
    """Yield where a total does not equal the sum of records that it stands below, above, or between.

    `ignored` are the rows of `body` that are no records, with the reason; totals and sections may hold sums.
    Where records of the sum could not be read nothing is said of it; they have their own findings.
    """
    first = body.layout.first_row + 1
    marks = {first + at: reason for at, reason in ignored.items() if reason in ("total", "section")}
    if not marks:
        return
    places = {column.id: place for place, column in body.mapped.items() if place in body.added}
    cells = {
        column_id: [body.columns[place][row - first] for row in marks] for column_id, place in places.items()
    }
    totals = coerce(body.sheet, list(marks), cells, setting)
    for column_id in places:
        values, raw = table.frame[column_id].to_list(), table.raw[column_id].to_list()
        records = _Records(table.frame[ROW].to_list(), values, raw)
        for row, total, text in zip(marks, totals.frame[column_id], totals.raw[column_id], strict=True):
            sums = _sums(records, row, marks) if total is not None else []
            if sums and not any(_agrees(total, part) for part in sums):
                yield _finding(table, body.sheet.by_id[column_id], row, text, (total, _nearest(total, sums)))


def _sums(records: _Records, row: int, marks: Mapping[int, str]) -> list[_Records]:
    """Return the groups of records that the total in `row` may add up."""
    above = [mark for mark in marks if mark < row]
    below = [mark for mark in marks if mark > row]
    totals_above = [mark for mark in above if marks[mark] == "total"]
    sections_below = [mark for mark in below if marks[mark] == "section"]
    downwards = [(row, min(ends, default=inf)) for ends in (below, sections_below, ())]
    upwards = [(max(above, default=0), row), (max(totals_above, default=0), row), (0, row), (0, inf)]
    spans = downwards if marks[row] == "section" else [*upwards, *downwards]
    parts = [records.between(*span) for span in dict.fromkeys(spans)]
    return [part for part in parts if part.rows]


def _agrees(total: float, part: _Records) -> bool:
    return not part.is_read or isclose(total, part.sum, rel_tol=1e-9, abs_tol=1e-6)


def _nearest(total: float, sums: Sequence[_Records]) -> _Records:
    return min(sums, key=lambda part: abs(part.sum - total))


def _finding(
    table: Table, column: Column, row: int, raw: str | None, found: tuple[float, _Records]
) -> Finding:
    total, part = found
    unit = _DONG if column.money else _NO_UNIT
    rows = str(part.rows[0]) if len(part.rows) == 1 else f"{part.rows[0]}–{part.rows[-1]}"
    facts = {
        "title": column.title,
        "rows": rows,
        "total": _said(total, unit),
        "sum": _said(part.sum, unit),
        "difference": _said(abs(total - part.sum), unit),
    }
    return Finding("XLT216", table.tab, row, table.cell(column.id, row), column.id, raw, facts)


def _said(number: float, unit: Text) -> Text:
    digits = shown(of_number(number))
    return Text(f"{digits.vi}{unit.vi}", f"{digits.en}{unit.en}")
