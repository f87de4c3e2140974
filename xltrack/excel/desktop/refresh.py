"""The steps of a refresh in a running program: all that can be refused is refused before anything changes."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from xltrack.excel.desktop.book import Book, CellValue
from xltrack.excel.pivot.spec import Table
from xltrack.excel.properties_xml import period_kind_of
from xltrack.excel.refresh import (
    Fresh,
    Given,
    NativeTable,
    Refused,
    change_of,
    check_openable,
    check_rounds,
    copies,
    fitting,
    in_the_way,
    last_row,
)
from xltrack.excel.rows_xml import is_exact
from xltrack.forms import PeriodKind
from xltrack.language import Text

_UNSAVED = Text(
    "sổ tính còn thay đổi chưa lưu của bạn nên chưa được lưu; hãy xem lại rồi lưu trong Excel",
    "the workbook held changes of yours, so it was not saved; look at it and save it in Excel",
)
_HALF = Text(
    "{}; sổ tính đang mở đã thay đổi dở dang và chưa lưu: hãy đóng mà không lưu, bản cũ ở {}",
    "{}; the open workbook is half changed and not saved: close it without saving, the former one is {}",
)


class Interrupted(Refused):
    """A refresh ended after it had begun to change the workbook."""


def refresh_closed(opened: AbstractContextManager[Book], given: Given, *, scrub: bool) -> Fresh:
    """Open a workbook, refresh and save it, and return what changed; it is saved whole or not at all.

    Raises Refused.
    """
    with opened as book:
        fresh = refresh_book(book, given, scrub=scrub)
        book.save()
        return fresh


def refresh_open(book: Book, backup: Path, given: Given, *, scrub: bool) -> Fresh:
    """Refresh a workbook that somebody has open, with a copy at `backup`, and return what changed.

    It is saved unless it held changes that its owner has not saved yet. Raises Refused, for a workbook of one unit too.
    """
    is_theirs = book.has_changes
    book.copy_to(backup)
    check_openable(backup.read_bytes())
    try:
        fresh = refresh_book(book, given, scrub=scrub)
    except Interrupted as failure:
        why = failure.reason
        raise Refused(
            Text(_HALF.vi.format(why.vi, backup.name), _HALF.en.format(why.en, backup.name))
        ) from failure
    if is_theirs:
        return replace(fresh, warnings=(*fresh.warnings, _UNSAVED))
    book.save()
    return fresh


def refresh_unsaved(book: Book, given: Given, kind: PeriodKind) -> Fresh:
    """Refresh a workbook that somebody has open, leave saving to its owner, and return what changed.

    `given` are rows of the rounds of `kind`. Raises Refused, for a workbook of other rounds too.
    """
    with TemporaryDirectory(prefix="xltrack-") as folder:
        copy = Path(folder, "copy.xlsx")
        book.copy_to(copy)
        content = copy.read_bytes()
        check_openable(content)
        check_rounds(period_kind_of(content), kind)
    return refresh_book(book, given, scrub=True)


def refresh_book(book: Book, given: Given, *, scrub: bool) -> Fresh:
    """Put the rows of `given` under the tables of `book`, refresh its pivots, and return what changed.

    Nothing is saved. Every cell is read back and compared. Raises Refused, as Interrupted once something has changed.
    """
    if book.is_read_only:
        raise Refused(
            Text(
                "sổ tính chỉ mở được để đọc; có thể người khác đang mở",
                "it opens for reading only; perhaps somebody else has it open",
            )
        )
    tables = book.tables()
    ours = fitting(tables, given)
    lasts = [last_row(table, rows.frame.height) for table, rows in ours]
    for (table, _), last in zip(ours, lasts, strict=True):
        _check_room(book, table, last)
    try:
        pivots = _put_all(book, ours, lasts, scrub=scrub)
    except Refused as refusal:
        raise Interrupted(refusal.reason) from refusal
    changes = tuple(change_of(table, rows) for table, rows in ours)
    return Fresh(changes, pivots, tuple(copies(tables, given)), book.tabs)


def _put_all(
    book: Book, ours: Sequence[tuple[NativeTable, Table]], lasts: Sequence[int], *, scrub: bool
) -> int:
    with book.hushed():
        for (table, rows), last in zip(ours, lasts, strict=True):
            book.resize(table, last)
            _put(book, replace(table, last=(last, table.last[1])), rows.frame)
        pivots = book.refresh_pivots([table.name for table, _ in ours], scrub=scrub)
        book.calculate()
    return pivots


def _check_room(book: Book, table: NativeTable, last: int) -> None:
    if last <= table.last[0]:
        return
    below = ((table.last[0] + 1, table.first[1]), (last, table.last[1]))
    filled = book.first_filled(table.tab, below)
    if filled:
        raise in_the_way(table, *filled)


def _put(book: Book, table: NativeTable, frame: pl.DataFrame) -> None:
    """Put `frame` under `table`, which has its new size, and compare what stands there with it."""
    for start, end in table.runs:
        headings = table.headings[start:end]
        left, right = table.first[1] + start, table.first[1] + end - 1
        area = ((table.first_data, left), (table.last_data, right))
        if headings[0] in table.formulas:
            book.fill(table.tab, area, table.formulas[headings[0]])
        else:
            rows = cell_values(frame.select(headings))
            book.write(table.tab, area[0], rows)
            _compare(table, headings, rows, book.values(table.tab, area))


def cell_values(frame: pl.DataFrame) -> list[list[CellValue]]:
    """Return the rows of `frame` as cells hold them: a whole number of more digits than Excel keeps is a text.

    Others are floating: Excel knows no other numbers, and takes no integers of more than 32 bits from other programs.
    """
    columns = [_cells(frame[name]) for name in frame.columns]
    return [list(row) for row in zip(*columns, strict=True)] or [[None] * frame.width]


def _cells(column: pl.Series) -> list[CellValue]:
    if not column.dtype.is_integer():
        return column.to_list()
    kept = is_exact(column).fill_null(value=True)
    pairs = zip(column.to_list(), kept.to_list(), strict=True)
    return [_cell(value, is_kept=is_kept) for value, is_kept in pairs]


def _cell(value: int | None, *, is_kept: bool) -> CellValue:
    if value is None:
        return None
    return float(value) if is_kept else str(value)


def _compare(
    table: NativeTable,
    headings: Sequence[str],
    sent: Sequence[Sequence[CellValue]],
    kept: Sequence[Sequence[CellValue]],
) -> None:
    """Raise Refused for the first column whose cells hold something other than what was `sent`."""
    for heading, wanted, found in zip(
        headings, zip(*sent, strict=True), zip(*kept, strict=True), strict=True
    ):
        if [None if value == "" else value for value in wanted] != list(found):
            raise Refused(
                Text(
                    f"Excel giữ số khác với số đã ghi ở cột “{heading}” của bảng {table.name}",
                    f'Excel keeps other values than were written in column "{heading}" of table {table.name}',
                )
            )
