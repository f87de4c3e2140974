"""Takes the good rows of a rejected workbook: rows with errors are held back, and the rows that depend on them."""

from collections.abc import Iterator, Mapping, Sequence
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


NOTHING_TAKEN = "XLT626"
"""The finding that says why no row of a file could be taken; told to who asked for it, and not kept in the store."""

_NAMED = 3
"""So many errors that leave no way are named."""

_NO_ROW_LEFT = Text(
    "mọi dòng đều có lỗi hoặc dẫn chiếu tới dòng có lỗi", "every row has an error or refers to one that has"
)


def hold_back(
    workbook: Workbook, findings: Sequence[Finding]
) -> tuple[Workbook, tuple[Finding, ...]] | Finding:
    """Return `workbook` without the rows that have errors and those that refer to such a row, with a note on each.

    Where that is no way, the finding that says why: an error is of no row (of the cover, a sheet, the file), so that
    nobody knows which row is wrong, or no row would be left. A total on the cover is compared with all rows, those held
    back too, so that only one which is wrong itself leaves no way.
    """
    errors = [finding for finding in findings if severity(finding) == "error"]
    tabs = {table.tab: name for name, table in workbook.tables.items() if table.sheet.layout == "table"}
    of_no_row = [finding for finding in errors if finding.sheet not in tabs or finding.row is None]
    if of_no_row:
        return _no_way(_of_no_row(of_no_row))
    reasons: dict[str, _Reasons] = {}
    for finding in errors:
        because = Text(f"lỗi {finding.code} ở chính dòng này", f"error {finding.code} in this very row")
        reasons.setdefault(tabs[str(finding.sheet)], {}).setdefault(finding.row or 0, because)
    while _add_dependants(workbook, reasons):
        pass
    tables = {name: _without(table, reasons.get(name, {})) for name, table in workbook.tables.items()}
    if not any(tables[name].frame.height for name in tabs.values()):
        return _no_way(_NO_ROW_LEFT)
    return replace(workbook, tables=tables), tuple(_notes(workbook, reasons))


def _no_way(because: Text) -> Finding:
    return Finding(NOTHING_TAKEN, facts={"because": because})


def _of_no_row(errors: Sequence[Finding]) -> Text:
    """Return which errors are of no row, the first of them by name."""
    places = list(dict.fromkeys(f"{one.code}{_place(one)}" for one in errors))
    named, more = ", ".join(places[:_NAMED]), len(places) - _NAMED
    further = Text(f" và {more} lỗi nữa", f" and {more} more") if more > 0 else Text("", "")
    return Text(
        f"lỗi {named}{further.vi} không thuộc riêng dòng nào nên không biết phải giữ lại dòng nào",
        f"{named}{further.en} being of no single row, so that nobody knows which rows to hold back",
    )


def _place(error: Finding) -> str:
    place = "!".join(part for part in (error.sheet, error.cell) if part)
    return f" ({place})" if place else ""


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
