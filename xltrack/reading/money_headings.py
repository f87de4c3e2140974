"""Holds the money units that stand over the columns of a table against the one of the cover."""

from collections.abc import Iterator

from xltrack.findings import Finding
from xltrack.findings.marking import without_ours
from xltrack.findings.masking import masked
from xltrack.forms import Code, Column
from xltrack.reading.extract import address
from xltrack.reading.headings import Layout
from xltrack.reading.table import Placed
from xltrack.reading.units_beside import unit_named


def money_heading_findings(placed: Placed, cover: Code | None) -> Iterator[Finding]:
    """Yield where a heading of money, or a note on it, names another unit than the cover's, and all other such notes.

    Of headings that name the same unit the first is told.
    """
    told: set[str] = set()
    for column_id, place in placed.layout.columns.items() if placed.layout else ():
        column = placed.sheet.by_id[column_id]
        if column.money and placed.layout:
            unit = _unit_over(placed, placed.layout, column)
            if unit and cover and unit.code not in {cover.code, *told}:
                told.add(unit.code)
                yield _differs(placed, (placed.layout.heading_row or 0, place), column, (unit, cover))
            yield from _notes(placed, placed.layout, column, cover)


def _unit_over(placed: Placed, layout: Layout, column: Column) -> Code | None:
    """Return the unit in parentheses, or at the end of a heading that the form does not have."""
    place = layout.columns[column.id]
    heading = layout.headings.get(place, "") if place in layout.edited else ""
    return layout.money.get(column.id) or unit_named(heading, placed.known.currencies)


def _notes(placed: Placed, layout: Layout, column: Column, cover: Code | None) -> Iterator[Finding]:
    for row in (*layout.heading_rows, *(() if layout.id_row is None else (layout.id_row,))):
        place = (row, layout.columns[column.id])
        written = without_ours(placed.grid.facts.comments.get(address(*place), ""))
        unit = unit_named(written, placed.known.currencies)
        if unit and cover and unit.code != cover.code:
            yield _differs(placed, place, column, (unit, cover))
        elif written:
            facts = {"title": column.title, "comment": masked(written)}
            yield Finding("XLT358", placed.grid.tab, row + 1, address(*place), column.id, None, facts)


def _differs(placed: Placed, place: tuple[int, int], column: Column, units: tuple[Code, Code]) -> Finding:
    named, cover = units
    facts = {"title": column.title, "heading": named.label, "cover": cover.label}
    return Finding("XLT128", placed.grid.tab, place[0] + 1, address(*place), column.id, named.label.vi, facts)
