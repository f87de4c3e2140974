"""Type into a workbook that LibreOffice has open, and ask its validations. Used by ``office_uno.py``.

All functions take the UNO spreadsheet document and return plain data ready for JSON. Addresses are written as
Excel writes them (``C7``, ``A5:A14``), rows counted from 1, and formulas as an .xlsx file holds them.
"""

# LibreOffice's own Python on Windows and macOS may be as old as 3.8.
from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Entries = dict[str, dict[str, dict[str, Any]]]
    """Tab -> address -> one of {"text"}, {"number"}, {"boolean"}, {"date"}, {"typed"}, {"clear"}."""

EXCEL_NOTATION = 3  # com.sun.star.sheet.AddressConvention.XL_OOX
LOGICAL = 1024  # com.sun.star.util.NumberFormat


class Refused(Exception):
    """A person could not have done that to these cells; `cells` are addresses such as ``BIA!C7``."""

    def __init__(self, reason: str, cells: list[str]) -> None:
        super().__init__(f"{', '.join(cells)}: {reason}")
        self.cells = cells


def sheet_of(document: Any, tab: str) -> Any:
    """The sheet of that name. Raises LookupError naming the sheets there are."""
    if not document.Sheets.hasByName(tab):
        raise LookupError(f"no sheet {tab!r}; there are {', '.join(document.Sheets.ElementNames)}")
    return document.Sheets.getByName(tab)


def range_of(sheet: Any, address: str) -> Any:
    """The cells at an address such as ``C7`` or ``A5:C9``. Raises LookupError if it is no address."""
    if not re.fullmatch(r"[A-Z]{1,3}[1-9]\d*(:[A-Z]{1,3}[1-9]\d*)?", address):
        raise LookupError(f"{address!r} is no cell address")
    return sheet.getCellRangeByName(address)


def place_of(address: str) -> tuple[int, int]:
    """Column and row, counted from 0, of the address of one cell. Raises LookupError if it is no such address."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9]\d*)", address)
    if found is None:
        raise LookupError(f"{address!r} is no address of one cell")
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1, int(found.group(2)) - 1


def cells_of(sheet: Any, address: str) -> Iterator[tuple[str, Any]]:
    """Each cell of an address, row by row, with its own address."""
    found = range_of(sheet, address)
    area = found.RangeAddress
    for row in range(area.EndRow - area.StartRow + 1):
        for column in range(area.EndColumn - area.StartColumn + 1):
            yield (
                cell_name(area.StartColumn + column, area.StartRow + row),
                found.getCellByPosition(column, row),
            )


def column_name(column: int) -> str:
    """Letters of a column counted from 0: 0 -> A, 26 -> AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_name(column: int, row: int) -> str:
    """Address of the cell in that column and row, both counted from 0."""
    return f"{column_name(column)}{row + 1}"


def range_name(area: Any) -> str:
    """Address of a UNO CellRangeAddress: ``A1`` for one cell, else ``A1:B2``."""
    first, last = cell_name(area.StartColumn, area.StartRow), cell_name(area.EndColumn, area.EndRow)
    return first if first == last else f"{first}:{last}"


def excel_formula(document: Any, formula: str, seen_from: Any, at: Any) -> str:
    """A LibreOffice formula in Excel's notation; relative parts are moved from one cell address to another."""
    tokens = _parser(document).parseFormula(formula, seen_from)
    return str(_parser(document, EXCEL_NOTATION).printFormula(tokens, at))


def _parser(document: Any, notation: int = 0) -> Any:
    parser = document.createInstance("com.sun.star.sheet.FormulaParser")
    parser.CompileEnglish = True
    parser.FormulaConvention = notation
    return parser


def type_in(document: Any, entries: Entries) -> None:
    """Put the entries in their cells. Raises Refused, before anything is typed, where a person could not type."""
    sheets = {tab: sheet_of(document, tab) for tab in entries}
    hidden = [f"{tab}!{at}" for tab, values in entries.items() for at in values if not sheets[tab].IsVisible]
    if hidden:
        raise Refused("the sheet is hidden", hidden)
    locked = [f"{tab}!{at}" for tab, values in entries.items() for at in _locked(sheets[tab], values)]
    if locked:
        raise Refused("the cell is locked on a protected sheet", locked)
    for tab, values in entries.items():
        for address, value in values.items():
            _enter(document, sheets[tab].getCellByPosition(*place_of(address)), value)


def _locked(sheet: Any, addresses: Iterable[str]) -> list[str]:
    """The addresses where a person could not type, although LibreOffice lets a program write there."""
    if not sheet.isProtected():
        return []
    formats = sheet.getUniqueCellFormatRanges()
    ranges = [formats.getByIndex(number) for number in range(formats.Count)]
    free = [area for found in ranges if not found.CellProtection.IsLocked for area in found.RangeAddresses]
    bounds = [(area.StartColumn, area.EndColumn, area.StartRow, area.EndRow) for area in free]
    return [address for address in addresses if not _within(place_of(address), bounds)]


def _within(place: tuple[int, int], bounds: list[tuple[int, int, int, int]]) -> bool:
    column, row = place
    return any(left <= column <= right and top <= row <= bottom for left, right, top, bottom in bounds)


def _enter(document: Any, cell: Any, value: dict[str, Any]) -> None:
    ((kind, content),) = value.items()
    if kind == "typed":
        cell.FormulaLocal = content
    elif kind == "text":
        cell.setString(content)
    elif kind == "boolean":
        cell.setValue(content)
        cell.NumberFormat = document.NumberFormats.getStandardFormat(LOGICAL, document.CharLocale)
    elif kind == "clear":
        cell.setString("")
    else:
        cell.setValue(_serial(document, content) if kind == "date" else content)


def _serial(document: Any, iso: str) -> float:
    start = document.NullDate
    first = dt.date(start.Year, start.Month, start.Day)
    passed = dt.datetime.fromisoformat(iso) - dt.datetime.combine(first, dt.time())
    return passed / dt.timedelta(days=1)


def stopped_entries(document: Any, entries: Entries) -> list[str]:
    """The typed cells whose content a validation with the alert "stop" would not have let in."""
    stopped = []
    for tab, values in entries.items():
        sheet = sheet_of(document, tab)
        invalid = set(_circled(sheet))
        for address in filter(invalid.__contains__, values):
            rule = range_of(sheet, address).Validation
            if rule.ShowErrorMessage and rule.ErrorAlertStyle.value == "STOP":
                stopped.append(f"{tab}!{address}")
    return stopped


def invalid_cells(document: Any) -> dict[str, list[str]]:
    """Tab -> addresses of the filled cells that break their validation (LibreOffice circles 1,000 at most)."""
    found = {tab: _circled(document.Sheets.getByName(tab)) for tab in document.Sheets.ElementNames}
    return {tab: addresses for tab, addresses in found.items() if addresses}


def _circled(sheet: Any) -> list[str]:
    before = sheet.DrawPage.Count
    sheet.showInvalid()
    circles = [sheet.DrawPage.getByIndex(number) for number in range(before, sheet.DrawPage.Count)]
    found = [range_name(circle.Anchor.RangeAddress) for circle in circles]
    sheet.clearArrows()
    return found


def choices(document: Any, addresses: dict[str, list[str]]) -> dict[str, dict[str, list[str]]]:
    """Tab -> address -> what the cell's dropdown offers now. Raises Refused where a cell shows no dropdown."""
    document.calculateAll()
    return {
        tab: {address: _offered(document, sheet_of(document, tab), tab, address) for address in wanted}
        for tab, wanted in addresses.items()
    }


def _offered(document: Any, sheet: Any, tab: str, address: str) -> list[str]:
    cell = range_of(sheet, address).getCellByPosition(0, 0)
    rule = cell.Validation
    if rule.Type.value != "LIST" or not rule.ShowList:
        raise Refused("the cell has no dropdown", [f"{tab}!{address}"])
    source = rule.getFormula1()
    if re.fullmatch(r'"(?:[^"]|"")*"(;"(?:[^"]|"")*")*', source):
        return [entry.replace('""', '"') for entry in re.findall(r'"((?:[^"]|"")*)"', source)]
    tokens = _parser(document).parseFormula(source, rule.getSourcePosition())
    return _values_of(cell, _parser(document).printFormula(tokens, cell.CellAddress))


def _values_of(cell: Any, source: str) -> list[str]:
    """The texts a list formula yields: worked out in the cell itself, so that relative names mean the same."""
    before = cell.getFormula()
    shape = [_evaluate(cell, f"{count}({source})") for count in ("ROWS", "COLUMNS")]
    if cell.getError():
        cell.setFormula(before)
        return []
    places = [(row + 1, column + 1) for row in range(int(shape[0])) for column in range(int(shape[1]))]
    found = [_evaluate(cell, f'INDEX({source};{row};{column})&""') for row, column in places]
    cell.setFormula(before)
    return [text for text in found if text]


def _evaluate(cell: Any, formula: str) -> str:
    cell.setFormula(f"={formula}")
    return str(cell.String)


def show_only(document: Any, tab: str) -> None:
    """Hide every other sheet, so that only `tab` is printed. Raises Refused if `tab` itself is hidden."""
    if not sheet_of(document, tab).IsVisible:
        raise Refused("the sheet is hidden", [tab])
    for other in document.Sheets.ElementNames:
        sheet = document.Sheets.getByName(other)
        sheet.IsVisible = other == tab
        if other != tab:
            sheet.setPrintAreas(())  # LibreOffice prints the print areas of hidden sheets too
