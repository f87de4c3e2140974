"""Takes the good rows of a rejected workbook: rows with errors are held back, and the rows that depend on them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from xltrack.findings import Finding, severity
from xltrack.forms import Column
from xltrack.language import Text
from xltrack.reading import ROW, Table, Workbook

HELD_BACK = "XLT625"
"""The finding that names a row which is not in the figures; the store counts these."""

_Reasons = dict[int, Text]
"""Why rows of a sheet are held back, by their numbers in the file."""


def hold_back(workbook: Workbook, findings: Sequence[Finding]) -> tuple[Workbook, tuple[Finding, ...]] | None:
    """Return `workbook` without the rows that have errors and those that refer to such a row, with a note on each.

    None where that is no way: an error is of no row (of the cover, a sheet, the file), or no row would be left.
    """
    reasons = _with_errors(workbook, findings)
    if reasons is None:
        return None
    while _add_dependants(workbook, reasons):
        pass
    tables = {name: _without(table, reasons.get(name, {})) for name, table in workbook.tables.items()}
    if not any(table.frame.height for table in tables.values() if table.sheet.layout == "table"):
        return None
    return replace(workbook, tables=tables), tuple(_notes(workbook, reasons))


def _with_errors(workbook: Workbook, findings: Iterable[Finding]) -> dict[str, _Reasons] | None:
    by_tab = {table.tab: name for name, table in workbook.tables.items() if table.sheet.layout == "table"}
    reasons: dict[str, _Reasons] = {}
    for finding in findings:
        if severity(finding) != "error":
            continue
        name = by_tab.get(finding.sheet or "")
        if name is None or finding.row is None:
            return None
        because = Text(f"lỗi {finding.code} ở chính dòng này", f"error {finding.code} in this very row")
        reasons.setdefault(name, {}).setdefault(finding.row, because)
    return reasons


def _add_dependants(workbook: Workbook, reasons: dict[str, _Reasons]) -> bool:
    """Enter the rows that refer to one held back, and to no other; return whether there were any."""
    found = False
    for name, table in workbook.tables.items():
        for column in table.sheet.columns:
            for row, because in _dependants(workbook, table, column, reasons):
                if row not in reasons.setdefault(name, {}):
                    reasons[name][row], found = because, True
    return found


def _dependants(
    workbook: Workbook, table: Table, column: Column, reasons: Mapping[str, _Reasons]
) -> Iterator[tuple[int, Text]]:
    reference = column.references
    for value, (sheet, target) in (reference.targets if reference else {}).items():
        there = workbook.tables.get(sheet)
        if there is None or not reasons.get(sheet):
            continue
        is_held = pl.col(ROW).is_in(list(reasons[sheet]))
        held = set(there.frame.filter(is_held)[target]) - set(there.frame.filter(~is_held)[target]) - {None}
        asking = pl.col(column.id).is_in(list(held))
        if reference and reference.by:
            asking &= pl.col(reference.by) == value
        for row in table.frame.filter(asking)[ROW]:
            yield (
                row,
                Text(
                    f"dòng mà nó dẫn chiếu ở trang {there.tab} bị giữ lại",
                    f"the row of sheet {there.tab} that it refers to being held back",
                ),
            )


def _without(table: Table, reasons: _Reasons) -> Table:
    return replace(table, frame=table.frame.filter(~pl.col(ROW).is_in(list(reasons)))) if reasons else table


def _notes(workbook: Workbook, reasons: Mapping[str, _Reasons]) -> Iterator[Finding]:
    for name, rows in reasons.items():
        for row, because in sorted(rows.items()):
            yield Finding(HELD_BACK, workbook.tables[name].tab, row, facts={"because": because})
