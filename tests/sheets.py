"""Turns text tables that people can read into workbooks, and small columns into forms.

A table is lines of cells between bars. A cell is what a person would type in Excel: `5` a number, `'5` a text,
`2025-03-01` a date, `TRUE` a truth value, `#REF!` an error, `=A1+A2` a formula that was never calculated,
`{=A1+A2 -> 7}` one that was; `15%` a number in per cent format, `<.VnTime>Hµ Néi` a text in that font; `\\n` breaks a
line, nothing at all is a blank cell.
"""

import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter
from openpyxl.packaging.custom import StringProperty

from xltrack.language import Text

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
ERRORS = {"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#SPILL!"}


MILLION = Text("triệu đồng", "million VND")


@dataclass(frozen=True)
class Formula:
    """A formula; `value` is its result, None if it was never calculated."""

    text: str
    value: float | None = None


@dataclass(frozen=True)
class Styled:
    """A value in a cell of this number format or font."""

    value: float | str
    number_format: str = "General"
    font: str = "Calibri"


_TYPED = {
    r"<([^>]+)>(.*)": lambda match: Styled(match[2], font=match[1]),
    r"(-?\d+(?:\.\d+)?)%": lambda match: Styled(float(match[1]) / 100, number_format="0.0%"),
    r"'(.*)": lambda match: match[1],
    r"\{(=.*) -> (.*)\}": lambda match: Formula(match[1], float(match[2])),
    r"=.*": lambda match: Formula(match[0]),
    r"TRUE|FALSE": lambda match: match[0] == "TRUE",
    r"-?\d+": lambda match: int(match[0]),
    r"-?\d+(\.\d+)?([eE][+-]?\d+)?": lambda match: float(match[0]),
    r"\d{4}-\d{2}-\d{2}": lambda match: date.fromisoformat(match[0]),
    r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}": lambda match: datetime.fromisoformat(match[0]),
}


def cell_of(text):
    """Return the value that a person types as `text`."""
    text = text.replace("\\n", "\n")
    for pattern, made in _TYPED.items():
        if match := re.fullmatch(pattern, text):
            return made(match)
    return text or None


def rows_of(table):
    """Return the rows of a text table as lists of values; `cell_of` says what each text means."""
    lines = [line.strip() for line in table.strip("\n").splitlines()]
    return [[cell_of(text.strip()) for text in line.strip("|").split("|")] if line else [] for line in lines]


def write_xlsxwriter(
    path: Path, sheets: Mapping[str, list], change: Callable[[Any], object] | None = None, **options
) -> Path:
    """Write `sheets`, tab -> rows, as XlsxWriter does: shared strings, formulas with a cached value.

    `change` gets the workbook before it is closed.
    """
    with xlsxwriter.Workbook(
        path, {"strings_to_formulas": False, "strings_to_urls": False, **options}
    ) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for tab, rows in sheets.items():
            sheet = book.add_worksheet(tab)
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if isinstance(value, Styled):
                        sheet.write(at, column, value.value, _style(book, value))
                    else:
                        _write(sheet, (at, column), value, day)
        if change is not None:
            change(book)
    return path


def _style(book, styled):
    return book.add_format({"num_format": styled.number_format, "font_name": styled.font})


def _write(sheet, place, value, day):
    if isinstance(value, Formula):
        sheet.write_formula(*place, value.text, None, "" if value.value is None else value.value)
    elif isinstance(value, str) and value in ERRORS:
        sheet.write_formula(*place, "=1/0", None, value)
    elif isinstance(value, str):
        sheet.write_string(*place, value)
    elif isinstance(value, date):
        sheet.write_datetime(*place, value, day)
    elif value is not None:
        sheet.write(*place, value)


def write_openpyxl(
    path: Path, sheets: Mapping[str, list], properties: Mapping[str, str] | None = None
) -> Path:
    """Write `sheets`, tab -> rows, as openpyxl does: inline or shared strings, formulas without a cached value."""
    book: Any = openpyxl.Workbook()
    book.remove(book.active)
    for tab, rows in sheets.items():
        sheet = book.create_sheet(tab)
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                if value is not None:
                    cell = sheet.cell(at, column, value.text if isinstance(value, Formula) else value)
                    if isinstance(value, str) and value in ERRORS:
                        cell.data_type = "e"
                    if isinstance(value, date):
                        cell.number_format = "dd/mm/yyyy"
    for name, value in (properties or {}).items():
        book.custom_doc_props.append(StringProperty(name=name, value=value))
    book.save(path)
    return path


def package(path: Path, sheet: str = "<sheetData/>", parts: Mapping[str, Any] | None = None) -> Path:
    """Write a workbook by hand: one worksheet "S" with the XML `sheet`; `parts` replace others, None drops one."""
    whole = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{SHEET_TYPE}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in (whole | dict(parts or {})).items():
            if content is not None:
                file.writestr(name, content)
    return path


def headed(sheet, ids=None, currency=None):
    """Return the heading cells of `sheet` as the template writes them: Vietnamese, line break, English."""
    texts = [sheet.by_id[name].heading(currency) for name in ids or sheet.by_id]
    return ["\n".join(text) for text in texts]


def table_rows(sheet, table, currency=MILLION):
    """Return the rows of a table sheet as the template lays them out; the first line of `table` names the columns."""
    lines = rows_of(table)
    ids = [str(name) for name in lines[0]]
    return [
        [sheet.title.vi],
        [f"{sheet.help.vi} — {sheet.help.en}"],
        ids,
        headed(sheet, ids, currency),
        *lines[1:],
    ]


def cover_rows(sheet, values, currency=MILLION):
    """Return the rows of the cover as the template lays them out: id, label, value, help."""
    top = [["", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"], ["", "Độc lập - Tự do - Hạnh phúc"], []]
    labels = headed(sheet, None, currency)
    return top + [
        [column.id, label, values.get(column.id), column.help.vi]
        for column, label in zip(sheet.columns, labels, strict=True)
    ]
