"""Looks once over the XML of a worksheet for what readers of values do not tell."""

from string import ascii_uppercase
from typing import Final

from xltrack.intake.markup import MAIN, is_content, parse
from xltrack.intake.model import SheetFacts, damaged

ROWS: Final = 200_000
COLUMNS: Final = 500
RECORDS: Final = 1_500_000
AREA: Final = 10_000_000
_EXCEL_COLUMNS: Final = 16_384


def _letters() -> dict[str, int]:
    names = list(ascii_uppercase)
    names += [a + b for a in ascii_uppercase for b in ascii_uppercase]
    names += [a + b + c for a in ascii_uppercase for b in ascii_uppercase for c in ascii_uppercase]
    return {name: number for number, name in enumerate(names[:_EXCEL_COLUMNS], 1)}


_LOCAL: Final = {f"{MAIN} {name}": name for name in ("c", "v", "f", "t", "r", "row", "rPh")}
NUMBER_OF: Final = _letters()
LETTERS_OF: Final = tuple(NUMBER_OF)


def scan_worksheet(xml: bytes, strings: tuple[int, frozenset[int]]) -> SheetFacts:
    """Return the facts of the worksheet `xml`; raises Refused.

    `strings` are the number of shared strings and which of them are blank. Refused are cells that are out of
    order, stand in another row than they say, or lie so far out that readers would fill the memory.
    """
    scan = _Scan(*strings)
    parse(xml, scan.start, scan.characters)
    return scan.finish()


class _Scan:
    """The state of one pass: the cell that is open, and what was found so far."""

    __slots__ = (
        "blank",
        "cells",
        "column",
        "errors",
        "formula",
        "has_formula",
        "has_value",
        "kind",
        "last_row",
        "phonetic",
        "records",
        "ref",
        "rooted",
        "row",
        "row_text",
        "strings",
        "uncalculated",
        "value",
        "where",
        "widest",
    )  # fmt: skip

    def __init__(self, strings: int, blank: frozenset[int]) -> None:
        self.cells = self.records = self.last_row = self.widest = self.row = self.column = 0
        self.errors: dict[str, str] = {}
        self.uncalculated: dict[str, str] = {}
        self.strings, self.blank = strings, blank
        self.row_text = self.ref = self.kind = self.where = self.value = self.formula = ""
        self.has_formula = self.has_value = self.phonetic = self.rooted = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        local = _LOCAL.get(element, "")
        if local == "c":
            if self.ref:
                self.finish_cell()
            self._open_cell(attributes)
        elif local in ("v", "f", "t"):
            self.where = local if not self.phonetic else ""
            self.has_value = self.has_value or local == "v"
            self.has_formula = self.has_formula or local == "f"
        elif local == "row":
            self.finish_cell()
            self._open_row(attributes)
        elif local == "rPh":
            self.phonetic = True
        elif local == "r":
            self.phonetic = False
        elif not self.rooted:
            self._require_root(element)
        elif self.ref:
            self.where = ""

    def characters(self, text: str) -> None:
        if self.where == "f":
            self.formula += text
        elif self.where:
            self.value += text

    def finish_cell(self) -> None:
        """Account for the cell that is open, if there is one."""
        if self.ref:
            if self._is_content(self.ref, self.value.strip()):
                self.cells += 1
                self.last_row = self.row
                self.widest = max(self.widest, self.column)
            self.ref = self.where = ""

    def _is_content(self, ref: str, value: str) -> bool:
        if self.kind == "s" and value:
            return self._string(value)
        if self.kind == "e" and value:
            self.errors[ref] = value
            return True
        if self.has_formula and not value and not (self.kind == "str" and self.has_value):
            self.uncalculated[ref] = f"={self.formula.strip()}"
            return True
        return is_content(value)

    def _string(self, value: str) -> bool:
        if not value.isdecimal() or int(value) >= self.strings:
            raise damaged(
                f"ô {self.ref} trỏ tới chuỗi không có", "a cell points to a string that is not there"
            )
        return int(value) not in self.blank

    def _open_row(self, attributes: dict[str, str]) -> None:
        text = attributes.get("r")
        row = self.row + 1 if text is None else int(text) if text.isdecimal() else 0
        if row <= self.row:
            raise damaged(f"dòng {text} sai thứ tự", f"row {text} is out of order")
        self.row, self.row_text, self.column = row, str(row), 0

    def _open_cell(self, attributes: dict[str, str]) -> None:
        self.records += 1
        ref = attributes.get("r")
        if ref is None:
            column = self.column + 1
        else:
            column = NUMBER_OF.get(ref.removesuffix(self.row_text), 0)
        if column <= self.column or column > _EXCEL_COLUMNS or not self.row:
            raise damaged(
                f"ô {ref} sai thứ tự hoặc sai dòng", f"cell {ref} is out of order or in the wrong row"
            )
        if self.records > RECORDS:
            raise damaged(
                "có quá nhiều ô, phần lớn là ô trống có định dạng",
                "it holds too many cells, most of them blank",
            )
        self.column = column
        self.ref = ref or f"{LETTERS_OF[column - 1]}{self.row_text}"
        self.kind = attributes.get("t", "n")
        self.value = self.formula = self.where = ""
        self.has_formula = self.has_value = self.phonetic = False

    def finish(self) -> SheetFacts:
        """Return the facts, the pass being over."""
        self.finish_cell()
        if self.last_row > ROWS or self.widest > COLUMNS or self.last_row * self.widest > AREA:
            far = f"{LETTERS_OF[self.widest - 1]}{self.last_row}"
            raise damaged(
                f"nội dung kéo dài tới {far}; hãy xóa ô thừa ở xa",
                f"its cells reach to {far}; clear those far out",
            )
        return SheetFacts(self.cells, self.errors, self.uncalculated)

    def _require_root(self, element: str) -> None:
        self.rooted = True
        if element != f"{MAIN} worksheet":
            raise damaged("trang có cấu trúc lạ", "a sheet is built in an unknown way")
