"""Goes over the cells of a worksheet in their XML."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from xltrack.intake.markup import MAIN, parse
from xltrack.intake.merges import require_few
from xltrack.intake.model import Refused, damaged, overgrown, too_many
from xltrack.intake.places import EXCEL_COLUMNS, EXCEL_ROWS, LETTERS_OF, NUMBER_OF, number_of
from xltrack.intake.strings import Rich, Runs
from xltrack.intake.styles import is_on

RECORDS: Final = 1_000_000
_CELL: Final = re.compile(rb"<(?:[^\s<>/:]+:)?c[\s/>]")
_KINDS: Final = {"n", "s", "str", "inlineStr", "b", "e", "d"}
# What a column is filtered by; a `filterColumn` alone may merely hide the button.
CRITERIA: Final = {
    f"{MAIN} {name}"
    for name in ("filters", "customFilters", "dynamicFilter", "top10", "colorFilter", "iconFilter")
}
_NAMES: Final = "worksheet sheetData row c v f is col mergeCell extLst".split()
_LOCAL: Final = {f"{MAIN} {name}": name for name in _NAMES} | dict.fromkeys(CRITERIA, "filter")
_CONTENTS: Final = {"v", "f", "is"}
_PARENTS: Final = {"worksheet": "", "sheetData": "worksheet", "row": "sheetData", "c": "row"} | dict.fromkeys(
    _CONTENTS, "c"
)
# Whatever else stands in these, readers pass it over with all that is in it.
_CHILDREN: Final = {
    "sheetData": {"row"}, "row": {"c", "extLst"}, "c": {*_CONTENTS, "extLst"}, "v": set[str](), "f": set[str](),
}  # fmt: skip
_TRUTHS: Final = {"0": False, "false": False, "1": True, "true": True}


@dataclass(slots=True)
class Cell:
    """A cell as its XML says: number of the row and the column, kind (attribute `t`), number of its format.

    `value`, `formula` and `text` are those of its elements `v`, `f` and `is`, None for what is not there; `rich`
    tells what the runs of `text` have in common.
    """

    ref: str
    row: int
    column: int
    kind: str
    style: str | None
    value: str | None = None
    formula: str | None = None
    text: str | None = None
    rich: Rich | None = None

    @property
    def has_value(self) -> bool:
        """Return whether there is an element for the value, be it empty."""
        return self.value is not None or self.text is not None


def truth_of(value: str) -> bool | None:
    """Return what the truth value `value` of a cell says; None if it says nothing."""
    return _TRUTHS.get(value.casefold())


def walk_worksheet(xml: bytes, visit: Callable[[Cell], None]) -> "Walk":
    """Call `visit` with every cell of the worksheet `xml` in its order; return what concerns rows and columns.

    Raises Refused for what readers would take differently: cells out of order or in another row than they say,
    elements where they do not belong, a cell with two values.
    """
    walk = Walk(visit)
    parse(xml, walk.start, walk.characters, walk.end)
    return walk


def require_few_cells(worksheets: Iterable[bytes]) -> None:
    """Raise Refused if `worksheets` have more cells between them, blank ones too, than the memory is sized for."""
    if sum(len(_CELL.findall(xml)) for xml in worksheets) > RECORDS:
        raise too_many(
            RECORDS, "ô, phần lớn là ô trống có định dạng", "cells, most of them blank with a format"
        )


class Walk:
    """The state of one pass, and what it notes: rows and columns that are hidden, merged ranges, filters."""

    __slots__ = (
        "_cell", "_column", "_has_data", "_row", "_row_text", "_runs", "_stack", "_visit", "_where",
        "filters", "hidden_columns", "hidden_rows", "merges",
    )  # fmt: skip

    def __init__(self, visit: Callable[[Cell], None]) -> None:
        """Begin before the first element."""
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []
        self.merges: list[str] = []
        self.filters = 0
        self._visit = visit
        self._cell: Cell | None = None
        self._runs = Runs()
        self._stack: list[str] = []
        self._row = self._column = 0
        self._row_text = self._where = ""
        self._has_data = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        local = _LOCAL.get(element, "")
        parent = self._stack[-1] if self._stack else ""
        if local not in _CHILDREN.get(parent, (local,)) or parent != _PARENTS.get(local, parent):
            raise _strange(self._cell)
        self._stack.append(local)
        if local == "c":
            self._open_cell(attributes)
        elif local in _CONTENTS:
            self._open_content(local)
        elif self._where == "is":
            self._runs.start(element, attributes)
        elif local == "row":
            self._open_row(attributes)
        elif local or len(self._stack) == 1:
            self._note(local, attributes)

    def characters(self, text: str) -> None:
        """Take a piece of text."""
        if self._where == "is":
            self._runs.characters(text)
        elif self._where == "v" and self._cell:
            self._cell.value = f"{self._cell.value}{text}"
        elif self._where and self._cell:
            self._cell.formula = f"{self._cell.formula}{text}"
        elif self._stack[-1] in _CHILDREN and text.strip():
            raise _strange(self._cell)

    def end(self, _: str) -> None:
        """Take the end of an element."""
        local = self._stack.pop()
        if local == self._where:
            self._close_content(local)
        elif self._where == "is":
            self._runs.end()
        elif local == "c" and self._cell:
            self._visit(self._cell)
            self._cell = None

    def _open_row(self, attributes: dict[str, str]) -> None:
        text = attributes.get("r")
        row = self._row + 1 if text is None else number_of(text) or 0
        if not self._row < row <= EXCEL_ROWS:
            raise damaged(f"dòng {text} sai thứ tự", f"row {text} is out of order")
        self._row, self._row_text, self._column = row, str(row), 0
        if is_on(attributes.get("hidden", "")) or _is_zero(attributes.get("ht")):
            self.hidden_rows.add(row)

    def _open_cell(self, attributes: dict[str, str]) -> None:
        ref = attributes.get("r")
        column = self._column + 1 if ref is None else NUMBER_OF.get(ref.removesuffix(self._row_text), 0)
        if not self._column < column <= EXCEL_COLUMNS:
            raise damaged(
                f"ô {ref} sai thứ tự hoặc sai dòng", f"cell {ref} is out of order or in the wrong row"
            )
        self._column = column
        ref = ref or f"{LETTERS_OF[column - 1]}{self._row_text}"
        kind = attributes.get("t", "n")
        if kind not in _KINDS:
            raise damaged(f"ô {ref} có kiểu lạ: {kind}", f"cell {ref} is of an unknown type: {kind}")
        self._cell = Cell(ref, self._row, column, kind, attributes.get("s"))

    def _open_content(self, local: str) -> None:
        cell = self._cell
        if cell is None or (local == "f" and cell.formula is not None) or (local != "f" and cell.has_value):
            raise _strange(cell)
        self._where = local
        if local == "v":
            cell.value = ""
        elif local == "f":
            cell.formula = ""
        else:
            self._runs.begin()

    def _close_content(self, local: str) -> None:
        self._where = ""
        if local == "is" and self._cell:
            if self._runs.is_strange:
                raise _strange(self._cell)
            self._cell.text, self._cell.rich = self._runs.text, self._runs.rich

    def _note(self, local: str, attributes: dict[str, str]) -> None:
        if local == "col" and (is_on(attributes.get("hidden", "")) or _is_zero(attributes.get("width"))):
            span = number_of(attributes.get("min")) or 0, number_of(attributes.get("max")) or 0
            self.hidden_columns.append(span)
            if len(self.hidden_columns) > EXCEL_COLUMNS:
                raise overgrown("quá nhiều cột ẩn", "too many hidden columns")
        elif local == "mergeCell":
            self.merges.append(attributes.get("ref", ""))
            require_few(self.merges)
        elif local == "filter":
            self.filters += 1
        elif local == "sheetData":
            self._begin_data()
        elif not local:
            raise _strange(None)

    def _begin_data(self) -> None:
        if self._has_data:
            raise _strange(None)
        self._has_data = True


def _is_zero(text: str | None) -> bool:
    return text is not None and text.strip("0.") == "" and "0" in text


def _strange(cell: Cell | None) -> Refused:
    where_vi, where_en = (f"ô {cell.ref}", f"cell {cell.ref}") if cell else ("trang", "a sheet")
    return damaged(f"{where_vi} có cấu trúc lạ", f"{where_en} is built in an unknown way")
