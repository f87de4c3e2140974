"""What a reading of a messed workbook must be, whatever was done to it.

- The ledger counts every cell with content, by a count of the model that the reader has no part in.
- Every value meant is read as it was meant from the cell where it now stands, or an error covers that cell.
- No value is read that was not meant, or an error covers it.
- A finding that names a cell quotes what stands there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.messes.model import Book, ErrorValue, Formula, Label, Place, Rich, Value, contents, place_of
from tests.messes.package import serial
from tests.messes.truth import SCHEMAS, Meant
from xltrack.findings import Finding, severity
from xltrack.intake import receive
from xltrack.pipeline import examining
from xltrack.pipeline.dating import dated
from xltrack.pipeline.model import Asked, FileResult
from xltrack.reading import ROW, Table, Workbook
from xltrack.reading.text import clean

MASKED = "[•…]+"
"""Stands for what is not said again of numbers that are somebody's own."""
TOGETHER = 16
Cell = tuple[str, Place]
"""A tab as the file names it, and a place in it."""


@dataclass(frozen=True)
class Reading:
    """What xltrack made of a file: its result, and every value it read, by cell, with sheet and column of the form."""

    result: FileResult
    values: Mapping[Cell, tuple[str, str, Meant]]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return what was found."""
        return self.result.findings

    @property
    def errors(self) -> list[Finding]:
        """Return the errors found."""
        return [finding for finding in self.findings if severity(finding) == "error"]


def read(path: Path) -> Reading:
    """Return what xltrack makes of the file `path`, in this process."""
    return next(read_all([path]))


def read_all(paths: Sequence[Path]) -> Iterator[Reading]:
    """Yield what xltrack makes of each of `paths`, many together: that says the same, but sooner."""
    for at in range(0, len(paths), TOGETHER):
        asked = [Asked(receive(path)) for path in paths[at : at + TOGETHER]]
        for known in examining.read_together(asked, SCHEMAS):
            result = dated(known.result, known.deadlines, None)
            yield Reading(result, dict(_values(known.workbook)))


def _values(workbook: Workbook) -> Iterator[tuple[Cell, tuple[str, str, Meant]]]:
    for table in workbook.tables.values():
        for row in table.frame.iter_rows(named=True):
            yield from _row_values(table, row)


def _row_values(table: Table, row: Mapping[str, Any]) -> Iterator[tuple[Cell, tuple[str, str, Meant]]]:
    for column, value in row.items():
        if column != ROW and value is not None:
            at = table.cell(column, row[ROW])
            assert at is not None, (table.tab, column, value)
            yield (table.tab, place_of(at)), (table.sheet.id, column, value)


@dataclass(frozen=True)
class Expected:
    """A messed workbook, what its cells mean, and how much may be missing."""

    book: Book
    meant: Mapping[Label, Meant]


def faults(expected: Expected, reading: Reading) -> list[str]:
    """Return what is wrong with `reading`: nothing, if it is right."""
    return [*_ledger(expected.book, reading), *_lost(expected, reading), *_invented(expected, reading),
            *_misquoted(expected.book, reading)]  # fmt: skip


def missing(expected: Expected, reading: Reading) -> list[str]:
    """Return the values meant that were not read, with or without a finding."""
    return [str(label) for label, _, _ in _unread(expected, reading)]


def _ledger(book: Book, reading: Reading) -> Iterator[str]:
    ledger = reading.result.ledger
    counted = sum(1 for tab in book.tabs for _ in contents(tab))
    if ledger.cells != ledger.mapped + sum(ledger.ignored.values()):
        yield f"the ledger does not add up: {ledger}"
    if reading.result.verdict not in ("unreadable", "quarantined") and ledger.cells != counted:
        yield f"the ledger knows {ledger.cells} cells, there are {counted}"


def _unread(expected: Expected, reading: Reading) -> Iterator[tuple[Label, Cell, object]]:
    labels = expected.book.labels()
    for label, value in expected.meant.items():
        if label in labels:
            tab, place = labels[label]
            known = reading.values.get((tab.name, place))
            if known is None or known[:2] != (label.sheet, label.column) or not same(known[2], value):
                yield label, (tab.name, place), known


def _lost(expected: Expected, reading: Reading) -> Iterator[str]:
    if not reading.values and any(error.code < "XLT2" for error in reading.errors):
        return  # the file as a whole is refused, for what its cover says
    for label, cell, known in _unread(expected, reading):
        if not covered(cell, label.column, reading.errors):
            yield f"{label} at {cell}: meant {expected.meant[label]!r}, read {known!r}, and no error says so"


def _invented(expected: Expected, reading: Reading) -> Iterator[str]:
    labels = {(tab.name, place): label for label, (tab, place) in expected.book.labels().items()}
    for cell, (sheet, column, value) in reading.values.items():
        label = labels.get(cell)
        meant = expected.meant.get(label) if isinstance(label, Label) else None
        is_meant = isinstance(label, Label) and label[::2] == (sheet, column) and meant is not None
        if not is_meant and not covered(cell, column, reading.errors) and not _refused(cell, reading.errors):
            yield f"{cell}: {sheet}.{column} = {value!r} was never meant, and no error says so"


def _refused(cell: Cell, errors: Iterable[Finding]) -> bool:
    """Return whether the row of `cell` is refused for any of its cells: then nothing of it is taken over."""
    return any(error.sheet == cell[0] and error.row == cell[1][0] for error in errors)


OF_RANGES = {"XLT217", "XLT225"}
"""Findings that speak of a whole range: merged cells, another table."""


def covered(cell: Cell, column: str, findings: Iterable[Finding]) -> bool:
    """Return whether one of `findings` is about `cell`, its row, its column, its sheet, or the file."""
    return any(_covers(finding, cell, column) for finding in findings)


def _covers(finding: Finding, cell: Cell, column: str) -> bool:
    tab, (row, at) = cell
    if finding.sheet is None:
        return True
    if finding.sheet != tab:
        return False
    if finding.cell is not None and place_of(finding.cell)[1] == at and finding.row in (None, row):
        return True
    if finding.code in OF_RANGES:
        first, last = (place_of(end) for end in str(finding.facts["range"]).split(":"))
        return first[0] <= row <= last[0] and first[1] <= at <= last[1]
    if finding.row == row:
        return finding.column in (None, column)
    return finding.row is None and finding.column in (None, column)


def _misquoted(book: Book, reading: Reading) -> Iterator[str]:
    tabs = {tab.name: tab for tab in book.tabs}
    for finding in reading.findings:
        if finding.sheet is not None and finding.sheet not in tabs:
            yield f"{finding.code}: there is no sheet {finding.sheet}"
        elif finding.sheet is not None and finding.cell and finding.value is not None:
            cell = tabs[finding.sheet].cells.get(place_of(finding.cell))
            if cell is None or not _quotes(finding.value, cell.value):
                there = cell.value if cell else None
                yield f"{finding.code} quotes {finding.value!r} from {finding.sheet}!{finding.cell}: {there!r}"


def _quotes(quoted: str, value: Value) -> bool:
    """Return whether `quoted` is what `value` shows; numbers and days have several ways to be written."""
    if isinstance(value, Formula):
        return quoted == value.text or value.value is None or _quotes(quoted, value.value)
    pieces = [piece for piece in re.split(MASKED, clean(quoted)) if piece]
    if isinstance(value, int | float) and not isinstance(value, bool) and pieces == [quoted]:
        return abs(float(quoted) - value) <= abs(value) * 1e-14  # Excel shows 15 digits
    return all(piece in clean(_shown(value)) for piece in pieces)


def _shown(value: Value) -> str:
    match value:
        case Rich(runs):
            return "".join(runs)
        case ErrorValue(text):
            return text
        case bool():
            return str(value).upper()
        case date():
            return f"{value:%d/%m/%Y} {serial(value, date_1904=False)} {serial(value, date_1904=True)}"
    return str(value)


def same(read: object, meant: object) -> bool:
    """Return whether two values are the same: true is not 1, and a day is not its number."""
    return type(read) is type(meant) and read == meant
