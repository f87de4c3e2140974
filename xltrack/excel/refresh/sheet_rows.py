"""The rows of a worksheet as bytes: where each begins and ends, and which of its cells stand where."""

import re
from collections.abc import Iterator
from functools import cache, cached_property
from typing import NamedTuple

from xlsxwriter.utility import xl_cell_to_rowcol, xl_col_to_name

from xltrack.excel.opc import PackageError
from xltrack.excel.rows_xml import row_tags

_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]+\d+)["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["'](\d+)["']""")


class RowSpan(NamedTuple):
    """One row: its number from 0, and where its tag, its cells and the row itself begin and end."""

    number: int
    start: int
    cells: int
    end_of_cells: int
    end: int


@cache
def _letters(column: int) -> bytes:
    return str(xl_col_to_name(column)).encode()


class SheetRows:
    """The content of `sheetData`; only its rows and cells are told apart, nothing else is parsed."""

    def __init__(self, xml: bytes, span: tuple[int, int]) -> None:
        """Take a worksheet in which the element with its tags lies from the first to the second offset of `span`.

        Raises PackageError for what must be parsed to be understood.
        """
        opening = re.compile(rb"<(?:([\w.-]+):)?sheetData[^>]*>").match(xml, *span)
        if opening is None or xml.find(b"<!", *span) >= 0:
            raise PackageError("the rows of a worksheet hold comments or sections")
        self.prefix = f"{opening[1].decode()}:" if opening[1] else ""
        self._xml, self._span = xml, span
        p = re.escape(self.prefix.encode())
        self._row = re.compile(rb"<" + p + rb"""row\b(?:[^>]*?\sr\s*=\s*["'](\d+)["'])?[^>]*>""")
        self._row_end = f"</{self.prefix}row".encode()
        self._cell_start = f"<{self.prefix}c ".encode()
        self._cell = re.compile(rb"<" + p + rb"c\b([^>]*?)(?:/>|>(.*?)</" + p + rb"c\s*>)", re.DOTALL)

    @cached_property
    def rows(self) -> tuple[RowSpan, ...]:
        """Return the rows from top to bottom."""
        return tuple(self._spans())

    def _spans(self) -> Iterator[RowSpan]:
        number = -1
        for found in self._row.finditer(self._xml, *self._span):
            number = int(found[1]) - 1 if found[1] else number + 1
            start, cells = found.span()
            if self._xml.startswith(b"/>", cells - 2):
                yield RowSpan(number, start, cells, cells, cells)
            else:
                end = self._at(self._row_end, cells)
                yield RowSpan(number, start, cells, end, self._at(b">", end) + 1)

    def _at(self, tag: bytes, start: int) -> int:
        found = self._xml.find(tag, start, self._span[1])
        if found < 0:
            raise PackageError("a row of a worksheet has no end")
        return found

    def cells(self, row: RowSpan) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield column, whole XML and content of each cell of `row`."""
        column = -1
        for found in self._cell.finditer(self._xml, row.cells, row.end_of_cells):
            named = _PLACE.search(found[1])
            column = xl_cell_to_rowcol(named[1].decode())[1] if named else column + 1
            yield column, found[0], found[2] or b""

    def is_within(self, row: RowSpan, first: int, last: int) -> bool:
        """Return whether the cells of `row`, which stand in their order, all lie in columns `first` to `last`."""
        begin = self._xml.find(self._cell_start, row.cells, row.end_of_cells)
        end = self._xml.rfind(self._cell_start, row.cells, row.end_of_cells)
        if begin < 0:
            return row.cells == row.end_of_cells
        if self._stands(begin, first, row) and self._stands(end, last, row):
            return True
        places = [_PLACE.search(self._xml, at, row.end_of_cells) for at in (begin, end)]
        columns = [xl_cell_to_rowcol(place[1].decode())[1] for place in places if place]
        return len(columns) == 2 and first <= columns[0] <= columns[1] <= last

    def _stands(self, cell: int, column: int, row: RowSpan) -> bool:
        """Return whether the cell at the offset `cell` says, as most programs write it, that it stands in `column`."""
        return self._xml.startswith(
            b'%br="%b%d"' % (self._cell_start, _letters(column), row.number + 1), cell
        )

    def style(self, cell: bytes) -> str:
        """Return the number of the format of `cell`, "" for none."""
        found = _STYLE.search(cell, 0, cell.index(b">"))
        return found[1].decode() if found else ""

    def heights(self, row: RowSpan) -> str:
        """Return the attributes that say how high `row` is."""
        tag = self._xml[row.start : row.cells].decode()
        return " ".join(re.findall(r"""\s((?:ht|customHeight)\s*=\s*(?:"[^"]*"|'[^']*'))""", tag))

    def between(self, first: RowSpan, last: RowSpan) -> bytes:
        """Return the rows from `first` to `last` as they are."""
        return self._xml[first.start : last.end]

    def tags(self) -> tuple[bytes, bytes]:
        """Return the tags around the rows."""
        tag = f"{self.prefix}sheetData".encode()
        return b"<%s>" % tag, b"</%s>" % tag

    def made(self, number: int, cells: bytes) -> bytes:
        """Return a row of these cells as XML."""
        start, attributes, end = row_tags(self.prefix)
        return b"".join((f"{start}{number + 1}{attributes}".encode(), cells, end.encode()))
