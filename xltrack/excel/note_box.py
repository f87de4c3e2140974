"""Where the box of a note stands: beside its cell, in columns and rows whose sizes differ."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Final

from xltrack.excel.opc import Element
from xltrack.excel.worksheet_xml import WorksheetXml

WIDTH: Final = 330
"""Pixels of a box, and below of the gap to its cell, of a line of its text, of its upper and lower margin."""
_GAP, _LINE, _MARGINS = 15, 15, 16
_LETTERS: Final = 50
"""Characters that fit on a line."""
_TALLEST: Final = 450
_FARTHEST: Final = 200
"""So many rows or columns are counted at most: they may all be hidden."""
_DIGIT: Final = 7
"""Pixels of a digit in the usual default font, in which widths of columns are counted (ISO/IEC 29500-1, 18.3.1.13)."""
_USUAL_WIDTH, _USUAL_HEIGHT = "9.14", "15"
_ROW: Final = re.compile(rb"<(?:\w+:)?row\s([^>]*)")
_ATTRIBUTE: Final = re.compile(rb"""\b(r|ht|hidden)\s*=\s*["']([^"']*)""")


def height_of(text: str) -> int:
    """Return how many pixels high the box of a note with this text is."""
    lines = sum(1 + len(line) // _LETTERS for line in text.split("\n"))
    return min(lines * _LINE + _MARGINS, _TALLEST)


class Measures:
    """How wide the columns and how high the rows of one worksheet are, in pixels."""

    def __init__(self, sheet: WorksheetXml) -> None:
        """Take the measures of `sheet`."""
        form, columns = sheet.find("sheetFormatPr"), sheet.find("cols")
        usual = ("defaultColWidth", "defaultRowHeight")
        wide, high = (None if form is None else form.get(name) for name in usual)
        self._width, self._height = _across(wide or _USUAL_WIDTH), _down(high or _USUAL_HEIGHT)
        self._widths = [] if columns is None else sorted(map(_width, columns.iterchildren("*")))
        self._heights: dict[int, int] = dict(_heights(sheet.xml[slice(*sheet.span)]))

    def anchor(self, column: int, row: int, height: int) -> str:
        """Return the anchor of a box of that height beside a cell: column, offset, row, offset, and once more.

        Columns and rows are counted from 0 (MS-OI29500, 2.1.1877: the content of x:Anchor).
        """
        left, top = column + 1, max(row - 1, 0)
        right, across = _walk(left, _GAP + WIDTH, self._width_of)
        bottom, down = _walk(top, _GAP + height, self._height_of)
        return f"{left}, {_GAP}, {top}, {_GAP}, {right}, {across}, {bottom}, {down}"

    def _width_of(self, column: int) -> int:
        at = bisect_right(self._widths, column + 1, key=itemgetter(0)) - 1
        _, last, wide = self._widths[at] if at >= 0 else (0, -1, 0)
        return wide if column + 1 <= last else self._width

    def _height_of(self, row: int) -> int:
        return self._heights.get(row + 1, self._height)


def _walk(start: int, distance: int, size: Callable[[int], int]) -> tuple[int, int]:
    """Return the column or row that is `distance` pixels from the start of `start`, and how far into it."""
    for at in range(start, start + _FARTHEST):
        if distance < size(at):
            return at, distance
        distance -= size(at)
    return start + _FARTHEST, 0


def _heights(rows: bytes) -> Iterator[tuple[int, int]]:
    """Yield the number and the height of the rows that have a height of their own."""
    for row in _ROW.finditer(rows):
        said = {name.decode(): value.decode("utf-8", "replace") for name, value in _ATTRIBUTE.findall(row[1])}
        if "ht" in said or "hidden" in said:
            high = 0 if said.get("hidden") in ("1", "true") else _down(said.get("ht", _USUAL_HEIGHT))
            yield int(_number(said.get("r"))), high


def _width(entry: Element) -> tuple[int, int, int]:
    """Return the first column, the last column and the width of an entry of `cols`."""
    first, last = (int(_number(entry.get(name))) for name in ("min", "max"))
    is_hidden = entry.get("hidden") in ("1", "true")
    return first, last, 0 if is_hidden else _across(entry.get("width") or _USUAL_WIDTH)


def _across(width: str) -> int:
    return round(_number(width) * _DIGIT) + 5


def _down(points: str) -> int:
    return round(_number(points) * 4 / 3)


def _number(text: str | None) -> float:
    try:
        return min(max(float(text or "0"), 0), 1e6)
    except ValueError:
        return 0
