"""Puts new rows under a native table: its rows, its range, and what ends where it ended; all else stays as it was."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from xltrack.excel.opc import MAIN, Element, Package
from xltrack.excel.packed import Piece
from xltrack.excel.refresh.native import NativeTable, Refused
from xltrack.excel.refresh.sheet_rows import RowSpan, SheetRows
from xltrack.excel.rows_xml import LEFT, NUMBER, RIGHT, Layout, RowsXml, rows_xml
from xltrack.excel.spots import address_of, spot_of
from xltrack.excel.threads import threads
from xltrack.excel.worksheet_xml import WorksheetXml
from xltrack.language import Text

ROWS = 1_048_576
"""The rows of a worksheet (Excel's documented limit)."""
_XM = "http://schemas.microsoft.com/office/excel/2006/main"
_X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
_EXTENDED = (f"{{{_X14}}}conditionalFormatting", f"{{{_X14}}}dataValidation")
"""Formats and validations of Excel 2010 and later name their cells in an element ([MS-XLSX], 2.6.18 and 2.6.26)."""
_ADDRESS = re.compile(rb"\$?[A-Z]{1,3}\$?\d+(?![\w(])")


@dataclass(frozen=True, slots=True)
class Begun:
    """Rows that are already being made for a table with this layout, in pieces that can be taken once."""

    layout: Layout
    pieces: Iterator[Piece]


def begin_rows(frame: pl.DataFrame, layout: Layout, workers: Executor) -> Begun:
    """Let `workers` make the rows of `frame`, whose columns are those of a table with this layout."""
    return Begun(layout, rows_xml(layout, frame.get_columns(), frame.height).pieces(workers))


def replace_rows(
    package: Package, table: NativeTable, frame: pl.DataFrame, begun: Begun | None = None
) -> NativeTable:
    """Put the rows of `frame`, whose columns bear the table's headings, under `table`; return the table as it is now.

    Columns of the table that `frame` lacks must be calculated ones. Rows that are `begun` must be those of `frame`.
    Raises Refused, naming what stands in the way, before anything is changed.
    """
    last = last_row(table, frame.height)
    sheet = WorksheetXml(package.read(table.sheet))
    edit = _Edit(table, SheetRows(sheet.xml, sheet.span), frame, last)
    _check_frame(sheet, table)
    with threads() as workers:
        rows = edit.rows(workers, begun)
        _stretch(sheet.root, table, last)
        head, tail = sheet.around()
        package.write_pieces(table.sheet, (head, *rows, tail))
    return _resized(package, table, last)


def last_row(table: NativeTable, height: int) -> int:
    """Return the last row of `table`, its totals included, with `height` rows of data; raises Refused."""
    last = table.first_data + max(height, 1) - 1 + table.has_totals
    if last < ROWS:
        return last
    raise Refused(
        Text(
            f"{height} dòng không vừa một trang tính Excel ({ROWS - table.first_data} dòng); hãy xuất "
            ".parquet hoặc .csv",
            f"{height} rows do not fit in a worksheet of Excel ({ROWS - table.first_data}); write "
            ".parquet or .csv",
        )
    )


@dataclass(frozen=True)
class _Edit:
    """The new rows of one sheet: `last` is the row of the table's new end."""

    table: NativeTable
    sheet: SheetRows
    frame: pl.DataFrame
    last: int

    def rows(self, workers: Executor, begun: Begun | None) -> Iterator[bytes | Piece]:
        """Yield the element of rows with the table's replaced, in pieces; raises Refused."""
        end = max(self.last, self.table.last[0])
        before = [row for row in self.sheet.rows if row.number < self.table.first_data]
        after = [row for row in self.sheet.rows if row.number > end]
        kept = [self.sheet.between(rows[0], rows[-1]) if rows else b"" for rows in (before, after)]
        opening, closing = self.sheet.tags()
        yield opening + kept[0]
        yield from begun.pieces if begun and self._takes(begun) else self._made().pieces(workers)
        yield b"".join((self._row_of_totals(), *self._left_behind(), kept[1], closing))

    def _takes(self, begun: Begun) -> bool:
        return begun.layout == self._layout and not self._beside and not self.table.formulas

    def _made(self) -> RowsXml:
        rows = self.frame if self.frame.height else self.frame.clear(1)
        formulas = self.table.formulas
        columns = [formulas[one] if one in formulas else rows[one] for one in self.table.headings]
        sides = [(str(row + 1), *(side.decode() for side in both)) for row, both in self._beside.items()]
        beside = pl.DataFrame(sides, dict.fromkeys((NUMBER, LEFT, RIGHT), pl.String), orient="row")
        return rows_xml(self._layout, columns, rows.height, beside if sides else None)

    def _row_of_totals(self) -> bytes:
        if not self.table.has_totals:
            return b""
        left, right = self._beside.get(self.last, (b"", b""))
        return self.sheet.made(self.last, left + self._totals + right)

    def _left_behind(self) -> Iterator[bytes]:
        """Yield what stood beside the rows of a table that has become shorter."""
        for number, (left, right) in sorted(self._beside.items()):
            if number > self.last:
                yield self.sheet.made(number, left + right)

    @cached_property
    def _old_rows(self) -> tuple[RowSpan, ...]:
        return tuple(
            row
            for row in self.sheet.rows
            if self.table.first_data <= row.number <= max(self.last, self.table.last[0])
        )

    @cached_property
    def _first_row(self) -> RowSpan | None:
        return next((row for row in self._old_rows if row.number == self.table.first_data), None)

    @cached_property
    def _layout(self) -> Layout:
        """Return how the first row is laid out, whose formats all others have."""
        row, first = self._first_row, (self.table.first_data, self.table.first[1])
        found = {column: self.sheet.style(cell) for column, cell, _ in self.sheet.cells(row)} if row else {}
        styles = tuple(found.get(first[1] + place, "") for place in range(len(self.table.headings)))
        return Layout(first, styles, self.sheet.heights(row) if row else "", self.sheet.prefix)

    @cached_property
    def _beside(self) -> Mapping[int, tuple[bytes, bytes]]:
        """Return the cells left and right of the table, by row; raises Refused where it would grow over others."""
        found: dict[int, tuple[bytes, bytes]] = {}
        for row in self._old_rows:
            if row.number <= self.table.last[0] and self.sheet.is_within(
                row, self.table.first[1], self.table.last[1]
            ):
                continue
            sides: defaultdict[bool, list[bytes]] = defaultdict(list)
            for column, cell, content in self.sheet.cells(row):
                if column < self.table.first[1] or column > self.table.last[1]:
                    sides[column > self.table.last[1]].append(cell)
                elif row.number > self.table.last[0] and content:
                    raise in_the_way(self.table, row.number, column)
            if sides:
                found[row.number] = (b"".join(sides[False]), b"".join(sides[True]))
        return found

    @cached_property
    def _totals(self) -> bytes:
        """Return the cells of the row of totals, moved to its new row; its formulas must speak of columns by name."""
        row = next((row for row in self.sheet.rows if row.number == self.table.last[0]), None)
        moved = []
        for column, cell, content in self.sheet.cells(row) if row else ():
            if not self.table.first[1] <= column <= self.table.last[1]:
                continue
            formula = re.search(rb"<(?:[\w.-]+:)?f\b[^>]*>(.*?)</", content, re.DOTALL)
            if formula and _ADDRESS.search(re.sub(rb"\[[^\]]*\]", b"", formula[1])):
                raise Refused(
                    Text(
                        f"dòng tổng của bảng {self.table.name} có công thức theo địa chỉ ô",
                        f"the row of totals of table {self.table.name} has a formula with addresses of cells",
                    )
                )
            name = f'r="{address_of((self.last, column))}"'.encode()
            moved.append(re.sub(rb"""\br\s*=\s*["'][A-Z]+\d+["']""", name, cell, count=1))
        return b"".join(moved)


def in_the_way(table: NativeTable, row: int, column: int) -> Refused:
    """Return the refusal to let `table` grow over a cell that is filled."""
    address = address_of((row, column))
    return Refused(
        Text(
            f"bảng {table.name} dài ra sẽ đè lên ô {table.tab}!{address}; hãy chuyển nội dung bên dưới đi chỗ khác",
            f"table {table.name} would grow over {table.tab}!{address}; move what stands below the table",
        )
    )


def _check_frame(sheet: WorksheetXml, table: NativeTable) -> None:
    """Let no merged cells or links lie in the rows that go: they would point at other rows afterwards."""
    for tag, attribute in (("mergeCells", "ref"), ("hyperlinks", "ref")):
        for parent in sheet.all(tag):
            for entry in parent:
                area = entry.get(attribute) or ""
                if _touches(area, table):
                    raise Refused(
                        Text(
                            f"bảng {table.name} có ô gộp hoặc liên kết ở {table.tab}!{area}",
                            f"table {table.name} has merged cells or links at {table.tab}!{area}",
                        )
                    )


def _touches(area: str, table: NativeTable) -> bool:
    start, _, end = area.partition(":")
    first, last = spot_of(start), spot_of(end or start)
    if first is None or last is None:
        return False
    rows = first[0] <= table.last[0] and last[0] >= table.first_data
    return rows and first[1] <= table.last[1] and last[1] >= table.first[1]


def _stretch(root: Element, table: NativeTable, last: int) -> None:
    """Let formats, validations and the sheet's extent that ended with the table's data end where they end now."""
    for tag in ("conditionalFormatting", "dataValidation"):
        for entry in root.iter(f"{{{MAIN}}}{tag}"):
            areas = (entry.get("sqref") or "").split()
            entry.set("sqref", " ".join(stretched(area, table, last - table.has_totals) for area in areas))
    for entry in root.iter(f"{{{_XM}}}sqref"):
        parent = entry.getparent()
        if parent is not None and parent.tag in _EXTENDED:
            areas = (entry.text or "").split()
            entry.text = " ".join(stretched(area, table, last - table.has_totals) for area in areas)
    extent = root.find(f"{{{MAIN}}}dimension")
    if extent is not None:
        start, _, end = (extent.get("ref") or "").partition(":")
        corner = spot_of(end or start)
        if corner is not None and spot_of(start) is not None:
            rows = last if corner[0] == table.last[0] else max(last, corner[0])
            extent.set("ref", f"{start}:{address_of((rows, max(corner[1], table.last[1])))}")


def stretched(area: str, table: NativeTable, last_data: int) -> str:
    """Return `area`, ending in row `last_data` if it lies in the table's columns and ended with its data."""
    start, colon, end = area.partition(":")
    first, last = spot_of(start), spot_of(end or start)
    if first is None or last is None or last[0] != table.last_data or first[0] < table.first[0]:
        return area
    if not (table.first[1] <= first[1] and last[1] <= table.last[1]) or not (
        colon or last[0] == table.first_data
    ):
        return area
    fixed = "$" if "$" in (end or start) else ""
    place = address_of((last_data, last[1]))
    if fixed:
        letters, number = re.fullmatch(r"([A-Z]+)(\d+)", place).groups()  # type: ignore[union-attr]  # an address
        place = f"${letters}${number}"
    return f"{start}:{place}"


def _resized(package: Package, table: NativeTable, last: int) -> NativeTable:
    """Give the table's part its new range, and take filters away that hid some of the old rows."""
    root = package.tree(table.part)
    start = address_of(table.first)
    root.set("ref", f"{start}:{address_of((last, table.last[1]))}")
    filter_ = root.find(f"{{{MAIN}}}autoFilter")
    if filter_ is not None:
        filter_.set("ref", f"{start}:{address_of((last - table.has_totals, table.last[1]))}")
        for child in list(filter_):
            filter_.remove(child)
    for tag in ("sortState",):
        for entry in root.findall(f"{{{MAIN}}}{tag}"):
            root.remove(entry)
    package.write_tree(table.part, root)
    return NativeTable(**{**vars(table), "last": (last, table.last[1])})
