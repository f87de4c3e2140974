"""A return whose truth is known: what its sender meant, cell by cell, and the workbook as the template writes it."""

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from tests.messes.model import Book, Cell, Label, Tab
from xltrack.excel.template import TemplateOptions, write_template
from xltrack.forms import Column, Sheet, load_schemas

SCHEMAS = load_schemas()
FORM = SCHEMAS.form()
UNIT = SCHEMAS.units.by_code["T34-24"]
ROUND = next(known for known in SCHEMAS.units.rounds if known.name == "2025-annual")
MILLION = 1_000_000
IDS, HEADINGS = 3, 4
"""The rows of ids and headings in a table sheet of the template, and the data below them."""

TABLES = Path(__file__).resolve().parent / "truth.md"

Meant = str | int | float | bool | date
"""A value as it is meant: codes, whole đồng, days."""

Rows = Mapping[str, list[dict[str, Meant]]]


def _meant(column: Column, text: str) -> Meant:
    match column.type:
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "boolean":
            return text == "TRUE"
        case "date":
            return date.fromisoformat(text)
    return text


@cache
def rows() -> Rows:
    """Return the rows meant, by sheet id; what was left blank is not in them."""
    found: dict[str, list[dict[str, Meant]]] = {}
    for section in TABLES.read_text(encoding="utf-8").split("\n## ")[1:]:
        name, *lines = section.strip().splitlines()
        sheet = FORM.by_id[name]
        ids, _ruler, *body = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line]
        found[sheet.id] = [
            {at: _meant(sheet.by_id[at], text) for at, text in zip(ids, row, strict=True) if text}
            for row in body
        ]
    return found


@cache
def meant() -> Mapping[Label, Meant]:
    """Return every value meant, by the label of its cell."""
    return {
        Label(sheet, number, column): value
        for sheet, found in rows().items()
        for number, row in enumerate(found)
        for column, value in row.items()
    }


@cache
def as_template() -> Book:
    """Return the workbook that the template writer makes of the rows, as openpyxl finds it."""
    return _seen_by_openpyxl(rows())


@cache
def as_blank() -> Book:
    """Return the workbook that is sent out, with nothing filled in."""
    return _seen_by_openpyxl({})


def _seen_by_openpyxl(filled: Rows) -> Book:
    with tempfile.TemporaryDirectory() as directory:
        book: Any = openpyxl.load_workbook(write_truth(Path(directory) / "truth.xlsx", filled))
    properties = {one.name: str(one.value) for one in book.custom_doc_props.props}
    return Book(tuple(_tab(sheet) for sheet in book), properties)


def write_truth(path: Path, filled: Rows | None = None) -> Path:
    """Write the rows to `path` as the template writer does for a unit that has its workbook filled in beforehand."""
    write_template(path, FORM, SCHEMAS, TemplateOptions(UNIT, ROUND, rows() if filled is None else filled))
    return path


@cache
def as_plain() -> Book:
    """Return the same rows as somebody types them without our template: headings, no ids, no manifest."""
    known = as_template()
    return Book(tuple(_without_ids(known.tab(sheet.id), sheet) for sheet in FORM.sheets), {})


def _tab(sheet) -> Tab:
    """Return `sheet` without formulas: only the sheet that checks the workbook has any, and it is passed over."""
    known = {one.tab: one for one in FORM.sheets}.get(sheet.title)
    cells = {
        (cell.row, cell.column): Cell(cell.value, "day" if cell.is_date else None, _label(known, cell))
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and cell.data_type != "f"
    }
    tables = {table.displayName: table.ref for table in sheet.tables.values()}
    return Tab(
        known.id if known else sheet.title,
        sheet.title,
        {place: _day(cell) for place, cell in cells.items()},
        state=sheet.sheet_state,
        merges=tuple(str(merged) for merged in sheet.merged_cells.ranges),
        hidden_rows=frozenset(at for at, row in sheet.row_dimensions.items() if row.hidden),
        tables=tables,
    )


def _day(cell: Cell) -> Cell:
    return replace(cell, value=cell.value.date()) if isinstance(cell.value, datetime) else cell


def _label(sheet: Sheet | None, cell) -> Label | str | None:
    """Return which value of the truth stands in `cell` of the template, or "heading enterprises.tax_code"."""
    if sheet is None:
        return None
    if sheet.layout == "card":
        own, is_value, is_heading, number = (
            cell.parent.cell(cell.row, 1).value,
            cell.column == 3,
            cell.column == 2,
            0,
        )
    else:
        own, is_value = cell.parent.cell(IDS, cell.column).value, cell.row > HEADINGS
        is_heading, number = cell.row == HEADINGS, cell.row - HEADINGS - 1
    if own not in sheet.by_id or (cell.row < IDS if sheet.layout == "table" else cell.column > 3):
        return None
    if is_value:
        return Label(sheet.id, number, own)
    return f"heading {sheet.id}.{own}" if is_heading else f"id {sheet.id}.{own}"


def _without_ids(tab: Tab, sheet: Sheet) -> Tab:
    if sheet.layout == "card":
        kept = {(row, column - 1): cell for (row, column), cell in tab.cells.items() if column in (2, 3)}
        return Tab(sheet.id, tab.name, kept)
    kept = {(row - IDS, column): cell for (row, column), cell in tab.cells.items() if row > IDS}
    return Tab(sheet.id, tab.name, kept)
