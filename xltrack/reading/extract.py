"""Takes the values out of a workbook, as they stand and where they stand."""

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import python_calamine as calamine

from xltrack.intake import Intake, SheetFacts
from xltrack.intake.opened import Contents
from xltrack.intake.places import LETTERS_OF, range_of
from xltrack.intake.plain import plain_workbook
from xltrack.intake.values import Values, read_values
from xltrack.language import Text
from xltrack.reading.cells import BLANK, Cell, ErrorValue, Rows, Uncalculated

Columns = list[list[Cell]]
_NO_FACTS: Final = SheetFacts(0, {}, {})


class Unreadable(Exception):
    """The values cannot be read, for the `reason`. It becomes a finding, for the file is the sender's."""

    def __init__(self, reason: Text) -> None:
        """Say why."""
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True)
class Grid:
    """The cells of one worksheet: `columns[0][0]` is A1, blank cells are "", all columns have the same height.

    `cells` is the number of cells with content, `facts` what the gate knows of the worksheet.
    """

    tab: str
    columns: Columns
    cells: int
    facts: SheetFacts = _NO_FACTS

    @property
    def rows(self) -> Rows:
        """Return the rows, from the first to the last that has content."""
        return Rows(self.columns)

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.columns)


def extract(intake: Intake) -> list[Grid]:
    """Return the worksheets of an accepted file in their order; raises Unreadable.

    What the gate has read on its way is taken. Other plain worksheets are read by calamine, which is given nothing but
    what was proven; the rest, and those on which it gives up, element by element. Error cells and formulas without a
    value, which all leave blank, are put in their places. A sheet in which not as many cells are read as the gate
    counted is unreadable: programs would differ on it.
    """
    sheets = intake.facts.sheets
    read: dict[str, Columns] = {tab: [] for tab, facts in sheets.items() if not facts.cells}
    if len(read) < len(sheets):
        contents = _opened(intake)
        read = _even({tab: taken for tab, taken in contents.values.items() if sheets[tab].is_plain}) | read
        plain = [tab for tab, facts in sheets.items() if facts.is_plain and tab not in read]
        if plain:
            read |= _read_quickly(plain_workbook(contents, plain), plain)
        read |= _read_carefully(contents, [tab for tab in sheets if tab not in read])
    return [_grid(tab, read[tab], facts) for tab, facts in sheets.items()]


def _opened(intake: Intake) -> Contents:
    if intake.opened is None:
        raise ValueError(f"{intake.path} did not pass the gate")
    return intake.opened.take()


def address(row: int, column: int) -> str:
    """Return the address of the cell at the places `row` and `column`, counted from 0."""
    return f"{LETTERS_OF[column]}{row + 1}"


def area(top: int, left: int, bottom: int, right: int) -> str:
    """Return the range between two corners, places counted from 0: "A1:D3", or "A1" for a single cell."""
    first, last = address(top, left), address(bottom, right)
    return first if first == last else f"{first}:{last}"


def corners(spans: Iterable[str]) -> dict[str, tuple[int, int, int, int]]:
    """Return top, left, bottom and right of each range ("A2:C4", "A2"), places from 0; what is none is left out."""
    found = {span: range_of(span) for span in spans}
    return {
        span: (known.top - 1, known.left - 1, known.bottom - 1, known.right - 1)
        for span, known in found.items()
        if known
    }


def letters(column: int) -> str:
    """Return the letters of the column at the place `column`, counted from 0."""
    return LETTERS_OF[column]


def _read_quickly(workbook: io.BytesIO, tabs: Sequence[str]) -> dict[str, Columns]:
    """Return the columns of the plain worksheets `tabs`, all there are in `workbook`, as far as calamine comes."""
    read: dict[str, Columns] = {}
    try:
        with calamine.load_workbook(workbook) as book:
            for at, tab in enumerate(tabs):
                sheet = book.get_sheet_by_index(at)
                # A sheet without any value has no start, and calamine then gives nothing to count from.
                rows = sheet.to_python(skip_empty_area=False) if sheet.start is not None else []
                read[tab] = [list(column) for column in zip(*rows, strict=True)]
    except (calamine.CalamineError, ArithmeticError, ValueError, OSError):
        return read
    except BaseException as failure:
        # A panic of the Rust code derives from BaseException alone, and its class cannot be imported.
        if type(failure).__name__ != "PanicException":
            raise
    return read


def _read_carefully(contents: Contents, tabs: Iterable[str]) -> dict[str, Columns]:
    """Return the columns of the worksheets `tabs`, read element by element."""
    markup, worksheets = contents.parts.markup, contents.structure.worksheets
    return _even({tab: read_values(markup[worksheets[tab]], contents.vocabulary) for tab in tabs})


def _even(worksheets: Mapping[str, Values]) -> dict[str, Columns]:
    """Return the columns of `worksheets`, all of the same height in each."""
    read: dict[str, Columns] = dict(worksheets)  # type: ignore[arg-type]  # lists are invariant
    for columns in read.values():
        _extend(columns, max(map(len, columns), default=0), len(columns))
    return read


def _grid(tab: str, columns: Columns, facts: SheetFacts) -> Grid:
    if facts.blanks:
        _blank_out(columns)
    _place(columns, dict.fromkeys(facts.uncalculated, BLANK))  # where a 0 holds the place of the result
    cells = sum(len(column) - column.count(BLANK) for column in columns)
    _place(columns, {at: ErrorValue(text) for at, text in facts.errors.items()})
    _place(columns, {at: Uncalculated(formula) for at, formula in facts.uncalculated.items()})
    cells += len(facts.errors) + len(facts.uncalculated)
    if cells != facts.cells:
        raise Unreadable(
            Text(
                f"trang {tab} có {facts.cells} ô có nội dung nhưng chỉ đọc được {cells} ô",
                f"sheet {tab} has {facts.cells} cells with content, but {cells} can be read",
            )
        )
    return Grid(tab, columns, cells, facts)


def _blank_out(columns: Columns) -> None:
    """Make cells of white space blank, in place."""
    for column in columns:
        for at, cell in enumerate(column):
            if type(cell) is str and cell and not cell.strip():
                column[at] = BLANK


def _place(columns: Columns, cells: Mapping[str, Cell]) -> None:
    """Put `cells`, by address, into `columns`."""
    places = [(found, cell) for at, cell in cells.items() if (found := range_of(at))]
    if places:
        _extend(columns, max(at.bottom for at, _ in places), max(at.right for at, _ in places))
    for at, cell in places:
        columns[at.left - 1][at.top - 1] = cell


def _extend(columns: Columns, height: int, width: int) -> None:
    """Add blank cells until there are at least `width` columns of at least `height` cells, all of the same height."""
    height = max(height, len(columns[0]) if columns else 0)
    columns += [[] for _ in range(width - len(columns))]
    for column in columns:
        column.extend([BLANK] * (height - len(column)))
