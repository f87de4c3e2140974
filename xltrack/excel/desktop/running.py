"""A running Microsoft Excel, through the open-source part of xlwings (Windows: COM, macOS: Apple events)."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from xltrack.errors import ExcelMissing
from xltrack.excel.desktop.book import Area, Book, CellValue, Desktop
from xltrack.excel.desktop.native import Native, native_of
from xltrack.excel.desktop.waiting import BUSY, bounded, waits_for_its_user
from xltrack.excel.refresh import NativeTable, Refused
from xltrack.excel.spots import Spot
from xltrack.language import Text

if TYPE_CHECKING:
    import xlwings

P = ParamSpec("P")
T = TypeVar("T")

_SYSTEMS = ("win32", "darwin")
_HUSHED = {
    "display_alerts": False, "enable_events": False, "screen_updating": False, "calculation": "manual",
}  # fmt: skip
_AS_TEXT = "@"
_BLOCK = 50_000
"""Rows that are handed over at a time: one call for nearly every table, and never more than COM takes."""


def missing_excel() -> Text | None:
    """Return why no running Excel can be used here, None if one can."""
    if sys.platform not in _SYSTEMS:
        return Text(
            "Excel chỉ chạy trên Windows và macOS; ở đây hãy dùng --with file",
            "Excel runs on Windows and macOS only; use --with file here",
        )
    if find_spec("xlwings") is None:
        return Text(
            "chưa cài xlwings; hãy chạy: pip install xlwings",
            "xlwings is not installed; run: pip install xlwings",
        )
    return None


def desktop_excel() -> Desktop:
    """Return the Excel of this desk; raises ExcelMissing."""
    return ExcelDesktop(_native())


def open_book(book: "xlwings.Book | None" = None) -> Book:
    """Return `book`, that whose macro called this Python if none is named; raises ExcelMissing."""
    native = _native()
    import xlwings  # noqa: PLC0415  # an optional extra

    return ExcelBook(book or xlwings.Book.caller(), native)


def _native() -> Native:
    missing = missing_excel()
    if missing:
        raise ExcelMissing(reason=missing)
    try:
        return native_of(sys.platform)
    except ImportError as failure:  # half installed
        raise ExcelMissing(reason=Text(f"xlwings báo {failure}", f"xlwings says {failure}")) from failure


def _told(call: Callable[P, T]) -> Callable[P, T]:
    """Turn whatever Excel answers into Refused."""

    @wraps(call)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        with _listening():
            return call(*args, **kwargs)

    return wrapped


@contextmanager
def _listening() -> Iterator[None]:
    try:
        yield
    except Refused:
        raise
    except Exception as failure:  # COM, Apple events and xlwings share no base for what they raise
        if waits_for_its_user(failure):
            raise Refused(BUSY) from failure
        said = " ".join(str(failure).split()) or type(failure).__name__
        raise Refused(Text(f"Excel báo lỗi: {said}", f"Excel reported: {said}")) from failure


class ExcelDesktop:
    """The Excels that run here, and those that are started for one workbook."""

    def __init__(self, native: Native) -> None:
        """Take what this system calls in its own way."""
        self._native = native

    @_told
    def find(self, path: Path) -> Book | None:
        """Return the workbook at `path` if a running Excel has it open."""
        import xlwings  # noqa: PLC0415  # an optional extra

        wanted = _folded(path)
        books = (book for app in xlwings.apps for book in app.books)
        found = (book for book in books if book.name.casefold() == path.name.casefold())
        return next((ExcelBook(one, self._native) for one in found if _folded(one.fullname) == wanted), None)

    @contextmanager
    def opened(self, path: Path) -> Iterator[Book]:
        """Open `path` in an Excel of its own, unseen, without macros and links; both are closed whatever happens.

        An Excel that takes too long is ended.
        """
        import xlwings  # noqa: PLC0415  # an optional extra

        with ExitStack() as stack:
            with _listening():
                app = xlwings.App(visible=False, add_book=False)
                stack.callback(_closing(self._native.quit), app)
                stack.enter_context(bounded(app.pid))
                app.display_alerts = False
                self._native.forbid_macros(app)
                book = app.books.open(
                    str(path.resolve()), update_links=False, ignore_read_only_recommended=True
                )
                stack.callback(_closing(book.close))
            yield ExcelBook(book, self._native)


def _closing(call: Callable[P, T]) -> Callable[P, None]:
    """Let a program that does not close properly not hide why it was closed."""

    @wraps(call)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            _told(call)(*args, **kwargs)
        except Refused:
            return

    return wrapped


def _folded(path: Path | str) -> str:
    return str(Path(path).resolve()).casefold()


class ExcelBook:
    """A workbook that Excel has open."""

    def __init__(self, book: "xlwings.Book", native: Native) -> None:
        """Take the workbook, and what this system calls in its own way."""
        self._book = book
        self._native = native

    @property
    @_told
    def name(self) -> str:
        """Return the name of its file."""
        return str(self._book.name)

    @property
    @_told
    def is_read_only(self) -> bool:
        """Return whether it cannot be saved where it lies."""
        return self._native.is_read_only(self._book)

    @property
    @_told
    def has_changes(self) -> bool:
        """Return whether it holds what nobody has saved yet."""
        return self._native.has_changes(self._book)

    @property
    @_told
    def tabs(self) -> tuple[str, ...]:
        """Return the tabs of its worksheets."""
        return tuple(sheet.name for sheet in self._book.sheets)

    @_told
    def tables(self) -> list[NativeTable]:
        """Return its native tables; part and sheet are of no use here."""
        return [self._table(sheet, table) for sheet in self._book.sheets for table in sheet.tables]

    @contextmanager
    def hushed(self) -> Iterator[None]:
        """Let Excel ask nothing, show nothing and run no events meanwhile; all is as before afterwards."""
        app = self._book.app
        with ExitStack() as stack:
            with _listening():
                for setting, value in _HUSHED.items():
                    stack.callback(_closing(setattr), app, setting, getattr(app, setting))
                    setattr(app, setting, value)
            yield

    @_told
    def first_filled(self, tab: str, area: Area) -> Spot | None:
        """Return the first cell of `area` that holds something."""
        filled = (
            (area[0][0] + row, area[0][1] + column)
            for row, line in enumerate(self._formulas(tab, area))
            for column, content in enumerate(line)
            if content not in (None, "")
        )
        return next(filled, None)

    @_told
    def resize(self, table: NativeTable, last: int) -> None:
        """Let `table` show all its rows and end in row `last`, totals included; cells that it leaves are cleared.

        The row of totals is taken away meanwhile: Excel remembers its formulas.
        """
        standing = self._book.sheets[table.tab].tables[table.name]
        if standing.show_autofilter:
            standing.autofilter.clear()
        if table.has_totals:
            standing.show_totals = False
        last_data = last - table.has_totals
        standing.resize(self._range(table.tab, (table.first, (last_data, table.last[1]))))
        if last_data < table.last[0]:
            left = ((last_data + 1, table.first[1]), table.last)
            self._range(table.tab, left).clear()
        if table.has_totals:
            standing.show_totals = True

    @_told
    def write(self, tab: str, corner: Spot, rows: Sequence[Sequence[CellValue]]) -> None:
        """Put `rows` below and right of `corner` in one block; a text stays the text that it is.

        Excel takes "0101" for a number and "=1" for a formula unless the cell's format is that of texts; a text among
        numbers is marked by an apostrophe, which Excel does not show.
        """
        kinds = [_kind(column) for column in zip(*rows, strict=True)]
        for place, kind in enumerate(kinds):
            if kind == "text":
                top, column = corner[0], corner[1] + place
                self._range(tab, ((top, column), (top + len(rows) - 1, column))).number_format = _AS_TEXT
        marked = [
            [
                f"'{value}" if kind == "mixed" and isinstance(value, str) else value
                for kind, value in zip(kinds, row, strict=True)
            ]
            for row in rows
        ]
        for start in range(0, len(marked), _BLOCK):
            block = marked[start : start + _BLOCK]
            first = (corner[0] + start, corner[1])
            end = (first[0] + len(block) - 1, corner[1] + len(block[0]) - 1)
            self._range(tab, (first, end)).value = block

    @_told
    def fill(self, tab: str, area: Area, formula: str) -> None:
        """Give every cell of `area` the formula that its first cell has."""
        self._range(tab, area).formula = formula

    @_told
    def values(self, tab: str, area: Area) -> list[list[CellValue]]:
        """Return what the cells of `area` hold."""
        found: list[list[CellValue]] = self._range(tab, area).options(ndim=2).value
        return found

    @_told
    def refresh_pivots(self, tables: Sequence[str], *, scrub: bool) -> int:
        """Have each cache over cells of this workbook read them; return how many pivots show one of `tables`."""
        self._native.refresh_pivots(self._book, scrub=scrub)
        names = {name.casefold() for name in tables}
        pivots = (pivot for sheet in self._book.sheets for pivot in sheet.pivot_tables)
        return sum(_named(self._native.source(pivot)).casefold() in names for pivot in pivots)

    @_told
    def calculate(self) -> None:
        """Work out all formulas."""
        self._book.app.calculate()

    @_told
    def copy_to(self, path: Path) -> None:
        """Put a copy of the workbook as it is now at `path`."""
        self._native.copy(self._book, path.resolve())

    @_told
    def save(self) -> None:
        """Save it where it lies."""
        self._book.save()

    def _table(self, sheet: Any, table: Any) -> NativeTable:
        area = table.range
        first = (area.row - 1, area.column - 1)
        last = (first[0] + area.shape[0] - 1, first[1] + area.shape[1] - 1)
        headings = tuple(str(name) for name in self.values(sheet.name, (first, (first[0], last[1])))[0])
        return NativeTable(
            name=table.name, part="", tab=sheet.name, sheet="", first=first, last=last, headings=headings,
            formulas=self._calculated(sheet, (first[0] + 1, first[1]), headings),
            has_totals=bool(table.show_totals), is_external=self._native.is_external(table),
            has_headings=bool(table.show_headers),
        )  # fmt: skip

    def _calculated(self, sheet: Any, corner: Spot, headings: Sequence[str]) -> dict[str, str]:
        """Return the formulas that the first row of data has; a text that begins with "=" is none."""
        cells = {
            heading: sheet.range((corner[0] + 1, corner[1] + place + 1))
            for place, heading in enumerate(headings)
        }
        return {heading: cell.formula for heading, cell in cells.items() if self._native.has_formula(cell)}

    def _formulas(self, tab: str, area: Area) -> Sequence[Sequence[object]]:
        """Return what is typed in the cells of `area`, row by row, whatever its shape."""
        found: Any = self._range(tab, area).formula
        if not isinstance(found, tuple | list):
            return [[found]]
        if not isinstance(found[0], tuple | list):
            return [found]
        return found

    def _range(self, tab: str, area: Area) -> Any:
        first, last = ((row + 1, column + 1) for row, column in area)
        return self._book.sheets[tab].range(first, last)


def _named(source: str) -> str:
    """Return the table that a pivot's source names: `dl_thu`, or `'[b.xlsx]Số liệu'!dl_thu[#All]` on macOS."""
    return source.rpartition("!")[2].partition("[")[0]


def _kind(column: Sequence[CellValue]) -> str:
    kinds = {isinstance(value, str) for value in column if value is not None}
    return "mixed" if len(kinds) > 1 else "text" if kinds == {True} else "number"
