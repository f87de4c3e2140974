"""What a PivotTable shows before anybody refreshes it: previews and protected views see these cells, and no others."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from xltrack.excel.pivot.lines import Line, Lines
from xltrack.excel.pivot.spec import Pivot
from xltrack.language import Lang, Text

Role = Literal["filter", "choice", "heading", "label", "value", "total label", "total"]
ALL = Text("(Tất cả)", "(All)")
TOTAL = Text("Tổng cộng", "Total")
SUBTOTAL = Text("Cộng {}", "{} total")


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell: its row and column counted from the pivot's own corner, its content, and what it is there for."""

    row: int
    column: int
    value: str | int | float | None
    role: Role


def shown_cells(pivot: Pivot, lang: Lang) -> Iterator[ShownCell]:
    """Yield the cells of `pivot`, filters first; the corner is that of its first filter, or else of its body."""
    for row, (column, text) in enumerate(pivot.filters.items()):
        yield ShownCell(row, 0, column, "filter")
        yield ShownCell(row, 1, ALL.to(lang) if text is None else text, "choice")
    lines = Lines(pivot)
    top = body_row(pivot)
    yield from _headings(pivot, lines, top, lang)
    for row, line in enumerate(lines.rows, top + heading_rows(pivot)):
        yield from _line(pivot, lines, line, row, lang)


def body_row(pivot: Pivot) -> int:
    """Return the first row of the body: one row stays free below the filters (ISO/IEC 29500-1, 18.10.1.49)."""
    return len(pivot.filters) + 1 if pivot.filters else 0


def heading_rows(pivot: Pivot) -> int:
    """Return how many rows of headings stand above the lines."""
    return 2 if pivot.across else 1


def _headings(pivot: Pivot, lines: Lines, top: int, lang: Lang) -> Iterator[ShownCell]:
    wide = len(pivot.rows)
    last = top + heading_rows(pivot) - 1
    if pivot.across:
        texts = {0: pivot.measure.title, wide: pivot.across}
        for column in range(wide + len(lines.columns)):
            yield ShownCell(top, column, texts.get(column), "heading")
    yield from (ShownCell(last, column, name, "heading") for column, name in enumerate(pivot.rows))
    for column, text in enumerate(lines.columns, wide):
        total = TOTAL.to(lang) if pivot.across else pivot.measure.title
        yield ShownCell(last, column, total if text is None else text, "heading")


def _line(pivot: Pivot, lines: Lines, line: Line, row: int, lang: Lang) -> Iterator[ShownCell]:
    is_total = line.kind != "data"
    for column in range(len(pivot.rows)):
        yield ShownCell(row, column, _label(line, column, lang), "total label" if is_total else "label")
    for column, text in enumerate(lines.columns, len(pivot.rows)):
        yield ShownCell(row, column, lines.value(line, text), "total" if is_total else "value")


def _label(line: Line, column: int, lang: Lang) -> str | None:
    if line.kind == "total":
        return None if column else TOTAL.to(lang)
    if line.kind == "subtotal":
        return SUBTOTAL.to(lang).format(line.key[-1]) if column == len(line.key) - 1 else None
    return line.key[column] if column >= line.repeated else None
