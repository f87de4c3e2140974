"""Writes a model with the libraries that scripts use; each says of what it cannot write that it cannot."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from tests.messes.model import Book, Cell, ErrorValue, Formula, Rich, Tab, address, place_of
from tests.messes.package import write_package
from tests.sheets import ERRORS

NUMBER_FORMATS = {"day": "dd/mm/yyyy", "struck day": "dd/mm/yyyy", "percent": "0.00%"}


class CannotWrite(Exception):
    """The library has no way to say that; another writer has."""


def by_openpyxl(book: Book, path: Path) -> Path:
    """Write `book` as openpyxl does: formulas without their values."""
    _refuse_odd_packages(book)
    made: Any = openpyxl.Workbook()
    made.remove(made.active)
    for tab in book.tabs:
        _openpyxl_sheet(made.create_sheet(tab.name), tab)
    for name, value in book.properties.items():
        made.custom_doc_props.append(StringProperty(name=name, value=value))
    made.save(path)
    return path


def _openpyxl_sheet(sheet: Any, tab: Tab) -> None:
    _refuse_odd_sheets(tab)
    sheet.title, sheet.sheet_state = tab.name, tab.state
    for place, cell in tab.cells.items():
        _openpyxl_cell(sheet.cell(*place), cell)
    for ref in tab.merges:
        sheet.merged_cells.add(ref)
    for row in tab.hidden_rows:
        sheet.row_dimensions[row].hidden = True
    for column in tab.hidden_columns:
        sheet.column_dimensions[get_column_letter(column)].hidden = True
    for place, text in tab.comments.items():
        sheet.cell(*place).comment = Comment(text, "")
    if tab.filtered:
        sheet.auto_filter.ref = tab.filtered
        sheet.auto_filter.add_filter_column(0, ["x"])


def _openpyxl_cell(target: Any, cell: Cell) -> None:
    match cell.value:
        case Rich() | Formula(value=str() | float() | int()):
            raise CannotWrite
        case Formula(text):
            target.value = text
        case ErrorValue(text):
            if text not in ERRORS:
                raise CannotWrite
            target.value, target.data_type = text, "e"
        case str(text):
            if len(text) > 32_767 or any(
                ord(character) < 32 and character not in "\t\n\r" for character in text
            ):
                raise CannotWrite
            target.value, target.data_type = text, "s"
        case value:
            target.value = value
    form = cell.format or ""
    if "struck" in form:
        target.font = Font(strike=True)
    elif form in ("tcvn3", "vni"):
        target.font = Font(name=".VnTime" if form == "tcvn3" else "VNI-Times")
    if form in NUMBER_FORMATS:
        target.number_format = NUMBER_FORMATS[form]


def by_xlsxwriter(book: Book, path: Path) -> Path:
    """Write `book` as XlsxWriter does: every formula with a value."""
    _refuse_odd_packages(book)
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as made:
        formats = {
            "day": made.add_format({"num_format": "dd/mm/yyyy"}),
            "percent": made.add_format({"num_format": "0.00%"}),
            "struck": made.add_format({"font_strikeout": True}),
            "struck day": made.add_format({"font_strikeout": True, "num_format": "dd/mm/yyyy"}),
            "tcvn3": made.add_format({"font_name": ".VnTime"}),
            "vni": made.add_format({"font_name": "VNI-Times"}),
        }
        for tab in book.tabs:
            _xlsxwriter_sheet(made.add_worksheet(tab.name), tab, formats)
        for name, value in book.properties.items():
            made.set_custom_property(name, value, "text")
    return path


def _xlsxwriter_sheet(sheet: Any, tab: Tab, formats: Mapping[str, Any]) -> None:
    _refuse_odd_sheets(tab)
    for ref in tab.merges:
        sheet.merge_range(ref, "")  # the cells inside are written over it
    if tab.filtered:
        sheet.autofilter(tab.filtered)
        sheet.filter_column(0, "x == x")
    for (row, column), cell in tab.cells.items():
        _xlsxwriter_cell(sheet, (row - 1, column - 1), cell, formats.get(cell.format or ""))
    for row in tab.hidden_rows:
        sheet.set_row(row - 1, None, None, {"hidden": True})
    for column in tab.hidden_columns:
        sheet.set_column(column - 1, column - 1, None, None, {"hidden": True})
    for place, text in tab.comments.items():
        sheet.write_comment(address(*place), text)
    {"hidden": sheet.hide, "veryHidden": sheet.very_hidden}.get(tab.state, lambda: None)()


def _xlsxwriter_cell(sheet: Any, place: tuple[int, int], cell: Cell, form: Any) -> None:
    match cell.value:
        case Rich() | ErrorValue() | Formula(value=None | ""):
            raise CannotWrite
        case Formula(text, value):
            sheet.write_formula(*place, text, form, value)
        case None:
            sheet.write_blank(*place, None, form)
        case bool(value):
            sheet.write_boolean(*place, value, form)
        case str(text):
            if len(text) > 32_767 or not text:
                raise CannotWrite
            sheet.write_string(*place, text, form)
        case date() as day:
            sheet.write_datetime(*place, day, form)
        case value:
            sheet.write_number(*place, value, form)


def _refuse_odd_packages(book: Book) -> None:
    is_odd = (
        book.date_1904
        or book.names
        or book.links
        or book.parts
        or not book.styles
        or book.strings != "shared"
    )
    if is_odd or any(len(tab.name) > 31 for tab in book.tabs):
        raise CannotWrite


def _refuse_odd_sheets(tab: Tab) -> None:
    """Refuse what these two are not asked for here; tables that hold all rows may be left out."""
    is_short = any(place_of(ref.partition(":")[2])[0] < tab.last_row for ref in tab.tables.values())
    if tab.blank_rows or tab.drawings or tab.dimension is not None or is_short:
        raise CannotWrite


Writer = Callable[[Book, Path], Path]
WRITERS: Mapping[str, Writer] = {"xml": write_package, "openpyxl": by_openpyxl, "xlsxwriter": by_xlsxwriter}
