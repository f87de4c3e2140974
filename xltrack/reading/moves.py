"""Says of every cell of a workbook where it goes in a fresh one of the same form, or why it does not go there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, NamedTuple

from xltrack.errors import ProgramError
from xltrack.findings import Finding
from xltrack.forms import Column, Schemas, fold
from xltrack.intake import Intake
from xltrack.intake.formulas import read_formulas
from xltrack.intake.places import range_of
from xltrack.reading.appearance import merged_cells
from xltrack.reading.cells import BLANK, Cell, ErrorValue, Uncalculated, raw_text
from xltrack.reading.extract import Grid, address
from xltrack.reading.model import ROW, Table, Workbook
from xltrack.reading.trail import Trail
from xltrack.reading.workbook import read_workbook

Look = Literal["usual", "general", "percent", "tcvn3", "vni", "date", "moment", "duration", "error"]
"""How a cell looks where that says how it is to be read; "usual" is the look of its column."""

GIVEN = ("form_id", "form_version", "currency_unit")
"""What a fresh form states itself: its own id and version, and the money unit of its headings."""
_UNDECIDED_COLUMNS = frozenset({"XLT128", "XLT206", "XLT210", "XLT260"})
_UNDECIDED_CELLS = frozenset({"XLT357"})
_UNDECIDED_MONEY = frozenset({"XLT234"})
_HIDDEN = frozenset({"XLT107", "XLT112", "XLT124", "XLT125", "XLT128", "XLT357", "XLT358"})
_MARKED: tuple[Look, ...] = ("percent", "tcvn3", "vni")
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
_FIRST_DAY = date(1900, 3, 1)
_LONGEST = 32_767


class Content(NamedTuple):
    """What is to be written: a text, number or truth value; a date in ISO form; an error's text; and its look."""

    value: object
    look: Look


@dataclass(frozen=True)
class Moved:
    """A cell of the worksheet `tab` that goes to `column` of `sheet` (ids), in the record `record`, counted from 0.

    `formula` is the one whose result is moved in its place ("=B2*2", "=" if it shares another's), "" for none.
    """

    tab: str
    cell: str
    text: str
    sheet: str
    column: str
    record: int
    value: object
    look: str
    formula: str = ""


@dataclass(frozen=True)
class Stayed:
    """A cell that is not moved, and why: one of REASONS_TO_STAY."""

    tab: str
    cell: str
    text: str
    reason: str


@dataclass(frozen=True)
class Moves:
    """Where all cells with content go; `cells` = moved + stayed. `workbook` is what was read."""

    workbook: Workbook
    moved: tuple[Moved, ...]
    stayed: tuple[Stayed, ...]


def find_moves(intake: Intake, schemas: Schemas) -> Moves:
    """Return where the cells of an accepted file go. Any version of the form is read; see `read_workbook`.

    A cell goes as it was typed, also where reading made something else of it; so that whoever reads it again
    finds the same. What reading took in one of two ways, with an error that the new place would hide, stays.
    Raises ProgramError if a cell is lost.
    """
    trails: dict[str, Trail] = {}

    def account(grid: Grid) -> Trail:
        return trails.setdefault(grid.tab, Trail(grid))

    workbook = read_workbook(intake, schemas, account, any_version=True)
    undecided = _Undecided.of(workbook.findings)
    calculated = [tab for tab, facts in intake.facts.sheets.items() if facts.formulas]
    formulas = read_formulas(intake.content, calculated) if calculated else {}
    moved: list[Moved] = []
    stayed = [
        _stayed(trail.grid, at, reason) for trail in trails.values() for at, reason in trail.reasons.items()
    ]
    for table in workbook.tables.values():
        for cell in _cells(table, trails[table.tab].grid):
            content = _content(cell, table, workbook, undecided, intake.facts.date_1904)
            text = raw_text(cell.value)
            if isinstance(content, str):
                stayed.append(Stayed(table.tab, cell.at, text, content))
            else:
                place = (table.sheet.id, cell.column.id, cell.record)
                formula = formulas.get((table.tab, cell.at), "")
                moved.append(Moved(table.tab, cell.at, text, *place, content.value, content.look, formula))
    if len(moved) + len(stayed) != workbook.ledger.cells:
        raise ProgramError(reason=f"{workbook.ledger.cells} ô (cells), {len(moved)} + {len(stayed)}")
    return Moves(workbook, tuple(moved), tuple(stayed))


def is_of_structure(finding: Finding) -> bool:
    """Return whether `finding` is about the old workbook and not its values, so that a fresh one no longer shows it."""
    return finding.code in _HIDDEN or (finding.code[3] == "2" and finding.code != "XLT227")


class _Source(NamedTuple):
    """A cell that was read."""

    at: str
    value: Cell
    column: Column
    record: int
    marks: frozenset[str]


class _Undecided(NamedTuple):
    """What was read in one of two ways: columns (tab and id), cells (tab and address), all money of a tab."""

    columns: frozenset[tuple[str | None, str | None]]
    cells: frozenset[tuple[str | None, str | None]]
    money: frozenset[str | None]

    @classmethod
    def of(cls, findings: tuple[Finding, ...]) -> "_Undecided":
        """Return what `findings` leave open."""
        merged = ((f.sheet, cell) for f in findings if f.code == "XLT233" for cell in merged_cells(f))
        return cls(
            frozenset((f.sheet, f.column) for f in findings if f.code in _UNDECIDED_COLUMNS),
            frozenset(merged) | {(f.sheet, f.cell) for f in findings if f.code in _UNDECIDED_CELLS},
            frozenset(f.sheet for f in findings if f.code in _UNDECIDED_MONEY),
        )

    def has(self, cell: "_Source", tab: str) -> bool:
        """Return whether `cell` of the worksheet `tab` is among it."""
        is_money = cell.column.money and tab in self.money
        return is_money or (tab, cell.column.id) in self.columns or (tab, cell.at) in self.cells


def _cells(table: Table, grid: Grid) -> Iterator[_Source]:
    """Yield the cells with content that `table` was read from."""
    is_card = table.sheet.layout == "card"
    rows = table.frame[ROW].to_list()
    for column_id, letters in table.addresses.items():
        for record, row in enumerate(rows):
            at = letters if is_card else f"{letters}{row}"
            place = range_of(at)
            value = _value(grid, place.top - 1, place.left - 1) if place else BLANK
            if value != BLANK:
                marks = grid.facts.marks.get(at, frozenset())
                yield _Source(at, value, table.sheet.by_id[column_id], record, marks)


def _value(grid: Grid, row: int, column: int) -> Cell:
    return grid.columns[column][row] if row < len(grid.rows) and column < grid.width else BLANK


def _stayed(grid: Grid, place: tuple[int, int], reason: str) -> Stayed:
    return Stayed(grid.tab, address(*place), raw_text(_value(grid, *place)), reason)


def _content(
    cell: _Source, table: Table, workbook: Workbook, undecided: _Undecided, date_1904: bool
) -> Content | str:
    """Return what is to be written for `cell`, or why it stays."""
    if undecided.has(cell, table.tab):
        return "undecided"
    is_cover = workbook.form is not None and table.sheet is workbook.form.cover
    if is_cover and cell.column.id in GIVEN and not _is_given(cell, table, workbook):
        return "replaced"
    if cell.column.money and workbook.currency is None:
        return "undecided"
    if cell.column.type == "date" and date_1904 and type(cell.value) in (int, float):
        return "undecided"
    return _written(cell)


def _is_given(cell: _Source, table: Table, workbook: Workbook) -> bool:
    """Return whether the new form states just what `cell` says."""
    form = workbook.form
    own = {"form_id": form.id, "form_version": form.version} if form else {}
    if cell.column.id in own:
        return fold(raw_text(cell.value)) == fold(own[cell.column.id])
    return workbook.currency is not None and table.frame[cell.column.id][0] == workbook.currency


def _written(cell: _Source) -> Content | str:
    """Return what holds the value of `cell` so that it is read again as it was."""
    value = cell.value
    if isinstance(value, str) and len(value.encode("utf-16-le", "surrogatepass")) > 2 * _LONGEST:
        return "unwritable"
    match value:
        case ErrorValue():
            return Content(value.text, "error") if value.text in _ERRORS else "unwritable"
        case Uncalculated():
            return "uncalculated"
        case date():
            return _moment(value)
        case time() | timedelta():
            return Content(_seconds(value), "duration")
    # A number in a column of dates is no date of the sender's: the look of the column would make it one.
    is_serial = cell.column.type == "date" and type(value) in (int, float)
    return Content(value, _marked(cell, "general" if is_serial else "usual"))


def _marked(cell: _Source, otherwise: Look) -> Look:
    return next((mark for mark in _MARKED if mark in cell.marks), otherwise)


def _moment(value: date) -> Content | str:
    day = value.date() if isinstance(value, datetime) else value
    if day < _FIRST_DAY:
        return "unwritable"
    is_day = not isinstance(value, datetime) or value.time() == time.min
    return Content(day.isoformat(), "date") if is_day else Content(value.isoformat(), "moment")


def _seconds(value: time | timedelta) -> float:
    if isinstance(value, time):
        value = timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    return value.total_seconds()
