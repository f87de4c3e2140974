"""Takes the values out of a workbook, as they stand and where they stand."""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import Final

import python_calamine as calamine

from xltrack.intake import Intake, SheetFacts
from xltrack.intake.places import LETTERS_OF, NUMBER_OF
from xltrack.language import Text
from xltrack.reading.cells import BLANK, Cell, ErrorValue, Uncalculated

# calamine refuses a whole workbook for one cell with an error younger than these.
_KNOWN_ERRORS: Final = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"}


_NO_FACTS: Final = SheetFacts(0, {}, {})


class Unreadable(Exception):
    """The reader of values gave up, for the `reason`. It becomes a finding, for the file is the sender's."""

    def __init__(self, reason: Text) -> None:
        """Say why."""
        super().__init__(reason.en)
        self.reason = reason


@dataclass(frozen=True)
class Grid:
    """The cells of one worksheet: `rows[0][0]` is A1, blank cells are "", all rows have the same width.

    `cells` is the number of cells with content, `facts` what the gate knows of the worksheet.
    """

    tab: str
    rows: list[list[Cell]]
    cells: int
    facts: SheetFacts = _NO_FACTS

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return len(self.rows[0]) if self.rows else 0


def extract(intake: Intake) -> list[Grid]:
    """Return the worksheets of an accepted file in their order; raises Unreadable.

    Error cells and formulas without a value, which readers of values show as blank, are put in their places.
    A sheet in which not as many cells are read as the gate counted is unreadable: programs would differ on it.
    """
    try:
        with calamine.load_workbook(io.BytesIO(_readable(intake))) as book:
            return [_grid(book.get_sheet_by_name(tab), facts) for tab, facts in intake.facts.sheets.items()]
    except (calamine.CalamineError, ValueError, OSError) as failure:
        raise Unreadable(Text(str(failure), str(failure))) from failure
    except BaseException as failure:
        # A panic of the Rust code derives from BaseException alone, and its class cannot be imported.
        if type(failure).__name__ != "PanicException":
            raise
        raise Unreadable(Text(str(failure), str(failure))) from failure


def address(row: int, column: int) -> str:
    """Return the address of the cell at the places `row` and `column`, counted from 0."""
    return f"{LETTERS_OF[column]}{row + 1}"


def area(top: int, left: int, bottom: int, right: int) -> str:
    """Return the range between two corners, places counted from 0: "A1:D3", or "A1" for a single cell."""
    first, last = address(top, left), address(bottom, right)
    return first if first == last else f"{first}:{last}"


def letters(column: int) -> str:
    """Return the letters of the column at the place `column`, counted from 0."""
    return LETTERS_OF[column]


def _readable(intake: Intake) -> bytes:
    """Return the bytes to read values from: those received, with errors unknown to calamine as #N/A.

    The error itself is known from the gate; the file received is not touched.
    """
    unknown = set(intake.facts.errors.values()) - _KNOWN_ERRORS
    if not unknown:
        return intake.content
    names = b"|".join(re.escape(text.encode()) for text in sorted(unknown))
    value = re.compile(rb"(<(?:\w+:)?v(?:\s[^>]*)?>\s*)(?:" + names + rb")(\s*</)")
    copy = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(intake.content)) as source, zipfile.ZipFile(copy, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            target.writestr(name, value.sub(rb"\1#N/A\2", part) if name.endswith(".xml") else part)
    return copy.getvalue()


def _grid(sheet: calamine.CalamineSheet, facts: SheetFacts) -> Grid:
    # A sheet without any value has no start, and calamine then gives nothing to count from.
    rows: list[list[Cell]] = sheet.to_python(skip_empty_area=False) if sheet.start is not None else []  # type: ignore[assignment]  # lists are invariant
    counted = _blank_out(rows)
    for at, text in facts.errors.items():
        _place(rows, at, ErrorValue(text))
    for at, formula in facts.uncalculated.items():
        _place(rows, at, Uncalculated(formula))
    cells = counted + len(facts.errors) + len(facts.uncalculated)
    if cells != facts.cells:
        raise Unreadable(
            Text(
                f"trang {sheet.name} có {facts.cells} ô có nội dung nhưng chỉ đọc được {cells} ô",
                f"sheet {sheet.name} has {facts.cells} cells with content, but {cells} can be read",
            )
        )
    return Grid(sheet.name, rows, cells, facts)


def _blank_out(rows: list[list[Cell]]) -> int:
    """Make cells of white space blank, in place; return how many cells are not."""
    counted = 0
    for row in rows:
        for at, cell in enumerate(row):
            if cell != BLANK:
                if type(cell) is str and not cell.strip():
                    row[at] = BLANK
                else:
                    counted += 1
    return counted


def _place(rows: list[list[Cell]], at: str, cell: Cell) -> None:
    name = at.rstrip("0123456789")
    row, column = int(at[len(name) :]) - 1, NUMBER_OF[name] - 1
    width = max(column + 1, len(rows[0]) if rows else 0)
    rows += [[] for _ in range(row + 1 - len(rows))]
    if any(len(line) < width for line in rows):
        for line in rows:
            line.extend([BLANK] * (width - len(line)))
    rows[row][column] = cell
