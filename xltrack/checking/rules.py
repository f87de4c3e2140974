"""Runs the rules over rows, sheets and workbooks: set-based, over all the workbooks given at once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from xltrack.checking.relations import Sheets, batch_relations
from xltrack.checking.rows import FILE, Located
from xltrack.checking.rule import Rule, said_fact
from xltrack.checking.scratch import scratch
from xltrack.forms import Form, Schemas
from xltrack.intake.places import range_of
from xltrack.reading.model import ROW, Table, Workbook

_MOST_CELLS = 5


def check_rules(
    workbooks: Sequence[Workbook], sheets: Sheets, form: Form, schemas: Schemas
) -> Iterator[Located]:
    """Yield the findings of every rule over `workbooks`, all of `form`, whose rows are `sheets`.

    A finding on a cell that reading refused is left out, and one on a column that the whole sheet of its file lacks:
    that is one finding of its own.
    """
    database = scratch(form, schemas)
    frames = {name: rows.frame for name, rows in sheets.items()}
    rows = {**frames, **batch_relations(workbooks, sheets)}
    filled = {name for name, frame in rows.items() if frame.height}
    database.fill(rows)
    for rule in database.asked:
        for fact in database.find(rule) if rule.found_on & filled else ():
            yield from _located(rule, fact, sheets, schemas)


def _located(rule: Rule, fact: dict[str, Any], sheets: Sheets, schemas: Schemas) -> Iterator[Located]:
    file, rows, row, column = fact.pop(FILE), sheets[fact.pop("sheet")], fact.pop(ROW), fact.pop("column")
    at = rows.position(file, row)
    lacking = rows.sheet.layout == "table" and rows.lacking(at, column)
    if not rows.unread(at, column) and not lacking:
        said = {name: said_fact(rule, name, value, schemas) for name, value in fact.items()}
        said |= {name: _addresses(sheets[of].tables[file], fact[name]) for name, of in rule.cells.items()}
        yield file, rows.finding(rule.code, at, column, said)


def _addresses(table: Table, cells: Sequence[Mapping[str, Any]]) -> str:
    """Return where the first few of `cells` stand, row by row as they are read: "KINH_PHI!D157, H157, H160"."""
    stands = {str(table.cell(cell["column"], cell["row"])) for cell in cells}
    named = sorted(stands, key=_place)
    more = ["…"] if len(named) > _MOST_CELLS else []
    return f"{table.tab}!{', '.join([*named[:_MOST_CELLS], *more])}"


def _place(cell: str) -> tuple[int, int]:
    """Return row and column of `cell`."""
    place = range_of(cell)
    return (place.top, place.left) if place else (0, 0)
