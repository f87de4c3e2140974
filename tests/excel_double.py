"""Stands in for Microsoft Excel below xlwings: a grid that takes typed things as Excel does, and a record of calls.

xlwings itself is the real one, so that its calls are tried with their conversions. What Excel would do beyond this is
not known from here; tests marked `excel` ask it.
"""

import re
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from xltrack.findings.outputs import PERIOD, UNIT

SETTINGS = {
    "display_alerts": True,
    "enable_events": True,
    "screen_updating": True,
    "calculation": "automatic",
}
NUMBER = re.compile(r"-?\d+(\.\d+)?")
DATE = re.compile(r"\d+/\d+|(JAN|MAR|SEP)\d+")


NOBODY = 99_999_999
"""The number of a process that there is not: no system numbers so many."""


class Trouble(Exception):
    """What COM or Apple events would raise."""


class Excel:
    """One desk: its running Excels, all calls in their order, and the call that fails (counted from 1)."""

    def __init__(self, fails_at=None):
        self.calls, self.running, self.fails_at, self.macros = [], [], fails_at, []
        self.name = self.type = "excel"
        self.disk = {}
        self.apps = Apps(self)

    def call(self, *what):
        """Note a call; fail if it is its turn."""
        self.calls.append(what)
        if len(self.calls) == self.fails_at:
            raise Trouble(f"call {what[0]}")

    @property
    def names(self):
        """Return the names of the calls."""
        return [what[0] for what in self.calls]

    def prepare_xl_data_element(self, value, _format):
        return value

    def clean_value_data(self, data, *_):
        return [[None if value == "" else value for value in row] for row in data]


class Apps:
    def __init__(self, excel):
        self.excel = excel

    def __iter__(self):
        return iter(self.excel.running)

    def __len__(self):
        return len(self.excel.running)

    def add(self, spec=None, add_book=None, visible=None):
        self.excel.call("start")
        app = App(self.excel)
        self.excel.running.append(app)
        return app


class App:
    books: "Books"
    excel: Excel

    def __init__(self, excel):
        own = {"excel": excel, "engine": excel, "api": self, "pid": NOBODY, "visible": True}
        self.__dict__.update(SETTINGS | own)
        self.__dict__["books"] = Books(self)

    def __setattr__(self, name, value):
        self.excel.call("set", name, value)
        self.__dict__[name] = value

    def calculate(self):
        self.excel.call("calculate")


class Books(list):
    def __init__(self, app):
        super().__init__()
        self.app = app

    def __call__(self, name):
        found = [book for book in self if book.name == name]
        if not found:
            raise KeyError(name)
        return found[0]

    def open(self, path, *_):
        self.app.excel.call("open", Path(path).name)
        book = Book(self.app, Path(path), self.app.excel.disk[Path(path).name])
        self.append(book)
        return book


class Book:
    """A workbook over `sheets`: tab -> Sheet."""

    def __init__(self, app, path, sheets):
        self.app, self.name, self.fullname, self.api = app, path.name, str(path), self
        self.sheets = Sheets(sheets)
        self.is_saved, self.is_read_only, self.unit, self.period = True, False, None, None
        for sheet in sheets:
            sheet.book = self

    def save(self, _path, password=None):
        self.app.excel.call("save")
        self.is_saved = True

    def close(self):
        self.app.excel.call("close")
        self.app.books.remove(self)


class Sheets(list):
    def __call__(self, name):
        return next(sheet for sheet in self if sheet.name == name)


class Sheet:
    book: "Book"

    def __init__(self, name, cells, tables=(), pivots=()):
        self.name, self.cells, self.formats = name, dict(cells), {}
        self.tables = Sheets(tables)
        self.pivot_tables = Sheets(pivots)
        for table in tables:
            table.parent = self

    def range(self, first, last=None):
        ends = [
            end.first if isinstance(end, Range) else (end[0] - 1, end[1] - 1)
            for end in (first, last or first)
        ]
        return Range(self, *ends)

    def typed(self, spot, value):
        """Hold `value` as Excel holds what is typed or assigned."""
        if isinstance(value, int) and abs(value) >= 2**31:
            raise Trouble("an integer of more than 32 bits")
        if value is None:
            self.cells.pop(spot, None)
        elif not isinstance(value, str) or self.formats.get(spot) == "@":
            self.cells[spot] = value
        elif value.startswith("'"):
            self.cells[spot] = value[1:]
        elif value.startswith("="):
            self.cells[spot] = Formula(value)
        elif NUMBER.fullmatch(value):
            self.cells[spot] = float(value)
        elif DATE.fullmatch(value):
            self.cells[spot] = 45_000.0
        else:
            self.cells[spot] = value


class Formula(str):
    """What a cell works out."""

    __slots__ = ()


class Range:
    def __init__(self, sheet, first, last):
        self.sheet, self.first, self.last, self.options, self.api = sheet, first, last, {}, self
        self.max_cells_per_read = self.max_cells_per_write = None
        self.row, self.column = first[0] + 1, first[1] + 1
        self.shape = (last[0] - first[0] + 1, last[1] - first[1] + 1)
        self.coords = (sheet.name, self.row, self.column, *self.shape)

    def __len__(self):
        return self.shape[0] * self.shape[1]

    @property
    def excel(self):
        return self.sheet.book.app.excel

    @property
    def address(self):
        return f"{xl_rowcol_to_cell(*self.first)}:{xl_rowcol_to_cell(*self.last)}"

    @property
    def spots(self):
        rows = range(self.first[0], self.last[0] + 1)
        return [[(row, column) for column in range(self.first[1], self.last[1] + 1)] for row in rows]

    def range(self, first, last):
        return self.sheet.range(first, last)

    def __call__(self, row, column):
        return self.sheet.range((self.row + row - 1, self.column + column - 1))

    @property
    def raw_value(self):
        self.excel.call("read", self.address)
        found = [[self.sheet.cells.get(spot) for spot in row] for row in self.spots]
        return found if len(self) > 1 else found[0][0]

    @raw_value.setter
    def raw_value(self, rows):
        self.excel.call("write", self.address)
        assert (len(rows), len(rows[0])) == self.shape
        self.sheet.book.is_saved = False
        for spots, row in zip(self.spots, rows, strict=True):
            for spot, value in zip(spots, row, strict=True):
                self.sheet.typed(spot, value)

    @property
    def formula(self):
        found = tuple(tuple(str(self.sheet.cells.get(spot, "")) for spot in row) for row in self.spots)
        return found if len(self) > 1 else found[0][0]

    @formula.setter
    def formula(self, formula):
        self.excel.call("fill", self.address, formula)
        for row in self.spots:
            for spot in row:
                self.sheet.cells[spot] = Formula(formula)

    @property
    def number_format(self):
        return self.sheet.formats.get(self.first)

    @number_format.setter
    def number_format(self, code):
        self.excel.call("format", self.address, code)
        self.sheet.formats |= {spot: code for row in self.spots for spot in row}

    def clear(self):
        self.excel.call("clear", self.address)
        for row in self.spots:
            for spot in row:
                self.sheet.cells.pop(spot, None)


class Table:
    parent: "Sheet"

    def __init__(self, name, area, *, has_totals=False, is_external=False):
        self.name, self.api, self.is_external = name, self, is_external
        self.area = tuple(xl_cell_to_rowcol(end) for end in area.split(":"))
        self.show_headers, self.show_autofilter, self._totals = True, True, has_totals
        self.autofilter = self

    @property
    def range(self):
        return Range(self.parent, *self.area)

    def clear(self, _field=None):
        self.parent.book.app.excel.call("show all")

    def resize(self, area):
        self.parent.book.app.excel.call("resize", area.api.address)
        self.area = (area.api.first, area.api.last)

    @property
    def show_totals(self):
        return self._totals

    @show_totals.setter
    def show_totals(self, value):
        self.parent.book.app.excel.call("totals", value)
        (top, left), (bottom, right) = self.area
        if value:
            assert not any((bottom + 1, column) in self.parent.cells for column in range(left, right + 1))
            self.parent.cells[bottom + 1, left] = "Cộng"
        else:
            for column in range(left, right + 1):
                self.parent.cells.pop((bottom, column), None)
        self.area = ((top, left), (bottom + (1 if value else -1), right))
        self._totals = value


class Pivot:
    def __init__(self, name, source):
        self.name, self.source, self.api = name, source, self


class Native:
    """What xlwings leaves to each system, told to the double."""

    def __init__(self, excel):
        self.excel = excel

    def forbid_macros(self, app):
        self.excel.call("forbid macros")
        self.excel.macros.append(app)

    def quit(self, app):
        self.excel.call("quit")
        self.excel.running.remove(app.impl)

    def is_read_only(self, book):
        return book.api.is_read_only

    def has_changes(self, book):
        return not book.api.is_saved

    def copy(self, book, path):
        self.excel.call("copy", path.name)
        with Workbook(path) as copy:
            if book.api.unit:
                copy.set_custom_property(UNIT, book.api.unit)
            if book.api.period:
                copy.set_custom_property(PERIOD, book.api.period)
            for sheet in book.api.sheets:
                made = copy.add_worksheet(sheet.name)
                for (row, column), value in sheet.cells.items():
                    made.write(row, column, value)

    def is_external(self, table):
        return table.api.is_external

    def has_formula(self, cell):
        return isinstance(cell.api.sheet.cells.get(cell.api.first), Formula)

    def refresh_pivots(self, book, *, scrub):
        self.excel.call("refresh pivots", scrub)

    def source(self, pivot):
        return pivot.api.source
