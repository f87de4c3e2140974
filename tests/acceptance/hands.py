"""Four ways in which the same document gets into a workbook."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

from tests.acceptance.documents import Document, Word, as_keys, as_value, words
from tests.office import Entry, Office
from tests.xml_workbook import Habits, write_cells
from xltrack.excel.template import TemplateOptions, write_template
from xltrack.excel.wording import Row, Value
from xltrack.forms import Column, Schemas, Sheet

MILLION = 1_000_000


def libreoffice(office: Office, template: Path, document: Document, out: Path) -> Path:
    """A person types it on a Vietnamese keyboard, obeying the dropdowns; LibreOffice saves it."""
    keys: dict[str, dict[str, Entry]] = {
        tab: {at: {"typed": as_keys(word)} for at, word in cells.items()}
        for tab, cells in words(document, template).items()
    }
    return office.fill(template, keys, out)


def by_openpyxl(template: Path, document: Document, out: Path) -> Path:
    """A script fills the blank workbook."""
    book = openpyxl.load_workbook(template)
    for tab, cells in words(document, template).items():
        for at, word in cells.items():
            book[tab][at] = as_value(word)
    book.save(out)
    return out


def by_xml(template: Path, document: Document, out: Path, habits: Habits | None = None) -> Path:
    """A program writes the cells of the package itself, with its own `habits`."""
    cells = {
        tab: {at: as_value(word) for at, word in found.items()}
        for tab, found in words(document, template).items()
    }
    return write_cells(template, cells, out, habits)


def by_xlsxwriter(schemas: Schemas, document: Document, out: Path) -> Path:
    """The writer of the blank workbooks writes the rows too, as it does when a workbook is prefilled."""
    rows = {
        sheet.id: [_typed(row, schemas, sheet) for row in document.sheets[sheet.tab]]
        for sheet in schemas.form().sheets
        if sheet.tab in document.sheets
    }
    return blank(schemas, document, out, rows)


def blank(
    schemas: Schemas, document: Document, out: Path, rows: Mapping[str, Sequence[Row]] | None = None
) -> Path:
    """The workbook that is sent to the unit of `document` for its round, with `rows` by sheet id."""
    unit = schemas.units.by_code[document.unit]
    round_ = next(known for known in schemas.units.rounds if known.name == document.round)
    write_template(out, schemas.form(), schemas, TemplateOptions(unit, round_, rows or {}))
    return out


def _typed(row: Mapping[str, Word], schemas: Schemas, sheet: Sheet) -> Row:
    """Return `row` as the writer takes it: codes, đồng, days."""
    return {name: _value(word, schemas, sheet.by_id[name]) for name, word in row.items()}


def _value(word: Word, schemas: Schemas, column: Column) -> Value:
    codes = schemas.codes_of(column)
    if codes:
        return next(entry.code for entry in codes.codes if codes.shown(entry) == word)
    if column.type == "boolean":
        return word == "Có"
    return round(word * MILLION) if column.money and not isinstance(word, str) else as_value(word)
