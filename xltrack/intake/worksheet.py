"""Gathers from a worksheet what readers of values do not tell."""

import re
from dataclasses import dataclass, field
from typing import Final

from xltrack.intake.markup import is_content
from xltrack.intake.merges import require_sound
from xltrack.intake.model import SheetFacts, damaged, overgrown
from xltrack.intake.places import LETTERS_OF, number_of
from xltrack.intake.strings import Rich, Strings, require_short
from xltrack.intake.styles import FONT_MARKS, Format, Marks, format_of
from xltrack.intake.walk import Cell, Walk, truth_of, walk_worksheet

ROWS: Final = 200_000
COLUMNS: Final = 500
_ZERO: Final = re.compile(r"[+-]?[0.]+(?:[eE][+-]?[0-9]+)?")
AREA: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the cells of a workbook refer to: shared strings, cell formats, the date system.

    `recalculates` says that a 0 saved for a formula may merely hold the place of its result.
    """

    strings: Strings = field(default_factory=Strings)
    formats: tuple[Format, ...] = ()
    recalculates: bool = False
    date_1904: bool = False

    @property
    def is_plain(self) -> bool:
        """Return whether readers agree on the strings, and on a cell that names no format: it is no moment in time."""
        return self.strings.is_plain and not (self.formats and self.formats[0].moment)


def scan_worksheet(xml: bytes, vocabulary: Vocabulary, widest: int = 0) -> SheetFacts:
    """Return the facts of the worksheet `xml`; raises Refused.

    Refused is also what lies so far out, or is merged so widely, that readers would fill the memory. `widest` is
    a column, counted from 1, that is known to have content.
    """
    scan = _Scan(vocabulary, widest)
    return scan.finish(walk_worksheet(xml, scan.visit))


def facts_around(walk: Walk, vocabulary: Vocabulary, widest: int) -> SheetFacts:
    """Return what `scan_worksheet` says where a `walk` met no cell with content; raises Refused."""
    return _Scan(vocabulary, widest).finish(walk)


class _Scan:
    """What was found so far."""

    __slots__ = (
        "_blanks",
        "_cells",
        "_errors",
        "_formulas",
        "_marks",
        "_rows",
        "_uncalculated",
        "_vocabulary",
        "_widest",
    )  # fmt: skip

    def __init__(self, vocabulary: Vocabulary, widest: int) -> None:
        self._vocabulary = vocabulary
        self._cells = self._formulas = self._blanks = 0
        self._widest = widest
        self._rows: set[int] = set()
        self._errors: dict[str, str] = {}
        self._uncalculated: dict[str, str] = {}
        self._marks: dict[str, Marks] = {}

    def visit(self, cell: Cell) -> None:
        """Account for `cell`."""
        require_short(cell.formula or "", cell.ref)
        require_short(cell.value or cell.text or "", cell.ref)
        self._formulas += cell.formula is not None
        if not self._is_content(cell):
            self._blanks += cell.has_value
            return
        self._cells += 1
        self._rows.add(cell.row)
        self._widest = max(self._widest, cell.column)
        if marks := self._marks_of(cell):
            self._marks[cell.ref] = marks

    def _is_content(self, cell: Cell) -> bool:
        value = (cell.value or "").strip()
        if cell.kind == "s" and value:
            return self._string(cell, value) not in self._vocabulary.strings.blank
        if value and (cell.kind == "e" or (cell.kind == "b" and truth_of(value) is None)):
            self._errors[cell.ref] = value
            return True
        if cell.formula is not None and self._is_uncalculated(cell, value):
            self._uncalculated[cell.ref] = f"={cell.formula.strip()}"
            return True
        return is_content(cell.value or cell.text or "")

    def _is_uncalculated(self, cell: Cell, value: str) -> bool:
        if self._vocabulary.recalculates and cell.kind == "n" and _ZERO.fullmatch(value):
            return True
        return not (value or cell.text or (cell.kind == "str" and cell.value == ""))

    def _string(self, cell: Cell, value: str) -> int:
        number = number_of(value)
        if number is None or number >= self._vocabulary.strings.count:
            raise damaged(
                f"ô {cell.ref} trỏ tới chuỗi không có",
                f"cell {cell.ref} points to a string that is not there",
            )
        return number

    def _marks_of(self, cell: Cell) -> Marks:
        marks = format_of(cell.style, self._vocabulary.formats).marks
        rich = self._rich_of(cell)
        return rich.within(marks) | (marks - FONT_MARKS) if rich else marks

    def _rich_of(self, cell: Cell) -> Rich | None:
        rich = self._vocabulary.strings.rich
        if rich and cell.kind == "s" and cell.value:
            return rich.get(int(cell.value))
        return cell.rich

    def finish(self, walk: Walk) -> SheetFacts:
        """Return the facts, the pass being over; raises Refused."""
        last_row = max(self._rows, default=0)
        if last_row > ROWS or self._widest > COLUMNS or last_row * self._widest > AREA:
            far = f"{LETTERS_OF[self._widest - 1]}{last_row}"
            raise overgrown(
                f"nội dung kéo dài tới {far}; hãy xóa ô thừa ở xa",
                f"its cells reach to {far}; clear those far out",
            )
        require_sound(walk.merges)
        hidden_rows = tuple(sorted(self._rows & walk.hidden_rows))
        return SheetFacts(
            self._cells,
            self._errors,
            self._uncalculated,
            formulas=self._formulas,
            blanks=self._blanks,
            hidden_rows=hidden_rows,
            hidden_columns=_hidden(walk.hidden_columns, self._widest),
            is_filtered=bool(walk.filters and hidden_rows),
            merges=tuple(walk.merges),
            marks=self._marks,
        )


def _hidden(spans: list[tuple[int, int]], widest: int) -> tuple[str, ...]:
    """Return the letters of the columns in `spans`, as far as there is content."""
    numbers = {number for first, last in spans for number in range(max(first, 1), min(last, widest) + 1)}
    return tuple(LETTERS_OF[number - 1] for number in sorted(numbers))
