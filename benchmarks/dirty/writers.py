"""Writes workbooks of grids by two libraries, each in its own manner."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.styles import PatternFill

from benchmarks.dirty.grid import Fault, Formula, Grid, Label, Line, label_of

_WIDE = 4


def _by_xlsxwriter(path: Path, grids: Sequence[Grid]) -> None:
    options = {"strings_to_urls": False, "strings_to_formulas": False, "default_date_format": "dd/mm/yyyy"}
    with xlsxwriter.Workbook(path, options) as book:
        grey = book.add_format({"bg_color": "#EEEEEE"})
        for grid in grids:
            sheet = book.add_worksheet(grid.tab)
            _set_up(sheet, grid)
            for at, line in enumerate(grid.lines):
                _write_line(sheet, at, line)
                if _is_hidden(grid, line):
                    sheet.set_row(at, None, None, {"hidden": True})
            for at in range(len(grid.lines), len(grid.lines) + grid.blank_rows):
                sheet.write_blank(at, 0, None, grey)


def _set_up(sheet: Any, grid: Grid) -> None:
    if grid.banner:
        sheet.merge_range(0, 0, 0, _WIDE, "")
    if grid.protected:
        sheet.protect("mat khau")
    if grid.hidden:
        sheet.hide()
    if grid.filtered:
        sheet.autofilter(grid.heading(), 0, len(grid.lines) - 1, len(grid.lines[grid.heading()]) - 1)


def _write_line(sheet: Any, at: int, line: Line) -> None:
    for column, cell in enumerate(line):
        match cell.typed if cell else None:
            case None:
                pass
            case str(text):
                sheet.write_string(at, column, text)
            case bool(truth):
                sheet.write_boolean(at, column, truth)
            case dt.date() as day:
                sheet.write_datetime(at, column, day)
            case Formula(text, value):
                sheet.write_formula(at, column, text, None, "" if value is None else value)
            case Fault(text):
                sheet.write_formula(at, column, f"={text}", None, text)
            case number:
                sheet.write_number(at, column, number)


def _by_openpyxl(path: Path, grids: Sequence[Grid]) -> None:
    book = openpyxl.Workbook()
    for at, grid in enumerate(grids):
        _fill(book.create_sheet(grid.tab, at), grid)
    book.remove(book.worksheets[-1])
    book.save(path)


def _fill(sheet: Any, grid: Grid) -> None:
    for at, line in enumerate(grid.lines, 1):
        for column, cell in enumerate(line, 1):
            if cell and cell.typed is not None:
                _type(sheet.cell(at, column), cell.typed)
        if _is_hidden(grid, line):
            sheet.row_dimensions[at].hidden = True
    for at in range(len(grid.lines) + 1, len(grid.lines) + grid.blank_rows + 1):
        sheet.cell(at, 1).fill = PatternFill("solid", fgColor="EEEEEE")
    if grid.banner:
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=_WIDE + 1)
    if grid.protected:
        sheet.protection.set_password("mat khau")
        sheet.protection.enable()
    sheet.sheet_state = "hidden" if grid.hidden else "visible"
    if grid.filtered:
        sheet.auto_filter.ref = f"A{grid.heading() + 1}:{sheet.cell(len(grid.lines), 12).coordinate}"


def _type(cell: Any, typed: Any) -> None:
    match typed:
        case Formula(text, _):
            cell.value = text
        case Fault(text):
            cell.value, cell.data_type = text, "e"
        case dt.date():
            cell.value, cell.number_format = typed, "dd/mm/yyyy"
        case str():
            cell.value, cell.data_type = typed, "s"
        case _:
            cell.value = typed


def _is_hidden(grid: Grid, line: Line) -> bool:
    label: Label | None = label_of(line) if grid.hidden_rows else None
    return label is not None and label.row in grid.hidden_rows


WRITERS: Mapping[str, Callable[[Path, Sequence[Grid]], None]] = {
    "xlsxwriter": _by_xlsxwriter,
    "openpyxl": _by_openpyxl,
}
